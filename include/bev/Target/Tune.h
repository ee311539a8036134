// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The search for schedules on the GPU of this machine.

#ifndef BEV_TARGET_TUNE_H
#define BEV_TARGET_TUNE_H

#include "bev/Dialect/BEV/Transforms/ScheduleFile.h"
#include "bev/Target/Array.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include "llvm/Support/JSON.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mlir::bev {

//===----------------------------------------------------------------------===//
// What is tuned
//===----------------------------------------------------------------------===//

/// Ops of one signature.
struct TuneProblem {
  /// See `getScheduleKey`.
  std::string key;
  /// A function `main` of one such op: its inputs are the arguments, the last
  /// ones are buffers for the results.
  OwningOpRef<ModuleOp> module;
  /// The op in it, with the schedule that it would have without search.
  DestinationStyleOpInterface op;
  ScheduleAttr start;

  /// The module's text with another schedule.
  std::string print(ScheduleAttr schedule) const;
};

/// The problems of a module of model IR, in the order of its ops. The module is
/// changed. `notes` receives the ops that cannot be tuned, with the reasons.
FailureOr<std::vector<TuneProblem>>
collectTuneProblems(ModuleOp module, StringRef chip,
                    std::vector<std::string> &notes);

//===----------------------------------------------------------------------===//
// What it is tuned with
//===----------------------------------------------------------------------===//

/// Where attentions sample.
enum class SamplePlacement {
  /// As the op says: pillars in cameras, everything else as `Grid`.
  Default,
  /// Queries are cells of a grid; samples lie within a few pixels.
  Grid,
  /// Queries are pillars of a grid around the vehicle, the maps of the batch
  /// those of cameras that look in all directions: most queries lie outside of
  /// each.
  Cameras,
  /// Anywhere in the map.
  Uniform
};

/// Makes the inputs of an op: the same for the same op.
llvm::Expected<std::vector<Array>> makeTuneInputs(Operation *op,
                                                  SamplePlacement placement);

//===----------------------------------------------------------------------===//
// Search
//===----------------------------------------------------------------------===//

struct TuneOptions {
  std::string chip;
  /// The device code: "isa" or "bin".
  std::string format = "isa";
  SamplePlacement placement = SamplePlacement::Default;
  /// Measure only these, in the order given, and the schedule without search.
  std::vector<std::string> candidates;
  /// The most schedules to measure of one problem.
  int64_t limit = 120;
  /// The best that are measured once more, against each other.
  int64_t top = 4;
  /// After so many seconds nothing new is tried; 0: no limit.
  double budget = 0;
  /// Compilations at once; 0: as many as the machine has processors.
  unsigned threads = 0;
};

/// One schedule of a problem.
struct TuneCandidate {
  ScheduleAttr schedule;
  /// Negative where it was not measured.
  double microseconds = -1;
  /// Measured among the best, after all others; negative where it was not.
  double finalMicroseconds = -1;
  /// Relative L2 distance from what the schedule without search computes.
  double difference = 0;
  /// Why it was not measured, or does not count.
  std::string failure;
};

struct TuneResult {
  std::string key;
  /// Why the op does not run even without search; all else is empty then.
  std::string failure;
  ScheduleAttr best;
  double microseconds = 0, startMicroseconds = 0;
  std::vector<TuneCandidate> candidates;
  /// Whether the budget ended the search.
  bool isCut = false;
};

/// Searches for each problem in turn and gives every result to `report` as it
/// is there. Progress is written to `os`. The device must be the runtime's
/// current one.
llvm::Error tune(std::vector<TuneProblem> &problems, const TuneOptions &options,
                 raw_ostream &os,
                 llvm::function_ref<llvm::Error(const TuneResult &)> report);

llvm::json::Value toJSON(const TuneResult &result);

} // namespace mlir::bev

#endif // BEV_TARGET_TUNE_H
