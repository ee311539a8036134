// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-plan-memory))' | FileCheck %s
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-plan-memory{report}))' 2>&1 >/dev/null | FileCheck %s --check-prefix=REPORT

// REPORT: remark: an arena of 128 bytes for 2 buffers of 128 bytes, of which at least 128 bytes are in use at one time
// CHECK-LABEL: func.func @pair
func.func @pair(%x: f32, %r: memref<16xf32>) {
  // CHECK: %[[ARENA:.+]] = memref.alloc() {alignment = 64 : i64} : memref<128xi8>
  // CHECK: %[[A:.+]] = memref.view %[[ARENA]][%[[C0:.+]]][] : memref<128xi8> to memref<16xf32>
  // CHECK: linalg.fill ins(%[[X:.+]] : f32) outs(%[[A]] : memref<16xf32>)
  // CHECK: %[[B:.+]] = memref.view %[[ARENA]][%[[C64:.+]]][] : memref<128xi8> to memref<16xf32>
  // CHECK: linalg.exp ins(%[[A]] : memref<16xf32>) outs(%[[B]] : memref<16xf32>)
  // CHECK: linalg.exp ins(%[[B]] : memref<16xf32>) outs(%[[R:.+]] : memref<16xf32>)
  // CHECK: memref.dealloc %[[ARENA]] : memref<128xi8>
  %a = memref.alloc() : memref<16xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<16xf32>)
  %b = memref.alloc() : memref<16xf32>
  linalg.exp ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
  memref.dealloc %a : memref<16xf32>
  linalg.exp ins(%b : memref<16xf32>) outs(%r : memref<16xf32>)
  memref.dealloc %b : memref<16xf32>
  return
}

// The third buffer takes the place of the first, which a view keeps alive until
// then; deallocations at the end do not matter.
// REPORT: remark: an arena of 128 bytes for 3 buffers of 192 bytes, of which at least 128 bytes are in use at one time
// CHECK-LABEL: func.func @views
func.func @views(%x: f32, %r: memref<16xf32>) {
  // CHECK: memref.alloc() {alignment = 64 : i64} : memref<128xi8>
  // CHECK-NOT: memref.alloc
  %a = memref.alloc() : memref<4x4xf32>
  %v = memref.collapse_shape %a [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<4x4xf32>)
  %b = memref.alloc() : memref<16xf32>
  linalg.exp ins(%v : memref<16xf32>) outs(%b : memref<16xf32>)
  %c = memref.alloc() : memref<16xf32>
  linalg.exp ins(%b : memref<16xf32>) outs(%c : memref<16xf32>)
  linalg.exp ins(%c : memref<16xf32>) outs(%r : memref<16xf32>)
  memref.dealloc %a : memref<4x4xf32>
  memref.dealloc %b : memref<16xf32>
  memref.dealloc %c : memref<16xf32>
  return
}

// What is returned, of dynamic size, or freed elsewhere stays.
// CHECK-LABEL: func.func @stay
func.func @stay(%x: f32, %n: index, %p: i1) -> memref<16xf32> {
  // CHECK-COUNT-3: memref.alloc
  // CHECK-NOT: memref.view
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc(%n) : memref<?xf32>
  %c = memref.alloc() : memref<16xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<16xf32>)
  linalg.fill ins(%x : f32) outs(%b : memref<?xf32>)
  linalg.fill ins(%x : f32) outs(%c : memref<16xf32>)
  memref.dealloc %b : memref<?xf32>
  scf.if %p {
    memref.dealloc %c : memref<16xf32>
  }
  return %a : memref<16xf32>
}

// Buffers of a loop's body have an arena of their own; those around it are in
// use for the whole of it.
// REPORT: remark: an arena of 128 bytes for 2 buffers of 128 bytes
// REPORT: remark: an arena of 128 bytes for 2 buffers of 128 bytes
// CHECK-LABEL: func.func @loop
func.func @loop(%x: f32, %n: index, %r: memref<16xf32>) {
  // CHECK: memref.alloc() {alignment = 64 : i64} : memref<128xi8>
  // CHECK: scf.for
  // CHECK: memref.alloc() {alignment = 64 : i64} : memref<128xi8>
  // CHECK: memref.dealloc
  // CHECK: }
  // CHECK: memref.dealloc
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<16xf32>)
  linalg.fill ins(%x : f32) outs(%b : memref<16xf32>)
  scf.for %i = %c0 to %n step %c1 {
    %c = memref.alloc() : memref<16xf32>
    %d = memref.alloc() : memref<16xf32>
    linalg.exp ins(%a : memref<16xf32>) outs(%c : memref<16xf32>)
    linalg.exp ins(%c : memref<16xf32>) outs(%d : memref<16xf32>)
    linalg.exp ins(%d : memref<16xf32>) outs(%b : memref<16xf32>)
    memref.dealloc %c : memref<16xf32>
    memref.dealloc %d : memref<16xf32>
  }
  memref.dealloc %a : memref<16xf32>
  memref.dealloc %b : memref<16xf32>
  return
}
