// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

class EntryPointsTest : public RuntimeTest {
protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    module = mgpuModuleLoad(image, sizeof(image));
    kernel = mgpuModuleGetFunction(module, "increment");
    noop = mgpuModuleGetFunction(module, "noop");
    ASSERT_NE(noop, nullptr);
  }
  void TearDown() override {
    mgpuModuleUnload(module);
    RuntimeTest::TearDown();
  }

  void launchNoop(intptr_t grid, intptr_t block, int32_t smem = 0) {
    mgpuLaunchKernel(noop, grid, 1, 1, block, 1, 1, smem, nullptr, nullptr,
                     nullptr, 0);
  }

  char image[32] = "increment noop fault";
  void *module = nullptr, *kernel = nullptr, *noop = nullptr;
};

TEST_F(EntryPointsTest, RunsWhatGeneratedCodeDoes) {
  std::vector<float> host = {1, 2, 3};
  void *stream = mgpuStreamCreate();
  auto *device = static_cast<float *>(mgpuMemAlloc(12, stream, false));
  mgpuMemcpy(device, host.data(), 12, stream);
  host.assign(3, 0); // Reused at once.
  increment(kernel, device, 3);
  mgpuMemcpy(host.data(), device, 12, stream);
  EXPECT_EQ(host, (std::vector<float>{2, 3, 4}));
  mgpuMemset32(device, 0x3f800000, 3, stream);
  mgpuMemset16(device, 0x4000, 1, stream);
  mgpuMemset16(device, 0, 0, stream);
  bevrtDeviceRead(host.data(), device, 12);
  EXPECT_EQ(host[1], 1.0f);
  EXPECT_NE(host[0], 1.0f);
  mgpuMemFree(device, stream);
  mgpuMemFree(nullptr, stream);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  EXPECT_TRUE(reports.empty());
}

TEST_F(EntryPointsTest, EmptyGridDoesNothing) {
  launchNoop(0, 32);
  EXPECT_EQ(calls("cuLaunchKernel"), 0);
  EXPECT_TRUE(reports.empty());
}

TEST_F(EntryPointsTest, BadShapesNameTheKernelAndTheShape) {
  launchNoop(1, 2048);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_DRIVER),
            "launching kernel 'noop' with grid (1, 1, 1) and block (2048, 1, "
            "1) failed: CUDA_ERROR_INVALID_VALUE "
            "(explained)");
  launchNoop(-1, 32);
  EXPECT_NE(onlyReport(BEVRT_ERROR_DRIVER).find("with grid (-1, 1, 1)"),
            std::string::npos);
  launchNoop(intptr_t(1) << 40, 32);
  EXPECT_NE(onlyReport(BEVRT_ERROR_DRIVER).find("grid (1099511627776, 1, 1)"),
            std::string::npos);
}

TEST_F(EntryPointsTest, AsksForLargeSharedMemoryOnce) {
  launchNoop(1, 32, 100 << 10);
  launchNoop(1, 32, 64 << 10);
  EXPECT_EQ(calls("cuFuncSetAttribute"), 1);
  EXPECT_EQ(fake().sharedMemory, 64u << 10);
  EXPECT_TRUE(reports.empty());
  launchNoop(1, 32, 1 << 20);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_INVALID_ARGUMENT),
            "cannot launch kernel 'noop': it wants 1048576 bytes of dynamic "
            "shared memory, but CUDA device 0 ('Fake 0') "
            "has 232448 per block; choose smaller tiles");
}

TEST_F(EntryPointsTest, Clusters) {
  mgpuLaunchClusterKernel(noop, 2, 1, 1, 4, 1, 1, 32, 1, 1, 0, nullptr, nullptr,
                          nullptr, 0);
  EXPECT_EQ(fake().cluster[0], 2u);
  EXPECT_EQ(fake().grid[0], 4u);
  EXPECT_TRUE(reports.empty());
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  mgpuLaunchClusterKernel(noop, 2, 1, 1, 4, 1, 1, 32, 1, 1, 0, nullptr, nullptr,
                          nullptr, 0);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_UNAVAILABLE),
            "cannot launch kernel 'noop' in clusters: that takes an sm_90 "
            "device and a CUDA 12 driver, but CUDA device 1 "
            "('Fake 1') is sm_86");
}

