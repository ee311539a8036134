// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The projection of constant points to cameras: matrices times homogeneous
// points, a division by the clamped depth and one by the image's size, and the
// comparisons that tell which points a camera sees.

#include "Clamps.h"
#include "Geometry.h"
#include "IndexLists.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

static constexpr StringLiteral kOp = "bev.project_points";
/// The least depth that the op divides by and calls visible.
static constexpr float kMinDepth = 1e-5f;

namespace {
/// What a dimension of the product's batch counts.
enum Role { kBatch, kCamera, kQuery, kAnchor, kNone };

/// What a coordinate is divided by: the width or height of each camera's image.
struct Extent {
  /// The sizes [cameras].
  TensorView view;
  /// The sizes where they are constants, else none.
  SmallVector<float> numbers;

  bool operator==(const Extent &other) const {
    if (!numbers.empty() || !other.numbers.empty())
      return numbers == other.numbers;
    return view == other.view;
  }
};

/// One projection, from its division by the depth.
class ProjectionMatcher {
public:
  ProjectionMatcher(NodeOp division, RaiseReport &report)
      : division(division), report(report), b(division.getLoc(), division) {}

  void raise(ArrayRef<NodeOp> nodes);

private:
  bool matchDivision();
  bool matchPoints();
  std::optional<Extent> matchExtent(NodeOp division,
                                    std::optional<int64_t> column);
  bool resolveColumn(Value value, int64_t column,
                     std::optional<Extent> &extent);
  bool resolveElement(Value value, int64_t column,
                      std::optional<Extent> &extent);
  bool isColumn(const TensorView &view, int64_t column);
  bool matchLeaf(Value value, unsigned &leaf);
  bool matchVisible(NodeOp root);
  bool matchProjected(ArrayRef<NodeOp> nodes);
  Value buildPoints(DenseF32ArrayAttr &range);
  Value buildImageSize();
  TensorView asView(Value result, ArrayRef<int64_t> shape, bool hasXY);
  bool isDepth(Value value);

  bool refuse(const Twine &reason) {
    report.refused(division, kOp, reason);
    return false;
  }

  NodeOp division;
  RaiseReport &report;
  ImplicitLocOpBuilder b;

  NodeOp product;
  SmallVector<int64_t> batch;
  SmallVector<Role> roles;
  int64_t sizes[4] = {1, 1, 1, 1};
  SmallVector<float> points;
  Value matrices;
  /// Values that are the whole projection.
  SmallVector<Value> projected;
  std::optional<Extent> width, height;
  /// Why the last division by what might be a size is none.
  StringRef noExtent = "it is not divided by the size of an image";
};
} // namespace

/// The third row of the product.
bool ProjectionMatcher::isDepth(Value value) {
  if (!isa<RankedTensorType>(value.getType()))
    return false;
  TensorView view = trace(value);
  TensorView expected(product.getOutputs()[0]);
  return view.base == expected.base && expected.slice(batch.size(), 2, 1) &&
         expected.reshape(view.getShape()) && expected == view;
}

/// xy / max(z, eps) of matrices times points. False without a report where it
/// is something else.
bool ProjectionMatcher::matchDivision() {
  auto type = dyn_cast<RankedTensorType>(division.getOutputs()[0].getType());
  Clamped depth = matchClamps(division.getOperand(1));
  if (!type || !type.hasStaticShape() || type.getRank() < 2 ||
      type.getShape().back() != 2 || depth.inner == division.getOperand(1) ||
      !isa<RankedTensorType>(division.getOperand(0).getType()))
    return false;
  TensorView view = trace(division.getOperand(0));
  product = getNode(view.base, "MatMul");
  auto productType = product ? dyn_cast<RankedTensorType>(view.base.getType())
                             : RankedTensorType();
  if (!productType || productType.getRank() < 3 ||
      productType.getShape().take_back(2) != ArrayRef<int64_t>{4, 1})
    return false;
  batch.assign(productType.getShape().begin(), productType.getShape().end());
  batch.pop_back_n(2);
  TensorView expected(view.base);
  if (!expected.slice(batch.size(), 0, 2) ||
      !expected.reshape(type.getShape()) || !(expected == view) ||
      type.getShape().drop_back() != ArrayRef<int64_t>(batch) ||
      !isDepth(depth.inner))
    return false;
  if (!type.getElementType().isF32())
    return refuse("it is not computed in f32");
  if (float(depth.low) != kMinDepth || std::isfinite(depth.high))
    return refuse("the depth is not clamped to at least 1e-5");
  return true;
}

