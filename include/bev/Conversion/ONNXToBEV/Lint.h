// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What exports of BEV models get wrong, found in the graph.

#ifndef BEV_CONVERSION_ONNXTOBEV_LINT_H
#define BEV_CONVERSION_ONNXTOBEV_LINT_H

#include "bev/Dialect/ONNX/IR/ONNX.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlir::bev {

/// What can be wrong with an export; docs/lint.md explains each.
enum class LintKind {
  FrozenIndices,
  FrozenCount,
  IndexListCopies,
  FrozenCalibration,
  UnusedInput,
  FrozenBatch,
  StaticBatch,
  SigmoidInAtan,
  AtanWithoutQuadrant,
  UnclampedCount,
  HalfCoordinates,
  DoubleGrid,
  IntegerClip,
};

/// One kind of finding, in words.
struct LintKindInfo {
  StringRef name;    ///< As docs/lint.md lists it.
  StringRef meaning; ///< What it means for results.
  StringRef change;  ///< What to change in the export.
  bool isNote;       ///< Says what to expect; nothing is wrong.
};

const LintKindInfo &getLintKindInfo(LintKind kind);

struct LintFinding {
  LintKind kind;
  std::string node;   ///< The ONNX node or the input that shows it.
  std::string detail; ///< What is particular to this one; may be empty.
};

/// Finds what is wrong with an export in a module that `onnx-simplify` has been
/// run on: then what was frozen into constants is constants.
std::vector<LintFinding> lintONNX(ModuleOp module);

/// Whether something is wrong: one of them is no note.
bool hasLintWarnings(ArrayRef<LintFinding> findings);

/// Prints all findings, grouped by kind, with what they mean and what to do.
void printLint(ArrayRef<LintFinding> findings, llvm::raw_ostream &os);

/// Emits one warning for each kind of finding, notes left out, that gives their
/// number and the first node.
void emitLintWarnings(ArrayRef<LintFinding> findings, Location loc);

} // namespace mlir::bev

#endif // BEV_CONVERSION_ONNXTOBEV_LINT_H
