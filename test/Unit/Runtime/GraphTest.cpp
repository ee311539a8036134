// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

extern "C" int cuStreamBeginCapture_v2(void *stream, int mode);
extern "C" int cuStreamEndCapture(void *stream, void **graph);
extern "C" int cuGraphDestroy(void *graph);

class GraphTest : public RuntimeTest {
protected:
  char image[16] = "increment";
};

TEST_F(GraphTest, CapturesAFrameOfGeneratedCode) {
  static const float weights[2] = {10, 20};
  auto *out = static_cast<float *>(bevrtMalloc(8));
  void *module = mgpuModuleLoad(image, sizeof(image));
  bevrtSetSynchronous(true); // Even then, nothing may wait.
  int waits = calls("cuStreamSynchronize");

  // Without a warm-up, so that the module is loaded and the constant uploaded
  // under capture.
  ASSERT_EQ(bevrtGraphBeginCapture(), BEVRT_SUCCESS) << bevrtLastError();
  void *stream = mgpuStreamCreate();
  auto *scratch = static_cast<float *>(mgpuMemAlloc(8, stream, false));
  auto *constant = static_cast<float *>(bevrtDeviceConstant(weights, 8));
  bevrtDeviceCopy(scratch, constant, 8);
  float scalar = 7;
  bevrtDeviceWrite(scratch, &scalar, 4);
  scalar = 0; // The graph keeps what it was.
  increment(mgpuModuleGetFunction(module, "increment"), scratch, 2);
  bevrtDeviceCopy(out, scratch, 8);
  mgpuMemFree(scratch, stream);
  bevrtGraph graph = bevrtGraphEndCapture();
  ASSERT_NE(graph, nullptr) << bevrtLastError();
  EXPECT_EQ(calls("cuStreamSynchronize"), waits + 1)
      << "only the constant's upload, on its own stream";

  for (int launch = 0; launch < 2; ++launch) {
    float host[2] = {0, 0};
    EXPECT_EQ(bevrtGraphLaunch(graph), BEVRT_SUCCESS);
    EXPECT_EQ(bevrtMemcpyDeviceToHost(host, out, 8), BEVRT_SUCCESS);
    EXPECT_EQ(host[0], 8.0f);
    EXPECT_EQ(host[1], 21.0f);
  }
  EXPECT_EQ(bevrtGraphDestroy(graph), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(out), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
  mgpuModuleUnload(module);
  EXPECT_TRUE(reports.empty());
}

TEST_F(GraphTest, MemoryFreedUnderCaptureLivesAsLongAsTheGraph) {
  auto *before = static_cast<float *>(bevrtMalloc(8));
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  int live = fake().liveAllocations;
  ASSERT_EQ(bevrtGraphBeginCapture(), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMemset(before, 0, 8), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(before), BEVRT_SUCCESS);
  bevrtGraph graph = bevrtGraphEndCapture();
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(bevrtGraphLaunch(graph), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  EXPECT_EQ(fake().liveAllocations, live);
  EXPECT_EQ(bevrtGraphDestroy(graph), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  EXPECT_EQ(fake().liveAllocations, live - 1);
}

TEST_F(GraphTest, HostReadsAndWaitsAreRefused) {
  float value = 0;
  void *memory = bevrtMalloc(4);
  ASSERT_EQ(bevrtGraphBeginCapture(), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtGraphBeginCapture(), BEVRT_ERROR_CAPTURE);
  bevrtDeviceRead(&value, memory, 4);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_CAPTURE),
            "cannot read 4 bytes of device memory on the host while the stream "
            "is captured into a graph; read them "
            "before the capture or after a launch");
  EXPECT_EQ(bevrtSynchronize(), BEVRT_ERROR_CAPTURE);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_ERROR_CAPTURE);
  EXPECT_EQ(bevrtGraphDestroy(bevrtGraphEndCapture()), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(memory), BEVRT_SUCCESS);
}

TEST_F(GraphTest, SomebodyElsesStrictCapture) {
  // An embedding program captures its own stream in the global mode, and runs
  // compiled code on it.
  static const float weight = 3;
  void *stream = bevrtStreamCreate(), *graph = nullptr;
  bevrtSetStream(stream);
  void *module = mgpuModuleLoad(image, sizeof(image));
  ASSERT_EQ(cuStreamBeginCapture_v2(stream, /*mode=*/0), 0);
  void *memory = mgpuMemAlloc(4, stream, false);
  EXPECT_NE(bevrtDeviceConstant(&weight, 4), nullptr);
  bevrtDeviceWrite(memory, &weight, 4);
  increment(mgpuModuleGetFunction(module, "increment"),
            static_cast<float *>(memory), 1);
  mgpuMemFree(memory, stream);
  EXPECT_EQ(cuStreamEndCapture(stream, &graph), 0);
  EXPECT_EQ(cuGraphDestroy(graph), 0);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
  mgpuModuleUnload(module);
  EXPECT_EQ(bevrtStreamDestroy(stream), BEVRT_SUCCESS);
  EXPECT_TRUE(reports.empty());
}

TEST_F(GraphTest, Misuse) {
  EXPECT_EQ(bevrtGraphEndCapture(), nullptr);
  EXPECT_STREQ(bevrtLastError(), "no graph capture is in progress on this "
                                 "thread; call bevrtGraphBeginCapture first");
  EXPECT_EQ(bevrtGraphLaunch(nullptr), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(bevrtGraphDestroy(nullptr), BEVRT_SUCCESS);
  fake().failNext["cuStreamBeginCapture_v2"] = 1;
  EXPECT_EQ(bevrtGraphBeginCapture(), BEVRT_ERROR_CAPTURE);
  for (const char *failing :
       {"cuStreamEndCapture", "cuGraphInstantiateWithFlags"}) {
    ASSERT_EQ(bevrtGraphBeginCapture(), BEVRT_SUCCESS);
    fake().failNext[failing] = 1;
    EXPECT_EQ(bevrtGraphEndCapture(), nullptr);
    EXPECT_NE(std::string(bevrtLastError()).find("graph"), std::string::npos);
    void *graph = nullptr;
    if (cuStreamEndCapture(bevrtCurrentStream(), &graph) ==
        0) // The fake's injected failure left it capturing.
      cuGraphDestroy(graph);
  }
}
