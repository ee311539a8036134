// RUN: bev-opt %s -bev-widen-boolean-loads | FileCheck %s

gpu.module @kernels {
  // CHECK-LABEL: llvm.func @flag
  //  CHECK-SAME: %[[P:.+]]: !llvm.ptr
  llvm.func @flag(%p: !llvm.ptr) -> i1 {
    // CHECK: %[[BYTE:.+]] = llvm.load %[[P]] {alignment = 1 : i64} : !llvm.ptr -> i8
    // CHECK: %[[BIT:.+]] = llvm.trunc %[[BYTE]] : i8 to i1
    // CHECK: llvm.return %[[BIT]]
    %0 = llvm.load %p {alignment = 1 : i64} : !llvm.ptr -> i1
    llvm.return %0 : i1
  }

  // Others, and what must not be touched, stay.
  // CHECK-LABEL: llvm.func @left
  llvm.func @left(%p: !llvm.ptr) -> (i1) {
    // CHECK: llvm.load volatile %{{.+}} : !llvm.ptr -> i1
    // CHECK: llvm.load %{{.+}} : !llvm.ptr -> i32
    %0 = llvm.load volatile %p : !llvm.ptr -> i1
    %1 = llvm.load %p : !llvm.ptr -> i32
    %2 = llvm.trunc %1 : i32 to i1
    %3 = llvm.and %0, %2 : i1
    llvm.return %3 : i1
  }
}
