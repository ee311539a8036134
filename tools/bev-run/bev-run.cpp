// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a function on arrays from files: of a module, which is compiled for
// that, or of a compiled model.

#include "Options.h"

#include "bev-c/Model.h"
#include "bev/Runtime/Runtime.h"
#include "bev/Target/Inputs.h"
#include "bev/Target/Invocation.h"
#include "bev/Target/JIT.h"
#include "bev/Target/ModelDescription.h"
#include "bev/Target/Report.h"
#include "bev/Target/Signature.h"
#include "bev/Target/ToolModule.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::bev;

/// Makes the device the current one; sets `chip` to what to compile for, "" for
/// the CPU.
static llvm::Error selectDevice(const Options &options, std::string &chip) {
  StringRef device = options.device;
  if (device == "cpu") {
    if (!options.chip.empty())
      return llvm::createStringError("'--chip' needs '--device cuda'");
    return llvm::Error::success();
  }
  unsigned ordinal = 0;
  StringRef suffix = device;
  if (!suffix.consume_front("cuda") ||
      (!suffix.empty() &&
       (!suffix.consume_front(":") || suffix.getAsInteger(10, ordinal))))
    return llvm::createStringError(
        "unknown device '%s'; expected cpu, cuda or cuda:N",
        device.str().c_str());
  StringRef format = options.format;
  if (format != "isa" && format != "bin" && format != "fatbin")
    return llvm::createStringError(
        "unknown format '%s'; expected isa, bin or fatbin",
        format.str().c_str());
  int count = bevrtDeviceCount();
  if (count < 1)
    return llvm::createStringError(StringRef(bevrtLastError()));
  if (ordinal >= unsigned(count))
    return llvm::createStringError(
        "no device '%s': there %s, counted from 0", device.str().c_str(),
        count == 1
            ? "is 1 CUDA device"
            : ("are " + std::to_string(count) + " CUDA devices").c_str());
  if (bevrtSetDevice(ordinal) != BEVRT_SUCCESS)
    return llvm::createStringError(StringRef(bevrtLastError()));
  chip = options.chip;
  if (!chip.empty() && chip != "native")
    return llvm::Error::success();
  int major, minor;
  if (bevrtDeviceComputeCapability(&major, &minor) != BEVRT_SUCCESS)
    return llvm::createStringError(StringRef(bevrtLastError()));
  chip = "sm_" + std::to_string(10 * major + minor);
  return llvm::Error::success();
}

/// Opens a file if one is named.
static llvm::Error openOptional(const std::string &path,
                                std::unique_ptr<NPZReader> &reader) {
  if (path.empty())
    return llvm::Error::success();
  return NPZReader::open(path).moveInto(reader);
}

/// Writes the results, if asked to.
static llvm::Error writeResults(const Options &options,
                                const Signature &signature,
                                ArrayRef<Array> results) {
  if (options.output.empty())
    return llvm::Error::success();
  std::vector<std::pair<std::string, const Array *>> named;
  for (auto [parameter, array] : llvm::zip_equal(signature.results, results)) {
    named.emplace_back(parameter.name, &array);
    if (array.getType() == DType::BF16)
      llvm::errs()
          << "bev-run: note: result '" << parameter.name
          << "' is stored as the bit patterns of bfloat16, in uint16\n";
  }
  return writeNPZ(options.output, named);
}

static llvm::Error setThreads(const Options &options) {
  if (options.threads == 0)
    return llvm::Error::success();
  bevrtStatus status = bevrtSetNumThreads(options.threads);
  // Code that has no threads has not loaded OpenMP.
  if (status == BEVRT_SUCCESS || status == BEVRT_ERROR_UNAVAILABLE)
    return llvm::Error::success();
  return llvm::createStringError(StringRef(bevrtLastError()));
}

namespace {
/// What a function is run on, and what it should return.
struct Data {
  std::unique_ptr<NPZReader> inputFile, expectedFile;
  std::vector<Array> arguments;
  std::vector<ExpectedResult> expected;

  llvm::Error open(const Options &options) {
    if (llvm::Error error = openOptional(options.inputs, inputFile))
      return error;
    return openOptional(options.expected, expectedFile);
  }

