// RUN: bev-opt %s --split-input-file --pass-pipeline="builtin.module(func.func(convert-linalg-reductions-to-gpu,canonicalize,cse))" | FileCheck %s

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>

// One warp reads its row once, and sums that nothing else reads are not
// written.
// CHECK-LABEL: @normalize
//  CHECK-SAME: %[[X:.+]]: memref<100x64xf32>
//       CHECK: %[[Y:.+]] = memref.alloc() : memref<100x64xf32>
//   CHECK-NOT: memref.alloc
//       CHECK: gpu.launch blocks({{.*}}) in (%{{.+}} = %c13
//       CHECK:   %[[A:.+]] = memref.load %[[X]]
//       CHECK:   %[[B:.+]] = memref.load %[[X]]
// CHECK-COUNT-5: gpu.shuffle xor
//   CHECK-NOT:   memref.load
//   CHECK-NOT:   scf.for
//       CHECK:   %[[SUM:.+]] = arith.addf %{{.+}}, %cst
//       CHECK:   %[[C:.+]] = arith.divf %[[A]], %[[SUM]]
//       CHECK:   memref.store %[[C]], %[[Y]]
//       CHECK:   %[[D:.+]] = arith.divf %[[B]], %[[SUM]]
//       CHECK:   memref.store %[[D]], %[[Y]]
//   CHECK-NOT: gpu.launch
func.func @normalize(%x: memref<100x64xf32>) -> memref<100x64xf32> {
  %y = memref.alloc() : memref<100x64xf32>
  %one = arith.constant 1.0 : f32
  %sum = memref.alloc() : memref<100xf32>
  linalg.fill ins(%one : f32) outs(%sum : memref<100xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<100x64xf32>) outs(%sum : memref<100xf32>) dimensions = [1]
  linalg.generic {indexing_maps = [#element, #row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : memref<100x64xf32>, memref<100xf32>) outs(%y : memref<100x64xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %0 = arith.divf %in, %total : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %sum : memref<100xf32>
  return %y : memref<100x64xf32>
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>
#vector = affine_map<(r) -> (r)>

// What comes before and after is of the same kernel, and what others read is
// written: numbers of a row by one thread. Views change nothing, and neither
// does what has nothing to do with it.
// CHECK-LABEL: @around
//  CHECK-SAME: %[[A:.+]]: memref<10x40xf32>, %[[P:.+]]: memref<10x40xf32>
//       CHECK: %[[Z:.+]] = memref.alloc() : memref<2x5x40xf32>
//       CHECK: %[[O:.+]] = memref.alloc() : memref<7xf32>
//       CHECK: %[[X:.+]] = memref.alloc() : memref<10x40xf32>
//       CHECK: %[[MEAN:.+]] = memref.alloc() : memref<10xf32>
//       CHECK: linalg.fill
//  CHECK-SAME:   %[[O]]
//       CHECK: gpu.launch
//       CHECK:   memref.load %[[A]]
//       CHECK:   memref.store %{{.+}}, %[[X]]
//       CHECK:   scf.if
//       CHECK:     memref.store %{{.+}}, %[[X]]
// CHECK-COUNT-5: gpu.shuffle
//       CHECK:   %[[FIRST:.+]] = arith.cmpi eq, %{{.+}}, %c0
//       CHECK:   scf.if %[[FIRST]] {
//  CHECK-NEXT:     memref.store %{{.+}}, %[[MEAN]]
//   CHECK-NOT:   memref.load
//       CHECK:   memref.store %{{.+}}, %[[Z]]
//   CHECK-NOT: linalg.generic
//       CHECK: return %[[X]], %[[MEAN]]
func.func @around(%a: memref<10x40xf32>, %p: memref<10x40xf32>) -> (memref<10x40xf32>, memref<10xf32>, memref<2x5x40xf32>, memref<7xf32>) {
  %z = memref.alloc() : memref<2x5x40xf32>
  %other = memref.alloc() : memref<7xf32>
  %zero = arith.constant 0.0 : f32
  %count = arith.constant 40.0 : f32
  %x = memref.alloc() : memref<10x40xf32>
  linalg.generic {indexing_maps = [#element, #element, #element], iterator_types = ["parallel", "parallel"]}
      ins(%a, %p : memref<10x40xf32>, memref<10x40xf32>) outs(%x : memref<10x40xf32>) {
  ^bb0(%0: f32, %1: f32, %out: f32):
    %2 = arith.mulf %0, %1 : f32
    linalg.yield %2 : f32
  }
  %sum = memref.alloc() : memref<10xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<10xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<10x40xf32>) outs(%sum : memref<10xf32>) dimensions = [1]
  %mean = memref.alloc() : memref<10xf32>
  linalg.generic {indexing_maps = [#vector, #vector], iterator_types = ["parallel"]}
      ins(%sum : memref<10xf32>) outs(%mean : memref<10xf32>) {
  ^bb0(%total: f32, %out: f32):
    %0 = arith.divf %total, %count : f32
    linalg.yield %0 : f32
  }
  linalg.fill ins(%zero : f32) outs(%other : memref<7xf32>)
  %y = memref.alloc() : memref<10x40xf32>
  linalg.generic {indexing_maps = [#element, #row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %mean : memref<10x40xf32>, memref<10xf32>) outs(%y : memref<10x40xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %0 = arith.subf %in, %m : f32
    linalg.yield %0 : f32
  }
  %y3 = memref.expand_shape %y [[0, 1], [2]] output_shape [2, 5, 40] : memref<10x40xf32> into memref<2x5x40xf32>
  %p3 = memref.expand_shape %p [[0, 1], [2]] output_shape [2, 5, 40] : memref<10x40xf32> into memref<2x5x40xf32>
  linalg.add ins(%y3, %p3 : memref<2x5x40xf32>, memref<2x5x40xf32>) outs(%z : memref<2x5x40xf32>)
  memref.dealloc %sum : memref<10xf32>
  memref.dealloc %y : memref<10x40xf32>
  return %x, %mean, %z, %other : memref<10x40xf32>, memref<10xf32>, memref<2x5x40xf32>, memref<7xf32>
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>

// Rows of a size that is not known are read again. Those of one that is the
// same may be known by another name.
// CHECK-LABEL: @dynamic
//       CHECK: scf.if
//       CHECK: gpu.launch
//       CHECK:   scf.for
// CHECK-COUNT-5: gpu.shuffle
//       CHECK:   scf.for
//   CHECK-NOT: linalg.generic
func.func @dynamic(%x: memref<?x?xf16>) -> memref<?x?xf16> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = memref.dim %x, %c0 : memref<?x?xf16>
  %columns = memref.dim %x, %c1 : memref<?x?xf16>
  %sum = memref.alloc(%rows) : memref<?xf32>
  %y = memref.alloc(%rows, %columns) : memref<?x?xf16>
  linalg.fill ins(%zero : f32) outs(%sum : memref<?xf32>)
  linalg.generic {indexing_maps = [#element, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<?x?xf16>) outs(%sum : memref<?xf32>) {
  ^bb0(%in: f16, %out: f32):
    %0 = arith.extf %in : f16 to f32
    %1 = arith.addf %out, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {indexing_maps = [#row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%sum : memref<?xf32>) outs(%y : memref<?x?xf16>) {
  ^bb0(%total: f32, %out: f16):
    %0 = arith.truncf %total : f32 to f16
    linalg.yield %0 : f16
  }
  memref.dealloc %sum : memref<?xf32>
  return %y : memref<?x?xf16>
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>

// Eight lanes have a row of five elements: those behind its end repeat the last
// one and write nothing, and neither do those behind the last row.
// CHECK-LABEL: @short
//       CHECK: gpu.launch
//       CHECK:   %[[INSIDE:.+]] = arith.cmpi ult, %{{.+}}, %c33
//       CHECK:   arith.minui %{{.+}}, %c32
//       CHECK:   %[[EXISTS:.+]] = arith.cmpi ult, %{{.+}}, %c5
//       CHECK:   arith.minui %{{.+}}, %c4
//       CHECK:   arith.select %[[EXISTS]]
// CHECK-COUNT-3: gpu.shuffle
//   CHECK-NOT:   gpu.shuffle
//       CHECK:   %[[WRITES:.+]] = arith.andi %[[INSIDE]], %[[EXISTS]]
//       CHECK:   scf.if %[[WRITES]] {
//  CHECK-NEXT:     memref.store
func.func @short(%x: memref<33x5xi32>) {
  %zero = arith.constant 0 : i32
  %sum = memref.alloc() : memref<33xi32>
  linalg.fill ins(%zero : i32) outs(%sum : memref<33xi32>)
  linalg.reduce { arith.maxsi } ins(%x : memref<33x5xi32>) outs(%sum : memref<33xi32>) dimensions = [1]
  linalg.generic {indexing_maps = [#row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%sum : memref<33xi32>) outs(%x : memref<33x5xi32>) {
  ^bb0(%total: i32, %out: i32):
    %0 = arith.subi %out, %total : i32
    linalg.yield %0 : i32
  }
  memref.dealloc %sum : memref<33xi32>
  return
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>
#column = affine_map<(r, c) -> (c)>

// Not where another row's number is read, or something in between needs what
// the kernel writes.
// CHECK-LABEL: @other_rows
//       CHECK: gpu.launch
//       CHECK: linalg.generic
func.func @other_rows(%x: memref<64x64xf32>) -> memref<64x64xf32> {
  %y = memref.alloc() : memref<64x64xf32>
  %zero = arith.constant 0.0 : f32
  %sum = memref.alloc() : memref<64xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<64xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<64x64xf32>) outs(%sum : memref<64xf32>) dimensions = [1]
  linalg.generic {indexing_maps = [#element, #column, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : memref<64x64xf32>, memref<64xf32>) outs(%y : memref<64x64xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %0 = arith.divf %in, %total : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %sum : memref<64xf32>
  return %y : memref<64x64xf32>
}

// CHECK-LABEL: @read_between
//       CHECK: gpu.launch
//       CHECK: memref.copy
//       CHECK: linalg.generic
func.func @read_between(%x: memref<64x64xf32>, %z: memref<64xf32>) -> memref<64x64xf32> {
  %y = memref.alloc() : memref<64x64xf32>
  %zero = arith.constant 0.0 : f32
  %sum = memref.alloc() : memref<64xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<64xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<64x64xf32>) outs(%sum : memref<64xf32>) dimensions = [1]
  memref.copy %sum, %z : memref<64xf32> to memref<64xf32>
  linalg.generic {indexing_maps = [#element, #row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : memref<64x64xf32>, memref<64xf32>) outs(%y : memref<64x64xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %0 = arith.divf %in, %total : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %sum : memref<64xf32>
  return %y : memref<64x64xf32>
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>

// Six rows of a million elements are many threads' work.
// CHECK-LABEL: @few_long_rows
//       CHECK: gpu.launch
//       CHECK: linalg.generic
func.func @few_long_rows(%x: memref<6x1000000xf32>) -> memref<6x1000000xf32> {
  %y = memref.alloc() : memref<6x1000000xf32>
  %zero = arith.constant 0.0 : f32
  %sum = memref.alloc() : memref<6xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<6xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<6x1000000xf32>) outs(%sum : memref<6xf32>) dimensions = [1]
  linalg.generic {indexing_maps = [#element, #row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : memref<6x1000000xf32>, memref<6xf32>) outs(%y : memref<6x1000000xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %0 = arith.divf %in, %total : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %sum : memref<6xf32>
  return %y : memref<6x1000000xf32>
}

// -----

#element = affine_map<(r, c) -> (r, c)>
#row = affine_map<(r, c) -> (r)>
#left = affine_map<(r, c, k) -> (r, k)>
#right = affine_map<(r, c, k) -> (k, c)>
#product = affine_map<(r, c, k) -> (r, c)>

// A bias goes into the loops of the product before it.
// CHECK-LABEL: @after_product
//       CHECK: linalg.generic
//       CHECK: linalg.generic
//       CHECK: gpu.launch
func.func @after_product(%a: memref<10x40xf32>, %b: memref<40x64xf32>, %m: memref<10x64xf32>) -> memref<10x64xf32> {
  %y = memref.alloc() : memref<10x64xf32>
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#left, #right, #product], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<10x40xf32>, memref<40x64xf32>) outs(%m : memref<10x64xf32>) {
  ^bb0(%0: f32, %1: f32, %out: f32):
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %out, %2 : f32
    linalg.yield %3 : f32
  }
  %x = memref.alloc() : memref<10x64xf32>
  linalg.generic {indexing_maps = [#element, #element], iterator_types = ["parallel", "parallel"]}
      ins(%m : memref<10x64xf32>) outs(%x : memref<10x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  }
  %sum = memref.alloc() : memref<10xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<10xf32>)
  linalg.reduce { arith.addf } ins(%x : memref<10x64xf32>) outs(%sum : memref<10xf32>) dimensions = [1]
  linalg.generic {indexing_maps = [#element, #row, #element], iterator_types = ["parallel", "parallel"]}
      ins(%x, %sum : memref<10x64xf32>, memref<10xf32>) outs(%y : memref<10x64xf32>) {
  ^bb0(%in: f32, %total: f32, %out: f32):
    %0 = arith.divf %in, %total : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %sum : memref<10xf32>
  memref.dealloc %x : memref<10x64xf32>
  return %y : memref<10x64xf32>
}
