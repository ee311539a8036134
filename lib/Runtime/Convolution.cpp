// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions, channels last, through oneDNN. Images are cut into blocks of
// rows that threads take one by one, each computed by a kernel for one thread
// and finished while it is in the cache.

#include "OpenMP.h"
#include "Plan.h"
#include "bev/Runtime/Runtime.h"

#include <algorithm>
#include <atomic>

using namespace bev::rt;

namespace {
/// One convolution: sizes, and strides in elements.
struct Shape {
  int64_t batch, height, width, channels;
  int64_t filters, groups, kernel[2];
  int64_t outHeight, outWidth;
  int64_t strides[2], dilations[2], top, left;
  int64_t imageRow, imageColumn, outRow, outColumn;
  int64_t filterStrides[4];
  bool hasBias;

  /// How far a kernel reaches, in rows or columns.
  int64_t reach(int i) const { return (kernel[i] - 1) * dilations[i] + 1; }
};

/// Rows of the result, and the rows of the image that they read, with padding
/// around those.
struct Rows {
  int64_t begin, count, imageBegin, imageCount, before, after;
};
} // namespace

static Rows getRows(const Shape &s, int64_t begin, int64_t count) {
  int64_t first = begin * s.strides[0] - s.top;
  int64_t end = first + (count - 1) * s.strides[0] + s.reach(0);
  int64_t imageBegin = std::clamp<int64_t>(first, 0, s.height);
  int64_t imageEnd = std::clamp<int64_t>(end, 0, s.height);
  return {begin,
          count,
          imageBegin,
          imageEnd - imageBegin,
          imageBegin - first,
          end - imageEnd};
}

/// Rows of the result in a block: as many as fit a core's cache together with
/// what they read, and few enough to occupy all threads.
static int64_t chooseRows(const Shape &s) {
  constexpr int64_t cache = 3 << 18, fewestPixels = 96;
  int64_t bytes =
      4 * (s.outWidth * s.filters +
           s.width * s.channels * std::min(s.strides[0], s.reach(0)));
  int64_t rows = std::clamp<int64_t>(cache / bytes, 1, s.outHeight);
  int64_t least =
      std::clamp<int64_t>(fewestPixels / s.outWidth, 1, s.outHeight);
  auto count = [&](int64_t rows) {
    return s.batch * ((s.outHeight + rows - 1) / rows);
  };
  rows = std::max(rows, least);
  int64_t wanted = 3 * static_cast<int64_t>(getNumThreads());
  while (rows > least && count(rows) < wanted)
    rows = std::max(least, rows / 2);
  // Blocks of about one size.
  int64_t blocks = (s.outHeight + rows - 1) / rows;
  return (s.outHeight + blocks - 1) / blocks;
}

/// The filter as oneDNN wants to see it: [F,C,KH,KW], or with groups
/// [G,F/G,C/G,KH,KW].
static bool describeFilter(const OneDNN &dnnl, const Shape &s, bool any,
                           dnnl_memory_desc_t &filter) {
  int64_t inputs = s.channels / s.groups;
  dnnl_dims_t sizes = {s.filters, inputs, s.kernel[0], s.kernel[1]};
  dnnl_dims_t strides = {s.filterStrides[0], s.filterStrides[1],
                         s.filterStrides[2], s.filterStrides[3]};
  int rank = 4;
  if (s.groups > 1) {
    int64_t outputs = s.filters / s.groups;
    rank = 5;
    for (int i = 4; i > 1; --i) {
      sizes[i] = sizes[i - 1];
      strides[i] = strides[i - 1];
    }
    sizes[0] = s.groups;
    sizes[1] = outputs;
    strides[1] = strides[0];
    strides[0] = outputs * strides[1];
  }
  return (any ? dnnl.memory_desc_init_by_tag(&filter, rank, sizes, dnnl_f32,
                                             dnnl_format_tag_any)
              : dnnl.memory_desc_init_by_strides(&filter, rank, sizes, dnnl_f32,
                                                 strides)) == dnnl_success;
}

