// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The onnx dialect: ONNX graphs as they were imported.

#ifndef BEV_DIALECT_ONNX_IR_ONNXOPS_TD
#define BEV_DIALECT_ONNX_IR_ONNXOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def ONNX_Dialect : Dialect {
  let name = "onnx";
  let cppNamespace = "::mlir::bev::onnx";
  let summary = "ONNX graphs as imported";
  let description = [{
    The `onnx` dialect holds ONNX graphs between their import and their
    conversion to `bev`, `linalg`, `tensor`, `arith` and `math`.

    One op, `onnx.node`, stands for a node of any operator set: it carries the
    operator's name, its domain and the version of the operator set that the
    model imports, and its attributes. What an operator means is not the
    dialect's syntax but its tables: type inference and evaluation on constants
    (`bev/Dialect/ONNX/IR`), and the lowerings (`conversion/ONNXToLinalg`,
    `conversion/ONNXToBEV`), each keyed by the operator's name. An operator that
    a table lacks is still imported, printed and named in diagnostics.

    Tensor types are those of ONNX with signedness: `ui8` is uint8, `i64` is
    int64, `i1` is bool. A value of unknown rank is an unranked tensor, one of
    unknown element type too is `tensor<*x!onnx.unknown>`. An optional input that
    a node leaves out is `onnx.none`, and an output that it leaves out has type
    `none`. The location of an op is a NameLoc of the ONNX node's name.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

def ONNX_String : TypeDef<ONNX_Dialect, "String"> {
  let mnemonic = "string";
  let summary = "the element type of string tensors";
  let description = [{
    Tensors of strings are imported so that they can be named in diagnostics;
    nothing computes with them.
  }];
}

def ONNX_Unknown : TypeDef<ONNX_Dialect, "Unknown"> {
  let mnemonic = "unknown";
  let summary = "the element type of tensors whose element type is not known yet";
  let description = [{
    A value that the model states no type of is imported as
    `tensor<*x!onnx.unknown>`; `onnx-infer-types` finds its type.
  }];
}

class ONNX_Op<string mnemonic, list<Trait> traits = []>
    : Op<ONNX_Dialect, mnemonic, traits>;

def ONNX_NodeOp : ONNX_Op<"node", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a node of an ONNX graph";
  let description = [{
    `op_type` is the operator's name, `domain` its domain (absent for ONNX's
    own), `version` the version of that domain's operator set that the model
    imports. `node_attributes` are the node's attributes: integers are i64, floats
    f32, strings are string attributes, lists are dense arrays (`array<i64: 1,
    2>`, `array<f32: 1.0>`) or arrays of strings, tensors are elements
    attributes. Attributes that hold graphs are regions: `subgraph_names` are
    the names of those attributes in the order of the regions. Regions may use
    values from outside.

    ```mlir
    %y = onnx.node "Conv" 16 (%x, %w, %b) {pads = array<i64: 1, 1, 1, 1>}
        : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
    %z = onnx.node "If" 16 (%c) then_branch {
      onnx.yield %y : tensor<1x4x8x8xf32>
    } else_branch {
      onnx.yield %y0 : tensor<1x4x8x8xf32>
    } : (tensor<i1>) -> tensor<1x4x8x8xf32>
    ```

    Every operator is a pure function of its inputs, but the random ones.
  }];
  let arguments = (ins
    StrAttr:$op_type, OptionalAttr<StrAttr>:$domain, I64Attr:$version,
    OptionalAttr<DictionaryAttr>:$node_attributes,
    OptionalAttr<StrArrayAttr>:$subgraph_names,
    Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region VariadicRegion<AnyRegion>:$subgraphs);
  let assemblyFormat = [{
    $op_type (`of` $domain^)? $version `(` $inputs `)` ($node_attributes^)?
    custom<Subgraphs>($subgraph_names, $subgraphs)
    attr-dict `:` functional-type($inputs, $outputs)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether this is the operator of that name in ONNX's own domain.
    bool is(::llvm::StringRef name) { return !getDomain() && getOpType() == name; }

    /// The attribute of that name, or null.
    ::mlir::Attribute attr(::llvm::StringRef name);
    /// Attributes of that name, or the default where the node has none or it
    /// has another kind.
    int64_t intAttr(::llvm::StringRef name, int64_t otherwise);
    float floatAttr(::llvm::StringRef name, float otherwise);
    ::llvm::StringRef stringAttr(::llvm::StringRef name, ::llvm::StringRef otherwise);
    /// The integers of a list attribute; nothing where the node has none.
    std::optional<::llvm::SmallVector<int64_t>> intsAttr(::llvm::StringRef name);
    std::optional<::llvm::SmallVector<float>> floatsAttr(::llvm::StringRef name);

    /// The number of inputs up to the last that is not `onnx.none`.
    unsigned getNumPresentInputs();
    /// The input at that place; null where it is left out.
    ::mlir::Value input(unsigned index);
    /// Whether the output exists and is used.
    bool isOutputUsed(unsigned index);

    /// The ONNX node's name, from the location; empty where it has none.
    std::string getNodeName();
    /// Starts an error that names the node: "ONNX node 'NAME' (Conv): ".
    ::mlir::InFlightDiagnostic emitNodeError();
  }];
}

def ONNX_ConstantOp : ONNX_Op<"constant", [
    Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "a constant tensor";
  let description = [{
    An initializer, or a value known at compile time. Weights are
    `dense_resource` attributes, which map the model's bytes.

    ```mlir
    %0 = onnx.constant dense<[1, -1]> : tensor<2xi64>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def ONNX_NoneOp : ONNX_Op<"none", [Pure, ConstantLike]> {
  let summary = "an optional input that is left out";
  let arguments = (ins UnitAttr:$value);
  let results = (outs NoneType:$result);
  let assemblyFormat = "attr-dict";
  let hasFolder = 1;
}

def ONNX_YieldOp : ONNX_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "the outputs of a subgraph";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

#endif // BEV_DIALECT_ONNX_IR_ONNXOPS_TD
