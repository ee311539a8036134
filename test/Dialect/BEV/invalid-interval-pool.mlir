// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of interval_pool, with its message.

// ip_c1
func.func @ip_c1(%feat: tensor<9x1x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'feat' to have rank 2, but got 3}}
  %0 = bev.interval_pool ins(%feat : tensor<9x1x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' to have at least rank 2, but got 1}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<30x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'bounds' to have rank 3, but got 2}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<30x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %depth: tensor<2x10xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'depth' to have rank 1, but got 2}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<2x10xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<3x10xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'ranks_depth' to have rank 1, but got 2}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<3x10xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<3x10xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'ranks_feat' to have rank 1, but got 2}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<3x10xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c1
func.func @ip_c1(%feat: tensor<9x8xf32>, %rf: tensor<3x10xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'ranks_feat' to have rank 1, but got 2}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%rf : tensor<3x10xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c2
func.func @ip_c2(%feat: tensor<9x8xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'depth' and two ranks of each of the 'points', only one rank of each, or none of them}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c2
func.func @ip_c2(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'depth' and two ranks of each of the 'points', only one rank of each, or none of them}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c2
func.func @ip_c2(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'depth' and two ranks of each of the 'points', only one rank of each, or none of them}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rf : tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c3
func.func @ip_c3(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x7x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' dim 1 to equal the size of 'bounds' (7), but got 6}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x7x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c3
func.func @ip_c3(%feat: tensor<9x7xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' dim 2 to equal the channels (C) of 'feat' (7), but got 8}}
  %0 = bev.interval_pool ins(%feat : tensor<9x7xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c3
func.func @ip_c3(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<31xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'ranks_feat' dim 0 to equal the points (P) of 'ranks_depth' (31), but got 30}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<31xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c4
func.func @ip_c4(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x3xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'bounds' dim 2 to equal begin and end (2), but got 3}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x3xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c4
func.func @ip_c4(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x?xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'bounds' dim 2, begin and end, to be static and at least 1, but got a dynamic size}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x?xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c5
func.func @ip_c5(%feat: tensor<9x8xbf16>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' to have the element type of 'feat' ('bf16'), but got 'f32'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xbf16>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c5
func.func @ip_c5(%feat: tensor<9x8xf16>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' to have the element type of 'feat' ('f16'), but got 'f32'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf16>) points(%rf : tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c5
func.func @ip_c5(%feat: tensor<9x8xf16>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xbf16>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' to have the element type of 'feat' ('f16'), but got 'bf16'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf16>) points(%rf : tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xbf16>) -> tensor<5x6x8xbf16>
  return
}

// -----

// Sums of f32 may be rounded: no error.
func.func @ip_c5(%feat: tensor<9x8xf32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %f16: tensor<5x6x8xf16>, %bf16: tensor<5x6x8xbf16>) {
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%rf : tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%f16 : tensor<5x6x8xf16>) -> tensor<5x6x8xf16>
  %1 = bev.interval_pool ins(%feat : tensor<9x8xf32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%bf16 : tensor<5x6x8xbf16>) -> tensor<5x6x8xbf16>
  return
}

// -----

// ip_c6
func.func @ip_c6(%feat: tensor<9x?xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'feat' dim 1, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.interval_pool ins(%feat : tensor<9x?xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c6
func.func @ip_c6(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x?xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected 'init' dim 2, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x?xf32>) -> tensor<5x6x?xf32>
  return
}

// -----

// ip_c7
func.func @ip_c7(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<65536x65536x2xi32>, %init: tensor<65536x65536x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2147483647 rows, but got more in 'init'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<65536x65536x2xi32>) outs(%init : tensor<65536x65536x8xf32>) -> tensor<65536x65536x8xf32>
  return
}

// -----

// ip_c7
func.func @ip_c7(%feat: tensor<2147483648x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2147483647 rows, but got more in 'feat'}}
  %0 = bev.interval_pool ins(%feat : tensor<2147483648x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c7
func.func @ip_c7(%feat: tensor<9x8xf32>, %depth: tensor<2147483648xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2147483647 points, but got more in 'depth'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<2147483648xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c7
func.func @ip_c7(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<2147483648xi32>, %rf: tensor<2147483648xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2147483647 points, but got more in 'ranks_depth'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<2147483648xi32>, tensor<2147483648xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c7
func.func @ip_c7(%feat: tensor<9x8xf32>, %rf: tensor<2147483648xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2147483647 points, but got more in 'ranks_feat'}}
  %0 = bev.interval_pool ins(%feat : tensor<9x8xf32>) points(%rf : tensor<2147483648xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c8
func.func @ip_c8(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected schedule lanes to divide the channels (8), but got 5}}
  %0 = bev.interval_pool schedule(<lanes = 5>) ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c8
func.func @ip_c8(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected a schedule with rows to have whole warps of 32 threads, but got 31}}
  %0 = bev.interval_pool schedule(<lanes = 2, threads = 31, rows = 8>) ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c8
func.func @ip_c8(%feat: tensor<9x8xf32>, %depth: tensor<20xf32>, %rd: tensor<30xi32>, %rf: tensor<30xi32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x8xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op has no sampling arithmetic that its schedule could share}}
  %0 = bev.interval_pool schedule(<lanes = 4, share = true>) ins(%feat : tensor<9x8xf32>) depth(%depth : tensor<20xf32>) points(%rd, %rf : tensor<30xi32>, tensor<30xi32>)
      bounds(%bounds : tensor<5x6x2xi32>) outs(%init : tensor<5x6x8xf32>) -> tensor<5x6x8xf32>
  return
}

// -----

// ip_c8
func.func @ip_c8(%feat: tensor<9x64xf32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x64xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected a schedule with rows to have at most 32 work items for the channels of one, but got 64}}
  %0 = bev.interval_pool schedule(<lanes = 1, rows = 8>) ins(%feat : tensor<9x64xf32>) bounds(%bounds : tensor<5x6x2xi32>)
      outs(%init : tensor<5x6x64xf32>) -> tensor<5x6x64xf32>
  return
}

// -----

// ip_c8
func.func @ip_c8(%feat: tensor<9x2080xf32>, %bounds: tensor<5x6x2xi32>, %init: tensor<5x6x2080xf32>) {
  // expected-error@+1 {{'bev.interval_pool' op expected at most 2048 channels for a schedule with rows, whose sums share memory, but got 2080}}
  %0 = bev.interval_pool schedule(<lanes = 80, rows = 4>) ins(%feat : tensor<9x2080xf32>) bounds(%bounds : tensor<5x6x2xi32>)
      outs(%init : tensor<5x6x2080xf32>) -> tensor<5x6x2080xf32>
  return
}
