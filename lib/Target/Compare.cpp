// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Compare.h"

#include <cassert>
#include <cmath>
#include <limits>

using namespace mlir::bev;

Comparison mlir::bev::compare(const Array &actual, const Array &expected) {
  assert(actual.getShape() == expected.getShape() && "expected the same shape");
  Comparison result;
  // Squares of doubles overflow a double.
  long double sumDifference = 0, sumExpected = 0, maxAbs = 0;
  int64_t worst = -1, worstNaN = -1;
  for (int64_t i = 0, e = actual.getNumElements(); i < e; ++i) {
    long double a = actual.getValue(i), b = expected.getValue(i);
    bool aNaN = std::isnan(a), bNaN = std::isnan(b);
    if (aNaN || bNaN) {
      result.actualNaNs += aNaN;
      result.expectedNaNs += bNaN;
      if (aNaN != bNaN) {
        ++result.differingNaNs;
        if (worstNaN < 0)
          worstNaN = i;
      }
      continue;
    }
    if (a == b) {
      if (!std::isinf(b))
        sumExpected += b * b;
      continue;
    }
    long double difference = std::fabs(a - b);
    if (difference > maxAbs) {
      maxAbs = difference;
      worst = i;
    }
    sumDifference += difference * difference;
    if (!std::isinf(b))
      sumExpected += b * b;
  }
  result.maxAbs = maxAbs;
  result.worst = worstNaN >= 0 ? worstNaN : worst;
  if (sumDifference == 0)
    result.relativeL2 = 0;
  else if (sumExpected == 0 || std::isinf(sumDifference))
    result.relativeL2 = std::numeric_limits<double>::infinity();
  else
    result.relativeL2 = std::sqrt(sumDifference / sumExpected);
  return result;
}

llvm::SmallVector<int64_t, 6>
mlir::bev::delinearize(int64_t position, llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t, 6> index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    index[d] = position % shape[d];
    position /= shape[d];
  }
  return index;
}
