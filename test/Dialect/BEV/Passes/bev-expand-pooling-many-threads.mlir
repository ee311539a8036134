// RUN: bev-opt %s -bev-expand-pooling=many-threads -canonicalize -cse -split-input-file | FileCheck %s

// 16384 cells are keys of 15 bits: three rounds of 5. The 14 chunks of 64
// points are few enough to be added up at once. A point goes where its chunk's
// points of its digit begin, after those before it.
// CHECK-LABEL: func.func @cells
//  CHECK-SAME: %[[CELLS:[a-z0-9]+]]: tensor<1x6x7x4x5xi32>
func.func @cells(%feat: tensor<1x6x4x5x8xf32>, %depth: tensor<1x6x7x4x5xf32>, %cells: tensor<1x6x7x4x5xi32>, %init: tensor<1x1x128x128x8xf32>) -> tensor<1x1x128x128x8xf32> {
  // CHECK: %[[KEYS:.+]] = linalg.generic
  // CHECK: %[[NUMBERS:.+]] = linalg.generic
  // CHECK: %[[COUNTS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<14x32xi32>)
  // CHECK: scf.for
  // CHECK:   tensor.extract %[[KEYS]]
  // CHECK:   arith.cmpi eq
  // CHECK: %[[TOTALS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<32xi32>)
  // CHECK:   tensor.extract %[[COUNTS]]
  // CHECK: %[[STARTS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<14x32xi32>)
  // CHECK:   tensor.extract %[[TOTALS]]
  // CHECK:   tensor.extract %[[COUNTS]]
  // CHECK: %[[ONCE:.+]]:2 = scf.forall (%{{.+}}) in (840)
  // CHECK:   tensor.extract %[[STARTS]]
  // CHECK:   scf.for
  // CHECK:     tensor.extract %[[KEYS]]
  // CHECK:     arith.cmpi eq
  // CHECK:   tensor.extract %[[NUMBERS]]
  // CHECK: %{{.+}}:2 = scf.forall (%{{.+}}) in (840)
  // CHECK: %[[SORTED:.+]]:2 = scf.forall (%{{.+}}) in (840)
  // CHECK-NOT: = scf.forall
  // CHECK: bev.interval_pool {{.*}} points(%[[SORTED]]#1, %{{.+}} : {{.*}}) bounds(%{{.+}} : tensor<1x1x128x128x2xi32>)
  %r = bev.voxel_pool ins(%feat : tensor<1x6x4x5x8xf32>) depth(%depth : tensor<1x6x7x4x5xf32>)
      cells(%cells : tensor<1x6x7x4x5xi32>)
      outs(%init : tensor<1x1x128x128x8xf32>) -> tensor<1x1x128x128x8xf32>
  return %r : tensor<1x1x128x128x8xf32>
}

// -----

// 1386 chunks: 87 sums of 16 chunks each, and 6 of 16 of those, are added up
// before, by loops as long as a group: what is not of it counts nothing.
// CHECK-LABEL: func.func @many_points
func.func @many_points(%feat: tensor<1x6x16x44x8xf32>, %depth: tensor<1x6x21x16x44xf32>, %cells: tensor<1x6x21x16x44xi32>, %init: tensor<1x1x8x7x8xf32>) -> tensor<1x1x8x7x8xf32> {
  // CHECK: %[[COUNTS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<1386x64xi32>)
  // CHECK: %[[SUMS:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<87x64xi32>)
  // CHECK:   scf.for %[[I:.+]] = %c0{{[_0-9]*}} to %c16{{[_0-9]*}} step
  // CHECK:     %[[ROW:.+]] = arith.addi %{{.+}}, %[[I]]
  // CHECK:     %[[THERE:.+]] = arith.cmpi slt, %[[ROW]]
  // CHECK:     %[[COUNT:.+]] = tensor.extract %[[COUNTS]]
  // CHECK:     arith.select %[[THERE]], %[[COUNT]], %c0_i32
  // CHECK: %[[MORE:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<6x64xi32>)
  // CHECK:   tensor.extract %[[SUMS]]
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<64xi32>)
  // CHECK:   scf.for %{{.+}} = %c0{{[_0-9]*}} to %c6{{[_0-9]*}} step
  // CHECK:   tensor.extract %[[MORE]]
  // CHECK: %[[FIRST:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<6x64xi32>)
  // CHECK: %[[SECOND:.+]] = linalg.generic {{.*}} outs(%{{.+}} : tensor<87x64xi32>)
  // CHECK:   tensor.extract %[[FIRST]]
  // CHECK:   tensor.extract %[[SUMS]]
  // CHECK: linalg.generic {{.*}} outs(%{{.+}} : tensor<1386x64xi32>)
  // CHECK:   tensor.extract %[[SECOND]]
  // CHECK:   tensor.extract %[[COUNTS]]
  %r = bev.voxel_pool ins(%feat : tensor<1x6x16x44x8xf32>) depth(%depth : tensor<1x6x21x16x44xf32>)
      cells(%cells : tensor<1x6x21x16x44xi32>)
      outs(%init : tensor<1x1x8x7x8xf32>) -> tensor<1x1x8x7x8xf32>
  return %r : tensor<1x1x8x7x8xf32>
}

// -----

// Where the number of points is not known, sums are added up twice before.
// CHECK-LABEL: func.func @dynamic
func.func @dynamic(%feat: tensor<?x6x4x5x8xf32>, %depth: tensor<?x6x7x4x5xf32>, %cells: tensor<?x6x7x4x5xi32>, %init: tensor<?x1x?x?x8xf32>) -> tensor<?x1x?x?x8xf32> {
  // CHECK: scf.for %{{.+}} = %c0 to %{{.+}} step %c6
  // CHECK-COUNT-7: linalg.generic
  // CHECK: scf.forall
  // CHECK: scf.yield
  %r = bev.voxel_pool ins(%feat : tensor<?x6x4x5x8xf32>) depth(%depth : tensor<?x6x7x4x5xf32>)
      cells(%cells : tensor<?x6x7x4x5xi32>)
      outs(%init : tensor<?x1x?x?x8xf32>) -> tensor<?x1x?x?x8xf32>
  return %r : tensor<?x1x?x?x8xf32>
}
