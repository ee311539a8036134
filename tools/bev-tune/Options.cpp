// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir::bev;
using llvm::StringRef;

void Options::printHelp(llvm::raw_ostream &os) {
  os << R"(usage: bev-tune MODEL -o SCHEDULES.txt [option...]
       bev-tune MODEL --list [--chip=sm_XX]

Searches, on the GPU of this machine, for the best schedules of a model's attentions
and their gradients, pooling and warping ops, and writes them to a file for
--schedule-file of bev-run, bev-compile and bev-opt. MODEL is an MLIR module (text or
bytecode; - is stdin) or an ONNX model. Ops of the same shapes and types are tuned once;
those whose sizes are not known are left out, with a note.

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
)";
  printToolHelp(os);
  os << R"(
Exit status: 0 when all went well, 1 when there is no GPU, 2 on bad usage or input.
)";
}

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  options.tune.format.clear();
  std::string samples, candidates;
  int64_t threads = 0;
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
  const OptionInfo infos[] = {
      {"output", ValueKind::Required, storeText(options.output)},
      {"list", ValueKind::None, storeFlag(options.list)},
      {"chip", ValueKind::Required, storeText(options.tune.chip)},
      {"format", ValueKind::Required, storeFormat, "isa or bin"},
      {"samples", ValueKind::Required, storeSamples,
       "grid, cameras or uniform"},
      {"candidates", ValueKind::Required, storeText(candidates),
       "schedules separated by ';'"},
      {"limit", ValueKind::Required, storeNumber(options.tune.limit, 100000),
       "a number from 1 to 100000"},
      {"top", ValueKind::Required, storeNumber(options.tune.top, 1000),
       "a number from 1 to 1000"},
      {"budget", ValueKind::Required, storeBudget, "a number above 0"},
      {"threads", ValueKind::Required, storeNumber(threads, 4096),
       "a number from 1 to 4096"},
      {"json", ValueKind::Required, storeText(options.json)},
  };
  if (llvm::Error error = parseCommandLine(arguments, infos, "model", options))
    return error;
  // Weights are not looked at.
  options.onnx.import.alignData = false;
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
