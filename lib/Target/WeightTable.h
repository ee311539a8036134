// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constants of a model, in one section of an object file.

#ifndef BEV_LIB_TARGET_WEIGHTTABLE_H
#define BEV_LIB_TARGET_WEIGHTTABLE_H

#include "bev/Pipelines/Constants.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::bev {

/// Constants, each once.  The bytes are the attributes'.
class WeightTable {
public:
  /// The index of a constant with these bytes.
  unsigned add(const ExternalConstant &constant);

  bool empty() const { return constants.empty(); }
  size_t size() const { return constants.size(); }

  /// The bytes of the section, with the gaps of alignment.
  uint64_t getSectionBytes() const { return sectionBytes; }

  /// The symbol that a constant is defined as, and that of the first byte.
  static std::string getSymbol(unsigned index);
  static constexpr llvm::StringLiteral kBeginSymbol = "bev.weights";

  /// Writes an object file for the host that defines the symbols, hidden.  Once
  /// only: resources lose their data, so that the memory, or the part of a file
  /// that has been read for it, is not held until all are written.
  llvm::Error writeObject(llvm::raw_ostream &os);

private:
  struct Constant {
    ArrayRef<char> bytes;
    Attribute attribute;
    uint64_t offset;
  };

  SmallVector<Constant> constants;
  /// Indices of constants by the hash of their bytes.
  llvm::DenseMap<uint64_t, SmallVector<unsigned, 1>> byHash;
  uint64_t sectionBytes = 0;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_WEIGHTTABLE_H
