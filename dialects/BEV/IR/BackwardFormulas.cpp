// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The gradients of the attention ops as loops: parallel over batch rows and
// heads, in order over queries, so that what is added up where has one order.

#include "FormulaBuilder.h"
#include "bev/Dialect/BEV/IR/Backward.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

BackwardOperands mlir::bev::getBackwardOperands(Operation *op) {
  BackwardOperands all;
  if (auto attention = dyn_cast<MSDeformAttnBackwardOp>(op)) {
    all.value = attention.getValue();
    all.offsets = attention.getLocations();
    all.weights = attention.getWeights();
    all.gradOut = attention.getGradOut();
    all.gradValue = attention.getGradValue();
    all.gradOffsets = attention.getGradLocations();
    all.gradWeights = attention.getGradWeights();
    all.levels = attention.getMixedLevels();
    all.deterministic = attention.getDeterministic();
  } else {
    auto whole = cast<DeformableAttentionBackwardOp>(op);
    all.value = whole.getValue();
    all.reference = whole.getReference();
    all.offsets = whole.getOffsets();
    all.weights = whole.getLogits();
    all.gradOut = whole.getGradOut();
    all.gradValue = whole.getGradValue();
    all.gradOffsets = whole.getGradOffsets();
    all.gradWeights = whole.getGradLogits();
    all.levels = whole.getMixedLevels();
    all.kind = whole.getReferenceKind();
    all.order = whole.getAnchorOrder();
    all.deterministic = whole.getDeterministic();
  }
  auto offsets = cast<ShapedType>(all.offsets.getType());
  all.heads = offsets.getDimSize(2);
  all.numLevels = offsets.getDimSize(3);
  all.points = offsets.getDimSize(4);
  all.channels = cast<ShapedType>(all.value.getType()).getDimSize(3);
  return all;
}

bool mlir::bev::isBackward(Operation *op) {
  return isa<MSDeformAttnBackwardOp, DeformableAttentionBackwardOp>(op);
}

bool mlir::bev::hasBackwardKernels(ScheduleAttr schedule, int64_t channels) {
  return channels / schedule.getLanes() <= ScheduleAttr::kMaxTeam &&
         schedule.getThreads() % ScheduleAttr::kMaxTeam == 0;
}

bool mlir::bev::hasBackwardKernels(Operation *op) {
  if (!isBackward(op) || op->getParentOfType<scf::ForallOp>() ||
      op->getParentOfType<scf::ParallelOp>())
    return false;
  std::optional<ScheduleAttr> schedule = getSchedule(op);
  return schedule &&
         hasBackwardKernels(*schedule, getBackwardOperands(op).channels);
}

namespace {

/// Most channels that are one vector.
constexpr int64_t kMaxLanes = 64;
/// Of a query, more are not on the stack.
constexpr int64_t kStackFloats = 256;

/// Emits the loops. Outputs are memrefs, written where they are, or tensors,
/// which every loop and branch carries; then those of one batch row and head.
class BackwardLoops {
public:
  BackwardLoops(OpBuilder &b, Operation *op)
      : b(b), loc(op->getLoc()), op(op), all(getBackwardOperands(op)),
        f(b, op->getLoc(), getMode()), maps(emitMaps(b, loc, all)),
        isTensor(isa<RankedTensorType>(all.value.getType())) {}

  SmallVector<Value> emit();

private:
  /// The loops, and the results of tensors.
  SmallVector<Value> emitLoops();
  FormulaMode getMode() {
    FormulaMode mode;
    int64_t limit = kMaxLanes;
    if (std::optional<ScheduleAttr> schedule = getSchedule(op))
      limit = schedule->getLanes();
    mode.lanes = std::min(all.channels, limit);
    while (all.channels % mode.lanes != 0)
      --mode.lanes;
    return mode;
  }
  int64_t samples() const { return all.numLevels * all.points; }
  Value sizeOf(Value shaped, int64_t dim) {
    if (isa<MemRefType>(shaped.getType()))
      return b.createOrFold<memref::DimOp>(loc, shaped, dim);
    return b.createOrFold<tensor::DimOp>(loc, shaped, dim);
  }
  Value lessU(Value x, Value y) {
    return f.compare(arith::CmpIPredicate::ult, x, y);
  }

