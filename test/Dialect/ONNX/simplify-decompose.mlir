// RUN: bev-opt %s -onnx-simplify | FileCheck %s

// Every second head of the queries has keys of its own: heads are grouped, and
// the keys are not copied.
// CHECK-LABEL: @shared_keys
// CHECK-NOT: "Attention"
// CHECK: "Mul" {{.*}} : (tensor<2x4x5x16xf32>, tensor<f32>)
// CHECK: "MatMul" {{.*}} : (tensor<2x2x2x5x16xf32>, tensor<2x2x1x16x6xf32>) -> tensor<2x2x2x5x6xf32>
// CHECK-NOT: "ReduceMax"
// CHECK: "Softmax" {{.*}} {axis = -1 : i64} : (tensor<2x4x5x6xf32>)
// CHECK: "MatMul" {{.*}} : (tensor<2x2x2x5x6xf32>, tensor<2x2x1x6x8xf32>) -> tensor<2x2x2x5x8xf32>
func.func @shared_keys(%q: tensor<2x4x5x16xf32>, %k: tensor<2x2x6x16xf32>, %v: tensor<2x2x6x8xf32>) -> tensor<*xf32> {
  %y = onnx.node "Attention" 23 (%q, %k, %v)
      : (tensor<2x4x5x16xf32>, tensor<2x2x6x16xf32>, tensor<2x2x6x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The mask of known sizes is a constant.
// CHECK-LABEL: @causal
// CHECK-DAG: %[[MASK:.*]] = onnx.constant dense<{{\[}}[0.000000e+00, 0xFF800000], [0.000000e+00, 0.000000e+00]]> : tensor<2x2xf32>
// CHECK: %[[S:.*]] = onnx.node "MatMul" {{.*}} -> tensor<?x2x2x2xf32>
// CHECK: onnx.node "Add" 18(%[[S]], %[[MASK]])
// CHECK: "Reshape" {{.*}} -> tensor<?x2x8xf32>
func.func @causal(%q: tensor<?x2x8xf32>) -> tensor<*xf32> {
  %y = onnx.node "Attention" 23 (%q, %q, %q) {q_num_heads = 2 : i64, kv_num_heads = 2 : i64, is_causal = 1 : i64}
      : (tensor<?x2x8xf32>, tensor<?x2x8xf32>, tensor<?x2x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The products with the inputs of all steps are one.
// CHECK-LABEL: @gru
// CHECK: %[[X:.*]] = onnx.node "MatMul" {{.*}} : (tensor<7x?x4xf32>, tensor<4x9xf32>) -> tensor<7x?x9xf32>
// CHECK: onnx.node "Scan" 18({{.*}}, %[[X]])
// CHECK-SAME: scan_input_directions = array<i64: 1>, scan_output_directions = array<i64: 1>
// CHECK: onnx.node "MatMul" {{.*}} -> tensor<?x6xf32>
// CHECK: onnx.node "MatMul" {{.*}} -> tensor<?x3xf32>
// CHECK: onnx.yield
// CHECK: return {{.*}} : tensor<7x1x?x3xf32>
func.func @gru(%x: tensor<7x?x4xf32>, %w: tensor<1x9x4xf32>, %r: tensor<1x9x3xf32>) -> tensor<*xf32> {
  %y = onnx.node "GRU" 14 (%x, %w, %r) {hidden_size = 3 : i64, direction = "reverse"}
      : (tensor<7x?x4xf32>, tensor<1x9x4xf32>, tensor<1x9x3xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @window
// CHECK-NEXT: onnx.constant dense<[0.000000e+00, 5.000000e-01, 1.000000e+00, 5.000000e-01]> : tensor<4xf32>
func.func @window() -> tensor<*xf32> {
  %n = onnx.constant dense<4> : tensor<i64>
  %y = onnx.node "HannWindow" 17 (%n) : (tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Sequences of known tensors are gone.
// CHECK-LABEL: @sequence
// CHECK-SAME: %[[X:.*]]: tensor<7x4xf32>, %[[Z:.*]]: tensor<3x4xf32>
// CHECK-NOT: "Seq
// CHECK-DAG: %[[SECOND:.*]] = onnx.node "Slice" {{.*}} -> tensor<3x4xf32>
// CHECK-DAG: %[[LENGTH:.*]] = onnx.constant dense<3> : tensor<i64>
// CHECK: "Concat"{{.*}} : (tensor<3x1x4xf32>, tensor<3x1x4xf32>) -> tensor<3x2x4xf32>
// CHECK: return {{.*}}, %[[LENGTH]], %[[Z]]
func.func @sequence(%x: tensor<7x4xf32>, %z: tensor<3x4xf32>) -> (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) {
  %three = onnx.constant dense<3> : tensor<i64>
  %one = onnx.constant dense<1> : tensor<i64>
  %last = onnx.constant dense<-1> : tensor<i64>
  %s = onnx.node "SplitToSequence" 11 (%x, %three) : (tensor<7x4xf32>, tensor<i64>) -> tensor<*x!onnx.unknown>
  %l = onnx.node "SequenceLength" 11 (%s) : (tensor<*x!onnx.unknown>) -> tensor<*xi64>
  %a = onnx.node "SequenceAt" 11 (%s, %one) : (tensor<*x!onnx.unknown>, tensor<i64>) -> tensor<*xf32>
  %e = onnx.node "SequenceEmpty" 11 () : () -> tensor<*x!onnx.unknown>
  %f = onnx.node "SequenceInsert" 11 (%e, %z) : (tensor<*x!onnx.unknown>, tensor<3x4xf32>) -> tensor<*x!onnx.unknown>
  %g = onnx.node "SequenceInsert" 11 (%f, %a) : (tensor<*x!onnx.unknown>, tensor<*xf32>) -> tensor<*x!onnx.unknown>
  %y = onnx.node "ConcatFromSequence" 11 (%g) {axis = 1 : i64, new_axis = 1 : i64} : (tensor<*x!onnx.unknown>) -> tensor<*xf32>
  %h = onnx.node "SequenceErase" 11 (%g, %last) : (tensor<*x!onnx.unknown>, tensor<i64>) -> tensor<*x!onnx.unknown>
  %w = onnx.node "SequenceAt" 11 (%h, %last) : (tensor<*x!onnx.unknown>, tensor<i64>) -> tensor<*xf32>
  return %y, %l, %w : tensor<*xf32>, tensor<*xi64>, tensor<*xf32>
}

// CHECK-LABEL: @determinant
// CHECK-NOT: "Det"
// CHECK-COUNT-2: "Mul" {{.*}} -> tensor<3xf32>
// CHECK: "Sub" {{.*}} -> tensor<3xf32>
func.func @determinant(%x: tensor<3x2x2xf32>) -> tensor<*xf32> {
  %y = onnx.node "Det" 11 (%x) : (tensor<3x2x2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @optional
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>
// CHECK-DAG: %[[YES:.*]] = onnx.constant dense<true> : tensor<i1>
// CHECK-DAG: %[[NO:.*]] = onnx.constant dense<false> : tensor<i1>
// CHECK: return %[[X]], %[[X]], %[[YES]], %[[NO]]
func.func @optional(%x: tensor<2xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xi1>, tensor<*xi1>) {
  %none = onnx.none
  %o = onnx.node "Optional" 18 (%x) : (tensor<2xf32>) -> tensor<*x!onnx.unknown>
  %a = onnx.node "OptionalGetElement" 18 (%o) : (tensor<*x!onnx.unknown>) -> tensor<*xf32>
  %b = onnx.node "OptionalGetElement" 18 (%x) : (tensor<2xf32>) -> tensor<*xf32>
  %c = onnx.node "OptionalHasElement" 18 (%o) : (tensor<*x!onnx.unknown>) -> tensor<*xi1>
  %d = onnx.node "OptionalHasElement" 18 (%none) : (none) -> tensor<*xi1>
  return %a, %b, %c, %d : tensor<*xf32>, tensor<*xf32>, tensor<*xi1>, tensor<*xi1>
}
