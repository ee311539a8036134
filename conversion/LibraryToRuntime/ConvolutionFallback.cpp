// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated code for convolutions where the library is absent.

#include "Operands.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::bev;

std::string ConvolutionFallback::getName() const {
  std::string name = "__bev_convolution" + epilogue.getSuffix();
  for (ArrayRef<int64_t> numbers :
       {ArrayRef<int64_t>(strides), ArrayRef<int64_t>(dilations),
        ArrayRef<int64_t>(padding), ArrayRef<int64_t>(groups)})
    for (int64_t number : numbers)
      name += "_" + std::to_string(number);
  return name + (unitOut ? "" : "_strided_out");
}

namespace {
/// Emits index arithmetic.
struct Indices {
  OpBuilder &b;
  Location loc;

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value dim(Value buffer, int64_t i) {
    return memref::DimOp::create(b, loc, buffer, i);
  }
  Value add(Value x, Value y) {
    return b.createOrFold<arith::AddIOp>(loc, x, y);
  }
  Value sub(Value x, Value y) {
    return b.createOrFold<arith::SubIOp>(loc, x, y);
  }
  Value mul(Value x, Value y) {
    return b.createOrFold<arith::MulIOp>(loc, x, y);
  }
  Value max(Value x, Value y) {
    return b.createOrFold<arith::MaxSIOp>(loc, x, y);
  }
  Value min(Value x, Value y) {
    return b.createOrFold<arith::MinSIOp>(loc, x, y);
  }
  Value alloc(ArrayRef<Value> sizes) {
    auto type = MemRefType::get(
        SmallVector<int64_t>(sizes.size(), ShapedType::kDynamic),
        b.getF32Type());
    return memref::AllocOp::create(b, loc, type, sizes,
                                   b.getI64IntegerAttr(64));
  }
};
} // namespace

/// The image with its padding, as large as the filter reaches from the last row
/// and column of the result.
static Value emitPadded(OpBuilder &b, Location loc,
                        const ConvolutionFallback &self, Value image,
                        Value filter, Value out) {
  Indices index{b, loc};
  SmallVector<Value> sizes = {index.dim(image, 0)};
  SmallVector<OpFoldResult> from(4, b.getIndexAttr(0)), extent;
  extent.push_back(sizes.front());
  for (int64_t i = 0; i < 2; ++i) {
    Value last = index.mul(index.sub(index.dim(out, 1 + i), index.constant(1)),
                           index.constant(self.strides[i]));
    Value reach =
        index.mul(index.sub(index.dim(filter, 2 + i), index.constant(1)),
                  index.constant(self.dilations[i]));
    Value size = index.add(index.add(last, reach), index.constant(1));
    Value before = index.constant(self.padding[i]);
    size = index.max(size, before);
    sizes.push_back(size);
    // Rows that no result needs are left out.
    extent.push_back(
        index.min(index.dim(image, 1 + i), index.sub(size, before)));
    from[1 + i] = b.getIndexAttr(self.padding[i]);
  }
  sizes.push_back(index.dim(image, 3));
  extent.push_back(sizes.back());
  Value padded = index.alloc(sizes);
  Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
  linalg::FillOp::create(b, loc, zero, padded);
  SmallVector<OpFoldResult> ones(4, b.getIndexAttr(1)),
      origin(4, b.getIndexAttr(0));
  memref::CopyOp::create(
      b, loc, memref::SubViewOp::create(b, loc, image, origin, extent, ones),
      memref::SubViewOp::create(b, loc, padded, from, extent, ones));
  return padded;
}

/// [.., C] as [.., G, C/G].
static Value emitGroups(OpBuilder &b, Location loc, Value buffer, unsigned dim,
                        int64_t groups) {
  Indices index{b, loc};
  Parts parts(b, loc, buffer);
  SmallVector<OpFoldResult> sizes(parts.sizes), strides(parts.strides);
  auto value = [&](OpFoldResult result) {
    return getValueOrCreateConstantIndexOp(b, loc, result);
  };
  Value inner =
      arith::DivSIOp::create(b, loc, value(sizes[dim]), index.constant(groups));
  Value outerStride = index.mul(value(strides[dim]), inner);
  sizes[dim] = inner;
  sizes.insert(sizes.begin() + dim, b.getIndexAttr(groups));
  strides.insert(strides.begin() + dim, outerStride);
  return emitView(b, loc, parts, sizes, strides,
                  getConstantIntValue(parts.strides.back()) == 1);
}

func::FuncOp ConvolutionFallback::build(OpBuilder &b, Location loc) const {
  MLIRContext *context = b.getContext();
  Type view = getViewType(context, 4), vector = getViewType(context, 1);
  Type outType = getViewType(context, 4, unitOut);
  auto type = b.getFunctionType({view, view, vector, view, outType}, {});
  auto function = func::FuncOp::create(b, loc, getName(), type);
  function.setPrivate();
  OpBuilder::InsertionGuard guard(b);
  Block *body = function.addEntryBlock();
  b.setInsertionPointToStart(body);
  Value image = body->getArgument(0), filter = body->getArgument(1),
        bias = body->getArgument(2), residual = body->getArgument(3),
        out = body->getArgument(4);
  Indices index{b, loc};

  Value padded;
  if (llvm::any_of(padding, [](int64_t p) { return p != 0; }))
    image = padded = emitPadded(b, loc, *this, image, filter, out);

  emitInit(b, loc, epilogue, bias, out);
  // Loops n, y, x, g, f, i, j, c. The filter becomes [KH,KW,G,C/G,F/G], for
  // vectors along F.
  image = emitGroups(b, loc, image, 3, groups);
  Value grouped = emitGroups(b, loc, filter, 0, groups);
  Value result = emitGroups(b, loc, out, 3, groups);
  Value packed = index.alloc({index.dim(grouped, 3), index.dim(grouped, 4),
                              index.constant(groups), index.dim(grouped, 2),
                              index.dim(grouped, 1)});
  using utils::IteratorType;
  auto permuted = [&](ArrayRef<unsigned> dims) {
    return AffineMap::getMultiDimMapWithTargets(5, dims, context);
  };
  linalg::GenericOp::create(
      b, loc, ValueRange{grouped}, ValueRange{packed},
      ArrayRef<AffineMap>{permuted({2, 4, 3, 0, 1}),
                          b.getMultiDimIdentityMap(5)},
      SmallVector<IteratorType>(5, IteratorType::parallel),
      [](OpBuilder &b, Location loc, ValueRange args) {
        linalg::YieldOp::create(b, loc, args[0]);
      });

  AffineExpr n, y, x, g, f, i, j, c;
  bindDims(context, n, y, x, g, f, i, j, c);
  auto map = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(8, 0, results, context);
  };
  SmallVector<IteratorType> iterators(5, IteratorType::parallel);
  iterators.append(3, IteratorType::reduction);
  emitProducts(b, loc, image, packed, result,
               {map({n, y * strides[0] + i * dilations[0],
                     x * strides[1] + j * dilations[1], g, c}),
                map({i, j, g, c, f}), map({n, y, x, g, f})},
               iterators);
  emitFinish(b, loc, epilogue, residual, out);
  memref::DeallocOp::create(b, loc, packed);
  if (padded)
    memref::DeallocOp::create(b, loc, padded);
  func::ReturnOp::create(b, loc);
  return function;
}
