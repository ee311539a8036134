// RUN: bev-opt %s --split-input-file --bev-externalize-constants=min-bytes=64 --verify-diagnostics | FileCheck %s

// CHECK: module attributes {bev.constants = {w = dense_resource<weights> : tensor<16xf32>}} {
// CHECK: memref.global constant @w : memref<16xf32> {alignment = 64 : i64}
memref.global "private" constant @w : memref<16xf32> = dense_resource<weights>

{-#
  dialect_resources: {
    builtin: {
      weights: "0x400000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F"
    }
  }
#-}

// -----

// Large constants become declarations, small ones stay, and those that are
// equal share their bytes.

// CHECK: module attributes {bev.constants = {
// CHECK-SAME: bits = dense_resource<[[BITS:bev_constant(_[0-9]+)?]]> : tensor<64xi1>
// CHECK-SAME: large = dense_resource<large> : tensor<16xf32>
// CHECK-SAME: other_shape = dense_resource<large> : tensor<16xf32>
// CHECK-SAME: same_bytes = dense_resource<large> : tensor<16xf32>
// CHECK-SAME: splat = dense_resource<[[SPLAT:bev_constant(_[0-9]+)?]]> : tensor<20xi32>
module {
  // CHECK: memref.global constant @large : memref<16xf32> {alignment = 64 : i64}
  memref.global "private" constant @large : memref<16xf32> = dense_resource<large>
  // CHECK: memref.global constant @same_bytes : memref<16xf32> {alignment = 128 : i64}
  memref.global "private" constant @same_bytes : memref<16xf32> = dense_resource<copy> {alignment = 128 : i64}
  // CHECK: memref.global constant @other_shape : memref<4x4xf32> {alignment = 64 : i64}
  memref.global "private" constant @other_shape : memref<4x4xf32> = dense_resource<square>
  // CHECK: memref.global constant @splat : memref<20xi32> {alignment = 64 : i64}
  memref.global "private" constant @splat : memref<20xi32> = dense<7>
  // CHECK: memref.global constant @bits : memref<64xi1> {alignment = 64 : i64}
  memref.global "private" constant @bits : memref<64xi1> = dense<true>
  // CHECK: memref.global "private" constant @small : memref<15xf32> = dense<1.000000e+00>
  memref.global "private" constant @small : memref<15xf32> = dense<1.0>
  // CHECK: memref.global "private" constant @narrow : memref<256xi4> = dense<1>
  memref.global "private" constant @narrow : memref<256xi4> = dense<1>
  // CHECK: memref.global "private" @variable : memref<16xf32> = dense<1.000000e+00>
  memref.global "private" @variable : memref<16xf32> = dense<1.0>
}

// CHECK: [[BITS]]: "0x40000000{{(01)+}}"
// CHECK: [[SPLAT]]: "0x40000000{{(07000000)+}}"

{-#
  dialect_resources: {
    builtin: {
      large: "0x400000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F",
      copy: "0x400000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F",
      square: "0x400000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F"
    }
  }
#-}

// -----

// expected-error@+1 {{the data of resource '__elided__' is not in the module; print it without eliding resources}}
memref.global "private" constant @absent : memref<16xf32> = dense_resource<__elided__>

// -----

// expected-error@+1 {{expected resource 'short' to have 16 bytes for 'tensor<4xf32>', but got 8}}
memref.global "private" constant @short : memref<4xf32> = dense_resource<short>

{-#
  dialect_resources: {
    builtin: {
      short: "0x040000000000803F0000803F"
    }
  }
#-}
