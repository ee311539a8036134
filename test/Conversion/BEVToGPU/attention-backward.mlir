// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-attention-backward-to-gpu))" | FileCheck %s
// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-attention-backward-to-gpu{vector-reductions}))" | FileCheck %s --check-prefix=VECTOR
// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-attention-backward-to-gpu{overlap-launches}))" | FileCheck %s --check-prefix=AHEAD

// AHEAD-NOT: griddepcontrol

// Unsorted: a kernel that zeroes, four stores for each thread, and one that
// adds up. A team of two threads has the channels of four samples: reads all of
// their neighbours, of one row of grad_out, and adds to memory after that.
// Results are exchanged and written by one each.
// CHECK-LABEL: func.func @direct
//  CHECK-SAME: (%[[VALUE:[a-z0-9]+]]: memref<1x600x2x8xf32>,
//  CHECK-SAME: memref<1x5x2x8xf32>, %[[GV:[a-z0-9]+]]: memref<1x600x2x8xf32>, %[[GL:[a-z0-9]+]]: memref<1x5x2x1x4x2xf32>, %[[GW:[a-z0-9]+]]: memref<1x5x2x1x4xf32>)
//   CHECK-NOT: memref.alloc
//   CHECK-DAG: %[[SUMS:.+]] = memref.collapse_shape %[[GV]] {{.*}} into memref<9600xf32>
//   CHECK-DAG: %[[MOVED:.+]] = memref.collapse_shape %[[GL]] {{.*}} into memref<40x2xf32>
//   CHECK-DAG: %[[WEIGHTS:.+]] = memref.collapse_shape %[[GW]] {{.*}} into memref<40xf32>
//       CHECK: gpu.launch blocks({{.+}}) in ({{.+}} = %c3{{[_0-9]*}}, {{.+}}) threads({{.+}}) in ({{.+}} = %c256{{[_0-9]*}},
// CHECK-COUNT-4: vector.transfer_write %{{.+}}, %[[SUMS]][%{{.+}}] {in_bounds = [true]} : vector<4xf32>
//       CHECK: gpu.launch blocks({{.+}}) in ({{.+}} = %c1{{[_0-9]*}}, {{.+}}) threads({{.+}}) in ({{.+}} = %c128{{[_0-9]*}},
// CHECK-COUNT-1: vector.transfer_read %{{.+}} : memref<10x8xf32>, vector<4xf32>
//   CHECK-NOT: memref<10x8xf32>
// CHECK-COUNT-16: vector.transfer_read %[[VALUE]]
//   CHECK-NOT: vector.transfer_read %[[VALUE]]
//       CHECK: llvm.inline_asm has_side_effects "red.relaxed.gpu.global.add.f32 [$0], $1;"
//       CHECK: llvm.inline_asm has_side_effects "red.relaxed.gpu.global.add.f32 [$0+12], $1;"
// CHECK-COUNT-8: gpu.shuffle xor
//       CHECK: vector.transfer_write %{{.+}}, %[[MOVED]]
//       CHECK: memref.store %{{.+}}, %[[WEIGHTS]]
//   CHECK-NOT: gpu.launch
//
// Once the kernel that zeroes has waited, all before it has ended: the next one
// may start, and waits for the zeros when it has read all that it needs.
// AHEAD-LABEL: func.func @direct
//       AHEAD: gpu.launch
//  AHEAD-NEXT: arith.index_cast
//  AHEAD-NEXT: nvvm.griddepcontrol wait
//  AHEAD-NEXT: nvvm.griddepcontrol launch_dependents
//       AHEAD: gpu.launch
//  AHEAD-NEXT: arith.index_cast
//  AHEAD-NEXT: nvvm.griddepcontrol launch_dependents
//   AHEAD-NOT: griddepcontrol
// AHEAD-COUNT-16: vector.transfer_read %arg0
//   AHEAD-NOT: red.relaxed
//       AHEAD: nvvm.griddepcontrol wait
//   AHEAD-NOT: vector.transfer_read
//       AHEAD: red.relaxed
//       AHEAD: nvvm.griddepcontrol wait
//  AHEAD-NEXT: gpu.terminator
// VECTOR-LABEL: func.func @direct
//      VECTOR: llvm.inline_asm has_side_effects "red.relaxed.gpu.global.add.v4.f32 [$0], {$1, $2, $3, $4};"
//  VECTOR-NOT: add.f32
func.func @direct(%value: memref<1x600x2x8xf32>, %locations: memref<1x5x2x1x4x2xf32>, %weights: memref<1x5x2x1x4xf32>, %grad: memref<1x5x2x8xf32>, %gv: memref<1x600x2x8xf32>, %gl: memref<1x5x2x1x4x2xf32>, %gw: memref<1x5x2x1x4xf32>) {
  bev.ms_deform_attn_backward levels([20, 30]) schedule(<lanes = 4, threads = 128, points = 4>)
      ins(%value, %locations, %weights, %grad : memref<1x600x2x8xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>, memref<1x5x2x8xf32>)
      outs(%gv, %gl, %gw : memref<1x600x2x8xf32>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>)
  return
}

