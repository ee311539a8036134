// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The attentions for a team of work items that computes one row: what they
// differ in.

#include "SharedRow.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::detail;

static int64_t getDim(Value shaped, int64_t dim) {
  return cast<ShapedType>(shaped.getType()).getDimSize(dim);
}

namespace {

class SharedMSDeformAttn final : public SharedRow {
public:
  /// A location is an offset in units of the map from its corner.
  SharedMSDeformAttn(OpBuilder &b, MSDeformAttnOp op, int64_t team,
                     FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getLocations(),
                   op.getWeights(),
                   /*hasWeights=*/true, op.getMixedLevels(),
                   getDim(op.getWeights(), 4)}) {}

private:
  Pixel pixel(Value, Value, Value, const MapShape &map, Value dx,
              Value dy) override {
    return {toPixels(dx, map.widthF), toPixels(dy, map.heightF)};
  }
};

class SharedDeformableAttention final : public SharedRow {
public:
  SharedDeformableAttention(OpBuilder &b, DeformableAttentionOp op,
                            int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 4)}),
        attention(op) {}

private:
  Pixel pixel(Value s, Value, Value level, const MapShape &map, Value dx,
              Value dy) override {
    Value reference = attention.getReference();
    const int64_t references = getDim(reference, 2);
    ReferenceKind kind = attention.getReferenceKind();
    Value which = references == 1 ? zero : level;
    if (kind == ReferenceKind::pillar)
      which = anchorOf(s, attention.getAnchorOrder(), references);
    SmallVector<Value> at =
        readTuple(reference, {zero, zero, which, zero}, getDim(reference, 3));
    Value x = toPixels(at[0], map.widthF), y = toPixels(at[1], map.heightF);
    if (kind != ReferenceKind::box)
      return {f.add(x, dx), f.add(y, dy)};
    Value half = f.f32(0.5 / points);
    return {f.fma(dx, f.mul(f.mul(at[2], map.widthF), half), x),
            f.fma(dy, f.mul(f.mul(at[3], map.heightF), half), y)};
  }

  DeformableAttentionOp attention;
};

class SharedTemporalSelfAttention final : public SharedRow {
public:
  SharedTemporalSelfAttention(OpBuilder &b, TemporalSelfAttentionOp op,
                              int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 5), getDim(op.getOffsets(), 3)}),
        reference(op.getReference()) {}

private:
  Pixel pixel(Value, Value frame, Value level, const MapShape &map, Value dx,
              Value dy) override {
    SmallVector<Value> at =
        readTuple(reference, {zero, frame, zero, level, zero}, 2);
    return {f.add(toPixels(at[0], map.widthF), dx),
            f.add(toPixels(at[1], map.heightF), dy)};
  }

  Value reference;
};

class SharedSpatialCrossAttention final : public SharedRow {
public:
  SharedSpatialCrossAttention(OpBuilder &b, SpatialCrossAttentionOp op,
                              int64_t team, FormulaMode mode)
      : SharedRow(b, op, team, mode,
                  {op.getValue(), op.getValueLayout(), op.getOffsets(),
                   op.getLogits(),
                   /*hasWeights=*/false, op.getMixedLevels(),
                   getDim(op.getOffsets(), 4)}),
        attention(op) {}

  /// One camera after the other; the sum goes from one to the next in memory of
  /// the team.
  Value emit() override {
    int64_t channels = rowType.getShape().back();
    auto clear = [&](Value thread, ValueRange outs) {
      write(f.zeroChannels(), outs.front(), {OpFoldResult(channelOf(thread))});
    };
    Value none = loop(empty({channels}, b.getF32Type()), clear).front();
    // What a list of the cameras that see the query has bits for: theirs are
    // the loop's iterations. Else it visits all.
    const int64_t count = getDim(attention.getValue(), 1);
    Value seen, hits, end;
    if (!ShapedType::isDynamic(count) && count <= kMaxListed) {
      seen = listCameras(count);
      hits = math::CtPopOp::create(b, loc, seen);
      end = f.toIndex(hits);
    } else {
      end = tensor::DimOp::create(b, loc, attention.getValue(), 1);
      shareLargest();
    }
    auto sum = scf::ForOp::create(
        b, loc, zero, end, f.index(1),
        ValueRange{none, emptySums(), seen ? seen : f.i32(0)});
    {
      OpBuilder::InsertionGuard insertion(b);
      b.setInsertionPointToStart(sum.getBody());
      if (seen)
        visitListed(sum);
      else
        visit(sum);
    }
    if (!seen)
      hits = sum.getResult(2);
    // Every camera's plan gives the same sums.
    Records softmax;
    softmax.sums = sum.getResult(1);
    auto finish = [&](Value thread, ValueRange outs) {
      // Where no camera hits the sum is 0, and 0 it stays whatever the logits
      // are.
      Value divisor =
          f.intToF32(arith::MaxSIOp::create(b, loc, hits, f.i32(1)));
      Value scale =
          f.select(f.compare(arith::CmpIPredicate::sgt, hits, f.i32(0)),
                   f.div(softmaxScale(softmax, 0), divisor), f.f32(0));
      Value channel = channelOf(thread);
      Value acc = read(sum.getResult(0), channel, f.mode.lanes);
      writeChannels(f.mul(acc, f.splat(scale)), outs.front(), channel);
    };
    return loop(init, finish).front();
  }

private:
  /// A bit for each of `count` cameras that sees the query: each member of the
  /// team looks at some. And at its logits, so that it waits for both at once.
  Value listCameras(int64_t count) {
    SmallVector<Value> lists = {empty({team}, b.getI32Type())};
    if (sharesLargest())
      lists.push_back(empty({team}, b.getF32Type()));
    auto look = [&](Value thread, ValueRange outs) {
      if (sharesLargest())
        write(ownLargest(thread), outs.back(), {OpFoldResult(thread)});
      Value bits = f.i32(0);
      for (int64_t first = 0; first < count; first += team) {
        Value n = f.addI(thread, f.index(first));
        // Beyond the last, the last once more.
        if (first + team > count)
          n = arith::MinUIOp::create(b, loc, n, f.index(count - 1));
        Value bit = arith::ShLIOp::create(b, loc, f.i32(1), f.toI32(n));
        bits = f.orI(bits, f.select(emitHit(f, attention, zero, n, zero), bit,
                                    f.i32(0)));
      }
      write(bits, outs.front(), {OpFoldResult(thread)});
    };
    ValueRange looked = loop(lists, look);
    if (sharesLargest())
      largestOfEach = looked.back();
    Value parts = read(looked.front(), zero, team);
    Value all = extract(parts, 0);
    for (int64_t member = 1; member < team; ++member)
      all = f.orI(all, extract(parts, member));
    return all;
  }

