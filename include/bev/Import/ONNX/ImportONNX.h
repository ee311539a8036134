// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From ONNX files to the onnx dialect.

#ifndef BEV_IMPORT_ONNX_IMPORTONNX_H
#define BEV_IMPORT_ONNX_IMPORTONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>

namespace mlir::bev::onnx {

/// What an import may decide about a model.
struct ImportOptions {
  /// Shapes of inputs by name, in place of those that the model states; a
  /// negative size is dynamic. Where such a shape contradicts the model's, the
  /// shapes that the model states of other values are not used.
  llvm::StringMap<llvm::SmallVector<int64_t>> inputShapes;
  /// Sizes of symbolic dimensions by name.
  llvm::StringMap<int64_t> dims;
  /// Whether an initializer that is listed among the inputs is a constant;
  /// otherwise it is an argument.
  bool initializersAreConstants = true;
  /// Whether weights that the file does not have at multiples of 16 bytes are
  /// copied, so that code can be run on them. Otherwise all are where the file
  /// is mapped, at any address, and take no memory until they are read.
  bool alignData = true;
  /// The folder that the paths of external data are relative to, where the
  /// model is not read from a file.
  std::string externalDataFolder;

  /// Adds what `--input-shape` says: "images=1x3x480x800", a `?` for a dynamic
  /// size, "x=scalar" for rank 0.
  llvm::Error addInputShape(llvm::StringRef text);
  /// Adds what `--dim` says: "batch=2".
  llvm::Error addDim(llvm::StringRef text);
};

/// Imports an ONNX model: a module with one public function, `main`, whose
/// arguments and results carry the attribute `bev.name` and, where sizes have
/// names, `onnx.dim_names`. Weights are resources that map the model's file and
/// files of external data; each is in memory once at most.
///
/// Local functions are inlined; the importer knows no operator but `Constant`.
/// Emits one error, which names the node or tensor, where the model is not
/// valid or has what this compiler has no types for (sequences, maps,
/// optionals).
FailureOr<OwningOpRef<ModuleOp>> importONNX(llvm::StringRef path,
                                            MLIRContext *context,
                                            const ImportOptions &options = {});

/// The same of a model in memory; `getBufferIdentifier()` is its name in
/// diagnostics. Nothing of the buffer is used after the import.
FailureOr<OwningOpRef<ModuleOp>> importONNX(llvm::MemoryBufferRef buffer,
                                            MLIRContext *context,
                                            const ImportOptions &options = {});

} // namespace mlir::bev::onnx

#endif // BEV_IMPORT_ONNX_IMPORTONNX_H
