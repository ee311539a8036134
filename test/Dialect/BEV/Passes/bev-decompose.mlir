// RUN: bev-opt %s -bev-decompose | FileCheck %s

// The shape of a decomposition; ../decompose.mlir has every op.

// CHECK: #[[ID:.+]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @inverse_sigmoid
//  CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4xf16>, %[[INIT:[a-z0-9]+]]: tensor<?x4xf16>)
func.func @inverse_sigmoid(%x: tensor<?x4xf16>, %init: tensor<?x4xf16>) -> tensor<?x4xf16> {
  // CHECK: %[[R:.+]] = linalg.generic {{.*}} outs(%[[INIT]] : tensor<?x4xf16>) {
  // CHECK: %[[I:.+]] = linalg.index 0 : index
  // CHECK: %[[J:.+]] = linalg.index 1 : index
  // CHECK: %[[ELEMENT:.+]] = tensor.extract %[[X]][%[[I]], %[[J]]] : tensor<?x4xf16>
  // CHECK: %[[F32:.+]] = arith.extf %[[ELEMENT]] : f16 to f32
  // CHECK: %[[LOG:.+]] = math.log {{.*}} : f32
  // CHECK: %[[OUT:.+]] = arith.truncf %[[LOG]] : f32 to f16
  // CHECK: linalg.yield %[[OUT]] : f16
  // CHECK: } -> tensor<?x4xf16>
  %r = bev.inverse_sigmoid ins(%x : tensor<?x4xf16>)
      outs(%init : tensor<?x4xf16>) -> tensor<?x4xf16>
  return %r : tensor<?x4xf16>
}
