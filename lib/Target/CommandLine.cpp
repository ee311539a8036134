// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/CommandLine.h"

#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"

#include <array>

using namespace mlir::bev;
using llvm::StringRef;

template <typename... Args>
static llvm::Error makeError(const char *format, Args... args) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), format,
                                 args...);
}

/// The known option with the nearest name, if one is near.
static std::string suggest(StringRef name, llvm::ArrayRef<OptionInfo> infos) {
  StringRef best;
  unsigned bestDistance = 3;
  for (const OptionInfo &info : infos) {
    unsigned distance = name.edit_distance(info.name, true, bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = info.name;
    }
  }
  return best.empty() ? "see --help" : ("did you mean '--" + best + "'?").str();
}

std::function<bool(StringRef)> mlir::bev::storeText(std::string &target) {
  return [&target](StringRef value) {
    target = value.str();
    return !value.empty();
  };
}

std::function<bool(StringRef)> mlir::bev::storeNumber(int64_t &target,
                                                      int64_t max) {
  return [&target, max](StringRef value) {
    return !value.getAsInteger(10, target) && target >= 1 && target <= max;
  };
}

std::function<bool(StringRef)> mlir::bev::storeFlag(bool &target, bool value) {
  return [&target, value](StringRef) {
    target = value;
    return true;
  };
}

//===----------------------------------------------------------------------===//
// Options of all tools
//===----------------------------------------------------------------------===//

const char *const mlir::bev::kGeneralHelp =
    R"(  --mlir-...             options of MLIR's pass manager, such as --mlir-print-ir-after-all
  --help                 print this
)";

const char *const mlir::bev::kImportHelp =
    R"(  --input-shape=NAME=1x3x480x800
                         the shape of an input, in place of the model's ('?' for a dynamic
                         size, NAME=scalar for rank 0); may be repeated
  --dim=NAME=SIZE        the size of a symbolic dimension; may be repeated
)";

const char *const mlir::bev::kRaiseHelp =
    R"(  --no-raise             lower each node by itself: no group of nodes becomes a bev op
)";

void mlir::bev::printToolHelp(llvm::raw_ostream &os) {
  os << kGeneralHelp << "\nOf ONNX models:\n" << kImportHelp << kRaiseHelp;
}

static std::array<OptionInfo, 4> getToolOptions(ToolOptions &options) {
  auto storing = [&import = options.onnx.import](auto add) {
    return [&import, add](StringRef value) -> llvm::Expected<bool> {
      if (llvm::Error error = (import.*add)(value))
        return error;
      return true;
    };
  };
  return {OptionInfo{"input-shape", ValueKind::Required,
                     storing(&onnx::ImportOptions::addInputShape), "a shape",
                     /*mayRepeat=*/true},
          OptionInfo{"dim", ValueKind::Required,
                     storing(&onnx::ImportOptions::addDim), "a size",
                     /*mayRepeat=*/true},
          OptionInfo{"no-raise", ValueKind::None,
                     storeFlag(options.onnx.raise, false)},
          OptionInfo{"help", ValueKind::None, storeFlag(options.help)}};
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Parses the arguments; `valueError` is the first that a store gives.
static llvm::Error parse(llvm::ArrayRef<const char *> arguments,
                         llvm::ArrayRef<OptionInfo> infos, StringRef file,
                         ToolOptions &options, llvm::Error &valueError) {
  llvm::StringSet<> seen;
  bool hasFile = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (argument == "-" || !argument.starts_with("-")) {
      if (hasFile)
        return makeError("expected one %s, but got '%s' and '%s'",
                         file.str().c_str(), options.file.c_str(),
                         arguments[i]);
      options.file = argument.str();
      hasFile = true;
      continue;
    }
    StringRef spelling = argument.ltrim('-');
    if (spelling.starts_with("mlir-")) {
      options.mlirOptions.push_back(arguments[i]);
      continue;
    }
    bool hasValue = spelling.contains('=');
    auto [name, value] = spelling.split('=');
    if (name == "h")
      name = "help";
    else if (name == "o")
      name = "output";
    const auto *info = llvm::find_if(
        infos, [name = name](const OptionInfo &i) { return i.name == name; });
    if (info == infos.end())
      return makeError("unknown option '%s'; %s", arguments[i],
                       suggest(name, infos).c_str());
    std::string shown = ("--" + name).str();
    if (!seen.insert(name).second && !info->mayRepeat)
      return makeError("option '%s' is given twice", shown.c_str());
    if (hasValue && info->kind == ValueKind::None)
      return makeError("option '%s' takes no value", shown.c_str());
    if (!hasValue && info->kind == ValueKind::Required) {
      if (i + 1 == arguments.size())
        return makeError("option '%s' needs a value", shown.c_str());
      value = arguments[++i];
    }
    llvm::Expected<bool> stored =
        hasValue && value.empty() ? false : info->store(value);
    if (llvm::Error error = stored.takeError()) {
      if (valueError)
        llvm::consumeError(std::move(error));
      else
        valueError = std::move(error);
    } else if (!*stored) {
      return makeError("expected '%s' to be %s, but got '%s'", shown.c_str(),
                       info->expected, value.str().c_str());
    }
  }
  return llvm::Error::success();
}

llvm::Error mlir::bev::parseCommandLine(llvm::ArrayRef<const char *> arguments,
                                        llvm::ArrayRef<OptionInfo> infos,
                                        StringRef file, ToolOptions &options) {
  std::vector<OptionInfo> all = infos.vec();
  llvm::append_range(all, getToolOptions(options));
  llvm::Error valueError = llvm::Error::success();
  if (llvm::Error error = parse(arguments, all, file, options, valueError)) {
    llvm::consumeError(std::move(valueError));
    return error;
  }
  return valueError;
}

llvm::Error
mlir::bev::parsePassManagerOptions(llvm::ArrayRef<const char *> options) {
  registerPassManagerCLOptions();
  llvm::SmallVector<const char *> arguments = {"mlir"};
  llvm::append_range(arguments, options);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!llvm::cl::ParseCommandLineOptions(arguments.size(), arguments.data(), "",
                                         &os))
    return makeError("unknown option: %s", llvm::join(options, " ").c_str());
  return llvm::Error::success();
}
