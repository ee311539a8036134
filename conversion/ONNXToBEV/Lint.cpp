// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds what exports of BEV models get wrong.

#include "bev/Conversion/ONNXToBEV/Lint.h"

#include "Clamps.h"
#include "IndexLists.h"
#include "Raising.h"

#include "bev/Dialect/ONNX/IR/TypeInference.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

/// How many nodes a search for what a value is computed from looks at.
static constexpr unsigned kSearchLimit = 32;

static bool isOneOf(NodeOp node, ArrayRef<StringLiteral> names) {
  return !node.getDomain() && llvm::is_contained(names, node.getOpType());
}

static std::string describe(NodeOp node) {
  std::string name = node.getNodeName();
  return (name.empty() ? "an unnamed node" : "'" + name + "'") + " (" +
         node.getOpType().str() + ")";
}

/// The element type; null where the value is no tensor.
static Type elementType(Value value) {
  auto type = value ? dyn_cast<ShapedType>(value.getType()) : ShapedType();
  return type ? type.getElementType() : Type();
}

static bool isHalf(Value value) {
  Type type = elementType(value);
  return type && (type.isF16() || type.isBF16());
}

/// The value without the nodes above it that only move or convert elements.
static Value skipMoves(Value value) {
  static constexpr StringLiteral moves[] = {
      "Cast",      "Reshape", "Unsqueeze", "Squeeze",
      "Transpose", "Expand",  "Identity",  "Flatten"};
  while (auto node = value.getDefiningOp<NodeOp>()) {
    if (!isOneOf(node, moves) || node.getNumOperands() == 0)
      break;
    value = node.getOperand(0);
  }
  return value;
}

namespace {
/// The findings in one module.
class Linter {
public:
  explicit Linter(ModuleOp module) : module(module) {}

  std::vector<LintFinding> run();

private:
  void add(LintKind kind, NodeOp node, const Twine &detail = "") {
    findings.push_back({kind, describe(node), detail.str()});
  }

  void checkNode(NodeOp node);
  void checkAtan(NodeOp node);
  void checkDivision(NodeOp node);
  void checkGrid(NodeOp node, unsigned index);
  void checkMatMul(NodeOp node);
  void checkIndexLists();
  void checkInputs(func::FuncOp function);

  ModuleOp module;
  std::vector<LintFinding> findings;
  /// Gathers and assignments at constant indices that follow no rule.
  SmallVector<std::pair<NodeOp, SmallVector<int64_t>>> gathers, scatters;
};
} // namespace

/// Whether indices ascend and do not step evenly: positions that data chose.
static bool isIrregular(ArrayRef<int64_t> indices) {
  if (indices.size() < 3)
    return false;
  bool isEven = true;
  int64_t step = indices[1] - indices[0];
  for (size_t i = 1; i < indices.size(); ++i) {
    if (indices[i] <= indices[i - 1])
      return false;
    isEven &= indices[i] - indices[i - 1] == step;
  }
  return !isEven;
}

/// The list in the last column of a ScatterND's constant indices, where all
/// columns before are the same in all rows.
static std::optional<SmallVector<int64_t>> getScatterList(NodeOp node) {
  if (node.getNumOperands() != 3 || !isAssignment(node))
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(node.getOperand(1).getType());
  if (!type || type.getRank() == 0 || type.isDynamicDim(type.getRank() - 1) ||
      type.getShape().back() < 1)
    return std::nullopt;
  SmallVector<int64_t> leading;
  IndexList list;
  if (!matchColumns(node.getOperand(1), type.getShape().back() - 1, leading,
                    list) ||
      !list.isConstant())
    return std::nullopt;
  return list.constants;
}

std::vector<LintFinding> Linter::run() {
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      checkInputs(function);
  module.walk([&](NodeOp node) { checkNode(node); });
  checkIndexLists();
  return std::move(findings);
}

