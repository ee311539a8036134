// RUN: bev-opt %s -split-input-file -pass-pipeline="builtin.module(gpu.module(bev-overlap-launches))" | FileCheck %s

// Every thread waits, before the first access; what touches no memory stands
// before that. Functions that are no kernels stay as they are.

// CHECK-LABEL: gpu.module @kernels
// CHECK: llvm.mlir.global external constant @bevrt_kernels_wait(1 : i8) {addr_space = 4 : i32}
// CHECK-LABEL: llvm.func @helper
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: llvm.func @kernel
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK-NEXT: nvvm.read.ptx.sreg.tid.x
// CHECK-NEXT: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.load
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: llvm.func @guarded
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK: llvm.icmp
// CHECK-NEXT: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.cond_br
// CHECK-NOT: griddepcontrol
gpu.module @kernels [#nvvm.target<chip = "sm_90">] {
  llvm.func @helper(%p: !llvm.ptr) {
    %v = llvm.load %p : !llvm.ptr -> f32
    llvm.store %v, %p : f32, !llvm.ptr
    llvm.return
  }
  llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %i = nvvm.read.ptx.sreg.tid.x : i32
    %n = llvm.load %p : !llvm.ptr -> i32
    %s = llvm.add %n, %i : i32
    llvm.store %s, %p : i32, !llvm.ptr
    llvm.return
  }
  llvm.func @guarded(%p: !llvm.ptr, %n: i32) attributes {gpu.kernel, nvvm.kernel} {
    %i = nvvm.read.ptx.sreg.tid.x : i32
    %in = llvm.icmp "slt" %i, %n : i32
    llvm.cond_br %in, ^bb1, ^bb2
  ^bb1:
    llvm.store %i, %p : i32, !llvm.ptr
    llvm.br ^bb2
  ^bb2:
    llvm.return
  }
}

// -----

// A chip that cannot, no chip, and one of two: nothing changes.

// CHECK-LABEL: gpu.module @old
// CHECK-NOT: bevrt_kernels_wait
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: gpu.module @unknown
// CHECK-NOT: bevrt_kernels_wait
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: gpu.module @both
// CHECK-NOT: bevrt_kernels_wait
// CHECK-NOT: griddepcontrol
gpu.module @old [#nvvm.target<chip = "sm_89">] {
  llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
gpu.module @unknown {
  llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
gpu.module @both [#nvvm.target<chip = "sm_90">, #nvvm.target<chip = "sm_80">] {
  llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}

// -----

// What is prefetched need not wait; what comes after it does, whichever way a
// thread has come.

// CHECK-LABEL: gpu.module @early
// CHECK: bevrt_kernels_wait
// CHECK-LABEL: llvm.func @prefetches
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK: llvm.cond_br
// CHECK: nvvm.cp.async.bulk.prefetch
// CHECK-NOT: griddepcontrol
// CHECK: ^bb2:
// CHECK-NEXT: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.load
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: llvm.func @one_way_loads
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.cond_br
// CHECK-NOT: griddepcontrol
// CHECK-LABEL: llvm.func @loop
// CHECK-NEXT: nvvm.griddepcontrol launch_dependents
// CHECK: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.br
// CHECK-NOT: griddepcontrol
gpu.module @early [#nvvm.target<chip = "sm_90">] {
  llvm.func @prefetches(%p: !llvm.ptr, %q: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %i = nvvm.read.ptx.sreg.tid.x : i32
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    %first = llvm.icmp "eq" %i, %c0 : i32
    llvm.cond_br %first, ^bb1, ^bb2
  ^bb1:
    nvvm.cp.async.bulk.prefetch %q, %c64 : !llvm.ptr<1>
    llvm.br ^bb2
  ^bb2:
    %v = llvm.load %p : !llvm.ptr -> i32
    llvm.store %v, %p : i32, !llvm.ptr
    llvm.return
  }
  llvm.func @one_way_loads(%p: !llvm.ptr, %q: !llvm.ptr<1>) attributes {gpu.kernel, nvvm.kernel} {
    %i = nvvm.read.ptx.sreg.tid.x : i32
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    %first = llvm.icmp "eq" %i, %c0 : i32
    llvm.cond_br %first, ^bb1, ^bb2
  ^bb1:
    nvvm.cp.async.bulk.prefetch %q, %c64 : !llvm.ptr<1>
    llvm.br ^bb3
  ^bb2:
    llvm.store %i, %p : i32, !llvm.ptr
    llvm.br ^bb3
  ^bb3:
    llvm.return
  }
  // A loop waits before it begins.
  llvm.func @loop(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    llvm.br ^bb1(%c0 : i32)
  ^bb1(%i: i32):
    %more = llvm.icmp "slt" %i, %c64 : i32
    llvm.cond_br %more, ^bb2, ^bb3
  ^bb2:
    llvm.store %i, %p : i32, !llvm.ptr
    %next = llvm.add %i, %c1 : i32
    llvm.br ^bb1(%next : i32)
  ^bb3:
    llvm.return
  }
}

// -----

// A kernel that says where it waits stays as it is.

// CHECK-LABEL: gpu.module @own
// CHECK: bevrt_kernels_wait
// CHECK-LABEL: llvm.func @reads_ahead
// CHECK-NEXT: llvm.load
// CHECK-NEXT: nvvm.griddepcontrol wait
// CHECK-NEXT: llvm.store
// CHECK-NEXT: llvm.return
gpu.module @own [#nvvm.target<chip = "sm_90">] {
  llvm.func @reads_ahead(%p: !llvm.ptr, %q: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %v = llvm.load %p : !llvm.ptr -> f32
    nvvm.griddepcontrol wait
    llvm.store %v, %q : f32, !llvm.ptr
    llvm.return
  }
}
