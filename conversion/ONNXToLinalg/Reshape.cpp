// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that keep elements in their order: Reshape, Flatten, Squeeze,
// Unsqueeze; and those that permute dimensions between two reshapes.

#include "Reshape.h"
#include "StructuredOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

namespace {
/// A product of sizes: a number, and those that are not known.
struct Product {
  int64_t known = 1;
  SmallVector<OpFoldResult> unknown;

  void multiply(OpFoldResult size) {
    if (std::optional<int64_t> constant = getConstantIntValue(size))
      known *= *constant;
    else
      unknown.push_back(size);
  }

  /// Takes common factors out of both.
  static void cancel(Product &a, Product &b) {
    for (size_t i = 0; i < a.unknown.size();) {
      auto *same = llvm::find_if(b.unknown, [&](OpFoldResult size) {
        return isSameSize(a.unknown[i], size);
      });
      if (same == b.unknown.end()) {
        ++i;
        continue;
      }
      b.unknown.erase(same);
      a.unknown.erase(a.unknown.begin() + i);
    }
    if (b.known != 0 && a.known % b.known == 0) {
      a.known /= b.known;
      b.known = 1;
    }
  }

  bool isOne() const { return known == 1 && unknown.empty(); }

  OpFoldResult get(ImplicitLocOpBuilder &b) const {
    return multiplySizes(b, b.getIndexAttr(known), productOf(b, unknown));
  }
};
} // namespace

/// How dimensions `from` become dimensions `to`: runs of both with the same
/// number of elements, as short as that can be seen.
static SmallVector<std::pair<ReassociationIndices, ReassociationIndices>>
matchDimensions(ArrayRef<OpFoldResult> from, ArrayRef<OpFoldResult> to) {
  SmallVector<std::pair<ReassociationIndices, ReassociationIndices>> runs;
  size_t i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    ReassociationIndices runFrom, runTo;
    Product left, right;
    auto takeFrom = [&] {
      left.multiply(from[i]);
      runFrom.push_back(i++);
    };
    auto takeTo = [&] {
      right.multiply(to[j]);
      runTo.push_back(j++);
    };
    if (i < from.size())
      takeFrom();
    if (j < to.size())
      takeTo();
    while (true) {
      Product a = left, c = right;
      Product::cancel(a, c);
      Product::cancel(c, a);
      if (a.isOne() && c.isOne() && !runFrom.empty() && !runTo.empty())
        break;
      if (i == from.size() && j == to.size())
        break;
      // The side that lacks factors takes the next dimension.
      bool rightLacks = c.unknown.size() != a.unknown.size()
                            ? c.unknown.size() < a.unknown.size()
                            : c.known < a.known;
      if (j < to.size() && (rightLacks || i == from.size()))
        takeTo();
      else if (i < from.size())
        takeFrom();
      else
        takeTo();
    }
    // Ones at the end have nothing to match.
    auto restIsOne = [](ArrayRef<OpFoldResult> sizes) {
      return llvm::all_of(sizes, [](OpFoldResult size) {
        return getConstantIntValue(size) == 1;
      });
    };
    if (restIsOne(from.drop_front(i)) && restIsOne(to.drop_front(j))) {
      while (i < from.size())
        takeFrom();
      while (j < to.size())
        takeTo();
    }
    // Sizes that are left on one side only turn out to be ones.
    if (runFrom.empty() || runTo.empty()) {
      llvm::append_range(runs.back().first, runFrom);
      llvm::append_range(runs.back().second, runTo);
    } else {
      runs.push_back({runFrom, runTo});
    }
  }
  return runs;
}

/// The tensor with a type in which every dimension is known to be 1.
static Value toUnitDims(ImplicitLocOpBuilder &b, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> ones(type.getRank(), 1);
  auto unit = RankedTensorType::get(ones, type.getElementType());
  return unit == type ? tensor : tensor::CastOp::create(b, unit, tensor);
}

