// RUN: bev-opt %s --pass-pipeline="builtin.module(func.func(convert-math-to-nvvm-intrinsics))" --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @exp
//       CHECK: llvm.call_intrinsic "llvm.exp2"({{.*}}) {fastmathFlags = #llvm.fastmath<afn>}
func.func @exp(%x: f32) -> f32 {
  %y = math.exp %x : f32
  return %y : f32
}

// What may be approximate is one instruction.
// CHECK-LABEL: @approximate
//  CHECK-SAME: %[[X:.*]]: f32
//       CHECK: %[[SCALED:.*]] = arith.mulf %[[X]], %{{.*}} : f32
//       CHECK: llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%[[SCALED]])
//  CHECK-NEXT: llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%[[X]])
func.func @approximate(%x: f32) -> (f32, f32) {
  %y = math.exp %x fastmath<afn> : f32
  %z = math.exp2 %x fastmath<afn> : f32
  return %y, %z : f32, f32
}

// CHECK-LABEL: @all
//   CHECK-NOT: math.
func.func @all(%x: f32, %z: f32) -> f32 {
  %0 = math.sin %x : f32
  %1 = math.cos %0 : f32
  %2 = math.tan %1 : f32
  %3 = math.powf %2, %z : f32
  %4 = math.log %3 : f32
  %5 = math.log1p %4 : f32
  %6 = math.tanh %5 : f32
  %7 = math.erf %6 : f32
  %8 = math.atan2 %7, %z : f32
  %9 = math.expm1 %8 : f32
  %10 = math.rsqrt %9 : f32
  %11 = math.floor %10 : f32
  %12 = math.roundeven %11 : f32
  %13 = math.round %12 : f32
  %14 = math.copysign %13, %z : f32
  %15 = math.absf %14 : f32
  %16 = math.ceil %15 : f32
  %17 = math.sqrt %16 : f32
  %18 = math.fma %17, %z, %z : f32
  %19 = math.sinh %18 : f32
  %20 = math.log10 %19 : f32
  %21 = math.log2 %20 : f32
  %22 = math.atan %21 : f32
  return %22 : f32
}

// CHECK-LABEL: @half
//   CHECK-NOT: math.
//       CHECK: arith.truncf {{.*}} : f32 to bf16
func.func @half(%x: bf16) -> bf16 {
  %0 = math.exp %x : bf16
  return %0 : bf16
}

// -----

func.func @double(%x: f64) -> f64 {
  // expected-error @below {{cannot lower 'math.exp' on 'f64' to the device without libdevice}}
  %0 = math.exp %x : f64
  return %0 : f64
}
