// RUN: bev-opt %s -split-input-file -verify-diagnostics

// Every constraint of frustum_to_voxel, with its message.

// fv_c1
func.func @fv_c1(%depths: tensor<7x1xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'depths' to have rank 1, but got 2}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7x1xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c1
func.func @fv_c1(%depths: tensor<7xf32>, %intrinsics: tensor<6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'intrinsics' to have rank 4, but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c1
func.func @fv_c1(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'camera_to_ego' to have rank 4, but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c1
func.func @fv_c1(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x20xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'init' to have rank 5, but got 4}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x20xi32>) -> tensor<2x6x7x20xi32>
  return
}

// -----

// fv_c1
func.func @fv_c1(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %image: tensor<6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_augmentation' to have rank 4, but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      image_augmentation(%image : tensor<6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c1
func.func @fv_c1(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %bev: tensor<2x1x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'bev_augmentation' to have rank 3, but got 4}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      bev_augmentation(%bev : tensor<2x1x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<3x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'camera_to_ego' dim 0 to equal the batch (B) of 'intrinsics' (2), but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<3x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<7xf32>, %intrinsics: tensor<2x5x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'camera_to_ego' dim 1 to equal the cameras (N) of 'intrinsics' (5), but got 6}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x5x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<8xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'init' dim 2 to equal the depths (Dd) of 'depths' (8), but got 7}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<8xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %image: tensor<1x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_augmentation' dim 0 to equal the batch (B) of 'init' (2), but got 1}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      image_augmentation(%image : tensor<1x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %image: tensor<2x3x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_augmentation' dim 1 to equal the cameras (N) of 'init' (6), but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      image_augmentation(%image : tensor<2x3x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c2
func.func @fv_c2(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %bev: tensor<1x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'bev_augmentation' dim 0 to equal the batch (B) of 'init' (2), but got 1}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      bev_augmentation(%bev : tensor<1x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c3
func.func @fv_c3(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x4x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'intrinsics' dim 2 to equal the rows of a matrix (3), but got 4}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x4x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c3
func.func @fv_c3(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x3xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'camera_to_ego' dim 3 to equal the columns of a matrix (4), but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x3xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c3
func.func @fv_c3(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x?x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'camera_to_ego' dim 2, the rows of a matrix, to be static and at least 1, but got a dynamic size}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x?x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c3
func.func @fv_c3(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %image: tensor<2x6x3x3xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_augmentation' dim 2 to equal the rows of a matrix (4), but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      image_augmentation(%image : tensor<2x6x3x3xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c3
func.func @fv_c3(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %bev: tensor<2x3x3xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'bev_augmentation' dim 1 to equal the rows of a matrix (4), but got 3}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      bev_augmentation(%bev : tensor<2x3x3xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c4
func.func @fv_c4(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_size' to be two sizes (H, W) between 1 and 16777216}}
  %0 = bev.frustum_to_voxel image_size([256]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c4
func.func @fv_c4(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_size' to be two sizes (H, W) between 1 and 16777216}}
  %0 = bev.frustum_to_voxel image_size([0, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c4
func.func @fv_c4(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'image_size' to be two sizes (H, W) between 1 and 16777216}}
  %0 = bev.frustum_to_voxel image_size([256, 16777217]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c5
func.func @fv_c5(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'lower' to be three finite coordinates (x, y, z)}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([0.0, 0.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c5
func.func @fv_c5(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'lower' to be three finite coordinates (x, y, z)}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([0.0, 0.0, 1.0e39])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c5
func.func @fv_c5(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'cell_size' to be three positive finite lengths (x, y, z)}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c5
func.func @fv_c5(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'cell_size' to be three positive finite lengths (x, y, z)}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.0, 8.0]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c5
func.func @fv_c5(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'cell_size' to be three positive finite lengths (x, y, z)}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 1.0e39]) grid_size([1, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c6
func.func @fv_c6(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'grid_size' to be three sizes (Z, Y, X) of between 1 and 2147483647 cells in all}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c6
func.func @fv_c6(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'grid_size' to be three sizes (Z, Y, X) of between 1 and 2147483647 cells in all}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([0, 128, 128])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c6
func.func @fv_c6(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'grid_size' to be three sizes (Z, Y, X) of between 1 and 2147483647 cells in all}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([2, 65536, 65536])
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c7
func.func @fv_c7(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>, %i: index, %j: index) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected 'origin' to be a row and a column, but got 1 operands}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      origin(%i) feature_size(%j)
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}

// -----

// fv_c7
func.func @fv_c7(%depths: tensor<7xf32>, %intrinsics: tensor<2x6x3x3xf32>, %ego: tensor<2x6x4x4xf32>, %init: tensor<2x6x7x4x5xi32>, %i: index, %j: index) {
  // expected-error@+1 {{'bev.frustum_to_voxel' op expected as many 'feature_size' operands as 'origin' has (2), but got 1}}
  %0 = bev.frustum_to_voxel image_size([256, 704]) lower([-51.2, -51.2, -5.0])
      cell_size([0.8, 0.8, 8.0]) grid_size([1, 128, 128])
      origin(%i, %j) feature_size(%j)
      ins(%depths, %intrinsics, %ego : tensor<7xf32>, tensor<2x6x3x3xf32>, tensor<2x6x4x4xf32>)
      outs(%init : tensor<2x6x7x4x5xi32>) -> tensor<2x6x7x4x5xi32>
  return
}