/// The points are constants (x, y, z, 1). Finds what the dimensions count.
bool ProjectionMatcher::matchPoints() {
  auto type = dyn_cast<RankedTensorType>(product.getOperand(1).getType());
  std::optional<SmallVector<float>> numbers = getFloats(product.getOperand(1));
  if (!numbers || !type || !type.hasStaticShape() ||
      int64_t(numbers->size()) != type.getNumElements() || type.getRank() < 2 ||
      type.getShape().take_back(2) != ArrayRef<int64_t>{4, 1})
    return refuse("the points are no homogeneous constants");
  for (size_t i = 3; i < numbers->size(); i += 4)
    if ((*numbers)[i] != 1.0f)
      return refuse("the points are no homogeneous constants");

  // The matrices by batch dimension.
  auto matrixType = dyn_cast<RankedTensorType>(product.getOperand(0).getType());
  SmallVector<int64_t> shape(batch);
  llvm::append_values(shape, 4, 4);
  if (!matrixType)
    return refuse("the shape of the matrices is not known");
  TensorView view = trace(product.getOperand(0));
  if (!view.broadcast(shape))
    return refuse("the shape of the matrices is not known");

  // Along which dimensions the points differ: those of a constant that was
  // copied for each camera do not.
  unsigned rank = batch.size(), missing = rank - (type.getRank() - 2);
  if (type.getRank() - 2 > int64_t(rank))
    return refuse("the points are no homogeneous constants");
  SmallVector<int64_t> strides(rank, 0);
  int64_t stride = 4;
  for (unsigned dim = rank; dim-- > missing;) {
    int64_t size = type.getDimSize(dim - missing);
    strides[dim] = size == 1 ? 0 : stride;
    stride *= size;
  }
  auto differs = [&](unsigned dim) {
    if (strides[dim] == 0)
      return false;
    int64_t span = strides[dim] * batch[dim];
    for (int64_t i = 0, e = numbers->size(); i < e; ++i)
      if ((*numbers)[i] != (*numbers)[i - i % span + i % strides[dim]])
        return true;
    return false;
  };
  SmallVector<unsigned> ofPoints;
  for (unsigned dim = 0; dim < rank; ++dim) {
    bool hasMatrices = llvm::any_of(view.dims[dim], [](const Factor &factor) {
      return !factor.isBroadcast();
    });
    bool hasPoints = differs(dim);
    if (batch[dim] == 1)
      roles.push_back(kNone);
    else if (hasPoints && hasMatrices)
      return refuse("the points differ by batch row or camera");
    else if (hasPoints)
      roles.push_back(kQuery), ofPoints.push_back(dim);
    else if (hasMatrices)
      roles.push_back(kCamera);
    else
      return refuse("neither points nor matrices differ along a dimension");
  }
  // Of two dimensions of points the smaller one is the anchors'; of two of
  // matrices the first is the batch.
  if (ofPoints.size() > 2)
    return refuse("the points have more than two dimensions");
  if (ofPoints.size() == 2)
    roles[batch[ofPoints[0]] < batch[ofPoints[1]] ? ofPoints[0] : ofPoints[1]] =
        kAnchor;
  SmallVector<unsigned> ofMatrices;
  for (unsigned dim = 0; dim < rank; ++dim)
    if (roles[dim] == kCamera)
      ofMatrices.push_back(dim);
  if (ofMatrices.size() > 2)
    return refuse("the matrices have more than two dimensions");
  if (ofMatrices.size() == 2)
    roles[ofMatrices[0]] = kBatch;
  for (unsigned dim = 0; dim < rank; ++dim)
    if (roles[dim] != kNone)
      sizes[roles[dim]] = batch[dim];

  int64_t queryStride = 0, anchorStride = 0;
  for (unsigned dim = 0; dim < rank; ++dim) {
    if (roles[dim] == kQuery)
      queryStride = strides[dim];
    if (roles[dim] == kAnchor)
      anchorStride = strides[dim];
  }
  for (int64_t query = 0; query < sizes[kQuery]; ++query)
    for (int64_t anchor = 0; anchor < sizes[kAnchor]; ++anchor)
      for (int64_t i = 0; i < 3; ++i)
        points.push_back(
            (*numbers)[query * queryStride + anchor * anchorStride + i]);

  // The matrices [B,N,4,4].
  TensorView perCamera = view;
  perCamera.dims.clear();
  for (Role role : {kBatch, kCamera}) {
    perCamera.dims.emplace_back();
    for (unsigned dim = 0; dim < rank; ++dim)
      if (roles[dim] == role)
        perCamera.dims.back() = view.dims[dim];
  }
  llvm::append_range(perCamera.dims, ArrayRef(view.dims).take_back(2));
  matrices = perCamera.materialize(b);
  return matrices || refuse("the matrices are no view of one tensor");
}

