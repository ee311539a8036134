// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of warp_bev, grid_sample and inverse_sigmoid, with its
// message.

// wb_c1
func.func @wb_c1(%prev: tensor<5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' to have rank 4, but got 3}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c1
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<f32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'angle' to have rank 1, but got 0}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<f32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c1
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<5x7x8xf32>) -> tensor<5x7x8xf32>
  return
}

// -----

// wb_c1
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %reset: tensor<2x1xi1>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'reset' to have rank 1, but got 2}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      reset(%reset : tensor<2x1xi1>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c1
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %o: index) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'origin' to be a row and a column, but got 1 operands}}
  %0 = bev.warp_bev bilinear origin(%o)
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c1
func.func @wb_c1(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %o: index) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'origin' to be a row and a column, but got 3 operands}}
  %0 = bev.warp_bev bilinear origin(%o, %o, %o)
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<9xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'angle' dim 0 to equal the batch (B) of 'prev' (2), but got 9}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<9xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<9x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' dim 0 to equal the batch (B) of 'prev' (2), but got 9}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<9x5x7x8xf32>) -> tensor<9x5x7x8xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %reset: tensor<3xi1>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'reset' dim 0 to equal the batch (B) of 'prev' (2), but got 3}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      reset(%reset : tensor<3xi1>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x15xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' dim 3 to equal the channels (C) of 'prev' (8), but got 15}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x15xf32>) -> tensor<2x5x7x15xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x12x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' dim 1 to equal the height (H) of 'prev' (5), but got 12}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x12x7x8xf32>) -> tensor<2x12x7x8xf32>
  return
}

// -----

// wb_c2
func.func @wb_c2(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x14x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' dim 2 to equal the width (W) of 'prev' (7), but got 14}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x14x8xf32>) -> tensor<2x5x14x8xf32>
  return
}

// -----

// wb_c3
func.func @wb_c3(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected mode nearest or bilinear, but got bicubic}}
  %0 = bev.warp_bev bicubic
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c4
func.func @wb_c4(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'center' to be two finite coordinates (x, y)}}
  %0 = bev.warp_bev bilinear center([1.0])
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c4
func.func @wb_c4(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'center' to be two finite coordinates (x, y)}}
  %0 = bev.warp_bev bilinear center([1.0, 2.0, 3.0])
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c4
func.func @wb_c4(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'center' to be two finite coordinates (x, y)}}
  %0 = bev.warp_bev bilinear center([1.0, 0x7FF0000000000000])
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c4
func.func @wb_c4(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'center' to be two finite coordinates (x, y)}}
  %0 = bev.warp_bev bilinear center([0x7FF8000000000000, 1.0])
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c5
func.func @wb_c5(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf16>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' to have the element type of 'prev' ('f32'), but got 'f16'}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf16>) -> tensor<2x5x7x8xf16>
  return
}

// -----

// wb_c6
func.func @wb_c6(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected schedule lanes to divide the channels (8), but got 3}}
  %0 = bev.warp_bev bilinear schedule(<lanes = 3>)
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c7
func.func @wb_c7(%prev: tensor<2x5x7x?xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' dim 3, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x?xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

// wb_c7
func.func @wb_c7(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x?xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'init' dim 3, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x7x?xf32>) -> tensor<2x5x7x?xf32>
  return
}

// -----

// wb_c8
func.func @wb_c8(%prev: tensor<2x0x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x0x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' to be a map of between 1 and 2147483647 cells, but got size 0 in dim 1}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x0x7x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x0x7x8xf32>) -> tensor<2x0x7x8xf32>
  return
}

// -----

// wb_c8
func.func @wb_c8(%prev: tensor<2x5x0x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x0x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' to be a map of between 1 and 2147483647 cells, but got size 0 in dim 2}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x5x0x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x5x0x8xf32>) -> tensor<2x5x0x8xf32>
  return
}

// -----

// wb_c8
func.func @wb_c8(%prev: tensor<2x65536x65536x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x65536x65536x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' to be a map of between 1 and 2147483647 cells, but got size 65536 in dim 2}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x65536x65536x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x65536x65536x8xf32>) -> tensor<2x65536x65536x8xf32>
  return
}

// -----

// wb_c8
func.func @wb_c8(%prev: tensor<2x2147483648x?x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x2147483648x?x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op expected 'prev' to be a map of between 1 and 2147483647 cells, but got size 2147483648 in dim 1}}
  %0 = bev.warp_bev bilinear
      ins(%prev, %angle : tensor<2x2147483648x?x8xf32>, tensor<2xf32>)
      outs(%init : tensor<2x2147483648x?x8xf32>) -> tensor<2x2147483648x?x8xf32>
  return
}

// -----

