// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the runtime keeps for one library op of a compiled module: kernels for
// the sizes met so far, and constant weights in the layouts those want.

#ifndef BEV_LIB_RUNTIME_PLAN_H
#define BEV_LIB_RUNTIME_PLAN_H

#include "OneDNN.h"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace bev::rt {

/// A view as generated code passes it.
template <int Rank>
struct MemRef {
  float *allocated, *aligned;
  int64_t offset, sizes[Rank], strides[Rank];

  float *data() const { return aligned + offset; }
};

/// Bits of the `flags` argument, the same as in convert-library-to-runtime.
enum Flags : int64_t {
  kHasBias = 1,
  kHasResidual = 2,
  kReLU = 4,
  kConstantWeights = 8
};

/// Memory aligned to 64 bytes.
class Buffer {
public:
  explicit Buffer(size_t bytes);
  ~Buffer();
  Buffer(const Buffer &) = delete;
  void *data() const { return memory; }

private:
  void *memory;
};

/// A oneDNN primitive for one thread, with the layouts it wants.
class Kernel {
public:
  /// Compiles the op that `descriptor` describes; null if oneDNN cannot.
  static std::unique_ptr<Kernel> create(const OneDNN &dnnl,
                                        const void *descriptor);
  ~Kernel();
  Kernel(const Kernel &) = delete;

  /// Runs on the calling thread alone. `bias` may be null.
  bool run(const float *source, const void *weights, const float *bias,
           float *destination) const;

  const dnnl_memory_desc_t &getWeights() const { return weights; }

private:
  Kernel(const OneDNN &dnnl) : dnnl(dnnl) {}

  const OneDNN &dnnl;
  dnnl_primitive_t primitive = nullptr;
  dnnl_memory_desc_t source, weights, bias, destination, scratchpad;
};

/// Weights from one layout to another; null if oneDNN cannot.
std::unique_ptr<Buffer> reorder(const OneDNN &dnnl,
                                const dnnl_memory_desc_t &from,
                                const float *data,
                                const dnnl_memory_desc_t &to);

class Plan {
public:
  /// Numbers that say which kernel it is.
  using Key = std::array<int64_t, 16>;

  /// The plan of a slot, made if there is none. Null without oneDNN.
  static Plan *get(void **slot);

  /// Held while kernels and weights are looked up.
  std::mutex mutex;

  /// The kernel of `key`, or what `create` returns; null if that did.
  template <typename CreateFn>
  const Kernel *getKernel(const Key &key, CreateFn create) {
    for (auto &entry : kernels)
      if (entry.first == key)
        return entry.second.get();
    kernels.emplace_back(key, create());
    return kernels.back().second.get();
  }

  /// Constant weights, the part of them that starts at `data`, in the layout
  /// `to`.
  const void *getWeights(const dnnl_memory_desc_t &from, const float *data,
                         const dnnl_memory_desc_t &to);

  const OneDNN &dnnl;

private:
  explicit Plan(const OneDNN &dnnl) : dnnl(dnnl) {}

  struct Packed {
    const float *data;
    dnnl_memory_desc_t layout;
    std::unique_ptr<Buffer> buffer;
  };
  std::vector<std::pair<Key, std::unique_ptr<Kernel>>> kernels;
  std::vector<Packed> weights;
};

/// out = act(out + residual), element by element, for rows of `size`
/// neighbouring elements. NaN stays NaN.
void finishRow(float *out, const float *residual, int64_t size, bool relu);

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_PLAN_H
