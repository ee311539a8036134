// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-segment-pool-to-gpu),canonicalize,cse)" -split-input-file | FileCheck %s

// Blocks of 12 teams of 20 threads, each of which has four segments. How many
// segments there are is not known: there is a block even where there are none,
// so that the kernel that follows has something to wait for.
// CHECK: #[[BLOCKS:.+]] = affine_map<()[s0] -> (s0 ceildiv 48)>
// CHECK-LABEL: func.func @columns
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x80xf16>, %[[DEPTH:[a-z0-9]+]]: memref<?xf16>, %[[SEGMENTS:[a-z0-9]+]]: memref<?x3xi32>, %[[W:[a-z0-9]+]]: index, %[[SUMS:[a-z0-9]+]]: memref<?x80xf32>
func.func @columns(%feat: memref<?x80xf16>, %depth: memref<?xf16>, %segments: memref<?x3xi32>, %w: index, %sums: memref<?x80xf32>) {
  // CHECK: %[[SIZE:.+]] = memref.dim %[[SEGMENTS]], %c0
  // CHECK: %[[ALL:.+]] = affine.apply #[[BLOCKS]]()[%[[SIZE]]]
  // CHECK: %[[ANY:.+]] = arith.maxsi %[[ALL]], %c1 : index
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %[[ANY]], {{[^)]*}}) threads(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c256{{[_0-9]*}}, {{[^)]*}})
  // CHECK-SAME: workgroup(%[[TABLE:[a-z0-9]+]] : memref<48x4xi32, #{{[^,]+}}>, %[[TEAMS:[a-z0-9]+]] : memref<12x4xi32, #{{[^,]+}}>, %[[DEPTHS:[a-z0-9]+]] : memref<1536xf32, #{{[^,]+}}>)
  // The step is at least one, and what its product counts has 32 bits.
  // CHECK: %[[LEAST:.+]] = arith.maxsi %[[W]], %c1 : index
  // CHECK: %[[MOST:.+]] = arith.minsi %[[LEAST]], %c2147483647 : index
  // CHECK: %[[STEP:.+]] = arith.index_cast %[[MOST]] : index to i32
  // The block's segments are read once, cut to the rows that there are.
  // CHECK: scf.for {{.*}} to %c48_i32 step %c256_i32
  // CHECK-COUNT-3: memref.load %[[SEGMENTS]]
  // CHECK-COUNT-2: arith.divui %{{.+}}, %[[STEP]] : i32
  // CHECK: vector.store %{{.+}}, %[[TABLE]]
  // CHECK: gpu.barrier
  // Which rows a team goes through, whether they are of one column, and where the
  // depths of each of its segments are.
  // CHECK: scf.for {{.*}} to %c12_i32 step %c256_i32
  // CHECK-COUNT-4: vector.load %[[TABLE]]
  // CHECK-COUNT-4: arith.remui %{{.+}}, %[[STEP]] : i32
  // CHECK-COUNT-4: vector.store %{{.+}}, %[[TABLE]]
  // CHECK: vector.store %{{.+}}, %[[TEAMS]]
  // CHECK: gpu.barrier
  // CHECK: vector.load %[[TEAMS]]
  // As many rounds as the longest team of the block has.
  // CHECK: %[[ROUNDS:.+]]:5 = scf.while {{.*}} -> (i32, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
  // CHECK:   %[[LEFT:.+]] = arith.extui
  // CHECK:   nvvm.barrier #nvvm.reduction<or> %[[LEFT]] -> i32
  // CHECK:   scf.condition
  // The first rows are on their way while depths are: those of segments that have
  // the row, and 0.
  // CHECK:   scf.if
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]{{.*}} {in_bounds = [true]}
  // CHECK:   scf.if
  // CHECK:     vector.load %[[TABLE]]
  // CHECK:     %[[IS_BEHIND:.+]] = arith.cmpi sle
  // CHECK:     %[[IS_BEFORE:.+]] = arith.cmpi slt
  // CHECK:     arith.andi %[[IS_BEHIND]], %[[IS_BEFORE]] : i1
  // CHECK:     %[[READ:.+]] = scf.if %{{.+}} -> (f16) {
  // CHECK:       memref.load %[[DEPTH]]
  // CHECK:     } else {
  // CHECK:       scf.yield %{{.+}} : f16
  // CHECK-COUNT-6: memref.load %[[DEPTH]]
  // CHECK-NOT:   memref.load %[[DEPTH]]
  // CHECK:     %[[WIDE:.+]] = arith.extf %[[READ]] : f16 to f32
  // CHECK:       memref.store %[[WIDE]], %[[DEPTHS]]
  // CHECK-COUNT-6: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK-NOT:   memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK:   gpu.barrier
  // The next four rows are read before four are used, each for four segments.
  // CHECK:   scf.for {{.*}} step %c4_i32 iter_args
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK-COUNT-1: vector.load %[[DEPTHS]]{{.*}} {alignment = 16 : i64} : {{.*}}, vector<4xf32>
  // CHECK-COUNT-4: math.fma %{{.+}} : vector<4xf32>
  // CHECK-COUNT-3: vector.load %[[DEPTHS]]
  // CHECK-NOT:   vector.load
  // CHECK-NOT:   scf.if
  // CHECK-NOT:   gpu.barrier
  // Sums that are not finite, and those of several columns, are made again.
  // CHECK: vector.reduction <add>
  // CHECK: %[[SIZE_OF:.+]] = math.absf
  // CHECK: %[[IS_FINITE:.+]] = arith.cmpf olt, %[[SIZE_OF]], %{{.+}} : f32
  // CHECK: %[[IS_DONE:.+]] = arith.andi %{{.+}}, %[[IS_FINITE]] : i1
  // CHECK: scf.if %[[IS_DONE]] {
  // CHECK:   scf.if
  // CHECK:     vector.transfer_write %[[ROUNDS]]#1, %[[SUMS]]
  // CHECK:     vector.transfer_write %[[ROUNDS]]#2, %[[SUMS]]
  // CHECK:     vector.transfer_write %[[ROUNDS]]#3, %[[SUMS]]
  // CHECK:     vector.transfer_write %[[ROUNDS]]#4, %[[SUMS]]
  // CHECK: } else {
  // CHECK:   scf.for {{.*}} = %c0_i32 to %{{.+}} step %c1_i32
  // CHECK-COUNT-3: memref.load %[[SEGMENTS]]
  // CHECK-COUNT-4: memref.load %[[DEPTH]]
  // CHECK:     vector.transfer_write %{{.+}}, %[[SUMS]]
  // CHECK: gpu.terminator
  // CHECK-NOT: nvvm.griddepcontrol
  bev.segment_pool schedule(<lanes = 4, threads = 256, together = 4, rows = 4, points = 32>)
      ins(%feat, %depth, %segments : memref<?x80xf16>, memref<?xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x80xf32>)
  return
}

