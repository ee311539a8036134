// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from the bev dialect to the bev dialect and its tile-level form.

#ifndef BEV_DIALECT_BEV_TRANSFORMS_PASSES_TD
#define BEV_DIALECT_BEV_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def BEVComposeAttentionPass : Pass<"bev-compose-attention"> {
  let summary = "compose deformable_attention from its parts";
  let description = [{
    Replaces softmax, location arithmetic and `bev.ms_deform_attn` by one
    `bev.deformable_attention`. Frameworks write these parts one by one; as one
    op they share their reads, and the locations never exist in memory.

    The location arithmetic may be spelled with any elementwise, reshaping and
    broadcasting ops of linalg, tensor and arith. It is checked element by
    element: each location must be a reference point plus its offset over the
    size of its level, or times its box's size and 0.5 / P, in the arrangement
    of one reference kind and anchor order. Sizes written as reciprocals may
    differ by the rounding to f32. What does not match is left alone; the debug
    output says why.

    Arithmetic that was below f32 becomes f32.

    Precondition: tensors; the softmax is a `linalg.softmax`.

    Before:

    ```mlir
    %sizes = arith.constant dense<[[3.0, 2.0]]> : tensor<1x2xf32>
    %locations = linalg.generic {
        indexing_maps = [#reference, #point, #level, #point],
        iterator_types = ["parallel", "parallel", "parallel",
                          "parallel", "parallel", "parallel"]}
        ins(%reference, %offsets, %sizes : tensor<1x5x1x2xf32>,
            tensor<1x5x2x1x4x2xf32>, tensor<1x2xf32>)
        outs(%empty : tensor<1x5x2x1x4x2xf32>) {
    ^bb0(%r: f32, %o: f32, %s: f32, %out: f32):
      %scaled = arith.divf %o, %s : f32
      %location = arith.addf %r, %scaled : f32
      linalg.yield %location : f32
    } -> tensor<1x5x2x1x4x2xf32>
    %softmax = linalg.softmax dimension(3) ins(%logits : tensor<1x5x2x4xf32>)
        outs(%weights_init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]]
        output_shape [1, 5, 2, 1, 4]
        : tensor<1x5x2x4xf32> into tensor<1x5x2x1x4xf32>
    %r = bev.ms_deform_attn levels([2, 3])
        ins(%value, %locations, %weights : tensor<1x6x2x4xf32>,
            tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
        outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    ```

    After:

    ```mlir
    %r = bev.deformable_attention level levels([2, 3])
        ins(%value, %reference, %offsets, %logits : ...)
        outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::bev::BEVDialect"];
}

def BEVExpandAttentionPass : Pass<"bev-expand-attention"> {
  let summary = "expand deformable_attention to its parts";
  let description = [{
    The reverse of `bev-compose-attention`: softmax in f32, location arithmetic
    in one `linalg.generic`, and `bev.ms_deform_attn`. For consumers that know
    only the core op, and for comparing the two.

    Postcondition: no `bev.deformable_attention` on tensors.

    Before:

    ```mlir
    %r = bev.deformable_attention level levels([2, 3], [1, 2])
        ins(%value, %reference, %offsets, %logits : tensor<1x8x2x4xf32>,
            tensor<1x5x2x2xf32>, tensor<1x5x2x2x4x2xf32>, tensor<1x5x2x8xf32>)
        outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    ```

    After:

    ```mlir
    %sizes = arith.constant dense<[[3.000000e+00, 2.000000e+00],
                                   [2.000000e+00, 1.000000e+00]]> : tensor<2x2xf32>
    %locations = linalg.generic
        ins(%offsets, %reference, %sizes : ...) outs(...) {
    ^bb0(%o: f32, %p: f32, %s: f32, %...: f32):
      %scaled = arith.divf %o, %s : f32
      %location = arith.addf %p, %scaled : f32
      linalg.yield %location : f32
    } -> tensor<1x5x2x2x4x2xf32>
    %softmax = linalg.softmax dimension(3) ins(%logits : ...) outs(...)
    %weights = tensor.expand_shape %softmax [[0], [1], [2], [3, 4]]
    %r = bev.ms_deform_attn levels([2, 3], [1, 2])
        ins(%value, %locations, %weights : ...)
        outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::bev::BEVDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def BEVPackProjectionsPass : Pass<"bev-pack-projections"> {
  let summary = "compute an attention's offsets and logits by one product";
  let description = [{
    Two linear layers of the same input, of which one computes an attention's
    offsets and the other its logits, become one with their weights and biases
    side by side; the attention reads slices of its result. The input is read
    once, and what is summed up, and in which order, stays the same. The bias is
    what the product begins with, or is added to it afterwards.

    Weights that are constants are put together at compile time, others, which
    takes kernels of their own, only for an input of 32 MiB and more.

    Precondition: tensors.

    Before:

    ```mlir
    %offset_rows = linalg.matmul ins(%x, %offset_weight : tensor<5x3xf32>, tensor<3x16xf32>)
        outs(%offset_bias : tensor<5x16xf32>) -> tensor<5x16xf32>
    %logit_rows = linalg.matmul ins(%x, %logit_weight : tensor<5x3xf32>, tensor<3x8xf32>)
        outs(%logit_bias : tensor<5x8xf32>) -> tensor<5x8xf32>
    %offsets = tensor.expand_shape %offset_rows [[0, 1], [2, 3, 4, 5]] output_shape [1, 5, 2, 1, 4, 2]
        : tensor<5x16xf32> into tensor<1x5x2x1x4x2xf32>
    %logits = tensor.expand_shape %logit_rows [[0, 1], [2, 3]] output_shape [1, 5, 2, 4]
        : tensor<5x8xf32> into tensor<1x5x2x4xf32>
    ```

    After:

    ```mlir
    %rows = linalg.matmul ins(%x, %weight : tensor<5x3xf32>, tensor<3x24xf32>)
        outs(%bias : tensor<5x24xf32>) -> tensor<5x24xf32>
    %offset_rows = tensor.extract_slice %rows[0, 0] [5, 16] [1, 1] : tensor<5x24xf32> to tensor<5x16xf32>
    %logit_rows = tensor.extract_slice %rows[0, 16] [5, 8] [1, 1] : tensor<5x24xf32> to tensor<5x8xf32>
    %offsets = tensor.expand_shape %offset_rows
    %logits = tensor.expand_shape %logit_rows
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"];
}

def BEVPropagateValueLayoutPass : Pass<"bev-propagate-value-layout"> {
  let summary = "let what computes an attention's value write it head-major";
  let description = [{
    Gives attentions on tensors a head-major value. The transposition moves
    through reshapes and concatenations into the op that computes the value,
    mostly the bias or mask after the value's projection or the projection
    itself, which then writes its result in that order: no element is written
    twice.

    `when` says which attentions: those whose producers take the transposition
    (`absorbed`); also those where so many samples read each position that a copy
    pays (`pays`); all (`always`), where a `linalg.transpose` stands between if
    need be; or none (`never`).

    Before:

    ```mlir
    %value = linalg.generic {indexing_maps = [#identity, #channels, #identity], iterator_types = ["parallel", "parallel"]}
        ins(%product, %bias : tensor<6x8xf32>, tensor<8xf32>)
        outs(%empty : tensor<6x8xf32>) {
    ^bb0(%x: f32, %y: f32, %out: f32):
      %sum = arith.addf %x, %y : f32
      linalg.yield %sum : f32
    } -> tensor<6x8xf32>
    %heads = tensor.expand_shape %value [[0, 1], [2, 3]] output_shape [1, 6, 2, 4]
        : tensor<6x8xf32> into tensor<1x6x2x4xf32>
    %r = bev.deformable_attention level levels([2, 3])
        ins(%heads, %reference, %offsets, %logits : tensor<1x6x2x4xf32>,
            tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
        outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
    ```

    After:

    ```mlir
    %value = linalg.generic {indexing_maps = [#identity, #channels, #heads], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%..., %... : tensor<1x6x2x4xf32>, tensor<2x4xf32>) outs(%... : tensor<1x2x6x4xf32>) {
    %r = bev.deformable_attention level levels([2, 3]) value_layout(...head_major)
        ins(%value, ... : tensor<1x2x6x4xf32>, ...
    ```
  }];
  let options = [
    Option<"when", "when", "std::string", "\"absorbed\"",
           "never, absorbed, pays or always">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"];
}

def BEVSelectSchedulePass : Pass<"bev-select-schedule"> {
  let summary = "choose a schedule for every bev op that has none";
  let description = [{
    Writes a `#bev.schedule` on every op that can carry one. Schedules that are
    there already are kept; then those of `schedule-file` count, for ops of the
    very shapes and types of its keys; then what is chosen from the target, the
    shapes and the types. Of an attention on a GPU that is the schedule, of a few
    hundred, that a model of its cost finds fastest (docs/cost-model.md).

    Postcondition: every op with channels carries a schedule.

    Before:

    ```mlir
    %r = bev.ms_deform_attn levels([50, 50])
        ins(%value, %locations, %weights : tensor<1x2500x8x32xf16>,
            tensor<1x40000x8x1x8x2xf32>, tensor<1x40000x8x1x8xf16>)
        outs(%init : tensor<1x40000x8x32xf16>) -> tensor<1x40000x8x32xf16>
    ```

    After:

    ```mlir
    %r = bev.ms_deform_attn levels([50, 50])
        schedule(<lanes = 8, threads = 128, guard = speculate, blocks = 10, share = true, packed = true, together = 2, heads = 2, strip = 4, width = 200, prefetch = all>)
        ins(...) outs(...) -> tensor<1x40000x8x32xf16>
    ```
  }];
  let options = [
    Option<"target", "target", "std::string", "\"gpu\"",
           "what to schedule for: gpu or cpu">,
    Option<"vectorBytes", "vector-bytes", "int64_t", "32",
           "width of the CPU's vectors in bytes; ignored for gpu">,
    Option<"chip", "chip", "std::string", "\"sm_90\"",
           "the GPU to schedule for; ignored for cpu">,
    Option<"scheduleFile", "schedule-file", "std::string", "\"\"",
           "file of schedules that bev-tune has found, which come before those "
           "that are chosen otherwise">
  ];
}

def BEVTileToForallPass : Pass<"bev-tile-to-forall"> {
  let summary = "tile scheduled bev ops to one row of channels per iteration";
  let description = [{
    Tiles every bev op that carries a schedule, through its TilingInterface, to
    an `scf.forall` with one iteration per row of `lanes` neighbouring channels
    of the result. With `points`, `bev.project_points` has one iteration per
    point and camera.

    Precondition: tensors; schedules selected. Postcondition: each scheduled
    op has unit sizes in all result dimensions but the channels.

    Before:

    ```mlir
    %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, threads = 128>)
        ins(%value, %locations, %weights : tensor<1x6x2x8xf32>,
            tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
        outs(%init : tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32>
    ```

    After:

    ```mlir
    %r = scf.forall (%b, %q, %m, %d) = (0, 0, 0, 0)
        to (1, 5, 2, 8) step (1, 1, 1, 4) shared_outs(%out = %init) ... {
      %v = tensor.extract_slice %value[%b, 0, %m, %d] [1, 6, 1, 4]
          ... to tensor<1x6x1x4xf32>
      %l = tensor.extract_slice %locations[%b, %q, %m, 0, 0, 0]
          ... to tensor<1x1x1x1x4x2xf32>
      %w = tensor.extract_slice %weights[%b, %q, %m, 0, 0]
          ... to tensor<1x1x1x1x4xf32>
      %o = tensor.extract_slice %out[%b, %q, %m, %d]
          ... to tensor<1x1x1x4xf32>
      %t = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, threads = 128>)
          ins(%v, %l, %w : ...) outs(%o : ...) -> tensor<1x1x1x4xf32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %t into %out[%b, %q, %m, %d] ...
    } {bev.threads = 128 : i64}
    ```
  }];
  let options = [
    Option<"keepRows", "keep-rows", "bool", "false",
           "leave ops whose schedule gives a block several rows to "
           "convert-interval-pool-to-gpu">,
    Option<"points", "points", "bool", "false",
           "tile project_points too, to one point per iteration, which computes "
           "both results">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def BEVExpandPoolingPass : Pass<"bev-expand-pooling"> {
  let summary = "make the tables that voxel_pool sums by";
  let description = [{
    Replaces every `bev.voxel_pool` by ops that make tables and one
    `bev.interval_pool`, which is scheduled. Intervals are written as begin and
    end at their cells, by one iteration each; those that do not count go to a
    row behind the cells. Cells of points are sorted first: a radix sort that
    keeps the order of the points, in chunks that are counted and placed
    independently; with `many-threads` every count of a chunk and every point is
    a work item of its own, which takes fewer steps and more operations. There
    are no atomics; every element of every table is written once. Tables of
    intervals or cells that are constants, of up to 2^26 numbers, become tables
    that are constants.

    Postcondition: no `bev.voxel_pool`.

    Before:

    ```mlir
    %r = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
        intervals(%ranks, %starts, %lengths
                  : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
        outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
    ```

    After:

    ```mlir
    %none = linalg.fill ins(%c0_i32 : i32) outs(%empty : tensor<21x2xi32>) -> tensor<21x2xi32>
    %rows = scf.forall (%i) in (%n) shared_outs(%out = %none) -> (tensor<21x2xi32>) {
      %start = tensor.extract %starts[%i] : tensor<?xi32>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %bound into %out[%row, 0] [1, 2] [1, 1] : tensor<1x2xi32> into tensor<21x2xi32>
      }
    %cells = tensor.extract_slice %rows[0, 0] [20, 2] [1, 1] : tensor<21x2xi32> to tensor<20x2xi32>
    %bounds = tensor.expand_shape %cells [[0, 1, 2, 3], [4]] output_shape [1, 1, 4, 5, 2] : tensor<20x2xi32> into tensor<1x1x4x5x2xi32>
    %r = bev.interval_pool ins(%feat : tensor<?x8xf32>)
        bounds(%bounds : tensor<1x1x4x5x2xi32>)
        outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
    ```
  }];
  let options = [
    Option<"manyThreads", "many-threads", "bool", "false",
           "sort with about as many work items as there are points">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def BEVShareSamplingPass : Pass<"bev-share-sampling"> {
  let summary = "divide the sampling arithmetic of a row among a team of work items";
  let description = [{
    Rewrites attentions whose result is one row of channels and whose schedule
    says `share` as loops over the row's team, the channels divided by `lanes`.
    In the first loop each work item computes where some of the samples lie and
    what they and their neighbours weigh; in the next each adds all samples up
    for its lanes. What the loops pass on are small tensors. For
    `spatial_cross_attention` this is done for each camera that sees the query.

    `convert-parallel-to-gpu-launch` makes neighbouring threads of the team and
    shared memory of the tensors.

    Before:

    ```mlir
    %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, share = true>)
        ins(%value, %locations, %weights : tensor<1x6x1x8xf32>,
            tensor<1x1x1x1x4x2xf32>, tensor<1x1x1x1x4xf32>)
        outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
    ```

    After:

    ```mlir
    %records = scf.forall (%t) in (2) shared_outs(...) -> (tensor<4x4xi32>) {
      %w0 = vector.transfer_write ... : vector<4xi32>, tensor<2x4xi32>
      %w = vector.transfer_write %..., %w0[%..., %...] ... : vector<4xi32>, tensor<2x4xi32>
      scf.forall.in_parallel
      tensor.parallel_insert_slice %w into %...[%t, 0] [2, 4] [2, 1] ... tensor<4x4xi32>
    %r = scf.forall (%t) in (2) shared_outs(%out = ...) -> (tensor<1x1x1x8xf32>) {
      %channel = arith.muli %t, ...
      vector.transfer_read %records... vector<4xi32>
      vector.transfer_read %value[..., %channel], ..., vector<4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
    "::mlir::math::MathDialect", "::mlir::arith::ArithDialect",
    "::mlir::tensor::TensorDialect"];
}

def BEVVectorizeChannelsPass : Pass<"bev-vectorize-channels"> {
  let summary = "turn one-row bev ops into vector arithmetic along the channels";
  let description = [{
    Rewrites bev ops whose result has unit sizes in all dimensions but a static
    channel dimension of at most 1024: sampling coordinates and weights become
    scalars, each corner's channels one `vector.transfer_read`.

    Ops of any other shape are left to `bev-decompose`.

    Before:

    ```mlir
    %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = predicate>)
        ins(%value, %locations, %weights : tensor<1x6x1x4xf32>,
            tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf32>)
        outs(%init : tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
    ```

    After:

    ```mlir
    %row = arith.index_cast %... : i32 to index
    %c = scf.if %valid -> (vector<4xf32>) {
      %read = vector.transfer_read %value[%zero, %row, %zero, %zero],
          ... : tensor<1x6x1x4xf32>, vector<4xf32>
      scf.yield %read : vector<4xf32>
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
    "::mlir::math::MathDialect", "::mlir::arith::ArithDialect"];
}

def BEVDecomposePass : Pass<"bev-decompose"> {
  let summary = "decompose bev ops to linalg through AggregatedOpInterface";
  let description = [{
    Replaces every bev op by `linalg.generic` ops with the same formula, one
    output element per iteration. Works for any shape, on tensors and memrefs.

    Gradients become loops: parallel over batch rows and heads, in order over
    queries.

    Postcondition: no bev ops, but with `keep-backward` gradients.

    Before:

    ```mlir
    %r = bev.inverse_sigmoid ins(%x : tensor<?x4xf16>)
        outs(%init : tensor<?x4xf16>) -> tensor<?x4xf16>
    ```

    After:

    ```mlir
    %r = linalg.generic ... outs(%init : tensor<?x4xf16>) {
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %element = tensor.extract %x[%i, %j] : tensor<?x4xf16>
      %f32 = arith.extf %element : f16 to f32
      %log = math.log ... : f32
      %out = arith.truncf %log : f32 to f16
      linalg.yield %out : f16
    } -> tensor<?x4xf16>
    ```
  }];
  let options = [
    Option<"keepBackward", "keep-backward", "bool", "false",
           "Leave gradients, which are better decomposed on memrefs: on "
           "tensors, each of their branches doubles what is to be analysed.">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
    "::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect",
    "::mlir::vector::VectorDialect", "::mlir::math::MathDialect"];
}

#endif // BEV_DIALECT_BEV_TRANSFORMS_PASSES_TD