Value mlir::bev::onnx_to_linalg::buildReshape(ImplicitLocOpBuilder &b,
                                              Value tensor,
                                              ArrayRef<OpFoldResult> to) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() == 0 && to.empty())
    return tensor;
  if (to.empty())
    return tensor::CollapseShapeOp::create(
        b, RankedTensorType::get({}, type.getElementType()),
        toUnitDims(b, tensor), ArrayRef<ReassociationIndices>());
  if (type.getRank() == 0) {
    SmallVector<int64_t> ones(to.size(), 1);
    return tensor::ExpandShapeOp::create(
        b, RankedTensorType::get(ones, type.getElementType()), tensor,
        ArrayRef<ReassociationIndices>());
  }
  SmallVector<OpFoldResult> from = sizesOf(b, b.getLoc(), tensor);
  SmallVector<ReassociationIndices> collapsed, expanded;
  for (auto &[runFrom, runTo] : matchDimensions(from, to)) {
    collapsed.push_back(runFrom);
    expanded.push_back(runTo);
  }
  if (collapsed.size() != from.size())
    tensor = collapseShape(b, tensor, collapsed);
  if (expanded.size() != to.size())
    tensor = expandShape(b, tensor, expanded, to);
  return tensor;
}

/// Whether an index is a size, or made of sizes, and so not negative.
static bool isSize(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto constant = getConstantIntValue(value))
    return *constant >= 0;
  if (!op)
    return false;
  if (isa<tensor::DimOp>(op))
    return true;
  return isa<arith::MulIOp, arith::AddIOp, arith::IndexCastOp>(op) &&
         llvm::all_of(op->getOperands(), isSize);
}

/// The sizes that a node's shape input asks for, with 0 and -1 resolved.
static SmallVector<OpFoldResult> resolveShape(ImplicitLocOpBuilder &b,
                                              Value tensor,
                                              ArrayRef<OpFoldResult> asked,
                                              RankedTensorType declared,
                                              bool allowZero) {
  SmallVector<OpFoldResult> from = sizesOf(b, b.getLoc(), tensor);
  SmallVector<OpFoldResult> to(asked);
  Scalars s(b);
  SmallVector<unsigned> open;
  for (auto [dim, size] : llvm::enumerate(to)) {
    std::optional<int64_t> constant = getConstantIntValue(size);
    if (!declared.isDynamicDim(dim)) {
      size = b.getIndexAttr(declared.getDimSize(dim));
    } else if (constant == -1) {
      open.push_back(dim);
    } else if (constant == 0 && !allowZero && dim < from.size()) {
      size = from[dim];
    } else if (!constant && !isSize(cast<Value>(size))) {
      open.push_back(dim);
      if (!allowZero && dim < from.size())
        size = s.select(s.eq(cast<Value>(size), s.index(0)),
                        toIndexValue(b, from[dim]), cast<Value>(size));
    }
  }
  if (open.empty())
    return to;
  // At most one of the open sizes is -1.
  Product all;
  for (OpFoldResult size : from)
    all.multiply(size);
  for (unsigned dim : open) {
    Product others;
    Value isOpen;
    bool isKnownOpen = getConstantIntValue(asked[dim]) == -1;
    for (auto [i, size] : llvm::enumerate(to)) {
      if (i == dim)
        continue;
      // Where this size is -1, the others are not.
      others.multiply(size);
    }
    Product total = all;
    Product::cancel(total, others);
    OpFoldResult rest = total.get(b);
    if (!others.isOne()) {
      Value divisor = toIndexValue(b, others.get(b));
      Value isZero = s.eq(divisor, s.index(0));
      rest = arith::DivSIOp::create(b, toIndexValue(b, rest),
                                    s.select(isZero, s.index(1), divisor))
                 .getResult();
    }
    if (!isKnownOpen) {
      Value size = cast<Value>(to[dim]);
      isOpen = s.lt(size, s.index(0));
      rest = s.select(isOpen, toIndexValue(b, rest), size);
    }
    to[dim] = rest;
    if (isKnownOpen)
      break;
  }
  return to;
}

static LogicalResult lowerReshape(Lowering &l) {
  if (!l.input(0) || !l.input(1))
    return l.unsupported("two inputs are expected");
  RankedTensorType declared = l.resultType();
  if (l.onnxType(1).getRank() != 1)
    return l.unsupported("its shape is not a list");
  SmallVector<OpFoldResult> asked =
      readIntegers(l.b, l.input(1), declared.getRank());
  SmallVector<OpFoldResult> sizes = resolveShape(
      l.b, l.input(0), asked, declared, l.node.intAttr("allowzero", 0) != 0);
  l.setResult(buildReshape(l.b, l.input(0), sizes));
  return success();
}