  /// The body of the loop over the cameras of a list: the first of those left.
  void visitListed(scf::ForOp sum) {
    Value left = sum.getRegionIterArg(2);
    // The list ends before its highest bit. Most queries have one camera.
    again = f.mulI(f.toIndex(arith::ShRUIOp::create(b, loc, left, f.i32(31))),
                   f.index(samples()));
    Value n = f.toIndex(math::CountTrailingZerosOp::create(b, loc, left));
    SmallVector<Value> next = addCamera(sum.getRegionIterArgs(), n);
    next.push_back(f.andI(left, f.addI(left, f.i32(-1))));
    scf::YieldOp::create(b, loc, next);
  }

  /// The body of the loop over all cameras, which counts those that see the
  /// query.
  void visit(scf::ForOp sum) {
    Value n = sum.getInductionVar();
    auto seen = scf::IfOp::create(b, loc, sum.getResultTypes(),
                                  emitHit(f, attention, zero, n, zero),
                                  /*withElseRegion=*/true);
    scf::YieldOp::create(b, loc, seen.getResults());
    b.setInsertionPointToStart(seen.elseBlock());
    scf::YieldOp::create(b, loc, sum.getRegionIterArgs());
    b.setInsertionPointToStart(seen.thenBlock());
    SmallVector<Value> next = addCamera(sum.getRegionIterArgs(), n);
    next.push_back(f.addI(sum.getRegionIterArg(2), f.i32(1)));
    scf::YieldOp::create(b, loc, next);
  }

  /// The sum with the samples of camera `n`, and the sums of exponentials; from
  /// those `before`.
  SmallVector<Value> addCamera(ValueRange before, Value n) {
    outerFrame = n;
    Records records = plan(before[1]);
    auto add = [&](Value thread, ValueRange outs) {
      Value channel = channelOf(thread);
      Value acc = read(outs.front(), channel, f.mode.lanes);
      write(addFrame(acc, records, /*frame=*/0, n, channel), outs.front(),
            {OpFoldResult(channel)});
    };
    return {loop(before[0], add).front(), records.sums};
  }

  Pixel pixel(Value s, Value frame, Value, const MapShape &map, Value dx,
              Value dy) override {
    Value anchor =
        anchorOf(s, attention.getAnchorOrder(), getDim(attention.getUv(), 3));
    SmallVector<Value> at =
        readTuple(attention.getUv(), {zero, frame, zero, anchor, zero}, 2);
    return {f.add(toPixels(at[0], map.widthF), dx),
            f.add(toPixels(at[1], map.heightF), dy)};
  }

  /// Cameras that have a bit in the list.
  static constexpr int64_t kMaxListed = 31;

  SpatialCrossAttentionOp attention;
};

} // namespace

Value mlir::bev::emitSharedRow(OpBuilder &builder,
                               DestinationStyleOpInterface op, int64_t team,
                               FormulaMode mode) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](MSDeformAttnOp attention) {
        return SharedMSDeformAttn(builder, attention, team, mode).emit();
      })
      .Case([&](DeformableAttentionOp attention) {
        return SharedDeformableAttention(builder, attention, team, mode).emit();
      })
      .Case([&](SpatialCrossAttentionOp attention) {
        return SharedSpatialCrossAttention(builder, attention, team, mode)
            .emit();
      })
      .Case([&](TemporalSelfAttentionOp attention) {
        return SharedTemporalSelfAttention(builder, attention, team, mode)
            .emit();
      })
      .DefaultUnreachable("not an attention op");
}
