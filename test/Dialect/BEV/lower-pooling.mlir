// RUN: bev-opt %s -split-input-file -bev-decompose -canonicalize -cse | FileCheck %s --check-prefix=DECOMPOSE
// RUN: bev-opt %s -split-input-file -bev-expand-pooling -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" -cse | FileCheck %s --check-prefix=BUFFERIZE
// RUN: bev-opt %s -split-input-file -bev-select-schedule="target=gpu" | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s -split-input-file -bev-select-schedule="target=cpu" | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s -split-input-file -bev-select-schedule="target=gpu" -bev-tile-to-forall="keep-rows" | FileCheck %s --check-prefix=KEEP
// RUN: bev-opt %s -split-input-file -bev-select-schedule="target=cpu" -bev-tile-to-forall -bev-vectorize-channels -canonicalize -cse | FileCheck %s --check-prefix=ROWS

// Decomposition, bufferization and schedules of the ops of lift-splat models.

// A linalg.generic whose body loops over the points between the bounds.
// DECOMPOSE-LABEL: func.func @interval_pool
//  DECOMPOSE-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x80xf16>, %[[DEPTH:[a-z0-9]+]]: tensor<?xf32>, %[[RD:[a-z0-9]+]]: tensor<?xi32>, %[[RF:[a-z0-9]+]]: tensor<?xi32>, %[[BOUNDS:[a-z0-9]+]]: tensor<5x2xi32>, %[[INIT:[a-z0-9]+]]: tensor<5x80xf16>
//       DECOMPOSE: linalg.generic {{.*}} outs(%[[INIT]] : tensor<5x80xf16>)
//       DECOMPOSE:   tensor.extract %[[BOUNDS]]
//       DECOMPOSE:   scf.for
//       DECOMPOSE:     tensor.extract %[[RF]]
//       DECOMPOSE:     tensor.extract %[[RD]]
//       DECOMPOSE:     scf.if
//       DECOMPOSE:       tensor.extract %[[DEPTH]]
//       DECOMPOSE:       tensor.extract %[[FEAT]]
//       DECOMPOSE:       math.fma
//       DECOMPOSE:   arith.truncf

// BUFFERIZE-LABEL: func.func @interval_pool
//   BUFFERIZE-NOT: memref.alloc
//       BUFFERIZE: bev.interval_pool ins(%{{.+}} : memref<?x80xf16>) depth(%{{.+}} : memref<?xf32>) points(%{{.+}}, %{{.+}} : memref<?xi32>, memref<?xi32>) bounds(%{{.+}} : memref<5x2xi32>) outs(%[[OUT:.+]] : memref<5x80xf16>)
//       BUFFERIZE: return %[[OUT]]

// On a GPU accesses of 16 bytes, and blocks whose warps share the points of
// several rows.
// GPU-LABEL: func.func @interval_pool
//       GPU: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 4, rows = 32, points = 20>)
// CPU-LABEL: func.func @interval_pool
//       CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)

// KEEP-LABEL: func.func @interval_pool
//   KEEP-NOT: scf.forall
//       KEEP: bev.interval_pool

// ROWS-LABEL: func.func @interval_pool
//       ROWS: scf.forall (%{{.+}}, %{{.+}}) = (0, 0) to (5, 80) step (1, 16)
//       ROWS:   scf.for
//       ROWS:     scf.if
//       ROWS:       vector.transfer_read %{{.+}} : tensor<?x16xf16>, vector<16xf16>
//       ROWS:       math.fma %{{.+}} : vector<16xf32>
//   ROWS-NOT: bev.interval_pool
func.func @interval_pool(%feat: tensor<?x80xf16>, %depth: tensor<?xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %bounds: tensor<5x2xi32>, %init: tensor<5x80xf16> {bufferization.writable = true}) -> tensor<5x80xf16> {
  %0 = bev.interval_pool ins(%feat : tensor<?x80xf16>) depth(%depth : tensor<?xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x80xf16>) -> tensor<5x80xf16>
  return %0 : tensor<5x80xf16>
}

// -----

