// RUN: bev-opt %s --bev-verify-device-code --split-input-file --verify-diagnostics

gpu.module @kernels {
  llvm.func @__nv_sinf(f32) -> f32
  llvm.func @kernel(%x: f32) {
    // expected-error @below {{unresolved device function '__nv_sinf': 'math.sin' needs libdevice, which is not linked}}
    %0 = llvm.call @__nv_sinf(%x) : (f32) -> f32
    llvm.return
  }
}

// -----

gpu.module @kernels {
  llvm.func @helper()
  llvm.func @kernel() {
    // expected-error @below {{unresolved device function 'helper'}}
    llvm.call @helper() : () -> ()
    llvm.return
  }
}
