// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files that appear whole or not at all.

#ifndef BEV_TARGET_OUTPUTFILE_H
#define BEV_TARGET_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>

namespace mlir::bev {

/// A file beside the one that it may take the place of, where there is room for
/// that as well.  It goes when the object or the process does.  All errors say
/// that `output`, the other file, cannot be written, and why.
class OutputFile {
public:
  OutputFile() = default;
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  llvm::Error create(llvm::StringRef output, llvm::StringRef suffix);

  /// Where to write to, until `finish`.
  llvm::raw_ostream &os() { return *stream; }
  llvm::StringRef getPath() const { return path; }

  /// Writes out what the stream holds.
  llvm::Error finish(llvm::StringRef output);

  /// Puts the file in the place of `output`.
  llvm::Error keepAs(llvm::StringRef output);

private:
  llvm::SmallString<128> path;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
};

/// Writes out what a stream to the file `path` holds; "-" is stdout.
llvm::Error finishOutput(llvm::raw_fd_ostream &os, llvm::StringRef path);

/// Checks that a file could be written to `path`, before anything takes long.
llvm::Error checkWritable(llvm::StringRef path);

/// Writes a file, in place of the one that is there if all of it can be
/// written; "-" is stdout.
llvm::Error writeFile(llvm::StringRef path,
                      llvm::function_ref<void(llvm::raw_ostream &)> print);

} // namespace mlir::bev

#endif // BEV_TARGET_OUTPUTFILE_H
