// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators that onnx-simplify makes of others: why one is left over.

#include "Lowering.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

static LogicalResult refuseAttention(Lowering &l) {
  return l.unsupported(
      "expected queries, keys and values of one type and of rank 3 or 4, known "
      "numbers of heads of which that of the queries is a multiple of that of "
      "the keys, past keys and values of rank 4 both or neither, and no "
      "lengths beside them");
}

static LogicalResult refuseRotaryEmbedding(Lowering &l) {
  return l.unsupported("expected an input of rank 3 with a number of heads or "
                       "of rank 4, and cosines and sines of rank 3, or of rank "
                       "2 with places");
}

static LogicalResult refuseRecurrent(Lowering &l) {
  return l.unsupported(
      "expected floats of rank 3, a known hidden size, a known direction, and "
      "for each direction activations that ONNX has");
}

static LogicalResult refuseLoss(Lowering &l) {
  return l.unsupported("expected scores of floats of rank 2 or more, targets "
                       "of one rank less, and reduction none, sum or mean");
}

static LogicalResult refuseSwiGLU(Lowering &l) {
  return l.unsupported("expected inputs of one element type");
}

static LogicalResult refuseCausalConv(Lowering &l) {
  return l.unsupported("expected an input and weights of rank 3, weights of "
                       "known size, and activation none, silu or swish");
}

static LogicalResult refuseLinearAttention(Lowering &l) {
  return l.unsupported(
      "expected inputs of rank 3 and a state of rank 4, a number of heads of "
      "the queries that is a multiple of that of the keys, a decay and a beta "
      "exactly where the update rule has them, and a scale or queries of known "
      "size");
}

static LogicalResult refuseWindow(Lowering &l) {
  return l.unsupported("expected a size that is one integer");
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getDecomposedLowerings() {
  static const Entry entries[] = {
      {"Attention", refuseAttention},
      {"BlackmanWindow", refuseWindow},
      {"CausalConvWithState", refuseCausalConv},
      {"GRU", refuseRecurrent},
      {"HammingWindow", refuseWindow},
      {"HannWindow", refuseWindow},
      {"LSTM", refuseRecurrent},
      {"LinearAttention", refuseLinearAttention},
      {"NegativeLogLikelihoodLoss", refuseLoss},
      {"RNN", refuseRecurrent},
      {"RotaryEmbedding", refuseRotaryEmbedding},
      {"SoftmaxCrossEntropyLoss", refuseLoss},
      {"SwiGLU", refuseSwiGLU},
  };
  return entries;
}
