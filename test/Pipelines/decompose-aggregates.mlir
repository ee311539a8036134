// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-decompose-aggregates))' | FileCheck %s

// CHECK-LABEL: func.func @softmax
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<4x8xf32>, %[[INIT:[a-z0-9]+]]: tensor<4x8xf32>
func.func @softmax(%x: tensor<4x8xf32>, %init: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK-NOT: linalg.softmax
  // CHECK: %[[MAX:.+]] = linalg.generic {{.*}} ins(%[[X]] : tensor<4x8xf32>) outs(%{{.+}} : tensor<4xf32>)
  // CHECK: arith.maxnumf
  // CHECK: %[[EXP:.+]] = linalg.generic {{.*}} ins(%[[X]], %[[MAX]] : tensor<4x8xf32>, tensor<4xf32>)
  // CHECK: arith.subf
  // CHECK: math.exp
  // CHECK: %[[SUM:.+]] = linalg.generic {{.*}} ins(%[[EXP]] : tensor<4x8xf32>) outs(%{{.+}} : tensor<4xf32>)
  // CHECK: arith.addf
  // CHECK: %[[R:.+]] = linalg.generic {{.*}} ins(%[[EXP]], %[[SUM]] : tensor<4x8xf32>, tensor<4xf32>)
  // CHECK: arith.divf
  // CHECK: return %[[R]]
  %r = linalg.softmax dimension(1) ins(%x : tensor<4x8xf32>) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// Computed in f32 and rounded once, at the end.
// CHECK-LABEL: func.func @narrow
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x8xbf16>, %[[INIT:[a-z0-9]+]]: tensor<?x8xbf16>
func.func @narrow(%x: tensor<?x8xbf16>, %init: tensor<?x8xbf16>) -> tensor<?x8xbf16> {
  // CHECK: %[[WIDE:.+]] = linalg.generic {{.*}} ins(%[[X]] : tensor<?x8xbf16>) outs(%{{.+}} : tensor<?x8xf32>)
  // CHECK: arith.extf %{{.+}} : bf16 to f32
  // CHECK-NOT: bf16
  // CHECK: linalg.generic {{.*}} ins(%[[WIDE]] : tensor<?x8xf32>)
  // CHECK-NOT: bf16
  // CHECK: math.exp %{{.+}} : f32
  // CHECK-NOT: bf16
  // CHECK: arith.divf %{{.+}} : f32
  // CHECK: %[[R:.+]] = linalg.generic {{.*}} outs(%[[INIT]] : tensor<?x8xbf16>)
  // CHECK: arith.truncf %{{.+}} : f32 to bf16
  // CHECK: return %[[R]]
  %r = linalg.softmax dimension(1) ins(%x : tensor<?x8xbf16>) outs(%init : tensor<?x8xbf16>) -> tensor<?x8xbf16>
  return %r : tensor<?x8xbf16>
}

// CHECK-LABEL: func.func @concat
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x3xf32>, %[[Y:[a-z0-9]+]]: tensor<2x5xf32>
func.func @concat(%x: tensor<2x3xf32>, %y: tensor<2x5xf32>) -> tensor<2x8xf32> {
  // CHECK: %[[EMPTY:.+]] = tensor.empty() : tensor<2x8xf32>
  // CHECK: %[[LEFT:.+]] = tensor.insert_slice %[[X]] into %[[EMPTY]][0, 0] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<2x8xf32>
  // CHECK: %[[R:.+]] = tensor.insert_slice %[[Y]] into %[[LEFT]][0, 3] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<2x8xf32>
  // CHECK: return %[[R]]
  %r = tensor.concat dim(1) %x, %y : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// The bev ops have passes of their own.
// CHECK-LABEL: func.func @kept
func.func @kept(%x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: bev.inverse_sigmoid
  %r = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}
