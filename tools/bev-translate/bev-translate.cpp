// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads models and prints them as MLIR.

#include "Options.h"

#include "bev/Conversion/ONNXToBEV/Lint.h"
#include "bev/Conversion/ONNXToBEV/RaiseReport.h"
#include "bev/Dialect/BEV/IR/BEV.h"
#include "bev/Target/ToolModule.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::bev;

/// What is printed of a constant without --print-weights; longer ones are
/// elided.
static constexpr int64_t kMaxPrintedElements = 32;

/// The exit status where the lint finds something wrong.
static constexpr int kExitFindings = 1;

/// Takes the module as far as the command line says.
static LogicalResult convert(const Options &options, ModuleOp module) {
  if (!options.stage && !options.raiseReport && !options.lint)
    return success();
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  if (failed(applyPassManagerCLOptions(pm)))
    return failure();
  ONNXToModelIROptions pipeline;
  pipeline.raise = options.raise;
  buildONNXToModelIRPipeline(pm, pipeline,
                             options.stage.value_or(ONNXStage::Simplified));
  return pm.run(module);
}

static LogicalResult write(const Options &options, ModuleOp module,
                           raw_ostream &os) {
  if (options.raiseReport) {
    module.getContext()
        ->loadDialect<BEVDialect, arith::ArithDialect, tensor::TensorDialect>();
    RaiseReport report;
    raiseONNXToBEV(module, report);
    report.print(os);
    return success();
  }
  if (options.bytecode)
    return writeBytecodeToFile(module, os);
  OpPrintingFlags flags;
  if (!options.printWeights)
    flags.elideLargeElementsAttrs(kMaxPrintedElements)
        .elideLargeResourceString(0);
  if (options.printLocations)
    flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  module.print(os, flags);
  return success();
}

static int translate(const Options &options) {
  llvm::Expected<std::unique_ptr<ToolModule>> file = ToolModule::open(options);
  if (!file)
    return fail(file.takeError());
  OwningOpRef<ModuleOp> module = (*file)->parse(/*imported=*/true);
  {
    FaultGuard guard(FaultGuard::Code::Compiler);
    if (!module || failed(verify(*module)) || failed(convert(options, *module)))
      return (*file)->fail("the model cannot be converted");
  }

  std::string message;
  std::unique_ptr<llvm::ToolOutputFile> output =
      openOutputFile(options.output, &message);
  if (!output)
    return fail(message);
  std::vector<LintFinding> findings;
  if (options.lint) {
    findings = lintONNX(*module);
    printLint(findings, output->os());
  } else if (failed(write(options, *module, output->os()))) {
    return kExitError;
  }
  if (llvm::Error error = finishOutput(output->os(), options.output))
    return fail(std::move(error));
  output->keep();
  return hasLintWarnings(findings) ? kExitFindings : 0;
}

int main(int argc, char **argv) {
  installFatalErrorHandlers("bev-translate");
  return runTool<Options>(llvm::ArrayRef<const char *>(argv + 1, argc - 1),
                          translate);
}
