// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Plan.h"

#include "MappedWeights.h"
#include "OpenMP.h"
#include "bev/Runtime/Runtime.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

using namespace bev::rt;

Buffer::Buffer(size_t bytes)
    : memory(std::aligned_alloc(64, (bytes + 63) / 64 * 64 + 64)) {}

Buffer::~Buffer() { std::free(memory); }

std::unique_ptr<Kernel> Kernel::create(const OneDNN &dnnl,
                                       const void *descriptor) {
  SingleThread single(dnnl.library);
  dnnl_primitive_attr_t attributes = nullptr;
  if (dnnl.primitive_attr_create(&attributes) != dnnl_success)
    return nullptr;
  // Threads that share a primitive need scratchpads of their own.
  dnnl.primitive_attr_set_scratchpad_mode(attributes,
                                          dnnl_scratchpad_mode_user);
  dnnl_primitive_desc_t description = nullptr;
  dnnl_status_t status =
      dnnl.primitive_desc_create(&description, descriptor, attributes,
                                 dnnl.engine, /*hint_forward=*/nullptr);
  dnnl.primitive_attr_destroy(attributes);
  if (status != dnnl_success)
    return nullptr;
  // The reference implementations take any layout, a hundred times slower than
  // generated code.
  const char *name = nullptr;
  if (dnnl.primitive_desc_query(description, dnnl_query_impl_info_str, 0,
                                &name) != dnnl_success ||
      std::strncmp(name, "ref", 3) == 0) {
    dnnl.primitive_desc_destroy(description);
    return nullptr;
  }
  std::unique_ptr<Kernel> kernel(new Kernel(dnnl));
  auto query = [&](dnnl_query_t what) {
    const dnnl_memory_desc_t *layout =
        dnnl.primitive_desc_query_md(description, what, 0);
    return layout ? *layout : dnnl_memory_desc_t();
  };
  kernel->source = query(dnnl_query_src_md);
  kernel->weights = query(dnnl_query_weights_md);
  const dnnl_memory_desc_t *bias =
      dnnl.primitive_desc_query_md(description, dnnl_query_weights_md, 1);
  kernel->bias = bias ? *bias : dnnl_memory_desc_t();
  kernel->destination = query(dnnl_query_dst_md);
  kernel->scratchpad = query(dnnl_query_scratchpad_md);
  status = dnnl.primitive_create(&kernel->primitive, description);
  dnnl.primitive_desc_destroy(description);
  return status == dnnl_success ? std::move(kernel) : nullptr;
}

Kernel::~Kernel() {
  if (primitive)
    dnnl.primitive_destroy(primitive);
}

namespace {
/// Scratchpad memory of a thread; grows, and stays until the thread ends.
struct Scratch {
  void *memory = nullptr;
  size_t bytes = 0;

  ~Scratch() { std::free(memory); }

  void *get(size_t wanted) {
    if (wanted > bytes) {
      std::free(memory);
      bytes = (wanted + 4095) / 4096 * 4096;
      memory = std::aligned_alloc(4096, bytes);
      if (!memory)
        bytes = 0;
    }
    return memory;
  }
};

/// oneDNN memory objects and a stream for the length of a call.
struct Arguments {
  Arguments(const OneDNN &dnnl) : dnnl(dnnl) {
    isComplete = dnnl.stream_create(&stream, dnnl.engine,
                                    dnnl_stream_default_flags) == dnnl_success;
  }
  ~Arguments() {
    for (int i = 0; i < count; ++i)
      dnnl.memory_destroy(list[i].memory);
    if (stream)
      dnnl.stream_destroy(stream);
  }
  Arguments(const Arguments &) = delete;

  void add(int name, const dnnl_memory_desc_t &layout, const void *data) {
    dnnl_memory_t memory = nullptr;
    if (dnnl.memory_create(&memory, &layout, dnnl.engine,
                           const_cast<void *>(data)) != dnnl_success) {
      isComplete = false;
      return;
    }
    list[count++] = {name, memory};
  }

  bool execute(dnnl_primitive_t primitive) {
    return isComplete && dnnl.primitive_execute(primitive, stream, count,
                                                list) == dnnl_success;
  }

