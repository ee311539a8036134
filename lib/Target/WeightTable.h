// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constants of a model, in one section of an object file.

#ifndef BEV_LIB_TARGET_WEIGHTTABLE_H
#define BEV_LIB_TARGET_WEIGHTTABLE_H

#include "mlir/Support/LLVM.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::bev {

/// Constants, each once.  The bytes are not owned.
class WeightTable {
public:
  /// The index of a constant with these bytes.
  unsigned add(ArrayRef<char> bytes);

  bool empty() const { return constants.empty(); }
  size_t size() const { return constants.size(); }

  /// The bytes of the section, with the gaps of alignment.
  uint64_t getSectionBytes() const { return sectionBytes; }

  /// The symbol that a constant is defined as, and that of the first byte.
  static std::string getSymbol(unsigned index);
  static constexpr llvm::StringLiteral kBeginSymbol = "bev.weights";

  /// Writes an object file for the host that defines the symbols, hidden.
  llvm::Error writeObject(llvm::raw_ostream &os) const;

private:
  struct Constant {
    ArrayRef<char> bytes;
    uint64_t offset;
  };

  SmallVector<Constant> constants;
  /// Indices of constants by the hash of their bytes.
  llvm::DenseMap<uint64_t, SmallVector<unsigned, 1>> byHash;
  uint64_t sectionBytes = 0;
};

} // namespace mlir::bev

#endif // BEV_LIB_TARGET_WEIGHTTABLE_H
