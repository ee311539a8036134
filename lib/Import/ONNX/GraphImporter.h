// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the graph of a model to a function of onnx ops.

#ifndef BEV_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
#define BEV_LIB_IMPORT_ONNX_GRAPHIMPORTER_H

#include "Functions.h"
#include "Tensors.h"

#include "bev/Dialect/ONNX/IR/ONNX.h"
#include "bev/Import/ONNX/ImportONNX.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::bev::onnx {

/// Imports one model.
class GraphImporter {
public:
  /// `rawData`: what the model's message lacks; `fileLoc`: the location of the
  /// model's file.
  GraphImporter(::onnx::ModelProto &model, const RawData &rawData,
                MLIRContext *context, Location fileLoc, llvm::StringRef folder,
                const ImportOptions &options)
      : model(model), context(context), fileLoc(fileLoc), options(options),
        tensors(context, rawData, folder, options.alignData), builder(context) {
  }

  /// Imports the model's graph as function `main` at the end of the module.
  LogicalResult import(ModuleOp module);

private:
  using Nodes = google::protobuf::RepeatedPtrField<::onnx::NodeProto>;
  using Values = google::protobuf::RepeatedPtrField<::onnx::ValueInfoProto>;

  /// The values that nodes of a graph see, by name.
  struct Scope {
    llvm::StringMap<Value> values;
    /// The types that the model states of values of this graph.
    llvm::StringMap<Type> statedTypes;
    /// The nodes of this graph that have not been reached, by their outputs.
    llvm::StringMap<const ::onnx::NodeProto *> laterNodes;
    /// The graph around; null for the model's graph and for functions.
    Scope *parent = nullptr;
    llvm::StringRef graphName;
  };

  struct Frame;

  /// What a function's attribute is in a call, and where its graphs belong.
  struct Binding {
    ::onnx::AttributeProto *attribute;
    Frame *frame;
    Scope *scope;
  };

  /// The function, or the model, that nodes belong to.
  struct Frame {
    const OperatorSets *operatorSets;
    llvm::StringMap<Binding> bindings;
    const LocalFunction *function = nullptr;
    Frame *caller = nullptr;
    /// What the names of its nodes begin with.
    std::string prefix;
  };

  // Types and sizes (StatedTypes.cpp).
  /// Takes what options say of the inputs' shapes.
  LogicalResult bindDims(const ::onnx::GraphProto &graph);
  LogicalResult bindDim(llvm::StringRef name, int64_t size,
                        llvm::StringRef input);
  LogicalResult checkOptions(const ::onnx::GraphProto &graph);
  /// Whether a value that is listed as input is an argument.
  bool isArgument(const ::onnx::GraphProto &graph, llvm::StringRef name);
  /// The type that the model states of a value; one of unknown element type
  /// where it states none or it is not a tensor.
  FailureOr<Type> importType(const ::onnx::TypeProto &type,
                             const llvm::Twine &what);
  /// The same of an input or output of the model, which must be a tensor.
  FailureOr<Type> importBoundaryType(const ::onnx::ValueInfoProto &value,
                                     llvm::StringRef kind);
  LogicalResult importStatedTypes(const ::onnx::GraphProto &graph,
                                  Scope &scope);
  /// The names of a type's symbolic dimensions; null where none has one.
  ArrayAttr getDimNames(const ::onnx::TypeProto &proto, Type type);

  // Graphs.
  LogicalResult addArguments(func::FuncOp function,
                             const ::onnx::GraphProto &graph, Scope &scope);
  LogicalResult addResults(func::FuncOp function,
                           const ::onnx::GraphProto &graph, Scope &scope);
  LogicalResult importInitializers(::onnx::GraphProto &graph, Scope &scope);
  LogicalResult importSubgraph(::onnx::GraphProto &graph, Region &region,
                               Frame &frame, Scope &parent,
                               const ::onnx::NodeProto &node, Location loc);
  LogicalResult getOutputs(const ::onnx::GraphProto &graph, Scope &scope,
                           llvm::StringRef what,
                           SmallVectorImpl<Value> &values);

  // Nodes.
  LogicalResult importNodes(Nodes &nodes, Frame &frame, Scope &scope);
  LogicalResult importNode(::onnx::NodeProto &node, Frame &frame, Scope &scope);
  LogicalResult
  inlineCall(::onnx::NodeProto &node, LocalFunction &function,
             const llvm::MapVector<llvm::StringRef, Binding> &attributes,
             ArrayRef<Value> inputs, Frame &frame, Scope &scope, Location loc);
  LogicalResult getInputs(const ::onnx::NodeProto &node, Scope &scope,
                          Location loc, SmallVectorImpl<Value> &inputs);
  LogicalResult defineOutput(const ::onnx::NodeProto &node, int index,
                             Value value, Scope &scope, Location loc);
  LogicalResult reportUndefined(const ::onnx::NodeProto &node,
                                llvm::StringRef input, Scope &scope,
                                Location loc);
  Value getNone();
  Value lookUp(llvm::StringRef name, Scope &scope);

  // Attributes (Attributes.cpp).
  /// A node's attributes by name. One that refers to an attribute of the
  /// function it is in becomes that of the call; it is left out where the call
  /// has none.
  LogicalResult
  resolveAttributes(::onnx::NodeProto &node, Frame &frame, Scope &scope,
                    Location loc,
                    llvm::MapVector<llvm::StringRef, Binding> &attributes);
  static bool isGraph(const ::onnx::AttributeProto &attribute);
  FailureOr<Attribute> importAttribute(const ::onnx::NodeProto &node,
                                       llvm::StringRef name,
                                       ::onnx::AttributeProto &attribute,
                                       Location loc);
  /// The value of a node `Constant`.
  FailureOr<ElementsAttr> importConstant(const ::onnx::NodeProto &node,
                                         ArrayRef<NamedAttribute> attributes,
                                         Location loc);

  /// The location of a node: its name, or that of its first output.
  Location getLoc(const ::onnx::NodeProto &node, const Frame &frame);
  /// Starts an error that names the node.
  InFlightDiagnostic emitNodeError(const ::onnx::NodeProto &node, Location loc);

  ::onnx::ModelProto &model;
  MLIRContext *context;
  Location fileLoc;
  const ImportOptions &options;
  TensorImporter tensors;
  OpBuilder builder;

  OperatorSets operatorSets;
  FunctionTable functions;
  /// The names of initializers of the model's graph, once asked for.
  llvm::StringSet<> initializerNames;
  /// Sizes of symbolic dimensions that options decide.
  llvm::StringMap<int64_t> dimSizes;
  /// Whether options contradict the model's input shapes, so that its other
  /// shapes cannot be right.
  bool ignoresStatedShapes = false;
  Block *body = nullptr;
  Value none;
  unsigned depth = 0;
  int64_t numInlinedNodes = 0;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