TEST_F(EntryPointsTest, KernelsThatWaitStartEarly) {
  launchNoop(1, 32);
  EXPECT_FALSE(fake().dependentLaunch);

  char waiting[] = "noop bevrt_kernels_wait";
  void *other = mgpuModuleLoad(waiting, sizeof(waiting));
  void *waits = mgpuModuleGetFunction(other, "noop");
  mgpuLaunchKernel(waits, 1, 1, 1, 32, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  EXPECT_TRUE(fake().dependentLaunch);
  mgpuLaunchClusterKernel(waits, 2, 1, 1, 4, 1, 1, 32, 1, 1, 0, nullptr,
                          nullptr, nullptr, 0);
  EXPECT_TRUE(fake().dependentLaunch);
  EXPECT_EQ(fake().cluster[0], 2u);

  // Device 1 is older than what it takes.
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  void *old = mgpuModuleGetFunction(other, "noop");
  mgpuLaunchKernel(old, 1, 1, 1, 32, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  EXPECT_FALSE(fake().dependentLaunch);
  mgpuModuleUnload(other);
  EXPECT_TRUE(reports.empty());
}

TEST_F(EntryPointsTest, FaultNamesTheLastKernel) {
  void *fault = mgpuModuleGetFunction(module, "fault");
  mgpuLaunchKernel(fault, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  EXPECT_TRUE(reports.empty());
  EXPECT_EQ(bevrtSynchronize(), BEVRT_ERROR_DRIVER);
  EXPECT_STREQ(bevrtLastError(), "waiting for the work on the stream failed: "
                                 "CUDA_ERROR_ILLEGAL_ADDRESS (explained); "
                                 "the last kernel launched was 'fault'; run "
                                 "under compute-sanitizer to find the fault");
}

TEST_F(EntryPointsTest, Events) {
  void *stream = mgpuStreamCreate();
  void *event = mgpuEventCreate();
  mgpuEventRecord(event, stream);
  mgpuStreamWaitEvent(stream, event);
  mgpuEventSynchronize(event);
  EXPECT_EQ(calls("cuEventSynchronize"), 0)
      << "waited although order comes from the stream";
  bevrtSetSynchronous(true);
  mgpuEventSynchronize(event);
  EXPECT_EQ(calls("cuEventSynchronize"), 1);
  mgpuEventDestroy(event);
  mgpuEventDestroy(nullptr);
  EXPECT_TRUE(reports.empty());
}

TEST_F(EntryPointsTest, RegisteredHostMemoryMakesWaitsReal) {
  // The kernel writes host memory in place and the host reads it after the
  // wait, without a copy.
  std::vector<float> host = {1, 2, 3, 4};
  struct {
    void *allocated, *aligned;
    int64_t offset, sizes[2], strides[2];
  } memref = {host.data(), host.data(), 1, {1, 3}, {3, 1}};
  mgpuMemHostRegisterMemRef(2, &memref, 4);
  increment(kernel, host.data() + 1, 3);
  EXPECT_EQ(host, (std::vector<float>{1, 3, 4, 5}));
  mgpuMemHostUnregisterMemRef(2, &memref, 4);
  int waits = calls("cuStreamSynchronize");
  mgpuStreamSynchronize(mgpuStreamCreate());
  EXPECT_EQ(calls("cuStreamSynchronize"), waits);

  memref.sizes[1] = 0;
  mgpuMemHostRegisterMemRef(2, &memref, 4);
  mgpuMemHostUnregisterMemRef(2, &memref, 4);
  EXPECT_EQ(calls("cuMemHostRegister_v2"), 1);
  EXPECT_TRUE(reports.empty());
  memref.sizes[1] = 3;
  memref.strides[1] = -1;
  mgpuMemHostRegisterMemRef(2, &memref, 4);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_INVALID_ARGUMENT),
            "cannot register a host memref with a negative stride");
}

TEST_F(EntryPointsTest, HostSharedMemoryMakesWaitsReal) {
  void *stream = mgpuStreamCreate();
  auto *shared = static_cast<float *>(mgpuMemAlloc(8, stream, true));
  shared[0] = shared[1] = 1;
  increment(kernel, shared, 2);
  EXPECT_EQ(shared[1], 2.0f);
  mgpuMemFree(shared, stream);
  EXPECT_TRUE(reports.empty());
}

TEST_F(EntryPointsTest, DriverFailuresAreReported) {
  fake().failNext["cuEventCreate"] = 1;
  EXPECT_EQ(mgpuEventCreate(), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_DRIVER),
            "creating an event failed: CUDA_ERROR_INVALID_VALUE (explained)");
  fake().failNext["cuMemHostRegister_v2"] = 999;
  mgpuMemHostRegister(this, 8);
  EXPECT_NE(onlyReport(BEVRT_ERROR_DRIVER).find("failed: CUDA error 999"),
            std::string::npos);
}
