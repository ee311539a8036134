// RUN: bev-opt %s -bev-tile-to-forall | FileCheck %s

// CHECK-DAG: #[[HEAD:.+]] = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-DAG: #[[STRIPS:.+]] = affine_map<()[s0] -> ((s0 floordiv 6) * 6)>

// CHECK-LABEL: func.func @attention
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x2x8xf32>, %[[LOCATIONS:[a-z0-9]+]]: tensor<1x5x2x1x4x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: tensor<1x5x2x1x4xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x5x2x8xf32>
func.func @attention(%value: tensor<1x6x2x8xf32>, %locations: tensor<1x5x2x1x4x2xf32>, %weights: tensor<1x5x2x1x4xf32>, %init: tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32> {
  // CHECK: %[[R:.+]] = scf.forall (%[[B:.+]], %[[Q:.+]], %[[M:.+]], %[[D:.+]]) = (0, 0, 0, 0)
  // CHECK-SAME: to (1, 5, 2, 8) step (1, 1, 1, 4) shared_outs(%[[OUT:.+]] = %[[INIT]]) {{.*}} {
  // CHECK: %[[V:.+]] = tensor.extract_slice %[[VALUE]][%[[B]], 0, %[[M]], %[[D]]] [1, 6, 1, 4]
  // CHECK-SAME: {{.*}} to tensor<1x6x1x4xf32>
  // CHECK: %[[L:.+]] = tensor.extract_slice %[[LOCATIONS]][%[[B]], %[[Q]], %[[M]], 0, 0, 0]
  // CHECK-SAME: {{.*}} to tensor<1x1x1x1x4x2xf32>
  // CHECK: %[[W:.+]] = tensor.extract_slice %[[WEIGHTS]][%[[B]], %[[Q]], %[[M]], 0, 0]
  // CHECK-SAME: {{.*}} to tensor<1x1x1x1x4xf32>
  // CHECK: %[[O:.+]] = tensor.extract_slice %[[OUT]][%[[B]], %[[Q]], %[[M]], %[[D]]]
  // CHECK-SAME: {{.*}} to tensor<1x1x1x4xf32>
  // CHECK: %[[T:.+]] = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, threads = 128>)
  // CHECK-SAME: ins(%[[V]], %[[L]], %[[W]] : {{.*}}) outs(%[[O]] : {{.*}}) -> tensor<1x1x1x4xf32>
  // CHECK: scf.forall.in_parallel {
  // CHECK: tensor.parallel_insert_slice %[[T]] into %[[OUT]][%[[B]], %[[Q]], %[[M]], %[[D]]] {{.*}}
  // CHECK: } {bev.threads = 128 : i64}
  %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, threads = 128>)
      ins(%value, %locations, %weights : tensor<1x6x2x8xf32>,
          tensor<1x5x2x1x4x2xf32>, tensor<1x5x2x1x4xf32>)
      outs(%init : tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32>
  return %r : tensor<1x5x2x8xf32>
}

// All channels in one row make no loop over them. Dynamic sizes bound the loops.
// CHECK-LABEL: func.func @all_lanes
//  CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<?x?x2x8xf32>)
func.func @all_lanes(%value: tensor<?x?x2x8xf32>, %reference: tensor<?x?x1x2xf32>, %offsets: tensor<?x?x2x1x4x2xf32>, %logits: tensor<?x?x2x4xf32>, %h: index, %w: index, %init: tensor<?x?x2x8xf32>) -> tensor<?x?x2x8xf32> {
  // CHECK-DAG: %[[BATCH:.+]] = tensor.dim %[[INIT]], %c0
  // CHECK-DAG: %[[QUERIES:.+]] = tensor.dim %[[INIT]], %c1
  // CHECK: scf.forall (%{{.+}}, %{{.+}}, %{{.+}}) in (%[[BATCH]], %[[QUERIES]], 2)
  // CHECK: bev.deformable_attention {{.*}} -> tensor<1x1x1x8xf32>
  // CHECK: } {bev.blocks = 4 : i64, bev.threads = 256 : i64}
  %0 = bev.deformable_attention level levels([%h, %w]) schedule(<lanes = 8, blocks = 4>)
      ins(%value, %reference, %offsets, %logits : tensor<?x?x2x8xf32>, tensor<?x?x1x2xf32>, tensor<?x?x2x1x4x2xf32>, tensor<?x?x2x4xf32>)
      outs(%init : tensor<?x?x2x8xf32>) -> tensor<?x?x2x8xf32>
  return %0 : tensor<?x?x2x8xf32>
}

// A team's row has all channels; loops count the heads in groups, and within a
// group faster than the queries.
// CHECK-LABEL: func.func @team
func.func @team(%value: tensor<1x6x4x8xf32>, %locations: tensor<1x5x4x1x4x2xf32>, %weights: tensor<1x5x4x1x4xf32>, %init: tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32> {
  // CHECK: scf.forall (%[[B:.+]], %[[GROUP:.+]], %[[Q:.+]], %[[M:.+]]) = (0, 0, 0, 0)
  // CHECK-SAME: to (1, 4, 5, 2) step (1, 2, 1, 1) shared_outs(%[[OUT:.+]] = %{{.+}}) {{.*}} {
  // CHECK: %[[HEADS:.+]] = affine.apply #[[HEAD]](%[[GROUP]], %[[M]])
  // CHECK: tensor.extract_slice %{{.+}}[%[[B]], %[[Q]], %[[HEADS]], 0, 0]
  // CHECK: %[[T:.+]] = bev.ms_deform_attn levels([2, 3]) {{.*}} -> tensor<1x1x1x8xf32>
  // CHECK: tensor.parallel_insert_slice %[[T]] into %[[OUT]][%[[B]], %[[Q]], %[[HEADS]], 0] [1, 1, 1, 8]
  // CHECK: } {bev.team = 2 : i64, bev.threads = 64 : i64}
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, threads = 64, share = true, heads = 2>)
      ins(%value, %locations, %weights : tensor<1x6x4x8xf32>, tensor<1x5x4x1x4x2xf32>, tensor<1x5x4x1x4xf32>)
      outs(%init : tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32>
  return %0 : tensor<1x5x4x8xf32>
}

// Queries are numbered in strips of two rows of three; those that fill no strip
// keep their numbers. One head after the other.
// CHECK-LABEL: func.func @strips
func.func @strips(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x?x2x1x4x2xf32>, %weights: tensor<1x?x2x1x4xf32>, %init: tensor<1x?x2x4xf32>) -> tensor<1x?x2x4xf32> {
  // CHECK: scf.forall (%{{.+}}, %[[M:.+]], %[[N:.+]]) in (1, 2, %[[COUNT:.+]]) shared_outs
  // CHECK: %[[REST:.+]] = arith.remui %[[N]], %c6
  // CHECK: %[[FIRST:.+]] = arith.subi %[[N]], %[[REST]]
  // CHECK: %[[Y:.+]] = arith.remui %[[REST]], %c2
  // CHECK: %[[X:.+]] = arith.divui %[[REST]], %c2
  // CHECK: %[[ROW:.+]] = arith.muli %[[Y]], %c3
  // CHECK: %[[AT:.+]] = arith.addi %[[ROW]], %[[X]]
  // CHECK: %[[MOVED:.+]] = arith.addi %[[FIRST]], %[[AT]]
  // CHECK: %[[WHOLE:.+]] = affine.apply #[[STRIPS]]()[%[[COUNT]]]
  // CHECK: %[[INSIDE:.+]] = arith.cmpi ult, %[[N]], %[[WHOLE]]
  // CHECK: %[[Q:.+]] = arith.select %[[INSIDE]], %[[MOVED]], %[[N]]
  // CHECK: tensor.extract_slice %{{.+}}[%{{.+}}, %[[Q]], %[[M]], 0, 0]
  // CHECK: tensor.parallel_insert_slice %{{.+}} into %{{.+}}[%{{.+}}, %[[Q]], %[[M]], 0]
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, heads = 1, strip = 2, width = 3>)
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x?x2x1x4x2xf32>, tensor<1x?x2x1x4xf32>)
      outs(%init : tensor<1x?x2x4xf32>) -> tensor<1x?x2x4xf32>
  return %0 : tensor<1x?x2x4xf32>
}

