// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bev dialect itself.

#ifndef BEV_DIALECT_BEV_IR_BEVDIALECT_TD
#define BEV_DIALECT_BEV_IR_BEVDIALECT_TD

include "mlir/IR/OpBase.td"

def BEV_Dialect : Dialect {
  let name = "bev";
  let cppNamespace = "::mlir::bev";
  let summary = "Operators of bird's-eye-view perception models";
  let description = [{
    The `bev` dialect holds the operators that make bird's-eye-view models what
    they are: deformable attention, spatial cross-attention, temporal
    self-attention and the geometry around them.

    All ops are in destination-passing style on tensors or memrefs. Letters used
    for sizes: B batch, N cameras, Q queries, M heads, D channels per head, L
    levels, P points per level, S = sum of H_l * W_l flattened positions (level
    after level, row-major), Z anchors per pillar, T frames. Coordinates are
    (x, y), level shapes are (H, W).

    **The sampling rule** `bilin0(F, x, y)` for a map F of H x W: pixel centres
    at integers, bilinear over the four neighbours, a neighbour outside the map
    or with weight zero contributes exactly 0. Normalised coordinates (u, v)
    are sampled at (u * W - 0.5, v * H - 0.5). NaN or infinite coordinates
    contribute exactly 0 and form no address.

    Coordinates, bilinear weights and accumulation are f32 in every op; values,
    attention weights, offsets and logits may be f16, bf16 or f32.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
}

#endif // BEV_DIALECT_BEV_IR_BEVDIALECT_TD
