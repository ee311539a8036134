// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npz files: zip archives of .npy arrays.

#ifndef BEV_TARGET_NPZ_H
#define BEV_TARGET_NPZ_H

#include "bev/Target/Array.h"
#include "llvm/ADT/StringMap.h"

#include <utility>
#include <vector>

namespace mlir::bev {

/// What the header of a .npy file says.
struct NPYHeader {
  DType type = DType::F32;
  llvm::SmallVector<int64_t, 6> shape;
  bool fortranOrder = false;
  /// Bytes before the data.
  int64_t dataOffset = 0;
};

/// Parses the header at the start of `bytes`, versions 1.0 to 3.0.  Everything
/// that a row-major array of a `DType` cannot represent is an error: objects,
/// structures, strings, complex numbers, big-endian data.  Two-byte voids, as
/// which NumPy stores the bfloat16 of the ml_dtypes package, are BF16.
///
/// `bytes` may be a prefix of the file; a header longer than that is an error.
llvm::Expected<NPYHeader> parseNPYHeader(llvm::StringRef bytes);

/// The header of a version 1.0 .npy file of a row-major array, padded such that
/// the data starts at a multiple of 64 bytes.
std::string formatNPYHeader(DType type, llvm::ArrayRef<int64_t> shape);

/// A .npz file opened for reading.  Arrays are read when they are asked for.
class NPZReader {
public:
  /// Opens a file and reads its table of contents.  All errors name the file.
  static llvm::Expected<std::unique_ptr<NPZReader>> open(llvm::StringRef path);
  ~NPZReader();

  llvm::StringRef getPath() const { return path; }

  /// The arrays' names, without ".npy", in the order of the file.
  llvm::ArrayRef<std::string> getNames() const { return names; }
  bool contains(llvm::StringRef name) const { return entries.contains(name); }

  /// Reads the header of one array.
  llvm::Expected<NPYHeader> readHeader(llvm::StringRef name);

  /// Reads one array; column-major ones are transposed into row-major order.
  llvm::Expected<Array> read(llvm::StringRef name);

private:
  struct Entry {
    uint64_t index;
    uint64_t size;
  };

  NPZReader() = default;
  llvm::Error makeError(llvm::StringRef name, const llvm::Twine &what) const;

  std::string path;
  std::vector<std::string> names;
  llvm::StringMap<Entry> entries;
  void *archive = nullptr;
};

/// Writes arrays to a .npz file.  The file appears whole or not at all: an
/// existing one is replaced only after everything has been written.
llvm::Error
writeNPZ(llvm::StringRef path,
         llvm::ArrayRef<std::pair<std::string, const Array *>> arrays);

} // namespace mlir::bev

#endif // BEV_TARGET_NPZ_H
