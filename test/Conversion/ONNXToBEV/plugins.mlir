// RUN: bev-opt %s -convert-onnx-to-bev=print-report=1 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REPORT --input-file=%t

// REPORT-DAG: raised {{.*}} (MMCVMultiScaleDeformableAttention) -> bev.ms_deform_attn
// REPORT-DAG: raised {{.*}} (MultiScaleDeformableAttnTRT) -> bev.deformable_attention
// REPORT-DAG: not raised {{.*}} (MultiscaleDeformableAttnPlugin_TRT) -> bev.ms_deform_attn: its levels do not follow each other in its value
// REPORT-DAG: not raised {{.*}} (MultiScaleDeformableAttnTRT2) -> bev.ms_deform_attn: its value has 10 positions, but its levels have 12

// mmcv's node joins heads and channels; what follows it gets its type.
// CHECK-LABEL: func.func @mmcv
func.func @mmcv(%value: tensor<2x10x4x8xf32>, %locations: tensor<2x7x4x2x3x2xf32>, %weights: tensor<2x7x4x2x3xf32>) -> tensor<*xf32> {
  // CHECK: %[[OUT:.+]] = bev.ms_deform_attn levels([2, 3], [2, 2]) ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x10x4x8xf32>, tensor<2x7x4x2x3x2xf32>, tensor<2x7x4x2x3xf32>)
  // CHECK: %[[FLAT:.+]] = onnx.node "Reshape" {{.*}}(%[[OUT]], {{.*}}) : {{.*}} -> tensor<2x7x32xf32>
  // CHECK: onnx.node "Relu" 13(%[[FLAT]]) : (tensor<2x7x32xf32>) -> tensor<2x7x32xf32>
  %shapes = onnx.constant dense<[[2, 3], [2, 2]]> : tensor<2x2xi64>
  %starts = onnx.constant dense<[0, 6]> : tensor<2xi64>
  %0 = onnx.node "MMCVMultiScaleDeformableAttention" of "mmdeploy" 1 (%value, %shapes, %starts, %locations, %weights) {im2col_step = 64 : i64}
      : (tensor<2x10x4x8xf32>, tensor<2x2xi64>, tensor<2xi64>, tensor<2x7x4x2x3x2xf32>, tensor<2x7x4x2x3xf32>) -> tensor<*xf32>
  %1 = onnx.node "Relu" 13 (%0) : (tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// The node that takes reference points, offsets and logits; unknown batch.
// CHECK-LABEL: func.func @offsets
func.func @offsets(%value: tensor<?x10x4x8xf16>, %reference: tensor<?x7x1x8xf32>, %offsets: tensor<?x7x4x32xf16>, %logits: tensor<?x7x4x16xf16>) -> tensor<?x7x4x8xf16> {
  // CHECK: bev.deformable_attention pillar levels([2, 3], [2, 2]) ins(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x10x4x8xf16>, tensor<?x7x4x2xf32>, tensor<?x7x4x2x8x2xf16>, tensor<?x7x4x16xf16>)
  %shapes = onnx.constant dense<[[2, 3], [2, 2]]> : tensor<2x2xi32>
  %0 = onnx.node "MultiScaleDeformableAttnTRT" 13 (%value, %shapes, %reference, %offsets, %logits)
      : (tensor<?x10x4x8xf16>, tensor<2x2xi32>, tensor<?x7x1x8xf32>, tensor<?x7x4x32xf16>, tensor<?x7x4x16xf16>) -> tensor<?x7x4x8xf16>
  return %0 : tensor<?x7x4x8xf16>
}

// CHECK-LABEL: func.func @refused
func.func @refused(%value: tensor<2x10x4x8xf32>, %locations: tensor<2x7x4x2x3x2xf32>, %weights: tensor<2x7x4x2x3xf32>) -> (tensor<2x7x4x8xf32>, tensor<2x7x4x8xf32>) {
  // CHECK-NOT: bev.
  %shapes = onnx.constant dense<[[2, 3], [2, 2]]> : tensor<2x2xi64>
  %starts = onnx.constant dense<[4, 0]> : tensor<2xi64>
  %0 = onnx.node "MultiscaleDeformableAttnPlugin_TRT" 13 (%value, %shapes, %starts, %locations, %weights)
      : (tensor<2x10x4x8xf32>, tensor<2x2xi64>, tensor<2xi64>, tensor<2x7x4x2x3x2xf32>, tensor<2x7x4x2x3xf32>) -> tensor<2x7x4x8xf32>
  %more = onnx.constant dense<[[2, 3], [2, 3]]> : tensor<2x2xi64>
  %1 = onnx.node "MultiScaleDeformableAttnTRT2" 13 (%value, %more, %locations, %weights)
      : (tensor<2x10x4x8xf32>, tensor<2x2xi64>, tensor<2x7x4x2x3x2xf32>, tensor<2x7x4x2x3xf32>) -> tensor<2x7x4x8xf32>
  return %0, %1 : tensor<2x7x4x8xf32>, tensor<2x7x4x8xf32>
}
