// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev-c/Model.h"
#include "RuntimeTest.h"

#include <cstring>

namespace {
class ModelTest : public RuntimeTest {
protected:
  void TearDown() override {
    bevModelUnload(model);
    RuntimeTest::TearDown();
  }

  void load(const char *device) {
    ASSERT_EQ(bevModelLoad(BEV_TEST_MODEL, device, &model), BEVRT_SUCCESS)
        << bevrtLastError();
  }

  /// Sets inputs and outputs up for a matrix of `rows`.
  void prepare(float *data, int64_t rows) {
    inputs[0] = {data, 2, {rows, 3}, nullptr};
    inputs[1] = {&scale, 0, {}, nullptr};
    outputs[2].data = &count;
  }

  void expectLoadError(const char *path, const char *device, bevrtStatus status,
                       const std::string &message) {
    BevModel *none = reinterpret_cast<BevModel *>(1);
    EXPECT_EQ(bevModelLoad(path, device, &none), status);
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(bevrtLastError(), message);
  }

  BevModel *model = nullptr;
  BevTensor inputs[2] = {}, outputs[3] = {};
  int32_t scale = 2;
  int64_t count = 0;
};
} // namespace

TEST_F(ModelTest, IsDescribed) {
  load(nullptr);
  EXPECT_STREQ(bevModelFunction(model), "main");
  EXPECT_STREQ(bevModelTarget(model), "cpu");
  EXPECT_STREQ(bevModelDescription(model), "{}");
  EXPECT_EQ(bevModelNumInputs(model), 2);
  EXPECT_EQ(bevModelNumOutputs(model), 3);
  EXPECT_STREQ(bevModelInput(model, 1)->name, "scale");
  EXPECT_EQ(bevModelInput(model, 1)->rank, -1);
  EXPECT_EQ(bevModelInput(model, 0)->sizes[1], 3);
  EXPECT_EQ(bevModelInput(model, 2), nullptr);
  EXPECT_EQ(bevModelInput(model, -1), nullptr);
  EXPECT_EQ(bevModelOutput(model, 2)->type, BEV_I64);
  EXPECT_EQ(bevModelOutput(model, 3), nullptr);
}

TEST_F(ModelTest, RunsOnTheHost) {
  load("cpu");
  float x[6] = {1, 2, 3, 4, 5, 6};
  prepare(x, 2);
  ASSERT_EQ(bevModelRun(model, inputs, outputs), BEVRT_SUCCESS)
      << bevrtLastError();
  EXPECT_EQ(count, 6);
  for (const BevTensor *output : {&outputs[0], &outputs[1]}) {
    EXPECT_EQ(output->rank, 2);
    EXPECT_EQ(output->sizes[0], 2);
    EXPECT_EQ(output->sizes[1], 3);
  }
  EXPECT_EQ(static_cast<float *>(outputs[0].data)[5], 12);
  // The input came back: that is the caller's, and so is the output.
  EXPECT_NE(outputs[1].data, x);
  EXPECT_EQ(std::memcmp(outputs[1].data, x, sizeof x), 0);
  bevModelFreeOutput(model, &outputs[0]);
  bevModelFreeOutput(model, &outputs[1]);
  EXPECT_EQ(outputs[1].data, nullptr);
}

TEST_F(ModelTest, RunsOnADevice) {
  load("cuda");
  EXPECT_STREQ(bevModelTarget(model), "sm_80");
  float x[3] = {1, 2, 3}, read[3] = {};
  void *data = bevrtMalloc(sizeof x);
  EXPECT_EQ(bevrtMemcpyHostToDevice(data, x, sizeof x), BEVRT_SUCCESS);
  prepare(static_cast<float *>(data), 1);
  ASSERT_EQ(bevModelRun(model, inputs, outputs), BEVRT_SUCCESS)
      << bevrtLastError();
  EXPECT_EQ(bevrtMemcpyDeviceToHost(read, outputs[0].data, sizeof read),
            BEVRT_SUCCESS);
  EXPECT_EQ(read[2], 3);
  EXPECT_EQ(bevrtMemcpyDeviceToHost(read, outputs[1].data, sizeof read),
            BEVRT_SUCCESS);
  EXPECT_EQ(read[0], 2);
  int before = fake().liveAllocations;
  bevModelFreeOutput(model, &outputs[0]);
  bevModelFreeOutput(model, &outputs[1]);
  EXPECT_EQ(bevrtFree(data), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  bevModelUnload(model);
  model = nullptr;
  // Two results, one input, and the constant.
  EXPECT_EQ(fake().liveAllocations, before - 4);
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModelTest, NeedsTheDeviceItWasLoadedFor) {
  load("cuda");
  float x[3];
  prepare(x, 1);
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "expected CUDA device 0, for which the model was loaded, to be "
               "current, but got 1");
  ASSERT_EQ(bevrtSetDevice(0), BEVRT_SUCCESS);
}

TEST_F(ModelTest, ReturnsErrorsOfItsCode) {
  load("cpu");
  float x[3] = {};
  prepare(x, 1);
  scale = -1;
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "cannot upload a constant of 4 bytes: its address is null");
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModelTest, ChecksInputs) {
  load("cpu");
  float x[4] = {};
  prepare(x, 2);
  inputs[0].sizes[1] = 4;
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "expected input 'x' to have shape ?x3, but got 2x4");
  inputs[0].rank = 1;
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  prepare(nullptr, 2);
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "expected the data of input 'x', but got null");
  prepare(x, 1);
  outputs[2].data = nullptr;
  EXPECT_EQ(bevModelRun(model, inputs, outputs), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(),
               "expected where to store output 'count', but got null");
}

TEST_F(ModelTest, RefusesWhatIsNoModel) {
  expectLoadError(nullptr, "cpu", BEVRT_ERROR_INVALID_ARGUMENT,
                  "cannot load a model: its path is null");
  expectLoadError(BEV_TEST_MODEL, "tpu", BEVRT_ERROR_INVALID_ARGUMENT,
                  "unknown device 'tpu'; expected cpu or cuda");
  expectLoadError("no/such/model.so", "cpu", BEVRT_ERROR_MODULE,
                  "cannot load model 'no/such/model.so': No such file or "
                  "directory");
  expectLoadError(BEV_TEST_DRIVER, "cpu", BEVRT_ERROR_MODULE,
                  "cannot load model '" BEV_TEST_DRIVER
                  "': the shared object was not made by bev-compile");
  expectLoadError(BEV_TEST_LATER_MODEL, "cpu", BEVRT_ERROR_MODULE,
                  "cannot load model '" BEV_TEST_LATER_MODEL
                  "': expected version 1 of the format, but got version 1000; "
                  "compile the model with the bev-compile that belongs to this "
                  "runtime");
#if defined(__x86_64__)
  expectLoadError(BEV_TEST_OTHER_CPU_MODEL, "cpu", BEVRT_ERROR_MODULE,
                  "cannot load model '" BEV_TEST_OTHER_CPU_MODEL
                  "': it was compiled for a CPU with no-such-extension, which "
                  "this CPU lacks; compile it with --cpu set to this CPU's "
                  "kind");
#endif
  EXPECT_EQ(bevModelLoad(BEV_TEST_MODEL, "cpu", nullptr),
            BEVRT_ERROR_INVALID_ARGUMENT);
}