// -----

// A number of segments that is known is one of blocks; a constant step is part
// of the code. Rows of a round are whole steps of those that are read together,
// and threads bring whole rows of depths.
// CHECK-LABEL: func.func @static
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<900x8xf32>, %[[DEPTH:[a-z0-9]+]]: memref<7000xf32>
func.func @static(%feat: memref<900x8xf32>, %depth: memref<7000xf32>, %segments: memref<100x3xi32>, %sums: memref<100x8xf32>) {
  // CHECK-NOT: arith.maxsi
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c2{{[_0-9]*}}, {{[^)]*}}) threads(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c64{{[_0-9]*}}, {{[^)]*}})
  // CHECK-SAME: workgroup(%{{.+}} : memref<64x4xi32, #{{[^,]+}}>, %{{.+}} : memref<32x4xi32, #{{[^,]+}}>, %[[DEPTHS:[a-z0-9]+]] : memref<1024xf32, #{{[^,]+}}>)
  // CHECK: arith.muli %{{.+}}, %c30_i32
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-8: vector.transfer_read %[[FEAT]]
  // CHECK-COUNT-8: memref.load %[[DEPTH]]
  // CHECK-NOT: memref.load %[[DEPTH]]
  // CHECK-COUNT-8: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK-COUNT-8: memref.load %[[DEPTH]]
  // CHECK-COUNT-8: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK-NOT: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK: gpu.barrier
  // CHECK: scf.for {{.*}} step %c8_i32 iter_args
  // CHECK-COUNT-8: vector.transfer_read %[[FEAT]]
  // CHECK-COUNT-8: vector.load %[[DEPTHS]]{{.*}} {alignment = 8 : i64} : {{.*}}, vector<2xf32>
  // CHECK: } {bev.blocks = 3 : i64}
  %w = arith.constant 30 : index
  bev.segment_pool schedule(<lanes = 4, threads = 64, blocks = 3, together = 8, rows = 2>)
      ins(%feat, %depth, %segments : memref<900x8xf32>, memref<7000xf32>, memref<100x3xi32>) step(%w)
      outs(%sums : memref<100x8xf32>)
  return
}

