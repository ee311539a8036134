// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// oneDNN, opened with dlopen so that programs start without it.

#ifndef BEV_LIB_RUNTIME_ONEDNN_H
#define BEV_LIB_RUNTIME_ONEDNN_H

#include <dnnl.h>

namespace bev::rt {

/// The functions of oneDNN's C interface that the runtime calls: X(name).
#define BEV_ONEDNN_FUNCTIONS(X)                                                \
  X(version)                                                                   \
  X(engine_create)                                                             \
  X(stream_create)                                                             \
  X(stream_destroy)                                                            \
  X(memory_desc_init_by_strides)                                               \
  X(memory_desc_init_by_tag)                                                   \
  X(memory_desc_equal)                                                         \
  X(memory_desc_get_size)                                                      \
  X(memory_create)                                                             \
  X(memory_destroy)                                                            \
  X(matmul_desc_init)                                                          \
  X(dilated_convolution_forward_desc_init)                                     \
  X(primitive_attr_create)                                                     \
  X(primitive_attr_destroy)                                                    \
  X(primitive_attr_set_scratchpad_mode)                                        \
  X(primitive_desc_create)                                                     \
  X(primitive_desc_destroy)                                                    \
  X(primitive_desc_query)                                                      \
  X(primitive_desc_query_md)                                                   \
  X(reorder_primitive_desc_create)                                             \
  X(primitive_create)                                                          \
  X(primitive_execute)                                                         \
  X(primitive_destroy)

/// oneDNN's entry points and the engine of the CPU.
struct OneDNN {
#define BEV_ONEDNN_MEMBER(name) decltype(&dnnl_##name) name;
  BEV_ONEDNN_FUNCTIONS(BEV_ONEDNN_MEMBER)
#undef BEV_ONEDNN_MEMBER

  dnnl_engine_t engine = nullptr;
  /// What dlopen returned.
  void *library = nullptr;
};

/// oneDNN, or null where it is absent, of another major version, or switched
/// off by BEV_ONEDNN=off. Decided at the first call.
const OneDNN *getOneDNN();

/// Why getOneDNN returned null; "" where it did not.
const char *whyNoOneDNN();

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_ONEDNN_H
