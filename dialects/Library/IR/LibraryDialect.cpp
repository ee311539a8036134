// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the library dialect.

#include "bev/Dialect/Library/IR/Library.h"

using namespace mlir;
using namespace mlir::bev::library;

#include "bev/Dialect/Library/IR/LibraryDialect.cpp.inc"

void LibraryDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "bev/Dialect/Library/IR/LibraryOps.cpp.inc"
      >();
}