static LogicalResult lowerFlatten(Lowering &l) {
  SmallVector<OpFoldResult> sizes = sizesOf(l.b, l.b.getLoc(), l.input(0));
  int64_t rank = sizes.size(), axis = l.node.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return l.unsupported("its axis is out of range");
  if (axis < 0)
    axis += rank;
  ArrayRef<OpFoldResult> all(sizes);
  l.setResult(buildReshape(l.b, l.input(0),
                           {productOf(l.b, all.take_front(axis)),
                            productOf(l.b, all.drop_front(axis))}));
  return success();
}

/// The axes of a node, an attribute or input 1: normalised; nothing where there
/// are none. Fails where they are not known or out of range.
static FailureOr<std::optional<SmallVector<int64_t>>> getAxes(Lowering &l,
                                                              int64_t rank) {
  std::optional<SmallVector<int64_t>> axes = l.node.intsAttr("axes");
  if (Value input = l.input(1)) {
    DenseIntElementsAttr constant;
    if (!matchPattern(input, m_Constant(&constant)))
      return failure();
    axes.emplace();
    for (const APInt &axis : constant.getValues<APInt>())
      axes->push_back(axis.getSExtValue());
  }
  if (axes)
    for (int64_t &axis : *axes) {
      std::optional<int64_t> normal = normalizeAxis(axis, rank);
      if (!normal)
        return failure();
      axis = *normal;
    }
  return axes;
}

/// The result where its type says it all: the order of elements stays.
static LogicalResult lowerToDeclared(Lowering &l) {
  RankedTensorType type = l.resultType();
  if (!type.hasStaticShape())
    return l.unsupported("its axes are not constant, or out of range");
  SmallVector<OpFoldResult> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(l.b.getIndexAttr(size));
  l.setResult(buildReshape(l.b, l.input(0), sizes));
  return success();
}

static LogicalResult lowerSqueeze(Lowering &l) {
  RankedTensorType type = l.onnxType(0);
  auto axes = getAxes(l, type.getRank());
  if (failed(axes))
    return lowerToDeclared(l);
  SmallVector<bool> drop(type.getRank(), false);
  if (*axes) {
    for (int64_t axis : **axes)
      drop[axis] = true;
  } else {
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      drop[dim] = type.getDimSize(dim) == 1;
    if (!type.hasStaticShape() &&
        llvm::count(drop, false) != l.resultType().getRank())
      return l.unsupported("it has no axes, and its input's shape is unknown");
  }
  // A dimension that is dropped is 1, whether its type says so or not.
  SmallVector<int64_t> shape(type.getShape());
  for (auto [size, isDropped] : llvm::zip_equal(shape, drop))
    if (isDropped) {
      if (size != 1 && !ShapedType::isDynamic(size))
        return l.unsupported("it squeezes a dimension that is not 1");
      size = 1;
    }
  Value input = l.input(0);
  auto cast = RankedTensorType::get(shape, convertType(type.getElementType()));
  if (cast != input.getType())
    input = tensor::CastOp::create(l.b, cast, input);
  l.setResult(dropUnitDims(l.b, input, drop));
  return success();
}

static LogicalResult lowerUnsqueeze(Lowering &l) {
  RankedTensorType type = l.onnxType(0), declared = l.resultType();
  auto axes = getAxes(l, declared.getRank());
  if (failed(axes) || !*axes)
    return lowerToDeclared(l);
  llvm::SmallBitVector inserted(declared.getRank());
  for (int64_t axis : **axes)
    inserted.set(axis);
  if (int64_t(inserted.count()) != declared.getRank() - type.getRank())
    return l.unsupported("its axes do not fit its result's rank");
  SmallVector<OpFoldResult> own = sizesOf(l.b, l.b.getLoc(), l.input(0)), sizes;
  auto *next = own.begin();
  for (int64_t dim = 0; dim < declared.getRank(); ++dim)
    sizes.push_back(inserted.test(dim) ? OpFoldResult(l.b.getIndexAttr(1))
                                       : *next++);
  l.setResult(buildReshape(l.b, l.input(0), sizes));
  return success();
}

Value mlir::bev::onnx_to_linalg::buildTranspose(ImplicitLocOpBuilder &b,
                                                Value tensor,
                                                ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return tensor;
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), tensor), sizes;
  for (int64_t dim : permutation)
    sizes.push_back(own[dim]);
  auto type = cast<RankedTensorType>(tensor.getType());
  Value empty = buildEmpty(b, sizes, type.getElementType());
  return linalg::TransposeOp::create(b, tensor, empty, permutation)
      ->getResult(0);
}

