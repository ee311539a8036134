// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a model's message and imports its graph.

#include "bev/Import/ONNX/ImportONNX.h"

#include "GraphImporter.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx;
using ::onnx::ModelProto;

/// The oldest format: operators are in versioned sets since.
static constexpr int64_t kMinIRVersion = 3;

static Location getFileLoc(StringRef name, MLIRContext *context) {
  return FileLineColLoc::get(context, name, 0, 0);
}

static LogicalResult emitParseError(Location loc) {
  return emitError(loc) << "the file is not an ONNX model, or it is truncated";
}

static FailureOr<OwningOpRef<ModuleOp>>
importModel(ModelProto &model, const RawData &rawData, MLIRContext *context,
            Location loc, StringRef folder, const ImportOptions &options) {
  if (!model.has_graph())
    return emitError(loc) << "the file is not an ONNX model: it has no graph";
  if (!model.has_ir_version())
    return emitError(loc)
           << "the file is not an ONNX model: it has no IR version";
  if (model.ir_version() < kMinIRVersion)
    return emitError(loc) << "the model has IR version " << model.ir_version()
                          << "; expected " << kMinIRVersion
                          << " or newer: export it with a newer onnx";
  context->loadDialect<ONNXDialect, func::FuncDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  GraphImporter importer(model, rawData, context, loc, folder, options);
  if (failed(importer.import(*module)))
    return failure();
  return module;
}

FailureOr<OwningOpRef<ModuleOp>>
mlir::bev::onnx::importONNX(StringRef path, MLIRContext *context,
                            const ImportOptions &options) {
  Location loc = getFileLoc(path, context);
  auto fail = [&](const Twine &reason) {
    return emitError(loc) << "the model cannot be read: " << reason;
  };
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return fail(error.message());
  if (llvm::sys::fs::is_directory(status))
    return fail("it is a folder");
  if (status.getSize() > uint64_t(std::numeric_limits<int>::max()))
    return fail("messages of this kind have at most 2 GB; save the weights as "
                "external data");
  // What is no file of its own cannot be mapped.
  if (!llvm::sys::fs::is_regular_file(status) || status.getSize() == 0) {
    auto buffer = llvm::MemoryBuffer::getFileAsStream(path);
    if (!buffer)
      return fail(buffer.getError().message());
    ImportOptions ownOptions = options;
    ownOptions.externalDataFolder = llvm::sys::path::parent_path(path).str();
    return importONNX(llvm::MemoryBufferRef((*buffer)->getBuffer(), path),
                      context, ownOptions);
  }
  llvm::Expected<std::shared_ptr<MappedFile>> file =
      MappedFile::open(path, status.getSize());
  if (!file)
    return fail(llvm::toString(file.takeError()));
  ModelProto model;
  RawData rawData;
  if (!rawData.parse(std::move(*file), model))
    return emitParseError(loc);
  return importModel(model, rawData, context, loc,
                     llvm::sys::path::parent_path(path), options);
}

FailureOr<OwningOpRef<ModuleOp>>
mlir::bev::onnx::importONNX(llvm::MemoryBufferRef buffer, MLIRContext *context,
                            const ImportOptions &options) {
  Location loc = getFileLoc(buffer.getBufferIdentifier(), context);
  if (buffer.getBufferSize() > size_t(std::numeric_limits<int>::max()))
    return emitError(loc) << "the model cannot be read: messages of this kind "
                             "have at most 2 GB; save the weights as external "
                             "data";
  ModelProto model;
  RawData rawData;
  if (!rawData.parse(buffer.getBuffer(), model))
    return emitParseError(loc);
  return importModel(model, rawData, context, loc, options.externalDataFolder,
                     options);
}
