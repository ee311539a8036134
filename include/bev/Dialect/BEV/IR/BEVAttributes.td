// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Enumerations and the schedule attribute of the bev dialect.

#ifndef BEV_DIALECT_BEV_IR_BEVATTRIBUTES_TD
#define BEV_DIALECT_BEV_IR_BEVATTRIBUTES_TD

include "bev/Dialect/BEV/IR/BEVDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class BEV_I32Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::mlir::bev";
  let genSpecializedAttr = 0;
}

class BEV_EnumAttr<EnumAttrInfo info, string name>
    : EnumAttr<BEV_Dialect, info, name>;

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def BEV_ReferenceKind : BEV_I32Enum<"ReferenceKind",
    "what a reference point of deformable attention is", [
  I32EnumAttrCase<"level", 0>,
  I32EnumAttrCase<"box", 1>,
  I32EnumAttrCase<"pillar", 2>
]>;
def BEV_ReferenceKindAttr : BEV_EnumAttr<BEV_ReferenceKind, "reference_kind">;

def BEV_AnchorOrder : BEV_I32Enum<"AnchorOrder",
    "which anchor of a pillar a point belongs to: p mod Z or p div (P / Z)", [
  I32EnumAttrCase<"mod", 0>,
  I32EnumAttrCase<"div", 1>
]>;
def BEV_AnchorOrderAttr : BEV_EnumAttr<BEV_AnchorOrder, "anchor_order">;

def BEV_ValueLayout : BEV_I32Enum<"ValueLayout",
    "order of the positions and heads of an attention's value: [S,M,D] or [M,S,D]", [
  I32EnumAttrCase<"position_major", 0>,
  I32EnumAttrCase<"head_major", 1>
]>;
def BEV_ValueLayoutAttr : BEV_EnumAttr<BEV_ValueLayout, "value_layout">;

def BEV_Interpolation : BEV_I32Enum<"Interpolation",
    "how a map is read between its pixel centres", [
  I32EnumAttrCase<"bilinear", 0>,
  I32EnumAttrCase<"nearest", 1>,
  I32EnumAttrCase<"bicubic", 2>
]>;
def BEV_InterpolationAttr : BEV_EnumAttr<BEV_Interpolation, "interpolation">;

def BEV_Padding : BEV_I32Enum<"Padding",
    "what a map is outside its pixels", [
  I32EnumAttrCase<"zeros", 0>,
  I32EnumAttrCase<"border", 1>,
  I32EnumAttrCase<"reflection", 2>
]>;
def BEV_PaddingAttr : BEV_EnumAttr<BEV_Padding, "padding">;

def BEV_Guard : BEV_I32Enum<"Guard",
    "how a sample outside the map is kept from being read", [
  I32EnumAttrCase<"select", 0>,
  I32EnumAttrCase<"predicate", 1>,
  I32EnumAttrCase<"skip", 2>,
  I32EnumAttrCase<"speculate", 3>
]>;

def BEV_Prefetch : BEV_I32Enum<"Prefetch",
    "which operands blocks bring to the cache before they read them", [
  I32EnumAttrCase<"none", 0>,
  I32EnumAttrCase<"value", 1>,
  I32EnumAttrCase<"all", 2>
]>;

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

