// RUN: bev-opt %s -bev-expand-pooling -canonicalize -cse -split-input-file | FileCheck %s

// Intervals are written at their cells; what does not count goes behind them.
// CHECK-LABEL: func.func @lifted
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x8xf32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>, %[[STARTS:[a-z0-9]+]]: tensor<?xi32>, %[[LENGTHS:[a-z0-9]+]]: tensor<?xi32>, %[[INIT:[a-z0-9]+]]: tensor<1x1x4x5x8xf32>
func.func @lifted(%feat: tensor<?x8xf32>, %ranks: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK: %[[NONE:.+]] = linalg.fill ins(%[[C0_I32:.+]] : i32) outs(%[[EMPTY:.+]] : tensor<21x2xi32>) -> tensor<21x2xi32>
  // CHECK: %[[ROWS:.+]] = scf.forall (%[[I:.+]]) in (%[[N:.+]]) shared_outs(%[[OUT:.+]] = %[[NONE]]) -> (tensor<21x2xi32>) {
  // CHECK: %[[START:.+]] = tensor.extract %[[STARTS]][%[[I]]] : tensor<?xi32>
  // CHECK: scf.forall.in_parallel {
  // CHECK: tensor.parallel_insert_slice %[[BOUND:.+]] into %[[OUT]][%[[ROW:.+]], 0] [1, 2] [1, 1] : tensor<1x2xi32> into tensor<21x2xi32>
  // CHECK: }
  // CHECK: %[[CELLS:.+]] = tensor.extract_slice %[[ROWS]][0, 0] [20, 2] [1, 1] : tensor<21x2xi32> to tensor<20x2xi32>
  // CHECK: %[[BOUNDS:.+]] = tensor.expand_shape %[[CELLS]] {{\[\[}}0, 1, 2, 3], [4]] output_shape [1, 1, 4, 5, 2] : tensor<20x2xi32> into tensor<1x1x4x5x2xi32>
  // CHECK: %[[R:.+]] = bev.interval_pool ins(%[[FEAT]] : tensor<?x8xf32>)
  // CHECK-SAME: bounds(%[[BOUNDS]] : tensor<1x1x4x5x2xi32>)
  // CHECK-SAME: outs(%[[INIT]] : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  // CHECK: return %[[R]]
  %r = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
      intervals(%ranks, %starts, %lengths
                : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %r : tensor<1x1x4x5x8xf32>
}

// -----

// Features and depths are rows; the schedule goes along; sizes may be dynamic.
// CHECK-LABEL: func.func @ranks
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x6x4x5x8xf16>, %[[DEPTH:[a-z0-9]+]]: tensor<?x6x?x4x5xf32>, %[[RD:[a-z0-9]+]]: tensor<?xi32>, %[[RF:[a-z0-9]+]]: tensor<?xi32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>, %[[STARTS:[a-z0-9]+]]: tensor<?xi32>, %[[LENGTHS:[a-z0-9]+]]: tensor<?xi32>
func.func @ranks(%feat: tensor<?x6x4x5x8xf16>, %depth: tensor<?x6x?x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<?x1x4x5x8xf16>) -> tensor<?x1x4x5x8xf16> {
  // CHECK-DAG: %[[ROWS:.+]] = tensor.collapse_shape %[[FEAT]] {{\[\[}}0, 1, 2, 3], [4]] : tensor<?x6x4x5x8xf16> into tensor<?x8xf16>
  // CHECK-DAG: %[[DEPTHS:.+]] = tensor.collapse_shape %[[DEPTH]] {{\[\[}}0, 1, 2, 3, 4]] : tensor<?x6x?x4x5xf32> into tensor<?xf32>
  // CHECK: scf.forall (%[[I:.+]]) in (%{{.+}}) shared_outs(%[[OUT:.+]] = %{{.+}})
  // CHECK-DAG: %[[START:.+]] = tensor.extract %[[STARTS]][%[[I]]]
  // CHECK-DAG: %[[LENGTH:.+]] = tensor.extract %[[LENGTHS]][%[[I]]]
  // CHECK: %[[INSIDE:.+]] = arith.cmpi ult, %[[START]], %[[POINTS:.+]] : i32
  // CHECK: %[[CELL:.+]] = scf.if %[[INSIDE]] -> (i32)
  // CHECK: tensor.extract %[[RANKS]]
  // CHECK: %[[ROW:.+]] = arith.select %[[COUNTS:.+]], %{{.+}}, %[[BEHIND:.+]] : index
  // CHECK: %[[REST:.+]] = arith.subi %[[POINTS]], %[[START]]
  // CHECK: %[[CUT:.+]] = arith.minsi %[[LENGTH]], %[[REST]]
  // CHECK: %[[END:.+]] = arith.addi %[[START]], %[[CUT]]
  // CHECK: tensor.extract_slice %[[OUT]][%[[ROW]], 0] [1, 2] [1, 1]
  // CHECK: arith.select %[[COUNTS]], %[[START]], %c0_i32
  // CHECK: arith.select %[[COUNTS]], %[[END]], %c0_i32
  // CHECK: bev.interval_pool schedule(<lanes = 4, rows = 8>) ins(%[[ROWS]] : {{.*}}) depth(%[[DEPTHS]] : {{.*}}) points(%[[RD]], %[[RF]] : {{.*}}) bounds(%{{.+}} : tensor<?x1x4x5x2xi32>)
  %r = bev.voxel_pool schedule(<lanes = 4, rows = 8>) ins(%feat : tensor<?x6x4x5x8xf16>) depth(%depth : tensor<?x6x?x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x1x4x5x8xf16>) -> tensor<?x1x4x5x8xf16>
  return %r : tensor<?x1x4x5x8xf16>
}

// -----

// 16384 cells, and those of no cell, are keys of two digits: two rounds, each of
// a count, sums of counts, places and moves.
// CHECK-LABEL: func.func @cells
//  CHECK-SAME: %[[CELLS:[a-z0-9]+]]: tensor<1x6x7x4x5xi32>
func.func @cells(%feat: tensor<1x6x4x5x8xf32>, %depth: tensor<1x6x7x4x5xf32>, %cells: tensor<1x6x7x4x5xi32>, %init: tensor<1x1x128x128x8xf32>) -> tensor<1x1x128x128x8xf32> {
  // CHECK: %[[KEYS:.+]] = linalg.generic
  // CHECK: tensor.extract
  // CHECK: %[[NUMBERS:.+]] = linalg.generic
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<2x256xi32>)
  // CHECK-COUNT-4: linalg.generic
  // CHECK: scf.forall (%{{.+}}) in (2)
  // CHECK: %[[ONCE:.+]]:2 = scf.forall (%{{.+}}) in (840)
  // CHECK: tensor.extract %[[KEYS]]
  // CHECK: tensor.extract %[[NUMBERS]]
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<2x256xi32>)
  // CHECK-COUNT-4: linalg.generic
  // CHECK: scf.forall (%{{.+}}) in (2)
  // CHECK: %[[TWICE:.+]]:2 = scf.forall (%{{.+}}) in (840)
  // CHECK: tensor.extract %[[ONCE]]#0
  // CHECK: tensor.extract %[[ONCE]]#1
  // CHECK: %[[BOUNDS:.+]] = linalg.generic
  // CHECK: scf.while
  // CHECK: tensor.extract %[[TWICE]]#0
  // CHECK: %[[RANKS:.+]] = linalg.generic
  // CHECK: bev.interval_pool {{.*}} points(%[[TWICE]]#1, %[[RANKS]] : {{.*}}) bounds(%[[BOUNDS]] : tensor<1x1x128x128x2xi32>)
  %r = bev.voxel_pool ins(%feat : tensor<1x6x4x5x8xf32>) depth(%depth : tensor<1x6x7x4x5xf32>)
      cells(%cells : tensor<1x6x7x4x5xi32>)
      outs(%init : tensor<1x1x128x128x8xf32>) -> tensor<1x1x128x128x8xf32>
  return %r : tensor<1x1x128x128x8xf32>
}

