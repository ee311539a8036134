// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The gradients of the attention ops.  Included by BEVOps.td.

#ifndef BEV_DIALECT_BEV_IR_BEVBACKWARDOPS_TD
#define BEV_DIALECT_BEV_IR_BEVBACKWARDOPS_TD

/// Ops with the gradients of an attention's value, of where it samples and of
/// what the samples weigh, in this order, as inits.
class BEV_BackwardOp<string mnemonic, int numInputs>
    : Op<BEV_Dialect, mnemonic, [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
          ["reifyResultShapes"]>,
        DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return ::mlir::MutableOperandRange(getOperation(), }] # numInputs # [{, 3);
    }
    /// Number of feature levels (L).
    int64_t getNumLevels() { return getStaticLevels().size() / 2; }
    /// (H, W) of each level, as attributes where static.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedLevels() {
      ::mlir::Builder builder(getContext());
      return ::mlir::getMixedValues(getStaticLevels(), getLevels(), builder);
    }
    /// The dimension of value that counts positions (S).
    int64_t getPositionDim() { return 1; }
  }];
}

def BEV_MSDeformAttnBackwardOp : BEV_BackwardOp<"ms_deform_attn_backward", 4> {
  let summary = "gradients of ms_deform_attn";
  let description = [{
    The gradients of a loss with respect to the operands of
    `bev.ms_deform_attn`, given those with respect to its result. With
    (i, j) the four neighbours of sample (b,q,m,l,p), c[i,j] their bilinear
    weights and g = grad_out[b,q,m,:]:

      grad_value[b,s,m,:] = sum over the samples whose neighbour (i, j) is s of
                            weights[b,q,m,l,p] * c[i,j] * g
      grad_weights[b,q,m,l,p] = sum over i, j of c[i,j] * (g . value[i,j])
      grad_locations[b,q,m,l,p] = weights[b,q,m,l,p] * (W_l, H_l)
                            * sum over i, j of (d c[i,j] / d (x, y)) (g . value[i,j])

    | operand | shape | type |
    |---|---|---|
    | value | [B,S,M,D] | f16, bf16, f32 |
    | locations | [B,Q,M,L,P,2], (x, y), 0 to 1 across the map | f32 |
    | weights | [B,Q,M,L,P] | f16, bf16, f32 |
    | grad_out | [B,Q,M,D] | as value |
    | grad_value, result 0 | [B,S,M,D] | f32, or as value |
    | grad_locations, result 1 | [B,Q,M,L,P,2] | f32 |
    | grad_weights, result 2 | [B,Q,M,L,P] | as weights |

    The inits are overwritten: grad_value is zero where no sample has a
    neighbour. It is a sum over many samples, in f32 whatever value is; a result
    of value's type is rounded once, from the sum.

    The sampling rule is that of the forward op. A neighbour outside the map
    counts as 0 and is not read. A sample that is not within (-1, W) x (-1, H)
    pixels, or lies at NaN or infinity, has gradients of exactly 0 and
    contributes none. Where a coordinate is the center of a pixel, its gradient
    is the one to the right of it or below. A neighbour whose weight is 0 is no
    part of grad_weights, but of grad_locations.

    With `deterministic`, the sums of grad_value have one order: results do not
    vary from run to run. Without, sums may be in any order. On a CPU they
    always have the same.

    Constraints: (msdab_c1) ranks; (msdab_c2) equal B, Q, M, D, S across
    operands; (msdab_c3) dim 3 of locations and weights is the number of levels;
    (msdab_c4) locations dim 5 is 2; (msdab_c5) S is the sum of H * W where both
    are static, and fits 32 bits; (msdab_c6) M, D, L, P static; (msdab_c7)
    grad_out has value's element type, grad_value that or f32, grad_weights that
    of weights; (msdab_c8)
    schedule lanes divide D; (msdab_c9) L * P is at
    most 1024; (msdab_c10) Q * M * L * P fits 32 bits where static.

    ```mlir
    %r:3 = bev.ms_deform_attn_backward levels([50, 50])
        ins(%value, %locations, %weights, %grad_out : tensor<1x2500x8x32xf16>,
            tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf16>,
            tensor<1x900x8x32xf16>)
        outs(%gv, %gl, %gw : tensor<1x2500x8x32xf32>,
             tensor<1x900x8x1x4x2xf32>, tensor<1x900x8x1x4xf16>)
        -> tensor<1x2500x8x32xf32>, tensor<1x900x8x1x4x2xf32>,
           tensor<1x900x8x1x4xf16>
    ```
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$locations,
    BEV_Float:$weights, BEV_Float:$grad_out, BEV_Float:$grad_value,
    BEV_Coordinates:$grad_locations, BEV_Float:$grad_weights,
    Variadic<Index>:$levels, DenseI64ArrayAttr:$static_levels,
    UnitAttr:$deterministic, OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`deterministic` $deterministic^)?
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $locations `,` $weights `,` $grad_out `:` type($value) `,` type($locations) `,` type($weights) `,` type($grad_out) `)`
    `outs` `(` $grad_value `,` $grad_locations `,` $grad_weights `:` type($grad_value) `,` type($grad_locations) `,` type($grad_weights) `)`
    attr-dict (`->` type($results)^)?
  }];
}

