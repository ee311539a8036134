// A single scalar comes back by value, and names come from locations too.
//
// RUN: %python -c "import numpy as np, sys; np.savez(sys.argv[1], x=np.float32(3), arg1=np.float32(4))" %t.npz
// RUN: bev-run %s --inputs %t.npz | FileCheck %s

// CHECK: sum float32 scalar 7 7 7 0
func.func @main(%x: f32 loc("x"), %y: f32) -> (f32 {bev.name = "sum"}) {
  %sum = arith.addf %x, %y : f32
  return %sum : f32
}

func.func @other(%x: f32) -> f32 {
  return %x : f32
}
