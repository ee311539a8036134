// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes of tensors, and elementwise ops over broadcast inputs.

#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_linalg;

/// Tensors with at most so many elements may be computed as scalars.
static constexpr int64_t kMaxScalars = 32;

SmallVector<Value>
mlir::bev::onnx_to_linalg::dynamicSizes(OpBuilder &b, Location loc,
                                        ArrayRef<OpFoldResult> sizes) {
  SmallVector<Value> values;
  for (OpFoldResult size : sizes)
    if (!getConstantIntValue(size))
      values.push_back(getValueOrCreateConstantIndexOp(b, loc, size));
  return values;
}

RankedTensorType mlir::bev::onnx_to_linalg::typeOf(ArrayRef<OpFoldResult> sizes,
                                                   Type elementType) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, elementType);
}

/// The size of dimension `dim`, found where the tensor was computed.
static OpFoldResult sizeOf(OpBuilder &b, Location loc, Value tensor,
                           int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return b.getIndexAttr(type.getDimSize(dim));
  auto result = dyn_cast<OpResult>(tensor);
  Operation *op = result ? result.getOwner() : nullptr;
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op)) {
    if (isa<RankedTensorType>(cast.getSource().getType()))
      return sizeOf(b, loc, cast.getSource(), dim);
  } else if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op)) {
    return empty.getMixedSizes()[dim];
  } else if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op)) {
    return expand.getMixedOutputShape()[dim];
  } else if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(op)) {
    if (slice.getSourceType().getRank() == type.getRank())
      return slice.getMixedSizes()[dim];
  } else if (auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op)) {
    return sizeOf(b, loc, linalgOp.getDpsInits()[result.getResultNumber()],
                  dim);
  }
  return b.createOrFold<tensor::DimOp>(loc, tensor, dim);
}

SmallVector<OpFoldResult>
mlir::bev::onnx_to_linalg::sizesOf(OpBuilder &b, Location loc, Value tensor) {
  SmallVector<OpFoldResult> sizes;
  auto type = cast<RankedTensorType>(tensor.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    sizes.push_back(sizeOf(b, loc, tensor, dim));
  return sizes;
}

bool mlir::bev::onnx_to_linalg::isSameSize(OpFoldResult a, OpFoldResult b) {
  if (a == b || isEqualConstantIntOrValue(a, b))
    return true;
  auto dimA = dyn_cast_if_present<Value>(a),
       dimB = dyn_cast_if_present<Value>(b);
  if (!dimA || !dimB)
    return false;
  auto opA = dimA.getDefiningOp<tensor::DimOp>(),
       opB = dimB.getDefiningOp<tensor::DimOp>();
  return opA && opB && opA.getSource() == opB.getSource() &&
         opA.getConstantIndex() &&
         opA.getConstantIndex() == opB.getConstantIndex();
}

SmallVector<OpFoldResult>
mlir::bev::onnx_to_linalg::broadcastSizes(ImplicitLocOpBuilder &b,
                                          ValueRange tensors) {
  int64_t rank = 0;
  for (Value tensor : tensors)
    rank = std::max(rank, cast<RankedTensorType>(tensor.getType()).getRank());
  SmallVector<OpFoldResult> sizes(rank, b.getIndexAttr(1));
  for (Value tensor : tensors) {
    SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), tensor);
    for (auto [dim, size] : llvm::enumerate(own)) {
      OpFoldResult &common = sizes[rank - own.size() + dim];
      std::optional<int64_t> constant = getConstantIntValue(size),
                             commonConstant = getConstantIntValue(common);
      if (constant == 1 || isSameSize(size, common) ||
          (commonConstant && *commonConstant != 1))
        continue;
      if (commonConstant == 1 || constant) {
        common = size;
        continue;
      }
      Value isOne = arith::CmpIOp::create(
          b, arith::CmpIPredicate::eq,
          getValueOrCreateConstantIndexOp(b, b.getLoc(), common),
          arith::ConstantIndexOp::create(b, 1));
      common =
          arith::SelectOp::create(
              b, isOne, getValueOrCreateConstantIndexOp(b, b.getLoc(), size),
              getValueOrCreateConstantIndexOp(b, b.getLoc(), common))
              .getResult();
    }
  }
  return sizes;
}

