// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Dialect/BEV/IR/Pooling.h"
#include "bev/Dialect/BEV/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::bev {
#define GEN_PASS_DEF_BEVEXPANDPOOLINGPASS
#include "bev/Dialect/BEV/Transforms/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

namespace {

struct ExpandPoolingPass
    : bev::impl::BEVExpandPoolingPassBase<ExpandPoolingPass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<bev::VoxelPoolOp> ops;
    getOperation()->walk([&](bev::VoxelPoolOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (bev::VoxelPoolOp op : ops) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, bev::expandVoxelPool(rewriter, op, manyThreads));
    }
  }
};

} // namespace
