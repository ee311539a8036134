// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ops of the bev dialect.

#ifndef BEV_DIALECT_BEV_IR_BEVOPS_TD
#define BEV_DIALECT_BEV_IR_BEVOPS_TD

include "bev/Dialect/BEV/IR/BEVAttributes.td"
include "mlir/Dialect/Linalg/IR/LinalgInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/TilingInterface.td"

//===----------------------------------------------------------------------===//
// Operand types
//===----------------------------------------------------------------------===//

class BEV_ShapedOf<list<Type> elements, string summary>
    : AnyTypeOf<[RankedTensorOf<elements>, MemRefOf<elements>], summary>;

/// Values, attention weights, offsets, logits.
def BEV_Float : BEV_ShapedOf<[F16, BF16, F32],
    "ranked tensor or memref of f16, bf16 or f32">;
/// Coordinates and matrices: never below f32.
def BEV_Coordinates : BEV_ShapedOf<[F32], "ranked tensor or memref of f32">;
def BEV_Mask : BEV_ShapedOf<[I1], "ranked tensor or memref of i1">;

//===----------------------------------------------------------------------===//
// Op base classes
//===----------------------------------------------------------------------===//

class BEV_Op<string mnemonic, list<Trait> traits = []>
    : Op<BEV_Dialect, mnemonic, !listconcat([
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
          ["reifyResultShapes"]>,
        DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<TilingInterface,
          ["getIterationDomain", "getLoopIteratorTypes",
           "getResultTilePosition", "getTiledImplementation",
           "generateResultTileValue"]>
      ], traits)> {
  let hasVerifier = 1;
  /// The operands this op writes.
  code baseDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
  let extraClassDeclaration = baseDeclaration;
}

/// Ops that read a value of several levels.
class BEV_LevelOp<string mnemonic, list<Trait> traits = []>
    : BEV_Op<mnemonic, traits> {
  let extraClassDeclaration = baseDeclaration # [{
    /// Number of feature levels (L).
    int64_t getNumLevels() { return getStaticLevels().size() / 2; }
    /// (H, W) of each level, as attributes where static.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedLevels() {
      ::mlir::Builder builder(getContext());
      return ::mlir::getMixedValues(getStaticLevels(), getLevels(), builder);
    }
    /// The dimension of value that counts positions (S).
    int64_t getPositionDim() {
      auto type = ::llvm::cast<::mlir::ShapedType>(getValue().getType());
      return type.getRank() -
             (getValueLayout() == ::mlir::bev::ValueLayout::head_major ? 2 : 3);
    }
    /// The dimension of value that counts heads (M).
    int64_t getHeadDim() {
      auto type = ::llvm::cast<::mlir::ShapedType>(getValue().getType());
      return type.getRank() -
             (getValueLayout() == ::mlir::bev::ValueLayout::head_major ? 3 : 2);
    }
  }];
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

