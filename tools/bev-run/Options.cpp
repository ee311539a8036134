// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include <cmath>

using namespace mlir::bev;
using llvm::StringRef;

void Options::printHelp(llvm::raw_ostream &os) {
  os << R"(usage: bev-run MODULE.mlir [option...]
       bev-run MODEL.so [option...]

Compiles a function of an MLIR module and runs it on .npz arrays, or runs what
bev-compile has made of one. MODULE.mlir may be -, stdin, and an ONNX model. Arrays
belong to arguments and results by name (the attribute `bev.name`, or the name in an
argument's location) or by position (arg0, result0).

  --function=NAME        the function to run (default: the only public one, or main)
  --device=cpu|cuda[:N]  where to run it (default: cpu)
  --inputs=FILE.npz      the arguments
  --random-inputs[=SEED] make up the arguments that --inputs lacks
  --output=FILE.npz      write the results to a file
  --expected=FILE.npz    compare the results with these
  --tolerance=R          the largest relative L2 difference that passes (default: 1e-4)
  --benchmark[=N]        measure N runs (default: 100)
  --stats                print what memory the code's buffers take on the CPU
  --threads=N            the number of threads on the CPU (default: OpenMP's)
  --chip=sm_XX|native    the GPU to generate code for (default: native, the device's)
  --format=isa|bin|fatbin  what device code is made (default: isa, PTX that the driver compiles)
  --schedule-file=FILE   schedules that bev-tune has found
  --dump-asm=FILE        write the host's assembly to a file, or - for stdout
  --batch=FILE           in place of a module: run, in one process, each line of a file, which
                         is a command line with tabs between its arguments; prints
                         "run N" before each and "status S" after it
)";
  printToolHelp(os);
  os << R"(
Exit status: 0 when all went well, 1 when a result's relative L2 difference from
the expected one is above the tolerance or their NaNs differ, 2 on bad usage or input.
)";
}

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  auto storeTolerance = [&](StringRef value) {
    return !value.getAsDouble(options.tolerance) && options.tolerance >= 0;
  };
  auto storeBenchmark = [&](StringRef value) {
    return storeNumber(options.benchmark,
                       1000000)(value.empty() ? "100" : value);
  };
  auto storeSeed = [&](StringRef value) {
    options.randomInputs = 0;
    return value.empty() || !value.getAsInteger(10, *options.randomInputs);
  };
  const OptionInfo infos[] = {
      {"function", ValueKind::Required, storeText(options.function)},
      {"device", ValueKind::Required, storeText(options.device)},
      {"inputs", ValueKind::Required, storeText(options.inputs)},
      {"random-inputs", ValueKind::Optional, storeSeed, "a number of 64 bits"},
      {"output", ValueKind::Required, storeText(options.output)},
      {"expected", ValueKind::Required, storeText(options.expected)},
      {"tolerance", ValueKind::Required, storeTolerance,
       "a number that is not negative"},
      {"benchmark", ValueKind::Optional, storeBenchmark,
       "a number from 1 to 1000000"},
      {"stats", ValueKind::None, storeFlag(options.stats)},
      {"threads", ValueKind::Required, storeNumber(options.threads, 4096),
       "a number from 1 to 4096"},
      {"chip", ValueKind::Required, storeText(options.chip)},
      {"format", ValueKind::Required, storeText(options.format)},
      {"schedule-file", ValueKind::Required, storeText(options.scheduleFile),
       "a file"},
      {"dump-asm", ValueKind::Required, storeText(options.dumpAssembly)},
      {"batch", ValueKind::Required, storeText(options.batch)},
  };

  if (llvm::Error error = parseCommandLine(arguments, infos, "module", options))
    return error;
  if (!options.batch.empty() && !options.file.empty())
    return llvm::createStringError("'--batch' takes the place of the module '" +
                                   options.file + "'");
  if (options.file.empty() && options.batch.empty() && !options.help)
    return llvm::createStringError(
        "no module: expected the path of a .mlir file, or - for "
        "stdin; see --help");
  return options;
}