  llvm::Error read(const Options &options, const Signature &signature) {
    InputOptions inputOptions;
    inputOptions.file = inputFile.get();
    inputOptions.randomSeed = options.randomInputs;
    std::vector<std::string> notes;
    llvm::Error error =
        readInputs(signature, inputOptions, notes).moveInto(arguments);
    for (const std::string &note : notes)
      llvm::errs() << "bev-run: note: " << note << "\n";
    if (error || !expectedFile)
      return error;
    return readExpectedResults(signature, *expectedFile).moveInto(expected);
  }
};
} // namespace

/// Runs compiled code, and does with the results what the options say.
static int run(const Options &options, const Signature &signature,
               EntryPoint entry, const ArenaUse &arena, Invocation::Space space,
               Data &data) {
  // Loading the code may have failed in the runtime.
  if (llvm::Error error = RuntimeErrors::take())
    return fail(std::move(error));
  if (llvm::Error error = setThreads(options))
    return fail(std::move(error));
  llvm::Expected<std::unique_ptr<Invocation>> invocation =
      Invocation::create(entry, signature, std::move(data.arguments), space);
  if (!invocation)
    return fail(invocation.takeError());
  llvm::Expected<std::vector<Array>> results = std::vector<Array>();
  {
    Progress progress("running '" + signature.function + "'");
    FaultGuard guard(FaultGuard::Code::Compiled);
    results = (*invocation)->run();
  }
  if (!results)
    return fail(results.takeError());
  if (llvm::Error error = writeResults(options, signature, *results))
    return fail(std::move(error));

  bool passes = true;
  if (data.expectedFile)
    passes = printComparison(signature, *results, data.expected,
                             options.tolerance, llvm::outs());
  else
    printSummary(signature, *results, llvm::outs());
  if (options.stats)
    llvm::outs() << formatArenaUse(arena) << "\n";
  if (options.benchmark > 0) {
    Progress progress("measuring " + std::to_string(options.benchmark) +
                      " runs");
    FaultGuard guard(FaultGuard::Code::Compiled);
    llvm::Expected<Timing> timing = (*invocation)->measure(options.benchmark);
    if (!timing)
      return fail(timing.takeError());
    printTiming(signature, *timing, llvm::outs());
  }
  return passes ? 0 : 1;
}

/// Runs what bev-compile has made.
static int runModel(const Options &options) {
  llvm::Expected<ModelDescription> description =
      ModelDescription::read(options.file);
  if (!description)
    return fail(description.takeError());
  const Signature &signature = description->signature;
  for (auto [name, isGiven] :
       {std::pair("--chip", !options.chip.empty()),
        std::pair("--format", options.format != "isa"),
        std::pair("--dump-asm", !options.dumpAssembly.empty()),
        std::pair("--input-shape", !options.onnx.import.inputShapes.empty()),
        std::pair("--dim", !options.onnx.import.dims.empty()),
        std::pair("--no-raise", !options.onnx.raise),
        std::pair("--mlir-...", !options.mlirOptions.empty())})
    if (isGiven)
      return fail("'" + Twine(name) + "' does not apply to a compiled model");
  if (!options.function.empty() && options.function != signature.function)
    return fail("no function '" + options.function + "' in the model; it is '" +
                signature.function + "'");
  std::string chip;
  Data data;
  if (llvm::Error error = selectDevice(options, chip))
    return fail(std::move(error));
  if (llvm::Error error = data.open(options))
    return fail(std::move(error));
  if (llvm::Error error = data.read(options, signature))
    return fail(std::move(error));

  RuntimeErrors runtimeErrors;
  BevModel *loaded = nullptr;
  if (bevModelLoad(options.file.c_str(), chip.empty() ? "cpu" : "cuda",
                   &loaded) != BEVRT_SUCCESS)
    return fail(bevrtLastError());
  ArenaUse arena;
  for (const TargetDescription &target : description->targets)
    if (target.isCPU() && chip.empty())
      arena = target.arena;
  int status = run(
      options, signature, bevModelEntry(loaded), arena,
      chip.empty() ? Invocation::Space::Host : Invocation::Space::Device, data);
  bevModelUnload(loaded);
  return status;
}

