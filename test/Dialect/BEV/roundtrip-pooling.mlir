// RUN: bev-opt %s | bev-opt | FileCheck %s
// RUN: bev-opt %s -mlir-print-op-generic | bev-opt | FileCheck %s

// The syntax of the ops of lift-splat models: all optional parts, tensors and
// buffers.

// CHECK-LABEL: func.func @frustum_to_voxel
func.func @frustum_to_voxel(%depths: tensor<?xf32>, %intrinsics: tensor<?x6x3x3xf32>, %ego: tensor<?x6x4x4xf32>, %image: tensor<?x6x4x4xf32>, %bev: tensor<?x4x4xf32>, %init: tensor<?x6x?x16x44xi32>, %h: index, %w: index) -> (tensor<?x6x?x16x44xi32>, tensor<?x6x?x16x44xi32>) {
  // CHECK: bev.frustum_to_voxel image_size([256, 704]) lower([-5.120000e+01, -5.120000e+01, -5.000000e+00]) cell_size([8.000000e-01, 8.000000e-01, 8.000000e+00]) grid_size([1, 128, 128]) ins(%{{.+}}, %{{.+}}, %{{.+}} : tensor<?xf32>, tensor<?x6x3x3xf32>, tensor<?x6x4x4xf32>) outs(%{{.+}} : tensor<?x6x?x16x44xi32>) -> tensor<?x6x?x16x44xi32>
  %0 = bev.frustum_to_voxel image_size([256, 704])
      lower([-51.2, -51.2, -5.0]) cell_size([0.8, 0.8, 8.0])
      grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<?xf32>, tensor<?x6x3x3xf32>, tensor<?x6x4x4xf32>)
      outs(%init : tensor<?x6x?x16x44xi32>) -> tensor<?x6x?x16x44xi32>
  // CHECK: bev.frustum_to_voxel floor image_size([256, 704]) lower({{.+}}) cell_size({{.+}}) grid_size([1, 128, 128]) origin(%{{.+}}, %{{.+}}) feature_size(%{{.+}}, %{{.+}}) ins({{.+}}) image_augmentation(%{{.+}} : tensor<?x6x4x4xf32>) bev_augmentation(%{{.+}} : tensor<?x4x4xf32>) outs
  %1 = bev.frustum_to_voxel floor image_size([256, 704])
      lower([-51.2, -51.2, -5.0]) cell_size([0.8, 0.8, 8.0])
      grid_size([1, 128, 128]) origin(%h, %w) feature_size(%h, %w)
      ins(%depths, %intrinsics, %ego : tensor<?xf32>, tensor<?x6x3x3xf32>, tensor<?x6x4x4xf32>)
      image_augmentation(%image : tensor<?x6x4x4xf32>)
      bev_augmentation(%bev : tensor<?x4x4xf32>)
      outs(%init : tensor<?x6x?x16x44xi32>) -> tensor<?x6x?x16x44xi32>
  return %0, %1 : tensor<?x6x?x16x44xi32>, tensor<?x6x?x16x44xi32>
}