void Linter::checkNode(NodeOp node) {
  if (node.getDomain()) {
    // Plugins of deformable attention: value, shapes, starts, locations,
    // weights.
    if (node.getOpType().contains_insensitive("deform") &&
        node.getNumOperands() == 5)
      checkGrid(node, 3);
    return;
  }
  StringRef name = node.getOpType();
  unsigned numInputs = node.getNumPresentInputs();
  if (name == "Atan" && numInputs == 1)
    return checkAtan(node);
  if (name == "Div" && numInputs == 2)
    return checkDivision(node);
  if (name == "MatMul" && numInputs == 2)
    return checkMatMul(node);
  if (name == "GridSample" && numInputs == 2)
    return checkGrid(node, 1);
  if (name == "Clip" && numInputs >= 1) {
    if (isa_and_present<IntegerType>(elementType(node.input(0))))
      add(LintKind::IntegerClip, node);
    return;
  }
  if (name == "Gather" && numInputs == 2) {
    if (onnx::getConstant(node.getOperand(0)))
      return;
    auto list = getIntegers(node.getOperand(1));
    if (list && isIrregular(*list))
      gathers.push_back({node, std::move(*list)});
    return;
  }
  if (name == "ScatterND") {
    auto list = getScatterList(node);
    if (list && isIrregular(*list))
      scatters.push_back({node, std::move(*list)});
    return;
  }
  if ((name != "Reshape" && name != "Expand") || numInputs != 2 ||
      node.getNumResults() != 1)
    return;
  auto from = dyn_cast<RankedTensorType>(node.getOperand(0).getType()),
       to = dyn_cast<RankedTensorType>(node.getResult(0).getType());
  if (!from || !to || from.hasStaticShape() || !to.hasStaticShape())
    return;
  // The size of a list made at run time, or that of an input.
  if (name == "Expand") {
    Value source = stripInOrder(node.getOperand(0));
    std::optional<IndexList> list = matchList(source);
    if (auto gather = getNode(source, "Gather"); gather && !list)
      list = matchList(gather.getOperand(1));
    if (list && !list->isConstant())
      add(LintKind::FrozenCount, node,
          "a size that NonZero finds is expanded to a constant one");
    return;
  }
  if (from.getRank() > 0 && from.isDynamicDim(0))
    add(LintKind::FrozenBatch, node);
}

void Linter::checkAtan(NodeOp node) {
  // What the angle is computed from, element by element.
  static constexpr StringLiteral arithmetic[] = {
      "Div",     "Mul",       "Add",     "Sub",      "Neg", "Cast",
      "Reshape", "Unsqueeze", "Squeeze", "Identity", "Sin", "Cos",
      "Slice",   "Split",     "Gather",  "Transpose"};
  SmallVector<Value> open = {node.getOperand(0)};
  llvm::SmallDenseSet<Operation *> seen;
  while (!open.empty() && seen.size() < kSearchLimit) {
    auto above = open.pop_back_val().getDefiningOp<NodeOp>();
    if (!above || !seen.insert(above).second)
      continue;
    if (above.is("Sigmoid"))
      return add(LintKind::SigmoidInAtan, node, "of " + describe(above));
    if (isOneOf(above, arithmetic))
      llvm::append_range(open, above.getInputs());
  }

  NodeOp quotient = getNode(skipMoves(node.getOperand(0)), "Div");
  if (!quotient || quotient.getNumOperands() != 2)
    return;
  Value divisor = skipMoves(quotient.getOperand(1));
  if (onnx::getConstant(divisor))
    return;
  // An expansion of atan2 asks for the divisor's sign.
  static constexpr StringLiteral comparisons[] = {
      "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Sign"};
  SmallVector<Value> same = {divisor, quotient.getOperand(1)};
  for (Value value : same)
    for (Operation *user : value.getUsers())
      if (auto compare = dyn_cast<NodeOp>(user);
          compare && isOneOf(compare, comparisons))
        return;
  add(LintKind::AtanWithoutQuadrant, node, "of " + describe(quotient));
}

void Linter::checkDivision(NodeOp node) {
  Value divisor = skipMoves(node.getOperand(1));
  NodeOp sum = getNode(divisor, "ReduceSum");
  if (!sum || sum.getNumOperands() == 0)
    return;
  // Sums of sums of a mask are counts as well; a clamp ends the search.
  Value summed = divisor;
  while (NodeOp inner = getNode(summed, "ReduceSum")) {
    if (inner.getNumOperands() == 0)
      return;
    summed = inner.getOperand(0);
    while (auto move = summed.getDefiningOp<NodeOp>()) {
      Type type = elementType(summed);
      Value next = skipMoves(summed);
      if ((type && type.isInteger(1)) || next == summed)
        break;
      // A conversion from a mask ends at the mask.
      summed = move.getOperand(0);
    }
  }
  if (Type type = elementType(summed); type && type.isInteger(1))
    add(LintKind::UnclampedCount, node, "the count is " + describe(sum));
}

