// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that prepare and check the stages of the pipelines.

#ifndef BEV_PIPELINES_PASSES_TD
#define BEV_PIPELINES_PASSES_TD

include "mlir/Pass/PassBase.td"

def PrepareEntryPointsPass : Pass<"bev-prepare-entry-points", "::mlir::ModuleOp"> {
  let summary = "give public functions their calling convention";
  let description = [{
    Public functions with a body get `llvm.emit_c_interface`, and their tensor
    arguments `bufferization.writable = false`: what a caller passes in is never
    overwritten, and what a function returns belongs to the caller.

    Before:

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @f(%x: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32> attributes {llvm.emit_c_interface} {
      return %x : tensor<4xf32>
    }
    ```
  }];
}

def DecomposeAggregatesPass : Pass<"bev-decompose-aggregates"> {
  let summary = "decompose upstream aggregate ops on tensors";
  let description = [{
    Decomposes linalg ops with an AggregatedOpInterface (`linalg.softmax`) and
    `tensor.concat`. Softmax of f16 and bf16 is computed in f32 and rounded
    once.

    Precondition: tensors.

    Before:

    ```mlir
    %r = tensor.concat dim(1) %x, %y
        : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
    ```

    After:

    ```mlir
    %empty = tensor.empty() : tensor<2x8xf32>
    %left = tensor.insert_slice %x into %empty[0, 0] [2, 3] [1, 1]
        : tensor<2x3xf32> into tensor<2x8xf32>
    %r = tensor.insert_slice %y into %left[0, 3] [2, 5] [1, 1]
        : tensor<2x5xf32> into tensor<2x8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def FuseElementwisePass : Pass<"bev-fuse-elementwise"> {
  let summary = "fuse elementwise producers into their only consumer";
  let description = [{
    Generalizes named linalg ops and fuses an elementwise op into its consumer
    where the consumer is its only use and either reads each element once or
    the producer is too cheap to keep: an expensive producer is never computed
    again for every step of a matrix product.

    Precondition: tensors.

    Before:

    ```mlir
    %e = linalg.exp ins(%x : tensor<4x8xf32>)
        outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
    %r = linalg.add ins(%e, %y : tensor<4x8xf32>, tensor<4x8xf32>)
        outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
    ```

    After:

    ```mlir
    %r = linalg.generic ...
        ins(%x, %y : tensor<4x8xf32>, tensor<4x8xf32>) outs(...) {
    ^bb0(%a: f32, %b: f32, %...: f32):
      %e = math.exp %a : f32
      %s = arith.addf %e, %b : f32
      linalg.yield %s : f32
    ```
  }];
  let options = [
    Option<"recompute", "recompute", "bool", "false",
           "fuse a producer of few ops into an elementwise consumer that "
           "broadcasts it, too: a GPU computes it sooner than it starts a kernel">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ExpandIntegerDivisionPass : Pass<"bev-expand-integer-division"> {
  let summary = "expand integer divisions that round up or down";
  let description = [{
    `arith.ceildivsi`, `arith.ceildivui` and `arith.floordivsi` become divisions
    that truncate. Unlike upstream's `arith-expand`, minima and maxima of floats
    stay: both targets have instructions for them.

    Before:

    ```mlir
    %r = arith.ceildivui %x, %y : i32
    ```

    After:

    ```mlir
    %is_zero = arith.cmpi eq, %x, %c0 : i32
    %less = arith.subi %x, %c1 : i32
    %down = arith.divui %less, %y : i32
    %up = arith.addi %down, %c1 : i32
    %r = arith.select %is_zero, %c0, %up : i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ExpandDynamicReshapesPass : Pass<"bev-expand-dynamic-reshapes"> {
  let summary = "turn expansions to several dynamic sizes into casts of the buffer";
  let description = [{
    `memref.expand_shape` with more than one dynamic size in a group becomes
    `memref.reinterpret_cast` with the sizes that the op states. Upstream's
    `expand-strided-metadata` can expand only groups with one.

    Precondition: bufferized.

    Before:

    ```mlir
    %expanded = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %q, 4]
        : memref<?x4xf32> into memref<?x?x4xf32>
    ```

    After:

    ```mlir
    %base, %..., %...:2, %...:2 = memref.extract_strided_metadata %x
    %stride = affine.apply ...[%q]
    %expanded = memref.reinterpret_cast %base
        to offset: [0], sizes: [%b, %q, 4], strides: [%stride, 4, 1]
        : memref<f32> to memref<?x?x4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::memref::MemRefDialect"];
}

def FlattenGathersPass : Pass<"bev-flatten-gathers"> {
  let summary = "keep views that merge dimensions where rows of them are gathered";
  let description = [{
    A `memref.collapse_shape` of a contiguous buffer that is read at positions
    which are not just loop variables and constants, such as ranks from a table,
    becomes a `memref.reinterpret_cast`. Upstream's `fold-memref-alias-ops` would
    read the source instead, and take every position apart with divisions.

    Precondition: bufferized.

    Before:

    ```mlir
    %rows = memref.collapse_shape %x [[0, 1, 2], [3]]
        : memref<2x3x5x8xf32> into memref<30x8xf32>
    %rank = memref.load %ranks[%i] : memref<?xindex>
    %row = memref.load %rows[%rank, %j] : memref<30x8xf32>
    ```

    After:

    ```mlir
    %rows = memref.reinterpret_cast %x to offset: [0], sizes: [30, 8], strides: [8, 1]
        : memref<2x3x5x8xf32> to memref<30x8xf32>
    %rank = memref.load %ranks[%i] : memref<?xindex>
    %row = memref.load %rows[%rank, %j] : memref<30x8xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::memref::MemRefDialect"];
}

def PromoteScratchBuffersPass : Pass<"bev-promote-scratch-buffers"> {
  let summary = "put small buffers of parallel loop bodies on the stack";
  let description = [{
    A static buffer of at most `max-bytes` that is allocated in the body of a
    parallel loop and does not leave its block becomes a `memref.alloca` at the
    start of that body.

    Precondition: bufferized, no deallocations yet.

    Before:

    ```mlir
    %a = memref.alloc() {alignment = 64 : i64} : memref<16xf32>
    ```

    After:

    ```mlir
    scf.forall (%i) in (100) {
      %a = memref.alloca() {alignment = 16 : i64} : memref<16xf32>
    ```
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "1024", "largest buffer to promote">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def ExternalizeConstantsPass : Pass<"bev-externalize-constants", "::mlir::ModuleOp"> {
  let summary = "take large constants out of the code";
  let description = [{
    Constant globals of at least `min-bytes` become declarations, and the module
    attribute `bev.constants` says what bytes belong to their symbols. Code
    generation then never sees the data, which would take it many times the
    memory and time. Whoever loads the code binds the symbols to the data: in
    memory the attributes' own, in a file a section of it. Constants with the
    same bytes share one attribute. Resources whose data is absent or of the
    wrong size are errors.

    Precondition: bufferized.

    Before:

    ```mlir
    memref.global "private" constant @w : memref<16xf32> = dense_resource<weights>
    ```

    After:

    ```mlir
    module attributes {bev.constants = {w = dense_resource<weights> : tensor<16xf32>}} {
      memref.global constant @w : memref<16xf32> {alignment = 64 : i64}
    ```
  }];
  let options = [
    Option<"minBytes", "min-bytes", "int64_t", "4096", "smallest constant to take out">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def UnshareFillsPass : Pass<"bev-unshare-fills"> {
  let summary = "give every op that writes into a filled tensor one of its own";
  let description = [{
    Where several ops begin with the same filled tensor, such as sums with zeros,
    bufferization has to copy it for all but the last. Filling again costs no more
    and, just before what needs it, can be part of that.

    Precondition: tensors; the last common subexpressions are found.

    Before:

    ```mlir
    %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
    %a = linalg.reduce { arith.addf } ins(%x : tensor<4x8xf32>) outs(%zeros : tensor<4xf32>) dimensions = [1]
    %b = linalg.reduce { arith.addf } ins(%y : tensor<4x8xf32>) outs(%zeros : tensor<4xf32>) dimensions = [1]
    ```

    After:

    ```mlir
    %empty_a = tensor.empty() : tensor<4xf32>
    %zeros_a = linalg.fill ins(%zero : f32) outs(%empty_a : tensor<4xf32>) -> tensor<4xf32>
    %a = linalg.reduce { arith.addf } ins(%x : tensor<4x8xf32>) outs(%zeros_a : tensor<4xf32>) dimensions = [1]
    %empty_b = tensor.empty() : tensor<4xf32>
    %zeros_b = linalg.fill ins(%zero : f32) outs(%empty_b : tensor<4xf32>) -> tensor<4xf32>
    %b = linalg.reduce { arith.addf } ins(%y : tensor<4x8xf32>) outs(%zeros_b : tensor<4xf32>) dimensions = [1]
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def FuseParallelLoopsPass : Pass<"bev-fuse-parallel-loops"> {
  let summary = "make one of parallel loops over the same iterations";
  let description = [{
    An `scf.parallel` takes in those before it that have the same bounds, where no
    iteration needs what another one does: what the loops share they read and
    write at the same place in the same iteration, or in parts that never meet.
    Loops that share nothing are only joined where neither has loops inside. What
    an iteration has written it then has in a register, and buffers that nothing
    reads any more are dropped: the bias of a product, the residual and the
    activation after it are no kernels of their own.

    Precondition: bufferized, no linalg, views folded into accesses.

    Before:

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
      %x = memref.load %bias[%j] : memref<8xf32>
      memref.store %x, %a[%i, %j] : memref<4x8xf32>
      scf.reduce
    }
    scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
      %x = memref.load %a[%i, %j] : memref<4x8xf32>
      %y = memref.load %residual[%i, %j] : memref<4x8xf32>
      %sum = arith.addf %x, %y : f32
      memref.store %sum, %r[%i, %j] : memref<4x8xf32>
      scf.reduce
    }
    ```

    After:

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c8) step (%c1, %c1) {
      %x = memref.load %bias[%j] : memref<8xf32>
      %y = memref.load %residual[%i, %j] : memref<4x8xf32>
      %sum = arith.addf %x, %y : f32
      memref.store %sum, %r[%i, %j] : memref<4x8xf32>
      scf.reduce
    }
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
}

def PlanMemoryPass : Pass<"bev-plan-memory"> {
  let summary = "place buffers of known size in one arena";
  let description = [{
    The static buffers that a block allocates and frees become views of one
    allocation. Buffers that are in use at different times, from the first to
    the last op that reads or writes them or a view of them, share memory:
    larger ones are placed first, each in the smallest gap that holds it.
    Buffers of dynamic size, or that leave their block, stay as they are.

    `report` says in a remark how large each arena is, and the most that is in
    use at one time, which no arrangement can be smaller than. The function's
    attribute `bev.arena` has the number of buffers and both sizes, of all
    arenas; tools report it.

    Precondition: bufferized, with deallocations.

    Before:

    ```mlir
    %a = memref.alloc() : memref<16xf32>
    linalg.fill ins(%x : f32) outs(%a : memref<16xf32>)
    %b = memref.alloc() : memref<16xf32>
    linalg.exp ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
    memref.dealloc %a : memref<16xf32>
    linalg.exp ins(%b : memref<16xf32>) outs(%r : memref<16xf32>)
    memref.dealloc %b : memref<16xf32>
    ```

    After:

    ```mlir
    %arena = memref.alloc() {alignment = 64 : i64} : memref<128xi8>
    %a = memref.view %arena[%c0][] : memref<128xi8> to memref<16xf32>
    linalg.fill ins(%x : f32) outs(%a : memref<16xf32>)
    %b = memref.view %arena[%c64][] : memref<128xi8> to memref<16xf32>
    linalg.exp ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
    linalg.exp ins(%b : memref<16xf32>) outs(%r : memref<16xf32>)
    memref.dealloc %arena : memref<128xi8>
    ```
  }];
  let options = [
    Option<"report", "report", "bool", "false", "describe each arena in a remark">
  ];
  let statistics = [
    Statistic<"numBuffers", "buffers", "buffers placed in arenas">,
    Statistic<"arenaBytes", "arena-bytes", "bytes of all arenas">,
    Statistic<"lowerBoundBytes", "lower-bound-bytes",
              "bytes in use at one time, of all arenas">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def VerifyModelIRPass : Pass<"bev-verify-model-ir", "::mlir::ModuleOp"> {
  let summary = "check the contract of model IR";
  let description = [{
    Model IR is bev, linalg, tensor, arith, math, scf and func on tensors.
  }];
}

def VerifyScheduledIRPass : Pass<"bev-verify-scheduled-ir", "::mlir::ModuleOp"> {
  let summary = "check the contract of scheduled IR";
  let description = [{
    In scheduled IR every bev op that can carry a schedule does.
  }];
}

def VerifyLoopIRPass : Pass<"bev-verify-loop-ir", "::mlir::ModuleOp"> {
  let summary = "check the contract of loop IR";
  let description = [{
    Loop IR has no tensors and no ops of the bev, linalg and tensor dialects.
  }];
}

#endif // BEV_PIPELINES_PASSES_TD
