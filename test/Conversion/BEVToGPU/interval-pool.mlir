// RUN: bev-opt %s -pass-pipeline="builtin.module(convert-interval-pool-to-gpu)" -split-input-file | FileCheck %s

// 512 blocks of 8 warps; a row is 20 lanes with four channels each, and so is a
// team.
// CHECK-LABEL: func.func @ranks
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<4224x80xf32>, %[[DEPTH:[a-z0-9]+]]: memref<?xf16>, %[[RD:[a-z0-9]+]]: memref<?xi32>, %[[RF:[a-z0-9]+]]: memref<?xi32>, %[[BOUNDS:[a-z0-9]+]]: memref<1x1x128x128x2xi32>, %[[OUT:[a-z0-9]+]]: memref<1x1x128x128x80xf32>
func.func @ranks(%feat: memref<4224x80xf32>, %depth: memref<?xf16>, %rd: memref<?xi32>, %rf: memref<?xi32>, %bounds: memref<1x1x128x128x2xi32>, %out: memref<1x1x128x128x80xf32>) {
  // CHECK: %[[OUT_ROWS:.+]] = memref.reinterpret_cast %[[OUT]] to offset: [0], sizes: [16384, 80], strides: [80, 1] : {{.*}} to memref<16384x80xf32>
  // CHECK: %[[BOUND_ROWS:.+]] = memref.reinterpret_cast %[[BOUNDS]] to offset: [0], sizes: [16384, 2], strides: [2, 1] : {{.*}} to memref<16384x2xi32>
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c512{{[_0-9]*}}, {{[^)]*}}) threads(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c256{{[_0-9]*}}, {{[^)]*}})
  // CHECK-SAME: workgroup(%[[HEADER:[a-z0-9]+]] : memref<4xi32, #{{[^,]+}}>, %[[TABLE:[a-z0-9]+]] : memref<32x4xi32, #{{[^,]+}}>, %[[NUMBERS:[a-z0-9]+]] : memref<32xindex, #{{[^,]+}}>, %[[PIECES:[a-z0-9]+]] : memref<64x4xi32, #{{[^,]+}}>, %[[SUMS:[a-z0-9]+]] : memref<32x80xf32, #{{[^,]+}}>, %[[CARRIED:[a-z0-9]+]] : memref<2x80xf32, #{{[^,]+}}>, %[[EXCHANGED:[a-z0-9]+]] : memref<640xi32, #{{[^,]+}}>)
  // The first warp says what the rows are: numbers of 32 bits, 38 columns apart.
  // CHECK: %[[FURTHER:.+]] = arith.muli %{{.+}}, %c38_i32{{[_0-9]*}} : i32
  // The first blocks take what is near the middle, alternately behind and before.
  // CHECK: %[[HALF:.+]] = arith.shrui %[[BLOCK:.+]], %c1_i32{{[_0-9]*}} : i32
  // CHECK: %[[IS_BEFORE:.+]] = arith.cmpi eq
  // CHECK: %[[BEFORE:.+]] = arith.subi %{{.+}}, %[[HALF]] : i32
  // CHECK: %[[ORDER:.+]] = arith.select %[[IS_BEFORE]], %[[BEFORE]], %[[HALF]] : i32
  // CHECK: %[[COLUMN:.+]] = arith.addi %[[FURTHER]], %[[ORDER]] : i32
  // CHECK: arith.remui %[[COLUMN]], %c512_i32{{[_0-9]*}} : i32
  // CHECK: memref.load %[[BOUND_ROWS]]
  // CHECK-COUNT-5: gpu.shuffle up
  // CHECK-COUNT-2: nvvm.vote.sync ballot
  // CHECK: vector.store %{{.+}}, %[[HEADER]]
  // CHECK: vector.store %{{.+}}, %[[TABLE]]
  // CHECK: memref.store %{{.+}}, %[[NUMBERS]]
  // And where the pieces of a round begin.
  // CHECK: scf.for
  // CHECK: vector.store %{{.+}}, %[[PIECES]]
  // CHECK: gpu.barrier
  // CHECK: vector.load %[[PIECES]]
  // CHECK: memref.load %[[RF]]
  // CHECK: memref.load %[[RD]]
  // CHECK: memref.load %[[NUMBERS]]
  // CHECK: vector.transfer_write %{{.+}}, %[[OUT_ROWS]]
  // The depths of a batch, of two points for each lane, are read before the ranks
  // of the next, and left in shared memory with its ranks.
  // CHECK: scf.for
  // CHECK:   scf.while
  // CHECK:     nvvm.vote.sync ballot
  // CHECK:     arith.constant 40 : i32
  // CHECK:     memref.load %[[DEPTH]]
  // CHECK:     memref.load %[[DEPTH]]
  // CHECK:     vector.load %[[PIECES]]
  // CHECK:     memref.load %[[RF]]
  // CHECK:     memref.load %[[RD]]
  // CHECK:     memref.load %[[RF]]
  // CHECK:     memref.load %[[RD]]
  // CHECK:     nvvm.bar.warp.sync
  // CHECK:     arith.extf %{{.+}} : f16 to f32
  // CHECK:     vector.store %{{.+}}, %[[EXCHANGED]]
  // CHECK:     vector.store %{{.+}}, %[[EXCHANGED]]
  // CHECK:     nvvm.bar.warp.sync
  // CHECK:     nvvm.vote.sync all
  // CHECK:     scf.while {{.*}} -> (i32, vector<4xf32>)
  // CHECK:       nvvm.vote.sync all
  // CHECK-COUNT-2: vector.load %[[EXCHANGED]]{{.*}} {alignment = 16 : i64} : {{.*}}, vector<4xi32>
  // CHECK-NOT:   scf.if
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK:     scf.while {{.*}} -> (i32, vector<4xf32>)
  // CHECK:       nvvm.vote.sync any
  // CHECK-COUNT-2: vector.load %[[EXCHANGED]]
  // CHECK-COUNT-4: scf.if
  // CHECK:     vector.store %{{.+}}, %[[SUMS]]
  // CHECK:     vector.transfer_write %{{.+}}, %[[OUT_ROWS]]
  // Rows of several pieces.
  // CHECK:   gpu.barrier
  // CHECK:     vector.store %{{.+}}, %[[PIECES]]
  // CHECK:     vector.load %[[CARRIED]]
  // CHECK:     vector.load %[[SUMS]]
  // CHECK:     vector.transfer_write %{{.+}}, %[[OUT_ROWS]]
  // CHECK:     vector.store %{{.+}}, %[[CARRIED]]
  // CHECK:   gpu.barrier
  // CHECK: } {bev.blocks = 5 : i64}
  bev.interval_pool
      schedule(<lanes = 4, blocks = 5, rows = 32, points = 32>)
      ins(%feat : memref<4224x80xf32>) depth(%depth : memref<?xf16>)
      points(%rd, %rf : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<1x1x128x128x2xi32>)
      outs(%out : memref<1x1x128x128x80xf32>)
  return
}