// Three groups of ten lanes use more of a warp than one of 20. They read points
// that lie side by side together.
// GPU-LABEL: func.func @two_accesses
//       GPU: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 5, rows = 32, points = 30>)
// KEEP-LABEL: func.func @two_accesses
// DECOMPOSE-LABEL: func.func @two_accesses
// BUFFERIZE-LABEL: func.func @two_accesses
// CPU-LABEL: func.func @two_accesses
// ROWS-LABEL: func.func @two_accesses
func.func @two_accesses(%feat: tensor<?x80xf32>, %bounds: tensor<5x2xi32>, %init: tensor<5x80xf32>) -> tensor<5x80xf32> {
  %0 = bev.interval_pool ins(%feat : tensor<?x80xf32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x80xf32>) -> tensor<5x80xf32>
  return %0 : tensor<5x80xf32>
}

// -----

// Of few blocks each prefetches a part of all operands where these fit in the
// second level of cache; there are no more ranks than depths. Many prefetch the
// features alone.
// GPU-LABEL: func.func @prefetch
//       GPU: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 5, prefetch = all, rows = 32, points = 10>) ins(%{{.+}} : tensor<4224x80xf32>)
//       GPU: bev.interval_pool schedule(<lanes = 8, blocks = 4, together = 5, rows = 32, points = 30>) ins(%{{.+}} : tensor<139918x80xf32>)
//       GPU: bev.interval_pool schedule(<lanes = 8, threads = 128, blocks = 5, together = 4, prefetch = value, rows = 32, points = 32>) ins(%{{.+}} : tensor<4224x80xf32>)
// KEEP-LABEL: func.func @prefetch
// DECOMPOSE-LABEL: func.func @prefetch
// BUFFERIZE-LABEL: func.func @prefetch
// CPU-LABEL: func.func @prefetch
// ROWS-LABEL: func.func @prefetch
func.func @prefetch(%feat: tensor<4224x80xf32>, %lifted: tensor<139918x80xf32>, %depth: tensor<249216xf32>, %ranks: tensor<?xi32>, %bounds: tensor<128x128x2xi32>, %init: tensor<128x128x80xf32>, %many: tensor<512x512x2xi32>, %large: tensor<512x512x80xf32>) -> (tensor<128x128x80xf32>, tensor<128x128x80xf32>, tensor<512x512x80xf32>) {
  %0 = bev.interval_pool ins(%feat : tensor<4224x80xf32>) depth(%depth : tensor<249216xf32>)
      points(%ranks, %ranks : tensor<?xi32>, tensor<?xi32>) bounds(%bounds : tensor<128x128x2xi32>)
      outs(%init : tensor<128x128x80xf32>) -> tensor<128x128x80xf32>
  %1 = bev.interval_pool ins(%lifted : tensor<139918x80xf32>) bounds(%bounds : tensor<128x128x2xi32>)
      outs(%init : tensor<128x128x80xf32>) -> tensor<128x128x80xf32>
  %2 = bev.interval_pool ins(%feat : tensor<4224x80xf32>) depth(%depth : tensor<249216xf32>)
      points(%ranks, %ranks : tensor<?xi32>, tensor<?xi32>) bounds(%many : tensor<512x512x2xi32>)
      outs(%large : tensor<512x512x80xf32>) -> tensor<512x512x80xf32>
  return %0, %1, %2 : tensor<128x128x80xf32>, tensor<128x128x80xf32>, tensor<512x512x80xf32>
}

// -----

// Channels that no warp holds have rows of their own, in a loop that keeps
// none. Several points are read before they are added.
// GPU-LABEL: func.func @many_channels
//       GPU: bev.interval_pool schedule(<lanes = 4, threads = 128>)
// KEEP-LABEL: func.func @many_channels
//       KEEP: scf.forall
// DECOMPOSE-LABEL: func.func @many_channels
// BUFFERIZE-LABEL: func.func @many_channels
// CPU-LABEL: func.func @many_channels
// ROWS-LABEL: func.func @many_channels
func.func @many_channels(%feat: tensor<?x2080xf32>, %bounds: tensor<5x2xi32>, %init: tensor<5x2080xf32>) -> tensor<5x2080xf32> {
  %0 = bev.interval_pool ins(%feat : tensor<?x2080xf32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x2080xf32>) -> tensor<5x2080xf32>
  return %0 : tensor<5x2080xf32>
}

// -----

