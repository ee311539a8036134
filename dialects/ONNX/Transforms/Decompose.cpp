// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rewrites of operators that are made of others share.

#include "Decompose.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The version that the nodes have: axes are inputs of all operators.
static constexpr int64_t kVersion = 18;

NodeBuilder::NodeBuilder(PatternRewriter &rewriter, NodeOp node)
    : rewriter(rewriter), loc(node.getLoc()) {}

Value NodeBuilder::create(StringRef name, ArrayRef<Value> inputs,
                          ArrayRef<NamedAttribute> attributes) {
  SmallVector<Value> operands(inputs);
  for (Value &operand : operands)
    if (!operand)
      operand = NoneOp::create(rewriter, loc, rewriter.getNoneType(),
                               rewriter.getUnitAttr());
  // What contradicts itself is reported when types are inferred next, once.
  ScopedDiagnosticHandler handler(
      rewriter.getContext(),
      [&](Diagnostic &error) { return success(error.getLocation() == loc); });
  return createNode(rewriter, loc, name, kVersion, operands, attributes);
}

NodeOp
NodeBuilder::createScan(ArrayRef<Value> states, ArrayRef<Value> scanned,
                        unsigned numStacks, bool isReverse,
                        function_ref<SmallVector<Value>(ValueRange)> build) {
  Type unknown =
      UnrankedTensorType::get(UnknownType::get(rewriter.getContext()));
  SmallVector<Value> inputs(states);
  llvm::append_range(inputs, scanned);
  SmallVector<NamedAttribute> attributes = {
      attribute("num_scan_inputs", scanned.size())};
  if (isReverse) {
    SmallVector<int64_t> ones(scanned.size(), 1), stackOnes(numStacks, 1);
    attributes.push_back(attribute("scan_input_directions", ones));
    attributes.push_back(attribute("scan_output_directions", stackOnes));
  }
  auto node = NodeOp::create(
      rewriter, loc, SmallVector<Type>(states.size() + numStacks, unknown),
      rewriter.getStringAttr("Scan"), /*domain=*/StringAttr(),
      rewriter.getI64IntegerAttr(kVersion),
      rewriter.getDictionaryAttr(attributes),
      rewriter.getStrArrayAttr({"body"}), inputs, /*subgraphsCount=*/1);
  OpBuilder::InsertionGuard guard(rewriter);
  SmallVector<Type> types;
  for (Value state : states)
    types.push_back(state.getType());
  for (Value input : scanned) {
    auto type = cast<TensorType>(input.getType());
    types.push_back(type.hasRank() ? Type(RankedTensorType::get(
                                         type.getShape().drop_front(),
                                         type.getElementType()))
                                   : Type(type));
  }
  Block *body = rewriter.createBlock(&node.getSubgraphs().front(), {}, types,
                                     SmallVector<Location>(types.size(), loc));
  YieldOp::create(rewriter, loc, build(body->getArguments()));
  inferTypes(node);
  return node;
}

void NodeBuilder::inferTypes(NodeOp node) {
  // What contradicts itself is reported when types are inferred next, once.
  ScopedDiagnosticHandler handler(
      rewriter.getContext(),
      [&](Diagnostic &error) { return success(error.getLocation() == loc); });
  SmallVector<Type> types;
  if (succeeded(inferResultTypes(node, types)))
    for (auto [result, type] : llvm::zip_equal(node.getResults(), types))
      result.setType(type);
}

NamedAttribute NodeBuilder::attribute(StringRef name, int64_t value) {
  return rewriter.getNamedAttr(name, rewriter.getI64IntegerAttr(value));
}

NamedAttribute NodeBuilder::attribute(StringRef name,
                                      ArrayRef<int64_t> values) {
  return rewriter.getNamedAttr(name, rewriter.getDenseI64ArrayAttr(values));
}

Value NodeBuilder::integers(ArrayRef<int64_t> values) {
  return createIntegers(rewriter, loc, values);
}

Value NodeBuilder::scalar(Type element, double value) {
  return createSplat(rewriter, loc, RankedTensorType::get({}, element), value);
}