def BEV_ScheduleAttr : AttrDef<BEV_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "how one op is mapped to vectors and threads";
  let description = [{
    Written by `bev-select-schedule` or by hand, obeyed by every later pass.

    - `lanes`: neighbouring channels that one work item computes as one vector; a
      divisor of the number of channels, at most 1024.
    - `threads`: work items per GPU block, at most 1024; ignored on the CPU.
    - `guard`: `select` reads a clamped address and selects zero; `predicate`
      branches around each corner's read; `skip` branches around the whole
      sample and, within it, around each corner's read; `speculate` reads all
      corners of samples that touch the map, moved into it, where those that do
      not count weigh 0, and computes what is not finite again as `skip` does.
    - `blocks`: blocks that a GPU multiprocessor must have the registers to hold
      at once, at most 32 and 2048 threads in all; 0 leaves the registers to the
      compiler of the device code. Ignored on the CPU.
    - `share`: the work items of one row of channels, the row's team, share the
      sampling arithmetic: each computes the positions and weights of some of the
      samples, and all read them. Only of attentions; the team must be 2, 4, 8,
      16 or 32 and divide `threads`. Ignored on the CPU.
    - `packed`: f16 values are interpolated between the four neighbours in f16,
      two channels at a time; bilinear weights are rounded to f16, and a neighbour
      whose weight rounds to 0 is not read. Sums over samples stay in f32. With
      `share` and `speculate`, if positions are known to be at most 65536 and
      samples can be divided among the team two by two, products with the weights
      are rounded to f16 as well (of given weights that are not f16, relative to
      the largest finite one of the row: what is 2^-27 of it counts as 0), and two
      samples that are read `together` added up in f16 first. Of pools, with f16
      depths and `rows`: products of the points that are read `together` are
      added in f16, their sums in f32. Ignored on the CPU.
    - `together`: samples whose neighbours a work item reads before it uses any of
      them, at most 16; with `skip` they have one branch. Only with `share`, or
      with `rows`, of points: the largest divisor up to it of the points whose
      ranks a team reads at once, or the points of a segment that are read at
      once, where 1 leaves the choice to the code.
    - `heads`: heads of a query whose work items are neighbours before those of the
      next query, a divisor of the heads; 0: all. With few, neighbouring work items
      read neighbouring cells of the same channels. Only of attentions.
    - `strip`, `width`: with `width` > 0, the queries are taken as the rows of a
      grid of that width and numbered in strips of `strip` rows, column by column,
      so that work items are neighbours in both directions. Only of attentions.
    - `rows`: rows of the result that a GPU block computes together, teams of its
      threads taking the next `points` of any of them; 0: one work item sums all points
      of its lanes. Only of pools, at most 32, of at most 2048 channels and 32
      work items. Of segments: neighbours in the table that one GPU work item
      sums, at most 8. Ignored on the CPU.
    - `prefetch`: GPU blocks begin by bringing their parts of the `value` (of pools,
      the features), or of `all` operands, to the second level of cache; `none`:
      nothing. Only of attentions and pools, on chips from compute capability 9.0
      on; ignored elsewhere.
    - `points`: points that one team sums before it takes others, between 1 and
      64; used with `rows`. Of segments: rows of features whose depths are brought
      to shared memory at once.
    - `balance`: rows are divided among GPU blocks by how many points they have,
      instead of by where they are, where the bounds are constants. Only of pools,
      with `rows`; ignored on the CPU and where bounds are no constants.

    ```mlir
    #bev.schedule<lanes = 8, threads = 256, guard = predicate>
    ```
  }];
  let parameters = (ins
    "int64_t":$lanes,
    DefaultValuedParameter<"int64_t", "256">:$threads,
    DefaultValuedParameter<"::mlir::bev::Guard", "::mlir::bev::Guard::predicate">:$guard,
    DefaultValuedParameter<"int64_t", "0">:$blocks,
    DefaultValuedParameter<"bool", "false">:$share,
    DefaultValuedParameter<"bool", "false">:$packed,
    DefaultValuedParameter<"int64_t", "1">:$together,
    DefaultValuedParameter<"int64_t", "0">:$heads,
    DefaultValuedParameter<"int64_t", "1">:$strip,
    DefaultValuedParameter<"int64_t", "0">:$width,
    DefaultValuedParameter<"::mlir::bev::Prefetch", "::mlir::bev::Prefetch::none">:$prefetch,
    DefaultValuedParameter<"int64_t", "0">:$rows,
    DefaultValuedParameter<"int64_t", "16">:$points,
    DefaultValuedParameter<"bool", "false">:$balance);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static constexpr int64_t kMaxLanes = 1024;
    static constexpr int64_t kMaxThreads = 1024;
    static constexpr int64_t kMaxBlocks = 32;
    /// Points of a piece of a pool's row.
    static constexpr int64_t kMaxPoints = 64;
    /// Rows of a block, one for each lane of a warp.
    static constexpr int64_t kMaxRows = 32;
    /// Segments that one work item sums.
    static constexpr int64_t kMaxSegments = 8;
    static constexpr int64_t kMaxTogether = 16;
    static constexpr int64_t kMaxHeads = 1024;
    static constexpr int64_t kMaxStrip = 64;
    static constexpr int64_t kMaxWidth = 1 << 20;
    /// Most work items that share the arithmetic of a row: a warp.
    static constexpr int64_t kMaxTeam = 32;
    /// Most channels of rows whose sums share a block's memory.
    static constexpr int64_t kMaxPooledChannels = 2048;
    /// Threads of all blocks that a multiprocessor holds.
    static constexpr int64_t kMaxResidentThreads = 2048;
  }];
}

#endif // BEV_DIALECT_BEV_IR_BEVATTRIBUTES_TD
