// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function of a module and runs it on arrays from files.

#include "Process.h"

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/Runtime/Runtime.h"
#include "bev/Target/Inputs.h"
#include "bev/Target/Invocation.h"
#include "bev/Target/JIT.h"
#include "bev/Target/Report.h"
#include "bev/Target/Signature.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::bev;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"bev-run options"};
  cl::opt<std::string> module{cl::Positional, cl::desc("MODULE.mlir"),
                              cl::cat(category)};
  cl::opt<std::string> function{
      "function", cl::value_desc("name"), cl::cat(category),
      cl::desc("the function to run (default: the only public one, or main)")};
  cl::opt<std::string> device{"device", cl::value_desc("cpu|cuda[:N]"),
                              cl::init("cpu"), cl::cat(category),
                              cl::desc("where to run it (default: cpu)")};
  cl::opt<std::string> inputs{
      "inputs", cl::value_desc("file.npz"), cl::cat(category),
      cl::desc("the arguments, by name (bev.name) or position (arg0)")};
  cl::opt<std::string> output{"output", cl::value_desc("file.npz"),
                              cl::cat(category),
                              cl::desc("where to write the results")};
  cl::opt<std::string> expected{
      "expected", cl::value_desc("file.npz"), cl::cat(category),
      cl::desc("what the results should be, by name (bev.name) or position "
               "(result0); exit status 1 if they are not")};
  cl::opt<double> tolerance{
      "tolerance", cl::value_desc("R"), cl::init(1e-4), cl::cat(category),
      cl::desc("the largest relative L2 difference to pass (default: 1e-4)")};
  cl::opt<unsigned> benchmark{
      "benchmark",
      cl::value_desc("N"),
      cl::ValueOptional,
      cl::init(0),
      cl::cat(category),
      cl::desc("measure the time of N runs (default of N: 100)")};
  cl::opt<unsigned> threads{
      "threads", cl::value_desc("N"), cl::init(0), cl::cat(category),
      cl::desc("the number of threads on the CPU (default: all processors)")};
  cl::opt<unsigned long long> randomInputs{
      "random-inputs",
      cl::value_desc("seed"),
      cl::ValueOptional,
      cl::init(0),
      cl::cat(category),
      cl::desc("make up the arguments that --inputs lacks, from this seed")};
  cl::opt<std::string> chip{
      "chip", cl::value_desc("sm_XX"), cl::init("native"), cl::cat(category),
      cl::desc("the GPU to generate code for (default: native, the device's)")};
  cl::opt<std::string> format{
      "format", cl::value_desc("isa|bin|fatbin"), cl::init("isa"),
      cl::cat(category),
      cl::desc("what the device code becomes (default: isa, PTX that the "
               "driver compiles)")};
  cl::opt<std::string> dumpAssembly{
      "dump-asm", cl::value_desc("file"), cl::cat(category),
      cl::desc("write the host's assembly to the file; - is stdout")};
};

/// Passes the first error of a stage on to the handlers before it and drops
/// those that follow from it.
class FirstErrorOnly : public ScopedDiagnosticHandler {
public:
  explicit FirstErrorOnly(MLIRContext *context)
      : ScopedDiagnosticHandler(context) {
    setHandler([this](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return failure();
      bool isFirst = !hasError;
      hasError = true;
      return failure(isFirst);
    });
  }

  bool hasError = false;
};
} // namespace

static int fail(const Twine &message) {
  llvm::outs().flush();
  llvm::errs() << "bev-run: error: " << message << "\n";
  return kExitError;
}

static int fail(llvm::Error error) {
  return fail(llvm::toString(std::move(error)));
}

/// Parses the command line; an exit status where there is nothing to run.
static std::optional<int> parseOptions(int argc, char **argv,
                                       Options &options) {
  cl::HideUnrelatedOptions(options.category);
  std::string text;
  llvm::raw_string_ostream os(text);
  const char *overview =
      "compile a function of an MLIR module and run it on .npz arrays\n\n"
      "Exit status: 0 when all went well, 1 when results differ from the "
      "expected ones,\n2 on bad usage or input.\n";
  if (!cl::ParseCommandLineOptions(argc, argv, overview, &os)) {
    // "bev-run: Unknown ....\n" and, after that, guesses.
    StringRef line = StringRef(text).split('\n').first;
    line.consume_front("bev-run: ");
    std::string message = line.str();
    if (!message.empty() && llvm::isUpper(message.front()))
      message.front() = llvm::toLower(message.front());
    return fail(message);
  }
  if (options.module.empty())
    return fail("no module: expected the path of a .mlir file, or - for "
                "stdin; see --help");
  if (!(options.tolerance >= 0))
    return fail("expected '--tolerance' to be a number that is not negative");
  if (options.benchmark.getNumOccurrences() && options.benchmark == 0)
    options.benchmark = 100;
  if (options.threads.getNumOccurrences() &&
      (options.threads == 0 || options.threads > 4096))
    return fail("expected '--threads' to be from 1 to 4096");
  return std::nullopt;
}

