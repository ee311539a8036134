// RUN: bev-opt %s -split-input-file -verify-diagnostics

// What a schedule says of pools.

// expected-error@+1 {{expected 'rows' between 0 and 1024, but got -1}}
#s = #bev.schedule<lanes = 8, rows = -1>

// -----

// expected-error@+1 {{expected 'rows' between 0 and 1024, but got 1025}}
#s = #bev.schedule<lanes = 8, rows = 1025>

// -----

// expected-error@+1 {{expected 'points' between 1 and 1024, but got 0}}
#s = #bev.schedule<lanes = 8, rows = 2, points = 0>

// -----

// expected-error@+1 {{expected 'points' between 1 and 1024, but got 1025}}
#s = #bev.schedule<lanes = 8, rows = 2, points = 1025>

// -----

func.func @warp(%prev: tensor<1x4x5x8xf32>, %angle: tensor<1xf32>, %init: tensor<1x4x5x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op has no rows of points that its schedule could share}}
  %0 = bev.warp_bev nearest schedule(<lanes = 8, rows = 2>) ins(%prev, %angle : tensor<1x4x5x8xf32>, tensor<1xf32>)
      outs(%init : tensor<1x4x5x8xf32>) -> tensor<1x4x5x8xf32>
  return
}

// -----

// expected-error@+1 {{expected the square of 'patch' to divide 'rows' (8), but got 4}}
#s = #bev.schedule<lanes = 8, rows = 8, patch = 4>

// -----

// expected-error@+1 {{expected the square of 'patch' to divide 'rows' (8), but got 0}}
#s = #bev.schedule<lanes = 8, rows = 8, patch = 0>

// -----

// expected-error@+1 {{expected the square of 'patch' to divide 'rows' (0), but got 2}}
#s = #bev.schedule<lanes = 8, patch = 2>

// -----

// ip_c8
func.func @flat(%feat: tensor<9x8xf32>, %bounds: tensor<5x2xi32>, %init: tensor<5x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected a result of at least rank 3 for a schedule with patches, but got rank 2}}
  %0 = bev.interval_pool schedule(<lanes = 8, rows = 4, patch = 2>) ins(%feat : tensor<9x8xf32>) bounds(%bounds : tensor<5x2xi32>)
      outs(%init : tensor<5x8xf32>) -> tensor<5x8xf32>
  return
}