def BEV_MSDeformAttnOp : BEV_LevelOp<"ms_deform_attn"> {
  let summary = "multi-scale deformable attention from sampling locations and weights";
  let description = [{
    The core, in the interface every framework's op has:

      out[b,q,m,:] = sum over l, p of weights[b,q,m,l,p]
                     * bilin0(value_l[b,:,m,:], locations[b,q,m,l,p])

    | operand | shape | type |
    |---|---|---|
    | value | [B,S,M,D]; `value_layout(head_major)`: [B,M,S,D] | f16, bf16, f32 |
    | locations | [B,Q,M,L,P,2], (x, y), 0 to 1 across the map | f32 |
    | weights | [B,Q,M,L,P], used as given | f16, bf16, f32 |
    | init, result | [B,Q,M,D] | as value |

    A head-major value has the rows of one head side by side, so that the
    neighbours of a sample in x are one stretch of memory.

    Constraints: (msda_c1) ranks; (msda_c2) equal B, Q, M, D across operands;
    (msda_c3) dim 3 of locations and weights is the number of levels; (msda_c4)
    locations dim 5 is 2; (msda_c5) S is the sum of H * W where both are
    static, and fits 32 bits; (msda_c6) M, D, L, P static; (msda_c7) init has
    value's element type; (msda_c8) schedule lanes divide D; (msda_c9) L * P is
    at most 1024.

    ```mlir
    %r = bev.ms_deform_attn levels([50, 50], [%h, %w])
           ins(%value, %locations, %weights : tensor<1x?x8x32xf16>,
               tensor<1x900x8x2x4x2xf32>, tensor<1x900x8x2x4xf16>)
           outs(%init : tensor<1x900x8x32xf16>) -> tensor<1x900x8x32xf16>
    ```
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$locations,
    BEV_Float:$weights, BEV_Float:$init, Variadic<Index>:$levels,
    DenseI64ArrayAttr:$static_levels, OptionalAttr<BEV_ScheduleAttr>:$schedule,
    DefaultValuedAttr<BEV_ValueLayoutAttr, "::mlir::bev::ValueLayout::position_major">:$value_layout);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`value_layout` `(` $value_layout^ `)`)?
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $locations `,` $weights `:` type($value) `,` type($locations) `,` type($weights) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

def BEV_DeformableAttentionOp : BEV_LevelOp<"deformable_attention"> {
  let summary = "deformable attention from reference points, offsets and logits";
  let description = [{
    The whole attention between its linear layers. The weights are
    softmax(logits), jointly over L * P, per head; the sampling location of
    point p of level l is, by reference kind:

    - `level` (R = L or 1): ref_l + off / (W_l, H_l)
    - `box` (last dim 4, R = L or 1): ref.xy + off / P * ref.wh * 0.5
    - `pillar` (R = Z): ref[p mod Z] + off / (W_l, H_l); with
      `anchor_order = div`, ref[p div (P / Z)]

    | operand | shape | type |
    |---|---|---|
    | value | [B,S,M,D]; `value_layout(head_major)`: [B,M,S,D] | f16, bf16, f32 |
    | reference | [B,Q,R,2] or, for boxes, [B,Q,R,4] as (cx, cy, w, h) | f32 |
    | offsets | [B,Q,M,L,P,2], (x, y), pixels of the level | f16, bf16, f32 |
    | logits | [B,Q,M,L*P] | f16, bf16, f32 |
    | init, result | [B,Q,M,D] | as value |

    Offsets and logits may be strided views of one packed tensor.

    Constraints: (da_c1) ranks; (da_c2) equal B, Q, M, D; (da_c3) offsets dim 3
    is L; (da_c4) offsets dim 5 is 2; (da_c5) logits dim 3 is L * P; (da_c6)
    reference dim 3 is 4 for `box`, else 2; (da_c7) R is L or 1, or divides P
    for `pillar`; (da_c8) S is the sum of H * W where static, and fits 32 bits;
    (da_c9) M, D, L, P, R static; (da_c10) init has value's element type;
    (da_c11) schedule lanes divide D; (da_c12) L * P is at most 1024.
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$reference,
    BEV_Float:$offsets, BEV_Float:$logits, BEV_Float:$init,
    Variadic<Index>:$levels, DenseI64ArrayAttr:$static_levels,
    BEV_ReferenceKindAttr:$reference_kind,
    DefaultValuedAttr<BEV_AnchorOrderAttr, "::mlir::bev::AnchorOrder::mod">:$anchor_order,
    OptionalAttr<BEV_ScheduleAttr>:$schedule,
    DefaultValuedAttr<BEV_ValueLayoutAttr, "::mlir::bev::ValueLayout::position_major">:$value_layout);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $reference_kind (`anchor_order` `(` $anchor_order^ `)`)?
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`value_layout` `(` $value_layout^ `)`)?
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $reference `,` $offsets `,` $logits `:` type($value) `,` type($reference) `,` type($offsets) `,` type($logits) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

def BEV_SpatialCrossAttentionOp : BEV_LevelOp<"spatial_cross_attention"> {
  let summary = "deformable attention of bird's-eye-view queries into the cameras that see them";
  let description = [{
    hit(b,n,q) = any over Z of visible[b,n,q,z];

      out[b,q] = sum over cameras n that hit of pillar-deformable-attention(
                   value[b,n], uv[b,n,q], offsets[b,q], logits[b,q])
                 / max(number of cameras that hit, 1)

    All Z anchors of a camera that hits are sampled, visible or not. A query
    that no camera sees gives exactly 0.

    | operand | shape | type |
    |---|---|---|
    | value | [B,N,S,M,D]; `value_layout(head_major)`: [B,N,M,S,D] | f16, bf16, f32 |
    | uv | [B,N,Q,Z,2], 0 to 1 across the image | f32 |
    | visible | [B,N,Q,Z] | i1 |
    | offsets | [B,Q,M,L,P,2], pixels of the level | f16, bf16, f32 |
    | logits | [B,Q,M,L*P] | f16, bf16, f32 |
    | init, result | [B,Q,M,D] | as value |

    Constraints: (sca_c1) ranks; (sca_c2) equal B, N, Q, Z, M, D; (sca_c3)
    offsets dim 3 is L; (sca_c4) uv dim 4 and offsets dim 5 are 2; (sca_c5)
    logits dim 3 is L * P; (sca_c6) Z divides P; (sca_c7) S is the sum of H * W
    where static, and fits 32 bits; (sca_c8) M, D, L, P, Z static; (sca_c9)
    init has value's element type; (sca_c10) schedule lanes divide D; (sca_c11)
    L * P is at most 1024.
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$uv, BEV_Mask:$visible,
    BEV_Float:$offsets, BEV_Float:$logits, BEV_Float:$init,
    Variadic<Index>:$levels, DenseI64ArrayAttr:$static_levels,
    DefaultValuedAttr<BEV_AnchorOrderAttr, "::mlir::bev::AnchorOrder::mod">:$anchor_order,
    OptionalAttr<BEV_ScheduleAttr>:$schedule,
    DefaultValuedAttr<BEV_ValueLayoutAttr, "::mlir::bev::ValueLayout::position_major">:$value_layout);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`anchor_order` `(` $anchor_order^ `)`)?
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`value_layout` `(` $value_layout^ `)`)?
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $uv `,` $visible `,` $offsets `,` $logits `:` type($value) `,` type($uv) `,` type($visible) `,` type($offsets) `,` type($logits) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

def BEV_TemporalSelfAttentionOp : BEV_LevelOp<"temporal_self_attention"> {
  let summary = "mean of one deformable attention per frame";
  let description = [{
      out[b,q] = mean over t of level-deformable-attention(value[b,t],
                   reference[b,t,q], offsets[b,q,:,t], logits[b,q,:,t])

    with softmax over L * P for each frame t by itself.

    | operand | shape | type |
    |---|---|---|
    | value | [B,T,S,M,D] (BEVFormer: T = 2, previous and current); `value_layout(head_major)`: [B,T,M,S,D] | f16, bf16, f32 |
    | reference | [B,T,Q,L,2] | f32 |
    | offsets | [B,Q,M,T,L,P,2], pixels of the level | f16, bf16, f32 |
    | logits | [B,Q,M,T,L*P] | f16, bf16, f32 |
    | init, result | [B,Q,M,D] | as value |

    Constraints: (tsa_c1) ranks; (tsa_c2) equal B, T, Q, M, D; (tsa_c3)
    reference dim 3 and offsets dim 4 are L; (tsa_c4) reference dim 4 and
    offsets dim 6 are 2; (tsa_c5) logits dim 4 is L * P; (tsa_c6) S is the sum
    of H * W where static, and fits 32 bits; (tsa_c7) T, M, D, L, P static;
    (tsa_c8) init has value's element type; (tsa_c9) schedule lanes divide D;
    (tsa_c10) T * L * P is at most 1024.
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$reference,
    BEV_Float:$offsets, BEV_Float:$logits, BEV_Float:$init,
    Variadic<Index>:$levels, DenseI64ArrayAttr:$static_levels,
    OptionalAttr<BEV_ScheduleAttr>:$schedule,
    DefaultValuedAttr<BEV_ValueLayoutAttr, "::mlir::bev::ValueLayout::position_major">:$value_layout);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`value_layout` `(` $value_layout^ `)`)?
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $reference `,` $offsets `,` $logits `:` type($value) `,` type($reference) `,` type($offsets) `,` type($logits) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

def BEV_ProjectPointsOp : BEV_Op<"project_points"> {
  let summary = "reference points in metres to normalised camera coordinates";
  let description = [{
    h = lidar2img * (p, 1); uv = h.xy / max(h.z, 1e-5) / (w, h);
    visible = h.z > 1e-5 and 0 < u < 1 and 0 < v < 1, all strict. True f32
    arithmetic. A NaN anywhere gives visible = false.

    | operand | shape | type |
    |---|---|---|
    | points | [B,Q,Z,3], metres; with `pc_range`, in the unit cube | f32 |
    | lidar2img | [B,N,4,4] | f32 |
    | image_size | [N,2] as (h, w) pixels | f32 |
    | uv | [B,N,Q,Z,2], 0 to 1 across the image | f32 |
    | visible | [B,N,Q,Z] | i1 |

    `pc_range` = [x0, y0, z0, x1, y1, z1] in metres scales points of the unit
    cube: p * (max - min) + min.

    Constraints: (pp_c1) ranks; (pp_c2) equal B, N, Q, Z; (pp_c3) points dim 3
    is 3, lidar2img dims 2 and 3 are 4, image_size dim 1 and uv dim 4 are 2;
    (pp_c4) `pc_range` has six finite entries with max above min; (pp_c5) Z
    static.
  }];
  let arguments = (ins BEV_Coordinates:$points, BEV_Coordinates:$lidar2img,
    BEV_Coordinates:$image_size, BEV_Coordinates:$uv, BEV_Mask:$visible,
    OptionalAttr<DenseF32ArrayAttr>:$pc_range);
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return ::mlir::MutableOperandRange(getOperation(), 3, 2);
    }
  }];
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`pc_range` `(` $pc_range^ `)`)?
    `ins` `(` $points `,` $lidar2img `,` $image_size `:` type($points) `,` type($lidar2img) `,` type($image_size) `)`
    `outs` `(` $uv `,` $visible `:` type($uv) `,` type($visible) `)` attr-dict (`->` type($results)^)?
  }];
}

