// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device memory in stream order. Every function expects the device's context to
// be current, and records its failure.

#ifndef BEV_LIB_RUNTIME_MEMORY_H
#define BEV_LIB_RUNTIME_MEMORY_H

#include "Stream.h"

namespace bev::rt {

/// Allocates on `stream`; null on failure. With `hostShared` the memory is
/// managed, and addressable by the host.
void *allocate(const Driver &driver, const Device &device, uint64_t bytes,
               Stream stream, bool hostShared);

/// Allocates memory that belongs to no stream and no graph, whatever is being
/// captured; null on failure.
void *allocateOutsideStreams(const Driver &driver, const Device &device,
                             uint64_t bytes);

/// Frees what `allocate` returned, after the work that is already on `stream`.
bevrtStatus release(const Driver &driver, const Device &device, void *devicePtr,
                    Stream stream);

/// Makes `release` leave an address alone, or known no more: constants belong
/// to the runtime even when a compiled function returns one as its result.
void addConstantAddress(void *devicePtr);
void removeConstantAddress(void *devicePtr);

/// Whether the address is one of a constant.
bool isConstantAddress(void *devicePtr);

/// Copies; when the function returns, host memory may be reused or read.
bevrtStatus copyHostToDevice(const Driver &driver, void *dst, const void *src,
                             uint64_t bytes, Stream stream);
bevrtStatus copyDeviceToHost(const Driver &driver, void *dst, const void *src,
                             uint64_t bytes, Stream stream);
bevrtStatus copyDeviceToDevice(const Driver &driver, void *dst, const void *src,
                               uint64_t bytes, Stream stream);

/// Copies between any two addresses, finding out on which side each is.
bevrtStatus copyAnywhere(const Driver &driver, void *dst, const void *src,
                         uint64_t bytes, Stream stream);

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_MEMORY_H