//===----------------------------------------------------------------------===//
// Division by the image's size
//===----------------------------------------------------------------------===//

/// Column `column` of the last dimension, of two, of its base.
bool ProjectionMatcher::isColumn(const TensorView &view, int64_t column) {
  TensorView expected(view.base);
  unsigned rank = expected.dims.size();
  return rank > 0 && expected.getSize(rank - 1) == 2 &&
         expected.slice(rank - 1, column, 1) &&
         expected.reshape(view.getShape()) && expected == view;
}

/// The second operand of a division as the size of images; of a tensor whose
/// last dimension is x and y, that of a column.
std::optional<Extent>
ProjectionMatcher::matchExtent(NodeOp node, std::optional<int64_t> column) {
  auto type = cast<RankedTensorType>(node.getOutputs()[0].getType());
  if (node.getOperand(0).getType() != type ||
      !isa<RankedTensorType>(node.getOperand(1).getType()))
    return std::nullopt;
  TensorView view = trace(node.getOperand(1));
  if (!view.broadcast(type.getShape()) ||
      (column && !view.slice(type.getRank() - 1, *column, 1)) ||
      !view.reshape(batch))
    return std::nullopt;
  Factors perCamera;
  for (auto [role, factors] : llvm::zip_equal(roles, view.dims)) {
    if (role == kCamera)
      perCamera = factors;
    else if (!llvm::all_of(factors, std::mem_fn(&Factor::isBroadcast))) {
      noExtent = "the image size differs by batch row or point";
      return std::nullopt;
    }
  }
  view.dims.assign(1, perCamera);
  Extent extent = {view, {}};
  if (auto numbers = getFloats(view.base)) {
    auto shape = cast<RankedTensorType>(view.base.getType()).getShape();
    for (int64_t camera = 0; camera < sizes[kCamera]; ++camera) {
      int64_t place = 0;
      for (auto [size, index] : llvm::zip_equal(shape, view.locate({camera})))
        place = place * size + index;
      extent.numbers.push_back((*numbers)[place]);
    }
  }
  return extent;
}

/// Whether `value` is one coordinate by itself, divided by `extent` where that
/// is set.
bool ProjectionMatcher::resolveElement(Value value, int64_t column,
                                       std::optional<Extent> &extent) {
  if (!isa<RankedTensorType>(value.getType()))
    return false;
  TensorView view = trace(value);
  std::optional<Extent> own;
  TensorView whole(view.base);
  auto node = getNode(view.base, "Div");
  if (node && node != division && whole.reshape(view.getShape()) &&
      whole == view) {
    own = matchExtent(node, std::nullopt);
    if (!own)
      return false;
    view = trace(node.getOperand(0));
  }
  if (!isColumn(view, column) || !resolveColumn(view.base, column, extent) ||
      (own && extent))
    return false;
  if (own)
    extent = std::move(own);
  return true;
}