  /// Which of the outputs.
  enum Output { kValue, kOffsets, kWeights, kScratch };
  /// Rows of output kScratch: the softmax of a query and head, and the
  /// gradients of it. One buffer: two that are not initialised might be taken
  /// for one.
  Value softmaxAt(Value i) {
    return f.readScalar(outs[kScratch], {f.index(0), i});
  }
  Value gradientAt(Value i) {
    return f.readScalar(outs[kScratch], {f.index(1), i});
  }
  void writeSoftmax(Value part, Value i) {
    write(kScratch, part, {f.index(0), i});
  }
  void writeGradient(Value part, Value i) {
    write(kScratch, part, {f.index(1), i});
  }
  /// Writes `part`, a scalar or a vector of the last dimension.
  void write(Output to, Value part, ValueRange at);
  /// A loop from 0 to `end`; `carried` go around.
  void loop(Value end, int64_t step, SmallVectorImpl<Value> &carried,
            llvm::function_ref<void(Value)> body);
  /// A branch around what writes outputs.
  void branch(Value condition, llvm::function_ref<void()> body,
              llvm::function_ref<void()> otherwise);
  /// The part of output `to` that belongs to (batch, head), as a tensor.
  Value sliceOf(Value whole, Output to);
  SmallVector<OpFoldResult> offsetsOf(Output to),
      sizesOf(Value whole, Output to);

  void emitRow();
  void emitQuery(Value q);
  void emitSoftmax(Value q);
  void emitSample(Value q, int64_t level, Value point);
  void emitCorners(Value q, int64_t level, Value point, Value weight, Value x,
                   Value y, Value scaleX, Value scaleY);

  OpBuilder &b;
  Location loc;
  Operation *op;
  BackwardOperands all;
  FormulaBuilder f;
  SmallVector<SampledMap> maps;
  bool isTensor;

  Value batch, head;
  /// Of outputs: slices have but one batch row and head.
  Value outBatch, outHead;
  SmallVector<Value> outs;
};

} // namespace

void BackwardLoops::write(Output to, Value part, ValueRange at) {
  Value &out = outs[to];
  part = f.fromF32(part, cast<ShapedType>(out.getType()).getElementType());
  if (isa<VectorType>(part.getType())) {
    auto written = vector::TransferWriteOp::create(b, loc, part, out, at,
                                                   ArrayRef<bool>{true});
    if (isTensor)
      out = written.getResult();
  } else if (isTensor) {
    out = tensor::InsertOp::create(b, loc, part, out, at);
  } else {
    memref::StoreOp::create(b, loc, part, out, at);
  }
}

void BackwardLoops::loop(Value end, int64_t step,
                         SmallVectorImpl<Value> &carried,
                         llvm::function_ref<void(Value)> body) {
  const size_t count = carried.size();
  SmallVector<Value> inits(carried.begin(), carried.end());
  if (isTensor)
    llvm::append_range(inits, outs);
  auto take = [&](ValueRange values) {
    llvm::copy(values.take_front(count), carried.begin());
    if (isTensor)
      llvm::copy(values.drop_front(count), outs.begin());
  };
  auto loop = scf::ForOp::create(b, loc, f.index(0), end, f.index(step), inits);
  {
    OpBuilder::InsertionGuard insertion(b);
    if (inits.empty())
      b.setInsertionPoint(loop.getBody()->getTerminator());
    else
      b.setInsertionPointToStart(loop.getBody());
    take(loop.getRegionIterArgs());
    body(loop.getInductionVar());
    if (!inits.empty()) {
      SmallVector<Value> yielded(carried.begin(), carried.end());
      if (isTensor)
        llvm::append_range(yielded, outs);
      scf::YieldOp::create(b, loc, yielded);
    }
  }
  take(loop.getResults());
}

void BackwardLoops::branch(Value condition, llvm::function_ref<void()> body,
                           llvm::function_ref<void()> otherwise) {
  SmallVector<Value> before;
  if (isTensor)
    before = outs;
  auto branch = scf::IfOp::create(b, loc, TypeRange(ValueRange(before)),
                                  condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard insertion(b);
  for (auto [block, emit] : {std::pair(branch.thenBlock(), body),
                             std::pair(branch.elseBlock(), otherwise)}) {
    if (isTensor) {
      outs = before;
      b.setInsertionPointToEnd(block);
      emit();
      scf::YieldOp::create(b, loc, outs);
    } else {
      b.setInsertionPoint(block->getTerminator());
      emit();
    }
  }
  if (isTensor)
    outs = llvm::to_vector_of<Value>(branch.getResults());
}

SmallVector<OpFoldResult> BackwardLoops::offsetsOf(Output to) {
  SmallVector<OpFoldResult> offsets(
      cast<ShapedType>(outs[to].getType()).getRank(), b.getIndexAttr(0));
  offsets[0] = batch;
  offsets[2] = head;
  return offsets;
}

SmallVector<OpFoldResult> BackwardLoops::sizesOf(Value whole, Output) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, whole);
  sizes[0] = sizes[2] = b.getIndexAttr(1);
  return sizes;
}

