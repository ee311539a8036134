// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a model's message and imports its graph.

#include "bev/Import/ONNX/ImportONNX.h"

#include "GraphImporter.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <limits>

using namespace mlir;
using namespace mlir::bev::onnx;
using ::onnx::ModelProto;

/// The oldest format: operators are in versioned sets since.
static constexpr int64_t kMinIRVersion = 3;

static Location getFileLoc(StringRef name, MLIRContext *context) {
  return FileLineColLoc::get(context, name, 0, 0);
}

/// Parses the message; the stream's data is copied once, into it.
static LogicalResult parse(google::protobuf::io::ZeroCopyInputStream &stream,
                           ModelProto &model, Location loc) {
  // What is wrong is said here, once.
  google::protobuf::LogSilencer silencer;
  if (model.ParseFromZeroCopyStream(&stream))
    return success();
  return emitError(loc) << "the file is not an ONNX model, or it is truncated";
}

static FailureOr<OwningOpRef<ModuleOp>>
importModel(ModelProto &model, MLIRContext *context, Location loc,
            StringRef folder, const ImportOptions &options) {
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
  GraphImporter importer(model, context, loc, folder, options);
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
  llvm::Expected<llvm::sys::fs::file_t> file =
      llvm::sys::fs::openNativeFileForRead(path);
  if (!file)
    return fail(llvm::toString(file.takeError()));
  // In blocks, so that the file and the message are not in memory both.
  ModelProto model;
  LogicalResult parsed = failure();
  int readError = 0;
  {
    google::protobuf::io::FileInputStream stream(*file, 1 << 20);
    {
      // A failure to read shows as an early end.
      ScopedDiagnosticHandler held(context, [&](Diagnostic &) {
        return failure(stream.GetErrno() == 0);
      });
      parsed = parse(stream, model, loc);
    }
    readError = stream.GetErrno();
  }
  (void)llvm::sys::fs::closeFile(*file);
  if (readError != 0)
    return fail(std::error_code(readError, std::generic_category()).message());
  if (failed(parsed))
    return failure();
  return importModel(model, context, loc, llvm::sys::path::parent_path(path),
                     options);
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
  google::protobuf::io::ArrayInputStream stream(buffer.getBufferStart(),
                                                int(buffer.getBufferSize()));
  if (failed(parse(stream, model, loc)))
    return failure();
  return importModel(model, context, loc, options.externalDataFolder, options);
}