/// Whether a column of `value` is that of the division, divided by `extent`
/// where that is set.
bool ProjectionMatcher::resolveColumn(Value value, int64_t column,
                                      std::optional<Extent> &extent) {
  extent.reset();
  for (int depth = 0; depth < 16; ++depth) {
    if (value == division.getOutputs()[0])
      return true;
    auto node = value.getDefiningOp<NodeOp>();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!node || type != division.getOutputs()[0].getType())
      return false;
    int64_t last = type.getRank() - 1, axis = node.intAttr("axis", 0);
    axis += axis < 0 ? type.getRank() : 0;
    if (node.is("Div")) {
      if (extent)
        return false;
      extent = matchExtent(node, column);
      if (!extent)
        return false;
      value = node.getOperand(0);
      continue;
    }
    if (node.is("Concat") && axis == last && node.getInputs().size() == 2)
      return !extent && resolveElement(node.getOperand(column), column, extent);
    if (!isAssignment(node) || node.getNumOperands() != 3)
      return false;
    auto indices = getIntegers(node.getOperand(1));
    if (!indices || indices->empty())
      return false;
    int64_t rows = type.getNumElements() / 2, written;
    if (node.is("ScatterElements") && axis == last &&
        int64_t(indices->size()) == rows) {
      if (!llvm::all_equal(*indices))
        return false;
      written = indices->front();
    } else if (node.is("ScatterND") &&
               int64_t(indices->size()) == rows * type.getRank()) {
      // All places of one column, in order.
      written = (*indices)[last];
      for (int64_t row = 0; row < rows; ++row) {
        int64_t rest = row;
        ArrayRef<int64_t> place =
            ArrayRef(*indices).slice(row * type.getRank(), type.getRank());
        if (place[last] != written)
          return false;
        for (int64_t dim = last; dim-- > 0;) {
          if (place[dim] != rest % type.getDimSize(dim))
            return false;
          rest /= type.getDimSize(dim);
        }
      }
    } else {
      return false;
    }
    if (written == column)
      return !extent && resolveElement(node.getOperand(2), column, extent);
    value = node.getOperand(0);
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Visibility
//===----------------------------------------------------------------------===//

/// One of the five comparisons: z > eps, u > 0, u < 1, v > 0, v < 1.
bool ProjectionMatcher::matchLeaf(Value value, unsigned &leaf) {
  auto compare = value.getDefiningOp<NodeOp>();
  if (!compare || (!compare.is("Greater") && !compare.is("Less")))
    return false;
  bool isGreater = compare.is("Greater");
  unsigned side = 0;
  std::optional<double> bound = getSplat(compare.getOperand(1));
  if (!bound) {
    bound = getSplat(compare.getOperand(0));
    side = 1;
    isGreater = !isGreater;
  }
  Value compared = compare.getOperand(side);
  if (!bound || !isa<RankedTensorType>(compared.getType()))
    return false;
  if (isDepth(compared)) {
    leaf = 0;
    return isGreater && float(*bound) == kMinDepth;
  }
  // A column of the projection, or the coordinate before it became one.
  TensorView view = trace(compared);
  bool isProjected = llvm::is_contained(projected, view.base);
  for (int64_t column : {0, 1}) {
    std::optional<Extent> extent;
    bool isOne = isProjected ? isColumn(view, column)
                             : resolveElement(compared, column, extent) &&
                                   extent == (column == 0 ? width : height);
    if (!isOne)
      continue;
    leaf = 1 + 2 * column + (isGreater ? 0 : 1);
    return *bound == (isGreater ? 0.0 : 1.0);
  }
  return false;
}

/// The conjunction of all five.
bool ProjectionMatcher::matchVisible(NodeOp root) {
  auto type = dyn_cast<RankedTensorType>(root.getOutputs()[0].getType());
  if (!type || !type.hasStaticShape())
    return false;
  SmallVector<Value> pending = {root.getOutputs()[0]};
  unsigned seen = 0;
  for (unsigned steps = 0; !pending.empty(); ++steps) {
    Value value = pending.pop_back_val();
    if (steps > 16 || value.getType() != root.getOutputs()[0].getType())
      return false;
    if (auto both = getNode(value, "And")) {
      llvm::append_range(pending, both.getInputs());
      continue;
    }
    unsigned leaf;
    if (!matchLeaf(value, leaf))
      return false;
    seen |= 1u << leaf;
  }
  return seen == 31;
}

//===----------------------------------------------------------------------===//
// Raising
//===----------------------------------------------------------------------===//

/// A result of the op [B,N,Q,Z] or [B,N,Q,Z,2] in the order of the graph.
TensorView ProjectionMatcher::asView(Value result, ArrayRef<int64_t> shape,
                                     bool hasXY) {
  TensorView view(result), ordered = view;
  ordered.dims.clear();
  for (Role role : roles)
    ordered.dims.push_back(role == kNone ? Factors() : view.dims[role]);
  if (hasXY)
    ordered.dims.push_back(view.dims[4]);
  ordered.reshape(shape);
  return ordered;
}

/// Finds what is divided by the size of the images.
bool ProjectionMatcher::matchProjected(ArrayRef<NodeOp> nodes) {
  Operation *last = division;
  for (NodeOp node : nodes) {
    std::optional<Extent> x, y;
    if (node->getBlock() != division->getBlock() ||
        node.getOutputs().size() != 1 ||
        node.getOutputs()[0].getType() != division.getOutputs()[0].getType() ||
        !resolveColumn(node.getOutputs()[0], 0, x) ||
        !resolveColumn(node.getOutputs()[0], 1, y) || !x || !y)
      continue;
    if (!projected.empty() && !(x == width && y == height))
      return refuse("it is divided by the sizes of different images");
    width = std::move(x);
    height = std::move(y);
    projected.push_back(node.getOutputs()[0]);
  }
  if (projected.empty())
    return refuse(noExtent);
  // The sizes may be computed after the division by the depth.
  for (const Extent &extent : {*width, *height}) {
    Operation *definition = extent.view.base.getDefiningOp();
    if (definition && definition->getBlock() == last->getBlock() &&
        last->isBeforeInBlock(definition))
      last = definition;
  }
  if (last != division)
    b.setInsertionPointAfter(last);
  return true;
}

/// The points [B,Q,Z,3]: in metres, or the pillars of a grid in the unit cube
/// and their range.
Value ProjectionMatcher::buildPoints(DenseF32ArrayAttr &range) {
  int64_t queries = sizes[kQuery], anchors = sizes[kAnchor];
  Value shared;
  if (auto pillars = matchPillars(points, queries, anchors)) {
    auto type = RankedTensorType::get({queries, anchors, 3}, b.getF32Type());
    range = b.getDenseF32ArrayAttr(pillars->range);
    shared = ReferenceGridOp::create(
                 b, TypeRange(type), createEmpty(b, type, {}),
                 /*origin=*/Value(), b.getDenseI64ArrayAttr(pillars->size),
                 b.getF32FloatAttr(pillars->height))
                 ->getResult(0);
    report.raised(division, "bev.reference_grid");
  } else {
    auto type = RankedTensorType::get({1, queries, anchors, 3}, b.getF32Type());
    shared = onnx::ConstantOp::create(b, type,
                                      cast<ElementsAttr>(DenseElementsAttr::get(
                                          type, ArrayRef<float>(points))));
  }
  TensorView view(shared);
  view.reshape({1, queries, anchors, 3});
  view.broadcast({sizes[kBatch], queries, anchors, 3});
  return view.materialize(b);
}

/// The sizes [N,2] as (height, width); null where they are no views.
Value ProjectionMatcher::buildImageSize() {
  int64_t cameras = sizes[kCamera];
  auto type = RankedTensorType::get({cameras, 2}, b.getF32Type());
  if (!width->numbers.empty() && !height->numbers.empty()) {
    SmallVector<float> numbers;
    for (auto [y, x] : llvm::zip_equal(height->numbers, width->numbers))
      llvm::append_values(numbers, y, x);
    return onnx::ConstantOp::create(b, type,
                                    cast<ElementsAttr>(DenseElementsAttr::get(
                                        type, ArrayRef<float>(numbers))));
  }
  SmallVector<Value> columns;
  for (const Extent &extent : {*height, *width}) {
    TensorView view = extent.view;
    view.dims.emplace_back();
    columns.push_back(view.materialize(b));
    if (!columns.back())
      return Value();
  }
  return createNode(b, "Concat", columns, type,
                    b.getNamedAttr("axis", b.getI64IntegerAttr(1)));
}

void ProjectionMatcher::raise(ArrayRef<NodeOp> nodes) {
  if (!matchDivision() || !matchPoints() || !matchProjected(nodes))
    return;
  Value imageSize = buildImageSize();
  if (!imageSize)
    return (void)refuse("the image size is no view of one tensor");
  SmallVector<NodeOp> visible;
  for (NodeOp node : nodes)
    if (node.is("And") && matchVisible(node))
      visible.push_back(node);

  DenseF32ArrayAttr range;
  Value allPoints = buildPoints(range);
  SmallVector<int64_t> shape(std::begin(sizes), std::end(sizes));
  auto visibleType = RankedTensorType::get(shape, b.getI1Type());
  shape.push_back(2);
  auto uvType = RankedTensorType::get(shape, b.getF32Type());
  Value uvInit = createEmpty(b, uvType, {}),
        visibleInit = createEmpty(b, visibleType, {});
  auto op =
      ProjectPointsOp::create(b, TypeRange{uvType, visibleType}, allPoints,
                              matrices, imageSize, uvInit, visibleInit, range);
  auto replace = [&](Value value, Value result, bool hasXY) {
    auto type = cast<RankedTensorType>(value.getType());
    TensorView view = asView(result, type.getShape(), hasXY);
    replaceByView(value, view, b);
  };
  for (NodeOp node : visible)
    replace(node.getOutputs()[0], op->getResult(1), false);
  for (Value value : projected)
    replace(value, op->getResult(0), true);
  report.raised(division, kOp);
}

void mlir::bev::onnx_to_bev::raiseProjection(NodeOp division,
                                             ArrayRef<NodeOp> nodes,
                                             RaiseReport &report) {
  ProjectionMatcher(division, report).raise(nodes);
}
