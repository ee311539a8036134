// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of project_points, ego_shift and reference_grid, with its
// message.

// pp_c1
func.func @pp_c1(%points: tensor<5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'points' to have rank 4, but got 3}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c1
func.func @pp_c1(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' to have rank 4, but got 3}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c1
func.func @pp_c1(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'image_size' to have rank 2, but got 1}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c1
func.func @pp_c1(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' to have rank 5, but got 4}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c1
func.func @pp_c1(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' to have rank 4, but got 3}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<8x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' dim 0 to equal the batch (B) of 'points' (1), but got 8}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<8x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<8x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 0 to equal the batch (B) of 'points' (1), but got 8}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<8x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<8x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<8x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' dim 0 to equal the batch (B) of 'points' (1), but got 8}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<8x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<8x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<13x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'image_size' dim 0 to equal the cameras (N) of 'lidar2img' (6), but got 13}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<13x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x13x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 1 to equal the cameras (N) of 'lidar2img' (6), but got 13}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x13x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x13x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x13x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' dim 1 to equal the cameras (N) of 'lidar2img' (6), but got 13}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x13x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x13x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x12x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 2 to equal the queries (Q) of 'points' (5), but got 12}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x12x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x12x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x12x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' dim 2 to equal the queries (Q) of 'points' (5), but got 12}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x12x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x12x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x11x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 3 to equal the anchors (Z) of 'points' (4), but got 11}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x11x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x11x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c2
func.func @pp_c2(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x11xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' dim 3 to equal the anchors (Z) of 'points' (4), but got 11}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x11xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x11xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x7xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'points' dim 3 to equal the coordinates (x, y, z) (3), but got 7}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x7xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x?xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'points' dim 3, the coordinates (x, y, z), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x?xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x7x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' dim 2 to equal the rows of a projection matrix (4), but got 7}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x7x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x?x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' dim 2, the rows of a projection matrix, to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x?x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x7xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' dim 3 to equal the columns of a projection matrix (4), but got 7}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x7xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x?xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'lidar2img' dim 3, the columns of a projection matrix, to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x?xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x7xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'image_size' dim 1 to equal the image size (h, w) (2), but got 7}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x7xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x?xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'image_size' dim 1, the image size (h, w), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x?xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x7xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 4 to equal the coordinates (u, v) (2), but got 7}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x7xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x7xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c3
func.func @pp_c3(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x?xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 4, the coordinates (u, v), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x?xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x?xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c4
func.func @pp_c4(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'pc_range' to have 6 entries, but got 5}}
  %0:2 = bev.project_points pc_range([0.0, 0.0, 0.0, 1.0, 1.0])
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c4
func.func @pp_c4(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'pc_range' entry 4, the maximum, to be finite and above entry 1}}
  %0:2 = bev.project_points pc_range([0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c4: infinite
func.func @pp_c4(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'pc_range' entry 3, the maximum, to be finite and above entry 0}}
  %0:2 = bev.project_points pc_range([0.0, 0.0, 0.0, 0x7FF0000000000000, 1.0, 1.0])
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c4: NaN
func.func @pp_c4(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'pc_range' entry 5, the maximum, to be finite and above entry 2}}
  %0:2 = bev.project_points pc_range([0.0, 0.0, 0x7FF8000000000000, 1.0, 1.0, 1.0])
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c5
func.func @pp_c5(%points: tensor<1x5x?x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'points' dim 2, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x?x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c5
func.func @pp_c5(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x?x2xf32>, %visible: tensor<1x6x5x4xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'uv' dim 3, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x?x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x?x2xf32>, tensor<1x6x5x4xi1>
  return
}

// -----

// pp_c5
func.func @pp_c5(%points: tensor<1x5x4x3xf32>, %lidar2img: tensor<1x6x4x4xf32>, %image_size: tensor<6x2xf32>, %uv: tensor<1x6x5x4x2xf32>, %visible: tensor<1x6x5x?xi1>) {
  // expected-error@+1 {{'bev.project_points' op expected 'visible' dim 3, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0:2 = bev.project_points
      ins(%points, %lidar2img, %image_size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%uv, %visible : tensor<1x6x5x4x2xf32>, tensor<1x6x5x?xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x?xi1>
  return
}

// -----

// es_c1
func.func @es_c1(%can_bus: tensor<18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'can_bus' to have rank 2, but got 1}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c1
func.func @es_c1(%can_bus: tensor<2x18xf32>, %init: tensor<2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'init' to have rank 2, but got 1}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// es_c2
func.func @es_c2(%can_bus: tensor<2x18xf32>, %init: tensor<9x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'init' dim 0 to equal the batch (B) of 'can_bus' (2), but got 9}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<9x2xf32>) -> tensor<9x2xf32>
  return
}

// -----

// es_c2
func.func @es_c2(%can_bus: tensor<2x18xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'init' dim 1 to equal the shift (x, y) (2), but got 3}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// es_c2
func.func @es_c2(%can_bus: tensor<2x18xf32>, %init: tensor<2x?xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'init' dim 1, the shift (x, y), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x?xf32>) -> tensor<2x?xf32>
  return
}

// -----

