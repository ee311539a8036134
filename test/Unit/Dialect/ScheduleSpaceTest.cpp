// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/Transforms/ScheduleSpace.h"
#include "bev/Dialect/BEV/Transforms/ScheduleFile.h"
#include "gtest/gtest.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

class ScheduleSpaceTest : public ::testing::Test {
protected:
  ScheduleSpaceTest() {
    context.loadDialect<BEVDialect, func::FuncDialect, tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(
        R"(func.func @f(%v: tensor<1x64x8x32xf16>, %l: tensor<1x64x8x1x4x2xf32>,
                        %w: tensor<1x64x8x1x4xf16>, %o: tensor<1x64x8x32xf16>)
               -> tensor<1x64x8x32xf16> {
             %r = bev.ms_deform_attn levels([8, 8])
               ins(%v, %l, %w : tensor<1x64x8x32xf16>, tensor<1x64x8x1x4x2xf32>,
                   tensor<1x64x8x1x4xf16>)
               outs(%o : tensor<1x64x8x32xf16>) -> tensor<1x64x8x32xf16>
             return %r : tensor<1x64x8x32xf16>
           })",
        &context);
    module->walk([&](MSDeformAttnOp found) { op = found; });
  }

  ScheduleAttr schedule(StringRef text) {
    std::string message;
    FailureOr<ScheduleAttr> parsed = parseSchedule(text, &context, message);
    EXPECT_EQ(message, "");
    return succeeded(parsed) ? *parsed : ScheduleAttr();
  }

  static unsigned number(const ScheduleSpace &space, StringRef name) {
    unsigned i = 0;
    while (i < space.getNumParameters() && space.getName(i) != name)
      ++i;
    return i;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  MSDeformAttnOp op;
};

// Blocks of other sizes: as many threads at a time.
TEST_F(ScheduleSpaceTest, threadsKeepThoseOfAMultiprocessor) {
  ASSERT_TRUE(op);
  ScheduleAttr start = schedule(
      "lanes = 8, threads = 64, guard = speculate, blocks = 12, share = true");
  ScheduleSpace space(op, start);
  std::vector<std::pair<int64_t, int64_t>> found;
  for (ScheduleAttr other : space.vary(start, number(space, "threads")))
    found.emplace_back(other.getThreads(), other.getBlocks());
  EXPECT_EQ(found,
            (std::vector<std::pair<int64_t, int64_t>>{
                {32, 24}, {96, 8}, {128, 6}, {192, 4}, {256, 3}, {512, 1}}));

  start = schedule("lanes = 8, threads = 64");
  for (ScheduleAttr other :
       ScheduleSpace(op, start).vary(start, number(space, "threads")))
    EXPECT_EQ(other.getBlocks(), 0);
}

// And other numbers of blocks of the same size, to what registers allow.
TEST_F(ScheduleSpaceTest, blocksAreAsManyThreads) {
  ASSERT_TRUE(op);
  ScheduleAttr start =
      schedule("lanes = 8, threads = 32, guard = speculate, share = true");
  ScheduleSpace space(op, start);
  std::vector<int64_t> found;
  for (ScheduleAttr other : space.vary(start, number(space, "blocks"))) {
    EXPECT_EQ(other.getThreads(), 32);
    found.push_back(other.getBlocks());
  }
  EXPECT_EQ(found, (std::vector<int64_t>{4, 8, 12, 16, 20, 24, 28, 32}));

  start = schedule("lanes = 8, threads = 512");
  found.clear();
  for (ScheduleAttr other :
       ScheduleSpace(op, start).vary(start, number(space, "blocks")))
    found.push_back(other.getBlocks());
  EXPECT_EQ(found, (std::vector<int64_t>{1, 2, 3, 4}));
}

// What another schedule has of a parameter, and the rest as it is.
TEST_F(ScheduleSpaceTest, combines) {
  ASSERT_TRUE(op);
  ScheduleAttr start = schedule("lanes = 8, threads = 64, blocks = 12");
  ScheduleSpace space(op, start);
  ScheduleAttr both =
      space.combine(schedule("lanes = 8, threads = 32, blocks = 24"),
                    schedule("lanes = 8, threads = 64, blocks = 14"),
                    number(space, "blocks"));
  EXPECT_EQ(both, schedule("lanes = 8, threads = 32, blocks = 28"));
}

} // namespace
