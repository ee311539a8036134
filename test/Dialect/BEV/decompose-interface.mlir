// RUN: bev-opt %s -transform-interpreter | FileCheck %s

// Decomposition through upstream's transform.

// CHECK-LABEL: func.func @inverse_sigmoid
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<3x?xf32>, %[[Y:[a-z0-9]+]]: tensor<3x?xf32>)
func.func @inverse_sigmoid(%x: tensor<3x?xf32>, %y: tensor<3x?xf32>) -> tensor<3x?xf32> {
  // CHECK-NOT: bev.inverse_sigmoid
  // CHECK: %[[RESULT:.+]] = linalg.generic {{.*}} outs(%[[Y]] : tensor<3x?xf32>)
  // CHECK: tensor.extract %[[X]]
  // CHECK: math.log
  // CHECK: return %[[RESULT]]
  %0 = bev.inverse_sigmoid ins(%x : tensor<3x?xf32>) outs(%y : tensor<3x?xf32>) -> tensor<3x?xf32>
  return %0 : tensor<3x?xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["bev.inverse_sigmoid"]} in %root : (!transform.any_op) -> !transform.any_op
    %decomposed = transform.structured.decompose_interface %op : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
