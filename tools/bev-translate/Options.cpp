// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Options.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir::bev;
using llvm::StringRef;

void Options::printHelp(llvm::raw_ostream &os) {
  os << R"(usage: bev-translate [--import-onnx] MODEL.onnx [option...]

Prints a model as MLIR. MODEL.onnx is an ONNX model, or MLIR text or bytecode;
- is stdin.

Input:
  --import-onnx          take the file for an ONNX model, whatever its name
)" << kImportHelp
     << R"(  --initializers-as-arguments
                         make initializers that the model lists as inputs arguments, not constants

Conversion of ONNX nodes, of MLIR too:
  --emit=onnx|simplified|raised|model-ir
                         what to print: what the file has (default), with types everywhere
                         and constants folded, with bev ops for the groups of nodes that
                         spell them, or without ONNX nodes
)" << kRaiseHelp
     << R"(  --raise-report         print, in place of the model, which nodes became which bev ops, and
                         which look like one and did not, with the reason

  --lint                 print, in place of the model, what is wrong with the export of the
                         ONNX model and what to change in it

Output:
  -o, --output=FILE      the file to write (default: -, stdout)
  --bytecode             write MLIR bytecode, with the weights
  --print-weights        print the weights too, which take twice their bytes as text
  --print-locations      print locations: the names of ONNX nodes

General:
)" << kGeneralHelp
     << R"(
Exit status: 0 when all went well, 1 when --lint finds something wrong, 2 on bad usage
or input.
)";
}

llvm::Expected<Options> Options::parse(llvm::ArrayRef<const char *> arguments) {
  Options options;
  auto storeOutput = [&](StringRef value) {
    options.output = value.str();
    return !value.empty();
  };
  auto storeEmit = [&](StringRef value) {
    options.stage = llvm::StringSwitch<std::optional<ONNXStage>>(value)
                        .Case("simplified", ONNXStage::Simplified)
                        .Case("raised", ONNXStage::Raised)
                        .Case("model-ir", ONNXStage::ModelIR)
                        .Default(std::nullopt);
    return options.stage || value == "onnx";
  };
  const OptionInfo infos[] = {
      {"import-onnx", ValueKind::None, storeFlag(options.onnx.isONNX)},
      {"initializers-as-arguments", ValueKind::None,
       storeFlag(options.onnx.import.initializersAreConstants, false)},
      {"emit", ValueKind::Required, storeEmit,
       "onnx, simplified, raised or model-ir"},
      {"no-raise", ValueKind::None, storeFlag(options.raise, false)},
      {"raise-report", ValueKind::None, storeFlag(options.raiseReport)},
      {"lint", ValueKind::None, storeFlag(options.lint)},
      {"output", ValueKind::Required, storeOutput},
      {"bytecode", ValueKind::None, storeFlag(options.bytecode)},
      {"print-weights", ValueKind::None, storeFlag(options.printWeights)},
      {"print-locations", ValueKind::None, storeFlag(options.printLocations)},
  };
  if (llvm::Error error = parseCommandLine(arguments, infos, "model", options))
    return error;
  // Weights that are not written stay in the file.
  options.onnx.import.alignData = options.bytecode || options.printWeights;
  if (options.file.empty() && !options.help)
    return llvm::createStringError("no model: expected the path of a .onnx "
                                   "file, or - for stdin; see --help");
  if (options.raiseReport && (options.stage || options.bytecode))
    return llvm::createStringError(
        "'--raise-report' is printed in place of the model: drop '" +
        llvm::Twine(options.stage ? "--emit" : "--bytecode") + "'");
  if (options.lint &&
      (options.stage || options.bytecode || options.raiseReport))
    return llvm::createStringError(
        "'--lint' is printed in place of the model: drop '" +
        llvm::Twine(options.stage      ? "--emit"
                    : options.bytecode ? "--bytecode"
                                       : "--raise-report") +
        "'");
  if (!options.raise && options.stage != ONNXStage::ModelIR)
    return llvm::createStringError("'--no-raise' needs '--emit=model-ir'");
  return options;
}
