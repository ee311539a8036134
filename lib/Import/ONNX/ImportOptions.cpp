// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of options that say shapes and sizes.

#include "bev/Import/ONNX/ImportONNX.h"

using namespace mlir::bev::onnx;
using llvm::StringRef;

/// A size; negative for `?`. False where the text is no size.
static bool parseSize(StringRef text, int64_t &size) {
  if (text == "?") {
    size = -1;
    return true;
  }
  return !text.getAsInteger(10, size) && size >= 0;
}

llvm::Error ImportOptions::addInputShape(StringRef text) {
  // Names may have '=' in them, shapes have not.
  auto [name, shape] = text.rsplit('=');
  llvm::SmallVector<int64_t> sizes;
  bool isShape = !name.empty() && !shape.empty();
  if (isShape && shape != "scalar") {
    llvm::SmallVector<StringRef> parts;
    shape.split(parts, 'x');
    for (StringRef part : parts)
      isShape &= parseSize(part, sizes.emplace_back());
  }
  if (!isShape)
    return llvm::createStringError(
        "expected '--input-shape' to be like images=1x3x480x800 ('?' for a "
        "dynamic size, x=scalar for rank 0), but got '" +
        text + "'");
  if (!inputShapes.try_emplace(name, std::move(sizes)).second)
    return llvm::createStringError("'--input-shape' gives the shape of '" +
                                   name + "' twice");
  return llvm::Error::success();
}

llvm::Error ImportOptions::addDim(StringRef text) {
  auto [name, value] = text.rsplit('=');
  int64_t size = -1;
  if (name.empty() || !parseSize(value, size) || size < 0)
    return llvm::createStringError(
        "expected '--dim' to be like batch=2, but got '" + text + "'");
  if (!dims.try_emplace(name, size).second)
    return llvm::createStringError("'--dim' gives the size of '" + name +
                                   "' twice");
  return llvm::Error::success();
}
