// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a function takes and returns, as the programs that call it see it.

#ifndef BEV_TARGET_SIGNATURE_H
#define BEV_TARGET_SIGNATURE_H

#include "bev/Target/Array.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <vector>

namespace mlir::bev {

/// An argument or a result.
struct Parameter {
  /// The string attribute `bev.name` of the argument or result; else, for an
  /// argument, the name in its location; else "arg0", "result0", ….
  std::string name;
  /// "arg0", "result0", …, which refers to it as well.
  std::string positionalName;
  DType type = DType::F32;
  /// Whether it is a tensor; a scalar otherwise.
  bool isTensor = false;
  /// Dynamic sizes are negative.
  llvm::SmallVector<int64_t, 6> shape;

  /// "name: 2x?x4 x float32".
  std::string format() const;
};

/// The arguments and results of a function.
struct Signature {
  std::string function;
  std::vector<Parameter> arguments;
  std::vector<Parameter> results;
};

/// Whether an array of the shape can be passed for the parameter.
bool isCompatible(const Parameter &parameter, llvm::ArrayRef<int64_t> shape);

/// The function with the given name, which must be public and have a body. With
/// an empty name: the only such function of the module, or `main`.  Emits an
/// error that lists the candidates where there is no choice to make.
FailureOr<func::FuncOp> selectFunction(ModuleOp module, llvm::StringRef name);

/// The signature of a function of model IR. Integers are signed unless the
/// argument or result has the attribute `bev.unsigned`.  Arguments and results
/// are ranked tensors and scalars of float, integer and index types; an error
/// lists all that are anything else.  With `buffers`, memrefs with identity
/// layout are taken as well: buffers of the caller that the function writes.
FailureOr<Signature> getSignature(func::FuncOp function, bool buffers = false);

} // namespace mlir::bev

#endif // BEV_TARGET_SIGNATURE_H
