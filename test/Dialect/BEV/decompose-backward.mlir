// RUN: bev-opt %s -bev-decompose -split-input-file | FileCheck %s --implicit-check-not="bev."

// Loops over batch rows and heads, each of whose sums have one order: zeros,
// then queries.
// CHECK-LABEL: func.func @core
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<2x6x3x8xf32>, {{.+}}, %[[GV:[a-z0-9]+]]: tensor<2x6x3x8xf32>, %[[GL:[a-z0-9]+]]: tensor<2x5x3x1x4x2xf32>, %[[GW:[a-z0-9]+]]: tensor<2x5x3x1x4xf32>)
//       CHECK: %[[R:.+]]:3 = scf.forall (%[[B:.+]], %[[M:.+]]) in (2, 3) shared_outs(%{{.+}} = %[[GV]], %{{.+}} = %[[GL]], %{{.+}} = %[[GW]])
//       CHECK: tensor.extract_slice %{{.+}}[%[[B]], 0, %[[M]], 0] [1, 6, 1, 8]
//       CHECK: scf.for
//       CHECK: vector.transfer_write
//       CHECK: scf.for
// What the neighbours give to the products, then what they are given.
// CHECK-COUNT-4: vector.transfer_read %[[VALUE]][%[[B]], %{{.+}}, %[[M]],
// CHECK-COUNT-4: vector.reduction <add>
// CHECK-COUNT-4: vector.transfer_write %{{.+}} : vector<8xf32>, tensor<1x6x1x8xf32>
//       CHECK: scf.forall.in_parallel
// CHECK-COUNT-3: tensor.parallel_insert_slice
//       CHECK: return %[[R]]#0
func.func @core(%value: tensor<2x6x3x8xf32>, %locations: tensor<2x5x3x1x4x2xf32>, %weights: tensor<2x5x3x1x4xf32>, %grad: tensor<2x5x3x8xf32>, %gv: tensor<2x6x3x8xf32>, %gl: tensor<2x5x3x1x4x2xf32>, %gw: tensor<2x5x3x1x4xf32>) -> tensor<2x6x3x8xf32> {
  %r:3 = bev.ms_deform_attn_backward levels([2, 3])
      ins(%value, %locations, %weights, %grad : tensor<2x6x3x8xf32>, tensor<2x5x3x1x4x2xf32>, tensor<2x5x3x1x4xf32>, tensor<2x5x3x8xf32>)
      outs(%gv, %gl, %gw : tensor<2x6x3x8xf32>, tensor<2x5x3x1x4x2xf32>, tensor<2x5x3x1x4xf32>)
      -> tensor<2x6x3x8xf32>, tensor<2x5x3x1x4x2xf32>, tensor<2x5x3x1x4xf32>
  return %r#0 : tensor<2x6x3x8xf32>
}

// -----

// Sums are f32 whatever the result is, which is rounded once.
// CHECK-LABEL: func.func @narrow
//  CHECK-SAME: %[[GV:[a-z0-9]+]]: tensor<?x?x3x8xf16>, %{{[a-z0-9]+}}: index)
//       CHECK: %[[SUMS:.+]] = tensor.empty(%{{.+}}, %{{.+}}) : tensor<?x?x3x8xf32>
//       CHECK: %[[R:.+]]:3 = scf.forall {{.+}} shared_outs(%{{.+}} = %[[SUMS]],
//       CHECK: math.exp
//       CHECK: %[[NARROW:.+]] = linalg.generic {{.+}} ins(%[[R]]#0 : tensor<?x?x3x8xf32>) outs(%[[GV]] : tensor<?x?x3x8xf16>)
//       CHECK: arith.truncf %{{.+}} : f32 to f16
//       CHECK: return %[[NARROW]]
func.func @narrow(%value: tensor<?x?x3x8xf16>, %reference: tensor<?x5x1x2xf32>, %offsets: tensor<?x5x3x1x4x2xf32>, %logits: tensor<?x5x3x4xf32>, %grad: tensor<?x5x3x8xf16>, %gv: tensor<?x?x3x8xf16>, %h: index) -> tensor<?x?x3x8xf16> {
  %r:3 = bev.deformable_attention_backward level levels([%h, 3])
      ins(%value, %reference, %offsets, %logits, %grad : tensor<?x?x3x8xf16>, tensor<?x5x1x2xf32>, tensor<?x5x3x1x4x2xf32>, tensor<?x5x3x4xf32>, tensor<?x5x3x8xf16>)
      outs(%gv, %offsets, %logits : tensor<?x?x3x8xf16>, tensor<?x5x3x1x4x2xf32>, tensor<?x5x3x4xf32>)
      -> tensor<?x?x3x8xf16>, tensor<?x5x3x1x4x2xf32>, tensor<?x5x3x4xf32>
  return %r#0 : tensor<?x?x3x8xf16>
}

// -----

// Buffers are written where they are.
// CHECK-LABEL: func.func @buffers
//  CHECK-SAME: %[[GV:[a-z0-9]+]]: memref<2x6x3x8xf16>, %[[GL:[a-z0-9]+]]: memref<2x5x3x1x4x2xf32>, %[[GW:[a-z0-9]+]]: memref<2x5x3x1x4xf32>)
//       CHECK: %[[SUMS:.+]] = memref.alloc() : memref<2x6x3x8xf32>
//       CHECK: scf.forall
//       CHECK: vector.transfer_write %{{.+}}, %[[SUMS]]
//       CHECK: memref.store %{{.+}}, %[[GL]]
//       CHECK: memref.store %{{.+}}, %[[GW]]
//       CHECK: linalg.generic {{.+}} ins(%[[SUMS]] : {{.+}}) outs(%[[GV]] :
//       CHECK: memref.dealloc %[[SUMS]]
func.func @buffers(%value: memref<2x6x3x8xf16>, %locations: memref<2x5x3x1x4x2xf32>, %weights: memref<2x5x3x1x4xf32>, %grad: memref<2x5x3x8xf16>, %gv: memref<2x6x3x8xf16>, %gl: memref<2x5x3x1x4x2xf32>, %gw: memref<2x5x3x1x4xf32>) {
  bev.ms_deform_attn_backward levels([2, 3])
      ins(%value, %locations, %weights, %grad : memref<2x6x3x8xf16>, memref<2x5x3x1x4x2xf32>, memref<2x5x3x1x4xf32>, memref<2x5x3x8xf16>)
      outs(%gv, %gl, %gw : memref<2x6x3x8xf16>, memref<2x5x3x1x4x2xf32>, memref<2x5x3x1x4xf32>)
  return
}
