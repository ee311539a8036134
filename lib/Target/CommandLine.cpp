// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/CommandLine.h"

#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"

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

std::array<OptionInfo, 2>
mlir::bev::getImportOptions(onnx::ImportOptions &import) {
  auto storing = [&import](auto add) {
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
                     /*mayRepeat=*/true}};
}

/// Parses the arguments; `valueError` is the first that a store gives.
static llvm::Expected<OtherArguments>
parse(llvm::ArrayRef<const char *> arguments, llvm::ArrayRef<OptionInfo> infos,
      StringRef file, llvm::Error &valueError) {
  OtherArguments other;
  llvm::StringSet<> seen;
  bool hasFile = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (argument == "-" || !argument.starts_with("-")) {
      if (hasFile)
        return makeError("expected one %s, but got '%s' and '%s'",
                         file.str().c_str(), other.file.c_str(), arguments[i]);
      other.file = argument.str();
      hasFile = true;
      continue;
    }
    StringRef spelling = argument.ltrim('-');
    if (spelling.starts_with("mlir-")) {
      other.mlirOptions.push_back(arguments[i]);
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
  return other;
}

llvm::Expected<OtherArguments>
mlir::bev::parseCommandLine(llvm::ArrayRef<const char *> arguments,
                            llvm::ArrayRef<OptionInfo> infos, StringRef file) {
  llvm::Error valueError = llvm::Error::success();
  llvm::Expected<OtherArguments> other =
      parse(arguments, infos, file, valueError);
  if (!other)
    llvm::consumeError(std::move(valueError));
  else if (valueError)
    return valueError;
  return other;
}

llvm::Error
mlir::bev::parsePassManagerOptions(const char *tool,
                                   llvm::ArrayRef<const char *> options) {
  registerPassManagerCLOptions();
  llvm::SmallVector<const char *> arguments = {tool};
  llvm::append_range(arguments, options);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!llvm::cl::ParseCommandLineOptions(arguments.size(), arguments.data(), "",
                                         &os))
    return makeError("unknown option: %s", llvm::join(options, " ").c_str());
  return llvm::Error::success();
}