void Linter::checkGrid(NodeOp node, unsigned index) {
  Value grid = node.input(index);
  if (!grid || !elementType(grid))
    return;
  Value source = grid;
  if (NodeOp cast = getNode(grid, "Cast"))
    source = cast.getOperand(0);
  if (isHalf(source) || isHalf(grid))
    return add(LintKind::HalfCoordinates, node);
  if (elementType(grid).isF64())
    add(LintKind::DoubleGrid, node);
}

/// Whether a constant holds matrices [..., 4, 4] that map points in homogeneous
/// coordinates: the last row is 0 0 0 1 (the last column, if transposed), and
/// they are not the identity.
static bool isProjection(Value value, bool isTransposed) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() < 2 || !type.hasStaticShape() ||
      type.getShape().take_back(2) != ArrayRef<int64_t>({4, 4}))
    return false;
  std::optional<SmallVector<float>> numbers = getFloats(value);
  if (!numbers || numbers->empty() || numbers->size() % 16 != 0)
    return false;
  bool isIdentity = true;
  for (size_t matrix = 0; matrix < numbers->size(); matrix += 16)
    for (size_t i = 0; i < 16; ++i) {
      size_t row = isTransposed ? i % 4 : i / 4;
      size_t column = isTransposed ? i / 4 : i % 4;
      float expected = row == column ? 1.0f : 0.0f;
      bool isEqual = (*numbers)[matrix + i] == expected;
      if (row == 3 && !isEqual)
        return false;
      isIdentity &= isEqual;
    }
  return !isIdentity;
}

void Linter::checkMatMul(NodeOp node) {
  if (isProjection(node.getOperand(0), /*isTransposed=*/false) ||
      isProjection(node.getOperand(1), /*isTransposed=*/true))
    add(LintKind::FrozenCalibration, node);
}

void Linter::checkIndexLists() {
  // One finding for each list that queries are both taken and put back at.
  llvm::MapVector<ArrayRef<int64_t>, SmallVector<NodeOp>> byList;
  for (auto &[node, list] : gathers)
    byList[list].push_back(node);
  for (auto &[list, nodes] : byList) {
    size_t count = nodes.size(), numScatters = 0;
    for (auto &[node, other] : scatters)
      numScatters += list == ArrayRef<int64_t>(other);
    if (numScatters)
      add(LintKind::FrozenIndices, nodes.front(),
          Twine(list.size()) + " constant indices, in " + Twine(count) +
              " Gather and " + Twine(numScatters) + " ScatterND");
  }

  // Gathers of one tensor along one axis.
  llvm::MapVector<std::pair<Value, int64_t>, SmallVector<size_t>> bySource;
  for (auto [index, entry] : llvm::enumerate(gathers)) {
    NodeOp node = entry.first;
    bySource[{node.getOperand(0), node.intAttr("axis", 0)}].push_back(index);
  }
  for (auto &[source, indices] : bySource) {
    llvm::MapVector<ArrayRef<int64_t>, NodeOp> lists;
    for (size_t index : indices)
      lists.insert({gathers[index].second, gathers[index].first});
    if (lists.size() > 1)
      add(LintKind::IndexListCopies, lists.front().second,
          Twine(lists.size()) + " nodes, the last is " +
              describe(lists.back().second));
  }
}

void Linter::checkInputs(func::FuncOp function) {
  bool hasStaticBatch = function.getNumArguments() != 0;
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    hasStaticBatch &=
        type && type.getRank() >= 2 && type.getShape().front() == 1;
    if (!argument.use_empty())
      continue;
    auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                      "bev.name");
    findings.push_back(
        {LintKind::UnusedInput,
         name ? ("input '" + name.getValue() + "'").str()
              : "input " + std::to_string(argument.getArgNumber()),
         ""});
  }
  if (!hasStaticBatch)
    return;
  NodeOp first;
  unsigned count = 0;
  function.walk([&](NodeOp node) {
    if (!node.is("Reshape") || node.getNumResults() != 1)
      return;
    auto type = dyn_cast<RankedTensorType>(node.getResult(0).getType());
    if (!type || type.getRank() < 2 || type.getShape().front() != 1)
      return;
    first = first ? first : node;
    ++count;
  });
  if (first)
    add(LintKind::StaticBatch, first,
        Twine(count) + " Reshape to a first dimension of 1");
}

std::vector<LintFinding> mlir::bev::lintONNX(ModuleOp module) {
  return Linter(module).run();
}