static LogicalResult lowerTranspose(Lowering &l) {
  int64_t rank = l.onnxType(0).getRank();
  SmallVector<int64_t> permutation;
  if (auto perm = l.node.intsAttr("perm"); perm && !perm->empty())
    permutation = *perm;
  else
    for (int64_t dim = rank; dim-- > 0;)
      permutation.push_back(dim);
  llvm::SmallBitVector seen(rank);
  for (int64_t &dim : permutation) {
    std::optional<int64_t> normal = normalizeAxis(dim, rank);
    if (!normal || seen.test(*normal))
      return l.unsupported("its 'perm' is not a permutation");
    dim = *normal;
    seen.set(dim);
  }
  if (!seen.all())
    return l.unsupported("its 'perm' is not a permutation");
  l.setResult(buildTranspose(l.b, l.input(0), permutation));
  return success();
}

/// The sizes and block size of a node on images [N, C, H, W].
static LogicalResult getBlocks(Lowering &l, SmallVector<OpFoldResult> &sizes,
                               int64_t &block) {
  block = l.node.intAttr("blocksize", 0);
  if (l.onnxType(0).getRank() != 4 || block < 1 || block > 1 << 15)
    return l.unsupported("an input of rank 4 and a positive block size are "
                         "expected");
  sizes = sizesOf(l.b, l.b.getLoc(), l.input(0));
  return success();
}

static OpFoldResult divideSize(ImplicitLocOpBuilder &b, OpFoldResult size,
                               int64_t divisor) {
  return applySizes(b, b.getAffineSymbolExpr(0).floorDiv(divisor), size);
}

static LogicalResult lowerDepthToSpace(Lowering &l) {
  SmallVector<OpFoldResult> n;
  int64_t block;
  if (failed(getBlocks(l, n, block)))
    return failure();
  RankedTensorType type = l.onnxType(0);
  if (!type.isDynamicDim(1) && type.getDimSize(1) % (block * block))
    return l.unsupported("its channels are not a multiple of its blocks");
  ImplicitLocOpBuilder &b = l.b;
  OpFoldResult size = b.getIndexAttr(block);
  OpFoldResult channels = divideSize(b, n[1], block * block);
  bool isColumns = l.node.stringAttr("mode", "DCR") == "CRD";
  Value split = isColumns
                    ? buildReshape(b, l.input(0),
                                   {n[0], channels, size, size, n[2], n[3]})
                    : buildReshape(b, l.input(0),
                                   {n[0], size, size, channels, n[2], n[3]});
  Value moved = isColumns ? buildTranspose(b, split, {0, 1, 4, 2, 5, 3})
                          : buildTranspose(b, split, {0, 3, 4, 1, 5, 2});
  l.setResult(buildReshape(b, moved,
                           {n[0], channels, multiplySizes(b, n[2], size),
                            multiplySizes(b, n[3], size)}));
  return success();
}

static LogicalResult lowerSpaceToDepth(Lowering &l) {
  SmallVector<OpFoldResult> n;
  int64_t block;
  if (failed(getBlocks(l, n, block)))
    return failure();
  RankedTensorType type = l.onnxType(0);
  for (int64_t dim : {2, 3})
    if (!type.isDynamicDim(dim) && type.getDimSize(dim) % block)
      return l.unsupported("its image is not a multiple of its blocks");
  ImplicitLocOpBuilder &b = l.b;
  OpFoldResult size = b.getIndexAttr(block);
  OpFoldResult height = divideSize(b, n[2], block);
  OpFoldResult width = divideSize(b, n[3], block);
  Value split =
      buildReshape(b, l.input(0), {n[0], n[1], height, size, width, size});
  bool isColumns = l.node.stringAttr("mode", "DCR") == "CRD";
  Value moved = isColumns ? buildTranspose(b, split, {0, 1, 3, 5, 2, 4})
                          : buildTranspose(b, split, {0, 3, 5, 1, 2, 4});
  OpFoldResult channels = multiplySizes(b, n[1], b.getIndexAttr(block * block));
  l.setResult(buildReshape(b, moved, {n[0], channels, height, width}));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getReshapeLowerings() {
  static const Entry entries[] = {
      {"DepthToSpace", lowerDepthToSpace}, {"Flatten", lowerFlatten},
      {"Reshape", lowerReshape},           {"SpaceToDepth", lowerSpaceToDepth},
      {"Squeeze", lowerSqueeze},           {"Transpose", lowerTranspose},
      {"Unsqueeze", lowerUnsqueeze},
  };
  return entries;
}
