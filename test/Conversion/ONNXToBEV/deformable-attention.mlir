// RUN: bev-opt %s -convert-onnx-to-bev=print-report=1 -o %t.mlir 2> %t.report
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: FileCheck %s --check-prefix=REPORT --input-file=%t.report

// One level of 3 x 4, 2 heads of 4 channels, 5 queries, 2 points; each function
// after the first differs from it in what its name says.

// CHECK-LABEL: func.func @whole
func.func @whole(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK-NOT: GridSample
  // CHECK: %[[ATTENDED:.+]] = bev.deformable_attention level levels([3, 4]) ins(%{{.*}}, %{{.*}}, %arg2, %arg3 : tensor<1x12x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x2x2xf32>, tensor<1x5x2x2xf32>)
  // CHECK: onnx.node "Transpose" {{.*}} {perm = array<i64: 2, 3, 1, 0>}
  // REPORT: raised {{.*}} -> bev.deformable_attention
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "bilinear", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @align_corners
func.func @align_corners(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK-NOT: bev.
  // CHECK: "GridSample"
  // REPORT-NEXT: not raised {{.*}} -> bev.ms_deform_attn: its samples are taken with align_corners
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 1 : i64, mode = "bilinear", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @nearest
func.func @nearest(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK-NOT: bev.
  // CHECK: "GridSample"
  // REPORT-NEXT: not raised {{.*}} -> bev.ms_deform_attn: its samples are taken in mode 'nearest', not bilinear
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "nearest", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @border
func.func @border(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK-NOT: bev.
  // CHECK: "GridSample"
  // REPORT-NEXT: not raised {{.*}} -> bev.ms_deform_attn: its samples are padded by 'border', not by zeros
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "bilinear", padding_mode = "border"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @normalizer
func.func @normalizer(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK: bev.ms_deform_attn levels([3, 4])
  // REPORT-NEXT: not raised {{.*}} -> bev.deformable_attention: the offsets are not divided by the width and height of their level
  // REPORT-NEXT: raised {{.*}} -> bev.ms_deform_attn
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "bilinear", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @softmax_axis
func.func @softmax_axis(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK: bev.ms_deform_attn levels([3, 4])
  // REPORT-NEXT: not raised {{.*}} -> bev.deformable_attention: its weights are not a softmax over levels and points
  // REPORT-NEXT: raised {{.*}} -> bev.ms_deform_attn
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "bilinear", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = 1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @shift
func.func @shift(%value: tensor<1x12x8xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x2x2xf32>, %logits: tensor<1x5x2x2xf32>) -> tensor<2x4x5xf32> {
  // CHECK: %[[PLUS:.+]] = onnx.node "Add"
  // CHECK: %[[LOCATIONS:.+]] = onnx.node "Mul" {{.*}}(%[[PLUS]],
  // CHECK: bev.ms_deform_attn levels([3, 4])
  // REPORT-NEXT: not raised {{.*}} -> bev.deformable_attention: the sampling locations of the levels are not parts of one tensor
  // REPORT-NEXT: raised {{.*}} -> bev.ms_deform_attn
  %steps = onnx.constant dense<2.0> : tensor<f32>
  %one = onnx.constant dense<0.5> : tensor<f32>
  %last = onnx.constant dense<-1> : tensor<1xi64>
  %size = onnx.constant dense<[4.0, 3.0]> : tensor<2xf32>
  %to_heads = onnx.constant dense<[1, 5, 2, 1, 2]> : tensor<5xi64>
  %to_reference = onnx.constant dense<[1, 5, 1, 1, 1, 2]> : tensor<6xi64>
  %to_grid = onnx.constant dense<[2, 5, 2, 2]> : tensor<4xi64>
  %to_images = onnx.constant dense<[2, 4, 3, 4]> : tensor<4xi64>
  %to_weights = onnx.constant dense<[2, 1, 5, 2]> : tensor<4xi64>
  %normalized = onnx.node "Div" 16 (%offsets, %size) : (tensor<1x5x2x1x2x2xf32>, tensor<2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %centers = onnx.node "Reshape" 16 (%reference, %to_reference) : (tensor<1x5x1x2xf32>, tensor<6xi64>) -> tensor<1x5x1x1x1x2xf32>
  %locations = onnx.node "Add" 16 (%centers, %normalized) : (tensor<1x5x1x1x1x2xf32>, tensor<1x5x2x1x2x2xf32>) -> tensor<1x5x2x1x2x2xf32>
  %doubled = onnx.node "Mul" 16 (%locations, %steps) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %shifted = onnx.node "Sub" 16 (%doubled, %one) : (tensor<1x5x2x1x2x2xf32>, tensor<f32>) -> tensor<1x5x2x1x2x2xf32>
  %by_head = onnx.node "Transpose" 16 (%shifted) {perm = array<i64: 0, 2, 1, 3, 4, 5>} : (tensor<1x5x2x1x2x2xf32>) -> tensor<1x2x5x1x2x2xf32>
  %grid = onnx.node "Reshape" 16 (%by_head, %to_grid) : (tensor<1x2x5x1x2x2xf32>, tensor<4xi64>) -> tensor<2x5x2x2xf32>
  %columns = onnx.node "Transpose" 16 (%value) {perm = array<i64: 0, 2, 1>} : (tensor<1x12x8xf32>) -> tensor<1x8x12xf32>
  %images = onnx.node "Reshape" 16 (%columns, %to_images) : (tensor<1x8x12xf32>, tensor<4xi64>) -> tensor<2x4x3x4xf32>
  %samples = onnx.node "GridSample" 16 (%images, %grid) {align_corners = 0 : i64, mode = "bilinear", padding_mode = "zeros"} : (tensor<2x4x3x4xf32>, tensor<2x5x2x2xf32>) -> tensor<2x4x5x2xf32>
  %shares = onnx.node "Softmax" 16 (%logits) {axis = -1 : i64} : (tensor<1x5x2x2xf32>) -> tensor<1x5x2x2xf32>
  %shares_by_head = onnx.node "Transpose" 16 (%shares) {perm = array<i64: 0, 2, 1, 3>} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %weights = onnx.node "Reshape" 16 (%shares_by_head, %to_weights) : (tensor<1x2x5x2xf32>, tensor<4xi64>) -> tensor<2x1x5x2xf32>
  %weighted = onnx.node "Mul" 16 (%samples, %weights) : (tensor<2x4x5x2xf32>, tensor<2x1x5x2xf32>) -> tensor<2x4x5x2xf32>
  %sum = onnx.node "ReduceSum" 16 (%weighted, %last) {keepdims = 0 : i64} : (tensor<2x4x5x2xf32>, tensor<1xi64>) -> tensor<2x4x5xf32>
  return %sum : tensor<2x4x5xf32>
}

// REPORT-NEXT: total
