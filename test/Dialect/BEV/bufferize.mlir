// RUN: bev-opt %s -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" -cse -canonicalize -split-input-file | FileCheck %s

// An empty tensor as init becomes the one allocation, and nothing is copied.
// CHECK-LABEL: func.func @empty_init
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: memref<1x6x2x4xf32>, %[[LOCATIONS:[a-z0-9]+]]: memref<1x5x2x1x3x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: memref<1x5x2x1x3xf32>)
func.func @empty_init(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x3x2xf32>, %weights: tensor<1x5x2x1x3xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK: %[[ALLOC:.+]] = memref.alloc() {{.*}}: memref<1x5x2x4xf32>
  // CHECK-NOT: memref.alloc
  // CHECK-NOT: memref.copy
  // CHECK: bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4>) ins(%[[VALUE]], %[[LOCATIONS]], %[[WEIGHTS]] : {{.*}}) outs(%[[ALLOC]] : memref<1x5x2x4xf32>){{$}}
  // CHECK-NEXT: return %[[ALLOC]]
  %init = tensor.empty() : tensor<1x5x2x4xf32>
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4>)
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x3x2xf32>, tensor<1x5x2x1x3xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// A writable argument is written in place.
// CHECK-LABEL: func.func @in_place
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: memref<1x5x2x4xf32>
func.func @in_place(%init: tensor<1x5x2x4xf32> {bufferization.writable = true}, %value: tensor<1x6x2x4xf32>, %reference: tensor<1x5x1x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32> {
  // CHECK-NOT: memref.alloc
  // CHECK-NOT: memref.copy
  // CHECK: bev.deformable_attention {{.*}} outs(%[[INIT]] : memref<1x5x2x4xf32>)
  %0 = bev.deformable_attention level levels([2, 3])
      ins(%value, %reference, %offsets, %logits : tensor<1x6x2x4xf32>, tensor<1x5x1x2xf32>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  return %0 : tensor<1x5x2x4xf32>
}

// -----

// One that may not be written is not; since inits are not read, its contents
// are not copied either.
// CHECK-LABEL: func.func @not_writable
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<3xf32>, %[[INIT:[a-z0-9]+]]: memref<3xf32>
func.func @not_writable(%x: tensor<3xf32>, %init: tensor<3xf32> {bufferization.writable = false}) -> tensor<3xf32> {
  // CHECK: %[[ALLOC:.+]] = memref.alloc()
  // CHECK-NOT: memref.copy
  // CHECK: bev.inverse_sigmoid ins(%[[X]] : memref<3xf32>) outs(%[[ALLOC]] : memref<3xf32>)
  %0 = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%init : tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// An init that is read afterwards keeps its value.
// CHECK-LABEL: func.func @read_later
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<3xf32>, %[[INIT:[a-z0-9]+]]: memref<3xf32>
func.func @read_later(%x: tensor<3xf32>, %init: tensor<3xf32> {bufferization.writable = true}, %i: index) -> (tensor<3xf32>, f32) {
  // CHECK: %[[ALLOC:.+]] = memref.alloc()
  // CHECK: bev.inverse_sigmoid ins(%[[X]] : memref<3xf32>) outs(%[[ALLOC]] : memref<3xf32>)
  // CHECK: memref.load %[[INIT]]
  %0 = bev.inverse_sigmoid ins(%x : tensor<3xf32>) outs(%init : tensor<3xf32>) -> tensor<3xf32>
  %1 = tensor.extract %init[%i] : tensor<3xf32>
  return %0, %1 : tensor<3xf32>, f32
}

// -----

// An op whose init is its input: what is read may lie anywhere, so the result
// needs a buffer of its own.
// CHECK-LABEL: func.func @init_is_input
//  CHECK-SAME: %[[PREV:[a-z0-9]+]]: memref<2x5x7x8xf32>
func.func @init_is_input(%prev: tensor<2x5x7x8xf32> {bufferization.writable = true}, %angle: tensor<2xf32>) -> tensor<2x5x7x8xf32> {
  // CHECK: %[[ALLOC:.+]] = memref.alloc()
  // CHECK: bev.warp_bev nearest ins(%[[PREV]], %{{.+}}) outs(%[[ALLOC]] :
  %0 = bev.warp_bev nearest ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%prev : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %0 : tensor<2x5x7x8xf32>
}

// -----

// Every other op; two inits, optional operands and operands that are no tensors.
// CHECK-LABEL: func.func @others
//  CHECK-SAME: %[[ORIGIN:[a-z0-9]+]]: index
func.func @others(%origin: index, %value: tensor<1x6x6x2x4xf32>, %temporal: tensor<1x2x6x2x4xf32>, %references: tensor<1x2x5x1x2xf32>, %toffsets: tensor<1x5x2x2x1x4x2xf32>, %tlogits: tensor<1x5x2x2x4xf32>, %points: tensor<1x5x4x3xf32>, %matrix: tensor<1x6x4x4xf32>, %size: tensor<6x2xf32>, %offsets: tensor<1x5x2x1x4x2xf32>, %logits: tensor<1x5x2x4xf32>, %can_bus: tensor<1x18xf32>, %prev: tensor<1x5x7x8xf32>, %angle: tensor<1xf32>, %reset: tensor<1xi1>, %input: tensor<1x3x5x7xf32>, %grid: tensor<1x4x6x2xf32>)
    -> (tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x2xf32>, tensor<5x2xf32>, tensor<1x2x3x8xf32>, tensor<1x3x4x6xf32>) {
  // CHECK-NOT: memref.copy
  %e0 = tensor.empty() : tensor<1x6x5x4x2xf32>
  %e1 = tensor.empty() : tensor<1x6x5x4xi1>
  // CHECK: bev.project_points {{.*}} outs(%[[UV:.+]], %[[VISIBLE:.+]] : memref<1x6x5x4x2xf32>, memref<1x6x5x4xi1>)
  %uv:2 = bev.project_points
      ins(%points, %matrix, %size : tensor<1x5x4x3xf32>, tensor<1x6x4x4xf32>, tensor<6x2xf32>)
      outs(%e0, %e1 : tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>) -> tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>
  %e2 = tensor.empty() : tensor<1x5x2x4xf32>
  // CHECK: bev.spatial_cross_attention {{.*}} ins(%{{.+}}, %[[UV]], %[[VISIBLE]],
  %0 = bev.spatial_cross_attention levels([2, 3])
      ins(%value, %uv#0, %uv#1, %offsets, %logits : tensor<1x6x6x2x4xf32>, tensor<1x6x5x4x2xf32>, tensor<1x6x5x4xi1>, tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x4xf32>)
      outs(%e2 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %e3 = tensor.empty() : tensor<1x5x2x4xf32>
  // CHECK: bev.temporal_self_attention levels([%[[ORIGIN]], 3])
  %1 = bev.temporal_self_attention levels([%origin, 3])
      ins(%temporal, %references, %toffsets, %tlogits : tensor<1x2x6x2x4xf32>, tensor<1x2x5x1x2xf32>, tensor<1x5x2x2x1x4x2xf32>, tensor<1x5x2x2x4xf32>)
      outs(%e3 : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  %e4 = tensor.empty() : tensor<1x2xf32>
  // CHECK: bev.ego_shift
  %2 = bev.ego_shift grid_length([0.5, 0.5]) bev_size([3, 4]) ins(%can_bus : tensor<1x18xf32>) outs(%e4 : tensor<1x2xf32>) -> tensor<1x2xf32>
  %e5 = tensor.empty() : tensor<5x2xf32>
  // CHECK: bev.reference_grid bev_size([3, 4]) origin(%[[ORIGIN]])
  %3 = bev.reference_grid bev_size([3, 4]) origin(%origin) outs(%e5 : tensor<5x2xf32>) -> tensor<5x2xf32>
  %e6 = tensor.empty() : tensor<1x2x3x8xf32>
  // CHECK: bev.warp_bev bilinear origin(%[[ORIGIN]], %[[ORIGIN]]) {{.*}} reset(%{{.+}} : memref<1xi1>)
  %4 = bev.warp_bev bilinear origin(%origin, %origin)
      ins(%prev, %angle : tensor<1x5x7x8xf32>, tensor<1xf32>) reset(%reset : tensor<1xi1>)
      outs(%e6 : tensor<1x2x3x8xf32>) -> tensor<1x2x3x8xf32>
  %e7 = tensor.empty() : tensor<1x3x4x6xf32>
  // CHECK: bev.grid_sample
  %5 = bev.grid_sample bilinear zeros ins(%input, %grid : tensor<1x3x5x7xf32>, tensor<1x4x6x2xf32>) outs(%e7 : tensor<1x3x4x6xf32>) -> tensor<1x3x4x6xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<1x5x2x4xf32>, tensor<1x5x2x4xf32>, tensor<1x2xf32>, tensor<5x2xf32>, tensor<1x2x3x8xf32>, tensor<1x3x4x6xf32>
}

// -----

// A tiled op writes its slice of the result, in place.
// CHECK-LABEL: func.func @tiled
//  CHECK-SAME: %[[X:[a-z0-9]+]]: memref<6xf32>)
func.func @tiled(%x: tensor<6xf32>) -> tensor<6xf32> {
  %empty = tensor.empty() : tensor<6xf32>
  // CHECK: %[[ALLOC:.+]] = memref.alloc()
  // CHECK: scf.forall (%[[I:.+]]) =
  // CHECK-NOT: memref.copy
  // CHECK-DAG: %[[IN:.+]] = memref.subview %[[X]][%[[I]]] [2]
  // CHECK-DAG: %[[OUT:.+]] = memref.subview %[[ALLOC]][%[[I]]] [2]
  // CHECK: bev.inverse_sigmoid ins(%[[IN]] : {{.*}}) outs(%[[OUT]] :
  // CHECK-NOT: memref.copy
  %0 = scf.forall (%i) = (0) to (6) step (2) shared_outs(%out = %empty) -> tensor<6xf32> {
    %in = tensor.extract_slice %x[%i] [2] [1] : tensor<6xf32> to tensor<2xf32>
    %part = tensor.extract_slice %out[%i] [2] [1] : tensor<6xf32> to tensor<2xf32>
    %1 = bev.inverse_sigmoid ins(%in : tensor<2xf32>) outs(%part : tensor<2xf32>) -> tensor<2xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %1 into %out[%i] [2] [1] : tensor<2xf32> into tensor<6xf32>
    }
  }
  return %0 : tensor<6xf32>
}