// -----

// As many rounds as the number of cells has digits.
// CHECK-LABEL: func.func @dynamic_cells
func.func @dynamic_cells(%feat: tensor<?x6x4x5x8xf32>, %depth: tensor<?x6x7x4x5xf32>, %cells: tensor<?x6x7x4x5xi32>, %init: tensor<?x1x?x?x8xf32>) -> tensor<?x1x?x?x8xf32> {
  // CHECK: scf.for %[[SHIFT:.+]] = %c0 to %{{.+}} step %c8 iter_args
  // CHECK: arith.index_cast %[[SHIFT]] : index to i32
  // CHECK: scf.yield %{{.+}}#0, %{{.+}}#1
  // CHECK: bev.interval_pool
  %r = bev.voxel_pool ins(%feat : tensor<?x6x4x5x8xf32>) depth(%depth : tensor<?x6x7x4x5xf32>)
      cells(%cells : tensor<?x6x7x4x5xi32>)
      outs(%init : tensor<?x1x?x?x8xf32>) -> tensor<?x1x?x?x8xf32>
  return %r : tensor<?x1x?x?x8xf32>
}

// -----

// The sum of each segment, in f32, and that of the segments of each cell, which
// has the schedule. Points are the width of the image apart.
// CHECK-LABEL: func.func @segments
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: tensor<?x6x4x?x8xf16>, %[[DEPTH:[a-z0-9]+]]: tensor<?x6x?x4x?xf32>, %[[SEGMENTS:[a-z0-9]+]]: tensor<?x3xi32>, %[[RANKS:[a-z0-9]+]]: tensor<?xi32>, %[[BOUNDS:[a-z0-9]+]]: tensor<?x1x4x5x2xi32>, %[[INIT:[a-z0-9]+]]: tensor<?x1x4x5x8xf16>
func.func @segments(%feat: tensor<?x6x4x?x8xf16>, %depth: tensor<?x6x?x4x?xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<?x1x4x5x2xi32>, %init: tensor<?x1x4x5x8xf16>) -> tensor<?x1x4x5x8xf16> {
  // CHECK-NOT: scf.
  // CHECK-DAG: %[[ROWS:.+]] = tensor.collapse_shape %[[FEAT]] {{\[\[}}0, 1, 2, 3], [4]] : tensor<?x6x4x?x8xf16> into tensor<?x8xf16>
  // CHECK-DAG: %[[DEPTHS:.+]] = tensor.collapse_shape %[[DEPTH]] {{\[\[}}0, 1, 2, 3, 4]] : tensor<?x6x?x4x?xf32> into tensor<?xf32>
  // CHECK-DAG: %[[NUMBER:.+]] = tensor.dim %[[SEGMENTS]], %c0
  // CHECK-DAG: %[[EMPTY:.+]] = tensor.empty(%[[NUMBER]]) : tensor<?x8xf32>
  // CHECK-DAG: %[[WIDTH:.+]] = tensor.dim %[[FEAT]], %c3
  // CHECK: %[[SUMS:.+]] = bev.segment_pool ins(%[[ROWS]], %[[DEPTHS]], %[[SEGMENTS]] : tensor<?x8xf16>, tensor<?xf32>, tensor<?x3xi32>) step(%[[WIDTH]]) outs(%[[EMPTY]] : tensor<?x8xf32>)
  // CHECK: %[[R:.+]] = bev.interval_pool schedule(<lanes = 4, rows = 8>) ins(%[[SUMS]] : tensor<?x8xf32>) points(%[[RANKS]] : tensor<?xi32>) bounds(%[[BOUNDS]] : tensor<?x1x4x5x2xi32>) outs(%[[INIT]] : tensor<?x1x4x5x8xf16>)
  // CHECK: return %[[R]]
  %r = bev.voxel_pool schedule(<lanes = 4, rows = 8>) ins(%feat : tensor<?x6x4x?x8xf16>) depth(%depth : tensor<?x6x?x4x?xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>) bounds(%bounds : tensor<?x1x4x5x2xi32>)
      outs(%init : tensor<?x1x4x5x8xf16>) -> tensor<?x1x4x5x8xf16>
  return %r : tensor<?x1x4x5x8xf16>
}

