// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between dialects.

#ifndef BEV_CONVERSION_PASSES_TD
#define BEV_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// ONNXToLinalg
//===----------------------------------------------------------------------===//

def ConvertONNXToLinalgPass
    : Pass<"convert-onnx-to-linalg", "::mlir::ModuleOp"> {
  let summary = "lower ONNX nodes to linalg, tensor, arith, math and scf";
  let description = [{
    Every `onnx.node` is lowered by the table entry of its operator; constants
    become `arith.constant` (resources are not copied), and integers lose their
    signedness, in the signatures of functions as well, where the attribute
    `bev.unsigned` says that they are. Elementwise operators
    are `linalg.generic` with projected permutations as maps wherever shapes are
    static or known to agree; computations of shapes are scalars.

    What ONNX leaves undefined is defined: indices out of range are clamped to
    the nearest valid one, integer division by zero gives zero, and floats
    beyond the integers saturate when they are converted: indices do not make
    the code access memory outside of the tensors. Sizes that the graph computes
    and contradicts itself in, such as a Reshape to another number of elements,
    are errors where they are known at compile time and not checked later.

    If nodes cannot be lowered, one error lists all of them: by operator and
    reason, with their number and the name of the first.

    Precondition: ranked types (`onnx-infer-types`). Postcondition: no onnx op.

    ```mlir
    func.func @f(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
      %y = onnx.node "Add" 17 (%x, %b)
          : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```

    becomes

    ```mlir
    #row = affine_map<(d0, d1) -> (d0, d1)>
    #bias = affine_map<(d0, d1) -> (d1)>
    func.func @f(%x: tensor<4x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
      %empty = tensor.empty() : tensor<4x8xf32>
      %y = linalg.generic {indexing_maps = [#row, #bias, #row],
                           iterator_types = ["parallel", "parallel"]}
          ins(%x, %b : tensor<4x8xf32>, tensor<8xf32>)
          outs(%empty : tensor<4x8xf32>) {
      ^bb0(%in: f32, %in_0: f32, %out: f32):
        %sum = arith.addf %in, %in_0 : f32
        linalg.yield %sum : f32
      } -> tensor<4x8xf32>
      return %y : tensor<4x8xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
    "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::mlir::bev::BEVDialect",
    "::mlir::bev::onnx::ONNXDialect"];
}

//===----------------------------------------------------------------------===//
// ONNXToBEV
//===----------------------------------------------------------------------===//

def ConvertONNXToBEVPass : Pass<"convert-onnx-to-bev", "::mlir::ModuleOp"> {
  let summary = "raise ONNX nodes to bev ops";
  let description = [{
    Finds what exporters write for the ops of the bev dialect, and replaces it:
    deformable attention from GridSample chains, from mmcv's interpolation by
    Gather and from plugin nodes; temporal self-attention; spatial
    cross-attention in its mask form and in its NonZero/ScatterND form;
    projection, ego motion, rotation, inverse sigmoid, and constant grids of
    reference points.

    What only moves elements (reshapes, transposes, slices, splits, broadcasts)
    is traced and may be spelled in any way; what computes is checked, down to
    its constants. Where a check fails the nodes stay, and the report says why.

    The sampling grid of a rotation is evaluated at compile time, whatever nodes
    compute it, as numbers times the cosine and the sine of one angle; it must
    be that of `bev.warp_bev` at each pixel but for roundings to f32. Where the
    source is in the middle between two pixels, either one may be the nearest.
    A grid [Q,2] must have the bits of `bev.reference_grid`; it stays a constant
    where it is one of several copies. Pillars in metres may differ by two
    roundings to f32 of numbers as large as the range.

    In two cases the op is right where the nodes are not: an atan2 that is
    spelled with Atan is NaN where the vehicle stands still and has the wrong
    sign where dx is -0, `bev.ego_shift` has neither; and the rebatched form of
    spatial cross-attention fails or is wrong for cameras that see other numbers
    of queries than those of the export.

    Precondition: types are inferred and constants folded (`onnx-simplify`).
    Postcondition: nodes that were raised are gone; all others are as before.

    With `print-report` one line for each node that was raised, or looked like
    it could be and was not, goes to standard error.

    ```mlir
    %grid = onnx.node "Sub" 16 (%twice, %one) : (tensor<8x100x4x2xf32>, tensor<f32>) -> tensor<8x100x4x2xf32>
    %samples = onnx.node "GridSample" 16 (%image, %grid) : (tensor<8x16x20x20xf32>, tensor<8x100x4x2xf32>) -> tensor<8x16x100x4xf32>
    %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<8x16x100x4xf32>, tensor<8x1x100x4xf32>) -> tensor<8x16x100x4xf32>
    %sum = onnx.node "ReduceSum" 16 (%weighted, %axis) {keepdims = 0 : i64} : (tensor<8x16x100x4xf32>, tensor<1xi64>) -> tensor<8x16x100xf32>
    ```

    becomes

    ```mlir
    %out = bev.ms_deform_attn levels([20, 20])
        ins(%value, %locations, %shares : tensor<1x400x8x16xf32>, tensor<1x100x8x1x4x2xf32>, tensor<1x100x8x1x4xf32>)
        outs(%empty : tensor<1x100x8x16xf32>) -> tensor<1x100x8x16xf32>
    ```
  }];
  let options = [
    Option<"printReport", "print-report", "bool", /*default=*/"false",
           "Print what was raised and what was not, node by node">
  ];
  let statistics = [
    Statistic<"numRaised", "raised", "Number of nodes raised to bev ops">,
    Statistic<"numRefused", "refused", "Number of nodes that were not raised">
  ];
  let dependentDialects = ["::mlir::bev::BEVDialect",
    "::mlir::bev::onnx::ONNXDialect", "::mlir::tensor::TensorDialect"];
}

//===----------------------------------------------------------------------===//
// LinalgToSCF
//===----------------------------------------------------------------------===//

def ConvertLinalgToSCFNestPass : Pass<"convert-linalg-to-scf-nest"> {
  let summary = "lower linalg on buffers to scf.parallel around register reductions";
  let description = [{
    Every linalg op on buffers becomes one `scf.parallel` over all its parallel
    dimensions, ordered so that neighbouring iterations write neighbouring
    elements, around `scf.for` loops over its reduction dimensions. Reductions
    are carried in registers, f16 and bf16 sums as f32. An op inside a parallel
    loop becomes `scf.for` loops. A `memref.copy` that is not one contiguous
    block, or sits inside a parallel loop, is treated as an elementwise op.

    With `contiguous-inner` a reduction whose innermost loop would stride
    through its inputs keeps its accumulators in the output buffer and runs its
    contiguous parallel dimension innermost, which is what a CPU's vector units
    want (matmul becomes i, k, j).

    Precondition: bufferized. Postcondition: no linalg ops.

    ```mlir
    linalg.reduce { arith.addf } ins(%a : memref<4x8xf32>) outs(%b : memref<4xf32>) dimensions = [1]
    ```

    becomes

    ```mlir
    scf.parallel (%i) = (%c0) to (%c4) step (%c1) {
      %init = memref.load %b[%i] : memref<4xf32>
      %sum = scf.for %k = %c0 to %c8 step %c1 iter_args(%acc = %init) -> (f32) {
        %x = memref.load %a[%i, %k] : memref<4x8xf32>
        %s = arith.addf %acc, %x fastmath<contract> : f32
        scf.yield %s : f32
      }
      memref.store %sum, %b[%i] : memref<4xf32>
      scf.reduce
    }
    ```
  }];
  let options = [
    Option<"contiguousInner", "contiguous-inner", "bool", "false",
           "run a contiguous parallel dimension inside the reductions">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

//===----------------------------------------------------------------------===//
// LinalgToLibrary
//===----------------------------------------------------------------------===//

def ConvertLinalgToLibraryPass : Pass<"convert-linalg-to-library"> {
  let summary = "turn contractions and convolutions into library ops";
  let description = [{
    Contractions in f32 that are matrix products with at most two batch
    dimensions become `library.matmul`, whatever their named form or operands'
    order; transpositions of operands become part of the maps. Those with less
    than `min-work` multiplications are left alone; a size that is not known
    counts as 64.

    2-D convolutions in f32, of any layout and with groups, become
    `library.convolution`, which has its channels last, between transpositions;
    constant padding with zeros becomes part of it.

    Sums that start from a broadcast vector have a bias, those that start from
    another tensor have a residual.

    Precondition: tensors.

    Before:

    ```mlir
    %start = linalg.broadcast ins(%bias : tensor<32xf32>)
        outs(%init : tensor<64x32xf32>) dimensions = [0]
    %wt = linalg.transpose ins(%w : tensor<32x48xf32>)
        outs(%init_w : tensor<48x32xf32>) permutation = [1, 0]
    %r = linalg.matmul ins(%x, %wt : tensor<64x48xf32>, tensor<48x32xf32>)
        outs(%start : tensor<64x32xf32>) -> tensor<64x32xf32>
    ```

    After:

    ```mlir
    %r = library.matmul {indexing_maps = ...}
        ins(%x, %w : tensor<64x48xf32>, tensor<32x48xf32>)
        bias(%bias : tensor<32xf32>)
        outs(%... : tensor<64x32xf32>) -> tensor<64x32xf32>
    ```
  }];
  let options = [
    Option<"minWork", "min-work", "int64_t", "16384",
           "fewest multiplications of a contraction that is worth a call">
  ];
  let dependentDialects = ["::mlir::bev::library::LibraryDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

//===----------------------------------------------------------------------===//
// LibraryToRuntime
//===----------------------------------------------------------------------===//

def ConvertLibraryToRuntimePass : Pass<"convert-library-to-runtime", "::mlir::ModuleOp"> {
  let summary = "call the runtime for library ops, with generated code to fall back on";
  let description = [{
    A library op on buffers becomes a call of `bevrtMatMul` or
    `bevrtConvolution`, which compute it with oneDNN. Operands are views of rank
    4 with the op's maps as strides, so nothing is copied. What the runtime
    prepares for an op (kernels, constant weights in the library's layout) it
    keeps in a slot of the module, one per op, and drops when the module is
    unloaded.

    The call returns 0 where the library is absent or cannot do it. A private
    function of generated code then does; ops that differ in sizes only share
    one.

    Precondition: bufferized. Postcondition: no library ops.

    Before:

    ```mlir
    library.matmul {relu, indexing_maps = [#a, #b, #c]}
        ins(%x, %w : memref<64x48xf32>, memref<48x32xf32>)
        outs(%r : memref<64x32xf32>)
    ```

    After:

    ```mlir
    %done = call @bevrtMatMul(%slot, ...) : ...
    %missing = arith.cmpi eq, %done, %zero : i32
    scf.if %missing {
      func.call @__bev_matmul_relu(...) : ...
    }
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::func::FuncDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::LLVM::LLVMDialect"];
}

//===----------------------------------------------------------------------===//
// LinalgToGPU
//===----------------------------------------------------------------------===//

def ConvertLinalgReductionsToGPUPass : Pass<"convert-linalg-reductions-to-gpu"> {
  let summary = "give each row of a reduction, and of the ops around it, a group of threads";
  let description = [{
    A linalg reduction on buffers whose neighbouring reduction steps read
    neighbouring elements (rows of softmax, layer norm, matrix-vector products)
    becomes a `gpu.launch` with one warp per output, or one block of 256 threads
    where outputs are few. Each thread reduces every 32nd (256th) element; the
    partial results are combined by shuffles in a fixed order, without atomics,
    so that results do not vary from run to run.

    What follows on the same rows becomes the same kernel: reductions of what the
    kernel has read or computed, elementwise ops on rows that use its results, and
    ops on one number for each row. So do elementwise ops before that compute what
    is reduced, unless these could go into the loops of what comes before them.
    What such ops share is of the same element of the same row, so of the same
    thread; all are done where the last one stood, if nothing in between objects.
    A thread keeps up to 32 elements of its row in registers: a warp has rows of
    up to 1024 elements, a block those of up to 8192, and a part of a warp rows of
    fewer than 32. Longer rows, and those of sizes that are not known, are read
    again from memory, by the thread that wrote them. What nothing else reads is
    not written, and its buffer goes.

    A layer norm so is one kernel that reads its input once: mean, deviation from
    it, and what multiplies and adds to it.

    ```mlir
    linalg.reduce { arith.addf } ins(%x : memref<100x64xf32>)
        outs(%sum : memref<100xf32>) dimensions = [1]  // after a fill with zeros
    linalg.generic {indexing_maps = [#element, #row, #element],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x, %sum : memref<100x64xf32>, memref<100xf32>)
        outs(%y : memref<100x64xf32>) {
    ^bb0(%in: f32, %total: f32, %out: f32):
      %0 = arith.divf %in, %total : f32
      linalg.yield %0 : f32
    }
    ```

    becomes 13 blocks of 8 warps, of which each does (lanes as `%lane`)

    ```mlir
    %0 = memref.load %x[%row, %lane] : memref<100x64xf32>
    %1 = memref.load %x[%row, %lane_32] : memref<100x64xf32>
    %2 = arith.addf %0, %1 : f32
    %3, %valid = gpu.shuffle xor %2, %c16, %c32 : f32
    %4 = arith.addf %2, %3 : f32  // and so on for 8, 4, 2 and 1
    %5 = arith.divf %0, %sum : f32
    memref.store %5, %y[%row, %lane] : memref<100x64xf32>
    %6 = arith.divf %1, %sum : f32
    memref.store %6, %y[%row, %lane_32] : memref<100x64xf32>
    ```

    Reductions of other kinds are left to `convert-linalg-to-scf-nest`.

    Precondition: bufferized.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect"];
}

//===----------------------------------------------------------------------===//
// BEVToGPU
//===----------------------------------------------------------------------===//

def ConvertIntervalPoolToGPUPass : Pass<"convert-interval-pool-to-gpu", "::mlir::ModuleOp"> {
  let summary = "let a block share the points of several rows of a pool";
  let description = [{
    A `bev.interval_pool` on buffers whose schedule has `rows` becomes a
    `gpu.launch` of blocks for that many rows each, which are spread evenly over
    the result. The points of each row are cut into pieces of `points`, and teams
    of lanes take piece after piece, whichever row it is of. A team has a lane for
    each `lanes` channels, or several such groups where those are fewer than 8,
    and a warp has as many teams as fit; where points have no ranks, it is all
    groups that a warp can have, since they lie side by side. It goes through its
    piece in batches of as many points as it has lanes, or up to four times as
    many where pieces have more: each lane reads the ranks and depths of some and
    leaves them in shared memory for the others, and groups add up point after
    point, and in the end each other.
    The sum of a row of one piece is written at once. Those of rows of several go
    to shared memory and are added up in order; the longest row takes no longer
    than its points divided by the teams.

    There are no atomics, and what is summed in which order depends on nothing
    but the row: results do not vary, not even with the schedule's `rows` or
    `threads`.

    With `balance` in the schedule, where the bounds are constants, so is a table
    that says which rows each block has, and between which points: the longest
    rows first, each goes to the block that has least to do so far. With
    `overlaps`, blocks read that table, and the first ranks where these are
    constants, before they wait for the kernel that they depend on.

    With `bulk-prefetch`, and `prefetch` in the schedule, the contiguous ones among
    the operands are divided into as many parts as there are blocks, but at most
    512. Each of so many blocks begins by prefetching one part to the second level
    of cache: with `value` of the features, with `all` also of the bounds, the ranks
    and the depths.

    Precondition: bufferized; not inside a parallel loop.

    ```mlir
    bev.interval_pool
        schedule(<lanes = 8, threads = 256, rows = 32, points = 32>)
        ins(%feat : memref<?x80xf32>) bounds(%bounds : memref<1x1x128x128x2xi32>)
        outs(%out : memref<1x1x128x128x80xf32>)
    ```

    becomes 512 blocks of 24 teams of 10 lanes; block b writes the rows b', 512 + b' + 38,
    1024 + b' + 76, ... (modulo 512 in each 512, so that they form no column), where b' is
    0, 511, 1, 510, ..., since the longest rows are mostly in the middle of the result.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::vector::VectorDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"bulkPrefetch", "bulk-prefetch", "bool", "false",
           "whether the chip prefetches in bulk">,
    Option<"overlaps", "overlaps", "bool", "false",
           "whether kernels start before those before them have ended">
  ];
}

def ConvertSegmentPoolToGPUPass : Pass<"convert-segment-pool-to-gpu"> {
  let summary = "let a block sum neighbouring segments of a pool";
  let description = [{
    A `bev.segment_pool` on buffers whose schedule has `rows` becomes a
    `gpu.launch`. Of its blocks, teams of threads, one for each `lanes` channels,
    have `rows` neighbours in the table each. Where those are of one column of an
    image, the rows of features that any of them has are gone through once,
    `points` at a time: all threads of the block bring the depths of its segments
    to shared memory, 0 where a segment does not have a row, and each thread
    multiplies its channels of a row by the depths of its team's segments, having
    read `together` rows before it uses the first. Segments of several columns, and
    those of a team whose sums are not finite, since a feature that does not count
    may be an Inf or NaN, are summed one after the other.

    There are no atomics, and a sum depends on its segment only.

    With `overlaps`, where a `bev.interval_pool` of the sums follows, it is told to
    read its tables before it waits for them (`bev.reads_ahead`), and the kernel
    lets it start only after having waited itself.

    With `bulk-prefetch`, and `prefetch` in the schedule, blocks begin by
    prefetching parts of the features, or of all operands, to the second level of
    cache, as those of `convert-interval-pool-to-gpu` do.

    Precondition: bufferized; not inside a parallel loop.

    ```mlir
    bev.segment_pool schedule(<lanes = 4, threads = 256, rows = 4, points = 32>)
        ins(%feat, %depth, %segments : memref<16896x80xf32>,
            memref<1993728xf32>, memref<?x3xi32>) step(%w)
        outs(%sums : memref<?x80xf32>)
    ```

    becomes blocks of 12 teams of 20 threads, for 48 segments each.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::vector::VectorDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"bulkPrefetch", "bulk-prefetch", "bool", "false",
           "whether the chip prefetches in bulk">,
    Option<"overlaps", "overlaps", "bool", "false",
           "whether kernels start before those before them have ended">
  ];
}

def ConvertAttentionBackwardToGPUPass : Pass<"convert-attention-backward-to-gpu"> {
  let summary = "compute the gradients of an attention by kernels";
  let description = [{
    A `bev.ms_deform_attn_backward` or `bev.deformable_attention_backward` on
    buffers with a schedule becomes `gpu.launch` ops, and buffers for what they
    pass on.

    With `share` in the schedule, samples are sorted by the cell that they lie
    in (batch row, head, level and first neighbour): counted, the counts added
    up, and a record of each sample written where its cell's are. A team of
    threads, with `lanes` channels each, then takes `points` records: what those
    of one cell give to its four neighbours is added up in registers, goes to
    memory when the next cell comes, and the neighbours' values are read once
    for all of them. Without `share` the records are those of a query, as they
    come.

    Sums are f32. Those of a narrower grad_value are a buffer. Where samples have
    fewer neighbours than that has rows, and are not sorted, only the rows that
    they add to are zeroed, marked and read.

    With `deterministic` the records of a cell are put in the order of their
    samples, and another kernel adds up, for each position, those of the four
    cells whose neighbour it is: no sum depends on what is done first.

    With `overlap-launches`, a kernel that adds to zeros, unsorted, reads all that
    it needs before it waits for the kernel that writes these. That one lets it
    start when it has itself waited, so that all before has ended.

    Where operands are not contiguous, copies are used.

    Precondition: bufferized; not inside a parallel loop.

    ```mlir
    bev.ms_deform_attn_backward levels([50, 50])
        schedule(<lanes = 4, threads = 128, share = true>)
        ins(%value, %locations, %weights, %grad_out : memref<1x2500x8x32xf32>,
            memref<1x900x8x1x4x2xf32>, memref<1x900x8x1x4xf32>,
            memref<1x900x8x32xf32>)
        outs(%gv, %gl, %gw : memref<1x2500x8x32xf32>,
             memref<1x900x8x1x4x2xf32>, memref<1x900x8x1x4xf32>)
    ```

    becomes six kernels: one that fills with zeros, counting, two that add up
    counts, records, and sums.
  }];
  let options = [
    Option<"vectorReductions", "vector-reductions", "bool", "false",
           "Add four f32 to memory with one instruction: from sm_90 on.">,
    Option<"overlapLaunches", "overlap-launches", "bool", "false",
           "Let kernels read ahead while those before them write zeros: where "
           "bev-overlap-launches does something.">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect",
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::math::MathDialect",
    "::mlir::vector::VectorDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::NVVM::NVVMDialect"];
}

//===----------------------------------------------------------------------===//
// SCFToGPU
//===----------------------------------------------------------------------===//

def ConvertParallelToGPULaunchPass : Pass<"convert-parallel-to-gpu-launch"> {
  let summary = "launch one GPU thread per iteration of outermost parallel loops";
  let description = [{
    Each outermost `scf.parallel` or `scf.forall` becomes a `gpu.launch` of
    one-dimensional blocks. Iterations are numbered with the innermost dimension
    fastest; a thread whose number is past the end does nothing; an empty
    iteration space launches nothing. The block size is the loop's `bev.threads`
    attribute, else 256, halved (not below 64) while a launch of known size has
    fewer blocks than a large GPU has processors. Iteration numbers that fit are
    taken apart in 32-bit arithmetic. A loop's `bev.blocks` goes to the launch.

    With `bulk-prefetch` and a loop's `bev.prefetch`, the contiguous buffers that the
    loop only reads are divided into as many parts as there are blocks, and each
    block begins by prefetching one part to the second level of cache: with
    `"gathered"` of those that are read where other reads say, with `"all"` also of
    the others, but there what a later block reads.

    With `bev.team` = T, a power of two up to 32, T neighbouring threads run each
    iteration. `scf.forall` loops inside of T iterations are divided among them,
    with a barrier of the team after each; buffers that such loops share are parts
    of one shared memory; what is outside of those loops every thread does for itself.

    Other parallel loops inside become serial. Small static buffers allocated inside
    become private memory; any other allocation inside is an error.

    Precondition: bufferized, no linalg ops. Postcondition: no parallel loops
    without results outside of kernels.

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%c100, %c7) step (%c1, %c1) {
      memref.store %f, %m[%i, %j] : memref<100x7xf32>
      scf.reduce
    }
    ```

    launches 11 blocks of 64 threads: thread t of block b has number 64 b + t
    and, when that is below 700, does i = number / 7, j = number mod 7.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::affine::AffineDialect",
    "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect"];
  let options = [
    Option<"bulkPrefetch", "bulk-prefetch", "bool", "false",
           "whether the chip prefetches in bulk">
  ];
}

def ConvertSerialLoopsToGPULaunchPass : Pass<"convert-serial-loops-to-gpu-launch"> {
  let summary = "run loops over elements of buffers on one GPU thread";
  let description = [{
    Each outermost loop of host code that loads or stores single elements of
    buffers, and does nothing else but arithmetic, becomes a `gpu.launch` of one
    thread: an access from the host costs a transfer, one from a thread does not.
    Scalars that the loop results in come back through buffers of one element.
    Loops that carry buffers, or access stack slots or buffers that functions are
    called with, stay on the host.

    Precondition: bufferized, deallocations inserted, parallel loops launched.

    Before:

    ```mlir
    %n = scf.for %i = %c0 to %size step %c1 iter_args(%found = %c0) -> (index) {
      %x = memref.load %m[%i] : memref<?xi32>
      ...
      scf.yield %next : index
    }
    ```

    After:

    ```mlir
    %slot = memref.alloc() : memref<1xindex>
    gpu.launch blocks(...) in (%gx = %c1, ...) threads(...) in (%sx = %c1, ...) {
      %r = scf.for %i = %c0 to %size step %c1 iter_args(%found = %c0) -> (index) { ... }
      memref.store %r, %slot[%c0] : memref<1xindex>
      gpu.terminator
    }
    %n = memref.load %slot[%c0] : memref<1xindex>
    memref.dealloc %slot : memref<1xindex>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::memref::MemRefDialect"];
}

def FlattenLaunchCapturesPass : Pass<"bev-flatten-launch-captures"> {
  let summary = "pass dynamic memrefs to kernels as a pointer and sizes";
  let description = [{
    A memref that a `gpu.launch` uses and whose type is not a static contiguous
    one is taken apart outside and put together inside, so that every kernel
    argument is a scalar or a memref that is a bare pointer.

    ```mlir
    gpu.launch … { %v = memref.load %m[%i] : memref<?xf32> … }
    ```

    becomes

    ```mlir
    %base, %offset, %size, %stride = memref.extract_strided_metadata %m : memref<?xf32> -> memref<f32>, index, index, index
    gpu.launch … {
      %k = memref.reinterpret_cast %base to offset: [0], sizes: [%size], strides: [1] : memref<f32> to memref<?xf32>
      %v = memref.load %k[%i] : memref<?xf32> …
    }
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def OutlineKernelsPass : Pass<"bev-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "outline kernels with what their launches say";
  let description = [{
    Runs `gpu-kernel-outlining`, which drops the attributes of a `gpu.launch`,
    and gives each kernel its launch's `bev.blocks`.

    ```mlir
    gpu.launch … { … } {bev.blocks = 8 : i64}
    ```

    becomes

    ```mlir
    gpu.launch_func @main_kernel::@main_kernel …
    gpu.func @main_kernel(…) kernel attributes {bev.blocks = 8 : i64, …}
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::DLTIDialect"];
}

def AnnotateKernelArgumentsPass : Pass<"bev-annotate-kernel-arguments", "::mlir::ModuleOp"> {
  let summary = "mark kernel arguments that nothing else in the kernel writes";
  let description = [{
    A memref argument of a kernel that is only read there, and whose buffer no
    other argument of that launch writes, is marked `llvm.noalias` and
    `llvm.readonly`, so that loads from it go through the read-only path
    (`ld.global.nc`). Written arguments are marked `llvm.noalias` where their
    buffer is not passed twice. Buffers without an offset start at multiples of 16
    bytes: `llvm.align`.

    Buffers are told apart at the launch: distinct allocations, constants, and
    arguments of public functions, which this compiler never writes.

    Precondition: kernels outlined.
  }];
}

//===----------------------------------------------------------------------===//
// MemRefToRuntime
//===----------------------------------------------------------------------===//

def ConvertHostAccessToRuntimePass : Pass<"convert-host-access-to-runtime", "::mlir::ModuleOp"> {
  let summary = "make host code reach device memory through the runtime";
  let description = [{
    After this pass every buffer lives in device memory: loads and stores in
    host code become calls of `bevrtDeviceRead` and `bevrtDeviceWrite` through a
    slot on the stack, copies `bevrtDeviceCopy`, constants
    `bevrtDeviceConstant` (uploaded once), allocations and deallocations
    `mgpuMemAlloc` and `mgpuMemFree` on the runtime's current stream.

    Buffers that the lowering of `bufferization.dealloc` made for its own
    bookkeeping and stack slots stay on the host.

    Precondition: bufferized, deallocations inserted, parallel loops launched.
    Postcondition: no memref access to device memory outside of kernels.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect"];
}

//===----------------------------------------------------------------------===//
// VectorToLLVM
//===----------------------------------------------------------------------===//

def AnnotateAlignmentPass : Pass<"bev-annotate-alignment"> {
  let summary = "prove the alignment of vector loads and stores";
  let description = [{
    Writes `alignment` on every `vector.load` and `vector.store` for which the
    memref's strides and the divisibility of its indices prove more than the
    element's own alignment. Buffers are taken to start at multiples of 16
    bytes: that is part of the calling convention of compiled functions, and
    buffers that compiled code allocates start at multiples of 64.

    Indices are followed through constants, arithmetic, `affine.apply` and the
    steps of loops.

    ```mlir
    func.func @f(%m: memref<4x32xf16>, %i: index, %j: index) -> vector<8xf16> {
      %c8 = arith.constant 8 : index
      %k = arith.muli %j, %c8 : index
      %v = vector.load %m[%i, %k] : memref<4x32xf16>, vector<8xf16>
      return %v : vector<8xf16>
    }
    ```

    gives the load `alignment = 16`, and thus one 128-bit access.
  }];
}

def LowerVectorTransfersPass : Pass<"bev-lower-vector-transfers"> {
  let summary = "lower transfers of contiguous vectors to vector.load and vector.store";
  let description = [{
    `vector.transfer_read` and `vector.transfer_write` that are in bounds and
    run along the memref's last dimension become `vector.load` and
    `vector.store`; others are taken apart until they do or are left to upstream's
    `convert-vector-to-scf`.

    Precondition: bufferized.

    ```mlir
    %v = vector.transfer_read %m[%i, %j], %pad {in_bounds = [true]} : memref<4x32xf16>, vector<8xf16>
    ```

    becomes

    ```mlir
    %v = vector.load %m[%i, %j] : memref<4x32xf16>, vector<8xf16>
    ```
  }];
  let dependentDialects = ["::mlir::vector::VectorDialect", "::mlir::memref::MemRefDialect"];
}

//===----------------------------------------------------------------------===//
// MathToArith
//===----------------------------------------------------------------------===//

def ConvertMathToArithPass : Pass<"convert-math-to-arith"> {
  let summary = "compute exp on the CPU with arithmetic that vectorizes";
  let description = [{
    `math.exp` on f32 becomes a range reduction and a polynomial, without calls
    or branches, so that loops around it vectorize: exp(x) = 2^n p(x - n ln 2).
    Error: 1 unit in the last place; results below 2^-126 are rounded to
    multiples of 2^-149 as they should; overflow gives infinity and NaN stays
    NaN.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

//===----------------------------------------------------------------------===//
// VectorToNVVM
//===----------------------------------------------------------------------===//

def ConvertPackedArithmeticToNVVMPass
    : Pass<"convert-packed-arithmetic-to-nvvm", "::mlir::func::FuncOp"> {
  let summary = "keep multiplications and additions of f16 vectors in f16";
  let description = [{
    A `vector.fma` on a vector of f16 inside a `gpu.launch` becomes `llvm.intr.fma`,
    which is one instruction for two elements and which the passes that widen
    arithmetic to f32 leave alone.

    ```mlir
    %r = vector.fma %a, %b, %c : vector<8xf16>
    ```

    becomes

    ```mlir
    %r = llvm.intr.fma(%a, %b, %c) : (vector<8xf16>, vector<8xf16>, vector<8xf16>) -> vector<8xf16>
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ConvertGuardedLoadsToNVVMPass
    : Pass<"convert-guarded-loads-to-nvvm", "::mlir::gpu::GPUFuncOp"> {
  let summary = "turn branches around one load into predicated loads";
  let description = [{
    An `scf.if` whose one branch loads 4, 8 or 16 aligned bytes of memory that
    the kernel does not write (an argument that is `llvm.noalias` and
    `llvm.readonly`), and whose other gives zeros, becomes one predicated
    `ld.global.nc`. As a branch, LLVM moves the arithmetic on the loaded values
    into it, and the loads of neighbouring branches no longer overlap.
    Constants in the indices become the instruction's offset, so that loads some
    constant apart share one address; what is known first is added first. Other
    loads of such memory inside an `scf.if` become `llvm.load` of addresses that
    are computed in the same way, as far as possible before the branch. An index
    that is the lower half of a word is picked with `prmt`: LLVM would mask the
    product instead, and the device compiler multiply and add apart.

    ```mlir
    %r = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %x[%i] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    ```

    becomes

    ```mlir
    %w = llvm.inline_asm "mov.b32 $0, 0; mov.b32 $1, 0; mov.b32 $2, 0; mov.b32 $3, 0; @$5 ld.global.nc.v4.b32 {$0, $1, $2, $3}, [$4];", "=&r,=&r,=&r,=&r,l,b" %address, %inside : (i64, i1) -> !llvm.struct<(i32, i32, i32, i32)>
    ```

    Precondition: kernels outlined, their arguments annotated.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::vector::VectorDialect"];
}

//===----------------------------------------------------------------------===//
// MathToNVVM
//===----------------------------------------------------------------------===//

def ConvertMathToNVVMIntrinsicsPass : Pass<"convert-math-to-nvvm-intrinsics"> {
  let summary = "lower math on the device without libdevice";
  let description = [{
    Replaces math ops by instructions of the device and, where there are none
    accurate enough, by arithmetic. f16 and bf16 are computed as f32. Errors
    in f32, in units in the last place:

    | op | how | error |
    |---|---|---|
    | sqrt, fma, floor, ceil, trunc, roundeven, absf, copysign | instruction | exact or correctly rounded |
    | rsqrt | 1 / sqrt | 1.5 |
    | exp, exp2 | ex2.approx on a split argument | 3 |
    | sin, cos, tan | argument reduced in f64, polynomial | 2 (tan 3) up to 1e9 |
    | atan, atan2 | polynomial | 3 |
    | powf | log2 and exp2 in f64 | 1 |
    | log, log2, log10, log1p, expm1, acos | upstream's polynomials | 3 |
    | tanh, erf | upstream's polynomials | 5 |
    | asin, cbrt | upstream's polynomials | 7, 12 |

    Beyond 1e15 the result of sin and cos is bounded but not accurate.

    With `afn`, `exp` and `exp2` of scalars are `ex2.approx.ftz` alone: results
    below 2^-126 are 0.

    A math op that has no lowering here is an error that names it; nothing is
    left to call.

    Postcondition: no math ops.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
    "::mlir::vector::VectorDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect"];
}

//===----------------------------------------------------------------------===//
// GPUToNVVM
//===----------------------------------------------------------------------===//

def AttachNVVMTargetPass : Pass<"bev-attach-nvvm-target", "::mlir::ModuleOp"> {
  let summary = "attach the NVVM target of a chip, with the PTX version it needs";
  let description = [{
    Looks the chip up in a table of the chips that this compiler and its LLVM
    know and attaches `#nvvm.target` with the PTX version that chip needs to
    every `gpu.module`. An unknown chip is an error that lists the known ones;
    `native` asks the CUDA driver for the chip of device 0.

    The `bev.blocks` of a kernel becomes `nvvm.minctasm`, in PTX
    `.minnctapersm`.
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"sm_90\"",
           "the GPU to generate code for: sm_75 ... sm_121, or native">
  ];
  let dependentDialects = ["::mlir::NVVM::NVVMDialect", "::mlir::gpu::GPUDialect"];
}

def VerifyDeviceCodePass : Pass<"bev-verify-device-code", "::mlir::ModuleOp"> {
  let summary = "check that kernels call nothing that does not exist";
  let description = [{
    Fails on a function that a `gpu.module` declares but does not define, other
    than `vprintf`, `malloc` and `free`: it would be an unresolved symbol on the
    device. `__nv_*` functions are named with the math op they stand for.
  }];
}

def WidenBooleanLoadsPass
    : Pass<"bev-widen-boolean-loads", "::mlir::gpu::GPUModuleOp"> {
  let summary = "read booleans in kernels as bytes";
  let description = [{
    A boolean has a byte of memory, 0 or 1. Loads of bytes that lie side by side
    can become one of a word; LLVM does that with no loads of `i1`.

    ```mlir
    %b = llvm.load %p : !llvm.ptr -> i1
    ```

    becomes

    ```mlir
    %0 = llvm.load %p : !llvm.ptr -> i8
    %b = llvm.trunc %0 : i8 to i1
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def OverlapLaunchesPass
    : Pass<"bev-overlap-launches", "::mlir::gpu::GPUModuleOp"> {
  let summary = "let kernels start before what they depend on has ended";
  let description = [{
    A kernel begins some 0.5 to 1 microseconds after the one before it in the
    stream has ended. Where the chips of all targets of the module can do it (from
    compute capability 9.0 on), each kernel here lets its dependents start as soon
    as all its blocks have, and waits itself, before it first touches memory, until
    all that it depends on has ended and can be seen. Every thread waits, those of
    the tail too, so that a kernel has not ended before those that it depends on.
    A kernel that says itself where it waits, as those of gradients do, stays as
    it is.

    A launch has to ask for it, which is wrong for a kernel that does not wait. So
    the module says that its kernels do, by a constant of the name
    `bevrt_kernels_wait`, for which the runtime looks.

    ```mlir
    llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      %0 = llvm.load %p : !llvm.ptr -> f32
    ```

    becomes

    ```mlir
    llvm.mlir.global external constant @bevrt_kernels_wait(1 : i8) {addr_space = 4 : i32} : i8
    llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      nvvm.griddepcontrol launch_dependents
      nvvm.griddepcontrol wait
      %0 = llvm.load %p : !llvm.ptr -> f32
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::NVVM::NVVMDialect"];
}

def SerializeDeviceCodePass : Pass<"bev-serialize-device-code", "::mlir::ModuleOp"> {
  let summary = "turn gpu modules into PTX, cubins or fat binaries";
  let description = [{
    Checks first that what the format needs is there, so that a missing ptxas
    or fatbinary is one diagnostic, then runs upstream's serialization. PTX
    (`isa`) needs no CUDA toolkit. `llvm` leaves the gpu modules as they are.
  }];
  let options = [
    Option<"format", "format", "std::string", "\"isa\"",
           "llvm, isa (PTX), bin (cubin) or fatbin">
  ];
}

//===----------------------------------------------------------------------===//
// SCFToOpenMP
//===----------------------------------------------------------------------===//

def PartitionParallelPass : Pass<"bev-partition-parallel"> {
  let summary = "one level of parallel loops with enough work per iteration";
  let description = [{
    Leaves at most one level of `scf.parallel`, with one dimension and an amount
    of work per iteration that is worth handing to a thread; everything inside
    becomes `scf.for` so that it vectorizes. A loop whose total work is below
    `min-work` operations becomes serial. Loops of one long dimension are cut
    into blocks, and so is the first dimension that would stay a loop where the
    ones before it have few iterations (a batch of 2).

    Precondition: bufferized, no linalg ops.
  }];
  let options = [
    Option<"minWork", "min-work", "int64_t", "32768",
           "least number of operations worth starting threads for">,
    Option<"blockWork", "block-work", "int64_t", "8192",
           "number of operations that one parallel iteration should do">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::affine::AffineDialect"];
}

def InlineAllocaScopesPass : Pass<"bev-inline-alloca-scopes"> {
  let summary = "give each OpenMP thread one stack slot instead of one per iteration";
  let description = [{
    Inlines every `memref.alloca_scope`. Static stack slots in it move to the
    start of the enclosing `omp.parallel`, where each thread makes its own, or
    of the function.

    Precondition: scf.parallel lowered to OpenMP, other loops still structured.
    Postcondition: no `memref.alloca_scope`, so that control flow can be lowered.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

#endif // BEV_CONVERSION_PASSES_TD