Value BackwardLoops::sliceOf(Value whole, Output to) {
  SmallVector<OpFoldResult> sizes = sizesOf(whole, to);
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(b, loc, whole, offsetsOf(to), sizes,
                                        strides);
}

/// Sums are f32: a narrower grad_value is written once they are complete.
SmallVector<Value> BackwardLoops::emit() {
  Value result = all.gradValue;
  auto type = cast<ShapedType>(result.getType());
  if (type.getElementType().isF32())
    return emitLoops();
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    sizes.push_back(getAsOpFoldResult(sizeOf(result, dim)));
  if (isTensor) {
    all.gradValue = tensor::EmptyOp::create(b, loc, sizes, b.getF32Type());
  } else {
    SmallVector<int64_t> shape;
    SmallVector<Value> dynamic;
    dispatchIndexOpFoldResults(sizes, dynamic, shape);
    all.gradValue = memref::AllocOp::create(
        b, loc, MemRefType::get(shape, b.getF32Type()), dynamic);
  }
  SmallVector<Value> results = emitLoops();
  AffineMap map = b.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  auto narrow = linalg::GenericOp::create(
      b, loc, isTensor ? TypeRange(type) : TypeRange(),
      isTensor ? results[0] : all.gradValue, result,
      ArrayRef<AffineMap>{map, map}, iterators,
      [&](OpBuilder &inner, Location loc, ValueRange elements) {
        Value element = arith::TruncFOp::create(
            inner, loc, type.getElementType(), elements[0]);
        linalg::YieldOp::create(inner, loc, element);
      });
  if (isTensor)
    results[0] = narrow.getResult(0);
  else
    memref::DeallocOp::create(b, loc, all.gradValue);
  return results;
}

SmallVector<Value> BackwardLoops::emitLoops() {
  SmallVector<Value> inits = {all.gradValue, all.gradOffsets, all.gradWeights};
  // Upstream takes no slices of nothing.
  if (isTensor && llvm::is_contained(
                      cast<ShapedType>(all.offsets.getType()).getShape(), 0)) {
    inits[0] = linalg::FillOp::create(b, loc, f.f32(0), inits[0]).getResult(0);
    return inits;
  }
  Value batches = sizeOf(all.value, 0);
  auto forall = scf::ForallOp::create(
      b, loc,
      ArrayRef<OpFoldResult>{getAsOpFoldResult(batches),
                             b.getIndexAttr(all.heads)},
      isTensor ? ValueRange(inits) : ValueRange(), /*mapping=*/std::nullopt);
  OpBuilder::InsertionGuard insertion(b);
  b.setInsertionPoint(forall.getTerminator());
  batch = forall.getInductionVar(0);
  head = forall.getInductionVar(1);
  outBatch = isTensor ? f.index(0) : batch;
  outHead = isTensor ? f.index(0) : head;

  SmallVector<Value> wholes = inits;
  if (isTensor)
    wholes = llvm::to_vector_of<Value>(forall.getRegionIterArgs());
  outs = wholes;
  if (isTensor)
    for (Output to : {kValue, kOffsets, kWeights})
      outs[to] = sliceOf(wholes[to], to);
  auto scratch = MemRefType::get({2, samples()}, b.getF32Type());
  const bool onStack = scratch.getNumElements() <= kStackFloats;
  if (all.reference && isTensor)
    outs.push_back(
        tensor::EmptyOp::create(b, loc, scratch.getShape(), b.getF32Type()));
  else if (all.reference && onStack)
    outs.push_back(memref::AllocaOp::create(b, loc, scratch));
  else if (all.reference)
    outs.push_back(memref::AllocOp::create(b, loc, scratch));
  emitRow();

  if (!isTensor) {
    if (all.reference && !onStack)
      memref::DeallocOp::create(b, loc, outs[kScratch]);
    return {};
  }
  SmallVector<Value> slices(outs);
  outs = wholes;
  b.setInsertionPointToEnd(forall.getTerminator().getBody());
  for (Output to : {kValue, kOffsets, kWeights}) {
    OpBuilder::InsertPoint inParallel = b.saveInsertionPoint();
    b.setInsertionPoint(forall.getTerminator());
    SmallVector<OpFoldResult> sizes = sizesOf(wholes[to], to);
    b.restoreInsertionPoint(inParallel);
    SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
    tensor::ParallelInsertSliceOp::create(b, loc, slices[to], wholes[to],
                                          offsetsOf(to), sizes, strides);
  }
  return llvm::to_vector_of<Value>(forall.getResults());
}