/// Makes the device the current one; sets `chip` to what to compile for, "" for
/// the CPU.
static llvm::Error selectDevice(const Options &options, std::string &chip) {
  StringRef device = options.device;
  if (device == "cpu") {
    if (options.chip.getNumOccurrences())
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
  if (chip != "native")
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
  if (!options.threads.getNumOccurrences())
    return llvm::Error::success();
  bevrtStatus status = bevrtSetNumThreads(options.threads);
  // Code that has no threads has not loaded OpenMP.
  if (status == BEVRT_SUCCESS || status == BEVRT_ERROR_UNAVAILABLE)
    return llvm::Error::success();
  return llvm::createStringError(StringRef(bevrtLastError()));
}

static int run(const Options &options, MLIRContext &context,
               const llvm::SourceMgr &sourceMgr) {
  std::string chip;
  std::unique_ptr<NPZReader> inputFile, expectedFile;
  if (llvm::Error error = selectDevice(options, chip))
    return fail(std::move(error));
  if (llvm::Error error = openOptional(options.inputs, inputFile))
    return fail(std::move(error));
  if (llvm::Error error = openOptional(options.expected, expectedFile))
    return fail(std::move(error));

  FirstErrorOnly diagnostics(&context);
  auto failWithDiagnostic = [&](const Twine &what) {
    return diagnostics.hasError ? kExitError : fail(what);
  };
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
  if (!module)
    return failWithDiagnostic("the module cannot be parsed");
  FailureOr<func::FuncOp> function = selectFunction(*module, options.function);
  if (failed(function))
    return kExitError;
  FailureOr<Signature> signature = getSignature(*function);
  if (failed(signature))
    return kExitError;

  InputOptions inputOptions;
  inputOptions.file = inputFile.get();
  if (options.randomInputs.getNumOccurrences())
    inputOptions.randomSeed = options.randomInputs;
  std::vector<std::string> notes;
  llvm::Expected<std::vector<Array>> arguments =
      readInputs(*signature, inputOptions, notes);
  for (const std::string &note : notes)
    llvm::errs() << "bev-run: note: " << note << "\n";
  if (!arguments)
    return fail(arguments.takeError());
  std::vector<ExpectedResult> expected;
  if (expectedFile)
    if (llvm::Error error =
            readExpectedResults(*signature, *expectedFile).moveInto(expected))
      return fail(std::move(error));
  if (failed(checkShapes(*function, *arguments)))
    return kExitError;

  RuntimeErrors runtimeErrors;
  std::unique_ptr<llvm::ToolOutputFile> assembly;
  CompileOptions compileOptions;
  compileOptions.chip = chip;
  compileOptions.format = options.format;
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
    compiled =
        CompiledFunction::compile(*module, signature->function, compileOptions);
  }
  if (failed(compiled))
    return failWithDiagnostic("the module cannot be compiled");
  if (assembly)
    assembly->keep();
  // Loading the module may have failed in the runtime.
  if (llvm::Error error = RuntimeErrors::take())
    return fail(std::move(error));
  if (llvm::Error error = setThreads(options))
    return fail(std::move(error));

  auto space =
      chip.empty() ? Invocation::Space::Host : Invocation::Space::Device;
  llvm::Expected<std::unique_ptr<Invocation>> invocation =
      Invocation::create(**compiled, *signature, std::move(*arguments), space);
  if (!invocation)
    return fail(invocation.takeError());
  llvm::Expected<std::vector<Array>> results = std::vector<Array>();
  {
    Progress progress("running '" + signature->function + "'");
    FaultGuard guard;
    results = (*invocation)->run();
  }
  if (!results)
    return fail(results.takeError());
  if (llvm::Error error = writeResults(options, *signature, *results))
    return fail(std::move(error));

  bool passes = true;
  if (expectedFile)
    passes = printComparison(*signature, *results, expected, options.tolerance,
                             llvm::outs());
  else
    printSummary(*signature, *results, llvm::outs());
  if (options.benchmark > 0) {
    Progress progress("measuring " + std::to_string(options.benchmark) +
                      " runs");
    FaultGuard guard;
    llvm::Expected<Timing> timing = (*invocation)->measure(options.benchmark);
    if (!timing)
      return fail(timing.takeError());
    printTiming(*signature, *timing, llvm::outs());
  }
  return passes ? 0 : 1;
}

int main(int argc, char **argv) {
  installFatalErrorHandlers();
  Options options;
  registerPassManagerCLOptions();
  if (std::optional<int> status = parseOptions(argc, argv, options))
    return *status;

  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer =
      openInputFile(options.module, &message);
  if (!buffer)
    return fail(message);
  llvm::SourceMgr sourceMgr;
  sourceMgr.AddNewSourceBuffer(std::move(buffer), SMLoc());

  DialectRegistry registry;
  bev::registerAllDialects(registry);
  bev::registerAllExtensions(registry);
  MLIRContext context(registry);
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);
  return run(options, context, sourceMgr);
}
