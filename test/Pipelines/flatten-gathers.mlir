// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(bev-flatten-gathers))" | FileCheck %s

// CHECK-LABEL: func.func @gather
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<2x3x5x8xf32>, %[[RANKS:[a-z0-9]+]]: memref<?xindex>, %[[I:[a-z0-9]+]]: index, %[[J:[a-z0-9]+]]: index
func.func @gather(%x: memref<2x3x5x8xf32>, %ranks: memref<?xindex>, %i: index, %j: index) -> f32 {
  // CHECK: %[[ROWS:.+]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [30, 8], strides: [8, 1]
  // CHECK-SAME: : memref<2x3x5x8xf32> to memref<30x8xf32>
  // CHECK: %[[RANK:.+]] = memref.load %[[RANKS]][%[[I]]] : memref<?xindex>
  // CHECK: %[[ROW:.+]] = memref.load %[[ROWS]][%[[RANK]], %[[J]]] : memref<30x8xf32>
  %rows = memref.collapse_shape %x [[0, 1, 2], [3]]
      : memref<2x3x5x8xf32> into memref<30x8xf32>
  %rank = memref.load %ranks[%i] : memref<?xindex>
  %row = memref.load %rows[%rank, %j] : memref<30x8xf32>
  return %row : f32
}

// Through a slice, and with sizes that are not known.
// CHECK-LABEL: func.func @slice
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?x3x?x8xf16>
func.func @slice(%x: memref<?x3x?x8xf16>, %ranks: memref<?xi32>, %i: index, %c: index) -> vector<4xf16> {
  // CHECK: %[[SIZE:.+]] = affine.apply
  // CHECK: memref.reinterpret_cast %[[X]] to offset: [0], sizes: [%[[SIZE]], 8], strides: [8, 1]
  // CHECK-NOT: memref.collapse_shape
  %zero = arith.constant 0.0 : f16
  %c0 = arith.constant 0 : index
  %rows = memref.collapse_shape %x [[0, 1, 2], [3]] : memref<?x3x?x8xf16> into memref<?x8xf16>
  %n = memref.dim %rows, %c0 : memref<?x8xf16>
  %part = memref.subview %rows[0, %c] [%n, 4] [1, 1] : memref<?x8xf16> to memref<?x4xf16, strided<[8, 1], offset: ?>>
  %rank = memref.load %ranks[%i] : memref<?xi32>
  %row = arith.index_cast %rank : i32 to index
  %next = arith.addi %row, %i : index
  %r = vector.transfer_read %part[%next, %c0], %zero {in_bounds = [true]} : memref<?x4xf16, strided<[8, 1], offset: ?>>, vector<4xf16>
  return %r : vector<4xf16>
}

// A rank that was read a step ahead.
// CHECK-LABEL: func.func @carried
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<2x3x8xf32>
func.func @carried(%x: memref<2x3x8xf32>, %ranks: memref<?xindex>, %out: memref<6xf32>) {
  // CHECK: %[[ROWS:.+]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [6, 8], strides: [8, 1]
  // CHECK: scf.for {{.*}} iter_args(%[[RANK:.+]] = %{{.+}})
  // CHECK: memref.load %[[ROWS]][%[[RANK]], %{{.+}}]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %rows = memref.collapse_shape %x [[0, 1], [2]] : memref<2x3x8xf32> into memref<6x8xf32>
  %first = memref.load %ranks[%c0] : memref<?xindex>
  %last = scf.for %i = %c0 to %c6 step %c1 iter_args(%rank = %first) -> index {
    %next = memref.load %ranks[%i] : memref<?xindex>
    %v = memref.load %rows[%rank, %c1] : memref<6x8xf32>
    memref.store %v, %out[%i] : memref<6xf32>
    scf.yield %next : index
  }
  return
}

// Loop variables are taken apart once and for all; strided buffers have no rows.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: memref.reinterpret_cast
func.func @left_alone(%x: memref<2x3x8xf32>, %y: memref<2x3x8xf32, strided<[48, 8, 1]>>, %ranks: memref<?xindex>, %out: memref<6xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %rows = memref.collapse_shape %x [[0, 1], [2]] : memref<2x3x8xf32> into memref<6x8xf32>
  %strided = memref.collapse_shape %y [[0], [1, 2]] : memref<2x3x8xf32, strided<[48, 8, 1]>> into memref<2x24xf32, strided<[48, 1]>>
  %rank = memref.load %ranks[%c0] : memref<?xindex>
  scf.for %i = %c0 to %c6 step %c1 {
    %v = memref.load %rows[%i, %c1] : memref<6x8xf32>
    %w = memref.load %strided[%c1, %rank] : memref<2x24xf32, strided<[48, 1]>>
    %s = arith.addf %v, %w : f32
    memref.store %s, %out[%i] : memref<6xf32>
  }
  return
}
