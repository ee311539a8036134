// RUN: bev-opt %s -convert-onnx-to-bev=print-report=1 -o %t.mlir 2> %t.report
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: FileCheck %s --check-prefix=REPORT --input-file=%t.report

// The mean over frames, which are the slower part of the batch as published,
// or the faster one.
// CHECK-LABEL: func.func @frames_first
func.func @frames_first(%value: tensor<6x12x2x4xf32>, %reference: tensor<6x5x1x2xf32>, %offsets: tensor<6x5x2x1x2x2xf32>, %logits: tensor<6x5x2x2xf32>, %init: tensor<6x5x2x4xf32>) -> tensor<5x8x3x1xf32> {
  // CHECK: %[[MEAN:.+]] = bev.temporal_self_attention levels([3, 4]) ins({{.*}} : tensor<3x2x12x2x4xf32>, tensor<3x2x5x1x2xf32>, tensor<3x5x2x2x1x2x2xf32>, tensor<3x5x2x2x2xf32>) outs({{.*}} : tensor<3x5x2x4xf32>)
  // CHECK-NOT: ReduceMean
  // REPORT: raised {{.*}} (ReduceMean) -> bev.temporal_self_attention
  %attended = bev.deformable_attention level levels([3, 4])
      ins(%value, %reference, %offsets, %logits : tensor<6x12x2x4xf32>, tensor<6x5x1x2xf32>, tensor<6x5x2x1x2x2xf32>, tensor<6x5x2x2xf32>)
      outs(%init : tensor<6x5x2x4xf32>) -> tensor<6x5x2x4xf32>
  %split = onnx.constant dense<[2, 3, 5, 8]> : tensor<4xi64>
  %frames = onnx.node "Reshape" 16 (%attended, %split) : (tensor<6x5x2x4xf32>, tensor<4xi64>) -> tensor<2x3x5x8xf32>
  %last = onnx.node "Transpose" 16 (%frames) {perm = array<i64: 2, 3, 1, 0>} : (tensor<2x3x5x8xf32>) -> tensor<5x8x3x2xf32>
  %mean = onnx.node "ReduceMean" 16 (%last) {axes = array<i64: -1>, keepdims = 1 : i64} : (tensor<5x8x3x2xf32>) -> tensor<5x8x3x1xf32>
  return %mean : tensor<5x8x3x1xf32>
}

// CHECK-LABEL: func.func @frames_last
func.func @frames_last(%value: tensor<?x12x2x4xf32>, %reference: tensor<?x5x1x2xf32>, %offsets: tensor<?x5x2x1x2x2xf32>, %logits: tensor<?x5x2x2xf32>, %init: tensor<?x5x2x4xf32>) -> tensor<?x5x8xf32> {
  // CHECK: bev.temporal_self_attention levels([3, 4]) ins({{.*}} : tensor<?x2x12x2x4xf32>, tensor<?x2x5x1x2xf32>, tensor<?x5x2x2x1x2x2xf32>, tensor<?x5x2x2x2xf32>) outs({{.*}} : tensor<?x5x2x4xf32>)
  // CHECK-NOT: ReduceMean
  // REPORT-NEXT: raised {{.*}} (ReduceMean) -> bev.temporal_self_attention
  %attended = bev.deformable_attention level levels([3, 4])
      ins(%value, %reference, %offsets, %logits : tensor<?x12x2x4xf32>, tensor<?x5x1x2xf32>, tensor<?x5x2x1x2x2xf32>, tensor<?x5x2x2xf32>)
      outs(%init : tensor<?x5x2x4xf32>) -> tensor<?x5x2x4xf32>
  %split = onnx.constant dense<[-1, 2, 5, 8]> : tensor<4xi64>
  %frames = onnx.node "Reshape" 16 (%attended, %split) : (tensor<?x5x2x4xf32>, tensor<4xi64>) -> tensor<?x2x5x8xf32>
  %mean = onnx.node "ReduceMean" 16 (%frames) {axes = array<i64: 1>, keepdims = 0 : i64} : (tensor<?x2x5x8xf32>) -> tensor<?x5x8xf32>
  return %mean : tensor<?x5x8xf32>
}

// The mean over queries, and over half of the rows, is none over frames.
// CHECK-LABEL: func.func @refused
func.func @refused(%value: tensor<6x12x2x4xf32>, %reference: tensor<6x5x1x2xf32>, %offsets: tensor<6x5x2x1x2x2xf32>, %logits: tensor<6x5x2x2xf32>, %init: tensor<6x5x2x4xf32>) -> (tensor<6x2x4xf32>, tensor<2x5x2x4xf32>) {
  // CHECK-NOT: bev.temporal_self_attention
  // REPORT-NEXT: not raised {{.*}} (ReduceMean) -> bev.temporal_self_attention: the mean is not over rows of the attention's batch
  // REPORT-NEXT: not raised {{.*}} (ReduceMean) -> bev.temporal_self_attention: the mean is not over rows of the attention's batch
  %attended = bev.deformable_attention level levels([3, 4])
      ins(%value, %reference, %offsets, %logits : tensor<6x12x2x4xf32>, tensor<6x5x1x2xf32>, tensor<6x5x2x1x2x2xf32>, tensor<6x5x2x2xf32>)
      outs(%init : tensor<6x5x2x4xf32>) -> tensor<6x5x2x4xf32>
  %mean = onnx.node "ReduceMean" 16 (%attended) {axes = array<i64: 1>, keepdims = 0 : i64} : (tensor<6x5x2x4xf32>) -> tensor<6x2x4xf32>
  %starts = onnx.constant dense<2> : tensor<1xi64>
  %ends = onnx.constant dense<6> : tensor<1xi64>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %rows = onnx.node "Slice" 16 (%attended, %starts, %ends, %axes) : (tensor<6x5x2x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x5x2x4xf32>
  %split = onnx.constant dense<[2, 2, 5, 2, 4]> : tensor<5xi64>
  %halves = onnx.node "Reshape" 16 (%rows, %split) : (tensor<4x5x2x4xf32>, tensor<5xi64>) -> tensor<2x2x5x2x4xf32>
  %some = onnx.node "ReduceMean" 16 (%halves) {axes = array<i64: 0>, keepdims = 0 : i64} : (tensor<2x2x5x2x4xf32>) -> tensor<2x5x2x4xf32>
  return %mean, %some : tensor<6x2x4xf32>, tensor<2x5x2x4xf32>
}