// Numbers that are known to fit are taken apart in 32 bits.
// CHECK-LABEL: func.func @known_strips
func.func @known_strips(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x12x2x1x4x2xf32>, %weights: tensor<1x12x2x1x4xf32>, %init: tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32> {
  // CHECK: scf.forall (%{{.+}}, %[[M:.+]], %[[N:.+]]) in (1, 2, 12) shared_outs
  // CHECK: %[[NUMBER:.+]] = arith.index_castui %[[N]] : index to i32
  // CHECK: arith.remui %[[NUMBER]], %{{.+}} : i32
  // CHECK: arith.addi %{{.+}}, %{{.+}} : i32
  // CHECK-NEXT: %[[MOVED:.+]] = arith.addi %{{.+}}, %{{.+}} : i32
  // CHECK-NEXT: %[[Q:.+]] = arith.index_castui %[[MOVED]] : i32 to index
  // CHECK: tensor.extract_slice %{{.+}}[%{{.+}}, %[[Q]], %[[M]], 0, 0]
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, heads = 1, strip = 2, width = 3>)
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x12x2x1x4x2xf32>, tensor<1x12x2x1x4xf32>)
      outs(%init : tensor<1x12x2x4xf32>) -> tensor<1x12x2x4xf32>
  return %0 : tensor<1x12x2x4xf32>
}

// A pixel knows where it lies in the map.
// CHECK-LABEL: func.func @warp_bev
func.func @warp_bev(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  // CHECK: scf.forall (%{{.+}}, %[[J:.+]], %[[I:.+]], %{{.+}}) = (0, 0, 0, 0) to (2, 5, 7, 8) step (1, 1, 1, 4)
  // CHECK: bev.warp_bev bilinear origin(%[[J]], %[[I]]) {{.*}} -> tensor<1x1x1x4xf32>
  %0 = bev.warp_bev bilinear schedule(<lanes = 4>) ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  return %0 : tensor<2x5x7x8xf32>
}

// No schedule, or no tensors: not tiled.
// CHECK-LABEL: func.func @left
func.func @left(%prev: tensor<2x5x7x8xf32>, %angle: tensor<2xf32>, %init: tensor<2x5x7x8xf32>, %in: memref<2x5x7x8xf32>, %at: memref<2xf32>, %out: memref<2x5x7x8xf32>) -> tensor<2x5x7x8xf32> {
  // CHECK-NOT: scf.forall
  %0 = bev.warp_bev bilinear ins(%prev, %angle : tensor<2x5x7x8xf32>, tensor<2xf32>) outs(%init : tensor<2x5x7x8xf32>) -> tensor<2x5x7x8xf32>
  bev.warp_bev bilinear schedule(<lanes = 4>) ins(%in, %at : memref<2x5x7x8xf32>, memref<2xf32>) outs(%out : memref<2x5x7x8xf32>)
  // CHECK: return
  return %0 : tensor<2x5x7x8xf32>
}
