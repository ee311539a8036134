// RUN: bev-opt %s -split-input-file -verify-diagnostics

// What the parser and the attributes themselves refuse.

func.func @levels_empty(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{expected '['}}
  %0 = bev.ms_deform_attn levels()
      ins(%v, %l, %w : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%i : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @levels_one_size(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{expected ','}}
  %0 = bev.ms_deform_attn levels([6])
      ins(%v, %l, %w : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%i : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @levels_three_sizes(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{expected ']'}}
  %0 = bev.ms_deform_attn levels([2, 3, 4])
      ins(%v, %l, %w : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%i : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @levels_word(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{expected integer value}}
  %0 = bev.ms_deform_attn levels([two, 3])
      ins(%v, %l, %w : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%i : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @levels_beyond_64_bits(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{integer value too large}}
  %0 = bev.ms_deform_attn levels([99999999999999999999, 3])
      ins(%v, %l, %w : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%i : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// The generic form can spell what the custom one cannot.
// msda_c5
func.func @generic_no_levels(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x0x3x2xf32>, %w: tensor<1x5x2x0x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'levels' to hold (H, W) pairs of at least one level, but got 0 sizes}}
  %0 = "bev.ms_deform_attn"(%v, %l, %w, %i) <{static_levels = array<i64>}> : (tensor<1x6x2x4xf32>, tensor<1x5x2x0x3x2xf32>, tensor<1x5x2x0x3xf32>, tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @generic_odd_sizes(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected 'levels' to hold (H, W) pairs of at least one level, but got 3 sizes}}
  %0 = "bev.ms_deform_attn"(%v, %l, %w, %i) <{static_levels = array<i64: 2, 3, 4>}> : (tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>, tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// msda_c5
func.func @generic_more_operands(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>, %h: index) {
  // expected-error@+1 {{'bev.ms_deform_attn' op expected one 'levels' operand per dynamic level size (0), but got 1}}
  %0 = "bev.ms_deform_attn"(%v, %l, %w, %i, %h) <{static_levels = array<i64: 2, 3>}> : (tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>, tensor<1x5x2x4xf32>, index) -> tensor<1x5x2x4xf32>
  return
}

// -----

// da_c3: no level before all else
func.func @generic_no_levels_whole_op(%v: tensor<1x6x2x4xf32>, %r: tensor<1x5x1x2xf32>, %o: tensor<1x5x2x1x3x2xf32>, %g: tensor<1x5x2x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.deformable_attention' op expected 'offsets' dim 3 to equal the number of levels (0), but got 1}}
  %0 = "bev.deformable_attention"(%v, %r, %o, %g, %i) <{static_levels = array<i64>, reference_kind = #bev<reference_kind level>}> : (tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x3xf32>, tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

func.func @generic_segments(%p: tensor<2x5x7x8xf32>, %a: tensor<2xf32>, %i: tensor<2x5x7x8xf32>) {
  // expected-error@+1 {{'bev.warp_bev' op operand count (3) does not match with the total size (4) specified in attribute 'operandSegmentSizes'}}
  %0 = "bev.warp_bev"(%p, %a, %i) <{mode = #bev<interpolation bilinear>, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>}> : (tensor<2x5x7x8xf32>, tensor<2xf32>, tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return
}

// -----

func.func @no_static_levels(%v: tensor<1x6x2x4xf32>, %l: tensor<1x5x2x1x3x2xf32>, %w: tensor<1x5x2x1x3xf32>, %i: tensor<1x5x2x4xf32>) {
  // expected-error@+1 {{'bev.ms_deform_attn' op requires attribute 'static_levels'}}
  %0 = "bev.ms_deform_attn"(%v, %l, %w, %i) : (tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>, tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return
}

// -----

// expected-error@+1 {{expected 'lanes' between 1 and 1024, but got 0}}
#s = #bev.schedule<lanes = 0>

// -----

// expected-error@+1 {{expected 'lanes' between 1 and 1024, but got -8}}
#s = #bev.schedule<lanes = -8>

// -----

// expected-error@+1 {{expected 'lanes' between 1 and 1024, but got 2048}}
#s = #bev.schedule<lanes = 2048>

// -----

// expected-error@+1 {{expected 'threads' between 1 and 1024, but got 0}}
#s = #bev.schedule<lanes = 8, threads = 0>

// -----

// expected-error@+1 {{expected 'threads' between 1 and 1024, but got 1025}}
#s = #bev.schedule<lanes = 8, threads = 1025>

// -----

// expected-error@+1 {{expected 'blocks' between 0 and 32, but got -1}}
#s = #bev.schedule<lanes = 8, blocks = -1>

// -----

// expected-error@+1 {{expected 'blocks' between 0 and 32, but got 33}}
#s = #bev.schedule<lanes = 8, threads = 32, blocks = 33>

// -----

// expected-error@+1 {{expected 'blocks' times 'threads' to be at most 2048, but got 2304}}
#s = #bev.schedule<lanes = 8, threads = 256, blocks = 9>

// -----

// expected-error@+1 {{expected 'together' between 1 and 16, but got 17}}
#s = #bev.schedule<lanes = 8, share = true, together = 17>

// -----

// expected-error@+1 {{expected 'share' or 'rows' with 'together' (2)}}
#s = #bev.schedule<lanes = 8, together = 2>

// -----

// expected-error@+1 {{expected 'heads' between 0 and 1024, but got -1}}
#s = #bev.schedule<lanes = 8, heads = -1>

// -----

// expected-error@+1 {{expected 'strip' between 1 and 64, but got 0}}
#s = #bev.schedule<lanes = 8, strip = 0>

// -----

// expected-error@+1 {{expected 'width' between 0 and 1048576, but got -5}}
#s = #bev.schedule<lanes = 8, width = -5>

// -----

// expected-error@+2 {{expected one of [select, predicate, skip, speculate]}}
// expected-error@+1 {{failed to parse BEV_ScheduleAttr parameter 'guard'}}
#s = #bev.schedule<lanes = 8, guard = hope>

// -----

// expected-error@+1 {{struct is missing required parameter: lanes}}
#s = #bev.schedule<threads = 8>
