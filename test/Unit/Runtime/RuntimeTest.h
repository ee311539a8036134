// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fixture of tests over the fake driver, and the entry points that
// generated code calls.

#ifndef BEV_TEST_UNIT_RUNTIME_RUNTIMETEST_H
#define BEV_TEST_UNIT_RUNTIME_RUNTIMETEST_H

#include "FakeDriver.h"
#include "bev/Runtime/Runtime.h"
#include "gtest/gtest.h"

#include <cstddef>
#include <string>
#include <vector>

extern "C" {
void *mgpuModuleLoad(void *data, size_t size);
void *mgpuModuleLoadJIT(void *data, int optLevel);
void mgpuModuleUnload(void *module);
void *mgpuModuleGetFunction(void *module, const char *name);
void mgpuLaunchKernel(void *function, intptr_t gridX, intptr_t gridY,
                      intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                      intptr_t blockZ, int32_t smem, void *stream,
                      void **params, void **extra, size_t paramsCount);
void mgpuLaunchClusterKernel(void *function, intptr_t clusterX,
                             intptr_t clusterY, intptr_t clusterZ,
                             intptr_t gridX, intptr_t gridY, intptr_t gridZ,
                             intptr_t blockX, intptr_t blockY, intptr_t blockZ,
                             int32_t smem, void *stream, void **params,
                             void **extra, size_t paramsCount);
void *mgpuStreamCreate();
void mgpuStreamDestroy(void *stream);
void mgpuStreamSynchronize(void *stream);
void mgpuStreamWaitEvent(void *stream, void *event);
void *mgpuEventCreate();
void mgpuEventDestroy(void *event);
void mgpuEventSynchronize(void *event);
void mgpuEventRecord(void *event, void *stream);
void *mgpuMemAlloc(uint64_t sizeBytes, void *stream, bool isHostShared);
void mgpuMemFree(void *ptr, void *stream);
void mgpuMemcpy(void *dst, void *src, size_t sizeBytes, void *stream);
void mgpuMemset32(void *dst, unsigned value, size_t count, void *stream);
void mgpuMemset16(void *dst, unsigned short value, size_t count, void *stream);
void mgpuMemHostRegister(void *ptr, uint64_t sizeBytes);
void mgpuMemHostUnregister(void *ptr);
void mgpuMemHostRegisterMemRef(int64_t rank, void *descriptor,
                               int64_t elementSizeBytes);
void mgpuMemHostUnregisterMemRef(int64_t rank, void *descriptor,
                                 int64_t elementSizeBytes);
void mgpuSetDefaultDevice(int32_t device);
}

/// Collects what entry points report, and checks that nothing was done against
/// the driver's rules.
class RuntimeTest : public ::testing::Test {
protected:
  struct Report {
    bevrtStatus status;
    std::string message;
  };

  void SetUp() override {
    bevrtSetErrorHandler(
        [](bevrtStatus status, const char *message, void *self) {
          static_cast<RuntimeTest *>(self)->reports.push_back(
              {status, message});
        },
        this);
    ASSERT_EQ(bevrtSetDevice(0), BEVRT_SUCCESS) << bevrtLastError();
    fake().violations.clear();
    fake().failNext.clear();
    fake().calls.clear();
  }

  void TearDown() override {
    bevrtSetStream(nullptr);
    bevrtSetSynchronous(false);
    bevrtSetErrorHandler(nullptr, nullptr);
    EXPECT_EQ(fake().violations, std::vector<std::string>());
    EXPECT_TRUE(fake().failNext.empty());
  }

  static FakeDriver &fake() { return *fakeDriver(); }
  int calls(const char *name) { return fake().calls[name]; }

  /// Expects exactly one report, and returns its text.
  std::string onlyReport(bevrtStatus status) {
    EXPECT_EQ(reports.size(), 1u);
    if (reports.empty())
      return "";
    EXPECT_EQ(reports.front().status, status);
    std::string message = reports.front().message;
    reports.clear();
    return message;
  }

  /// Launches "increment" over `n` floats as generated code does.
  static void increment(void *kernel, float *data, int64_t n) {
    void *params[] = {&data, &n};
    void *stream = mgpuStreamCreate();
    mgpuLaunchKernel(kernel, 1, 1, 1, 32, 1, 1, 0, stream, params, nullptr, 2);
    mgpuStreamSynchronize(stream);
    mgpuStreamDestroy(stream);
  }

  std::vector<Report> reports;
};

#endif // BEV_TEST_UNIT_RUNTIME_RUNTIMETEST_H
