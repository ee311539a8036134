// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-linalg-reductions-to-gpu))" | FileCheck %s

// One warp per row.
// CHECK-LABEL: @rows
//       CHECK: gpu.launch
//       CHECK:   scf.for {{.*}} step %{{.*}} iter_args
//       CHECK:   gpu.shuffle xor
//   CHECK-NOT:   gpu.barrier
//       CHECK:   memref.store
func.func @rows(%a: memref<4000x64xf32>, %b: memref<4000xf32>) {
  linalg.reduce { arith.maximumf } ins(%a : memref<4000x64xf32>) outs(%b : memref<4000xf32>) dimensions = [1]
  return
}

// One block for the only output.
// CHECK-LABEL: @total
//       CHECK: gpu.launch {{.*}} workgroup(%{{.*}} : memref<8xf32, #gpu.address_space<workgroup>>)
//       CHECK:   gpu.barrier
func.func @total(%a: memref<100000xf32>, %b: memref<f32>) {
  linalg.reduce { arith.addf } ins(%a : memref<100000xf32>) outs(%b : memref<f32>) dimensions = [0]
  return
}

// Threads of neighbouring outputs read neighbouring elements already.
// CHECK-LABEL: @matmul
//   CHECK-NOT: gpu.launch
//       CHECK: linalg.matmul
func.func @matmul(%a: memref<256x64xf32>, %b: memref<64x256xf32>, %c: memref<256x256xf32>) {
  linalg.matmul ins(%a, %b : memref<256x64xf32>, memref<64x256xf32>) outs(%c : memref<256x256xf32>)
  return
}

// What fills the output before is where the sums end.
// CHECK-LABEL: @filled
//  CHECK-SAME: %[[A:[a-z0-9]+]]: memref<4000x64xf32>, %[[V:[a-z0-9]+]]: f32
//   CHECK-NOT: linalg.fill
//       CHECK: gpu.launch
//       CHECK:   %[[SUM:.+]] = arith.addf %[[V]], %{{.+}} : f32
//       CHECK:   memref.store %[[SUM]]
func.func @filled(%a: memref<4000x64xf32>, %v: f32) -> memref<4000xf32> {
  %b = memref.alloc() : memref<4000xf32>
  linalg.fill ins(%v : f32) outs(%b : memref<4000xf32>)
  linalg.reduce { arith.addf } ins(%a : memref<4000x64xf32>) outs(%b : memref<4000xf32>) dimensions = [1]
  return %b : memref<4000xf32>
}

// Not where something reads or writes in between, or a caller sees it.
// CHECK-LABEL: @read_between
//       CHECK: linalg.fill
//       CHECK: memref.copy
//       CHECK: gpu.launch
//       CHECK: linalg.fill
//       CHECK: memref.store
//       CHECK: gpu.launch
//       CHECK: linalg.fill
//       CHECK: gpu.launch
func.func @read_between(%a: memref<4000x64xf32>, %v: f32, %c: memref<4000xf32>, %d: memref<4000xf32>, %i: index) -> (memref<4000xf32>, memref<4000xf32>) {
  %b = memref.alloc() : memref<4000xf32>
  linalg.fill ins(%v : f32) outs(%b : memref<4000xf32>)
  memref.copy %b, %c : memref<4000xf32> to memref<4000xf32>
  linalg.reduce { arith.addf } ins(%a : memref<4000x64xf32>) outs(%b : memref<4000xf32>) dimensions = [1]
  %e = memref.alloc() : memref<4000xf32>
  linalg.fill ins(%v : f32) outs(%e : memref<4000xf32>)
  memref.store %v, %e[%i] : memref<4000xf32>
  linalg.reduce { arith.addf } ins(%a : memref<4000x64xf32>) outs(%e : memref<4000xf32>) dimensions = [1]
  linalg.fill ins(%v : f32) outs(%d : memref<4000xf32>)
  linalg.reduce { arith.addf } ins(%a : memref<4000x64xf32>) outs(%d : memref<4000xf32>) dimensions = [1]
  return %b, %e : memref<4000xf32>, memref<4000xf32>
}

// Threads exchange 32 bits.
// CHECK-LABEL: @bytes
//       CHECK:   %[[WIDE:.+]] = arith.extui %[[OWN:.+]] : i8 to i32
//       CHECK:   %[[SENT:.+]], %{{.+}} = gpu.shuffle  xor %[[WIDE]]
//       CHECK:   %[[OTHER:.+]] = arith.trunci %[[SENT]] : i32 to i8
//       CHECK:   arith.addi %[[OWN]], %[[OTHER]] : i8
func.func @bytes(%a: memref<4000x64xi8>, %b: memref<4000xi8>) {
  linalg.reduce { arith.addi } ins(%a : memref<4000x64xi8>) outs(%b : memref<4000xi8>) dimensions = [1]
  return
}
