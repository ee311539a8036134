// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: bev-opt %s --convert-onnx-to-bev | FileCheck %s
// RUN: bev-opt %s --convert-onnx-to-bev=print-report -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REPORT

// CHECK-LABEL: func.func @clips
// CHECK-SAME: %[[X:.*]]: tensor<?x3xf32>
// CHECK: %[[INIT:.*]] = tensor.empty(%{{.*}}) : tensor<?x3xf32>
// CHECK: %[[Y:.*]] = bev.inverse_sigmoid ins(%[[X]] : tensor<?x3xf32>) outs(%[[INIT]] : tensor<?x3xf32>)
// CHECK: return %[[Y]]
// REPORT: {{^}}raised      clips (Log) -> bev.inverse_sigmoid
func.func @clips(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %c = onnx.node "Clip" 18 (%x, %zero, %one) : (tensor<?x3xf32>, tensor<f32>, tensor<f32>) -> tensor<?x3xf32>
  %a = onnx.node "Clip" 18 (%c, %eps) : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %s = onnx.node "Sub" 18 (%one, %c) : (tensor<f32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %b = onnx.node "Clip" 18 (%s, %eps) : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %d = onnx.node "Div" 18 (%a, %b) : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = onnx.node "Log" 18 (%d) : (tensor<?x3xf32>) -> tensor<?x3xf32> loc("clips")
  return %y : tensor<?x3xf32>
}

// Clamps written as masked assignments.
// CHECK-LABEL: func.func @assignments
// CHECK: bev.inverse_sigmoid eps(1.000000e-03) ins(%arg0
// REPORT: {{^}}raised      assignments (Log) -> bev.inverse_sigmoid
func.func @assignments(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %eps = onnx.constant dense<1.0e-3> : tensor<f32>
  %l = onnx.node "Less" 11 (%x, %zero) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xi1>
  %w = onnx.node "Where" 11 (%l, %zero, %x) : (tensor<2x3xi1>, tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %g = onnx.node "Greater" 11 (%w, %one) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xi1>
  %c = onnx.node "Where" 11 (%g, %one, %w) : (tensor<2x3xi1>, tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %s = onnx.node "Sub" 11 (%one, %c) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %k = onnx.node "Less" 11 (%s, %eps) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xi1>
  %b = onnx.node "Where" 11 (%k, %eps, %s) : (tensor<2x3xi1>, tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %a = onnx.node "Max" 11 (%c, %eps) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %d = onnx.node "Div" 11 (%a, %b) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = onnx.node "Log" 11 (%d) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("assignments")
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @not_clamped_to_one
// CHECK-NOT: bev.inverse_sigmoid
// REPORT: {{^}}not raised  not_clamped_to_one (Log) -> bev.inverse_sigmoid: its input is not clamped to 0 and 1
func.func @not_clamped_to_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %c = onnx.node "Clip" 18 (%x, %zero) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %a = onnx.node "Clip" 18 (%c, %eps) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %s = onnx.node "Sub" 18 (%one, %c) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = onnx.node "Clip" 18 (%s, %eps) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %d = onnx.node "Div" 18 (%a, %b) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = onnx.node "Log" 18 (%d) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("not_clamped_to_one")
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @two_epsilons
// CHECK-NOT: bev.inverse_sigmoid
// REPORT: {{^}}not raised  two_epsilons (Log) -> bev.inverse_sigmoid: its two parts are not clamped to the same least number between 0 and 1
func.func @two_epsilons(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %zero = onnx.constant dense<0.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %eps = onnx.constant dense<1.0e-5> : tensor<f32>
  %other = onnx.constant dense<1.0e-6> : tensor<f32>
  %c = onnx.node "Clip" 18 (%x, %zero, %one) : (tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> tensor<2x3xf32>
  %a = onnx.node "Clip" 18 (%c, %eps) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %s = onnx.node "Sub" 18 (%one, %c) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = onnx.node "Clip" 18 (%s, %other) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %d = onnx.node "Div" 18 (%a, %b) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = onnx.node "Log" 18 (%d) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("two_epsilons")
  return %y : tensor<2x3xf32>
}
