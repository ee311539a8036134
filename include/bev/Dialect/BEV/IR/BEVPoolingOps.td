// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ops of lift-splat models: image features, lifted along depths, summed up
// in the cells of a bird's-eye-view grid.  Included by BEVOps.td.

#ifndef BEV_DIALECT_BEV_IR_BEVPOOLINGOPS_TD
#define BEV_DIALECT_BEV_IR_BEVPOOLINGOPS_TD

/// Cells, ranks and positions in tables.
def BEV_Ranks : BEV_ShapedOf<[I32], "ranked tensor or memref of i32">;
def BEV_TensorRanks : TensorOf<[I32]>;
def BEV_TensorFloat : TensorOf<[F16, BF16, F32]>;

//===----------------------------------------------------------------------===//
// Lifting
//===----------------------------------------------------------------------===//

def BEV_FrustumToVoxelOp : BEV_Op<"frustum_to_voxel", [AttrSizedOperandSegments]> {
  let summary = "the voxel that each point of the cameras' frustums lies in";
  let description = [{
    Point (d, h, w) of camera n is the pixel

      u = w * (W_image - 1) / (W - 1),  v = h * (H_image - 1) / (H - 1)

    (0 where W or H is 1) at depth z = depths[d]. Letter by letter as published
    (LSS, BEVDet, BEVFusion):

      q = R_image^-1 ((u, v, z) - t_image)              undo image augmentation
      c = intrinsics^-1 (q.x * q.z, q.y * q.z, q.z)     to the camera, metres
      p = R_ego c + t_ego                               to the ego vehicle
      p = R_bev p + t_bev                               bird's-eye augmentation
      g = (p - lower) / cell_size                       to cells

    where R and t are columns 0 to 2 and column 3 of the matrices' first three
    rows. The cell is g truncated towards zero, so that -1 < g < 0 is cell 0 as
    in the published code; with `floor`, g rounded down. The result is
    (z * Y + y) * X + x of the cell, or -1 where that is outside of the grid or
    g is not a number. Inverses are exact formulas in f32; a singular matrix
    gives -1.

    | operand | shape | type |
    |---|---|---|
    | depths | [Dd], metres | f32 |
    | intrinsics | [B,N,3,3], pixels of the image | f32 |
    | camera_to_ego | [B,N,4,4], metres | f32 |
    | image_augmentation | [B,N,4,4], optional, pixels to augmented pixels | f32 |
    | bev_augmentation | [B,4,4], optional, metres to augmented metres | f32 |
    | init, result | [B,N,Dd,H,W] | i32 |

    `image_size` = (H_image, W_image) in pixels, `lower` = the lowest (x, y, z)
    of the grid and `cell_size` = (x, y, z) in metres, `grid_size` = (Z, Y, X)
    in cells. A tile of the result gives the (h, w) that its first point stands
    for as `origin`, and the whole frustum's (H, W) as `feature_size`.

    Constraints: (fv_c1) ranks; (fv_c2) equal B, N and Dd; (fv_c3) matrices of
    3 x 3 and 4 x 4; (fv_c4) two `image_size` entries between 1 and 2^24, whose
    pixels f32 can count; (fv_c5) three finite `lower` entries, three positive
    finite `cell_size` entries; (fv_c6) three `grid_size` entries of at least 1
    whose product fits 32 bits; (fv_c7) none or two `origin` operands, and as
    many `feature_size` operands.

    ```mlir
    %cells = bev.frustum_to_voxel image_size([256, 704])
        lower([-51.2, -51.2, -5.0]) cell_size([0.8, 0.8, 8.0])
        grid_size([1, 128, 128])
        ins(%depths, %intrinsics, %camera_to_ego : tensor<59xf32>,
            tensor<1x6x3x3xf32>, tensor<1x6x4x4xf32>)
        outs(%init : tensor<1x6x59x16x44xi32>) -> tensor<1x6x59x16x44xi32>
    ```
  }];
  let arguments = (ins BEV_Coordinates:$depths, BEV_Coordinates:$intrinsics,
    BEV_Coordinates:$camera_to_ego,
    Optional<BEV_Coordinates>:$image_augmentation,
    Optional<BEV_Coordinates>:$bev_augmentation, BEV_Ranks:$init,
    Variadic<Index>:$origin, Variadic<Index>:$feature_size,
    DenseI64ArrayAttr:$image_size, DenseF32ArrayAttr:$lower,
    DenseF32ArrayAttr:$cell_size, DenseI64ArrayAttr:$grid_size,
    UnitAttr:$floor);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`floor` $floor^)? `image_size` `(` $image_size `)` `lower` `(` $lower `)`
    `cell_size` `(` $cell_size `)` `grid_size` `(` $grid_size `)`
    (`origin` `(` $origin^ `)` `feature_size` `(` $feature_size `)`)?
    `ins` `(` $depths `,` $intrinsics `,` $camera_to_ego `:` type($depths) `,` type($intrinsics) `,` type($camera_to_ego) `)`
    (`image_augmentation` `(` $image_augmentation^ `:` type($image_augmentation) `)`)?
    (`bev_augmentation` `(` $bev_augmentation^ `:` type($bev_augmentation) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

def BEV_VoxelPoolOp : BEV_Op<"voxel_pool", [AttrSizedOperandSegments]> {
  let summary = "sum image features, lifted along depths, in the cells of a grid";
  let description = [{
    out[cell] = sum over the points of the cell of depth * feat. A cell without
    points is exactly 0. Sums are f32 and in one order, whatever the device:
    results do not vary from run to run, nor with other cells' points.

    The published interfaces, and one more, by the tables that are given:

    **Ranks and intervals** (bev_pool_v2). The points are sorted by cell;
    interval i is the points from interval_starts[i], interval_lengths[i] of
    them, and its cell is that of its first point:

      out[ranks_bev[start]] = sum over its points j of
                              depth[ranks_depth[j]] * feat[ranks_feat[j]]

    with `depth`, `feat` and `out` as rows: depth flattened, feat [B*N*H*W, C],
    out [B*Z*Y*X, C].

    **Intervals of lifted points** (bev_pool v1): `feat` is [P,C], one row per
    point in the order of the tables; there is no `depth` and no `points`.

    **Cells** (rank-free): the cell of each frustum point within its batch row,
    as `bev.frustum_to_voxel` gives it; what is not a cell of the grid is
    dropped. Points are summed in the order they have in `cells`.

    **Segments**: features of one column of an image that lie at one depth are
    mostly of one cell. segments[s] = (rank of depth, rank of feat, length)
    stands for points whose ranks both go on in steps of W, a row of the image
    each; ranks_segment are segments, sorted by cell, and those of a cell are
    the ones between its bounds:

      out[cell] = sum over bounds[cell,0] <= j < bounds[cell,1] of
                  the sum over the points of segments[ranks_segment[j]]

    Each segment is summed once, and what it is made of may be shared by
    neighbours in the table that have the same features: the order of
    examples/pooling_tables.py serves that best, groups of some columns and some
    depths, column by column.

    | operand | shape | type |
    |---|---|---|
    | feat | [B,N,H,W,C], or [P,C] for lifted points | f16, bf16, f32 |
    | depth | [B,N,Dd,H,W] | f16, bf16, f32 |
    | ranks_depth, ranks_feat | [P] | i32 |
    | ranks_bev | [P] | i32 |
    | interval_starts, interval_lengths | [I] | i32 |
    | cells | [B,N,Dd,H,W] | i32 |
    | segments | [S,3] as (rank of depth, rank of feat, length) | i32 |
    | ranks_segment | [T] | i32 |
    | bounds | [B,Z,Y,X,2] as (begin, end) | i32 |
    | init, result | [B,Z,Y,X,C] | as feat |

    No table can make the op read or write where it must not: an interval whose
    start is no point, whose length is not positive or whose cell is not of the
    grid is dropped; it ends with the last point; a point whose ranks are no
    rows is dropped, and so is a segment that begins with one or is none of
    the table; segments end with the last rows, bounds with the last rank. Where
    two intervals have one cell, one of them counts, it is not specified which.
    Features and depths of points that are not selected
    are not read; those selected multiply as IEEE says.

    `bev-expand-pooling` makes `bev.interval_pool` of all of them.

    Constraints: (vp_c1) ranks; (vp_c2) feat with `depth` and `points` and
    intervals, feat and intervals, feat with `depth` and `cells`, or feat with
    `depth`, segments and bounds; (vp_c3) equal B, N, Dd, H, W, C, Z, Y, X;
    (vp_c4) equal P and I; (vp_c5) init has feat's element type; (vp_c6) C
    static; (vp_c7) B * Z * Y * X, P, I, S, T and the sizes of depth fit 32
    bits; (vp_c8) schedule as in `bev.interval_pool`; (vp_c9) the last dimension
    of segments is 3, that of bounds 2.

    ```mlir
    %bev = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>)
        depth(%depth : tensor<1x6x59x16x44xf16>)
        points(%ranks_depth, %ranks_feat : tensor<?xi32>, tensor<?xi32>)
        intervals(%ranks_bev, %starts, %lengths
                  : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
        outs(%init : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
    ```
  }];
  let arguments = (ins BEV_TensorFloat:$feat, Optional<BEV_TensorFloat>:$depth,
    Optional<BEV_TensorRanks>:$ranks_depth,
    Optional<BEV_TensorRanks>:$ranks_feat, Optional<BEV_TensorRanks>:$ranks_bev,
    Optional<BEV_TensorRanks>:$interval_starts,
    Optional<BEV_TensorRanks>:$interval_lengths,
    Optional<BEV_TensorRanks>:$cells, Optional<BEV_TensorRanks>:$segments,
    Optional<BEV_TensorRanks>:$ranks_segment, Optional<BEV_TensorRanks>:$bounds,
    BEV_TensorFloat:$init,
    OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $feat `:` type($feat) `)`
    (`depth` `(` $depth^ `:` type($depth) `)`)?
    (`points` `(` $ranks_depth^ `,` $ranks_feat `:` type($ranks_depth) `,` type($ranks_feat) `)`)?
    (`intervals` `(` $ranks_bev^ `,` $interval_starts `,` $interval_lengths `:` type($ranks_bev) `,` type($interval_starts) `,` type($interval_lengths) `)`)?
    (`cells` `(` $cells^ `:` type($cells) `)`)?
    (`segments` `(` $segments^ `,` $ranks_segment `:` type($segments) `,` type($ranks_segment) `)`)?
    (`bounds` `(` $bounds^ `:` type($bounds) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let hasCanonicalizer = 1;
}

def BEV_IntervalPoolOp : BEV_Op<"interval_pool", [AttrSizedOperandSegments]> {
  let summary = "sum the points between the bounds of each cell";
  let description = [{
    What the forms of `bev.voxel_pool` have in common, and what is scheduled:
    each row of the result is written once.

      out[v,:] = sum over bounds[v,0] <= j < bounds[v,1] of
                 depth[ranks_depth[j]] * feat[ranks_feat[j],:]

    or, without `depth`, of feat[ranks_feat[j],:], or, without `points`, of
    feat[j,:]. Bounds are cut to the points there are; a point whose ranks are
    no rows is dropped. The sum is f32.

    | operand | shape | type |
    |---|---|---|
    | feat | [R,C] | f16, bf16, f32 |
    | depth | [K] | f16, bf16, f32 |
    | ranks_depth, ranks_feat | [P] | i32 |
    | bounds | [...,2] as (begin, end) | i32 |
    | init, result | [...,C] | as feat, or f16, bf16 of f32 |

    Constraints: (ip_c1) ranks, the result's at least 2; (ip_c2) `depth` where
    there are two ranks of each of the `points`; (ip_c3) equal leading sizes, C
    and P; (ip_c4) the last dimension of bounds is 2; (ip_c5) init has feat's
    element type, or feat is f32; (ip_c6) C static; (ip_c7) R, K, P and the number of rows fit 32 bits; (ip_c8) schedule
    lanes divide C; with `rows`, C is at most 2048, C / `lanes` at most 32, and
    `threads` a multiple of 32.
  }];
  let arguments = (ins BEV_Float:$feat, Optional<BEV_Float>:$depth,
    Optional<BEV_Ranks>:$ranks_depth, Optional<BEV_Ranks>:$ranks_feat,
    BEV_Ranks:$bounds, BEV_Float:$init,
    OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $feat `:` type($feat) `)`
    (`depth` `(` $depth^ `:` type($depth) `)`)?
    (`points` `(` custom<PointRanks>($ranks_depth, $ranks_feat, type($ranks_depth), type($ranks_feat))^ `)`)?
    `bounds` `(` $bounds `:` type($bounds) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

def BEV_SegmentPoolOp : BEV_Op<"segment_pool", []> {
  let summary = "sum the points of segments of image columns";
  let description = [{
    Points that follow each other in an image, one `step` of rows of feat and
    of depth from the next:

      out[s,:] = sum over 0 <= i < segments[s,2] of
                 depth[segments[s,0] + i * step] *
                 feat[segments[s,1] + i * step,:]

    A segment ends with the last rows there are; one that begins with none, or
    has no length, is 0. Sums are f32, and in this order.

    | operand | shape | type |
    |---|---|---|
    | feat | [R,C] | f16, bf16, f32 |
    | depth | [K] | f16, bf16, f32 |
    | segments | [S,3] as (rank of depth, rank of feat, length) | i32 |
    | step | at least 1; less counts as 1 | index |
    | init, result | [S,C] | f32 |

    Constraints: (sp_c1) ranks; (sp_c2) equal S and C; (sp_c3) the last
    dimension of segments is 3; (sp_c4) C static; (sp_c5) R, K and S fit 32
    bits; (sp_c6) schedule lanes divide C; with `rows`, at most 8, there are at
    least C / `lanes` threads.

    ```mlir
    %sums = bev.segment_pool ins(%feat, %depth, %segments
        : tensor<4224x80xf16>, tensor<249216xf16>, tensor<?x3xi32>) step(%w)
        outs(%init : tensor<?x80xf32>) -> tensor<?x80xf32>
    ```
  }];
  let arguments = (ins BEV_Float:$feat, BEV_Float:$depth, BEV_Ranks:$segments,
    Index:$step, BEV_Coordinates:$init, OptionalAttr<BEV_ScheduleAttr>:$schedule);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    (`schedule` `(` $schedule^ `)`)?
    `ins` `(` $feat `,` $depth `,` $segments `:` type($feat) `,` type($depth) `,` type($segments) `)`
    `step` `(` $step `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
}

#endif // BEV_DIALECT_BEV_IR_BEVPOOLINGOPS_TD
