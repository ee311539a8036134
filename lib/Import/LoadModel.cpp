// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Import/LoadModel.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::bev;

bool mlir::bev::isONNXModel(StringRef path, StringRef content) {
  if (path.ends_with_insensitive(".onnx"))
    return true;
  // A model begins with the tag of its IR version, a control character.
  return content.starts_with("\x08");
}

std::unique_ptr<llvm::MemoryBuffer>
mlir::bev::importONNXAsBytecode(StringRef path,
                                const DialectRegistry &registry) {
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);
  FailureOr<OwningOpRef<ModuleOp>> module = onnx::importONNX(path, &context);
  if (failed(module))
    return nullptr;
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  if (failed(writeBytecodeToFile(**module, os)))
    return nullptr;
  return std::make_unique<llvm::SmallVectorMemoryBuffer>(
      std::move(bytes), path, /*RequiresNullTerminator=*/false);
}
