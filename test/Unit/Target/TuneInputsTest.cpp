// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Tune.h"

#include "bev/Dialect/BEV/IR/BEV.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

class TuneInputsTest : public testing::Test {
protected:
  TuneInputsTest() {
    context.loadDialect<BEVDialect, func::FuncDialect, arith::ArithDialect>();
  }

  /// The inputs of the only op of the dialect.
  std::vector<Array> makeInputs(const std::string &source) {
    module = parseSourceString<ModuleOp>(source, &context);
    EXPECT_TRUE(module);
    std::vector<Array> inputs;
    module->walk([&](DestinationStyleOpInterface op) {
      llvm::Expected<std::vector<Array>> made =
          makeTuneInputs(op, SamplePlacement::Default);
      EXPECT_TRUE(bool(made));
      if (made)
        inputs = std::move(*made);
      else
        llvm::consumeError(made.takeError());
    });
    return inputs;
  }

  /// Segments of a pool: all of them of rows that there are.
  llvm::ArrayRef<int32_t> makeSegments(int64_t rows, int64_t depths,
                                       int64_t segments, int64_t step) {
    auto type = [](int64_t size, const char *rest) {
      return "tensor<" + std::to_string(size) + rest + ">";
    };
    std::string feat = type(rows, "x4xf16"), depth = type(depths, "xf32"),
                table = type(segments, "x3xi32"),
                sums = type(segments, "x4xf32");
    arrays = makeInputs(
        "func.func @main(%f: " + feat + ", %d: " + depth + ", %s: " + table +
        ", %o: " + sums + ") {\n  %w = arith.constant " + std::to_string(step) +
        " : index\n  %0 = bev.segment_pool ins(%f, %d, %s : " + feat + ", " +
        depth + ", " + table + ") step(%w) outs(%o : " + sums + ") -> " + sums +
        "\n  return\n}");
    EXPECT_EQ(arrays.size(), 3u);
    auto *data = reinterpret_cast<const int32_t *>(arrays[2].getData());
    for (int64_t i = 0; i < segments; ++i) {
      const int64_t last =
          (data[3 * i + 2] - int64_t(1)) * std::max<int64_t>(step, 1);
      EXPECT_GE(data[3 * i], 0);
      EXPECT_GE(data[3 * i + 1], 0);
      EXPECT_GE(data[3 * i + 2], 1);
      EXPECT_LT(data[3 * i + 1] + last, rows) << i;
      if (depths >= rows)
        EXPECT_LT(data[3 * i] + last, depths) << i;
      else
        EXPECT_LT(data[3 * i], depths) << i;
    }
    return llvm::ArrayRef(data, 3 * segments);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::vector<Array> arrays;
};

} // namespace

TEST_F(TuneInputsTest, GroupsAreOfOneColumn) {
  // Six images of 44 columns at 59 depths.
  llvm::ArrayRef<int32_t> table = makeSegments(4224, 249216, 9000, 44);
  int64_t deeper = 0, points = 0;
  for (int64_t i = 0; i < 9000; ++i) {
    EXPECT_EQ(table[3 * i + 1] % 44, table[3 * (i / 4 * 4) + 1] % 44);
    if (i % 8 != 0)
      deeper += table[3 * i] / 704 == table[3 * i - 3] / 704 + 1;
    points += table[3 * i + 2];
  }
  EXPECT_GT(deeper, 7000);
  EXPECT_NEAR(points / 9000.0, 15, 1);
  // Blocks of 64 are of eight columns beside each other.
  for (int64_t i = 0; i < 64; ++i)
    EXPECT_EQ(table[3 * i + 1] % 44, i / 8);
}

TEST_F(TuneInputsTest, SegmentsAreOfRowsThatThereAre) {
  (void)makeSegments(4224, 249216, 90000, 44);
  (void)makeSegments(7, 5, 3, 99);
  (void)makeSegments(1, 1, 1, 1);
  (void)makeSegments(100, 300, 40, -3);
  (void)makeSegments(1000, 999, 5000, 31);
}