// -----

// Lifted points need no tables and have no weights. They lie side by side: the
// three groups of a warp's lanes are one team, which reads six at once, and are
// added up. Nothing is exchanged. No rows, no launch.
// CHECK-LABEL: func.func @lifted
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x80xf32>
func.func @lifted(%feat: memref<?x80xf32>, %bounds: memref<?x2xi32>, %out: memref<?x80xf32>) {
  // CHECK: %[[ANY:.+]] = arith.cmpi slt, %{{.+}}, %{{.+}} : index
  // CHECK: scf.if %[[ANY]]
  // CHECK: gpu.launch
  // CHECK: gpu.barrier
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>, vector<4xf32>)
  // CHECK-NOT: gpu.shuffle
  // CHECK-NOT: nvvm.bar.warp.sync
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>, vector<4xf32>)
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK-COUNT-16: gpu.shuffle down
  // CHECK: scf.if
  // CHECK-NOT: gpu.shuffle down
  bev.interval_pool schedule(<lanes = 8, threads = 64, rows = 5, points = 7>)
      ins(%feat : memref<?x80xf32>) bounds(%bounds : memref<?x2xi32>) outs(%out : memref<?x80xf32>)
  return
}

// -----

// Four work items are half a team of eight lanes: its groups, of which each
// takes every second point, are added up. As many points at once as the
// schedule says.
// CHECK-LABEL: func.func @groups
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x16xf32>
func.func @groups(%feat: memref<?x16xf32>, %depth: memref<?xf32>, %ranks: memref<?xi32>, %bounds: memref<?x2xi32>, %out: memref<?x16xf32>) {
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>)
  // CHECK-COUNT-2: vector.transfer_read %[[FEAT]]
  // CHECK: scf.while {{.*}} -> (i32, vector<4xf32>)
  // CHECK-COUNT-4: gpu.shuffle down
  // CHECK-NOT: gpu.shuffle down
  bev.interval_pool schedule(<lanes = 4, threads = 64, together = 2, rows = 5>)
      ins(%feat : memref<?x16xf32>) depth(%depth : memref<?xf32>) points(%ranks, %ranks : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<?x2xi32>) outs(%out : memref<?x16xf32>)
  return
}

// -----