// es_c3
func.func @es_c3(%can_bus: tensor<2x?xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'can_bus' dim 1, the can bus entries (K), to be static and at least 1, but got a dynamic size}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x?xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c3
func.func @es_c3(%can_bus: tensor<2x3xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'can_bus' dim 1 to be at least 4, but got 3}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x3xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'grid_length' to be two positive finite lengths (y, x)}}
  %0 = bev.ego_shift grid_length([0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'grid_length' to be two positive finite lengths (y, x)}}
  %0 = bev.ego_shift grid_length([0.5, 0.0]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'grid_length' to be two positive finite lengths (y, x)}}
  %0 = bev.ego_shift grid_length([-1.0, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'grid_length' to be two positive finite lengths (y, x)}}
  %0 = bev.ego_shift grid_length([0x7FF0000000000000, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'grid_length' to be two positive finite lengths (y, x)}}
  %0 = bev.ego_shift grid_length([0x7FF8000000000000, 0.5]) bev_size([50, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'bev_size' to be two positive sizes (H, W)}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'bev_size' to be two positive sizes (H, W)}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([0, 50])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// es_c4
func.func @es_c4(%can_bus: tensor<2x18xf32>, %init: tensor<2x2xf32>) {
  // expected-error@+1 {{'bev.ego_shift' op expected 'bev_size' to be two positive sizes (H, W)}}
  %0 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([50, -1])
      ins(%can_bus : tensor<2x18xf32>)
      outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// rg_c1
func.func @rg_c1(%init: tensor<12x4x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' to have rank 2, but got 3}}
  %0 = bev.reference_grid bev_size([3, 4])
      outs(%init : tensor<12x4x3xf32>) -> tensor<12x4x3xf32>
  return
}

// -----

// rg_c1
func.func @rg_c1(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' to have rank 3, but got 2}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0)
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c1
func.func @rg_c1(%init: tensor<f32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' to have rank 2, but got 0}}
  %0 = bev.reference_grid bev_size([3, 4])
      outs(%init : tensor<f32>) -> tensor<f32>
  return
}

// -----

// rg_c2
func.func @rg_c2(%init: tensor<11x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 0 to equal H * W of 'bev_size' (12), but got 11}}
  %0 = bev.reference_grid bev_size([3, 4])
      outs(%init : tensor<11x2xf32>) -> tensor<11x2xf32>
  return
}

// -----

// rg_c2
func.func @rg_c2(%init: tensor<13x2xf32>, %o: index) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 0 to be at most H * W of 'bev_size' (12), but got 13}}
  %0 = bev.reference_grid bev_size([3, 4]) origin(%o)
      outs(%init : tensor<13x2xf32>) -> tensor<13x2xf32>
  return
}

// -----

// rg_c3
func.func @rg_c3(%init: tensor<12x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 1 to equal the coordinates (2), but got 3}}
  %0 = bev.reference_grid bev_size([3, 4])
      outs(%init : tensor<12x3xf32>) -> tensor<12x3xf32>
  return
}

// -----

// rg_c3
func.func @rg_c3(%init: tensor<12x?xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 1, the coordinates, to be static and at least 1, but got a dynamic size}}
  %0 = bev.reference_grid bev_size([3, 4])
      outs(%init : tensor<12x?xf32>) -> tensor<12x?xf32>
  return
}

// -----

// rg_c3
func.func @rg_c3(%init: tensor<12x4x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 2 to equal the coordinates (3), but got 2}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0)
      outs(%init : tensor<12x4x2xf32>) -> tensor<12x4x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'bev_size' to be two sizes (H, W) between 1 and 2147483647}}
  %0 = bev.reference_grid bev_size([3])
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'bev_size' to be two sizes (H, W) between 1 and 2147483647}}
  %0 = bev.reference_grid bev_size([0, 4])
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'bev_size' to be two sizes (H, W) between 1 and 2147483647}}
  %0 = bev.reference_grid bev_size([3, -4])
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'bev_size' to be two sizes (H, W) between 1 and 2147483647}}
  %0 = bev.reference_grid bev_size([3, 2147483648])
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x2xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'bev_size' to be two sizes (H, W) between 1 and 2147483647}}
  %0 = bev.reference_grid bev_size([9223372036854775807, 9223372036854775807])
      outs(%init : tensor<12x2xf32>) -> tensor<12x2xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x4x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'pillar_height' to be positive and finite}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(0.0)
      outs(%init : tensor<12x4x3xf32>) -> tensor<12x4x3xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x4x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'pillar_height' to be positive and finite}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(-1.0)
      outs(%init : tensor<12x4x3xf32>) -> tensor<12x4x3xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x4x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'pillar_height' to be positive and finite}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(0x7F800000)
      outs(%init : tensor<12x4x3xf32>) -> tensor<12x4x3xf32>
  return
}

// -----

// rg_c4
func.func @rg_c4(%init: tensor<12x4x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'pillar_height' to be positive and finite}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(0x7FC00000)
      outs(%init : tensor<12x4x3xf32>) -> tensor<12x4x3xf32>
  return
}

// -----

// rg_c5
func.func @rg_c5(%init: tensor<12x?x3xf32>) {
  // expected-error@+1 {{'bev.reference_grid' op expected 'init' dim 1, the anchors (Z), to be static and at least 1, but got a dynamic size}}
  %0 = bev.reference_grid bev_size([3, 4]) pillar_height(8.0)
      outs(%init : tensor<12x?x3xf32>) -> tensor<12x?x3xf32>
  return
}