TEST_F(TuneInputsTest, PoolsOfOneRankHaveNoDepths) {
  std::vector<Array> inputs = makeInputs(R"mlir(
    func.func @main(%f: tensor<90x4xf32>, %r: tensor<70xi32>, %b: tensor<5x6x2xi32>, %o: tensor<5x6x4xf16>) {
      %0 = bev.interval_pool ins(%f : tensor<90x4xf32>) points(%r : tensor<70xi32>) bounds(%b : tensor<5x6x2xi32>)
          outs(%o : tensor<5x6x4xf16>) -> tensor<5x6x4xf16>
      return
    })mlir");
  ASSERT_EQ(inputs.size(), 3u);
  auto *ranks = reinterpret_cast<const int32_t *>(inputs[1].getData());
  auto *bounds = reinterpret_cast<const int32_t *>(inputs[2].getData());
  for (int64_t i = 0; i < 70; ++i)
    EXPECT_TRUE(ranks[i] >= 0 && ranks[i] < 90) << ranks[i];
  int32_t end = 0;
  for (int64_t i = 0; i < 30; ++i) {
    EXPECT_EQ(bounds[2 * i], end);
    EXPECT_GE(bounds[2 * i + 1], end);
    end = bounds[2 * i + 1];
  }
  EXPECT_EQ(end, 70);
}

TEST_F(TuneInputsTest, GradientsHaveTheInputsOfTheOpAndOneMore) {
  const std::string ins = "%value, %locations, %weights",
                    types = "tensor<1x6x2x4xf16>, tensor<1x9x2x1x4x2xf32>, "
                            "tensor<1x9x2x1x4xf32>",
                    rows = "tensor<1x9x2x4xf16>";
  const std::string begin =
      "func.func @main(%value: tensor<1x6x2x4xf16>, %locations: "
      "tensor<1x9x2x1x4x2xf32>, %weights: tensor<1x9x2x1x4xf32>, %rows: " +
      rows + ") {\n  %0";
  std::vector<Array> forward = makeInputs(
      begin + " = bev.ms_deform_attn levels([2, 3]) ins(" + ins + " : " +
      types + ") outs(%rows : " + rows + ") -> " + rows + "\n  return\n}");
  std::vector<Array> backward = makeInputs(
      begin + ":3 = bev.ms_deform_attn_backward levels([2, 3]) ins(" + ins +
      ", %rows : " + types + ", " + rows + ") outs(" + ins + " : " + types +
      ") -> " + types + "\n  return\n}");
  ASSERT_EQ(forward.size(), 3u);
  ASSERT_EQ(backward.size(), 4u);
  for (size_t i = 0; i < forward.size(); ++i) {
    ASSERT_EQ(forward[i].getNumBytes(), backward[i].getNumBytes());
    EXPECT_EQ(0, memcmp(forward[i].getData(), backward[i].getData(),
                        forward[i].getNumBytes()));
  }
  EXPECT_EQ(llvm::ArrayRef(backward[3].getShape()),
            llvm::ArrayRef<int64_t>({1, 9, 2, 4}));
  const auto *grad = reinterpret_cast<const uint16_t *>(backward[3].getData());
  EXPECT_TRUE(llvm::any_of(llvm::ArrayRef(grad, 72),
                           [](uint16_t half) { return (half & 0x7fff) != 0; }));
}

TEST_F(TuneInputsTest, ConstantBoundsAreNoInputsEvenIfNobodyCanReadThem) {
  for (const char *value :
       {"dense<[[0, 4], [4, 7]]>", "dense_resource<missing>"}) {
    std::vector<Array> arrays = makeInputs(
        "func.func @main(%f: tensor<7x4xf32>, %o: tensor<2x4xf32>) {\n"
        "  %b = arith.constant " +
        std::string(value) +
        " : tensor<2x2xi32>\n  %0 = bev.interval_pool ins(%f : "
        "tensor<7x4xf32>) bounds(%b : tensor<2x2xi32>) outs(%o : "
        "tensor<2x4xf32>) -> tensor<2x4xf32>\n  return\n}");
    EXPECT_EQ(arrays.size(), 1u) << value;
  }
}
