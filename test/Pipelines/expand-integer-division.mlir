// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-expand-integer-division))' | FileCheck %s

// CHECK-LABEL: func.func @ceildivui
//  CHECK-SAME: %[[X:[a-z0-9]+]]: i32, %[[Y:[a-z0-9]+]]: i32
func.func @ceildivui(%x: i32, %y: i32) -> i32 {
  // CHECK-DAG: %[[C0:.+]] = arith.constant 0 : i32
  // CHECK-DAG: %[[C1:.+]] = arith.constant 1 : i32
  // CHECK: %[[IS_ZERO:.+]] = arith.cmpi eq, %[[X]], %[[C0]] : i32
  // CHECK: %[[LESS:.+]] = arith.subi %[[X]], %[[C1]] : i32
  // CHECK: %[[DOWN:.+]] = arith.divui %[[LESS]], %[[Y]] : i32
  // CHECK: %[[UP:.+]] = arith.addi %[[DOWN]], %[[C1]] : i32
  // CHECK: %[[R:.+]] = arith.select %[[IS_ZERO]], %[[C0]], %[[UP]] : i32
  // CHECK: return %[[R]]
  %r = arith.ceildivui %x, %y : i32
  return %r : i32
}

// CHECK-LABEL: func.func @signed
//  CHECK-SAME: %[[X:[a-z0-9]+]]: index, %[[Y:[a-z0-9]+]]: index
func.func @signed(%x: index, %y: index) -> (index, index) {
  // CHECK-NOT: arith.floordivsi
  // CHECK-NOT: arith.ceildivsi
  // CHECK: arith.divsi %[[X]], %[[Y]] : index
  // CHECK: arith.divsi %[[X]], %[[Y]] : index
  // CHECK: return
  %0 = arith.floordivsi %x, %y : index
  %1 = arith.ceildivsi %x, %y : index
  return %0, %1 : index, index
}

// Minima and maxima of floats have instructions.
// CHECK-LABEL: func.func @kept
func.func @kept(%x: f32, %y: f32) -> f32 {
  // CHECK: arith.maximumf
  // CHECK-NEXT: arith.minnumf
  // CHECK-NEXT: return
  %0 = arith.maximumf %x, %y : f32
  %1 = arith.minnumf %0, %y : f32
  return %1 : f32
}
