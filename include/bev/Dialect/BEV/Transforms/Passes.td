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
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::bev::BEVDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def BEVSelectSchedulePass : Pass<"bev-select-schedule"> {
  let summary = "choose a schedule for every bev op that has none";
  let description = [{
    Writes a `#bev.schedule` on every op that can carry one, from the target,
    the element type and the number of channels. Schedules that are there
    already are kept.

    Postcondition: every op with channels carries a schedule.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"gpu\"",
           "what to schedule for: gpu or cpu">,
    Option<"vectorBytes", "vector-bytes", "int64_t", "32",
           "width of the CPU's vectors in bytes; ignored for gpu">
  ];
}

def BEVTileToForallPass : Pass<"bev-tile-to-forall"> {
  let summary = "tile scheduled bev ops to one row of channels per iteration";
  let description = [{
    Tiles every bev op that carries a schedule, through its TilingInterface, to
    an `scf.forall` with one iteration per row of `lanes` neighbouring channels
    of the result.

    Precondition: tensors; schedules selected. Postcondition: each scheduled
    op has unit sizes in all result dimensions but the channels.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def BEVVectorizeChannelsPass : Pass<"bev-vectorize-channels"> {
  let summary = "turn one-row bev ops into vector arithmetic along the channels";
  let description = [{
    Rewrites bev ops whose result has unit sizes in all dimensions but a static
    channel dimension: sampling coordinates and weights become scalars, each
    corner's channels one `vector.transfer_read`.

    Ops of any other shape are left to `bev-decompose`.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
    "::mlir::math::MathDialect", "::mlir::arith::ArithDialect"];
}

def BEVDecomposePass : Pass<"bev-decompose"> {
  let summary = "decompose bev ops to linalg through AggregatedOpInterface";
  let description = [{
    Replaces every bev op by `linalg.generic` ops with the same formula, one
    output element per iteration. Works for any shape, on tensors and memrefs.

    Postcondition: no bev ops.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

#endif // BEV_DIALECT_BEV_TRANSFORMS_PASSES_TD
