// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir::bev;
using llvm::StringRef;

void Options::printHelp(llvm::raw_ostream &os) {
  os << R"(usage: bev-compile MODULE.mlir -o MODEL.so [option...]
       bev-compile --inspect[=json] MODEL.so

Compiles a function of an MLIR module (text or bytecode; - is stdin) or an ONNX
model to one shared object: code for the targets asked for, constants, and a description.
bev-run runs it, and C programs do through bev-c/Model.h; both need
libBEVRuntime, and no compiler.

  --target=cpu|cuda[:CHIP,...]  what to compile for; may be repeated (default: cpu;
                         the chips of cuda: sm_80,sm_90; native is device 0's)
  -o, --output=FILE.so   the shared object to write
  --function=NAME        the function to compile (default: the only public one, or main)
  --cpu=NAME|native      the CPU that host code is for (default: native, this machine's)
  --format=isa|fatbin    the device code: PTX, which the driver compiles when the model
                         is loaded, or machine code with PTX for later chips, for which
                         the CUDA toolkit is needed (default: fatbin if there is one)
  --schedule-file=FILE   schedules that bev-tune has found
  --emit-header=FILE.h   write a C header with a typed function that runs the model
  --linker=FILE          the linker (default: ld.lld of LLVM)
  --stats                print what memory the code's buffers take on the CPU
  --inspect[=json]       print what a compiled model takes, returns and consists of
)";
  printToolHelp(os);
  os << R"(
Exit status: 0 when all went well, 2 on bad usage or input.
)";
}

/// The chips of "cuda" alone: a model for both generations that are common in
/// servers, whose PTX runs on what came between and after.
static const char *const kDefaultChips[] = {"sm_80", "sm_90"};

static llvm::Error addTarget(StringRef target, Options &options) {
  if (target == "cpu") {
    options.forCPU = true;
    return llvm::Error::success();
  }
  StringRef chips = target;
  if (!chips.consume_front("cuda") ||
      (!chips.empty() && (!chips.consume_front(":") || chips.empty())))
    return llvm::createStringError(
        "unknown target '" + target +
        "'; expected cpu, cuda or cuda:CHIP,... with chips such as sm_90");
  llvm::SmallVector<StringRef> names(std::begin(kDefaultChips),
                                     std::end(kDefaultChips));
  if (!chips.empty()) {
    names.clear();
    chips.split(names, ',');
  }
  for (StringRef name : names) {
    std::string chip = name.str();
    if (chip == "native")
      if (llvm::Error error = detectNativeChip().moveInto(chip))
        return error;
    if (!lookUpChip(chip))
      return llvm::createStringError("unknown chip '" + chip +
                                     "'; expected native or one of " +
                                     listKnownChips());
    if (!llvm::is_contained(options.chips, chip))
      options.chips.push_back(chip);
  }
  return llvm::Error::success();
}

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  std::vector<std::string> targets;
  auto storeTarget = [&](StringRef value) {
    targets.push_back(value.str());
    return true;
  };
  auto storeFormat = [&](StringRef value) {
    options.format = value.str();
    return value == "isa" || value == "fatbin";
  };
  auto storeInspect = [&](StringRef value) {
    options.inspect = true;
    options.inspectAsJSON = value == "json";
    return value.empty() || value == "json";
  };
  const OptionInfo infos[] = {
      {"target", ValueKind::Required, storeTarget, "a target",
       /*mayRepeat=*/true},
      {"output", ValueKind::Required, storeText(options.output)},
      {"function", ValueKind::Required, storeText(options.function)},
      {"cpu", ValueKind::Required, storeText(options.cpu)},
      {"format", ValueKind::Required, storeFormat, "isa or fatbin"},
      {"schedule-file", ValueKind::Required, storeText(options.scheduleFile),
       "a file"},
      {"emit-header", ValueKind::Required, storeText(options.header)},
      {"linker", ValueKind::Required, storeText(options.linker)},
      {"stats", ValueKind::None, storeFlag(options.stats)},
      {"inspect", ValueKind::Optional, storeInspect, "json"},
  };
  if (llvm::Error error = parseCommandLine(arguments, infos, "module", options))
    return error;
  // Weights are not looked at until they are written.
  options.onnx.import.alignData = false;
  if (options.help)
    return options;
  if (options.file.empty())
    return llvm::createStringError(
        options.inspect
            ? "no model: expected the path of a .so file; see --help"
            : "no module: expected the path of a .mlir file, or - for stdin; "
              "see --help");
  if (options.inspect)
    return options;
  if (options.output.empty())
    return llvm::createStringError(
        "no output: name the shared object to write with -o");
  for (const std::string &target : targets)
    if (llvm::Error error = addTarget(target, options))
      return error;
  if (targets.empty())
    options.forCPU = true;
  llvm::sort(options.chips, [](const std::string &a, const std::string &b) {
    return lookUpChip(a) < lookUpChip(b);
  });
  return options;
}