  const OneDNN &dnnl;
  dnnl_stream_t stream = nullptr;
  dnnl_exec_arg_t list[5];
  int count = 0;
  bool isComplete;
};
} // namespace

bool Kernel::run(const float *sourceData, const void *weightsData,
                 const float *biasData, float *destinationData) const {
  SingleThread single(dnnl.library);
  Arguments arguments(dnnl);
  arguments.add(DNNL_ARG_SRC, source, sourceData);
  arguments.add(DNNL_ARG_WEIGHTS, weights, weightsData);
  if (biasData)
    arguments.add(DNNL_ARG_BIAS, bias, biasData);
  arguments.add(DNNL_ARG_DST, destination, destinationData);
  if (size_t bytes = dnnl.memory_desc_get_size(&scratchpad)) {
    static thread_local Scratch scratch;
    void *memory = scratch.get(bytes);
    if (!memory)
      return false;
    arguments.add(DNNL_ARG_SCRATCHPAD, scratchpad, memory);
  }
  return arguments.execute(primitive);
}

std::unique_ptr<Buffer> bev::rt::reorder(const OneDNN &dnnl,
                                         const dnnl_memory_desc_t &from,
                                         const float *data,
                                         const dnnl_memory_desc_t &to) {
  SingleThread single(dnnl.library);
  auto buffer = std::make_unique<Buffer>(dnnl.memory_desc_get_size(&to));
  if (!buffer->data())
    return nullptr;
  dnnl_primitive_desc_t description = nullptr;
  if (dnnl.reorder_primitive_desc_create(&description, &from, dnnl.engine, &to,
                                         dnnl.engine,
                                         /*attr=*/nullptr) != dnnl_success)
    return nullptr;
  dnnl_primitive_t primitive = nullptr;
  dnnl_status_t status = dnnl.primitive_create(&primitive, description);
  dnnl.primitive_desc_destroy(description);
  if (status != dnnl_success)
    return nullptr;
  Arguments arguments(dnnl);
  arguments.add(DNNL_ARG_FROM, from, data);
  arguments.add(DNNL_ARG_TO, to, buffer->data());
  bool done = arguments.execute(primitive);
  dnnl.primitive_destroy(primitive);
  return done ? std::move(buffer) : nullptr;
}

Plan *Plan::get(void **slot) {
  const OneDNN *dnnl = getOneDNN();
  if (!dnnl)
    return nullptr;
  auto *shared = reinterpret_cast<std::atomic<Plan *> *>(slot);
  if (Plan *plan = shared->load(std::memory_order_acquire))
    return plan;
  auto *made = new Plan(*dnnl);
  Plan *expected = nullptr;
  if (shared->compare_exchange_strong(expected, made,
                                      std::memory_order_acq_rel))
    return made;
  delete made;
  return expected;
}

const void *Plan::getWeights(const dnnl_memory_desc_t &from, const float *data,
                             const dnnl_memory_desc_t &to) {
  for (const Packed &packed : weights)
    if (packed.data == data && dnnl.memory_desc_equal(&packed.layout, &to))
      return packed.buffer->data();
  std::unique_ptr<Buffer> buffer = reorder(dnnl, from, data, to);
  if (!buffer)
    return nullptr;
  // From now on the copy is read. Should another size ask for another layout,
  // the weights come from the file again.
  releaseMappedWeights(data, dnnl.memory_desc_get_size(&from));
  weights.push_back({data, to, std::move(buffer)});
  return weights.back().buffer->data();
}

extern "C" void bevrtReleasePlans(void **plans, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    delete static_cast<Plan *>(plans[i]);
    plans[i] = nullptr;
  }
}

void bev::rt::finishRow(float *out, const float *residual, int64_t size,
                        bool relu) {
  // 0 is chosen only where the sum is below it, so that NaN stays.
  if (residual && relu) {
    for (int64_t i = 0; i < size; ++i) {
      float value = out[i] + residual[i];
      out[i] = value < 0 ? 0 : value;
    }
  } else if (residual) {
    for (int64_t i = 0; i < size; ++i)
      out[i] += residual[i];
  } else if (relu) {
    for (int64_t i = 0; i < size; ++i)
      out[i] = out[i] < 0 ? 0 : out[i];
  }
}
