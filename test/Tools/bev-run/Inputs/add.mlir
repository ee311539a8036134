// (a + b) * scale
func.func @add(%a: tensor<2x3xf32> {bev.name = "a"}, %b: tensor<2x3xf32> loc("b"), %scale: f32)
    -> (tensor<2x3xf32> {bev.name = "sum"}) {
  %init = tensor.empty() : tensor<2x3xf32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<2x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x3xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %0 = arith.addf %x, %y : f32
    %1 = arith.mulf %0, %scale : f32
    linalg.yield %1 : f32
  } -> tensor<2x3xf32>
  return %sum : tensor<2x3xf32>
}
