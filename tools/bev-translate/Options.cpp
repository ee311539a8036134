// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include "bev/Target/CommandLine.h"

using namespace mlir::bev;
using llvm::StringRef;

const char *const mlir::bev::kHelp =
    R"(usage: bev-translate [--import-onnx] MODEL.onnx [option...]

Prints a model as MLIR. MODEL.onnx is an ONNX model, or MLIR text or bytecode;
- is stdin.

Input:
  --import-onnx          take the file for an ONNX model, whatever its name
  --input-shape=NAME=1x3x480x800
                         the shape of an input, in place of the model's ('?' for a dynamic
                         size, NAME=scalar for rank 0); may be repeated
  --dim=NAME=SIZE        the size of a symbolic dimension; may be repeated
  --initializers-as-arguments
                         make initializers that the model lists as inputs arguments, not constants

Output:
  -o, --output=FILE      the file to write (default: -, stdout)
  --bytecode             write MLIR bytecode, with the weights
  --print-weights        print the weights too, which take twice their bytes as text
  --print-locations      print locations: the names of ONNX nodes

General:
  --mlir-...             options of MLIR's pass manager, such as --mlir-print-ir-after-all
  --help                 print this

Exit status: 0 when all went well, 2 on bad usage or input.
)";

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  llvm::Error inputError = llvm::Error::success();
  auto flag = [](bool &target, bool value = true) {
    return [&target, value](StringRef) {
      target = value;
      return true;
    };
  };
  // These say themselves what they expect; the first error is reported.
  auto keep = [&](llvm::Error error) {
    if (inputError)
      llvm::consumeError(std::move(error));
    else
      inputError = std::move(error);
    return true;
  };
  auto storeShape = [&](StringRef value) {
    return keep(options.import.addInputShape(value));
  };
  auto storeDim = [&](StringRef value) {
    return keep(options.import.addDim(value));
  };
  auto storeOutput = [&](StringRef value) {
    options.output = value.str();
    return !value.empty();
  };
  auto storeImport = flag(options.importONNX),
       storeBytecode = flag(options.bytecode),
       storeWeights = flag(options.printWeights),
       storeLocations = flag(options.printLocations),
       storeHelp = flag(options.help),
       storeArguments = flag(options.import.initializersAreConstants, false);
  const OptionInfo infos[] = {
      {"import-onnx", ValueKind::None, storeImport},
      {"input-shape", ValueKind::Required, storeShape, "a shape",
       /*mayRepeat=*/true},
      {"dim", ValueKind::Required, storeDim, "a size", /*mayRepeat=*/true},
      {"initializers-as-arguments", ValueKind::None, storeArguments},
      {"output", ValueKind::Required, storeOutput},
      {"bytecode", ValueKind::None, storeBytecode},
      {"print-weights", ValueKind::None, storeWeights},
      {"print-locations", ValueKind::None, storeLocations},
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
  if (options.file.empty() && !options.help)
    return llvm::createStringError("no model: expected the path of a .onnx "
                                   "file, or - for stdin; see --help");
  return options;
}
