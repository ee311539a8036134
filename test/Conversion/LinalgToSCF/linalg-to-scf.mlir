// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-linalg-to-scf-nest))" | FileCheck %s
// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-linalg-to-scf-nest{contiguous-inner}))" | FileCheck %s --check-prefix=INNER

// The sum is carried in a register.
// CHECK-LABEL: @reduce
//  CHECK-SAME: %[[A:.*]]: memref<4x8xf32>, %[[B:.*]]: memref<4xf32>
//       CHECK: scf.parallel (%[[I:.*]]) =
//       CHECK:   %[[INIT:.*]] = memref.load %[[B]][%[[I]]]
//       CHECK:   %[[SUM:.*]] = scf.for %[[K:.*]] = {{.*}} iter_args(%[[ACC:.*]] = %[[INIT]]) -> (f32)
//       CHECK:     %[[X:.*]] = memref.load %[[A]][%[[I]], %[[K]]]
//       CHECK:     %[[S:.*]] = arith.addf %[[ACC]], %[[X]] fastmath<contract>
//       CHECK:     scf.yield %[[S]]
//       CHECK:   memref.store %[[SUM]], %[[B]][%[[I]]]
func.func @reduce(%a: memref<4x8xf32>, %b: memref<4xf32>) {
  linalg.reduce { arith.addf } ins(%a : memref<4x8xf32>) outs(%b : memref<4xf32>) dimensions = [1]
  return
}

// A sum of halves is carried as f32.
// CHECK-LABEL: @reduce_f16
//       CHECK: scf.for {{.*}} iter_args({{.*}}) -> (f32)
func.func @reduce_f16(%a: memref<4x8xf16>, %b: memref<4xf16>) {
  linalg.reduce { arith.addf } ins(%a : memref<4x8xf16>) outs(%b : memref<4xf16>) dimensions = [1]
  return
}

// On a CPU the contiguous dimension j is innermost.
// CHECK-LABEL: @matmul
//       CHECK: scf.parallel (%{{.*}}, %{{.*}}) =
//       CHECK:   scf.for {{.*}} iter_args
// INNER-LABEL: @matmul
//       INNER: scf.parallel (%[[I:.*]]) =
//       INNER:   scf.for %[[K:.*]] =
//       INNER:     scf.for %[[J:.*]] =
//       INNER:       memref.store %{{.*}}, %{{.*}}[%[[I]], %[[J]]]
func.func @matmul(%a: memref<4x8xf32>, %b: memref<8x16xf32>, %c: memref<4x16xf32>) {
  linalg.matmul ins(%a, %b : memref<4x8xf32>, memref<8x16xf32>) outs(%c : memref<4x16xf32>)
  return
}

// Neighbouring iterations write neighbouring elements.
// CHECK-LABEL: @transpose
//       CHECK: scf.parallel (%[[I:.*]], %[[J:.*]]) =
//       CHECK:   memref.store %{{.*}}, %{{.*}}[%[[I]], %[[J]]]
func.func @transpose(%a: memref<4x8xf32>, %b: memref<8x4xf32>) {
  linalg.transpose ins(%a : memref<4x8xf32>) outs(%b : memref<8x4xf32>) permutation = [1, 0]
  return
}

// CHECK-LABEL: @nested
//       CHECK: scf.forall
//   CHECK-NOT:   scf.parallel
//       CHECK:   scf.for
func.func @nested(%a: memref<4x8xf32>, %f: f32) {
  scf.forall (%i) in (4) {
    %row = memref.subview %a[%i, 0] [1, 8] [1, 1] : memref<4x8xf32> to memref<8xf32, strided<[1], offset: ?>>
    linalg.fill ins(%f : f32) outs(%row : memref<8xf32, strided<[1], offset: ?>>)
  }
  return
}

// CHECK-LABEL: @copy
//       CHECK: memref.copy
//       CHECK: scf.parallel
func.func @copy(%a: memref<4x8xf32>, %b: memref<4x8xf32>, %s: memref<4x8xf32, strided<[16, 1]>>) {
  memref.copy %a, %b : memref<4x8xf32> to memref<4x8xf32>
  memref.copy %s, %b : memref<4x8xf32, strided<[16, 1]>> to memref<4x8xf32>
  return
}
