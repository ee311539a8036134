// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From files of arrays to the arguments of a function.

#ifndef BEV_TARGET_INPUTS_H
#define BEV_TARGET_INPUTS_H

#include "bev/Target/NPZ.h"
#include "bev/Target/Signature.h"

#include <optional>

namespace mlir::bev {

/// Where the arguments of a function come from.
struct InputOptions {
  /// The file to read; may be null.
  NPZReader *file = nullptr;
  /// Makes arguments that the file lacks: normally distributed floats, integers
  /// of [0, 8), truth values, from this seed.
  std::optional<uint64_t> randomSeed;
};

/// Finds an array for each argument, by its name or its positional name, and
/// converts what has no NumPy type: bfloat16 comes from the bits in uint16 or,
/// rounded, from float32.  `notes` receives what the user should know: arrays
/// that no argument uses, and bits taken for bfloat16.
///
/// An error lists all arguments that no array is there for, or all arrays whose
/// element type or shape does not fit.
llvm::Expected<std::vector<Array>> readInputs(const Signature &signature,
                                              const InputOptions &options,
                                              std::vector<std::string> &notes);

/// One result and the array it should equal.
struct ExpectedResult {
  unsigned index;
  Array array;
};

/// Reads, for the results that the file has, what they should be.  Element
/// types may differ from the results' within floats, and within integers and
/// truth values; bfloat16 may be the bits in uint16.  Arrays that are named
/// like no result, or whose shape no such result can have, are errors.
llvm::Expected<std::vector<ExpectedResult>>
readExpectedResults(const Signature &signature, NPZReader &file);

/// Checks, before anything is compiled, that ops whose operands come from the
/// arguments accept the arguments' actual shapes: emits an error for the first
/// op whose verifier does not.  Finds contradictions between dynamic sizes of
/// arguments of the same op, or of ops that are linked by destination operands.
LogicalResult checkShapes(func::FuncOp function,
                          llvm::ArrayRef<Array> arguments);

} // namespace mlir::bev

#endif // BEV_TARGET_INPUTS_H
