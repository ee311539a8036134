// Every element type goes in and out, as tensors, rank-0 tensors and scalars.
//
// RUN: %python %S/Inputs/make_types.py make %t
// RUN: bev-run %s --inputs %t/in.npz --output %t/out.npz --expected %t/expected.npz --tolerance 0 2>&1 | FileCheck %s
// RUN: %python %S/Inputs/make_types.py check %t

// CHECK-DAG: bev-run: note: array 'bf16_bits' is taken for the bit patterns of bfloat16
// CHECK-DAG: bev-run: note: result 'bf16_bits' is stored as the bit patterns of bfloat16, in uint16
// CHECK-DAG: bev-run: note: result 'bf16_floats' is stored as the bit patterns of bfloat16, in uint16
// CHECK: result type shape max abs relative L2 worst index NaNs expected NaNs verdict
// CHECK-NEXT: f16 float16 3 0 0 - 1 1 ok
// CHECK-NEXT: bf16_bits bfloat16 3 0 0 - 0 0 ok
// CHECK-NEXT: bf16_floats bfloat16 3 0 0 - 0 0 ok
// CHECK-NEXT: f64 float64 3 {{.*}} ok
// CHECK-NEXT: i1 bool 3 {{.*}} ok
// CHECK-NEXT: i8 int8 3 {{.*}} ok
// CHECK-NEXT: i16 int16 3 {{.*}} ok
// CHECK-NEXT: i32 int32 3 {{.*}} ok
// CHECK-NEXT: i64 int64 3 {{.*}} ok
// CHECK-NEXT: index int64 3 {{.*}} ok
// CHECK-NEXT: rank0 float32 scalar {{.*}} ok
// CHECK-NEXT: empty float32 0x4 {{.*}} ok
// CHECK-NEXT: scalar_f16 float16 scalar {{.*}} ok
// CHECK-NEXT: scalar_bf16 bfloat16 scalar {{.*}} ok
// CHECK-NEXT: scalar_i1 bool scalar {{.*}} ok
// CHECK-NEXT: scalar_i8 int8 scalar {{.*}} ok
// CHECK-NEXT: scalar_f64 float64 scalar {{.*}} ok
// CHECK-NEXT: scalar_index int64 scalar {{.*}} ok
// CHECK-NEXT: result18 float32 3 {{.*}} not compared
// CHECK-NOT: {{.}}
func.func @types(
    %f16: tensor<3xf16> {bev.name = "f16"}, %bits: tensor<3xbf16> {bev.name = "bf16_bits"},
    %floats: tensor<3xbf16> {bev.name = "bf16_floats"}, %f64: tensor<3xf64> {bev.name = "f64"},
    %i1: tensor<3xi1> {bev.name = "i1"}, %i8: tensor<3xi8> {bev.name = "i8"},
    %i16: tensor<?xi16> {bev.name = "i16"}, %i32: tensor<?xi32> {bev.name = "i32"},
    %i64: tensor<3xi64> {bev.name = "i64"}, %index: tensor<3xindex> {bev.name = "index"},
    %rank0: tensor<f32> {bev.name = "rank0"}, %empty: tensor<?x4xf32> {bev.name = "empty"},
    %scalar_f16: f16 {bev.name = "scalar_f16"}, %scalar_bf16: bf16 {bev.name = "scalar_bf16"},
    %scalar_i1: i1 {bev.name = "scalar_i1"}, %scalar_i8: i8 {bev.name = "scalar_i8"},
    %scalar_f64: f64 {bev.name = "scalar_f64"}, %scalar_index: index {bev.name = "scalar_index"})
    -> (tensor<3xf16> {bev.name = "f16"}, tensor<3xbf16> {bev.name = "bf16_bits"},
        tensor<3xbf16> {bev.name = "bf16_floats"}, tensor<3xf64> {bev.name = "f64"},
        tensor<3xi1> {bev.name = "i1"}, tensor<3xi8> {bev.name = "i8"},
        tensor<?xi16> {bev.name = "i16"}, tensor<?xi32> {bev.name = "i32"},
        tensor<3xi64> {bev.name = "i64"}, tensor<3xindex> {bev.name = "index"},
        tensor<f32> {bev.name = "rank0"}, tensor<?x4xf32> {bev.name = "empty"},
        f16 {bev.name = "scalar_f16"}, bf16 {bev.name = "scalar_bf16"},
        i1 {bev.name = "scalar_i1"}, i8 {bev.name = "scalar_i8"},
        f64 {bev.name = "scalar_f64"}, index {bev.name = "scalar_index"}, tensor<3xf32>) {
  // Most results are arguments, one is a constant: whatever they share must not
  // be freed twice.
  %init = tensor.empty() : tensor<3xi8>
  %i8_twice = linalg.add ins(%i8, %i8 : tensor<3xi8>, tensor<3xi8>) outs(%init : tensor<3xi8>) -> tensor<3xi8>
  %constant = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  return %f16, %bits, %floats, %f64, %i1, %i8_twice, %i16, %i32, %i64, %index, %rank0, %empty,
      %scalar_f16, %scalar_bf16, %scalar_i1, %scalar_i8, %scalar_f64, %scalar_index, %constant
      : tensor<3xf16>, tensor<3xbf16>, tensor<3xbf16>, tensor<3xf64>, tensor<3xi1>, tensor<3xi8>,
        tensor<?xi16>, tensor<?xi32>, tensor<3xi64>, tensor<3xindex>, tensor<f32>, tensor<?x4xf32>,
        f16, bf16, i1, i8, f64, index, tensor<3xf32>
}
