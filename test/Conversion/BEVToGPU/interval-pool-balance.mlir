// RUN: bev-opt %s -pass-pipeline="builtin.module(convert-interval-pool-to-gpu{bulk-prefetch=true},canonicalize,cse)" -split-input-file | FileCheck %s
// RUN: bev-opt %s -pass-pipeline="builtin.module(convert-interval-pool-to-gpu{overlaps=true},canonicalize,cse)" -split-input-file | FileCheck %s --check-prefix=AHEAD

// The row of the most points has a block of its own. The next has one with a row
// of none, and the two of one point share a block. Bounds stay as they are, and
// are cut when they are read: to the points there are, and to no negative number
// of them.
// CHECK-LABEL: func.func @known
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<9x8xf32>, %[[OUT:[a-z0-9]+]]: memref<5x8xf32>
func.func @known(%feat: memref<9x8xf32>, %out: memref<5x8xf32>) {
  // CHECK-NOT: @bounds
  // CHECK: %[[ORDER:.+]] = memref.get_global @bev_row_order : memref<6x4xi32>
  // CHECK: memref.extract_aligned_pointer_as_index %[[ORDER]]
  // CHECK: gpu.launch
  // CHECK: nvvm.cp.async.bulk.prefetch
  // CHECK: %[[FIRST:.+]] = arith.muli %{{.+}}, %c2_i32 : i32
  // CHECK: %[[SLOT:.+]] = arith.addi %[[FIRST]], %{{.+}} : i32
  // CHECK: scf.if %{{.+}} -> (i32, i32, i32) {
  // CHECK:   %[[AT:.+]] = arith.index_cast %[[SLOT]] : i32 to index
  // CHECK:   %[[WORDS:.+]] = vector.load %[[ORDER]][%[[AT]], %c0] : memref<6x4xi32>, vector<4xi32>
  // CHECK:   %[[ROW:.+]] = vector.extract %[[WORDS]][0]
  // CHECK:   %[[FROM:.+]] = vector.extract %[[WORDS]][1]
  // CHECK:   %[[TO:.+]] = vector.extract %[[WORDS]][2]
  // CHECK:   %[[BEGIN:.+]] = arith.maxsi %[[FROM]], %c0_i32
  // CHECK:   %[[CUT:.+]] = arith.minsi %[[TO]], %c9_i32
  // CHECK:   %[[END:.+]] = arith.maxsi %[[CUT]], %[[BEGIN]]
  // CHECK:   scf.yield %[[ROW]], %[[BEGIN]], %[[END]] : i32, i32, i32
  // CHECK: } else {
  // CHECK:   scf.yield %c-1_i32, %c0_i32, %c0_i32 : i32, i32, i32
  // CHECK: arith.cmpi sge, %{{.+}}#0, %c0_i32 : i32
  %bounds = memref.get_global @bounds : memref<5x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, prefetch = all, rows = 2, points = 1, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%bounds : memref<5x2xi32>) outs(%out : memref<5x8xf32>)
  return
}
memref.global "private" constant @bounds : memref<5x2xi32> = dense<[[0, 1], [1, 2], [2, 8], [7, 3], [-2, 2147483647]]>
// Row, begin, end, 0.
// CHECK: memref.global "private" constant @bev_row_order : memref<6x4xi32> = dense<{{\[\[}}4, -2, 2147483647, 0], [-1, 0, 0, 0],
// CHECK-SAME: [2, 2, 8, 0], [3, 7, 3, 0],
// CHECK-SAME: [0, 0, 1, 0], [1, 1, 2, 0]]> {alignment = 64 : i64}

// Of points without ranks, pieces are found before the wait as well.
// AHEAD-LABEL: func.func @known(
// AHEAD: %[[ORDER:.+]] = memref.get_global @bev_row_order
// AHEAD: gpu.launch
// AHEAD: nvvm.griddepcontrol{{ +}}launch_dependents
// AHEAD: vector.load %[[ORDER]]
// AHEAD: gpu.barrier
// AHEAD: scf.if
// AHEAD: nvvm.griddepcontrol{{ +}}wait
// AHEAD-NOT: griddepcontrol
// AHEAD: vector.transfer_write
// AHEAD-NOT: griddepcontrol

// -----

