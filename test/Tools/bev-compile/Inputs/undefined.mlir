func.func private @no_such_function() -> f32 attributes {llvm.emit_c_interface}
func.func @f() -> f32 {
  %0 = call @no_such_function() : () -> f32
  return %0 : f32
}
