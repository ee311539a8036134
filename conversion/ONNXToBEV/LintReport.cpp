// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The findings of the lint in words.

#include "bev/Conversion/ONNXToBEV/Lint.h"

#include "mlir/IR/Diagnostics.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::bev;

const LintKindInfo &mlir::bev::getLintKindInfo(LintKind kind) {
  // In the order of the enumeration.
  static const LintKindInfo infos[] = {
      {"frozen-indices",
       "which queries a camera sees is a constant of the traced frame; with "
       "another calibration the result is wrong",
       "compute the indices in tensors (no NumPy, no .tolist()), or attend "
       "from "
       "all queries of all cameras and multiply with the visibility mask",
       false},
      {"frozen-count",
       "the number of queries that a camera sees is a constant of the traced "
       "frame; other runtimes stop where it differs",
       "attend from all queries of all cameras and multiply with the "
       "visibility "
       "mask: nothing then has a size that depends on data",
       false},
      {"index-list-copies",
       "nodes differ by a constant list of indices alone: a loop over cameras "
       "was unrolled with the indices of the traced frame",
       "make the cameras a dimension of the tensors in place of a loop", false},
      {"frozen-calibration",
       "points are multiplied with constant projection matrices; with other "
       "cameras the result is wrong",
       "pass lidar2img (img_metas) to the exported forward as a tensor input",
       false},
      {"unused-input",
       "the graph does not use the input: what is passed there changes nothing",
       "keep what is computed from it in tensors; conversions to NumPy or "
       "Python numbers freeze it into constants",
       false},
      {"frozen-batch",
       "a dynamic first dimension is reshaped to constant sizes: other batches "
       "than the traced one fail",
       "take the batch from x.shape[0] or write -1 in reshape and view, and "
       "export with dynamic axes",
       false},
      {"static-batch",
       "all inputs have batch 1, and reshapes repeat it: the model takes one "
       "frame at a time",
       "nothing, if one frame is what is wanted; else export with a dynamic "
       "first dimension",
       true},
      {"sigmoid-in-atan",
       "a sigmoid within an arc tangent stands where atan2 was: angles are "
       "wrong",
       "export torch.atan2 as it is: exporters spell it with Atan and Where",
       false},
      {"atan-without-quadrant",
       "the arc tangent of a quotient does not look at the divisor's sign: "
       "angles beyond a quarter turn are wrong, and so is a divisor of 0",
       "export torch.atan2(y, x) in place of torch.atan(y / x)", false},
      {"unclamped-count",
       "a division by a number of mask elements that may be 0: what no camera "
       "sees becomes not a number",
       "clamp the count: torch.clamp(count, min=1.0)", false},
      {"half-coordinates",
       "sampling coordinates are in half precision, which cannot tell pixels "
       "of "
       "large maps apart",
       "compute reference points, offsets and grids in float32; convert the "
       "features alone",
       false},
      {"double-grid", "GridSample in float64, which other runtimes lack",
       "convert the grid with .float(); torch.linspace with a traced number of "
       "steps makes float64, torch.arange does not",
       false},
      {"integer-clip", "Clip of integers, which other runtimes reject",
       "clamp in float32 and convert after, or use torch.where", false},
  };
  return infos[static_cast<unsigned>(kind)];
}

/// The findings of each kind, in the order of the kinds.
static llvm::MapVector<LintKind, SmallVector<const LintFinding *>>
groupByKind(ArrayRef<LintFinding> findings) {
  llvm::MapVector<LintKind, SmallVector<const LintFinding *>> groups;
  for (bool isNote : {false, true})
    for (const LintFinding &finding : findings)
      if (getLintKindInfo(finding.kind).isNote == isNote)
        groups[finding.kind].push_back(&finding);
  return groups;
}

bool mlir::bev::hasLintWarnings(ArrayRef<LintFinding> findings) {
  return llvm::any_of(findings, [](const LintFinding &finding) {
    return !getLintKindInfo(finding.kind).isNote;
  });
}

void mlir::bev::printLint(ArrayRef<LintFinding> findings,
                          llvm::raw_ostream &os) {
  for (auto &[kind, group] : groupByKind(findings)) {
    const LintKindInfo &info = getLintKindInfo(kind);
    os << (info.isNote ? "note" : "warning") << " " << info.name << ": "
       << info.meaning << "\n";
    for (const LintFinding *finding : group) {
      os << "  at " << finding->node;
      if (!finding->detail.empty())
        os << ": " << finding->detail;
      os << "\n";
    }
    os << "  change: " << info.change << "\n";
  }
  if (!hasLintWarnings(findings))
    os << "nothing is wrong with this export\n";
}

void mlir::bev::emitLintWarnings(ArrayRef<LintFinding> findings, Location loc) {
  for (auto &[kind, group] : groupByKind(findings)) {
    const LintKindInfo &info = getLintKindInfo(kind);
    if (info.isNote)
      continue;
    emitWarning(loc) << info.name << ": " << group.size()
                     << (group.size() == 1 ? " finding, at "
                                           : " findings, the first at ")
                     << group.front()->node << "; run bev-translate --lint";
  }
}