// Ranks that are constants are read before the wait, others behind it.
// AHEAD-LABEL: func.func @tables
//  AHEAD-SAME: memref<7xf32>, %[[RANKS:[a-z0-9]+]]: memref<5xi32>
func.func @tables(%feat: memref<9x8xf32>, %depth: memref<7xf32>, %ranks: memref<5xi32>, %out: memref<2x8xf32>) {
  // AHEAD: %[[KNOWN:.+]] = memref.get_global @ranks : memref<5xi32>
  // AHEAD: gpu.launch
  // AHEAD: vector.load %{{.+}} : memref<2x4xi32>, vector<4xi32>
  // AHEAD: gpu.barrier
  // AHEAD-COUNT-2: memref.load %[[KNOWN]]
  // AHEAD: nvvm.griddepcontrol{{ +}}wait
  %bounds = memref.get_global @bounds : memref<2x2xi32>
  %known = memref.get_global @ranks : memref<5xi32>
  bev.interval_pool schedule(<lanes = 4, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) depth(%depth : memref<7xf32>) points(%known, %known : memref<5xi32>, memref<5xi32>)
      bounds(%bounds : memref<2x2xi32>) outs(%out : memref<2x8xf32>)
  // AHEAD: gpu.launch
  // AHEAD: vector.load %{{.+}} : memref<2x4xi32>, vector<4xi32>
  // AHEAD: gpu.barrier
  // AHEAD: nvvm.griddepcontrol{{ +}}wait
  // AHEAD: memref.load %[[RANKS]]
  bev.interval_pool schedule(<lanes = 4, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) depth(%depth : memref<7xf32>) points(%known, %ranks : memref<5xi32>, memref<5xi32>)
      bounds(%bounds : memref<2x2xi32>) outs(%out : memref<2x8xf32>)
  // A kernel that reads nothing ahead is left to others.
  // AHEAD: gpu.launch
  // AHEAD-NOT: griddepcontrol
  bev.interval_pool schedule(<lanes = 4, threads = 32, rows = 2>)
      ins(%feat : memref<9x8xf32>) depth(%depth : memref<7xf32>) points(%known, %known : memref<5xi32>, memref<5xi32>)
      bounds(%bounds : memref<2x2xi32>) outs(%out : memref<2x8xf32>)
  return
}
memref.global "private" constant @bounds : memref<2x2xi32> = dense<[[0, 3], [3, 5]]>
memref.global "private" constant @ranks : memref<5xi32> = dense<[4, 3, 2, 1, 0]>

// -----

// Where nobody asked for it, rows are spread; so are those whose bounds may
// change, or are not there.
// CHECK-LABEL: func.func @spread
// AHEAD-LABEL: func.func @spread
// CHECK-NOT: bev_row_order
func.func @spread(%feat: memref<9x8xf32>, %bounds: memref<4x2xi32>, %out: memref<4x8xf32>) {
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%bounds : memref<4x2xi32>) outs(%out : memref<4x8xf32>)
  %constant = memref.get_global @constant : memref<4x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 2>)
      ins(%feat : memref<9x8xf32>) bounds(%constant : memref<4x2xi32>) outs(%out : memref<4x8xf32>)
  %changing = memref.get_global @changing : memref<4x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%changing : memref<4x2xi32>) outs(%out : memref<4x8xf32>)
  %absent = memref.get_global @absent : memref<4x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%absent : memref<4x2xi32>) outs(%out : memref<4x8xf32>)
  return
}
memref.global "private" constant @constant : memref<4x2xi32> = dense<0>
memref.global "private" @changing : memref<4x2xi32> = dense<0>
memref.global constant @absent : memref<4x2xi32>

// -----

// Tables of several pools have names of their own; resources are read, too.
// CHECK-LABEL: func.func @two
func.func @two(%feat: memref<9x8xf32>, %out: memref<2x8xf32>) {
  // CHECK: memref.get_global @bev_row_order : memref<2x4xi32>
  // CHECK: memref.get_global @bev_row_order_0 : memref<2x4xi32>
  %a = memref.get_global @a : memref<2x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 1, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%a : memref<2x2xi32>) outs(%out : memref<2x8xf32>)
  %b = memref.get_global @b : memref<2x2xi32>
  bev.interval_pool schedule(<lanes = 8, threads = 32, rows = 2, balance = true>)
      ins(%feat : memref<9x8xf32>) bounds(%b : memref<2x2xi32>) outs(%out : memref<2x8xf32>)
  return
}
memref.global "private" constant @a : memref<2x2xi32> = dense<[[0, 3], [3, 9]]>
memref.global "private" constant @b : memref<2x2xi32> = dense_resource<table>
// CHECK-DAG: @bev_row_order : memref<2x4xi32> = dense<{{\[\[}}1, 3, 9, 0], [0, 0, 3, 0]]>
// CHECK-DAG: @bev_row_order_0 : memref<2x4xi32> = dense<{{\[\[}}1, 1, 4, 0], [0, 0, 1, 0]]>

{-#
  dialect_resources: {
    builtin: {
      table: "0x0400000000000000010000000100000004000000"
    }
  }
#-}
