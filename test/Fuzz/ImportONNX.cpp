// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes are a model or one error: an import ends without a fault, and what
// it makes is valid IR that can be printed.

#include "bev/Import/ONNX/ImportONNX.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

using namespace mlir;

/// A context keeps all attributes and resources; a new one is slow to make.
static constexpr unsigned kImportsPerContext = 256;

/// Containers that the MLIR library fills, which is not instrumented, carry no
/// annotations; contexts own what looks lost at exit.
extern "C" const char *__asan_default_options() {
  return "detect_container_overflow=0:detect_leaks=0";
}

[[noreturn]] static void fail(const char *what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static std::unique_ptr<MLIRContext> context;
  static unsigned numImports = 0;
  if (numImports++ % kImportsPerContext == 0)
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  unsigned numErrors = 0;
  ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diagnostic) {
    numErrors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return success();
  });
  bev::onnx::ImportOptions options;
  options.externalDataFolder = "no-such-folder";
  FailureOr<OwningOpRef<ModuleOp>> module = bev::onnx::importONNX(
      llvm::MemoryBufferRef(
          StringRef(reinterpret_cast<const char *>(data), size), "fuzzed"),
      context.get(), options);
  if (failed(module)) {
    if (numErrors != 1)
      fail("a failed import must emit one error");
    return 0;
  }
  if (numErrors != 0 || failed(verify(**module)))
    fail("an import must be valid IR without errors");
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16).elideLargeResourceString(0);
  (*module)->print(llvm::nulls(), flags);
  return 0;
}