// The sums of a narrower result are in f32. Where few of its rows are added to,
// only those are zeroed, 20 of 1200 here, and read again.
// CHECK-LABEL: func.func @sparse
//  CHECK-SAME: memref<1x5x2x8xf16>, %[[GV:[a-z0-9]+]]: memref<1x600x2x8xf16>
//   CHECK-DAG: %[[NARROW:.+]] = memref.collapse_shape %[[GV]] {{.*}} into memref<9600xf16>
//   CHECK-DAG: %[[SUMS:.+]] = memref.alloc() : memref<9600xf32>
//   CHECK-DAG: %[[TOUCHED:.+]] = memref.alloc() : memref<1200xi32>
//       CHECK: gpu.launch
//       CHECK: vector.transfer_write %{{.+}}, %[[TOUCHED]][%{{.+}}] {in_bounds = [true]} : vector<2xi32>
//       CHECK: gpu.launch
// CHECK-COUNT-4: vector.transfer_write %{{.+}}, %[[SUMS]][%{{.+}}] {in_bounds = [true]} : vector<4xf32>
//       CHECK: gpu.launch
//       CHECK: red.relaxed.gpu.global.add.f32
//       CHECK: gpu.launch
//       CHECK: memref.load %[[TOUCHED]]
//       CHECK: scf.if
//       CHECK: vector.transfer_read %[[SUMS]]
//       CHECK: arith.truncf %{{.+}} : vector<8xf32> to vector<8xf16>
//       CHECK: vector.transfer_write %{{.+}}, %[[NARROW]]
//   CHECK-NOT: gpu.launch
//       CHECK: memref.dealloc %[[SUMS]]
//       CHECK: memref.dealloc %[[TOUCHED]]
//
// Each kernel up to the sums lets the next one start when it has waited; the
// last one waits like any other.
// AHEAD-LABEL: func.func @sparse
//       AHEAD: gpu.launch
//  AHEAD-NEXT: arith.index_cast
//  AHEAD-NEXT: nvvm.griddepcontrol wait
//  AHEAD-NEXT: nvvm.griddepcontrol launch_dependents
//       AHEAD: gpu.launch
//   AHEAD-NOT: griddepcontrol
//       AHEAD: vector.transfer_read
//       AHEAD: nvvm.griddepcontrol wait
//  AHEAD-NEXT: nvvm.griddepcontrol launch_dependents
//       AHEAD: vector.transfer_write
//       AHEAD: gpu.launch
//  AHEAD-NEXT: arith.index_cast
//  AHEAD-NEXT: nvvm.griddepcontrol launch_dependents
//       AHEAD: nvvm.griddepcontrol wait
//       AHEAD: nvvm.griddepcontrol wait
//       AHEAD: gpu.launch
//   AHEAD-NOT: griddepcontrol
func.func @sparse(%value: memref<1x600x2x8xf16>, %locations: memref<1x5x2x1x4x2xf32>, %weights: memref<1x5x2x1x4xf32>, %grad: memref<1x5x2x8xf16>, %gv: memref<1x600x2x8xf16>, %gl: memref<1x5x2x1x4x2xf32>, %gw: memref<1x5x2x1x4xf32>) {
  bev.ms_deform_attn_backward levels([20, 30]) schedule(<lanes = 4, threads = 128, points = 4>)
      ins(%value, %locations, %weights, %grad : memref<1x600x2x8xf16>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>, memref<1x5x2x8xf16>)
      outs(%gv, %gl, %gw : memref<1x600x2x8xf16>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>)
  return
}

