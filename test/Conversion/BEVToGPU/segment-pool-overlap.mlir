// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-segment-pool-to-gpu{overlaps=true bulk-prefetch=true}),convert-interval-pool-to-gpu{bulk-prefetch=true},canonicalize,cse)" -split-input-file | FileCheck %s
// RUN: bev-opt %s -pass-pipeline="builtin.module(func.func(convert-segment-pool-to-gpu{bulk-prefetch=true}),convert-interval-pool-to-gpu{bulk-prefetch=true})" -split-input-file | FileCheck %s --check-prefix=OFF

// A pool of sums starts while these are made: it finds its rows, and reads the
// first ranks, before it waits for them.

// OFF-NOT: nvvm.griddepcontrol

// What the first kernel has waited for is there for the second, which starts no
// earlier, and lets what follows start before it waits. It prefetches the tables,
// not the sums. That the result is allocated in between does not matter.
// CHECK-LABEL: func.func @pair
//  CHECK-SAME: %[[FEAT:[a-z0-9]+]]: memref<422x8xf16>, %[[DEPTH:[a-z0-9]+]]: memref<2492xf16>, %[[SEGMENTS:[a-z0-9]+]]: memref<?x3xi32>, %{{.+}}: index, %[[RANKS:[a-z0-9]+]]: memref<?xi32>, %[[BOUNDS:[a-z0-9]+]]: memref<12x2xi32>
// CHECK: %[[SUMS:.+]] = memref.alloc(%{{.+}}) : memref<?x8xf32>
// CHECK: gpu.launch
// CHECK-NOT: memref.load
// CHECK: nvvm.griddepcontrol wait
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK: memref.load %[[SEGMENTS]]
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: gpu.terminator
// CHECK: %[[OUT:.+]] = memref.alloc() : memref<12x8xf16>
// CHECK-NOT: extract_aligned_pointer_as_index %[[SUMS]]
// CHECK: gpu.launch
// CHECK-COUNT-2: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: nvvm.cp.async.bulk.prefetch
// CHECK: nvvm.griddepcontrol launch_dependents
// CHECK: memref.load %[[BOUNDS]]
// CHECK: gpu.barrier
// CHECK: memref.load %[[RANKS]]
// CHECK: nvvm.griddepcontrol wait
// CHECK: vector.transfer_write %{{.+}}, %[[OUT]]
// CHECK: vector.transfer_read %[[SUMS]]
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @pair(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index) -> memref<12x8xf16> {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  %out = memref.alloc() : memref<12x8xf16>
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  memref.dealloc %sums : memref<?x8xf32>
  return %out : memref<12x8xf16>
}

// -----

// What stands between may write the tables.
// CHECK-LABEL: func.func @write_between
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-2: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @write_between(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>) {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  %c0 = arith.constant 0 : index
  %none = arith.constant 0 : i32
  memref.store %none, %ranks[%c0] : memref<?xi32>
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// Depths are of other points.
// CHECK-LABEL: func.func @depths
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-2: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @depths(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>) {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) depth(%depth : memref<2492xf16>) points(%ranks, %ranks : memref<?xi32>, memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// Rows that lie side by side have no ranks to read ahead.
// CHECK-LABEL: func.func @no_ranks
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-2: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @no_ranks(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>) {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// A pool of something else.
// CHECK-LABEL: func.func @other
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-2: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @other(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>, %others: memref<?x8xf32>) {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%others : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// Sums of the caller may lie where a table does.
// CHECK-LABEL: func.func @same_buffer
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-2: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @same_buffer(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>, %sums: memref<?x8xf32>) {
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// Work items that have a row of their own are of another kernel.
// CHECK-LABEL: func.func @no_rows
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-1: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @no_rows(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<?x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>) {
  %sums = memref.alloc(%n) : memref<?x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<?x3xi32>) step(%w)
      outs(%sums : memref<?x8xf32>)
  bev.interval_pool schedule(<lanes = 8>)
      ins(%sums : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}

// -----

// No segments, no kernel to wait for.
// CHECK-LABEL: func.func @no_segments
// CHECK-NOT: nvvm.griddepcontrol
// CHECK-COUNT-1: gpu.launch
// CHECK-NOT: nvvm.griddepcontrol
// CHECK: return
func.func @no_segments(%feat: memref<422x8xf16>, %depth: memref<2492xf16>, %segments: memref<0x3xi32>, %w: index, %ranks: memref<?xi32>, %bounds: memref<12x2xi32>, %n: index, %out: memref<12x8xf16>) {
  %c0 = arith.constant 0 : index
  %sums = memref.alloc(%c0) : memref<?x8xf32>
  %none = memref.cast %sums : memref<?x8xf32> to memref<0x8xf32>
  bev.segment_pool schedule(<lanes = 4, rows = 2>)
      ins(%feat, %depth, %segments : memref<422x8xf16>, memref<2492xf16>, memref<0x3xi32>) step(%w)
      outs(%none : memref<0x8xf32>)
  bev.interval_pool schedule(<lanes = 8, prefetch = all, rows = 8>)
      ins(%sums : memref<?x8xf32>) points(%ranks : memref<?xi32>) bounds(%bounds : memref<12x2xi32>)
      outs(%out : memref<12x8xf16>)
  return
}