void BackwardLoops::emitRow() {
  SmallVector<Value> none;
  Value zero = f.zeroChannels();
  loop(sizeOf(all.gradValue, 1), 1, none, [&](Value position) {
    loop(f.index(all.channels), f.mode.lanes, none, [&](Value channel) {
      write(kValue, zero, {outBatch, position, outHead, channel});
    });
  });
  loop(sizeOf(all.offsets, 1), 1, none, [&](Value q) { emitQuery(q); });
}

/// softmax(logits) of one query to the scratch buffer.
void BackwardLoops::emitSoftmax(Value q) {
  Value count = f.index(samples());
  auto logit = [&](Value i) {
    return f.toF32(f.readScalar(all.weights, {batch, q, head, i}));
  };
  // Finite, as in the forward op.
  SmallVector<Value> maximum = {f.f32(std::numeric_limits<float>::lowest())};
  loop(count, 1, maximum,
       [&](Value i) { maximum[0] = f.maxNum(maximum[0], logit(i)); });
  SmallVector<Value> sum = {f.f32(0)};
  loop(count, 1, sum, [&](Value i) {
    Value exponential =
        math::ExpOp::create(b, loc, f.sub(logit(i), maximum[0]));
    sum[0] = f.add(sum[0], exponential);
    writeSoftmax(exponential, i);
  });
  SmallVector<Value> none;
  loop(count, 1, none,
       [&](Value i) { writeSoftmax(f.div(softmaxAt(i), sum[0]), i); });
}

void BackwardLoops::emitQuery(Value q) {
  if (all.reference)
    emitSoftmax(q);
  SmallVector<Value> none;
  for (int64_t level = 0; level < all.numLevels; ++level)
    loop(f.index(all.points), 1, none,
         [&](Value point) { emitSample(q, level, point); });
  if (!all.reference)
    return;
  // Of the weights to those of the logits.
  Value count = f.index(samples());
  SmallVector<Value> mean = {f.f32(0)};
  loop(count, 1, mean,
       [&](Value i) { mean[0] = f.fma(softmaxAt(i), gradientAt(i), mean[0]); });
  loop(count, 1, none, [&](Value i) {
    Value gradient = f.mul(softmaxAt(i), f.sub(gradientAt(i), mean[0]));
    write(kWeights, gradient, {outBatch, q, outHead, i});
  });
}

void BackwardLoops::emitSample(Value q, int64_t level, Value point) {
  const SampledMap &map = maps[level];
  Value levelIndex = f.index(level);
  Value dx = f.toF32(f.readScalar(
      all.offsets, {batch, q, head, levelIndex, point, f.index(0)}));
  Value dy = f.toF32(f.readScalar(
      all.offsets, {batch, q, head, levelIndex, point, f.index(1)}));
  SamplePixel at =
      emitSamplePixel(b, loc, all, {batch, q}, levelIndex, point, map, dx, dy);
  Value weight = all.reference
                     ? softmaxAt(f.addI(f.index(level * all.points), point))
                     : f.toF32(f.readScalar(
                           all.weights, {batch, q, head, levelIndex, point}));
  branch(
      emitTouches(b, loc, map, at.x, at.y),
      [&] {
        emitCorners(q, level, point, weight, at.x, at.y, at.scaleX, at.scaleY);
      },
      [&] {
        Value zero = f.f32(0);
        for (int64_t axis : {0, 1})
          write(kOffsets, zero,
                {outBatch, q, outHead, levelIndex, point, f.index(axis)});
        if (all.reference)
          writeGradient(zero, f.addI(f.index(level * all.points), point));
        else
          write(kWeights, zero, {outBatch, q, outHead, levelIndex, point});
      });
}