// The blocks that add up have whole rows: they begin with their weights, a
// thread for each row that reads all four logits, and go on to the gradients of
// logits.
// CHECK-LABEL: func.func @logits
//  CHECK-SAME: %[[LOGITS:[a-z0-9]+]]: memref<1x5x2x4xf16>
//  CHECK-SAME: %[[GL:[a-z0-9]+]]: memref<1x5x2x4xf16>)
//   CHECK-DAG: %[[FLAT:.+]] = memref.collapse_shape %[[LOGITS]] {{.*}} into memref<40xf16>
//   CHECK-DAG: %[[RESULT:.+]] = memref.collapse_shape %[[GL]] {{.*}} into memref<40xf16>
//   CHECK-NOT: memref.alloc
//       CHECK: gpu.launch
//   CHECK-NOT: %[[FLAT]]
//       CHECK: gpu.launch {{.*}} workgroup(%[[W:.+]] : memref<64xf32, #gpu.address_space<workgroup>>, %[[G:.+]] : memref<64xf32, #gpu.address_space<workgroup>>, %[[P:.+]] : memref<64xf32, #gpu.address_space<workgroup>>)
//       CHECK: vector.transfer_read %[[FLAT]]{{.*}} vector<4xf16>
//   CHECK-NOT: gpu.shuffle
// CHECK-COUNT-4: memref.store %{{.+}}, %[[W]]
//       CHECK: gpu.barrier
//       CHECK: memref.load %[[W]]
//   CHECK-NOT: memref.load %[[FLAT]]
//       CHECK: red.relaxed.gpu.global.add.f32
//       CHECK: memref.store %{{.+}}, %[[G]]
//       CHECK: memref.store %{{.+}}, %[[P]]
//       CHECK: gpu.barrier
//       CHECK: memref.load %[[P]]
//       CHECK: memref.load %[[G]]
//       CHECK: memref.load %[[W]]
//       CHECK: memref.store %{{.+}}, %[[RESULT]]
//   CHECK-NOT: gpu.launch
//       CHECK: return
// AHEAD-LABEL: func.func @logits
//       AHEAD: gpu.launch
//       AHEAD: gpu.launch
//       AHEAD: gpu.barrier
//       AHEAD: nvvm.griddepcontrol wait
func.func @logits(%value: memref<1x600x2x8xf16>, %reference: memref<1x5x1x2xf32>, %offsets: memref<1x5x2x1x4x2xf16>, %logits: memref<1x5x2x4xf16>, %grad: memref<1x5x2x8xf16>, %gv: memref<1x600x2x8xf32>, %go: memref<1x5x2x1x4x2xf16>, %gl: memref<1x5x2x4xf16>) {
  bev.deformable_attention_backward level levels([20, 30]) schedule(<lanes = 4, threads = 32, points = 4>)
      ins(%value, %reference, %offsets, %logits, %grad : memref<1x600x2x8xf16>, memref<1x5x1x2xf32>, memref<1x5x2x1x4x2xf16>, memref<1x5x2x4xf16>, memref<1x5x2x8xf16>)
      outs(%gv, %go, %gl : memref<1x600x2x8xf32>, memref<1x5x2x1x4x2xf16>, memref<1x5x2x4xf16>)
  return
}

