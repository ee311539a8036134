// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/OutputFile.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"

using namespace mlir::bev;
using llvm::StringRef;

static llvm::Error cannotWrite(StringRef path, const llvm::Twine &why) {
  std::string shown = path == "-" ? "stdout" : ("'" + path + "'").str();
  return llvm::createStringError(shown + " cannot be written: " + why);
}

/// The stream's error, which it would end the process for otherwise.
static llvm::Error takeError(llvm::raw_fd_ostream &os, StringRef path) {
  std::error_code error = os.error();
  os.clear_error();
  if (error)
    return cannotWrite(path, error.message());
  return llvm::Error::success();
}

OutputFile::~OutputFile() {
  if (stream)
    stream->clear_error();
  if (path.empty())
    return;
  llvm::sys::fs::remove(path);
  llvm::sys::DontRemoveFileOnSignal(path);
}

llvm::Error OutputFile::create(StringRef output, StringRef suffix) {
  int descriptor;
  std::error_code error = llvm::sys::fs::createUniqueFile(
      output + ".%%%%%%%%." + suffix, descriptor, path);
  if (error) {
    path.clear();
    return cannotWrite(output, error.message());
  }
  llvm::sys::RemoveFileOnSignal(path);
  stream = std::make_unique<llvm::raw_fd_ostream>(descriptor,
                                                  /*shouldClose=*/true);
  return llvm::Error::success();
}

llvm::Error OutputFile::finish(StringRef output) {
  stream->close();
  llvm::Error error = takeError(*stream, output);
  stream.reset();
  return error;
}

llvm::Error OutputFile::keepAs(StringRef output) {
  if (std::error_code error = llvm::sys::fs::rename(path, output))
    return cannotWrite(output, error.message());
  llvm::sys::DontRemoveFileOnSignal(path);
  path.clear();
  return llvm::Error::success();
}

llvm::Error mlir::bev::finishOutput(llvm::raw_fd_ostream &os, StringRef path) {
  os.flush();
  return takeError(os, path);
}

llvm::Error mlir::bev::checkWritable(StringRef path) {
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      !llvm::sys::fs::is_regular_file(status))
    return cannotWrite(path, "it exists and is not a regular file");
  OutputFile probe;
  if (llvm::Error error = probe.create(path, "tmp"))
    return error;
  return probe.finish(path);
}

llvm::Error
mlir::bev::writeFile(StringRef path,
                     llvm::function_ref<void(llvm::raw_ostream &)> print) {
  if (path == "-") {
    print(llvm::outs());
    return finishOutput(llvm::outs(), path);
  }
  if (llvm::Error error = checkWritable(path))
    return error;
  OutputFile file;
  if (llvm::Error error = file.create(path, "tmp"))
    return error;
  print(file.os());
  if (llvm::Error error = file.finish(path))
    return error;
  return file.keepAs(path);
}