def BEV_EgoShiftOp : BEV_Op<"ego_shift"> {
  let summary = "motion of the ego vehicle in bird's-eye-view grid units";
  let description = [{
    dx = can_bus[0], dy = can_bus[1] in metres, ego angle = can_bus[K-2] in
    radians; len = sqrt(dx^2 + dy^2); a = ego angle - atan2(dy, dx), with
    atan2(0, 0) = 0;

      shift = (len * sin a / grid_x / W, len * cos a / grid_y / H)

    | operand | shape | type |
    |---|---|---|
    | can_bus | [B,K], K >= 4 (nuScenes: 18) | f32 |
    | init, result | [B,2] as (x, y), fractions of the grid | f32 |

    `grid_length` = (y, x) in metres per cell, `bev_size` = (H, W) in cells.

    Constraints: (es_c1) ranks; (es_c2) equal B, init dim 1 is 2; (es_c3) K is
    static and at least 4; (es_c4) two positive finite entries in
    `grid_length`, two positive ones in `bev_size`.
  }];
  let arguments = (ins BEV_Coordinates:$can_bus, BEV_Coordinates:$init,
    DenseF32ArrayAttr:$grid_length, DenseI64ArrayAttr:$bev_size);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `grid_length` `(` $grid_length `)` `bev_size` `(` $bev_size `)`
    `ins` `(` $can_bus `:` type($can_bus) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

def BEV_ReferenceGridOp : BEV_Op<"reference_grid"> {
  let summary = "the constant grid of reference points";
  let description = [{
    xs = (i + 0.5) / W, ys = (j + 0.5) / H, query = j * W + i. With
    `pillar_height` Zr (metres), Z anchors per query as well:
    zs = linspace(0.5, Zr - 0.5, Z) / Zr.

    Without `pillar_height` init is [H*W, 2] as (x, y); with it, [H*W, Z, 3] as
    (x, y, z), all f32, 0 to 1. A tile of the grid gives the query that its row
    0 stands for as `origin`.

    Constraints: (rg_c1) rank 2, or 3 with `pillar_height`; (rg_c2) dim 0 is H
    * W where static, or at most that with `origin`; (rg_c3) the last dim is 2,
    or 3 with `pillar_height`; (rg_c4) positive `bev_size`, positive finite
    `pillar_height`; (rg_c5) Z static.
  }];
  let arguments = (ins BEV_Coordinates:$init, Optional<Index>:$origin,
    DenseI64ArrayAttr:$bev_size, OptionalAttr<F32Attr>:$pillar_height);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `bev_size` `(` $bev_size `)` (`pillar_height` `(` $pillar_height^ `)`)?
    (`origin` `(` $origin^ `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

//===----------------------------------------------------------------------===//
// Resampling
//===----------------------------------------------------------------------===//

def BEV_WarpBEVOp : BEV_Op<"warp_bev", [AttrSizedOperandSegments]> {
  let summary = "rotate the previous bird's-eye view into the current ego frame";
  let description = [{
    The semantics of torchvision's rotate: counter-clockwise by `angle` degrees
    about `center`, zero fill. A row whose `reset` is true is exactly 0.

    With c = cos(angle), s = sin(angle), dx = i + 0.5 - cx and
    dy = j + 0.5 - cy, pixel (i, j) = (column, row) of the result reads the
    source at pixel coordinates

      x = c * dx - s * dy + cx - 0.5,  y = s * dx + c * dy + cy - 0.5

    `nearest` rounds half to even; outside the map is 0. A tile of the result
    gives the (row, column) that its pixel (0, 0) stands for as `origin`; H and
    W of prev are then those of the whole map.

    | operand | shape | type |
    |---|---|---|
    | prev | [B,H,W,C] | f16, bf16, f32 |
    | angle | [B], degrees | f32 |
    | reset | [B], optional | i1 |
    | init, result | [B,H,W,C] | as prev |

    `center` = (x, y) in pixels; absent means the middle of the map.
    BEVFormer's trained weights expect its published (100, 100), also on maps
    of another size.

    Constraints: (wb_c1) ranks, none or two `origin` operands; (wb_c2) equal B,
    C and, without `origin`, H and W; (wb_c3) mode is nearest or bilinear;
    (wb_c4) `center` has two finite entries; (wb_c5) init has prev's element
    type; (wb_c6) schedule lanes divide C; (wb_c7) C static; (wb_c8) H * W of
    prev is at least 1 and fits 32 bits.
  }];
  let arguments = (ins BEV_Float:$prev, BEV_Coordinates:$angle,
    Optional<BEV_Mask>:$reset, BEV_Float:$init, Variadic<Index>:$origin,
    BEV_InterpolationAttr:$mode, OptionalAttr<DenseF32ArrayAttr>:$center,
    OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $mode (`center` `(` $center^ `)`)? (`origin` `(` $origin^ `)`)?
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $prev `,` $angle `:` type($prev) `,` type($angle) `)`
    (`reset` `(` $reset^ `:` type($reset) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

def BEV_GridSampleOp : BEV_Op<"grid_sample"> {
  let summary = "sample images at arbitrary points, as ONNX GridSample does";
  let description = [{
    ONNX GridSample and torch's grid_sample, 2-D. Grid coordinates run from -1
    to 1 across the image: to the outer pixels' centres with `align_corners`,
    else to their outer edges. `bicubic` uses a = -0.75, `nearest` rounds half
    to even. With padding `zeros`, NaN and infinite coordinates give exactly 0;
    with the other paddings they read as the lower border, index 0.

    | operand | shape | type |
    |---|---|---|
    | input | [N,C,H,W] | f16, bf16, f32 |
    | grid | [N,Ho,Wo,2] as (x, y) | f32 |
    | init, result | [N,C,Ho,Wo] | as input |

    Constraints: (gs_c1) ranks; (gs_c2) equal N, C, Ho, Wo; (gs_c3) grid dim 3
    is 2; (gs_c4) init has input's element type; (gs_c5) H * W of input is at
    least 1 and fits 32 bits.
  }];
  let arguments = (ins BEV_Float:$input, BEV_Coordinates:$grid, BEV_Float:$init,
    BEV_InterpolationAttr:$mode, BEV_PaddingAttr:$padding,
    UnitAttr:$align_corners);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $mode $padding (`align_corners` $align_corners^)?
    `ins` `(` $input `,` $grid `:` type($input) `,` type($grid) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

def BEV_InverseSigmoidOp : BEV_Op<"inverse_sigmoid"> {
  let summary = "the inverse of the logistic function, clamped";
  let description = [{
    x' = clamp(x, 0, 1); out = log(max(x', eps) / max(1 - x', eps)). NaN stays
    NaN. Input and init have the same shape and element type, of any rank;
    the arithmetic is f32.

    Constraints: (is_c1) equal shapes and element types; (is_c2) 0 < eps < 1.
  }];
  let arguments = (ins BEV_Float:$input, BEV_Float:$init,
    DefaultValuedAttr<F32Attr, "1e-5f">:$eps);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`eps` `(` $eps^ `)`)?
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

include "bev/Dialect/BEV/IR/BEVBackwardOps.td"
include "bev/Dialect/BEV/IR/BEVPoolingOps.td"

#endif // BEV_DIALECT_BEV_IR_BEVOPS_TD