// Several points at once: what is not there is not read.
// ROWS-LABEL: func.func @together
//       ROWS: scf.for {{.*}} step %c4
//       ROWS:   arith.minsi
// ROWS-COUNT-4: scf.if
//       ROWS: arith.addf %{{.+}} : vector<8xf32>
// DECOMPOSE-LABEL: func.func @together
// BUFFERIZE-LABEL: func.func @together
// GPU-LABEL: func.func @together
// CPU-LABEL: func.func @together
// KEEP-LABEL: func.func @together
func.func @together(%feat: tensor<?x8xf32>, %bounds: tensor<5x2xi32>, %init: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %0 = bev.interval_pool schedule(<lanes = 8, guard = predicate, rows = 4>) ins(%feat : tensor<?x8xf32>)
      bounds(%bounds : tensor<5x2xi32>) outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return %0 : tensor<5x8xf32>
}

// -----

// A voxel_pool decomposes to its tables and to what sums by them.
// DECOMPOSE-LABEL: func.func @voxel_pool
//   DECOMPOSE-NOT: bev.
//       DECOMPOSE: scf.forall
//       DECOMPOSE: linalg.generic {{.*}} outs(%{{.+}} : tensor<1x1x4x5x8xf32>)
//   DECOMPOSE-NOT: bev.
// BUFFERIZE-LABEL: func.func @voxel_pool
// GPU-LABEL: func.func @voxel_pool
// CPU-LABEL: func.func @voxel_pool
// KEEP-LABEL: func.func @voxel_pool
// ROWS-LABEL: func.func @voxel_pool
func.func @voxel_pool(%feat: tensor<?x8xf32>, %ranks: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  %0 = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
      intervals(%ranks, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %0 : tensor<1x1x4x5x8xf32>
}

// -----

// Comparisons that are false for NaN come before the conversion.
// DECOMPOSE-LABEL: func.func @frustum_to_voxel
//       DECOMPOSE: linalg.generic {{.*}} outs(%{{.+}} : tensor<1x6x?x16x44xi32>)
// DECOMPOSE-COUNT-9: tensor.extract
//       DECOMPOSE:   %[[ABOVE:.+]] = arith.cmpf ogt, %[[G:.+]], %{{.+}} : f32
//       DECOMPOSE:   %[[BELOW:.+]] = arith.cmpf olt, %[[G]], %{{.+}} : f32
//       DECOMPOSE:   %[[INSIDE:.+]] = arith.andi %[[ABOVE]], %[[BELOW]] : i1
//       DECOMPOSE:   %[[SAFE:.+]] = arith.select %[[INSIDE]], %[[G]], %{{.+}} : f32
//       DECOMPOSE:   arith.fptosi %[[SAFE]] : f32 to i32
//       DECOMPOSE:   arith.select %{{.+}}, %{{.+}}, %c-1_i32 : i32
// BUFFERIZE-LABEL: func.func @frustum_to_voxel
//   BUFFERIZE-NOT: memref.alloc
//       BUFFERIZE: bev.frustum_to_voxel {{.*}} outs(%{{.+}} : memref<1x6x?x16x44xi32>)
// GPU-LABEL: func.func @frustum_to_voxel
// CPU-LABEL: func.func @frustum_to_voxel
// KEEP-LABEL: func.func @frustum_to_voxel
// ROWS-LABEL: func.func @frustum_to_voxel
func.func @frustum_to_voxel(%depths: tensor<?xf32>, %intrinsics: tensor<1x6x3x3xf32>, %ego: tensor<1x6x4x4xf32>, %init: tensor<1x6x?x16x44xi32> {bufferization.writable = true}) -> tensor<1x6x?x16x44xi32> {
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0]) cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<?xf32>, tensor<1x6x3x3xf32>, tensor<1x6x4x4xf32>)
      outs(%init : tensor<1x6x?x16x44xi32>) -> tensor<1x6x?x16x44xi32>
  return %0 : tensor<1x6x?x16x44xi32>
}

// -----

