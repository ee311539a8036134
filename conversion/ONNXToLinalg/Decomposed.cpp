// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that onnx-simplify makes of others: why one is left over.

#include "Lowering.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

StringRef mlir::bev::onnx_to_linalg::getUndecomposedReason(StringRef opType) {
  return llvm::StringSwitch<StringRef>(opType)
      .Case("Attention",
            "expected queries, keys and values of one type and of rank 3 or 4, "
            "known numbers of heads of which that of the queries is a multiple "
            "of that of the keys, past keys and values of rank 4 both or "
            "neither, and no lengths beside them")
      .Case("CausalConvWithState",
            "expected an input and weights of rank 3, weights of known size, "
            "and activation none, silu or swish")
      .Case("Det", "expected square matrices of a known size of at most 4")
      .Cases({"GRU", "LSTM", "RNN"},
             "expected floats of rank 3, a known hidden size, a known "
             "direction, for each direction activations that ONNX has, and "
             "lengths for all of the batch")
      .Case("LinearAttention",
            "expected inputs of rank 3 and a state of rank 4, a number of "
            "heads of the queries that is a multiple of that of the keys, a "
            "decay and a beta exactly where the update rule has them, and a "
            "scale or queries of known size")
      .Case("MaxUnpool",
            "expected an input with spatial dimensions, and a kernel_shape, "
            "strides and pads for each of them")
      .Cases({"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"},
             "expected scores of floats of rank 2 or more, targets of one rank "
             "less that are as many, and reduction none, sum or mean")
      .Case("RotaryEmbedding",
            "expected an input of rank 3 with a number of heads or of rank 4, "
            "and cosines and sines of rank 3, or of rank 2 with places")
      .Cases({"ConcatFromSequence", "SequenceAt", "SequenceConstruct",
              "SequenceEmpty", "SequenceErase", "SequenceInsert",
              "SequenceLength", "SplitToSequence"},
             "sequences are supported where the number of their tensors and "
             "the places in them are known")
      .Cases({"Optional", "OptionalGetElement", "OptionalHasElement"},
             "optional tensors are supported where it is known whether they "
             "are there")
      .Case("SwiGLU", "expected inputs of one element type")
      .Case("Unique",
            "expected numbers, and along an axis slices of known sizes with at "
            "most 16 elements")
      .Cases({"BlackmanWindow", "HammingWindow", "HannWindow"},
             "expected a size that is one integer")
      .Default("");
}