// Rows of 40 would leave a third of a block of 64 samples without any: a kernel
// of its own, where five threads of eight read eight logits each. The one that
// adds up reads what the first writes, and can do nothing ahead of that.
// AHEAD-LABEL: func.func @long_rows
//   AHEAD-NOT: griddepcontrol
// CHECK-LABEL: func.func @long_rows
//       CHECK: gpu.launch
// CHECK-COUNT-6: gpu.shuffle xor
//   CHECK-NOT: gpu.shuffle
//       CHECK: gpu.launch
//       CHECK: red.relaxed.gpu.global.add.f32
//   CHECK-NOT: gpu.barrier
//       CHECK: gpu.launch
// CHECK-COUNT-3: gpu.shuffle xor
//   CHECK-NOT: gpu.shuffle
//       CHECK: vector.transfer_write {{.*}} vector<8xf16>
//   CHECK-NOT: gpu.launch
//       CHECK: return
func.func @long_rows(%value: memref<1x600x2x8xf16>, %reference: memref<1x5x1x2xf32>, %offsets: memref<1x5x2x1x40x2xf16>, %logits: memref<1x5x2x40xf16>, %grad: memref<1x5x2x8xf16>, %gv: memref<1x600x2x8xf32>, %go: memref<1x5x2x1x40x2xf16>, %gl: memref<1x5x2x40xf16>) {
  bev.deformable_attention_backward level levels([20, 30]) schedule(<lanes = 4, threads = 32, points = 4>)
      ins(%value, %reference, %offsets, %logits, %grad : memref<1x600x2x8xf16>, memref<1x5x1x2xf32>, memref<1x5x2x1x40x2xf16>, memref<1x5x2x40xf16>, memref<1x5x2x8xf16>)
      outs(%gv, %go, %gl : memref<1x600x2x8xf32>, memref<1x5x2x1x40x2xf16>, memref<1x5x2x40xf16>)
  return
}

// Sorted, of logits, and narrower: zeros and softmax; counts; their sums in two
// steps; records; sums; logits and rounding.
// AHEAD-LABEL: func.func @sorted
//   AHEAD-NOT: griddepcontrol
// CHECK-LABEL: func.func @sorted
// CHECK-COUNT-7: gpu.launch
//   CHECK-NOT: gpu.launch
//       CHECK: return
func.func @sorted(%value: memref<?x6x2x8xbf16>, %reference: memref<?x50x1x2xf32>, %offsets: memref<?x50x2x1x4x2xf32>, %logits: memref<?x50x2x4xf32>, %grad: memref<?x50x2x8xbf16>, %gv: memref<?x6x2x8xbf16>, %go: memref<?x50x2x1x4x2xf32>, %gl: memref<?x50x2x4xf32>) {
  bev.deformable_attention_backward level levels([2, 3]) schedule(<lanes = 4, threads = 128, points = 8, share = true>)
      ins(%value, %reference, %offsets, %logits, %grad : memref<?x6x2x8xbf16>, memref<?x50x1x2xf32>, memref<?x50x2x1x4x2xf32>, memref<?x50x2x4xf32>, memref<?x50x2x8xbf16>)
      outs(%gv, %go, %gl : memref<?x6x2x8xbf16>, memref<?x50x2x1x4x2xf32>, memref<?x50x2x4xf32>)
  return
}

// With one order nothing is zeroed but counts, and nothing is added in memory
// but those: counts; their sums; records; their order; the gradients of
// samples; those of value.
// CHECK-LABEL: func.func @deterministic
// CHECK-COUNT-8: gpu.launch
//   CHECK-NOT: gpu.launch
//       CHECK: return
// VECTOR-LABEL: func.func @deterministic
//  VECTOR-NOT: red.relaxed
func.func @deterministic(%value: memref<1x600x2x8xf16>, %locations: memref<1x5x2x1x4x2xf32>, %weights: memref<1x5x2x1x4xf32>, %grad: memref<1x5x2x8xf16>, %gv: memref<1x600x2x8xf16>, %gl: memref<1x5x2x1x4x2xf32>, %gw: memref<1x5x2x1x4xf32>) {
  bev.ms_deform_attn_backward deterministic levels([20, 30]) schedule(<lanes = 4, threads = 128, points = 4>)
      ins(%value, %locations, %weights, %grad : memref<1x600x2x8xf16>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>, memref<1x5x2x8xf16>)
      outs(%gv, %gl, %gw : memref<1x600x2x8xf16>, memref<1x5x2x1x4x2xf32>, memref<1x5x2x1x4xf32>)
  return
}
