// RUN: bev-opt %s -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" -cse -canonicalize | FileCheck %s

// Three results, each in its own buffer; none of the inits is read or copied.
// CHECK-LABEL: func.func @core
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<1x6x2x4xf32>, %[[LOCATIONS:[a-z0-9]+]]: memref<1x5x2x1x3x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: memref<1x5x2x1x3xf32>, %[[GRAD:[a-z0-9]+]]: memref<1x5x2x4xf32>)
//   CHECK-DAG: %[[GV:.+]] = memref.alloc() {{.*}}: memref<1x6x2x4xf32>
//   CHECK-DAG: %[[GL:.+]] = memref.alloc() {{.*}}: memref<1x5x2x1x3x2xf32>
//   CHECK-DAG: %[[GW:.+]] = memref.alloc() {{.*}}: memref<1x5x2x1x3xf32>
//   CHECK-NOT: memref.copy
//       CHECK: bev.ms_deform_attn_backward levels([2, 3]) ins(%[[VALUE]], %[[LOCATIONS]], %[[WEIGHTS]], %[[GRAD]] : {{.+}}) outs(%[[GV]], %[[GL]], %[[GW]] : memref<1x6x2x4xf32>, memref<1x5x2x1x3x2xf32>, memref<1x5x2x1x3xf32>){{$}}
//  CHECK-NEXT: return %[[GV]], %[[GL]], %[[GW]]
func.func @core(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<1x5x2x1x3xf32>, %grad: tensor<1x5x2x4xf32>) -> (tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>) {
  %gv = tensor.empty() : tensor<1x6x2x4xf32>
  %gl = tensor.empty() : tensor<1x5x2x1x3x2xf32>
  %gw = tensor.empty() : tensor<1x5x2x1x3xf32>
  %r:3 = bev.ms_deform_attn_backward levels([2, 3])
      ins(%value, %locations, %weights, %grad : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>, tensor<1x5x2x4xf32>)
      outs(%gv, %gl, %gw : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>
  return %r#0, %r#1, %r#2 : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>
}

// The init of one of two that still need it is copied, not overwritten.
// CHECK-LABEL: func.func @kept
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<1x6x2x4xf32>,
//       CHECK: %[[GV:.+]] = memref.alloc() {{.*}}: memref<1x6x2x4xf32>
//   CHECK-NOT: memref.copy %[[VALUE]]
//       CHECK: bev.deformable_attention_backward {{.+}} ins(%[[VALUE]], {{.+}} outs(%[[GV]],
func.func @kept(%value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %grad: tensor<1x5x2x4xf32>) -> tensor<1x6x2x4xf32> {
  %r:3 = bev.deformable_attention_backward level levels([2, 3])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>)
      outs(%value, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      -> tensor<1x6x2x4xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>
  return %r#0 : tensor<1x6x2x4xf32>
}