static std::unique_ptr<Kernel> createKernel(const OneDNN &dnnl, const Shape &s,
                                            const Rows &rows) {
  int64_t end = (s.outWidth - 1) * s.strides[1] + s.reach(1) - s.left;
  // oneDNN ignores columns at the end that are fewer than a stride. More are
  // left out here, which costs its fast kernels: they want rows without gaps.
  int64_t width = s.width - end < s.strides[1] ? s.width : end;
  int64_t right = std::max<int64_t>(end - width, 0);
  if (rows.imageCount < 1 || width < 1)
    return nullptr;
  dnnl_memory_desc_t image, filter, bias, out;
  dnnl_dims_t imageSizes = {1, s.channels, rows.imageCount, width};
  dnnl_dims_t imageStrides = {s.imageRow * rows.imageCount, 1, s.imageRow,
                              s.imageColumn};
  dnnl_dims_t outSizes = {1, s.filters, rows.count, s.outWidth};
  dnnl_dims_t outStrides = {s.outRow * rows.count, 1, s.outRow, s.outColumn};
  dnnl_dims_t biasSizes = {s.filters}, biasStrides = {1};
  if (dnnl.memory_desc_init_by_strides(&image, 4, imageSizes, dnnl_f32,
                                       imageStrides) ||
      dnnl.memory_desc_init_by_strides(&out, 4, outSizes, dnnl_f32,
                                       outStrides) ||
      dnnl.memory_desc_init_by_strides(&bias, 1, biasSizes, dnnl_f32,
                                       biasStrides) ||
      !describeFilter(dnnl, s, /*any=*/true, filter))
    return nullptr;
  dnnl_dims_t strides = {s.strides[0], s.strides[1]};
  dnnl_dims_t dilations = {s.dilations[0] - 1, s.dilations[1] - 1};
  dnnl_dims_t before = {rows.before, s.left};
  dnnl_dims_t after = {rows.after, right};
  dnnl_convolution_desc_t descriptor;
  if (dnnl.dilated_convolution_forward_desc_init(
          &descriptor, dnnl_forward_inference, dnnl_convolution_direct, &image,
          &filter, s.hasBias ? &bias : nullptr, &out, strides, dilations,
          before, after) != dnnl_success)
    return nullptr;
  return Kernel::create(dnnl, &descriptor);
}

