// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix products through oneDNN. The result is cut into blocks that threads
// take one by one, each computed by a kernel for one thread and finished while
// it is in the cache.

#include "OpenMP.h"
#include "Plan.h"
#include "bev/Runtime/Runtime.h"

#include <algorithm>
#include <atomic>

using namespace bev::rt;

namespace {
/// One product after merging of batches: sizes and strides in elements.
struct Product {
  int64_t batch[2], m, n, k;
  int64_t lhsBatch[2], lhsM, lhsK;
  int64_t rhsBatch[2], rhsK, rhsN;
  int64_t outBatch[2], outM;
  int64_t residualBatch[2], residualM;
};

/// Rows and columns of a block.
struct Blocks {
  int64_t rows, columns;
};
} // namespace

/// The stride of a dimension of size 1 does not count; others must lie apart
/// for oneDNN to take them.
static bool normalize(int64_t rows, int64_t columns, int64_t &rowStride,
                      int64_t &columnStride) {
  if (columns == 1 && rows == 1)
    rowStride = columnStride = 1;
  else if (columns == 1)
    columnStride = rowStride == 1 ? rows : 1;
  else if (rows == 1)
    rowStride = columnStride == 1 ? columns : 1;
  if (columnStride == 1)
    return rowStride >= columns;
  return rowStride == 1 && columnStride >= rows;
}

/// Adds batches to the rows where rhs is the same for all of them.
static void mergeBatches(Product &p, bool hasResidual) {
  for (int i = 1; i >= 0; --i) {
    if (p.batch[i] == 1)
      continue;
    if (p.rhsBatch[i] != 0 || p.lhsBatch[i] != p.m * p.lhsM ||
        p.outBatch[i] != p.m * p.outM ||
        (hasResidual && p.residualBatch[i] != p.m * p.residualM))
      return;
    p.m *= p.batch[i];
    p.batch[i] = 1;
  }
}

static Blocks chooseBlocks(const Product &p) {
  constexpr int64_t rows = 128, fewestRows = 32, leastWork = 1 << 18;
  auto ceilDiv = [](int64_t a, int64_t b) { return (a + b - 1) / b; };
  Blocks blocks{std::min(rows, p.m), p.n};
  int64_t wanted = 4 * static_cast<int64_t>(getNumThreads());
  auto count = [&] {
    return p.batch[0] * p.batch[1] * ceilDiv(p.m, blocks.rows) *
           ceilDiv(p.n, blocks.columns);
  };
  auto isSmall = [&] {
    return blocks.rows * blocks.columns * p.k <= leastWork;
  };
  while (count() < wanted && blocks.rows > fewestRows && !isSmall())
    blocks.rows = std::max(fewestRows, ceilDiv(ceilDiv(blocks.rows, 2), 8) * 8);
  while (count() < wanted && blocks.columns > 64 && !isSmall())
    blocks.columns =
        std::max<int64_t>(64, ceilDiv(ceilDiv(blocks.columns, 2), 64) * 64);
  return blocks;
}

static std::unique_ptr<Kernel> createKernel(const OneDNN &dnnl,
                                            const Product &p, int64_t rows,
                                            int64_t columns, bool hasBias,
                                            bool anyWeights) {
  dnnl_memory_desc_t lhs, rhs, bias, out;
  dnnl_dims_t lhsSizes = {rows, p.k}, lhsStrides = {p.lhsM, p.lhsK};
  dnnl_dims_t rhsSizes = {p.k, columns}, rhsStrides = {p.rhsK, p.rhsN};
  dnnl_dims_t biasSizes = {1, columns}, biasStrides = {columns, 1};
  dnnl_dims_t outSizes = {rows, columns}, outStrides = {p.outM, 1};
  if (dnnl.memory_desc_init_by_strides(&lhs, 2, lhsSizes, dnnl_f32,
                                       lhsStrides) ||
      (anyWeights ? dnnl.memory_desc_init_by_tag(&rhs, 2, rhsSizes, dnnl_f32,
                                                 dnnl_format_tag_any)
                  : dnnl.memory_desc_init_by_strides(&rhs, 2, rhsSizes,
                                                     dnnl_f32, rhsStrides)) ||
      dnnl.memory_desc_init_by_strides(&bias, 2, biasSizes, dnnl_f32,
                                       biasStrides) ||
      dnnl.memory_desc_init_by_strides(&out, 2, outSizes, dnnl_f32, outStrides))
    return nullptr;
  dnnl_matmul_desc_t descriptor;
  if (dnnl.matmul_desc_init(&descriptor, &lhs, &rhs, hasBias ? &bias : nullptr,
                            &out) != dnnl_success)
    return nullptr;
  return Kernel::create(dnnl, &descriptor);
}

