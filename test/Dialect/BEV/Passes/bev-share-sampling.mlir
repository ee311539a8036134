// RUN: bev-opt %s -bev-share-sampling | FileCheck %s

// Two work items compute the records of two samples each, every second one, and
// then four channels each of all samples.
// CHECK-LABEL: func.func @given_weights
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x8xf32>
func.func @given_weights(%value: tensor<1x6x1x8xf32>, %locations: tensor<1x1x1x1x4x2xf32>, %weights: tensor<1x1x1x1x4xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: %[[RECORDS:.+]] = scf.forall (%[[T:.+]]) in (2) shared_outs({{.*}}) -> (tensor<4x4xi32>) {
  // CHECK: %[[W0:.+]] = vector.transfer_write {{.*}} : vector<4xi32>, tensor<2x4xi32>
  // CHECK: %[[W:.+]] = vector.transfer_write %{{.+}}, %[[W0]][%{{.+}}, %{{.+}}] {{.*}} : vector<4xi32>, tensor<2x4xi32>
  // CHECK: scf.forall.in_parallel
  // CHECK: tensor.parallel_insert_slice %[[W]] into %{{.+}}[%[[T]], 0] [2, 4] [2, 1] {{.*}} tensor<4x4xi32>
  // CHECK: %[[R:.+]] = scf.forall (%[[T:.+]]) in (2) shared_outs(%[[OUT:.+]] = {{.*}}) -> (tensor<1x1x1x8xf32>) {
  // CHECK: %[[CHANNEL:.+]] = arith.muli %[[T]], {{.*}}
  // CHECK: vector.transfer_read %[[RECORDS]]{{.*}} vector<4xi32>
  // CHECK: vector.transfer_read %[[VALUE]][{{.*}}, %[[CHANNEL]]], {{.*}}, vector<4xf32>
  // CHECK-COUNT-15: vector.transfer_read %[[VALUE]][
  // CHECK: tensor.parallel_insert_slice %{{.+}} into %[[OUT]][0, 0, 0, %[[CHANNEL]]] [1, 1, 1, 4]
  // CHECK: return %[[R]]
  %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %locations, %weights : tensor<1x6x1x8xf32>,
          tensor<1x1x1x1x4x2xf32>, tensor<1x1x1x1x4xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}

// Three samples leave one slot of four unused, and
// the sums of exponentials have a part of each work item.
// CHECK-LABEL: func.func @packed
func.func @packed(%value: tensor<1x6x1x16xf16>, %reference: tensor<1x1x1x2xf32>, %offsets: tensor<1x1x1x1x3x2xf16>, %logits: tensor<1x1x1x3xf16>, %init: tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16> {
  // CHECK: %[[RECORDS:.+]]:2 = scf.forall (%{{.+}}) in (4) shared_outs({{.*}}) -> (tensor<1x4xf32>, tensor<4x4xi32>) {
  // CHECK: arith.minui
  // CHECK: vector.transfer_write {{.*}} : vector<4xi32>, tensor<1x4xi32>
  // CHECK: tensor.insert %{{.+}} : tensor<1x1xf32>
  // CHECK: scf.forall (%{{.+}}) in (4)
  // CHECK-COUNT-12: vector.fma {{.*}} : vector<4xf16>
  // CHECK-NOT: vector.fma
  // CHECK: vector.transfer_read %[[RECORDS]]#0{{.*}} vector<4xf32>
  %r = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 4, share = true, packed = true>)
      ins(%value, %reference, %offsets, %logits : tensor<1x6x1x16xf16>, tensor<1x1x1x2xf32>, tensor<1x1x1x1x3x2xf16>, tensor<1x1x1x3xf16>)
      outs(%init : tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16>
  return %r : tensor<1x1x1x16xf16>
}

// Two samples have one branch, and all their neighbours are read before the
// first is used. Each work item computes records of two samples whose offsets are
// neighbours, four slots from one to the other.
// CHECK-LABEL: func.func @together
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x16xf16>, %{{[a-z0-9]+}}: tensor<1x1x1x2xf32>, %[[OFFSETS:[a-z0-9]+]]: tensor<1x1x1x1x8x2xf16>
func.func @together(%value: tensor<1x6x1x16xf16>, %reference: tensor<1x1x1x2xf32>, %offsets: tensor<1x1x1x1x8x2xf16>, %logits: tensor<1x1x1x8xf16>, %init: tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16> {
  // CHECK: %[[FLAT:.+]] = tensor.collapse_shape %[[OFFSETS]]
  // CHECK: scf.forall (%[[T:.+]]) in (4)
  // CHECK: vector.transfer_read %[[FLAT]]{{.*}}, vector<4xf16>
  // CHECK: %[[SLOTS:.+]] = tensor.extract_slice %{{.+}}[%[[T]], 0] [2, 4] [4, 1]
  // CHECK: %[[FIRST:.+]] = vector.transfer_write %{{.+}}, %[[SLOTS]][
  // CHECK: vector.transfer_write %{{.+}}, %[[FIRST]][
  // CHECK: scf.forall (%{{.+}}) in (4)
  // CHECK: %[[ANY:.+]] = arith.ori {{.*}} : i1
  // CHECK: scf.if %[[ANY]] -> (vector<4xf32>) {
  // CHECK-COUNT-8: vector.transfer_read %[[VALUE]][
  // CHECK-COUNT-8: vector.fma {{.*}} : vector<4xf16>
  // CHECK: scf.yield
  %r = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 4, guard = skip, share = true, packed = true, together = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x6x1x16xf16>, tensor<1x1x1x2xf32>, tensor<1x1x1x1x8x2xf16>, tensor<1x1x1x8xf16>)
      outs(%init : tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16>
  return %r : tensor<1x1x1x16xf16>
}

// All neighbours of a sample that touches the map are read, without asking which
// of them count. If the sum is not finite, it is computed again with guards, where
// records are read at what no compiler knows to be the same index.
// CHECK-LABEL: func.func @speculate
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x8xf32>
func.func @speculate(%value: tensor<1x6x1x8xf32>, %locations: tensor<1x1x1x1x2x2xf32>, %weights: tensor<1x1x1x1x2xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: %[[RECORDS:.+]] = scf.forall
  // CHECK: scf.forall
  // CHECK: %[[ANY:.+]] = arith.cmpi sge
  // CHECK: scf.if %[[ANY]] -> (vector<4xf32>) {
  // CHECK-NOT: scf.if
  // CHECK-COUNT-4: vector.transfer_read %[[VALUE]][
  // CHECK-NOT: scf.if
  // CHECK: scf.yield
  // CHECK: %[[SUM:.+]] = scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: %[[ALL:.+]] = vector.reduction <add>, %[[SUM]]
  // CHECK: %[[SIZE:.+]] = math.absf %[[ALL]]
  // CHECK: %[[FINITE:.+]] = arith.cmpf olt, %[[SIZE]], %{{.+}} : f32
  // CHECK: scf.if %[[FINITE]] -> (vector<4xf32>) {
  // CHECK-NEXT: scf.yield %[[SUM]]
  // CHECK: } else {
  // CHECK: %[[BITS:.+]] = arith.bitcast %[[ALL]]
  // CHECK: %[[EXPONENT:.+]] = arith.andi %[[BITS]]
  // CHECK: %[[ZERO:.+]] = arith.xori %[[EXPONENT]]
  // CHECK: %[[AGAIN:.+]] = arith.index_cast %[[ZERO]]
  // CHECK: %[[AT:.+]] = arith.addi %{{.+}}, %[[AGAIN]]
  // CHECK: vector.transfer_read %[[RECORDS]][%[[AT]],
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: scf.if %{{.+}} -> (vector<4xf32>) {
  // CHECK: vector.transfer_read %[[VALUE]][
  %r = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = speculate, share = true>)
      ins(%value, %locations, %weights : tensor<1x6x1x8xf32>, tensor<1x1x1x1x2x2xf32>, tensor<1x1x1x1x2xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}

// Where all of it fits f16, a record has two samples, and these are added up in
// f16 before they are in f32. If the sum is not finite, which it may be for that
// reason, it is computed again in f32.
// CHECK-LABEL: func.func @narrow
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x6x1x16xf16>
func.func @narrow(%value: tensor<1x6x1x16xf16>, %reference: tensor<1x1x1x2xf32>, %offsets: tensor<1x1x1x1x8x2xf16>, %logits: tensor<1x1x1x8xf16>, %init: tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16> {
  // CHECK: %[[RECORDS:.+]]:2 = scf.forall (%{{.+}}) in (4) shared_outs({{.*}}) -> (tensor<1x4xf32>, tensor<4x4xi32>) {
  // CHECK: vector.transfer_write {{.*}} : vector<4xi32>, tensor<1x4xi32>
  // CHECK: scf.forall (%{{.+}}) in (4)
  // CHECK: %[[ANY:.+]] = arith.ori {{.*}} : i1
  // CHECK: scf.if %[[ANY]] -> (vector<4xf32>) {
  // CHECK-COUNT-8: vector.transfer_read %[[VALUE]][
  // CHECK-COUNT-8: vector.fma {{.*}} : vector<4xf16>
  // CHECK-NOT: vector.fma
  // CHECK: %[[SUM:.+]] = arith.extf {{.*}} : vector<4xf16> to vector<4xf32>
  // CHECK-NEXT: %[[BOTH:.+]] = arith.addf %{{.+}}, %[[SUM]]
  // CHECK-NEXT: scf.yield %[[BOTH]]
  // CHECK: math.absf
  // CHECK: vector.transfer_read %[[RECORDS]]#1
  // CHECK: math.fma {{.*}} : vector<4xf32>
  %r = bev.deformable_attention level levels([2, 3]) schedule(<lanes = 4, guard = speculate, share = true, packed = true, together = 2>)
      ins(%value, %reference, %offsets, %logits : tensor<1x6x1x16xf16>, tensor<1x1x1x2xf32>, tensor<1x1x1x1x8x2xf16>, tensor<1x1x1x8xf16>)
      outs(%init : tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16>
  return %r : tensor<1x1x1x16xf16>
}

// Weights of f32 are multiplied by a power of two that makes the largest finite
// one fit f16, and the sum by the inverse. Those of f16 stay as they are.
// CHECK-LABEL: func.func @scaled_weights
func.func @scaled_weights(%value: tensor<1x6x1x16xf16>, %locations: tensor<1x1x1x1x8x2xf32>, %weights: tensor<1x1x1x1x8xf32>, %halves: tensor<1x1x1x1x8xf16>, %init: tensor<1x1x1x16xf16>) -> (tensor<1x1x1x16xf16>, tensor<1x1x1x16xf16>) {
  // CHECK: %[[EACH:.+]] = scf.forall (%{{.+}}) in (4) {{.*}} -> (tensor<4xf32>) {
  // CHECK: %[[ABS:.+]] = math.absf
  // CHECK: %[[MAX:.+]] = arith.constant 3.40282347E+38 : f32
  // CHECK: %[[FINITE:.+]] = arith.cmpf ole, %[[ABS]], %[[MAX]]
  // CHECK: %[[ZERO:.+]] = arith.constant 0.000000e+00 : f32
  // CHECK: arith.select %[[FINITE]], %[[ABS]], %[[ZERO]]
  // CHECK: scf.forall (%{{.+}}) in (4) {{.*}} -> (tensor<4x4xi32>) {
  // CHECK: vector.transfer_read %[[EACH]]
  // CHECK: arith.constant 2139095040 : i32
  // CHECK: %[[EXPONENT:.+]] = arith.andi
  // CHECK: %[[LEAST:.+]] = arith.constant 25165824 : i32
  // CHECK: %[[CLAMPED:.+]] = arith.maxsi %[[EXPONENT]], %[[LEAST]]
  // CHECK: %[[TWICE:.+]] = arith.constant -2147483648 : i32
  // CHECK: %[[POWER:.+]] = arith.subi %[[TWICE]], %[[CLAMPED]]
  // CHECK: %[[SCALE:.+]] = arith.bitcast %[[POWER]] : i32 to f32
  // CHECK-COUNT-2: arith.mulf %{{.+}}, %[[SCALE]]
  // CHECK: scf.forall (%{{.+}}) in (4) {{.*}} -> (tensor<1x1x1x16xf16>) {
  // CHECK: vector.transfer_read %[[EACH]]
  // CHECK: %[[CLAMPED:.+]] = arith.maxsi
  // CHECK: %[[BITS:.+]] = arith.constant 16777216 : i32
  // CHECK: arith.subi %[[CLAMPED]], %[[BITS]]
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = speculate, share = true, packed = true, together = 2>)
      ins(%value, %locations, %weights : tensor<1x6x1x16xf16>, tensor<1x1x1x1x8x2xf32>, tensor<1x1x1x1x8xf32>)
      outs(%init : tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16>
  // CHECK: scf.forall (%{{.+}}) in (4) {{.*}} -> (tensor<4x4xi32>) {
  %1 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, guard = speculate, share = true, packed = true, together = 2>)
      ins(%value, %locations, %halves : tensor<1x6x1x16xf16>, tensor<1x1x1x1x8x2xf32>, tensor<1x1x1x1x8xf16>)
      outs(%init : tensor<1x1x1x16xf16>) -> tensor<1x1x1x16xf16>
  return %0, %1 : tensor<1x1x1x16xf16>, tensor<1x1x1x16xf16>
}

// Cameras come one after the other, and those that do not see the query take no
// part.
// CHECK-LABEL: func.func @cameras
func.func @cameras(%value: tensor<1x?x6x1x8xf32>, %uv: tensor<1x?x1x2x2xf32>, %visible: tensor<1x?x1x2xi1>, %offsets: tensor<1x1x1x1x2x2xf32>, %logits: tensor<1x1x1x2xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<8xf32>)
  // CHECK: scf.for {{.*}} -> (tensor<8xf32>, tensor<1x2xf32>, i32)
  // CHECK: scf.if {{.*}} -> (tensor<8xf32>, tensor<1x2xf32>, i32)
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<1x2xf32>, tensor<2x4xi32>)
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<8xf32>)
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<1x1x1x8xf32>)
  %r = bev.spatial_cross_attention levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x?x6x1x8xf32>, tensor<1x?x1x2x2xf32>, tensor<1x?x1x2xi1>, tensor<1x1x1x1x2x2xf32>, tensor<1x1x1x2xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}

// Of cameras whose number is known, the team first lists those that see the
// query, two and two: the loop visits no others.
// CHECK-LABEL: func.func @listed_cameras
func.func @listed_cameras(%value: tensor<1x3x6x1x8xf32>, %uv: tensor<1x3x1x2x2xf32>, %visible: tensor<1x3x1x2xi1>, %offsets: tensor<1x1x1x1x2x2xf32>, %logits: tensor<1x1x1x2xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: %[[PARTS:.+]] = scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<2xi32>)
  // CHECK: %[[BITS:.+]] = vector.transfer_read %[[PARTS]]
  // CHECK: %[[A:.+]] = vector.extract %[[BITS]][0]
  // CHECK: %[[B:.+]] = vector.extract %[[BITS]][1]
  // CHECK: %[[LIST:.+]] = arith.ori %[[A]], %[[B]]
  // CHECK: %[[HITS:.+]] = math.ctpop %[[LIST]]
  // CHECK: %[[END:.+]] = arith.index_cast %[[HITS]]
  // CHECK: scf.for %{{.+}} = %{{.+}} to %[[END]] {{.*}} -> (tensor<8xf32>, tensor<1x2xf32>, i32)
  // CHECK: math.cttz
  // CHECK-NOT: scf.if {{.*}} -> (tensor
  // CHECK: return
  %r = bev.spatial_cross_attention levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %uv, %visible, %offsets, %logits : tensor<1x3x6x1x8xf32>, tensor<1x3x1x2x2xf32>, tensor<1x3x1x2xi1>, tensor<1x1x1x1x2x2xf32>, tensor<1x1x1x2xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}

