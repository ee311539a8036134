// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Descriptor.h"

using namespace mlir::bev;

Descriptor mlir::bev::makeDescriptor(void *data,
                                     llvm::ArrayRef<int64_t> shape) {
  auto address = reinterpret_cast<intptr_t>(data);
  Descriptor words = {address, address, 0};
  words.append(shape.begin(), shape.end());
  words.resize(getDescriptorWords(shape.size()));
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    words[3 + shape.size() + d] = stride;
    stride *= shape[d];
  }
  return words;
}
