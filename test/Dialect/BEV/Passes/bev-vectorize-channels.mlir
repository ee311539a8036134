// RUN: bev-opt %s -bev-vectorize-channels -cse | FileCheck %s

// One corner's channels are one read, behind a branch.
// CHECK-LABEL: func.func @predicate
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x4xf32>, %[[LOCATIONS:[a-z0-9]+]]: tensor<1x1x1x1x1x2xf32>, %[[WEIGHTS:[a-z0-9]+]]: tensor<1x1x1x1x1xf32>, %[[INIT:[a-z0-9]+]]: tensor<1x1x1x4xf32>)
func.func @predicate(%value: tensor<1x6x1x4xf32>, %locations: tensor<1x1x1x1x1x2xf32>, %weights: tensor<1x1x1x1x1xf32>, %init: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK: %[[ROW:.+]] = arith.index_cast %{{.+}} : i32 to index
  // CHECK: %[[C:.+]] = scf.if %[[VALID:.+]] -> (vector<4xf32>) {
  // CHECK-NEXT: %[[READ:.+]] = vector.transfer_read %[[VALUE]][%[[ZERO:.+]], %[[ROW]], %[[ZERO]], %[[ZERO]]], {{.*}} : tensor<1x6x1x4xf32>, vector<4xf32>
  // CHECK-NEXT: scf.yield %[[READ]] : vector<4xf32>
  // CHECK-COUNT-3: vector.transfer_read %[[VALUE]]
  // CHECK-NOT: vector.transfer_read
  // CHECK: %[[W:.+]] = vector.broadcast {{.*}} : f32 to vector<4xf32>
  // CHECK-NEXT: %[[ACC:.+]] = math.fma %[[C]], %[[W]], {{.*}} : vector<4xf32>
  // CHECK-COUNT-3: math.fma {{.*}} : vector<4xf32>
  // CHECK: %[[R:.+]] = vector.transfer_write %{{.+}}, %[[INIT]]
  // CHECK: return %[[R]]
  %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = predicate>)
      ins(%value, %locations, %weights : tensor<1x6x1x4xf32>,
          tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf32>)
      outs(%init : tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %r : tensor<1x1x1x4xf32>
}

// A clamped address that is always read, and a zero selected.
// CHECK-LABEL: func.func @select
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x4xf16>
func.func @select(%value: tensor<1x6x1x4xf16>, %locations: tensor<1x1x1x1x1x2xf32>, %weights: tensor<1x1x1x1x1xf16>, %init: tensor<1x1x1x4xf16>) -> tensor<1x1x1x4xf16> {
  // CHECK-NOT: scf.if
  // CHECK: %[[ROW:.+]] = arith.index_cast %{{.+}} : i32 to index
  // CHECK: %[[SAFE:.+]] = arith.select %[[VALID:.+]], %[[ROW]], %c0 : index
  // CHECK: %[[READ:.+]] = vector.transfer_read %[[VALUE]][%{{.+}}, %[[SAFE]], %{{.+}}, %{{.+}}]
  // Selected in whole words.
  // CHECK-NEXT: %[[WORDS:.+]] = vector.bitcast %[[READ]] : vector<4xf16> to vector<2xi32>
  // CHECK-NEXT: %[[KEPT:.+]] = arith.select %[[VALID]], %[[WORDS]], %{{.+}} : vector<2xi32>
  // CHECK-NEXT: %[[CORNER:.+]] = vector.bitcast %[[KEPT]] : vector<2xi32> to vector<4xf16>
  // CHECK-COUNT-3: vector.transfer_read %[[VALUE]]
  // Sums are f32, rounded once.
  // CHECK: %[[WIDE:.+]] = arith.extf %[[CORNER]] : vector<4xf16> to vector<4xf32>
  // CHECK: math.fma %[[WIDE]], {{.*}} : vector<4xf32>
  // CHECK: arith.truncf %{{.+}} : vector<4xf32> to vector<4xf16>
  // CHECK-NOT: scf.if
  // CHECK: return
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = select>)
      ins(%value, %locations, %weights : tensor<1x6x1x4xf16>, tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf16>)
      outs(%init : tensor<1x1x1x4xf16>) -> tensor<1x1x1x4xf16>
  return %0 : tensor<1x1x1x4xf16>
}

