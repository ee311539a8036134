// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-interval-pool-to-gpu))" -split-input-file | FileCheck %s

// 1024 blocks of 16 groups of 20 threads.
// CHECK-LABEL: func.func @ranks
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<4224x80xf32>, %[[DEPTH:[a-z0-9]+]]: memref<?xf16>, %[[RD:[a-z0-9]+]]: memref<?xi32>, %[[RF:[a-z0-9]+]]: memref<?xi32>, %[[BOUNDS:[a-z0-9]+]]: memref<1x1x128x128x2xi32>, %[[OUT:[a-z0-9]+]]: memref<1x1x128x128x80xf32>
func.func @ranks(%feat: memref<4224x80xf32>, %depth: memref<?xf16>, %rd: memref<?xi32>, %rf: memref<?xi32>, %bounds: memref<1x1x128x128x2xi32>, %out: memref<1x1x128x128x80xf32>) {
  // CHECK: %[[BLOCKS:.+]] = arith.constant 1024 : index
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %[[BLOCKS]], {{[^)]*}}) threads(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c320, {{[^)]*}})
  // CHECK-SAME: workgroup(%[[PIECES:[a-z0-9]+]] : memref<16xi32, #{{[^,]+}}>, %[[BEGINS:[a-z0-9]+]] : memref<16xi32, #{{[^,]+}}>, %[[ENDS:[a-z0-9]+]] : memref<16xi32, #{{[^,]+}}>, %[[SUMS:[a-z0-9]+]] : memref<16x80xf32, #{{[^,]+}}>, %[[ROWS:[a-z0-9]+]] : memref<16x16xi32, #{{[^,]+}}>, %[[WEIGHTS:[a-z0-9]+]] : memref<16x16xf32, #{{[^,]+}}>)
  // The rows of the block.
  // CHECK: memref.load %[[BOUNDS]]
  // CHECK: memref.store %{{.+}}, %[[PIECES]]
  // CHECK: gpu.barrier
  // A round: points, sums, and what a row has of them.
  // CHECK: scf.for {{.*}} -> (vector<4xf32>)
  // CHECK: memref.load %[[RF]]
  // CHECK: memref.load %[[RD]]
  // CHECK: memref.load %[[DEPTH]]
  // CHECK: memref.store %{{.+}}, %[[ROWS]]
  // CHECK: memref.store %{{.+}}, %[[WEIGHTS]]
  // CHECK: gpu.barrier
  // CHECK: vector.load %[[ROWS]]{{.*}} : memref<16x16xi32, {{.*}}>, vector<4xi32>
  // CHECK: vector.load %[[WEIGHTS]]{{.*}} : memref<16x16xf32, {{.*}}>, vector<4xf32>
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK: vector.store %{{.+}}, %[[SUMS]]
  // CHECK: gpu.barrier
  // CHECK: vector.load %[[SUMS]]
  // CHECK-NOT: gpu.barrier
  // CHECK: vector.transfer_write %{{.+}}, %[[OUT]]
  // CHECK: } {bev.blocks = 3 : i64}
  bev.interval_pool
      schedule(<lanes = 4, threads = 320, blocks = 3, rows = 16, points = 16>)
      ins(%feat : memref<4224x80xf32>) depth(%depth : memref<?xf16>)
      points(%rd, %rf : memref<?xi32>, memref<?xi32>)
      bounds(%bounds : memref<1x1x128x128x2xi32>)
      outs(%out : memref<1x1x128x128x80xf32>)
  return
}

// -----

// Lifted points need no tables, and the round a barrier at its end. No rows, no
// launch.
// CHECK-LABEL: func.func @lifted
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x6xf16>
func.func @lifted(%feat: memref<?x6xf16>, %bounds: memref<?x2xi32>, %out: memref<?x6xf16>) {
  // CHECK: %[[ANY:.+]] = arith.cmpi slt, %{{.+}}, %{{.+}} : index
  // CHECK: scf.if %[[ANY]]
  // CHECK: gpu.launch
  // CHECK-SAME: workgroup(%{{[a-z0-9]+}} : memref<5xi32, #{{[^,]+}}>, %{{[a-z0-9]+}} : memref<5xi32, #{{[^,]+}}>, %{{[a-z0-9]+}} : memref<5xi32, #{{[^,]+}}>, %[[SUMS:[a-z0-9]+]] : memref<10x6xf32, #{{[^,]+}}>)
  // CHECK: gpu.barrier
  // CHECK-COUNT-4: vector.transfer_read %[[FEAT]]
  // CHECK: gpu.barrier
  // CHECK: vector.load %[[SUMS]]
  // CHECK: gpu.barrier
  // CHECK: arith.truncf %{{.+}} : vector<2xf32> to vector<2xf16>
  bev.interval_pool schedule(<lanes = 2, threads = 32, rows = 5, points = 7>)
      ins(%feat : memref<?x6xf16>) bounds(%bounds : memref<?x2xi32>) outs(%out : memref<?x6xf16>)
  return
}

// -----

// 90 * 90 patches of 4 x 4 cells, one for each block; the last row of patches is
// not whole.
// CHECK-LABEL: func.func @patches
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<?x80xf32>, %[[BOUNDS:[a-z0-9]+]]: memref<1x1x359x360x2xi32>
func.func @patches(%feat: memref<?x80xf32>, %bounds: memref<1x1x359x360x2xi32>, %out: memref<1x1x359x360x80xf32>) {
  // CHECK: gpu.launch blocks(%{{.+}}, %{{.+}}, %{{.+}}) in (%{{.+}} = %c8100{{[_0-9]*}}, {{[^)]*}})
  // CHECK: %[[ROW:.+]] = arith.addi
  // CHECK: arith.cmpi slt, %[[Y:.+]], %c359{{[_0-9]*}} : index
  // CHECK: arith.cmpi slt, %[[X:.+]], %c360{{[_0-9]*}} : index
  // CHECK: memref.load %[[BOUNDS]][%{{.+}}, %{{.+}}, %[[Y]], %[[X]], %{{.+}}]
  // CHECK: vector.transfer_write %{{.+}}[%{{.+}}, %{{.+}}, %[[Y]], %[[X]], %{{.+}}]
  bev.interval_pool schedule(<lanes = 4, threads = 320, rows = 16, patch = 4>)
      ins(%feat : memref<?x80xf32>) bounds(%bounds : memref<1x1x359x360x2xi32>) outs(%out : memref<1x1x359x360x80xf32>)
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