// Segments: points follow each other, and the table says how many; there are no
// branches. On a GPU neighbours in the table share what they read.
// DECOMPOSE-LABEL: func.func @segment_pool
//       DECOMPOSE: linalg.generic {{.*}} outs(%{{.+}} : tensor<5x80xf32>)
//   DECOMPOSE-NOT:   scf.if
// DECOMPOSE-COUNT-4: math.fma
//       DECOMPOSE:   scf.for
//       DECOMPOSE:     math.fma
//   DECOMPOSE-NOT:   math.fma
//       DECOMPOSE:   linalg.yield %{{.+}} : f32
// BUFFERIZE-LABEL: func.func @segment_pool
//   BUFFERIZE-NOT: memref.alloc
//       BUFFERIZE: bev.segment_pool ins(%{{.+}}, %{{.+}}, %{{.+}} : memref<?x80xf16>, memref<?xf16>, memref<5x3xi32>) step(%{{.+}}) outs(%[[OUT:.+]] : memref<5x80xf32>)
//       BUFFERIZE: return %[[OUT]]
// GPU-LABEL: func.func @segment_pool
//       GPU: bev.segment_pool schedule(<lanes = 4, threads = 320, together = 4, rows = 4, points = 32>)
// CPU-LABEL: func.func @segment_pool
//       CPU: bev.segment_pool schedule(<lanes = 16>)
// KEEP-LABEL: func.func @segment_pool
//   KEEP-NOT: scf.forall
//       KEEP: bev.segment_pool
// ROWS-LABEL: func.func @segment_pool
//       ROWS: scf.forall (%{{.+}}, %{{.+}}) = (0, 0) to (5, 80) step (1, 16)
//       ROWS:   scf.for {{.*}} step %c4_i32 {{.*}} -> (vector<16xf32>)
//   ROWS-NOT:     scf.if
// ROWS-COUNT-4:     vector.transfer_read %{{.+}} {in_bounds = [true]} : tensor<?x16xf16>, vector<16xf16>
// ROWS-COUNT-4:     math.fma %{{.+}} : vector<16xf32>
//       ROWS:   scf.for
//       ROWS:     vector.transfer_read
//       ROWS:     math.fma %{{.+}} : vector<16xf32>
//   ROWS-NOT: bev.segment_pool
func.func @segment_pool(%feat: tensor<?x80xf16>, %depth: tensor<?xf16>, %segments: tensor<5x3xi32>, %w: index, %init: tensor<5x80xf32> {bufferization.writable = true}) -> tensor<5x80xf32> {
  %0 = bev.segment_pool ins(%feat, %depth, %segments : tensor<?x80xf16>, tensor<?xf16>, tensor<5x3xi32>) step(%w)
      outs(%init : tensor<5x80xf32>) -> tensor<5x80xf32>
  return %0 : tensor<5x80xf32>
}

// -----

// One rank of each point: rows are added as they are, and the sum is rounded.
// DECOMPOSE-LABEL: func.func @one_rank
//       DECOMPOSE: scf.for
//       DECOMPOSE:   scf.if
//       DECOMPOSE:     arith.addf %{{.+}} : f32
//   DECOMPOSE-NOT: math.fma
//       DECOMPOSE: arith.truncf %{{.+}} : f32 to f16
// BUFFERIZE-LABEL: func.func @one_rank
//   BUFFERIZE-NOT: memref.alloc
//       BUFFERIZE: bev.interval_pool ins(%{{.+}} : memref<?x80xf32>) points(%{{.+}} : memref<?xi32>) bounds(%{{.+}} : memref<5x2xi32>) outs(%[[OUT:.+]] : memref<5x80xf16>)
//       BUFFERIZE: return %[[OUT]]
// GPU-LABEL: func.func @one_rank
//       GPU: bev.interval_pool schedule(<lanes = 8, {{.*}}rows = 32
// CPU-LABEL: func.func @one_rank
//       CPU: bev.interval_pool schedule(<lanes = 16, guard = skip>)
// KEEP-LABEL: func.func @one_rank
//   KEEP-NOT: scf.forall
//       KEEP: bev.interval_pool
// ROWS-LABEL: func.func @one_rank
//       ROWS: scf.for
//       ROWS:   scf.if
//       ROWS:     arith.addf %{{.+}} : vector<16xf32>
//   ROWS-NOT: math.fma
//       ROWS: arith.truncf %{{.+}} : vector<16xf32> to vector<16xf16>
func.func @one_rank(%feat: tensor<?x80xf32>, %rf: tensor<?xi32>, %bounds: tensor<5x2xi32>, %init: tensor<5x80xf16> {bufferization.writable = true}) -> tensor<5x80xf16> {
  %0 = bev.interval_pool ins(%feat : tensor<?x80xf32>) points(%rf : tensor<?xi32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x80xf16>) -> tensor<5x80xf16>
  return %0 : tensor<5x80xf16>
}