/// Computes out = act(lhs * rhs + bias + residual). Returns 0 where oneDNN is
/// absent or cannot, with `out` in any state.
extern "C" BEVRT_EXPORT int32_t _mlir_ciface_bevrtMatMul(
    void **slot, MemRef<4> *lhs, MemRef<4> *rhs, MemRef<1> *bias,
    MemRef<4> *residual, MemRef<4> *out, int64_t flags) {
  bool hasResidual = flags & kHasResidual, relu = flags & kReLU;
  Product p;
  p.m = out->sizes[2];
  p.n = out->sizes[3];
  p.k = lhs->sizes[3];
  for (int i = 0; i < 2; ++i) {
    p.batch[i] = out->sizes[i];
    p.lhsBatch[i] = lhs->strides[i];
    p.rhsBatch[i] = rhs->strides[i];
    p.outBatch[i] = out->strides[i];
    p.residualBatch[i] = residual->strides[i];
  }
  if (p.m == 0 || p.n == 0 || p.batch[0] == 0 || p.batch[1] == 0)
    return 1;
  if (p.k == 0)
    return 0;
  p.lhsM = lhs->strides[2];
  p.lhsK = lhs->strides[3];
  p.rhsK = rhs->strides[2];
  p.rhsN = rhs->strides[3];
  p.outM = out->strides[2];
  p.residualM = residual->strides[2];
  int64_t outN = out->strides[3];
  if (!normalize(p.m, p.k, p.lhsM, p.lhsK) ||
      !normalize(p.k, p.n, p.rhsK, p.rhsN) ||
      !normalize(p.m, p.n, p.outM, outN) || (outN != 1 && p.n != 1) ||
      (hasResidual && p.n != 1 && residual->strides[3] != 1) ||
      ((flags & kHasBias) && p.n != 1 && bias->strides[0] != 1))
    return 0;
  if (p.n == 1)
    p.outM = out->strides[2];
  Plan *plan = Plan::get(slot);
  if (!plan)
    return 0;
  mergeBatches(p, hasResidual);

  bool isConstant =
      (flags & kConstantWeights) && p.rhsBatch[0] == 0 && p.rhsBatch[1] == 0;
  bool hasBias = flags & kHasBias;
  Blocks blocks = chooseBlocks(p);
  int64_t rowBlocks = (p.m + blocks.rows - 1) / blocks.rows,
          columnBlocks = (p.n + blocks.columns - 1) / blocks.columns;

  // Kernels of the four kinds of blocks, last row and last column or not.
  struct Kind {
    const Kernel *kernel = nullptr;
    int64_t rows, columns;
  };
  Kind kinds[2][2];
  std::vector<std::array<const void *, 2>> weights(columnBlocks);
  {
    std::lock_guard<std::mutex> lock(plan->mutex);
    for (int r = 0; r < 2; ++r)
      for (int c = 0; c < 2; ++c) {
        Kind &kind = kinds[r][c];
        kind.rows = r ? p.m - (rowBlocks - 1) * blocks.rows : blocks.rows;
        kind.columns =
            c ? p.n - (columnBlocks - 1) * blocks.columns : blocks.columns;
        Plan::Key key = {kind.rows, kind.columns, p.k,    p.lhsM,  p.lhsK,
                         p.rhsK,    p.rhsN,       p.outM, hasBias, isConstant};
        kind.kernel = plan->getKernel(key, [&] {
          return createKernel(plan->dnnl, p, kind.rows, kind.columns, hasBias,
                              isConstant);
        });
        if (!kind.kernel)
          return 0;
      }
    for (int64_t c = 0; c < columnBlocks; ++c) {
      const float *data = rhs->data() + c * blocks.columns * p.rhsN;
      for (int r = 0; r < 2; ++r) {
        const Kind &kind = kinds[r][c == columnBlocks - 1];
        weights[c][r] = data;
        if (!isConstant)
          continue;
        dnnl_memory_desc_t from;
        dnnl_dims_t sizes = {p.k, kind.columns}, strides = {p.rhsK, p.rhsN};
        if (plan->dnnl.memory_desc_init_by_strides(&from, 2, sizes, dnnl_f32,
                                                   strides) != dnnl_success)
          return 0;
        weights[c][r] = plan->getWeights(from, data, kind.kernel->getWeights());
        if (!weights[c][r])
          return 0;
      }
    }
  }

  std::atomic<bool> failed = false;
  parallelFor(
      p.batch[0] * p.batch[1] * rowBlocks * columnBlocks, [&](int64_t index) {
        // Rows are the slowest, so that threads share the columns of rhs.
        int64_t c = index % columnBlocks, r = index / columnBlocks % rowBlocks;
        int64_t batch = index / columnBlocks / rowBlocks;
        int64_t b[2] = {batch / p.batch[1], batch % p.batch[1]};
        bool lastRow = r == rowBlocks - 1, lastColumn = c == columnBlocks - 1;
        const Kind &kind = kinds[lastRow][lastColumn];
        int64_t row = r * blocks.rows, column = c * blocks.columns;
        auto offset = [&](const int64_t *strides) {
          return b[0] * strides[0] + b[1] * strides[1];
        };
        const float *x = lhs->data() + offset(p.lhsBatch) + row * p.lhsM;
        float *y = out->data() + offset(p.outBatch) + row * p.outM + column;
        const void *w = weights[c][lastRow];
        if (!isConstant)
          w = static_cast<const float *>(w) + offset(p.rhsBatch);
        if (!kind.kernel->run(x, w, hasBias ? bias->data() + column : nullptr,
                              y)) {
          failed = true;
          return;
        }
        if (!hasResidual && !relu)
          return;
        const float *z = residual->data() + offset(p.residualBatch) +
                         row * p.residualM + column;
        for (int64_t i = 0; i < kind.rows; ++i)
          finishRow(y + i * p.outM, hasResidual ? z + i * p.residualM : nullptr,
                    kind.columns, relu);
      });
  return !failed;
}
