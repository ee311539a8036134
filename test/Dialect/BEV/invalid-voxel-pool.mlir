// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of voxel_pool, with its message.

// vp_c1
func.func @vp_c1(%feat: tensor<6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'feat' to have rank 5, but got 4}}
  %0 = bev.voxel_pool ins(%feat : tensor<6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<1x9x8xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'feat' to have rank 2, but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<1x9x8xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' to have rank 5, but got 4}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x3x3x8xf32>) -> tensor<2x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x20xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' to have rank 5, but got 4}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x20xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %cells: tensor<2x6x140xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'cells' to have rank 5, but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      cells(%cells : tensor<2x6x140xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<4x1xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_bev' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<4x1xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<4x1xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'interval_starts' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<4x1xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<4x1xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'interval_lengths' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<4x1xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<4x1xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_depth' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<4x1xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<4x1xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_feat' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<4x1xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'segments' to have rank 2, but got 1}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<4x1xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_segment' to have rank 1, but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<4x1xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c1
func.func @vp_c1(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'bounds' to have rank 5, but got 4}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %cells: tensor<2x6x7x4x5xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>)
      cells(%cells : tensor<2x6x7x4x5xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %cells: tensor<2x6x7x4x5xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      cells(%cells : tensor<2x6x7x4x5xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %cells: tensor<2x6x7x4x5xi32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      cells(%cells : tensor<2x6x7x4x5xi32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %cells: tensor<2x6x7x4x5xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      cells(%cells : tensor<2x6x7x4x5xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c2
func.func @vp_c2(%feat: tensor<2x6x4x5x8xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth', 'points' and 'intervals', only 'intervals', 'depth' and 'cells', or 'depth', 'segments' and 'bounds'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x7xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 4 to equal the channels (C) of 'feat' (8), but got 7}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x7xf32>) -> tensor<2x1x3x3x7xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<3x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' dim 0 to equal the batch (B) of 'feat' (2), but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<3x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<3x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 0 to equal the batch (B) of 'feat' (2), but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<3x1x3x3x8xf32>) -> tensor<3x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x5x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' dim 1 to equal the cameras (N) of 'feat' (6), but got 5}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x5x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x3x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' dim 3 to equal the height (H) of 'feat' (4), but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x3x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x6xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' dim 4 to equal the width (W) of 'feat' (5), but got 6}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x6xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %cells: tensor<2x6x8x4x5xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'cells' dim 2 to equal the depths (Dd) of 'depth' (7), but got 8}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      cells(%cells : tensor<2x6x8x4x5xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %cells: tensor<2x6x7x4x4xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'cells' dim 4 to equal the width (W) of 'feat' (5), but got 4}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      cells(%cells : tensor<2x6x7x4x4xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<3x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 0 to equal the size of 'bounds' (3), but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<3x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x2x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 1 to equal the size of 'bounds' (2), but got 1}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x2x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x4x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 2 to equal the size of 'bounds' (4), but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x4x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x2x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 3 to equal the size of 'bounds' (2), but got 3}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x2x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c3
func.func @vp_c3(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x6xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'depth' dim 4 to equal the width (W) of 'feat' (5), but got 6}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x6xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c4
func.func @vp_c4(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<4xi32>, %lengths: tensor<5xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'interval_lengths' dim 0 to equal the intervals (I) of 'interval_starts' (4), but got 5}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<4xi32>, tensor<5xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c4
func.func @vp_c4(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<4xi32>, %rf: tensor<?xi32>, %rb: tensor<5xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_bev' dim 0 to equal the points (P) of 'ranks_depth' (4), but got 5}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<4xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<5xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c4
func.func @vp_c4(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<4xi32>, %rb: tensor<5xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_bev' dim 0 to equal the points (P) of 'ranks_feat' (4), but got 5}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<4xi32>)
      intervals(%rb, %starts, %lengths : tensor<5xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c4
func.func @vp_c4(%feat: tensor<4x8xf32>, %rb: tensor<5xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'ranks_bev' dim 0 to equal the points (P) of 'feat' (4), but got 5}}
  %0 = bev.voxel_pool ins(%feat : tensor<4x8xf32>)
      intervals(%rb, %starts, %lengths : tensor<5xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c5
func.func @vp_c5(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf16>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' to have the element type of 'feat' ('f32'), but got 'f16'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf16>) -> tensor<2x1x3x3x8xf16>
  return
}

// -----

// vp_c6
func.func @vp_c6(%feat: tensor<2x6x4x5x?xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'feat' dim 4, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x?xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c6
func.func @vp_c6(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x?xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'init' dim 4, the channels (C), to be static and at least 1, but got a dynamic size}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x?xf32>) -> tensor<2x1x3x3x?xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x65536x65536x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 cells, but got more in 'init'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x65536x65536x3x8xf32>) -> tensor<2x65536x65536x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x1000000000x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 points, but got more in 'depth'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x1000000000x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<2147483648xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 points, but got more in 'ranks_bev'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<2147483648xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<2147483648xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 intervals, but got more in 'interval_starts'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<2147483648xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2147483648x8xf32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 points, but got more in 'feat'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2147483648x8xf32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<2147483648x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 segments, but got more in 'segments'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<2147483648x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c7
func.func @vp_c7(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<2147483648xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected at most 2147483647 ranks, but got more in 'ranks_segment'}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<2147483648xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c8
func.func @vp_c8(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected schedule lanes to divide the channels (8), but got 3}}
  %0 = bev.voxel_pool schedule(<lanes = 3>) ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c8
func.func @vp_c8(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected a schedule with rows to have whole warps of 32 threads, but got 65}}
  %0 = bev.voxel_pool schedule(<lanes = 1, threads = 65, rows = 16>) ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c8
func.func @vp_c8(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %rd: tensor<?xi32>, %rf: tensor<?xi32>, %rb: tensor<?xi32>, %starts: tensor<?xi32>, %lengths: tensor<?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op has no sampling arithmetic that its schedule could share}}
  %0 = bev.voxel_pool schedule(<lanes = 4, share = true>) ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      points(%rd, %rf : tensor<?xi32>, tensor<?xi32>)
      intervals(%rb, %starts, %lengths : tensor<?xi32>, tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c8
func.func @vp_c8(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected schedule lanes to divide the channels (8), but got 3}}
  %0 = bev.voxel_pool schedule(<lanes = 3>) ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c9
func.func @vp_c9(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x2xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'segments' dim 1 to equal rank of depth, rank of feat and length (3), but got 2}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x2xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c9
func.func @vp_c9(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x?xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x2xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'segments' dim 1, rank of depth, rank of feat and length, to be static and at least 1, but got a dynamic size}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x?xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x2xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c9
func.func @vp_c9(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x1xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'bounds' dim 4 to equal begin and end (2), but got 1}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x1xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}

// -----

// vp_c9
func.func @vp_c9(%feat: tensor<2x6x4x5x8xf32>, %depth: tensor<2x6x7x4x5xf32>, %segments: tensor<?x3xi32>, %ranks: tensor<?xi32>, %bounds: tensor<2x1x3x3x?xi32>, %init: tensor<2x1x3x3x8xf32>) {
  // expected-error@+1 {{'bev.voxel_pool' op expected 'bounds' dim 4, begin and end, to be static and at least 1, but got a dynamic size}}
  %0 = bev.voxel_pool ins(%feat : tensor<2x6x4x5x8xf32>) depth(%depth : tensor<2x6x7x4x5xf32>)
      segments(%segments, %ranks : tensor<?x3xi32>, tensor<?xi32>)
      bounds(%bounds : tensor<2x1x3x3x?xi32>)
      outs(%init : tensor<2x1x3x3x8xf32>) -> tensor<2x1x3x3x8xf32>
  return
}