// -----

// Sizes that are known are constants.
// CHECK-LABEL: func.func @static_segments
func.func @static_segments(%feat: tensor<1x6x4x7x8xf32>, %depth: tensor<1x6x9x4x7xf32>, %segments: tensor<99x3xi32>, %ranks: tensor<98xi32>, %bounds: tensor<1x1x4x5x2xi32>, %init: tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32> {
  // CHECK: %[[WIDTH:.+]] = arith.constant 7 : index
  // CHECK: bev.segment_pool ins({{.*}} : tensor<168x8xf32>, tensor<1512xf32>, tensor<99x3xi32>) step(%[[WIDTH]]) outs(%{{.+}} : tensor<99x8xf32>)
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<99x8xf32>) points(%{{.+}} : tensor<98xi32>)
  %r = bev.voxel_pool ins(%feat : tensor<1x6x4x7x8xf32>) depth(%depth : tensor<1x6x9x4x7xf32>)
      segments(%segments, %ranks : tensor<99x3xi32>, tensor<98xi32>) bounds(%bounds : tensor<1x1x4x5x2xi32>)
      outs(%init : tensor<1x1x4x5x8xf32>) -> tensor<1x1x4x5x8xf32>
  return %r : tensor<1x1x4x5x8xf32>
}

// -----