Value mlir::bev::onnx_to_linalg::dropUnitDims(ImplicitLocOpBuilder &b,
                                              Value tensor,
                                              ArrayRef<bool> drop) {
  auto type = cast<RankedTensorType>(tensor.getType());
  // Dropped dimensions join the kept one before them; leading ones the first.
  SmallVector<ReassociationIndices> groups;
  SmallVector<int64_t> shape;
  ReassociationIndices group;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!drop[dim]) {
      if (!shape.empty())
        groups.push_back(std::exchange(group, {}));
      shape.push_back(type.getDimSize(dim));
    }
    group.push_back(dim);
  }
  if (shape.size() == size_t(type.getRank()))
    return tensor;
  if (!shape.empty())
    groups.push_back(group);
  return tensor::CollapseShapeOp::create(
      b, RankedTensorType::get(shape, type.getElementType()), tensor, groups);
}

std::optional<SmallVector<Value>>
mlir::bev::onnx_to_linalg::getElements(ImplicitLocOpBuilder &b, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.hasStaticShape() || type.getNumElements() > kMaxScalars)
    return std::nullopt;
  while (Operation *op = tensor.getDefiningOp()) {
    if (!isa<tensor::CastOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp>(
            op))
      break;
    tensor = op->getOperand(0);
  }
  if (auto elements = tensor.getDefiningOp<tensor::FromElementsOp>())
    return SmallVector<Value>(elements.getElements());
  DenseElementsAttr constant;
  if (!matchPattern(tensor, m_Constant(&constant)))
    return std::nullopt;
  SmallVector<Value> values;
  for (Attribute value : constant.getValues<Attribute>())
    values.push_back(arith::ConstantOp::create(b, cast<TypedAttr>(value)));
  return values;
}

/// Computes a small tensor of integers as scalars where its inputs are, so that
/// shapes stay visible to later lowerings and never reach a device.
static Value tryBuildScalars(
    ImplicitLocOpBuilder &b, ValueRange inputs, RankedTensorType type,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  if (!type.hasStaticShape() || type.getRank() > 1 ||
      type.getNumElements() > kMaxScalars ||
      !type.getElementType().isSignlessInteger())
    return Value();
  SmallVector<SmallVector<Value>> elements;
  for (Value input : inputs) {
    std::optional<SmallVector<Value>> values = getElements(b, input);
    if (!values)
      return Value();
    elements.push_back(std::move(*values));
  }
  SmallVector<Value> results;
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    SmallVector<Value> arguments;
    for (ArrayRef<Value> values : elements)
      arguments.push_back(values[values.size() == 1 ? 0 : i]);
    results.push_back(body(b, arguments));
  }
  return tensor::FromElementsOp::create(b, type, results);
}

namespace {
/// How an input of an elementwise op is read.
struct Access {
  /// The input without broadcast dimensions, where a map reads it.
  Value tensor;
  AffineMap map;
  /// Otherwise the input, and for each of its dimensions the largest index.
  SmallVector<Value> lastIndices;
};
} // namespace

static Access getAccess(ImplicitLocOpBuilder &b, Value input,
                        ArrayRef<OpFoldResult> sizes) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t offset = sizes.size() - type.getRank();
  SmallVector<OpFoldResult> own = sizesOf(b, b.getLoc(), input);
  SmallVector<bool> drop(type.getRank(), false);
  SmallVector<AffineExpr> exprs;
  bool isMapped = true;
  for (auto [dim, size] : llvm::enumerate(own)) {
    OpFoldResult common = sizes[offset + dim];
    if (getConstantIntValue(size) == 1 && getConstantIntValue(common) != 1) {
      drop[dim] = true;
      continue;
    }
    // A size that must be 1 is not broadcast.
    isMapped &= isSameSize(size, common) || getConstantIntValue(common) == 1;
    exprs.push_back(b.getAffineDimExpr(offset + dim));
  }
  Access access;
  if (isMapped) {
    access.tensor = dropUnitDims(b, input, drop);
    access.map =
        AffineMap::get(sizes.size(), /*symbolCount=*/0, exprs, b.getContext());
    return access;
  }
  access.tensor = input;
  Value one = arith::ConstantIndexOp::create(b, 1);
  for (OpFoldResult size : own)
    access.lastIndices.push_back(b.createOrFold<arith::SubIOp>(
        getValueOrCreateConstantIndexOp(b, b.getLoc(), size), one));
  return access;
}