// f16 that is packed: products of points that are read at once are added in
// f16, and their sum in f32.
// CHECK-LABEL: func.func @packed
func.func @packed(%feat: memref<?x80xf16>, %depth: memref<?xf16>, %ranks: memref<?xi32>, %bounds: memref<?x2xi32>, %out: memref<?x80xf16>) {
  // CHECK: scf.while {{.*}} -> (i32, vector<8xf32>)
  // CHECK: arith.mulf %{{.+}}, %{{.+}} : vector<8xf16>
  // CHECK-COUNT-4: vector.fma %{{.+}}, %{{.+}}, %{{.+}} : vector<8xf16>
  // CHECK: %[[SUM:.+]] = arith.extf %{{.+}} : vector<8xf16> to vector<8xf32>
  // CHECK: arith.addf %{{.+}}, %[[SUM]] : vector<8xf32>
  bev.interval_pool schedule(<lanes = 8, packed = true, rows = 32>)
      ins(%feat : memref<?x80xf16>) depth(%depth : memref<?xf16>) points(%ranks, %ranks : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<?x2xi32>) outs(%out : memref<?x80xf16>)
  return
}

// -----

// Bounds that are the first rows of a table lie side by side, those behind them
// do not begin where the table does. Sizes that are not known need 64 bits.
// CHECK-LABEL: func.func @parts
//  CHECK-SAME: %[[FIRST:[a-z0-9]+]]: memref<3x5x2xi32, strided<[10, 2, 1]>>, %[[LAST:[a-z0-9]+]]: memref<3x5x2xi32, strided<[10, 2, 1], offset: 2>>
func.func @parts(%feat: memref<?x80xf32>, %first: memref<3x5x2xi32, strided<[10, 2, 1]>>, %last: memref<3x5x2xi32, strided<[10, 2, 1], offset: 2>>, %bounds: memref<3x?x2xi32>, %out: memref<3x5x80xf32>, %any: memref<3x?x80xf32>) {
  // CHECK: memref.reinterpret_cast %[[FIRST]] to offset: [0], sizes: [15, 2], strides: [2, 1]
  bev.interval_pool schedule(<lanes = 4, rows = 4>)
      ins(%feat : memref<?x80xf32>) bounds(%first : memref<3x5x2xi32, strided<[10, 2, 1]>>) outs(%out : memref<3x5x80xf32>)
  // CHECK: memref.load %[[LAST]][%{{.+}}, %{{.+}}, %{{.+}}]
  bev.interval_pool schedule(<lanes = 4, rows = 4>)
      ins(%feat : memref<?x80xf32>) bounds(%last : memref<3x5x2xi32, strided<[10, 2, 1], offset: 2>>) outs(%out : memref<3x5x80xf32>)
  // CHECK: memref.reinterpret_cast %{{.+}} to offset: [0], sizes: [%{{.+}}, 80], strides: [80, 1] : memref<3x?x80xf32> to memref<?x80xf32>
  // CHECK: arith.remui %{{.+}}, %{{.+}} : index
  bev.interval_pool schedule(<lanes = 4, rows = 4>)
      ins(%feat : memref<?x80xf32>) bounds(%bounds : memref<3x?x2xi32>) outs(%any : memref<3x?x80xf32>)
  return
}

// -----

// Rows that do not lie side by side have all their indices.
// CHECK-LABEL: func.func @strided
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x80xf32>, %[[BOUNDS:[a-z0-9]+]]: memref<3x5x2xi32>, %[[OUT:[a-z0-9]+]]: memref<3x5x80xf32, strided<[480, 80, 1]>>
func.func @strided(%feat: memref<?x80xf32>, %bounds: memref<3x5x2xi32>, %out: memref<3x5x80xf32, strided<[480, 80, 1]>>) {
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c4{{[_0-9]*}}, {{[^)]*}})
  // CHECK: memref.load %[[BOUNDS]][%{{.+}}, %{{.+}}, %{{.+}}]
  // CHECK: vector.transfer_write %{{.+}}, %[[OUT]][%{{.+}}, %{{.+}}, %{{.+}}]
  bev.interval_pool schedule(<lanes = 4, rows = 4>)
      ins(%feat : memref<?x80xf32>) bounds(%bounds : memref<3x5x2xi32>) outs(%out : memref<3x5x80xf32, strided<[480, 80, 1]>>)
  return
}

// -----

// A row of its own for each work item is not this pass's business, nor is what
// is inside of a parallel loop.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: gpu.launch
func.func @left_alone(%feat: memref<9x6xf16>, %bounds: memref<4x2xi32>, %out: memref<4x6xf16>) {
  // CHECK-COUNT-2: bev.interval_pool
  bev.interval_pool schedule(<lanes = 2>) ins(%feat : memref<9x6xf16>) bounds(%bounds : memref<4x2xi32>) outs(%out : memref<4x6xf16>)
  scf.forall (%i) in (4) {
    bev.interval_pool schedule(<lanes = 2, rows = 4>) ins(%feat : memref<9x6xf16>) bounds(%bounds : memref<4x2xi32>) outs(%out : memref<4x6xf16>)
  }
  return
}
