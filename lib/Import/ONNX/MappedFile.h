// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes that attributes share with what they were read from.

#ifndef BEV_LIB_IMPORT_ONNX_MAPPEDFILE_H
#define BEV_LIB_IMPORT_ONNX_MAPPEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include <memory>
#include <utility>

namespace mlir::bev::onnx {

class MappedFile;

/// Bytes and what keeps them where they are.
struct SharedBytes {
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<void> owner;
  /// The file that they are part of, if any.
  const MappedFile *file = nullptr;
};

/// A buffer of its own, with the alignment of any element, and where to write
/// what is in it.
std::pair<SharedBytes, char *> allocateBytes(size_t size);

/// The same bytes in a buffer of their own. Those of a file are not in memory
/// twice meanwhile.
SharedBytes copyBytes(const SharedBytes &shared);

/// A file in memory, of which only what is read takes any.
class MappedFile : public std::enable_shared_from_this<MappedFile> {
public:
  /// `size`: the file's, not 0.
  static llvm::Expected<std::shared_ptr<MappedFile>> open(llvm::StringRef path,
                                                          uint64_t size);

  ~MappedFile();

  llvm::StringRef getContent() const {
    return llvm::StringRef(region.const_data(), region.size());
  }

  /// Some of the content, which takes no memory any more when all who share
  /// the returned owner are done with it.
  SharedBytes share(llvm::StringRef part);

  /// Gives the memory back that some of the content takes. It can still be
  /// read: that is from the file again.
  void release(llvm::StringRef part) const;

private:
  llvm::sys::fs::mapped_file_region region;
};

} // namespace mlir::bev::onnx

#endif // BEV_LIB_IMPORT_ONNX_MAPPEDFILE_H