/// Compiles a module and runs it.
static int runModule(const Options &options) {
  std::string chip;
  Data data;
  llvm::Expected<std::unique_ptr<ToolModule>> file = ToolModule::open(options);
  if (!file)
    return fail(file.takeError());
  if (llvm::Error error = selectDevice(options, chip))
    return fail(std::move(error));
  if (llvm::Error error = data.open(options))
    return fail(std::move(error));

  OwningOpRef<ModuleOp> module = (*file)->parse();
  if (!module)
    return (*file)->fail("the module cannot be parsed");
  FailureOr<func::FuncOp> function = selectFunction(*module, options.function);
  if (failed(function))
    return kExitError;
  FailureOr<Signature> signature = getSignature(*function);
  if (failed(signature))
    return kExitError;
  if (llvm::Error error = data.read(options, *signature))
    return fail(std::move(error));
  if (failed(checkShapes(*function, data.arguments)))
    return kExitError;

  RuntimeErrors runtimeErrors;
  std::unique_ptr<llvm::ToolOutputFile> assembly;
  CompileOptions compileOptions;
  compileOptions.configurePasses = applyPassManagerCLOptions;
  compileOptions.chip = chip;
  compileOptions.format = options.format;
  compileOptions.scheduleFile = options.scheduleFile;
  if (!options.dumpAssembly.empty()) {
    std::string message;
    assembly = openOutputFile(options.dumpAssembly, &message);
    if (!assembly)
      return fail(message);
    compileOptions.assembly = &assembly->os();
  }
  FailureOr<std::unique_ptr<CompiledFunction>> compiled = failure();
  {
    Progress progress("compiling '" + signature->function + "' for " +
                      (chip.empty() ? "the CPU" : chip));
    FaultGuard guard(FaultGuard::Code::Compiler);
    compiled =
        CompiledFunction::compile(*module, signature->function, compileOptions);
  }
  if (failed(compiled))
    return (*file)->fail("the module cannot be compiled");
  if (assembly) {
    if (llvm::Error error = finishOutput(assembly->os(), options.dumpAssembly))
      return fail(std::move(error));
    assembly->keep();
  }
  // The constants are the context's.
  module = nullptr;
  returnFreedMemory();
  return run(options, *signature, (*compiled)->getEntryPoint(),
             (*compiled)->getArenaUse(),
             chip.empty() ? Invocation::Space::Host : Invocation::Space::Device,
             data);
}

/// Does what a command line says.
static int run(llvm::ArrayRef<const char *> arguments, bool isInBatch);

/// Does what the lines of a file say, one after the other. What started and
/// what ended is flushed: a fault ends all.
static int runBatch(StringRef path) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(path, &message);
  if (!file)
    return fail(message);
  int worst = 0;
  for (llvm::line_iterator line(*file); !line.is_at_eof(); ++line) {
    llvm::SmallVector<StringRef> parts;
    line->split(parts, '\t');
    std::vector<std::string> strings(parts.begin(), parts.end());
    llvm::SmallVector<const char *> arguments;
    for (const std::string &string : strings)
      arguments.push_back(string.c_str());
    llvm::outs() << "run " << line.line_number() << "\n";
    llvm::outs().flush();
    int status = run(arguments, /*isInBatch=*/true);
    llvm::outs() << "status " << status << "\n";
    llvm::outs().flush();
    worst = std::max(worst, status);
  }
  return worst;
}

static int run(llvm::ArrayRef<const char *> arguments, bool isInBatch) {
  return runTool<Options>(arguments, [&](const Options &options) {
    if (!options.batch.empty() && isInBatch)
      return fail("'--batch' cannot be in a batch");
    if (!options.batch.empty())
      return runBatch(options.batch);
    return isELFFile(options.file) ? runModel(options) : runModule(options);
  });
}

int main(int argc, char **argv) {
  installFatalErrorHandlers("bev-run");
  return run(llvm::ArrayRef<const char *>(argv + 1, argc - 1),
             /*isInBatch=*/false);
}
