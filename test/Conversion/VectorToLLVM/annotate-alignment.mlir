// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(bev-annotate-alignment))" | FileCheck %s

// CHECK-LABEL: @product
//       CHECK: vector.load {{.*}} {alignment = 16 : i64}
func.func @product(%m: memref<4x32xf16>, %i: index, %j: index) -> vector<8xf16> {
  %c8 = arith.constant 8 : index
  %k = arith.muli %j, %c8 : index
  %v = vector.load %m[%i, %k] : memref<4x32xf16>, vector<8xf16>
  return %v : vector<8xf16>
}

// CHECK-LABEL: @unknown
//       CHECK: vector.load
//   CHECK-NOT: alignment
func.func @unknown(%m: memref<4x32xf16>, %i: index, %j: index) -> vector<8xf16> {
  %v = vector.load %m[%i, %j] : memref<4x32xf16>, vector<8xf16>
  return %v : vector<8xf16>
}

// Rows of 12 bytes: every second vector of two starts at 4 bytes only.
// CHECK-LABEL: @odd_row
//       CHECK: vector.load
//   CHECK-NOT: alignment
func.func @odd_row(%m: memref<4x3xf32>, %i: index) -> vector<2xf32> {
  %c0 = arith.constant 0 : index
  %v = vector.load %m[%i, %c0] : memref<4x3xf32>, vector<2xf32>
  return %v : vector<2xf32>
}

// CHECK-LABEL: @loop_dynamic
//       CHECK: vector.store {{.*}} {alignment = 16 : i64}
func.func @loop_dynamic(%m: memref<?x?x32xf16>, %i: index, %v: vector<8xf16>) {
  scf.forall (%j) = (0) to (32) step (8) {
    vector.store %v, %m[%i, %i, %j] : memref<?x?x32xf16>, vector<8xf16>
  }
  return
}

// A multiple of 8 in parts of (4, 8, 2): the last is 0, the one before a multiple
// of 4.
// CHECK-LABEL: @parts
//       CHECK: vector.load {{.*}} {alignment = 16 : i64}
//       CHECK: vector.load {{.*}} {alignment = 8 : i64}
func.func @parts(%m: memref<4x8x2xf16>, %i: index) -> (vector<8xf16>, vector<8xf16>) {
  %c8 = arith.constant 8 : index
  %c4 = arith.constant 4 : index
  %k = arith.muli %i, %c8 : index
  %at:3 = affine.delinearize_index %k into (4, 8, 2) : index, index, index
  %v = vector.load %m[%at#0, %at#1, %at#2] : memref<4x8x2xf16>, vector<8xf16>
  %l = arith.muli %i, %c4 : index
  %to:3 = affine.delinearize_index %l into (4, 8, 2) : index, index, index
  %w = vector.load %m[%to#0, %to#1, %to#2] : memref<4x8x2xf16>, vector<8xf16>
  return %v, %w : vector<8xf16>, vector<8xf16>
}

// CHECK-LABEL: @affine
//       CHECK: vector.load {{.*}} {alignment = 8 : i64}
func.func @affine(%m: memref<64xf32>, %i: index) -> vector<4xf32> {
  %k = affine.apply affine_map<(d0) -> (d0 * 4 + 2)>(%i)
  %v = vector.load %m[%k] : memref<64xf32>, vector<4xf32>
  return %v : vector<4xf32>
}
