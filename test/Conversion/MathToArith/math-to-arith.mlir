// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-math-to-arith))" | FileCheck %s

// CHECK-LABEL: @exp
//   CHECK-NOT: math.exp
//       CHECK: arith.bitcast {{.*}} : vector<8xi32> to vector<8xf32>
func.func @exp(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.exp %x : vector<8xf32>
  return %y : vector<8xf32>
}
