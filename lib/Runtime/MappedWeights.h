// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights that are mapped from files, whose memory can be given back.

#ifndef BEV_LIB_RUNTIME_MAPPEDWEIGHTS_H
#define BEV_LIB_RUNTIME_MAPPEDWEIGHTS_H

#include <cstddef>

namespace bev::rt {

/// Says that memory is mapped from a file and never written to, until
/// `removeMappedWeights` of the same address. Calls may nest.
void addMappedWeights(const void *data, size_t bytes);
void removeMappedWeights(const void *data);

/// Gives back what weights take where they are mapped from a file; elsewhere
/// nothing happens. They can still be read, from the file again.
void releaseMappedWeights(const void *data, size_t bytes);

} // namespace bev::rt

#endif // BEV_LIB_RUNTIME_MAPPEDWEIGHTS_H
