// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a captured graph has to keep alive.

#ifndef BEV_LIB_RUNTIME_GRAPH_H
#define BEV_LIB_RUNTIME_GRAPH_H

#include "DriverAPI.h"

namespace bev::rt {

/// Keeps pinned host memory, which a captured copy reads at each launch, until
/// the graph being captured on this thread is destroyed. For a capture that the
/// runtime did not begin, until the process ends.
void retainHostForCapture(void *pinned);

/// Defers the release of device memory that was allocated before the capture:
/// the graph may not free it, and its launches use it.
void retainDeviceForCapture(void *devicePtr);

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_GRAPH_H
