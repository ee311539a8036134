// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Searches for the schedules of a model's ops on the GPU of this machine.

#include "Options.h"

#include "bev/Conversion/GPUToNVVM/Chips.h"
#include "bev/Conversion/GPUToNVVM/Toolkit.h"
#include "bev/Runtime/Runtime.h"
#include "bev/Target/OutputFile.h"
#include "bev/Target/ToolModule.h"

#include "mlir/Pass/PassManager.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::bev;

/// The exit status where there is no GPU to search on.
static constexpr int kExitNoDevice = 1;

/// The runtime's last error, without the advice to take the CPU instead, on
/// which this tool does not search.
static llvm::Error getDeviceError() {
  std::string message = bevrtLastError();
  StringRef advice = "run with --device cpu";
  if (StringRef(message).ends_with(advice))
    message.replace(message.size() - advice.size(), advice.size(),
                    "print the schedules without search with --list");
  return llvm::createStringError(message);
}

/// Makes the first device the current one, and fills in what it and the machine
/// decide.
static llvm::Error useDevice(TuneOptions &options) {
  if (bevrtDeviceCount() < 1 || bevrtSetDevice(0) != BEVRT_SUCCESS)
    return getDeviceError();
  if (options.chip.empty() || options.chip == "native") {
    int major, minor;
    if (bevrtDeviceComputeCapability(&major, &minor) != BEVRT_SUCCESS)
      return getDeviceError();
    options.chip = "sm_" + std::to_string(10 * major + minor);
  }
  if (options.format.empty())
    options.format = findMissingTools("bin").empty() ? "bin" : "isa";
  return llvm::Error::success();
}

/// The schedule file that is there already, or an empty one.
static FailureOr<ScheduleFile> readOutput(StringRef path,
                                          MLIRContext &context) {
  if (path.empty() || path == "-" || !llvm::sys::fs::exists(path))
    return ScheduleFile();
  return ScheduleFile::read(path, &context);
}

static void list(ArrayRef<TuneProblem> problems, raw_ostream &os) {
  ScheduleFile file;
  for (const TuneProblem &problem : problems)
    file.set(problem.key, problem.start, /*comments=*/{});
  file.print(os);
}

/// What stands above an entry.
static std::string describe(const TuneResult &result, StringRef device) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << llvm::format("# %.2f us; %.2f us by default; ", result.microseconds,
                     result.startMicroseconds)
     << "the best of " << result.candidates.size() << " on " << device;
  return text;
}

static int search(const Options &options, std::vector<TuneProblem> &problems,
                  ScheduleFile &file) {
  const char *name = bevrtDeviceName();
  std::string device = name ? name : "a GPU";
  llvm::json::Value all = llvm::json::Object{{"device", device},
                                             {"chip", options.tune.chip},
                                             {"format", options.tune.format},
                                             {"ops", llvm::json::Array()}};
  bool isTuned = false;
  std::string failure;
  auto writeFiles = [&](bool toStdout) -> llvm::Error {
    if (!options.json.empty() && (options.json == "-") == toStdout)
      if (llvm::Error error = writeFile(options.json, [&](raw_ostream &os) {
            os << llvm::formatv("{0:2}\n", all);
          }))
        return error;
    if (isTuned && (options.output == "-") == toStdout)
      return writeFile(options.output,
                       [&](raw_ostream &os) { file.print(os); });
    return llvm::Error::success();
  };
  auto report = [&](const TuneResult &result) -> llvm::Error {
    all.getAsObject()->getArray("ops")->push_back(toJSON(result));
    if (result.failure.empty()) {
      file.set(result.key, result.best, {describe(result, device)});
      isTuned = true;
    } else if (failure.empty()) {
      failure = result.failure;
    }
    // What has been found is not lost when something fails later.
    return writeFiles(/*toStdout=*/false);
  };
  FaultGuard guard(FaultGuard::Code::Compiler);
  llvm::Error error = tune(problems, options.tune, llvm::errs(), report);
  error = llvm::joinErrors(std::move(error), writeFiles(/*toStdout=*/true));
  if (error)
    return fail(std::move(error));
  if (!isTuned && !failure.empty())
    return fail("none of the model's ops runs: " + failure);
  return 0;
}

static int tuneModel(Options &options) {
  llvm::Expected<std::unique_ptr<ToolModule>> file = ToolModule::open(options);
  if (!file)
    return fail(file.takeError());
  if (options.list) {
    if (options.tune.chip.empty())
      options.tune.chip = "sm_90";
    if (options.tune.chip == "native")
      if (llvm::Error error = detectNativeChip().moveInto(options.tune.chip))
        return fail(std::move(error), kExitNoDevice);
  } else {
    if (llvm::Error error = useDevice(options.tune))
      return fail(std::move(error), kExitNoDevice);
    for (const std::string &path : {options.output, options.json})
      if (!path.empty() && path != "-")
        if (llvm::Error error = checkWritable(path))
          return fail(std::move(error));
  }

  FailureOr<ScheduleFile> schedules =
      readOutput(options.output, (*file)->getContext());
  if (failed(schedules))
    return kExitError;
  OwningOpRef<ModuleOp> module = (*file)->parse();
  if (!module)
    return (*file)->fail("the module cannot be parsed");
  FailureOr<std::vector<TuneProblem>> problems = failure();
  std::vector<std::string> notes;
  {
    FaultGuard guard(FaultGuard::Code::Compiler);
    problems = collectTuneProblems(*module, options.tune.chip, notes);
  }
  if (failed(problems))
    return (*file)->fail("the module cannot be scheduled");
  for (const std::string &note : notes)
    llvm::errs() << "bev-tune: note: " << note << "\n";
  module = nullptr;
  if (options.list) {
    list(*problems, llvm::outs());
    return 0;
  }
  if (problems->empty())
    return fail("the model has no op to tune: none of its ops has channels and "
                "sizes that are known");
  return search(options, *problems, *schedules);
}

int main(int argc, char **argv) {
  installFatalErrorHandlers("bev-tune");
  return runTool<Options>(llvm::ArrayRef<const char *>(argv + 1, argc - 1),
                          tuneModel);
}
