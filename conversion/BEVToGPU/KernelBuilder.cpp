// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "KernelBuilder.h"

#include "bev/Conversion/SCFToGPU/PrefetchOperands.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::bev;

/// Parts of what blocks prefetch, at most: what the first blocks read is in all
/// of them, since their rows are all over what is read.
static constexpr int64_t kMaxParts = 512;

void KernelBuilder::emitIf(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(branch.thenBlock()->getTerminator());
  body();
}

SmallVector<Value>
KernelBuilder::emitIf(Value condition, function_ref<SmallVector<Value>()> body,
                      ValueRange otherwise) {
  auto branch = scf::IfOp::create(b, otherwise.getTypes(), condition,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, body());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise);
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value> KernelBuilder::emitFor(
    Value from, Value to, Value step, ValueRange init,
    function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, from, to, step, init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!init.empty())
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value>
KernelBuilder::emitWhile(ValueRange init,
                         function_ref<Value(ValueRange)> condition,
                         function_ref<SmallVector<Value>(ValueRange)> body) {
  auto loop = scf::WhileOp::create(
      b, init.getTypes(), init,
      [&](OpBuilder &before, Location loc, ValueRange state) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(before.getInsertionBlock());
        scf::ConditionOp::create(b, condition(state), state);
      },
      [&](OpBuilder &after, Location loc, ValueRange state) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(after.getInsertionBlock());
        scf::YieldOp::create(b, body(state));
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> KernelBuilder::loadWords(Value table, ValueRange at,
                                            int64_t count) {
  Value all = vector::LoadOp::create(b, VectorType::get(count, b.getI32Type()),
                                     table, at);
  SmallVector<Value> words;
  for (int64_t i = 0; i < count; ++i)
    words.push_back(vector::ExtractOp::create(b, all, i));
  return words;
}

void KernelBuilder::storeWords(Value table, ValueRange at, ValueRange words) {
  Value all = vector::FromElementsOp::create(
      b, VectorType::get(words.size(), b.getI32Type()), words);
  vector::StoreOp::create(b, all, table, at);
}

gpu::LaunchOp KernelBuilder::launchBlocks(Value blocks, ScheduleAttr schedule) {
  Value one = index(1), threads = index(schedule.getThreads());
  auto launch = gpu::LaunchOp::create(b, blocks, one, one, threads, one, one);
  if (schedule.getBlocks() != 0)
    launch->setAttr("bev.blocks", b.getI64IntegerAttr(schedule.getBlocks()));
  b.setInsertionPointToStart(&launch.getBody().front());
  auto terminator = gpu::TerminatorOp::create(b);
  b.setInsertionPoint(terminator);
  return launch;
}

Value KernelBuilder::shared(gpu::LaunchOp launch, ArrayRef<int64_t> shape,
                            Type element) {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  return launch.addWorkgroupAttribution(
      MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space),
      b.getLoc());
}

void KernelBuilder::prefetchParts(gpu::LaunchOp launch, ValueRange buffers,
                                  int64_t thread) {
  Location loc = launch.getLoc();
  OpBuilder host(launch);
  Value parts = host.createOrFold<arith::MinUIOp>(
      loc, launch.getGridSizeX(),
      arith::ConstantIndexOp::create(host, loc, kMaxParts));
  SmallVector<PrefetchedBuffer> all;
  for (Value buffer : buffers)
    all.push_back({buffer, /*ahead=*/0});
  prefetchBuffers(launch, all, parts, thread);
}