Value mlir::bev::onnx_to_linalg::buildElementwise(
    ImplicitLocOpBuilder &b, ValueRange inputs, ArrayRef<OpFoldResult> sizes,
    Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  if (Value scalars =
          tryBuildScalars(b, inputs, typeOf(sizes, elementType), body))
    return scalars;
  SmallVector<Access> accesses;
  SmallVector<Value> mapped;
  SmallVector<AffineMap> maps;
  for (Value input : inputs) {
    Access access = getAccess(b, input, sizes);
    if (access.map) {
      mapped.push_back(access.tensor);
      maps.push_back(access.map);
    }
    accesses.push_back(std::move(access));
  }
  maps.push_back(b.getMultiDimIdentityMap(sizes.size()));
  Value empty = tensor::EmptyOp::create(b, sizes, elementType);
  SmallVector<utils::IteratorType> iterators(sizes.size(),
                                             utils::IteratorType::parallel);
  auto op = linalg::GenericOp::create(
      b, empty.getType(), mapped, empty, maps, iterators,
      [&](OpBuilder &inner, Location loc, ValueRange arguments) {
        ImplicitLocOpBuilder ib(loc, inner);
        SmallVector<Value> scalars;
        for (const Access &access : accesses) {
          if (access.map) {
            scalars.push_back(arguments.front());
            arguments = arguments.drop_front();
            continue;
          }
          SmallVector<Value> indices;
          size_t offset = sizes.size() - access.lastIndices.size();
          for (auto [dim, last] : llvm::enumerate(access.lastIndices))
            indices.push_back(arith::MinSIOp::create(
                ib, linalg::IndexOp::create(ib, offset + dim), last));
          scalars.push_back(
              tensor::ExtractOp::create(ib, access.tensor, indices));
        }
        linalg::YieldOp::create(ib, body(ib, scalars));
      });
  return op.getResult(0);
}

Value mlir::bev::onnx_to_linalg::buildFill(ImplicitLocOpBuilder &b,
                                           ArrayRef<OpFoldResult> sizes,
                                           Value scalar) {
  Value empty = tensor::EmptyOp::create(b, sizes, scalar.getType());
  return linalg::FillOp::create(b, scalar, empty).getResult(0);
}

Value mlir::bev::onnx_to_linalg::buildGenerate(
    ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, Type elementType,
    llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  Value empty = tensor::EmptyOp::create(b, sizes, elementType);
  SmallVector<utils::IteratorType> iterators(sizes.size(),
                                             utils::IteratorType::parallel);
  auto op = linalg::GenericOp::create(
      b, empty.getType(), ValueRange(), empty,
      b.getMultiDimIdentityMap(sizes.size()), iterators,
      [&](OpBuilder &inner, Location loc, ValueRange) {
        ImplicitLocOpBuilder ib(loc, inner);
        SmallVector<Value> indices;
        for (size_t dim = 0; dim < sizes.size(); ++dim)
          indices.push_back(linalg::IndexOp::create(ib, dim));
        linalg::YieldOp::create(ib, body(ib, indices));
      });
  return op.getResult(0);
}

SmallVector<OpFoldResult>
mlir::bev::onnx_to_linalg::readIntegers(ImplicitLocOpBuilder &b, Value tensor,
                                        int64_t count) {
  SmallVector<OpFoldResult> integers;
  auto type = cast<RankedTensorType>(tensor.getType());
  DenseIntElementsAttr constant;
  if (matchPattern(tensor, m_Constant(&constant)) &&
      constant.getNumElements() == count) {
    for (const APInt &value : constant.getValues<APInt>())
      integers.push_back(b.getIndexAttr(value.getSExtValue()));
    return integers;
  }
  std::optional<SmallVector<Value>> elements = getElements(b, tensor);
  for (int64_t i = 0; i < count; ++i) {
    Value element;
    if (elements && int64_t(elements->size()) == count) {
      element = (*elements)[i];
    } else {
      SmallVector<Value> indices;
      if (type.getRank() == 1)
        indices.push_back(arith::ConstantIndexOp::create(b, i));
      element = tensor::ExtractOp::create(b, tensor, indices);
    }
    integers.push_back(getAsOpFoldResult(
        b.createOrFold<arith::IndexCastOp>(b.getIndexType(), element)));
  }
  return integers;
}
