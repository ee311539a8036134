// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass that lowers all onnx ops of a module, each by its table.

#include "Lowering.h"
#include "NarrowTypes.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/BEV/IR/BEV.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTONNXTOLINALGPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

namespace {

/// All nodes that could not be lowered, by operator and reason.
class Unsupported {
public:
  void add(onnx::NodeOp node, StringRef reason) {
    std::string name = node.getOpType().str();
    if (node.getDomain())
      name = (*node.getDomain() + "." + name).str();
    Group &group = groups[{name, reason.str()}];
    if (group.count++ == 0)
      group.first = node;
    ++total;
  }

  bool empty() const { return total == 0; }

  /// One error for all.
  void emit() const {
    InFlightDiagnostic diagnostic = groups.front().second.first->emitError();
    diagnostic << "cannot lower " << total
               << (total == 1 ? " ONNX node: " : " ONNX nodes: ");
    llvm::interleave(
        groups,
        [&](const auto &entry) {
          const auto &[operatorName, reason] = entry.first;
          const Group &group = entry.second;
          onnx::NodeOp first = group.first;
          diagnostic << operatorName << " (" << group.count
                     << (group.count == 1 ? " node" : " nodes");
          if (std::string name = first.getNodeName(); !name.empty())
            diagnostic << (group.count == 1 ? " '" : ", first '") << name
                       << "'";
          diagnostic << "): " << reason;
        },
        [&] { diagnostic << "; "; });
  }

private:
  struct Group {
    onnx::NodeOp first;
    unsigned count = 0;
  };
  llvm::MapVector<std::pair<std::string, std::string>, Group,
                  std::map<std::pair<std::string, std::string>, unsigned>>
      groups;
  unsigned total = 0;
};

/// Lowers functions in one walk from the top. The lowered ops are emitted
/// beside the onnx ops, which go when all is done, so that a lowering can ask
/// for the types and constants of the graph as they were imported.
class Converter {
public:
  LogicalResult convert(func::FuncOp function);
  Unsupported unsupported;

private:
  void convertBlock(Block &block, OpBuilder &b);
  void convertNode(onnx::NodeOp node, OpBuilder &b);
  void convertConstant(onnx::ConstantOp op, OpBuilder &b);
  void convertForeign(Operation *op, OpBuilder &b);
  SmallVector<Value> inlineBlock(Block &block, ValueRange arguments,
                                 OpBuilder &b);
  LogicalResult convertResult(Lowering &lowering, unsigned index);

  /// What stands for a value; with the converted type that was declared for it
  /// where `exact`.
  Value lookup(Value value, OpBuilder &b, bool exact);

  IRMapping map;
  /// Onnx ops in the order in which they were lowered.
  SmallVector<Operation *> done;
};

} // namespace

/// Stands for the result of a node that could not be lowered: the pass fails.
static Value createStandIn(OpBuilder &b, Location loc, Type type) {
  return UnrealizedConversionCastOp::create(b, loc, type, ValueRange())
      .getResult(0);
}

Value Converter::lookup(Value value, OpBuilder &b, bool exact) {
  Value mapped = map.lookupOrDefault(value);
  if (!exact || mapped == value)
    return mapped;
  Type type = convertType(value.getType());
  if (mapped.getType() == type)
    return mapped;
  return tensor::CastOp::create(b, value.getLoc(), type, mapped);
}

/// The attribute for a signless type of the same shape; null for kinds of
/// attributes that no constant of a model has. Resources are not copied.
static TypedAttr dropSignedness(ElementsAttr value) {
  auto type = cast_or_null<ShapedType>(convertType(value.getShapedType()));
  if (!type)
    return TypedAttr();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return type == value.getShapedType()
               ? resource
               : DenseResourceElementsAttr::get(type, resource.getRawHandle());
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense || type == value.getShapedType())
    return dense;
  Type element = dense.getElementType();
  if (isNarrowFloat(element) || isNarrowInteger(element))
    return asBytes(dense);
  return dense.bitcast(type.getElementType());
}

void Converter::convertConstant(onnx::ConstantOp op, OpBuilder &b) {
  done.push_back(op);
  if (TypedAttr value = dropSignedness(op.getValue()))
    map.map(op.getResult(),
            arith::ConstantOp::create(b, op.getLoc(), value).getResult());
}