// CHECK-LABEL: func.func @voxel_pool
func.func @voxel_pool(%feat: tensor<1x6x16x44x80xf16>, %depth: tensor<1x6x59x16x44xf32>, %points: tensor<?x80xbf16>, %table: tensor<?xi32>, %cells: tensor<1x6x59x16x44xi32>, %segments: tensor<?x3xi32>, %bounds: tensor<1x1x128x128x2xi32>, %a: tensor<1x1x128x128x80xf16>, %b: tensor<1x1x128x128x80xbf16>) {
  // CHECK: bev.voxel_pool ins(%{{.+}} : tensor<1x6x16x44x80xf16>) depth(%{{.+}} : tensor<1x6x59x16x44xf32>) points(%{{.+}}, %{{.+}} : tensor<?xi32>, tensor<?xi32>) intervals(%{{.+}}, %{{.+}}, %{{.+}} : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>) outs(%{{.+}} : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  %0 = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>)
      depth(%depth : tensor<1x6x59x16x44xf32>)
      points(%table, %table : tensor<?xi32>, tensor<?xi32>)
      intervals(%table, %table, %table : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%a : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  // CHECK: bev.voxel_pool schedule(<lanes = 8, threads = 160, rows = 16, points = 32>) ins(%{{.+}} : tensor<?x80xbf16>) intervals
  %1 = bev.voxel_pool schedule(<lanes = 8, threads = 160, rows = 16, points = 32>)
      ins(%points : tensor<?x80xbf16>)
      intervals(%table, %table, %table : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%b : tensor<1x1x128x128x80xbf16>) -> tensor<1x1x128x128x80xbf16>
  // CHECK: bev.voxel_pool ins(%{{.+}}) depth(%{{.+}}) cells(%{{.+}} : tensor<1x6x59x16x44xi32>) outs
  %2 = bev.voxel_pool ins(%feat : tensor<1x6x16x44x80xf16>)
      depth(%depth : tensor<1x6x59x16x44xf32>) cells(%cells : tensor<1x6x59x16x44xi32>)
      outs(%a : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  // CHECK: bev.voxel_pool schedule(<lanes = 8>) ins(%{{.+}} : tensor<1x6x16x44x80xf16>) depth(%{{.+}} : tensor<1x6x59x16x44xf32>) segments(%{{.+}}, %{{.+}} : tensor<?x3xi32>, tensor<?xi32>) bounds(%{{.+}} : tensor<1x1x128x128x2xi32>) outs(%{{.+}} : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  %3 = bev.voxel_pool schedule(<lanes = 8>) ins(%feat : tensor<1x6x16x44x80xf16>)
      depth(%depth : tensor<1x6x59x16x44xf32>)
      segments(%segments, %table : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<1x1x128x128x2xi32>)
      outs(%a : tensor<1x1x128x128x80xf16>) -> tensor<1x1x128x128x80xf16>
  return
}

// CHECK-LABEL: func.func @interval_pool
func.func @interval_pool(%feat: tensor<?x8xf32>, %bounds: tensor<3x?x2xi32>, %out: tensor<3x?x8xf32>, %feats: memref<9x8xf16>, %depth: memref<?xbf16>, %ranks: memref<?xi32>, %table: memref<4x2xi32>, %rows: memref<4x8xf16>) -> tensor<3x?x8xf32> {
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<?x8xf32>) bounds(%{{.+}} : tensor<3x?x2xi32>) outs(%{{.+}} : tensor<3x?x8xf32>) -> tensor<3x?x8xf32>
  %0 = bev.interval_pool ins(%feat : tensor<?x8xf32>) bounds(%bounds : tensor<3x?x2xi32>)
      outs(%out : tensor<3x?x8xf32>) -> tensor<3x?x8xf32>
  // CHECK: bev.interval_pool schedule(<lanes = 4>) ins(%{{.+}} : memref<9x8xf16>) depth(%{{.+}} : memref<?xbf16>) points(%{{.+}}, %{{.+}} : memref<?xi32>, memref<?xi32>) bounds(%{{.+}} : memref<4x2xi32>) outs(%{{.+}} : memref<4x8xf16>){{$}}
  bev.interval_pool schedule(<lanes = 4>) ins(%feats : memref<9x8xf16>) depth(%depth : memref<?xbf16>)
      points(%ranks, %ranks : memref<?xi32>, memref<?xi32>) bounds(%table : memref<4x2xi32>)
      outs(%rows : memref<4x8xf16>)
  return %0 : tensor<3x?x8xf32>
}

// One rank of each point, and sums that are rounded as they are written.
// CHECK-LABEL: func.func @one_rank
func.func @one_rank(%feat: tensor<?x8xf32>, %ranks: tensor<?xi32>, %bounds: tensor<3x2xi32>, %out: tensor<3x8xf16>, %feats: memref<?x8xf32>, %list: memref<7xi32>, %table: memref<3x2xi32>, %rows: memref<3x8xbf16>) -> tensor<3x8xf16> {
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<?x8xf32>) points(%{{.+}} : tensor<?xi32>) bounds(%{{.+}} : tensor<3x2xi32>) outs(%{{.+}} : tensor<3x8xf16>) -> tensor<3x8xf16>
  %0 = bev.interval_pool ins(%feat : tensor<?x8xf32>) points(%ranks : tensor<?xi32>)
      bounds(%bounds : tensor<3x2xi32>) outs(%out : tensor<3x8xf16>) -> tensor<3x8xf16>
  // CHECK: bev.interval_pool schedule(<lanes = 4, rows = 16>) ins(%{{.+}} : memref<?x8xf32>) points(%{{.+}} : memref<7xi32>) bounds(%{{.+}} : memref<3x2xi32>) outs(%{{.+}} : memref<3x8xbf16>){{$}}
  bev.interval_pool schedule(<lanes = 4, rows = 16>) ins(%feats : memref<?x8xf32>) points(%list : memref<7xi32>)
      bounds(%table : memref<3x2xi32>) outs(%rows : memref<3x8xbf16>)
  return %0 : tensor<3x8xf16>
}

// CHECK-LABEL: func.func @segment_pool
func.func @segment_pool(%feat: tensor<4224x80xf16>, %depth: tensor<?xbf16>, %segments: tensor<?x3xi32>, %w: index, %init: tensor<?x80xf32>, %feats: memref<?x80xf32>, %depths: memref<9xf16>, %table: memref<4x3xi32>, %sums: memref<4x80xf32>) -> tensor<?x80xf32> {
  // CHECK: bev.segment_pool ins(%{{.+}}, %{{.+}}, %{{.+}} : tensor<4224x80xf16>, tensor<?xbf16>, tensor<?x3xi32>) step(%{{.+}}) outs(%{{.+}} : tensor<?x80xf32>) -> tensor<?x80xf32>
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<4224x80xf16>, tensor<?xbf16>, tensor<?x3xi32>)
      step(%w) outs(%init : tensor<?x80xf32>) -> tensor<?x80xf32>
  // CHECK: bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, prefetch = all, rows = 8, points = 32>) ins(%{{.+}}, %{{.+}}, %{{.+}} : memref<?x80xf32>, memref<9xf16>, memref<4x3xi32>) step(%{{.+}}) outs(%{{.+}} : memref<4x80xf32>){{$}}
  bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, prefetch = all, rows = 8, points = 32>)
      ins(%feats, %depths, %table : memref<?x80xf32>, memref<9xf16>, memref<4x3xi32>) step(%w)
      outs(%sums : memref<4x80xf32>)
  return %0 : tensor<?x80xf32>
}