// A sample that is outside altogether is branched around, and within it each
// corner's read.
// CHECK-LABEL: func.func @skip
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x4xf32>
func.func @skip(%value: tensor<1x6x1x4xf32>, %locations: tensor<1x1x1x1x1x2xf32>, %weights: tensor<1x1x1x1x1xf32>, %init: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK: %[[SUM:.+]] = scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_read %[[VALUE]]
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_read %[[VALUE]]
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_read %[[VALUE]]
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_read %[[VALUE]]
  // CHECK-NOT: vector.transfer_read
  // CHECK: vector.transfer_write %[[SUM]]
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = skip>)
      ins(%value, %locations, %weights : tensor<1x6x1x4xf32>, tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf32>)
      outs(%init : tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// All corners of the window that a sample has in the map are read; the row is
// computed again with guards if it is not finite.
// CHECK-LABEL: func.func @speculate
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x4xf32>
func.func @speculate(%value: tensor<1x6x1x4xf32>, %locations: tensor<1x1x1x1x1x2xf32>, %weights: tensor<1x1x1x1x1xf32>, %init: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK-NOT: scf.if
  // CHECK-COUNT-4: vector.transfer_read %[[VALUE]]
  // CHECK: %[[ALL:.+]] = vector.reduction <add>
  // CHECK: %[[SIZE:.+]] = math.absf %[[ALL]]
  // CHECK: %[[FINITE:.+]] = arith.cmpf olt, %[[SIZE]]
  // CHECK: %[[SUM:.+]] = scf.if %[[FINITE]] -> (vector<4xf32>) {
  // CHECK-NEXT: scf.yield
  // CHECK-COUNT-5: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_write %[[SUM]]
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = speculate>)
      ins(%value, %locations, %weights : tensor<1x6x1x4xf32>, tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf32>)
      outs(%init : tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// Neighbouring logits and offsets are read 16 bytes at a time; every channel
// shares one softmax.
// CHECK-LABEL: func.func @deformable_attention
//  CHECK-SAME: %[[REFERENCE:[a-z0-9]+]]: memref<1x1x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: memref<1x1x1x1x4x2xf32>, %[[LOGITS:[a-z0-9]+]]: memref<1x1x1x4xf32>
func.func @deformable_attention(%value: memref<1x6x1x8xf32>, %reference: memref<1x1x1x2xf32>, %offsets: memref<1x1x1x1x4x2xf32>, %logits: memref<1x1x1x4xf32>, %init: memref<1x1x1x8xf32>) {
  // CHECK-DAG: %[[FLAT:.+]] = memref.collapse_shape %[[OFFSETS]]
  // CHECK-DAG: vector.transfer_read %[[LOGITS]]{{.*}}, vector<4xf32>
  // CHECK-COUNT-4: math.exp %{{.+}} : f32
  // CHECK-COUNT-2: vector.transfer_read %[[FLAT]]{{.*}}, vector<4xf32>
  // CHECK: vector.transfer_write {{.*}} : vector<8xf32>, memref<1x1x1x8xf32>
  bev.deformable_attention level levels([2, 3]) schedule(<lanes = 8>)
      ins(%value, %reference, %offsets, %logits : memref<1x6x1x8xf32>, memref<1x1x1x2xf32>, memref<1x1x1x1x4x2xf32>, memref<1x1x1x4xf32>)
      outs(%init : memref<1x1x1x8xf32>)
  return
}

// Offsets that are not one after the other in memory are read one by one.
// CHECK-LABEL: func.func @strided_offsets
//  CHECK-SAME: %[[LOCATIONS:[a-z0-9]+]]: memref<1x1x1x1x2x2xf32, strided<[?, ?, ?, ?, ?, ?], offset: ?>>
func.func @strided_offsets(%value: memref<1x6x1x4xf32>, %locations: memref<1x1x1x1x2x2xf32, strided<[?, ?, ?, ?, ?, ?], offset: ?>>, %weights: memref<1x1x1x1x2xf32>, %init: memref<1x1x1x4xf32>) {
  // CHECK-COUNT-4: memref.load %[[LOCATIONS]]
  // CHECK: vector.transfer_write
  bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : memref<1x6x1x4xf32>, memref<1x1x1x1x2x2xf32, strided<[?, ?, ?, ?, ?, ?], offset: ?>>, memref<1x1x1x1x2xf32>)
      outs(%init : memref<1x1x1x4xf32>)
  return
}

// CHECK-LABEL: func.func @warp_bev
func.func @warp_bev(%prev: tensor<1x5x7x8xf32>, %angle: tensor<1xf32>, %reset: tensor<1xi1>, %row: index, %column: index, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: vector.transfer_read {{.*}} : tensor<1x5x7x8xf32>, vector<8xf32>
  // CHECK-NOT: vector.transfer_read
  // CHECK: arith.select %{{.+}}, %{{.+}}, %{{.+}} : vector<8xf32>
  // CHECK: vector.transfer_write
  %0 = bev.warp_bev nearest origin(%row, %column) schedule(<lanes = 8>)
      ins(%prev, %angle : tensor<1x5x7x8xf32>, tensor<1xf32>) reset(%reset : tensor<1xi1>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %0 : tensor<1x1x1x8xf32>
}

// As many channels as a schedule may have lanes are one vector, more are left to
// bev-decompose.
// CHECK-LABEL: func.func @widest
func.func @widest(%prev: tensor<1x2x2x1024xf32>, %angle: tensor<1xf32>, %init: tensor<1x1x1x1024xf32>) -> tensor<1x1x1x1024xf32> {
  // CHECK: vector.transfer_write {{.*}} : vector<1024xf32>
  %c0 = arith.constant 0 : index
  %0 = bev.warp_bev nearest origin(%c0, %c0) ins(%prev, %angle : tensor<1x2x2x1024xf32>, tensor<1xf32>)
      outs(%init : tensor<1x1x1x1024xf32>) -> tensor<1x1x1x1024xf32>
  return %0 : tensor<1x1x1x1024xf32>
}
// CHECK-LABEL: func.func @too_wide
func.func @too_wide(%prev: tensor<1x2x2x1025xf32>, %angle: tensor<1xf32>, %init: tensor<1x1x1x1025xf32>) -> tensor<1x1x1x1025xf32> {
  // CHECK-NOT: vector<
  // CHECK: bev.warp_bev
  %c0 = arith.constant 0 : index
  %0 = bev.warp_bev nearest origin(%c0, %c0) ins(%prev, %angle : tensor<1x2x2x1025xf32>, tensor<1xf32>)
      outs(%init : tensor<1x1x1x1025xf32>) -> tensor<1x1x1x1025xf32>
  return %0 : tensor<1x1x1x1025xf32>
}

// No row, or no channels: left to bev-decompose.
// CHECK-LABEL: func.func @left
func.func @left(%value: tensor<1x6x2x4xf32>, %locations: tensor<1x5x2x1x1x2xf32>, %weights: tensor<1x5x2x1x1xf32>, %init: tensor<1x5x2x4xf32>, %x: tensor<1x4xf32>) -> (tensor<1x5x2x4xf32>, tensor<1x4xf32>) {
  // CHECK: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3])
      ins(%value, %locations, %weights : tensor<1x6x2x4xf32>, tensor<1x5x2x1x1x2xf32>, tensor<1x5x2x1x1xf32>)
      outs(%init : tensor<1x5x2x4xf32>) -> tensor<1x5x2x4xf32>
  // CHECK: bev.inverse_sigmoid
  %1 = bev.inverse_sigmoid ins(%x : tensor<1x4xf32>) outs(%x : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0, %1 : tensor<1x5x2x4xf32>, tensor<1x4xf32>
}

// Packed: the neighbours are added up in f16, the samples in f32.
// CHECK-LABEL: func.func @packed
func.func @packed(%value: tensor<1x6x1x8xf16>, %locations: tensor<1x1x1x1x1x2xf32>, %weights: tensor<1x1x1x1x1xf32>, %init: tensor<1x1x1x8xf16>) -> tensor<1x1x1x8xf16> {
  // CHECK-COUNT-4: arith.truncf %{{.+}} : f32 to f16
  // CHECK-COUNT-4: vector.fma {{.*}} : vector<8xf16>
  // CHECK: %[[SAMPLE:.+]] = arith.extf %{{.+}} : vector<8xf16> to vector<8xf32>
  // CHECK: math.fma %[[SAMPLE]], {{.*}} : vector<8xf32>
  %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 8, packed = true>)
      ins(%value, %locations, %weights : tensor<1x6x1x8xf16>, tensor<1x1x1x1x1x2xf32>, tensor<1x1x1x1x1xf32>)
      outs(%init : tensor<1x1x1x8xf16>) -> tensor<1x1x1x8xf16>
  return %r : tensor<1x1x1x8xf16>
}

// The position is the index before the channels, and the head the one before.
// CHECK-LABEL: func.func @head_major
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x2x1x6x4xf32>
func.func @head_major(%value: tensor<1x2x1x6x4xf32>, %reference: tensor<1x2x1x1x2xf32>, %offsets: tensor<1x1x1x2x1x1x2xf32>, %logits: tensor<1x1x1x2x1xf32>, %init: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  // CHECK: %[[ROW:.+]] = arith.index_cast %{{.+}} : i32 to index
  // CHECK: vector.transfer_read %[[VALUE]][%[[ZERO:.+]], %[[ZERO]], %[[ZERO]], %[[ROW]], %[[ZERO]]], {{.*}} : tensor<1x2x1x6x4xf32>, vector<4xf32>
  %r = bev.temporal_self_attention levels([2, 3]) value_layout(head_major) schedule(<lanes = 4>)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x1x6x4xf32>, tensor<1x2x1x1x2xf32>, tensor<1x1x1x2x1x1x2xf32>, tensor<1x1x1x2x1xf32>)
      outs(%init : tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %r : tensor<1x1x1x4xf32>
}
