// Products of matrices, one after the other. Every other one is where the result
// is going to be; the rest have one place.
func.func @chain(%x: tensor<256x512xf32> {bev.name = "x"}, %w: tensor<512x512xf32> {bev.name = "w"})
    -> (tensor<256x512xf32> {bev.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<256x512xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<256x512xf32>) -> tensor<256x512xf32>
  %a = linalg.matmul ins(%x, %w : tensor<256x512xf32>, tensor<512x512xf32>)
      outs(%init : tensor<256x512xf32>) -> tensor<256x512xf32>
  %b = linalg.matmul ins(%a, %w : tensor<256x512xf32>, tensor<512x512xf32>)
      outs(%init : tensor<256x512xf32>) -> tensor<256x512xf32>
  %c = linalg.matmul ins(%b, %w : tensor<256x512xf32>, tensor<512x512xf32>)
      outs(%init : tensor<256x512xf32>) -> tensor<256x512xf32>
  %y = linalg.matmul ins(%c, %w : tensor<256x512xf32>, tensor<512x512xf32>)
      outs(%init : tensor<256x512xf32>) -> tensor<256x512xf32>
  return %y : tensor<256x512xf32>
}