/// Computes out = act(convolution(image, filter) + bias + residual) for images
/// [N,H,W,C], filters [F,C/G,KH,KW] and results [N,OH,OW,F]. Returns 0 where
/// oneDNN is absent or cannot, with `out` in any state.
extern "C" BEVRT_EXPORT int32_t _mlir_ciface_bevrtConvolution(
    void **slot, MemRef<4> *image, MemRef<4> *filter, MemRef<1> *bias,
    MemRef<4> *residual, MemRef<4> *out, int64_t strideH, int64_t strideW,
    int64_t dilationH, int64_t dilationW, int64_t top, int64_t left,
    int64_t groups, int64_t flags) {
  bool hasResidual = flags & kHasResidual, relu = flags & kReLU;
  Shape s;
  s.batch = image->sizes[0];
  s.height = image->sizes[1];
  s.width = image->sizes[2];
  s.channels = image->sizes[3];
  s.filters = filter->sizes[0];
  s.groups = groups;
  s.kernel[0] = filter->sizes[2];
  s.kernel[1] = filter->sizes[3];
  s.outHeight = out->sizes[1];
  s.outWidth = out->sizes[2];
  s.strides[0] = strideH;
  s.strides[1] = strideW;
  s.dilations[0] = dilationH;
  s.dilations[1] = dilationW;
  s.top = top;
  s.left = left;
  s.hasBias = flags & kHasBias;
  s.imageRow = image->strides[1];
  s.imageColumn = image->strides[2];
  s.outRow = out->strides[1];
  s.outColumn = out->strides[2];
  std::copy_n(filter->strides, 4, s.filterStrides);
  for (int64_t size : out->sizes)
    if (size == 0)
      return 1;
  auto isPacked = [](const MemRef<4> &m) {
    return (m.sizes[3] == 1 || m.strides[3] == 1) &&
           m.strides[2] >= m.sizes[3] &&
           m.strides[1] >= m.strides[2] * m.sizes[2];
  };
  if (s.channels == 0 || s.height == 0 || s.width == 0 || s.kernel[0] == 0 ||
      s.kernel[1] == 0 || !isPacked(*image) || !isPacked(*out) ||
      (hasResidual && !isPacked(*residual)) ||
      (s.hasBias && s.filters != 1 && bias->strides[0] != 1))
    return 0;
  Plan *plan = Plan::get(slot);
  if (!plan)
    return 0;

  int64_t rowsPerBlock = chooseRows(s);
  int64_t numBlocks = (s.outHeight + rowsPerBlock - 1) / rowsPerBlock;
  struct Block {
    Rows rows;
    const Kernel *kernel;
    const void *weights;
  };
  std::vector<Block> blocks;
  dnnl_memory_desc_t plain;
  if (!describeFilter(plan->dnnl, s, /*any=*/false, plain))
    return 0;
  // Weights that may change are brought into a layout for this call only.
  std::vector<std::pair<const Kernel *, std::unique_ptr<Buffer>>> changing;
  {
    std::lock_guard<std::mutex> lock(plan->mutex);
    for (int64_t i = 0; i < numBlocks; ++i) {
      int64_t begin = i * rowsPerBlock;
      Rows rows =
          getRows(s, begin, std::min(rowsPerBlock, s.outHeight - begin));
      Plan::Key key = {rows.count, rows.imageCount, rows.before, s.width,
                       s.outWidth, s.channels,      s.kernel[0], s.kernel[1],
                       s.imageRow, s.imageColumn,   s.outRow,    s.outColumn};
      const Kernel *kernel = plan->getKernel(
          key, [&] { return createKernel(plan->dnnl, s, rows); });
      if (!kernel)
        return 0;
      const void *weights = nullptr;
      if (flags & kConstantWeights) {
        weights = plan->getWeights(plain, filter->data(), kernel->getWeights());
      } else {
        for (auto &entry : changing)
          if (plan->dnnl.memory_desc_equal(&entry.first->getWeights(),
                                           &kernel->getWeights()))
            weights = entry.second->data();
        if (!weights) {
          changing.emplace_back(
              kernel,
              reorder(plan->dnnl, plain, filter->data(), kernel->getWeights()));
          if (changing.back().second)
            weights = changing.back().second->data();
        }
      }
      if (!weights)
        return 0;
      blocks.push_back({rows, kernel, weights});
    }
  }

  std::atomic<bool> failed = false;
  parallelFor(s.batch * numBlocks, [&](int64_t index) {
    int64_t n = index / numBlocks;
    const Block &block = blocks[index % numBlocks];
    const float *x = image->data() + n * image->strides[0] +
                     block.rows.imageBegin * s.imageRow;
    float *y = out->data() + n * out->strides[0] + block.rows.begin * s.outRow;
    if (!block.kernel->run(x, block.weights, s.hasBias ? bias->data() : nullptr,
                           y)) {
      failed = true;
      return;
    }
    if (!hasResidual && !relu)
      return;
    const float *z = residual->data() + n * residual->strides[0] +
                     block.rows.begin * residual->strides[1];
    for (int64_t row = 0; row < block.rows.count; ++row)
      for (int64_t column = 0; column < s.outWidth; ++column)
        finishRow(y + row * s.outRow + column * s.outColumn,
                  hasResidual ? z + row * residual->strides[1] +
                                    column * residual->strides[2]
                              : nullptr,
                  s.filters, relu);
  });
  return !failed;
}
