// RUN: bev-opt %s --bev-prepare-entry-points | FileCheck %s

// CHECK: func.func @f(%[[X:.+]]: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32> attributes {llvm.emit_c_interface} {
// CHECK-NEXT: return %[[X]] : tensor<4xf32>
// CHECK-NEXT: }
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// CHECK: func.func private @g(%{{.*}}: tensor<4xf32>) -> tensor<4xf32> {
func.func private @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
