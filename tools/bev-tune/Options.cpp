// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Target/CommandLine.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir::bev;
using llvm::StringRef;

const char *const mlir::bev::kHelp =
    R"(usage: bev-tune MODEL -o SCHEDULES.txt [option...]
       bev-tune MODEL --list [--chip=sm_XX]

Searches, on the GPU of this machine, for the best schedules of a model's attention,
pooling and warping ops, and writes them to a file for --schedule-file of bev-run,
bev-compile and bev-opt. MODEL is an MLIR module (text or bytecode; - is stdin) or an
ONNX model. Ops of the same shapes and types are tuned once; those whose sizes are not
known are left out, with a note.

Inputs are made up: samples lie within a few pixels of reference points, which form a
grid, or pillars that cameras see. Every candidate's result is compared with that of
the schedule without search; rounding is all that may differ.

  -o, --output=FILE      the schedule file; entries for other ops are kept
  --list                 print keys and the schedules without search, in the format of
                         a schedule file; needs no GPU
  --chip=sm_XX|native    the GPU to generate code for (default: native, the device's)
  --format=isa|bin       what device code is made (default: bin if ptxas is there)
  --samples=grid|cameras|uniform
                         where attentions sample (default: pillars as cameras, all
                         else as grid)
  --candidates="S;S..."  measure these schedules only, such as "lanes = 8, threads = 64"
  --limit=N              the most schedules to measure of one op (default: 120)
  --top=N                how many of the best are measured again, against each other
                         (default: 4)
  --budget=SECONDS       try nothing new after so many seconds
  --threads=N            compilations at once (default: as many as processors)
  --json=FILE            write everything that was measured to a file
  --mlir-...             options of MLIR's pass manager, such as --mlir-print-ir-after-all
  --help                 print this

Of ONNX models:
  --input-shape=NAME=1x3x480x800
                         the shape of an input, in place of the model's ('?' for a dynamic
                         size, NAME=scalar for rank 0); may be repeated
  --dim=NAME=SIZE        the size of a symbolic dimension; may be repeated
  --no-raise             lower each node by itself: no group of nodes becomes a bev op

Exit status: 0 when all went well, 1 when there is no GPU, 2 on bad usage or input.
)";

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  options.tune.format.clear();
  llvm::Error inputError = llvm::Error::success();
  std::string samples, candidates;
  int64_t threads = 0;
  auto text = [](std::string &target) {
    return [&target](StringRef value) {
      target = value.str();
      return !value.empty();
    };
  };
  auto number = [](int64_t &target, int64_t max) {
    return [&target, max](StringRef value) {
      return !value.getAsInteger(10, target) && target >= 1 && target <= max;
    };
  };
  auto storeOutput = text(options.output), storeJSON = text(options.json),
       storeChip = text(options.tune.chip), storeCandidates = text(candidates);
  auto storeLimit = number(options.tune.limit, 100000),
       storeTop = number(options.tune.top, 1000),
       storeThreads = number(threads, 4096);
  auto storeBudget = [&](StringRef value) {
    return !value.getAsDouble(options.tune.budget) && options.tune.budget > 0;
  };
  auto storeFormat = [&](StringRef value) {
    options.tune.format = value.str();
    return value == "isa" || value == "bin";
  };
  auto storeSamples = [&](StringRef value) {
    options.tune.placement = llvm::StringSwitch<SamplePlacement>(value)
                                 .Case("grid", SamplePlacement::Grid)
                                 .Case("cameras", SamplePlacement::Cameras)
                                 .Case("uniform", SamplePlacement::Uniform)
                                 .Default(SamplePlacement::Default);
    return options.tune.placement != SamplePlacement::Default;
  };
  auto storeList = [&](StringRef) { return options.list = true; };
  // These say themselves what they expect; the first error is reported.
  auto keep = [&](llvm::Error error) {
    if (inputError)
      llvm::consumeError(std::move(error));
    else
      inputError = std::move(error);
    return true;
  };
  auto storeShape = [&](StringRef value) {
    return keep(options.onnx.import.addInputShape(value));
  };
  auto storeDim = [&](StringRef value) {
    return keep(options.onnx.import.addDim(value));
  };
  auto storeNoRaise = [&](StringRef) {
    options.onnx.raise = false;
    return true;
  };
  auto storeHelp = [&](StringRef) { return options.help = true; };
  const OptionInfo infos[] = {
      {"output", ValueKind::Required, storeOutput},
      {"list", ValueKind::None, storeList},
      {"chip", ValueKind::Required, storeChip},
      {"format", ValueKind::Required, storeFormat, "isa or bin"},
      {"samples", ValueKind::Required, storeSamples,
       "grid, cameras or uniform"},
      {"candidates", ValueKind::Required, storeCandidates,
       "schedules separated by ';'"},
      {"limit", ValueKind::Required, storeLimit, "a number from 1 to 100000"},
      {"top", ValueKind::Required, storeTop, "a number from 1 to 1000"},
      {"budget", ValueKind::Required, storeBudget, "a number above 0"},
      {"threads", ValueKind::Required, storeThreads, "a number from 1 to 4096"},
      {"json", ValueKind::Required, storeJSON},
      {"input-shape", ValueKind::Required, storeShape, "a shape",
       /*mayRepeat=*/true},
      {"dim", ValueKind::Required, storeDim, "a size", /*mayRepeat=*/true},
      {"no-raise", ValueKind::None, storeNoRaise},
      {"help", ValueKind::None, storeHelp},
  };
  llvm::Expected<OtherArguments> other =
      parseCommandLine(arguments, infos, "model");
  if (!other) {
    llvm::consumeError(std::move(inputError));
    return other.takeError();
  }
  if (inputError)
    return inputError;
  options.file = other->file;
  options.mlirOptions = other->mlirOptions;
  options.tune.threads = threads;
  for (StringRef part : llvm::split(candidates, ';'))
    if (!part.trim().empty())
      options.tune.candidates.push_back(part.trim().str());
  if (options.help)
    return options;
  if (options.file.empty())
    return llvm::createStringError("no model: expected the path of a .mlir or "
                                   ".onnx file, or - for stdin; see --help");
  if (options.output.empty() && !options.list)
    return llvm::createStringError(
        "no output: name the schedule file to write with -o");
  const std::string &chip = options.tune.chip;
  if (!chip.empty() && chip != "native" && !lookUpChip(chip))
    return llvm::createStringError("unknown chip '" + chip +
                                   "'; expected native or one of " +
                                   listKnownChips());
  return options;
}
