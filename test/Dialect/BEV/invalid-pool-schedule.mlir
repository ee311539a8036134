// RUN: bev-opt %s -split-input-file -verify-diagnostics

// What a schedule says of pools.

// expected-error@+1 {{expected 'rows' between 0 and 32, but got -1}}
#s = #bev.schedule<lanes = 8, rows = -1>

// -----

// expected-error@+1 {{expected 'rows' between 0 and 32, but got 33}}
#s = #bev.schedule<lanes = 8, rows = 33>

// -----

// expected-error@+1 {{expected 'points' between 1 and 64, but got 0}}
#s = #bev.schedule<lanes = 8, rows = 2, points = 0>

// -----

// expected-error@+1 {{expected 'points' between 1 and 64, but got 65}}
#s = #bev.schedule<lanes = 8, rows = 2, points = 65>

// -----

func.func @warp(%prev: tensor<1x4x5x8xf32>, %angle: tensor<1xf32>, %init: tensor<1x4x5x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op has no rows of points that its schedule could share}}
  %0 = bev.warp_bev nearest schedule(<lanes = 8, rows = 2>) ins(%prev, %angle : tensor<1x4x5x8xf32>, tensor<1xf32>)
      outs(%init : tensor<1x4x5x8xf32>) -> tensor<1x4x5x8xf32>
  return
}

// -----

func.func @packed(%feat: tensor<9x8xf32>, %bounds: tensor<4x2xi32>, %init: tensor<4x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected f16 values for a schedule that is packed, but got 'f32'}}
  %0 = bev.interval_pool schedule(<lanes = 8, rows = 4, packed = true>) ins(%feat : tensor<9x8xf32>)
      bounds(%bounds : tensor<4x2xi32>) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @packed_features(%feat: tensor<9x8xf32>, %depth: tensor<7xf16>, %ranks: tensor<5xi32>, %bounds: tensor<4x2xi32>, %init: tensor<4x8xf16>) {
  // expected-error@+1 {{'bev.interval_pool' op expected f16 values for a schedule that is packed, but got 'f32'}}
  %0 = bev.interval_pool schedule(<lanes = 8, rows = 4, packed = true>) ins(%feat : tensor<9x8xf32>)
      depth(%depth : tensor<7xf16>) points(%ranks, %ranks : tensor<5xi32>, tensor<5xi32>)
      bounds(%bounds : tensor<4x2xi32>) outs(%init : tensor<4x8xf16>) -> tensor<4x8xf16>
  return
}

// -----

func.func @packed_depths(%feat: tensor<9x8xf16>, %depth: tensor<7xf32>, %ranks: tensor<5xi32>, %bounds: tensor<4x2xi32>, %init: tensor<4x8xf16>) {
  // expected-error@+1 {{'bev.interval_pool' op expected f16 depths for a schedule that is packed, but got 'f32'}}
  %0 = bev.interval_pool schedule(<lanes = 8, rows = 4, packed = true>) ins(%feat : tensor<9x8xf16>)
      depth(%depth : tensor<7xf32>) points(%ranks, %ranks : tensor<5xi32>, tensor<5xi32>)
      bounds(%bounds : tensor<4x2xi32>) outs(%init : tensor<4x8xf16>) -> tensor<4x8xf16>
  return
}

// -----

func.func @packed_segments(%feat: tensor<9x8xf16>, %depth: tensor<7xf16>, %segments: tensor<4x3xi32>, %w: index, %init: tensor<4x8xf32>) {
  // expected-error@+1 {{'bev.segment_pool' op expected f16 values for a schedule that is packed, but got 'f32'}}
  %0 = bev.segment_pool schedule(<lanes = 8, rows = 4, packed = true>) ins(%feat, %depth, %segments : tensor<9x8xf16>, tensor<7xf16>, tensor<4x3xi32>)
      step(%w) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// expected-error@+1 {{expected 'rows' with 'balance'}}
#s = #bev.schedule<lanes = 8, balance = true>
