// RUN: bev-opt %s -onnx-infer-types -split-input-file -verify-diagnostics

func.func @broadcast(%x: tensor<2x3xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{ONNX node (Add): expected inputs of shapes that broadcast to one, but got 2x3, 4}}
  %0 = onnx.node "Add" 16 (%x, %y) : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @elements(%x: tensor<2xf32>, %y: tensor<2xi64>) {
  // expected-error @+1 {{(Mul): expected input 1 to have elements of 'f32' as the inputs before it, but got 'i64'}}
  %0 = onnx.node "Mul" 16 (%x, %y) : (tensor<2xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape(%x: tensor<2x3xf32>) {
  %s = onnx.constant dense<[4, -1]> : tensor<2xi64>
  // expected-error @+1 {{(Reshape): expected a shape with as many elements as the input (2x3), but got 4x-1}}
  %0 = onnx.node "Reshape" 16 (%x, %s) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @declared(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Relu): expected result 0 to be of type 'tensor<2x3xf32>' by the operator's definition, but the model declares 'tensor<3x3xf32>'}}
  %0 = onnx.node "Relu" 16 (%x) : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @count(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(MatMul): expected at least 2 inputs, but got 1}}
  %0 = onnx.node "MatMul" 16 (%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @inner(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{(MatMul): expected the last dim of the first input (3) to equal the second-last of the second, but got 4}}
  %0 = onnx.node "MatMul" 16 (%x, %y) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Concat): expected an axis within [-2, 1], but got 2}}
  %0 = onnx.node "Concat" 16 (%x, %x) {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @squeeze(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Squeeze): expected dim 1 to be squeezed to have size 1, but got 3}}
  %0 = onnx.node "Squeeze" 11 (%x) {axes = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @split(%x: tensor<7x3xf32>) {
  // expected-error @+1 {{(Split): expected sizes that add up to 7, but got 6}}
  %0:2 = onnx.node "Split" 11 (%x) {split = array<i64: 2, 4>} : (tensor<7x3xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @small(%x: tensor<1x3x4x4xf32>, %w: tensor<8x3x7x7xf32>) {
  // expected-error @+1 {{(Conv): expected result 0 to have no negative sizes, but its shape would be 1x8x-1x-1}}
  %0 = onnx.node "Conv" 16 (%x, %w) : (tensor<1x3x4x4xf32>, tensor<8x3x7x7xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @channels(%x: tensor<1x4x9x9xf32>, %w: tensor<8x3x3x3xf32>) {
  // expected-error @+1 {{(Conv): expected the input's channels to be the weights' (3) times group (1), but got 4}}
  %0 = onnx.node "Conv" 16 (%x, %w) : (tensor<1x4x9x9xf32>, tensor<8x3x3x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @permutation(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Transpose): expected a permutation of 2 dims, but got 0x0}}
  %0 = onnx.node "Transpose" 16 (%x) {perm = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @permutation_from_back(%x: tensor<*xf32>) {
  // expected-error @+1 {{(Transpose): expected a permutation of 2 dims, but got 0x-1}}
  %0 = onnx.node "Transpose" 16 (%x) {perm = array<i64: 0, -1>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @updates(%x: tensor<4x5xf32>, %i: tensor<2x1xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{(ScatterND): expected updates of shape 2x5, but got 2x4}}
  %0 = onnx.node "ScatterND" 16 (%x, %i, %u) : (tensor<4x5xf32>, tensor<2x1xi64>, tensor<2x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @grid(%x: tensor<1x3x8x8xf32>, %g: tensor<1x4x4x3xf32>) {
  // expected-error @+1 {{(GridSample): expected a grid of 2 coordinates in its last dim, but got 3}}
  %0 = onnx.node "GridSample" 16 (%x, %g) : (tensor<1x3x8x8xf32>, tensor<1x4x4x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error @+1 {{(If): expected subgraphs 'then_branch' and 'else_branch'}}
  %0 = onnx.node "If" 16 (%c) then_branch {
    onnx.yield %x : tensor<2xf32>
  } : (tensor<i1>) -> tensor<*xf32>
  return
}

// -----

func.func @body(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error @+1 {{(Loop): expected a body of 3 inputs, but got 2}}
  %0 = onnx.node "Loop" 16 (%n, %c, %x) body (%i: tensor<i64>, %go: tensor<i1>) {
    onnx.yield %go, %x : tensor<i1>, tensor<2xf32>
  } : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @results(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Transpose): expected 1 result, but got 2}}
  %0:2 = onnx.node "Transpose" 16 (%x) : (tensor<2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @mask(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{(Dropout): expected 1 to 2 results, but got 3}}
  %0:3 = onnx.node "Dropout" 16 (%x) : (tensor<2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @linear_attention_heads(%q: tensor<1x5x8xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{ONNX node (LinearAttention): expected positive q_num_heads and kv_num_heads}}
  %y = onnx.node "LinearAttention" 27 (%q, %q, %q) {q_num_heads = 2 : i64}
      : (tensor<1x5x8xf32>, tensor<1x5x8xf32>, tensor<1x5x8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