// gs_c1
func.func @gs_c1(%input: tensor<3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'input' to have rank 4, but got 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c1
func.func @gs_c1(%input: tensor<2x3x5x7xf32>, %grid: tensor<4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'grid' to have rank 4, but got 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c1
func.func @gs_c1(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' to have rank 4, but got 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<3x4x6xf32>) -> tensor<3x4x6xf32>
  return
}

// -----

// gs_c2
func.func @gs_c2(%input: tensor<2x3x5x7xf32>, %grid: tensor<9x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'grid' dim 0 to equal the batch (N) of 'input' (2), but got 9}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<9x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c2
func.func @gs_c2(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<9x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' dim 0 to equal the batch (N) of 'input' (2), but got 9}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<9x3x4x6xf32>) -> tensor<9x3x4x6xf32>
  return
}

// -----

// gs_c2
func.func @gs_c2(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x10x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' dim 1 to equal the channels (C) of 'input' (3), but got 10}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x10x4x6xf32>) -> tensor<2x10x4x6xf32>
  return
}

// -----

// gs_c2
func.func @gs_c2(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x11x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' dim 2 to equal the output height (Ho) of 'grid' (4), but got 11}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x11x6xf32>) -> tensor<2x3x11x6xf32>
  return
}

// -----

// gs_c2
func.func @gs_c2(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x13xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' dim 3 to equal the output width (Wo) of 'grid' (6), but got 13}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x13xf32>) -> tensor<2x3x4x13xf32>
  return
}

// -----

// gs_c3
func.func @gs_c3(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x3xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'grid' dim 3 to equal the coordinates (x, y) (2), but got 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x3xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c3
func.func @gs_c3(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x?xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'grid' dim 3, the coordinates (x, y), to be static and at least 1, but got a dynamic size}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x?xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c4
func.func @gs_c4(%input: tensor<2x3x5x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf16>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'init' to have the element type of 'input' ('f32'), but got 'f16'}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf16>) -> tensor<2x3x4x6xf16>
  return
}

// -----

// gs_c5
func.func @gs_c5(%input: tensor<2x3x0x7xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'input' to be a map of between 1 and 2147483647 cells, but got size 0 in dim 2}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x0x7xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c5
func.func @gs_c5(%input: tensor<2x3x5x0xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'input' to be a map of between 1 and 2147483647 cells, but got size 0 in dim 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x5x0xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c5
func.func @gs_c5(%input: tensor<2x3x65536x65536xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'input' to be a map of between 1 and 2147483647 cells, but got size 65536 in dim 3}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x65536x65536xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// gs_c5
func.func @gs_c5(%input: tensor<2x3x2147483648x?xf32>, %grid: tensor<2x4x6x2xf32>, %init: tensor<2x3x4x6xf32>) {
  // expected-error@+1 {{'bev.grid_sample' op expected 'input' to be a map of between 1 and 2147483647 cells, but got size 2147483648 in dim 2}}
  %0 = bev.grid_sample bilinear zeros
      ins(%input, %grid : tensor<2x3x2147483648x?xf32>, tensor<2x4x6x2xf32>)
      outs(%init : tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32>
  return
}

// -----

// is_c1
func.func @is_c1(%input: tensor<3x4xf32>, %init: tensor<f32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'init' to have rank 2, but got 0}}
  %0 = bev.inverse_sigmoid
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<f32>) -> tensor<f32>
  return
}

// -----

// is_c1
func.func @is_c1(%input: tensor<3x4xf32>, %init: tensor<3x4xbf16>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'init' to have the element type of 'input' ('f32'), but got 'bf16'}}
  %0 = bev.inverse_sigmoid
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x4xbf16>) -> tensor<3x4xbf16>
  return
}

// -----

// is_c1
func.func @is_c1(%input: tensor<3x4xf32>, %init: tensor<3x5xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'init' dim 1 to equal the size of 'input' (4), but got 5}}
  %0 = bev.inverse_sigmoid
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x5xf32>) -> tensor<3x5xf32>
  return
}

// -----

// is_c2
func.func @is_c2(%input: tensor<3x4xf32>, %init: tensor<3x4xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'eps' between 0 and 1, but got}}
  %0 = bev.inverse_sigmoid eps(0.0)
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// is_c2
func.func @is_c2(%input: tensor<3x4xf32>, %init: tensor<3x4xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'eps' between 0 and 1, but got}}
  %0 = bev.inverse_sigmoid eps(1.0)
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// is_c2
func.func @is_c2(%input: tensor<3x4xf32>, %init: tensor<3x4xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'eps' between 0 and 1, but got}}
  %0 = bev.inverse_sigmoid eps(-1.0)
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// is_c2
func.func @is_c2(%input: tensor<3x4xf32>, %init: tensor<3x4xf32>) {
  // expected-error@+1 {{'bev.inverse_sigmoid' op expected 'eps' between 0 and 1, but got}}
  %0 = bev.inverse_sigmoid eps(0x7FC00000)
      ins(%input : tensor<3x4xf32>)
      outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @schedule_of_heads(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  // expected-error@+1 {{has no heads and queries whose schedule could say 'share', 'heads' or 'width'}}
  %0 = bev.warp_bev bilinear schedule(<lanes = 4, share = true>) ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %0 : tensor<2x5x7x8xf32>
}
