func.func @inverse_sigmoid(%x: tensor<4x7xf32>) -> tensor<4x7xf32> {
  %init = tensor.empty() : tensor<4x7xf32>
  %r = bev.inverse_sigmoid ins(%x : tensor<4x7xf32>) outs(%init : tensor<4x7xf32>) -> tensor<4x7xf32>
  return %r : tensor<4x7xf32>
}