void BackwardLoops::emitCorners(Value q, int64_t level, Value point,
                                Value weight, Value x, Value y, Value scaleX,
                                Value scaleY) {
  const SampledMap &map = maps[level];
  SampleCell cell = emitCell(b, loc, map, x, y);
  std::array<Value, 4> rows;
  for (int corner = 0; corner < 4; ++corner) {
    Value row = corner < 2 ? cell.row : f.addI(cell.row, map.width);
    rows[corner] = f.toIndex(f.addI(row, f.i32(corner % 2)));
  }
  std::array<Value, 4> weights = emitCornerWeights(b, loc, cell.fx, cell.fy);

  // Products first, then sums: the reads of one loop do not wait for the
  // writes of the other.
  SmallVector<Value> products(4, f.zeroChannels());
  loop(f.index(all.channels), f.mode.lanes, products, [&](Value channel) {
    ChannelSource source = {all.value, [&](Value row) -> SmallVector<Value> {
                              return {batch, row, head, channel};
                            }};
    Value g = f.toF32(
        f.readChannels(all.gradOut, {batch, q, head, channel}, f.mode.lanes));
    for (int corner = 0; corner < 4; ++corner)
      products[corner] = f.fma(
          g, f.toF32(f.readGuarded(source, cell.valid[corner], rows[corner])),
          products[corner]);
  });
  std::array<Value, 4> dots;
  for (int corner = 0; corner < 4; ++corner)
    dots[corner] = vector::ReductionOp::create(
        b, loc, vector::CombiningKind::ADD, products[corner]);

  SmallVector<Value> none;
  for (int corner = 0; corner < 4; ++corner) {
    Value share = f.splat(f.mul(weights[corner], weight));
    branch(
        cell.valid[corner],
        [&] {
          loop(f.index(all.channels), f.mode.lanes, none, [&](Value channel) {
            SmallVector<Value> at = {outBatch, rows[corner], outHead, channel};
            Value g = f.toF32(f.readChannels(
                all.gradOut, {batch, q, head, channel}, f.mode.lanes));
            Value sum = f.readChannels(outs[kValue], at, f.mode.lanes);
            write(kValue, f.fma(share, g, sum), at);
          });
        },
        [] {});
  }

  SampleGradient gradient = emitSampleGradient(b, loc, dots, cell.fx, cell.fy);
  SmallVector<Value> at = {outBatch, q, outHead, f.index(level), point};
  Value moved[] = {gradient.x, gradient.y}, scales[] = {scaleX, scaleY};
  for (int64_t axis : {0, 1}) {
    at.push_back(f.index(axis));
    Value scaled = f.mul(moved[axis], weight);
    write(kOffsets, scales[axis] ? f.mul(scaled, scales[axis]) : scaled, at);
    at.pop_back();
  }
  if (all.reference)
    writeGradient(gradient.weight, f.addI(f.index(level * all.points), point));
  else
    write(kWeights, gradient.weight, at);
}

//===----------------------------------------------------------------------===//
// The arithmetic of one sample
//===----------------------------------------------------------------------===//

SmallVector<SampledMap> mlir::bev::emitMaps(OpBuilder &b, Location loc,
                                            const BackwardOperands &all) {
  FormulaBuilder f(b, loc, FormulaMode());
  SmallVector<SampledMap> maps;
  for (const MapShape &map : f.mapShapes(all.levels))
    maps.push_back({map.height, map.width, map.heightF, map.widthF, map.start});
  return maps;
}

SamplePixel mlir::bev::emitSamplePixel(OpBuilder &b, Location loc,
                                       const BackwardOperands &all,
                                       ValueRange query, Value level,
                                       Value point, const SampledMap &map,
                                       Value dx, Value dy) {
  FormulaBuilder f(b, loc, FormulaMode());
  Value half = f.f32(-0.5);
  if (!all.reference)
    return {f.fma(dx, map.widthF, half), f.fma(dy, map.heightF, half),
            map.widthF, map.heightF};
  const int64_t references =
      cast<ShapedType>(all.reference.getType()).getDimSize(2);
  Value r = f.index(0);
  if (references != 1) {
    if (all.kind != ReferenceKind::pillar)
      r = level;
    else if (all.order == AnchorOrder::mod)
      r = arith::RemUIOp::create(b, loc, point, f.index(references));
    else
      r = arith::DivUIOp::create(b, loc, point,
                                 f.index(all.points / references));
  }
  auto read = [&](int64_t coordinate) {
    return f.readScalar(all.reference,
                        {query[0], query[1], r, f.index(coordinate)});
  };
  SamplePixel at;
  if (all.kind == ReferenceKind::box) {
    Value part = f.f32(0.5 / all.points);
    at.scaleX = f.mul(f.mul(read(2), map.widthF), part);
    at.scaleY = f.mul(f.mul(read(3), map.heightF), part);
  }
  // What is small first: then only the last step rounds as pixels do.
  auto move = [&](Value offset, Value scale) {
    return scale ? f.fma(offset, scale, half) : f.add(offset, half);
  };
  at.x = f.fma(read(0), map.widthF, move(dx, at.scaleX));
  at.y = f.fma(read(1), map.heightF, move(dy, at.scaleY));
  return at;
}

