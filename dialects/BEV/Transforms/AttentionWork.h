// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an attention has to do, as far as its types say.

#ifndef BEV_DIALECTS_BEV_TRANSFORMS_ATTENTIONWORK_H
#define BEV_DIALECTS_BEV_TRANSFORMS_ATTENTIONWORK_H

#include "bev/Dialect/BEV/IR/BEV.h"

namespace mlir::bev {

/// Sizes that are not known are ShapedType::kDynamic.
struct AttentionWork {
  int64_t batch, queries, heads, channels;
  /// Positions of the value (S).
  int64_t positions;
  int64_t levels;
  /// Samples of one query and head: in all frames, or in one camera.
  int64_t samples;
  /// Maps that a query samples one after the other, of which not all may see
  /// it (N), and all of which do (T).
  int64_t cameras = 1, frames = 1;
  /// Bytes of an element of the value and of the logits or weights; bytes of
  /// the two coordinates of a sample.
  int64_t valueBytes, weightBytes, coordinateBytes;
  /// Bytes that say where a camera sees a query, and whether it does.
  int64_t cameraBytes = 0;
  /// Whether the weights are a softmax that the op computes, or given in f16.
  bool hasSoftmax, hasHalfWeights;
  /// Whether most samples lie in the map.
  bool isInside;
  /// Whether the rows of a head are side by side.
  bool isHeadMajor;
  ArrayRef<int64_t> staticLevels;

  /// None of what is no attention.
  static std::optional<AttentionWork> of(Operation *op);

  /// Width of the grid that the queries form, or seem to: that of the first
  /// level where they are the positions of the value, else the side of a
  /// square; 0 where neither is known.
  int64_t getQueryGridWidth() const;

  /// Samples of a record of four words, where teams share their arithmetic;
  /// `isHalf` says that packed interpolation speculates.
  int64_t getRecordSamples(int64_t team, bool isHalf) const;
  /// Shared memory of a block of such teams: records of samples, and what the
  /// members of a team tell each other of logits and cameras.
  int64_t getSharedBytes(int64_t team, int64_t threads, bool isHalf) const;
};

} // namespace mlir::bev

#endif // BEV_DIALECTS_BEV_TRANSFORMS_ATTENTIONWORK_H