// Frames are samples of one loop.
// CHECK-LABEL: func.func @frames
func.func @frames(%value: tensor<1x2x6x1x8xf32>, %reference: tensor<1x2x1x1x2xf32>, %offsets: tensor<1x1x1x2x1x2x2xf32>, %logits: tensor<1x1x1x2x2xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<2x2xf32>, tensor<4x4xi32>)
  // CHECK: scf.forall (%{{.+}}) in (2) {{.*}} -> (tensor<1x1x1x8xf32>)
  %r = bev.temporal_self_attention levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %reference, %offsets, %logits : tensor<1x2x6x1x8xf32>, tensor<1x2x1x1x2xf32>, tensor<1x1x1x2x1x2x2xf32>, tensor<1x1x1x2x2xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}

// Not asked for, not a row, or a row of one work item: left as it is.
// CHECK-LABEL: func.func @left
func.func @left(%value: tensor<1x6x1x8xf32>, %locations: tensor<1x5x1x1x4x2xf32>, %weights: tensor<1x5x1x1x4xf32>, %init: tensor<1x5x1x8xf32>, %one_location: tensor<1x1x1x1x4x2xf32>, %one_weight: tensor<1x1x1x1x4xf32>, %row: tensor<1x1x1x8xf32>) -> (tensor<1x5x1x8xf32>, tensor<1x1x1x8xf32>, tensor<1x1x1x8xf32>) {
  // CHECK-COUNT-3: bev.ms_deform_attn
  %0 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4, share = true>)
      ins(%value, %locations, %weights : tensor<1x6x1x8xf32>, tensor<1x5x1x1x4x2xf32>, tensor<1x5x1x1x4xf32>)
      outs(%init : tensor<1x5x1x8xf32>) -> tensor<1x5x1x8xf32>
  %1 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 4>)
      ins(%value, %one_location, %one_weight : tensor<1x6x1x8xf32>, tensor<1x1x1x1x4x2xf32>, tensor<1x1x1x1x4xf32>)
      outs(%row : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  %2 = bev.ms_deform_attn levels([2, 3]) schedule(<lanes = 8, share = true>)
      ins(%value, %one_location, %one_weight : tensor<1x6x1x8xf32>, tensor<1x1x1x1x4x2xf32>, tensor<1x1x1x1x4xf32>)
      outs(%row : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %0, %1, %2 : tensor<1x5x1x8xf32>, tensor<1x1x1x8xf32>, tensor<1x1x1x8xf32>
}

// The position is the index before the channels.
// CHECK-LABEL: func.func @head_major
//  CHECK-SAME: %[[VALUE:[a-z0-9]+]]: tensor<1x1x6x8xf32>
func.func @head_major(%value: tensor<1x1x6x8xf32>, %locations: tensor<1x1x1x1x4x2xf32>, %weights: tensor<1x1x1x1x4xf32>, %init: tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32> {
  // CHECK: scf.forall
  // CHECK: scf.forall
  // CHECK: %[[CHANNEL:.+]] = arith.muli
  // CHECK: %[[ROW:.+]] = arith.index_cast %{{.+}} : i32 to index
  // CHECK: vector.transfer_read %[[VALUE]][%[[ZERO:.+]], %[[ZERO]], %[[ROW]], %[[CHANNEL]]], {{.*}}, vector<4xf32>
  %r = bev.ms_deform_attn levels([2, 3]) value_layout(head_major) schedule(<lanes = 4, share = true>)
      ins(%value, %locations, %weights : tensor<1x1x6x8xf32>, tensor<1x1x1x1x4x2xf32>, tensor<1x1x1x1x4xf32>)
      outs(%init : tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %r : tensor<1x1x1x8xf32>
}