Value NodeBuilder::reshape(Value x, ArrayRef<int64_t> sizes) {
  return create("Reshape", {x, integers(sizes)});
}

Value NodeBuilder::reshape(Value x, ArrayRef<Value> sizes) {
  return create("Reshape", {x, concat(sizes, 0)}, attribute("allowzero", 1));
}

Value NodeBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  return create("Transpose", {x}, attribute("perm", permutation));
}

Value NodeBuilder::squeeze(Value x, int64_t axis) {
  return create("Squeeze", {x, integers({axis})});
}

Value NodeBuilder::unsqueeze(Value x, ArrayRef<int64_t> axes) {
  return create("Unsqueeze", {x, integers(axes)});
}

Value NodeBuilder::concat(ArrayRef<Value> parts, int64_t axis) {
  return parts.size() == 1 ? parts.front()
                           : create("Concat", parts, attribute("axis", axis));
}

Value NodeBuilder::slice(Value x, int64_t axis, Value start, Value end,
                         int64_t step) {
  return create("Slice", {x, start, end, integers({axis}), integers({step})});
}

Value NodeBuilder::slice(Value x, int64_t axis, int64_t start, int64_t end,
                         int64_t step) {
  return slice(x, axis, integers({start}), integers({end}), step);
}

Value NodeBuilder::sizeOf(Value x, int64_t dim) {
  RankedTensorType type = getRanked(x);
  if (type && !type.isDynamicDim(dim))
    return integers({type.getDimSize(dim)});
  return create("Shape", {x},
                {attribute("start", dim), attribute("end", dim + 1)});
}

Value NodeBuilder::countTo(Value end) {
  Type type = rewriter.getI64Type();
  return create("Range", {scalar(type, 0), squeeze(end, 0), scalar(type, 1)});
}

Value NodeBuilder::sortedOrder(Value x) {
  Type unknown =
      UnrankedTensorType::get(UnknownType::get(rewriter.getContext()));
  Value count = sizeOf(x, 0);
  auto node = NodeOp::create(
      rewriter, loc, {unknown, unknown}, rewriter.getStringAttr("TopK"),
      /*domain=*/StringAttr(), rewriter.getI64IntegerAttr(kVersion),
      rewriter.getDictionaryAttr(
          {attribute("axis", 0), attribute("largest", 0)}),
      /*subgraph_names=*/ArrayAttr(), {x, count}, /*subgraphsCount=*/0);
  inferTypes(node);
  return node->getResult(1);
}

bool mlir::bev::onnx::mayChangeTypes(NodeOp node) {
  return llvm::all_of(node->getUsers(), [](Operation *user) {
    return isa<NodeOp, YieldOp>(user) || user->hasTrait<OpTrait::ReturnLike>();
  });
}

/// `type` with the sizes that only `other` knows.
static Type refine(Type type, Type other) {
  auto ranked = dyn_cast<RankedTensorType>(type),
       more = dyn_cast<RankedTensorType>(other);
  if (!ranked)
    return other;
  if (!more || more.getRank() != ranked.getRank() ||
      more.getElementType() != ranked.getElementType())
    return type;
  SmallVector<int64_t> shape(ranked.getShape());
  for (auto [size, known] : llvm::zip_equal(shape, more.getShape()))
    size = ShapedType::isDynamic(size) ? known : size;
  return ranked.clone(shape);
}

LogicalResult mlir::bev::onnx::replaceResults(PatternRewriter &rewriter,
                                              NodeOp node,
                                              ArrayRef<Value> values) {
  SmallVector<Value> replacements;
  for (auto [result, given] : llvm::zip_equal(node->getResults(), values)) {
    Value value = given;
    if (result.use_empty()) {
      replacements.push_back(result);
      continue;
    }
    Type type = refine(value.getType(), result.getType());
    if (type != value.getType() && !value.getDefiningOp<NodeOp>())
      value = createNode(rewriter, node.getLoc(), "Identity", kVersion, value);
    value.setType(type);
    replacements.push_back(value);
  }
  for (auto [result, value] : llvm::zip_equal(node->getResults(), replacements))
    if (result != value)
      rewriter.replaceAllUsesWith(result, value);
  rewriter.eraseOp(node);
  return success();
}
