// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The library dialect itself.

#ifndef BEV_DIALECT_LIBRARY_IR_LIBRARYDIALECT_TD
#define BEV_DIALECT_LIBRARY_IR_LIBRARYDIALECT_TD

include "mlir/IR/OpBase.td"

def Library_Dialect : Dialect {
  let name = "library";
  let cppNamespace = "::mlir::bev::library";
  let summary = "Dense operators that vendor libraries compute";
  let description = [{
    Matrix products and convolutions with what libraries can do on the way out:
    a bias, a residual and an activation. The ops are in destination-passing
    style on tensors or memrefs and say nothing about the library that will
    compute them; a target's lowering calls it, with generated code for where it
    is absent.

    Accumulation is in f32. `relu` is `arith.maximumf` with 0: NaN stays NaN.
  }];
}

#endif // BEV_DIALECT_LIBRARY_IR_LIBRARYDIALECT_TD
