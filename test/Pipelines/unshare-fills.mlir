// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: bev-opt %s --pass-pipeline='builtin.module(func.func(bev-unshare-fills))' | FileCheck %s

// CHECK-LABEL: func.func @sums
func.func @sums(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4xf32>
  // CHECK: %[[EMPTY_A:.+]] = tensor.empty() : tensor<4xf32>
  // CHECK-NEXT: %[[ZEROS_A:.+]] = linalg.fill ins(%[[ZERO:.+]] : f32) outs(%[[EMPTY_A]] : tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: %[[A:.+]] = linalg.reduce { arith.addf } ins(%[[X:.+]] : tensor<4x8xf32>) outs(%[[ZEROS_A]] : tensor<4xf32>) dimensions = [1]
  // CHECK-NEXT: %[[EMPTY_B:.+]] = tensor.empty() : tensor<4xf32>
  // CHECK-NEXT: %[[ZEROS_B:.+]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY_B]] : tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NEXT: %[[B:.+]] = linalg.reduce { arith.addf } ins(%[[Y:.+]] : tensor<4x8xf32>) outs(%[[ZEROS_B]] : tensor<4xf32>) dimensions = [1]
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
  %a = linalg.reduce { arith.addf } ins(%x : tensor<4x8xf32>) outs(%zeros : tensor<4xf32>) dimensions = [1]
  %b = linalg.reduce { arith.addf } ins(%y : tensor<4x8xf32>) outs(%zeros : tensor<4xf32>) dimensions = [1]
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// Where others read the filled tensor, what writes into it has one of its
// own; what is filled from a tensor stays.
// CHECK-LABEL: func.func @kept
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x8xf32>, %[[V:[a-z0-9]+]]: tensor<8xf32>, %[[N:[a-z0-9]+]]: index
func.func @kept(%x: tensor<?x8xf32>, %v: tensor<8xf32>, %n: index) -> (tensor<?xf32>, tensor<?xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty(%n) : tensor<?xf32>
  %wide = tensor.empty(%n) : tensor<?x8xf32>
  // CHECK: %[[ZEROS:.+]] = linalg.fill
  // CHECK: %[[SPREAD:.+]] = linalg.broadcast
  // CHECK: %[[OTHER:.+]] = tensor.empty(%[[N]])
  // CHECK: %[[OTHERS:.+]] = linalg.fill ins({{.*}}) outs(%[[OTHER]]
  // CHECK: linalg.reduce {{.*}} outs(%[[OTHERS]]
  // CHECK: linalg.exp {{.*}} outs(%[[SPREAD]]
  // CHECK: linalg.log {{.*}} outs(%[[SPREAD]]
  // CHECK: return %{{.+}}, %[[ZEROS]],
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<?xf32>) -> tensor<?xf32>
  %spread = linalg.broadcast ins(%v : tensor<8xf32>) outs(%wide : tensor<?x8xf32>) dimensions = [0]
  %a = linalg.reduce { arith.addf } ins(%x : tensor<?x8xf32>) outs(%zeros : tensor<?xf32>) dimensions = [1]
  %b = linalg.exp ins(%x : tensor<?x8xf32>) outs(%spread : tensor<?x8xf32>) -> tensor<?x8xf32>
  %c = linalg.log ins(%x : tensor<?x8xf32>) outs(%spread : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %a, %zeros, %b, %c : tensor<?xf32>, tensor<?xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}