Value mlir::bev::emitTouches(OpBuilder &b, Location loc, const SampledMap &map,
                             Value x, Value y) {
  FormulaBuilder f(b, loc, FormulaMode());
  auto within = [&](Value coordinate, Value size) {
    return f.andI(f.greater(coordinate, f.f32(-1)), f.less(coordinate, size));
  };
  return f.andI(within(x, map.widthF), within(y, map.heightF));
}

SampleCell mlir::bev::emitCell(OpBuilder &b, Location loc,
                               const SampledMap &map, Value x, Value y) {
  FormulaBuilder f(b, loc, FormulaMode());
  SampleCell cell;
  auto axis = [&](Value coordinate, Value size, Value &lower, Value &fraction,
                  Value *valid) {
    Value lowerF = f.floor(coordinate);
    fraction = f.sub(coordinate, lowerF);
    lower = arith::FPToSIOp::create(b, loc, b.getI32Type(), lowerF);
    valid[0] = f.compare(arith::CmpIPredicate::ult, lower, size);
    valid[1] =
        f.compare(arith::CmpIPredicate::ult, f.addI(lower, f.i32(1)), size);
  };
  Value xValid[2], yValid[2];
  axis(x, map.width, cell.column, cell.fx, xValid);
  axis(y, map.height, cell.line, cell.fy, yValid);
  for (int corner = 0; corner < 4; ++corner)
    cell.valid[corner] = f.andI(xValid[corner % 2], yValid[corner / 2]);
  cell.row =
      f.addI(f.addI(f.mulI(cell.line, map.width), cell.column), map.start);
  return cell;
}

std::array<Value, 4> mlir::bev::emitCornerWeights(OpBuilder &b, Location loc,
                                                  Value fx, Value fy) {
  FormulaBuilder f(b, loc, FormulaMode());
  Value one = f.f32(1);
  Value xs[] = {f.sub(one, fx), fx}, ys[] = {f.sub(one, fy), fy};
  std::array<Value, 4> weights;
  for (int corner = 0; corner < 4; ++corner)
    weights[corner] = f.mul(xs[corner % 2], ys[corner / 2]);
  return weights;
}

SampleGradient mlir::bev::emitSampleGradient(OpBuilder &b, Location loc,
                                             ArrayRef<Value> dots, Value fx,
                                             Value fy) {
  FormulaBuilder f(b, loc, FormulaMode());
  Value one = f.f32(1);
  Value gx = f.sub(one, fx), gy = f.sub(one, fy);
  SampleGradient gradient;
  gradient.x =
      f.fma(fy, f.sub(dots[3], dots[2]), f.mul(gy, f.sub(dots[1], dots[0])));
  gradient.y =
      f.fma(fx, f.sub(dots[3], dots[1]), f.mul(gx, f.sub(dots[2], dots[0])));
  // A neighbour that weighs nothing may hold anything.
  Value zero = f.f32(0);
  Value hasRight = f.greater(fx, zero), hasBelow = f.greater(fy, zero);
  Value above = f.mul(gx, dots[0]), below = f.mul(gx, dots[2]);
  above = f.select(hasRight, f.fma(fx, dots[1], above), above);
  below = f.select(hasRight, f.fma(fx, dots[3], below), below);
  Value upper = f.mul(gy, above);
  gradient.weight = f.select(hasBelow, f.fma(fy, below, upper), upper);
  return gradient;
}

FailureOr<SmallVector<Value>>
MSDeformAttnBackwardOp::decomposeOperation(OpBuilder &b) {
  return BackwardLoops(b, *this).emit();
}

FailureOr<SmallVector<Value>>
DeformableAttentionBackwardOp::decomposeOperation(OpBuilder &b) {
  return BackwardLoops(b, *this).emit();
}