def BEV_DeformableAttentionBackwardOp
    : BEV_BackwardOp<"deformable_attention_backward", 5> {
  let summary = "gradients of deformable_attention";
  let description = [{
    The gradients of a loss with respect to value, offsets and logits of
    `bev.deformable_attention`, given those with respect to its result: as
    `bev.ms_deform_attn_backward`, with

      grad_logits[b,q,m,i] = w[i] * (g[i] - sum over j of w[j] * g[j])

    where w = softmax(logits) and g are the gradients of w. grad_offsets is the
    gradient of the pixel coordinates, for `box` times W_l * ref.w / (2 P) and
    H_l * ref.h / (2 P).

    | operand | shape | type |
    |---|---|---|
    | value | [B,S,M,D] | f16, bf16, f32 |
    | reference | [B,Q,R,2] or, for boxes, [B,Q,R,4] as (cx, cy, w, h) | f32 |
    | offsets | [B,Q,M,L,P,2], (x, y), pixels of the level | f16, bf16, f32 |
    | logits | [B,Q,M,L*P] | f16, bf16, f32 |
    | grad_out | [B,Q,M,D] | as value |
    | grad_value, result 0 | [B,S,M,D] | f32, or as value |
    | grad_offsets, result 1 | [B,Q,M,L,P,2] | as offsets |
    | grad_logits, result 2 | [B,Q,M,L*P] | as logits |

    Inits, samples outside the map and `deterministic` are as for
    `bev.ms_deform_attn_backward`.

    The gradient of the reference points is a sum of grad_offsets. `level`, and
    `pillar` with the anchor that each point belongs to:

      grad_reference[b,q,r] = sum over m, l, p that use r of
                              grad_offsets[b,q,m,l,p] * (W_l, H_l)

    `box`, with off = offsets[b,q,m,l,p], where w and h are not 0:

      grad_reference[b,q,r].xy = sum of grad_offsets * 2 P / ref.wh
      grad_reference[b,q,r].wh = sum of grad_offsets * off / ref.wh

    Constraints: (dab_c1) ranks; (dab_c2) equal B, Q, M, D, S; (dab_c3) offsets
    dim 3 is L; (dab_c4) offsets dim 5 is 2; (dab_c5) logits dim 3 is L * P;
    (dab_c6) reference dim 3 is 4 for `box`, else 2; (dab_c7) R is L or 1, or
    divides P for `pillar`; (dab_c8) S is the sum of H * W where static, and
    fits 32 bits; (dab_c9) M, D, L, P, R static; (dab_c10) grad_out has value's
    element type, grad_value that or f32, grad_offsets and grad_logits those of offsets and logits;
    (dab_c11) schedule lanes divide D; (dab_c12)
    L * P is at most 1024; (dab_c13) Q * M * L * P fits 32 bits where static.
  }];
  let arguments = (ins BEV_Float:$value, BEV_Coordinates:$reference,
    BEV_Float:$offsets, BEV_Float:$logits, BEV_Float:$grad_out,
    BEV_Float:$grad_value, BEV_Float:$grad_offsets,
    BEV_Float:$grad_logits, Variadic<Index>:$levels,
    DenseI64ArrayAttr:$static_levels,
    BEV_ReferenceKindAttr:$reference_kind,
    DefaultValuedAttr<BEV_AnchorOrderAttr, "::mlir::bev::AnchorOrder::mod">:$anchor_order,
    UnitAttr:$deterministic, OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`deterministic` $deterministic^)?
    $reference_kind (`anchor_order` `(` $anchor_order^ `)`)?
    `levels` `(` custom<Levels>($levels, $static_levels) `)`
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $value `,` $reference `,` $offsets `,` $logits `,` $grad_out `:` type($value) `,` type($reference) `,` type($offsets) `,` type($logits) `,` type($grad_out) `)`
    `outs` `(` $grad_value `,` $grad_offsets `,` $grad_logits `:` type($grad_value) `,` type($grad_offsets) `,` type($grad_logits) `)`
    attr-dict (`->` type($results)^)?
  }];
}

#endif // BEV_DIALECT_BEV_IR_BEVBACKWARDOPS_TD
