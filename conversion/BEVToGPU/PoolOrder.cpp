// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "PoolOrder.h"

#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"

#include <numeric>
#include <queue>

using namespace mlir;
using namespace mlir::bev;

SmallVector<int32_t> mlir::bev::orderRows(ArrayRef<int32_t> bounds,
                                          int64_t ofBlock) {
  const int64_t numRows = static_cast<int64_t>(bounds.size()) / 2;
  const int64_t numBlocks = llvm::divideCeil(numRows, ofBlock);
  /// What a row costs whatever its points are, in points.
  constexpr int64_t kRowCost = 2;
  SmallVector<int64_t> costs;
  for (int64_t row = 0; row < numRows; ++row) {
    const int64_t begin = std::max<int64_t>(bounds[2 * row], 0);
    costs.push_back(kRowCost +
                    std::max<int64_t>(bounds[2 * row + 1] - begin, 0));
  }
  SmallVector<int64_t> longest(numRows);
  std::iota(longest.begin(), longest.end(), 0);
  llvm::sort(longest, [&](int64_t a, int64_t b) {
    return std::tuple(-costs[a], a) < std::tuple(-costs[b], b);
  });

  // Each goes to the block that has least so far. Of equal ones the first, so
  // that the order depends on nothing else.
  struct Block {
    int64_t cost, number;
    bool operator>(const Block &other) const {
      return std::tie(cost, number) > std::tie(other.cost, other.number);
    }
  };
  std::priority_queue<Block, std::vector<Block>, std::greater<Block>> open;
  for (int64_t block = 0; block < numBlocks; ++block)
    open.push({0, block});
  SmallVector<int64_t> counts(numBlocks, 0);
  SmallVector<int32_t> entries(numBlocks * ofBlock * kOrderWords, 0);
  for (int64_t slot = 0; slot < numBlocks * ofBlock; ++slot)
    entries[slot * kOrderWords] = -1;
  for (int64_t row : longest) {
    Block block = open.top();
    open.pop();
    int32_t *entry =
        &entries[(block.number * ofBlock + counts[block.number]++) *
                 kOrderWords];
    entry[0] = static_cast<int32_t>(row);
    entry[1] = bounds[2 * row];
    entry[2] = bounds[2 * row + 1];
    if (counts[block.number] < ofBlock)
      open.push({block.cost + costs[row], block.number});
  }
  return entries;
}

Value mlir::bev::createRowOrder(OpBuilder &b, IntervalPoolOp op,
                                int64_t ofBlock, SymbolTable &symbols) {
  auto type = cast<MemRefType>(op.getBounds().getType());
  if (!type.hasStaticShape() || !type.getLayout().isIdentity())
    return {};
  std::optional<SmallVector<int32_t>> bounds = getTable(op.getBounds());
  if (!bounds || bounds->empty())
    return {};

  SmallVector<int32_t> entries = orderRows(*bounds, ofBlock);
  const int64_t slots = static_cast<int64_t>(entries.size()) / kOrderWords;
  Type i32 = b.getI32Type();
  auto tableType = MemRefType::get({slots, kOrderWords}, i32);
  auto value = DenseElementsAttr::get(
      RankedTensorType::get({slots, kOrderWords}, i32), ArrayRef(entries));
  OpBuilder outside(b.getContext());
  constexpr int64_t kAlignment = 64;
  auto global = memref::GlobalOp::create(
      outside, op.getLoc(), "bev_row_order", b.getStringAttr("private"),
      tableType, value, /*constant=*/true, b.getI64IntegerAttr(kAlignment));
  symbols.insert(global);
  return memref::GetGlobalOp::create(b, op.getLoc(), tableType,
                                     global.getSymName());
}
