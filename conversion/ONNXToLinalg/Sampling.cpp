// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of operators that sample, and CenterCropPad.

#include "Lowerings.h"
#include "StructuredOps.h"

using namespace mlir;
using namespace mlir::bev::onnx_to_linalg;

/// Moves the middle of the input to the middle of the output.
static LogicalResult lowerCenterCropPad(Lowering &l) {
  ImplicitLocOpBuilder &b = l.b;
  Scalars s(b);
  Value x = l.input(0);
  auto type = cast<RankedTensorType>(x.getType());
  int64_t rank = type.getRank();
  SmallVector<OpFoldResult> input = sizesOf(b, b.getLoc(), x), sizes = input;
  SmallVector<int64_t> axes = l.node.intsAttr("axes").value_or(
      llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  if (cast<RankedTensorType>(l.input(1).getType()).getRank() != 1)
    return l.unsupported("a shape that is not a list");
  SmallVector<OpFoldResult> shape = readIntegers(b, l.input(1), axes.size());
  SmallVector<Value> shifts(rank), limits(rank);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    std::optional<int64_t> dim = normalizeAxis(axis, rank);
    if (!dim)
      return l.unsupported("axis " + Twine(axis) + " of a tensor of rank " +
                           Twine(rank));
    sizes[*dim] = shape[i];
    limits[*dim] = toIndexValue(b, input[*dim]);
    shifts[*dim] =
        s.div(s.sub(limits[*dim], toIndexValue(b, shape[i])), s.index(2));
  }
  sizes = refineSizes(b, sizes, l.resultType());
  Type element = type.getElementType();
  l.setResult(buildGenerate(
      b, sizes, element, [&](ImplicitLocOpBuilder &b, ValueRange index) {
        Scalars s(b);
        SmallVector<Value> at(index);
        Value isInside = s.boolean(true);
        for (int64_t dim = 0; dim < rank; ++dim) {
          if (!shifts[dim])
            continue;
          at[dim] = s.add(index[dim], shifts[dim]);
          isInside = s.both(isInside, s.both(s.ge(at[dim], s.index(0)),
                                             s.lt(at[dim], limits[dim])));
        }
        return s
            .branch(
                isInside,
                [&](Scalars &s) {
                  return SmallVector<Value>{s.extract(x, at)};
                },
                [&](Scalars &s) {
                  return SmallVector<Value>{s.constant(element, 0)};
                })
            .front();
      }));
  return success();
}

ArrayRef<Entry> mlir::bev::onnx_to_linalg::getSamplingLowerings() {
  static const Entry entries[] = {
      {"AffineGrid", lowerAffineGrid},
      {"CenterCropPad", lowerCenterCropPad},
      {"GridSample", lowerGridSample},
      {"NonMaxSuppression", lowerNonMaxSuppression},
      {"Resize", lowerResize},
      {"RoiAlign", lowerRoiAlign},
      {"Upsample", lowerResize},
  };
  return entries;
}