// -----

// Fewer threads than segments of a block bring the depths of one segment after
// the other. Points that a schedule leaves to the code are four at once.
// CHECK-LABEL: func.func @few_threads
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x4xf32>, %[[DEPTH:[a-z0-9]+]]: memref<?xbf16>
func.func @few_threads(%feat: memref<?x4xf32>, %depth: memref<?xbf16>, %segments: memref<?x3xi32>, %w: index, %sums: memref<?x4xf32>) {
  // CHECK: workgroup(%[[TABLE:[a-z0-9]+]] : memref<256x4xi32, #{{[^,]+}}>, %{{.+}} : memref<32x4xi32, #{{[^,]+}}>, %[[DEPTHS:[a-z0-9]+]] : memref<4096xf32, #{{[^,]+}}>)
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK: scf.for {{.*}} to %c256_i32 step %c32_i32
  // CHECK:   vector.load %[[TABLE]]
  // CHECK-COUNT-8: memref.load %[[DEPTH]]
  // CHECK-COUNT-8: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK-COUNT-8: memref.load %[[DEPTH]]
  // CHECK-COUNT-8: memref.store %{{.+}}, %[[DEPTHS]]
  // CHECK: gpu.barrier
  bev.segment_pool schedule(<lanes = 4, threads = 32, rows = 8>)
      ins(%feat, %depth, %segments : memref<?x4xf32>, memref<?xbf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x4xf32>)
  return
}

// -----

// Depths of a round fit in shared memory: 32 rows of 256 segments at most.
// CHECK-LABEL: func.func @many_depths
// CHECK: workgroup({{.*}} : memref<8192xf32, #{{[^,]+}}>)
func.func @many_depths(%feat: memref<?x4xf32>, %depth: memref<?xf32>, %segments: memref<?x3xi32>, %w: index, %sums: memref<?x4xf32>) {
  bev.segment_pool schedule(<lanes = 4, threads = 1024, rows = 4, points = 64>)
      ins(%feat, %depth, %segments : memref<?x4xf32>, memref<?xf32>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x4xf32>)
  return
}

// -----

// No segments, no launch.
// CHECK-LABEL: func.func @no_segments
// CHECK-NEXT: return
func.func @no_segments(%feat: memref<?x8xf32>, %depth: memref<?xf32>, %segments: memref<0x3xi32>, %w: index, %sums: memref<0x8xf32>) {
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<?x8xf32>, memref<?xf32>, memref<0x3xi32>) step(%w)
      outs(%sums : memref<0x8xf32>)
  return
}

// -----

// A segment of its own for each work item is not this pass's business, nor is
// what is inside of a parallel loop.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: gpu.launch
func.func @left_alone(%feat: memref<9x8xf16>, %depth: memref<9xf16>, %segments: memref<4x3xi32>, %w: index, %sums: memref<4x8xf32>) {
  // CHECK-COUNT-2: bev.segment_pool
  bev.segment_pool schedule(<lanes = 2>) ins(%feat, %depth, %segments : memref<9x8xf16>, memref<9xf16>, memref<4x3xi32>) step(%w)
      outs(%sums : memref<4x8xf32>)
  scf.forall (%i) in (4) {
    bev.segment_pool schedule(<lanes = 2, rows = 4>) ins(%feat, %depth, %segments : memref<9x8xf16>, memref<9xf16>, memref<4x3xi32>) step(%w)
        outs(%sums : memref<4x8xf32>)
  }
  return
}