// Intervals that are constants: one of two points, one without a length, one
// that begins before the points, one that goes on behind them, and one whose
// cell is none.
// CHECK-LABEL: func.func @known_intervals
func.func @known_intervals(%feat: tensor<?x8xf32>, %init: tensor<1x1x2x3x8xf32>) -> tensor<1x1x2x3x8xf32> {
  // CHECK-NOT: scf.forall
  // CHECK: %[[BOUNDS:.+]] = arith.constant dense<{{\[\[\[\[}}[0, 0], [0, 2], [0, 0]], {{\[\[}}0, 0], [0, 0], [3, 5]]]]]> : tensor<1x1x2x3x2xi32>
  // CHECK-NOT: scf.forall
  // CHECK: bev.interval_pool ins(%{{.+}} : tensor<?x8xf32>) bounds(%[[BOUNDS]] : tensor<1x1x2x3x2xi32>)
  %ranks = arith.constant dense<[1, 1, 6, 5, 0]> : tensor<5xi32>
  %starts = arith.constant dense<[0, 4, -1, 3, 2]> : tensor<5xi32>
  %lengths = arith.constant dense<[2, 0, 3, 2147483647, 1]> : tensor<5xi32>
  %known = tensor.cast %starts : tensor<5xi32> to tensor<?xi32>
  %many = tensor.cast %lengths : tensor<5xi32> to tensor<?xi32>
  %r = bev.voxel_pool ins(%feat : tensor<?x8xf32>)
      intervals(%ranks, %known, %many : tensor<5xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<1x1x2x3x8xf32>) -> tensor<1x1x2x3x8xf32>
  return %r : tensor<1x1x2x3x8xf32>
}

// -----

// Cells that are constants, of two batch rows: in order, without those that are
// none. A table without points has one of no cell.
// CHECK-LABEL: func.func @known_cells
func.func @known_cells(%feat: tensor<2x1x2x2x8xf32>, %depth: tensor<2x1x2x2x2xf32>, %init: tensor<2x1x1x3x8xf32>) -> (tensor<2x1x1x3x8xf32>, tensor<2x1x1x3x8xf32>) {
  // CHECK-NOT: scf
  // CHECK-DAG: %[[DEPTHS:.+]] = arith.constant dense<[4, 6, 3, 5, 8, 14, 9, 11]> : tensor<8xi32>
  // CHECK-DAG: %[[ROWS:.+]] = arith.constant dense<[0, 2, 3, 1, 4, 6, 5, 7]> : tensor<8xi32>
  // CHECK-DAG: %[[BOUNDS:.+]] = arith.constant dense<{{\[\[\[\[}}[0, 2], [2, 3], [3, 4]]]], {{\[\[\[}}[4, 6], [6, 6], [6, 8]]]]]> : tensor<2x1x1x3x2xi32>
  // CHECK-DAG: %[[NONE:.+]] = arith.constant dense<0> : tensor<1xi32>
  // CHECK-DAG: %[[EMPTY:.+]] = arith.constant dense<0> : tensor<2x1x1x3x2xi32>
  // CHECK: bev.interval_pool {{.*}} points(%[[DEPTHS]], %[[ROWS]] : tensor<8xi32>, tensor<8xi32>) bounds(%[[BOUNDS]] : tensor<2x1x1x3x2xi32>)
  // CHECK: bev.interval_pool {{.*}} points(%[[NONE]], %[[NONE]] : tensor<1xi32>, tensor<1xi32>) bounds(%[[EMPTY]] : tensor<2x1x1x3x2xi32>)
  %cells = arith.constant dense<[[[[[-1, 7], [3, 1]], [[0, 2], [0, -9]]]], [[[[0, 2], [9, 2]], [[4, 3], [0, -1]]]]]> : tensor<2x1x2x2x2xi32>
  %none = arith.constant dense<-1> : tensor<2x1x2x2x2xi32>
  %a = bev.voxel_pool ins(%feat : tensor<2x1x2x2x8xf32>) depth(%depth : tensor<2x1x2x2x2xf32>) cells(%cells : tensor<2x1x2x2x2xi32>)
      outs(%init : tensor<2x1x1x3x8xf32>) -> tensor<2x1x1x3x8xf32>
  %b = bev.voxel_pool ins(%feat : tensor<2x1x2x2x8xf32>) depth(%depth : tensor<2x1x2x2x2xf32>) cells(%none : tensor<2x1x2x2x2xi32>)
      outs(%init : tensor<2x1x1x3x8xf32>) -> tensor<2x1x1x3x8xf32>
  return %a, %b : tensor<2x1x1x3x8xf32>, tensor<2x1x1x3x8xf32>
}

// -----

// What a few bytes say, and memory does not hold, is left as it is.
// CHECK-LABEL: func.func @huge
func.func @huge(%feat: tensor<1x1x1000x1000x8xf32>, %depth: tensor<1x1x1000x1000x1000xf32>, %init: tensor<1x1x1x3x8xf32>) -> tensor<1x1x1x3x8xf32> {
  // CHECK: scf.forall
  // CHECK: bev.interval_pool
  %cells = arith.constant dense<0> : tensor<1x1x1000x1000x1000xi32>
  %a = bev.voxel_pool ins(%feat : tensor<1x1x1000x1000x8xf32>) depth(%depth : tensor<1x1x1000x1000x1000xf32>) cells(%cells : tensor<1x1x1000x1000x1000xi32>)
      outs(%init : tensor<1x1x1x3x8xf32>) -> tensor<1x1x1x3x8xf32>
  return %a : tensor<1x1x1x3x8xf32>
}