/// Whether the elements of a type are bytes that stand for something else.
static bool isNarrow(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isNarrowFloat(element) || isNarrowInteger(element);
}

/// A type with what is known of both shapes; null where they contradict.
static RankedTensorType mergeTypes(RankedTensorType a, RankedTensorType b) {
  if (a.getRank() != b.getRank() || a.getElementType() != b.getElementType())
    return RankedTensorType();
  SmallVector<int64_t> shape;
  for (auto [x, y] : llvm::zip_equal(a.getShape(), b.getShape())) {
    if (!ShapedType::isDynamic(x) && !ShapedType::isDynamic(y) && x != y)
      return RankedTensorType();
    shape.push_back(ShapedType::isDynamic(x) ? y : x);
  }
  return RankedTensorType::get(shape, a.getElementType());
}

LogicalResult Converter::convertResult(Lowering &lowering, unsigned index) {
  OpResult result = lowering.node->getResult(index);
  Value value = lowering.getResults()[index];
  if (!value) {
    if (result.use_empty())
      return success();
    return lowering.unsupported("its output " + Twine(index) +
                                " is not computed");
  }
  auto type = cast<RankedTensorType>(value.getType());
  if (auto declared =
          dyn_cast<RankedTensorType>(convertType(result.getType()))) {
    auto merged = mergeTypes(type, declared);
    if (!merged) {
      std::string text;
      llvm::raw_string_ostream(text)
          << "its output " << index << " is declared as '" << declared
          << "', but its inputs make it '" << type << "'";
      return lowering.unsupported(text);
    }
    if (merged != type)
      value = tensor::CastOp::create(lowering.b, merged, value);
  }
  map.map(result, value);
  return success();
}

void Converter::convertNode(onnx::NodeOp node, OpBuilder &b) {
  done.push_back(node);
  std::string reason;
  auto attempt = [&]() -> LogicalResult {
    if (StringRef why = getUndecomposedReason(node.getOpType());
        !node.getDomain() && !why.empty()) {
      reason = why.str();
      return failure();
    }
    LowerFunction lower =
        node.getDomain() ? nullptr : lookupLowering(node.getOpType());
    if (!lower) {
      reason = "there is no lowering for this operator";
      return failure();
    }
    SmallVector<Value> operands;
    for (auto [index, input] : llvm::enumerate(node.getInputs())) {
      if (isa<NoneType>(input.getType())) {
        operands.push_back(Value());
        continue;
      }
      operands.push_back(lookup(input, b, /*exact=*/false));
      Type type = operands.back().getType();
      if (!convertType(type) || isa<onnx::ONNXDialect>(type.getDialect()) ||
          (isNarrow(input.getType()) && !mayBeNarrow(node))) {
        reason = ("the element type of its input " + Twine(index) +
                  " is not supported")
                     .str();
        return failure();
      }
      if (!isa<RankedTensorType>(type)) {
        reason =
            ("the rank of its input " + Twine(index) + " is unknown").str();
        return failure();
      }
    }
    for (OpResult output : node->getResults()) {
      if (output.use_empty())
        continue;
      if (!convertType(output.getType()) ||
          (isNarrow(output.getType()) && !mayBeNarrow(node))) {
        reason = ("the element type of its output " +
                  Twine(output.getResultNumber()) + " is not supported")
                     .str();
        return failure();
      }
      if (!isa<RankedTensorType>(output.getType())) {
        reason = ("the rank of its output " + Twine(output.getResultNumber()) +
                  " is unknown")
                     .str();
        return failure();
      }
    }
    auto inliner = [this](Block &block, ValueRange arguments, OpBuilder &b) {
      return inlineBlock(block, arguments, b);
    };
    Lowering lowering(node, operands, b, inliner);
    LogicalResult result = lower(lowering);
    for (unsigned i = 0, e = node->getNumResults(); succeeded(result) && i < e;
         ++i)
      result = convertResult(lowering, i);
    reason = lowering.getReason().str();
    return result;
  };
  if (succeeded(attempt()))
    return;
  unsupported.add(node, reason);
  for (Value output : node.getOutputs())
    if (Type type = convertType(output.getType()))
      map.map(output, createStandIn(b, node.getLoc(), type));
}

