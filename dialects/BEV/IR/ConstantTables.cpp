// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of points that are known when compiling.

#include "ConstantTables.h"

#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::bev;

/// The value of a constant tensor, or of a constant of the module; else null.
static Attribute getConstant(Value table) {
  if (auto cast = table.getDefiningOp<tensor::CastOp>())
    return getConstant(cast.getSource());
  if (auto cast = table.getDefiningOp<memref::CastOp>())
    return getConstant(cast.getSource());
  Attribute value;
  if (matchPattern(table, m_Constant(&value)))
    return value;
  auto get = table.getDefiningOp<memref::GetGlobalOp>();
  if (!get)
    return {};
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      get, get.getNameAttr());
  return global && global.getConstant()
             ? global.getInitialValue().value_or(Attribute())
             : Attribute();
}

std::optional<SmallVector<int32_t>> mlir::bev::getTable(Value table) {
  /// A splat of many is a few bytes until it is written out.
  constexpr int64_t kMaxNumbers = 1 << 26;
  auto type = cast<ShapedType>(table.getType());
  if (type.hasStaticShape() && type.getNumElements() > kMaxNumbers)
    return std::nullopt;
  Attribute value = getConstant(table);
  if (auto dense = dyn_cast_or_null<DenseIntElementsAttr>(value)) {
    if (!dense.getElementType().isInteger(32))
      return std::nullopt;
    return llvm::to_vector(dense.getValues<int32_t>());
  }
  auto resource = dyn_cast_or_null<DenseI32ResourceElementsAttr>(value);
  if (!resource)
    return std::nullopt;
  std::optional<ArrayRef<int32_t>> numbers = resource.tryGetAsArrayRef();
  if (!numbers || static_cast<int64_t>(numbers->size()) !=
                      resource.getType().getNumElements())
    return std::nullopt;
  return llvm::to_vector(*numbers);
}

bool mlir::bev::isKnownTable(Value table) { return bool(getConstant(table)); }

SmallVector<int32_t> bev::detail::boundsOfIntervals(ArrayRef<int32_t> ranksBEV,
                                                    ArrayRef<int32_t> starts,
                                                    ArrayRef<int32_t> lengths,
                                                    int64_t numCells) {
  const auto numPoints = static_cast<int64_t>(ranksBEV.size());
  SmallVector<int32_t> bounds(2 * numCells, 0);
  for (auto [start, length] : llvm::zip(starts, lengths)) {
    if (start < 0 || start >= numPoints || length <= 0)
      continue;
    const int64_t cell = ranksBEV[start];
    if (cell < 0 || cell >= numCells)
      continue;
    bounds[2 * cell] = start;
    bounds[2 * cell + 1] = static_cast<int32_t>(
        std::min<int64_t>(start + int64_t(length), numPoints));
  }
  return bounds;
}

bev::detail::SortedPoints bev::detail::sortCells(ArrayRef<int32_t> cells,
                                                 const FrustumSizes &sizes,
                                                 int64_t cellsPerRow) {
  const int64_t camera = sizes.depths * sizes.image;
  const int64_t row = sizes.cameras * camera;
  auto keyOf = [&](int64_t point) -> int64_t {
    const int64_t cell = cells[point];
    return cell < 0 || cell >= cellsPerRow ? -1
                                           : point / row * cellsPerRow + cell;
  };
  const auto numPoints = static_cast<int64_t>(cells.size());
  SortedPoints sorted;
  sorted.bounds.assign(2 * sizes.batch * cellsPerRow, 0);
  // How many a cell has, where they begin, and in the end where they end.
  for (int64_t point = 0; point < numPoints; ++point)
    if (const int64_t key = keyOf(point); key >= 0)
      ++sorted.bounds[2 * key + 1];
  int32_t begin = 0;
  for (int64_t key = 0; key < sizes.batch * cellsPerRow; ++key) {
    const int32_t count = sorted.bounds[2 * key + 1];
    sorted.bounds[2 * key] = sorted.bounds[2 * key + 1] = begin;
    begin += count;
  }
  sorted.ranksDepth.resize(begin);
  sorted.ranksFeat.resize(begin);
  for (int64_t point = 0; point < numPoints; ++point) {
    const int64_t key = keyOf(point);
    if (key < 0)
      continue;
    const int32_t place = sorted.bounds[2 * key + 1]++;
    sorted.ranksDepth[place] = static_cast<int32_t>(point);
    sorted.ranksFeat[place] = static_cast<int32_t>(
        point / camera * sizes.image + point % sizes.image);
  }
  return sorted;
}