void Converter::convertForeign(Operation *op, OpBuilder &b) {
  for (OpOperand &operand : op->getOpOperands())
    operand.set(lookup(operand.get(), b, /*exact=*/true));
  for (Value result : op->getResults())
    if (Type type = convertType(result.getType()))
      result.setType(type);
  op->moveBefore(b.getInsertionBlock(), b.getInsertionPoint());
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      for (Value argument : block.getArguments())
        if (Type type = convertType(argument.getType()))
          argument.setType(type);
      OpBuilder inner(&block, block.begin());
      convertBlock(block, inner);
    }
}

void Converter::convertBlock(Block &block, OpBuilder &b) {
  bool inPlace = b.getInsertionBlock() == &block;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (inPlace)
      b.setInsertionPoint(&op);
    if (auto node = dyn_cast<onnx::NodeOp>(op))
      convertNode(node, b);
    else if (auto constant = dyn_cast<onnx::ConstantOp>(op))
      convertConstant(constant, b);
    else if (isa<onnx::NoneOp>(op))
      done.push_back(&op);
    else if (!isa<onnx::YieldOp>(op))
      convertForeign(&op, b);
  }
}

SmallVector<Value> Converter::inlineBlock(Block &block, ValueRange arguments,
                                          OpBuilder &b) {
  map.map(block.getArguments(), arguments);
  convertBlock(block, b);
  SmallVector<Value> values;
  for (Value value : block.getTerminator()->getOperands())
    values.push_back(lookup(value, b, /*exact=*/false));
  return values;
}

LogicalResult Converter::convert(func::FuncOp function) {
  FunctionType type = function.getFunctionType();
  SmallVector<Type> inputs, results;
  for (auto [list, converted, what] :
       {std::tuple(type.getInputs(), &inputs, "argument"),
        std::tuple(type.getResults(), &results, "result")})
    for (auto [index, type] : llvm::enumerate(list)) {
      converted->push_back(convertType(type));
      if (!converted->back())
        return function.emitError() << what << " " << index << " has type "
                                    << type << ", which is not supported";
    }
  function.setFunctionType(type.clone(inputs, results));
  // Callers see which integers are unsigned by an attribute.
  auto unit = UnitAttr::get(function.getContext());
  auto isUnsigned = [](Type type) {
    Type element = getElementTypeOrSelf(type);
    return element.isUnsignedInteger() || isNarrowFloat(element);
  };
  for (auto [index, type] : llvm::enumerate(type.getInputs()))
    if (isUnsigned(type))
      function.setArgAttr(index, "bev.unsigned", unit);
  for (auto [index, type] : llvm::enumerate(type.getResults()))
    if (isUnsigned(type))
      function.setResultAttr(index, "bev.unsigned", unit);
  if (function.isExternal())
    return success();

  // The entry block keeps its old arguments, with their signedness, for as long
  // as there are onnx ops.
  Block &entry = function.getBody().front();
  BitVector old(entry.getNumArguments());
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    BlockArgument argument = entry.getArgument(i);
    Type type = convertType(argument.getType());
    if (type == argument.getType())
      continue;
    map.map(argument, entry.insertArgument(i + 1, type, argument.getLoc()));
    old.resize(entry.getNumArguments());
    old.set(i++);
  }
  old.resize(entry.getNumArguments());

  for (Block &block : function.getBody()) {
    OpBuilder b(&block, block.begin());
    convertBlock(block, b);
  }
  if (!unsupported.empty())
    return success();
  for (Operation *op : llvm::reverse(done))
    if (!isa<onnx::NodeOp>(op->getParentOp()))
      op->erase();
  entry.eraseArguments(old);
  done.clear();
  return success();
}

/// Erases the nodes that compute nothing.
static void eraseDeadNodes(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (isa<onnx::NodeOp, onnx::ConstantOp, onnx::NoneOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

namespace {

struct ConvertONNXToLinalg
    : public bev::impl::ConvertONNXToLinalgPassBase<ConvertONNXToLinalg> {
  void runOnOperation() override {
    Converter converter;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      eraseDeadNodes(function);
      if (failed(converter.convert(function)))
        signalPassFailure();
    }
    if (converter.unsupported.empty())
      return;
    converter.unsupported.emit();
    signalPassFailure();
  }
};

} // namespace
