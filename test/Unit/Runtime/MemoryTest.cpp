// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

#include <cstring>
#include <numeric>
#include <thread>

class MemoryTest : public RuntimeTest {};

TEST_F(MemoryTest, CopiesInStreamOrder) {
  std::vector<int> in(100), out(100);
  std::iota(in.begin(), in.end(), 0);
  void *a = bevrtMalloc(400), *b = bevrtMalloc(400);
  EXPECT_EQ(bevrtMemcpyHostToDevice(a, in.data(), 400), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMemcpyDeviceToDevice(b, a, 400), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMemset(a, 0xff, 4), BEVRT_SUCCESS);
  EXPECT_EQ(calls("cuStreamSynchronize"), 0);
  EXPECT_EQ(bevrtMemcpyDeviceToHost(out.data(), b, 400), BEVRT_SUCCESS);
  EXPECT_EQ(in, out);
  bevrtDeviceCopy(b, a, 400);
  int value = 7;
  bevrtDeviceWrite(static_cast<int *>(b) + 1, &value, 4);
  value = 0;
  bevrtDeviceRead(out.data(), b, 400);
  EXPECT_EQ(out[0], -1);
  EXPECT_EQ(out[1], 7);
  EXPECT_EQ(bevrtFree(a), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(b), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(nullptr), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  EXPECT_TRUE(reports.empty());
}

TEST_F(MemoryTest, PinnedSourceMayBeReusedAtOnce) {
  int value = 5, result = 0;
  mgpuMemHostRegister(&value, sizeof(value));
  void *device = bevrtMalloc(4);
  EXPECT_EQ(bevrtMemcpyHostToDevice(device, &value, 4), BEVRT_SUCCESS);
  value = 6;
  EXPECT_EQ(bevrtMemcpyDeviceToHost(&result, device, 4), BEVRT_SUCCESS);
  EXPECT_EQ(result, 5);
  mgpuMemHostUnregister(&value);
  EXPECT_EQ(bevrtFree(device), BEVRT_SUCCESS);
}

TEST_F(MemoryTest, AllocatesFromAPoolThatKeepsItsMemory) {
  EXPECT_EQ(fake().releaseThreshold, UINT64_MAX);
  void *empty = bevrtMalloc(0);
  EXPECT_NE(empty, nullptr);
  EXPECT_EQ(calls("cuMemAllocAsync"), 1);
  EXPECT_EQ(bevrtFree(empty), BEVRT_SUCCESS);
  EXPECT_EQ(calls("cuMemFreeAsync"), 1);
  EXPECT_EQ(calls("cuStreamSynchronize"), 0);
}

TEST_F(MemoryTest, WithoutPools) {
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  void *memory = bevrtMalloc(16);
  EXPECT_EQ(calls("cuMemAlloc_v2"), 1);
  EXPECT_EQ(calls("cuMemAllocAsync"), 0);
  EXPECT_EQ(bevrtMemset(memory, 0, 16), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(memory),
            BEVRT_SUCCESS); // After the memset, or the fake complains.
  EXPECT_EQ(calls("cuMemFree_v2"), 1);
}

TEST_F(MemoryTest, OutOfMemorySaysWhatThereIs) {
  EXPECT_EQ(bevrtMalloc(uint64_t(2) << 30), nullptr);
  EXPECT_EQ(bevrtLastError(), "out of device memory: requested 2147483648 "
                              "bytes on CUDA device 0, where " +
                                  std::to_string(fake().freeBytes) +
                                  " of 1073741824 bytes are free; use smaller "
                                  "inputs or stop other programs on this "
                                  "device");
  EXPECT_EQ(mgpuMemAlloc(uint64_t(2) << 30, nullptr, false), nullptr);
  onlyReport(BEVRT_ERROR_OUT_OF_MEMORY);
  EXPECT_EQ(mgpuMemAlloc(uint64_t(2) << 30, nullptr, true), nullptr);
  onlyReport(BEVRT_ERROR_OUT_OF_MEMORY);
}

TEST_F(MemoryTest, TrimsThePoolBeforeItGivesUp) {
  uint64_t all = fake().freeBytes;
  fake().freeBytes = 16;
  fake().keptByPool = all - 16;
  void *memory = bevrtMalloc(1024);
  EXPECT_NE(memory, nullptr) << bevrtLastError();
  EXPECT_EQ(calls("cuMemPoolTrimTo"), 1);
  EXPECT_EQ(bevrtFree(memory), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
}

TEST_F(MemoryTest, RefusesNullAndUnknownAddresses) {
  int value = 0;
  void *device = bevrtMalloc(4);
  EXPECT_EQ(bevrtMemcpyHostToDevice(nullptr, &value, 4),
            BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(bevrtLastError(), "cannot copy 4 bytes from host to device: the "
                                 "destination address is null");
  EXPECT_EQ(bevrtMemcpyHostToDevice(device, nullptr, 4),
            BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(
      bevrtLastError(),
      "cannot copy 4 bytes from host to device: the source address is null");
  EXPECT_EQ(bevrtMemcpyHostToDevice(nullptr, nullptr, 0), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMemset(nullptr, 0, 4), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(bevrtFree(device), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(device), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(
      std::string(bevrtLastError())
          .find("the runtime did not allocate it, or it was freed before"),
      std::string::npos);
}

TEST_F(MemoryTest, DriverFailuresNameTheCopy) {
  int value = 0;
  void *device = bevrtMalloc(4);
  fake().failNext["cuMemcpyHtoDAsync_v2"] = 1;
  EXPECT_EQ(bevrtMemcpyHostToDevice(device, &value, 4), BEVRT_ERROR_DRIVER);
  EXPECT_STREQ(bevrtLastError(), "copying 4 bytes from host to device failed: "
                                 "CUDA_ERROR_INVALID_VALUE (explained)");
  fake().failNext["cuMemcpyDtoHAsync_v2"] = 1;
  bevrtDeviceRead(&value, device, 4);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_DRIVER),
            "copying 4 bytes from device to host failed: "
            "CUDA_ERROR_INVALID_VALUE (explained)");
  EXPECT_EQ(bevrtFree(device), BEVRT_SUCCESS);
}

TEST_F(MemoryTest, ConstantsAreUploadedOncePerDevice) {
  static const float weights[4] = {1, 2, 3, 4};
  void *first = bevrtDeviceConstant(weights, sizeof(weights));
  ASSERT_NE(first, nullptr);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      EXPECT_EQ(bevrtDeviceConstant(weights, sizeof(weights)), first);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(calls("cuMemcpyHtoDAsync_v2"), 1);
  EXPECT_NE(bevrtDeviceConstant(weights, 8), first);
  EXPECT_EQ(std::memcmp(first, weights, sizeof(weights)), 0)
      << "not complete on return";

  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  EXPECT_NE(bevrtDeviceConstant(weights, sizeof(weights)), first);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
  ASSERT_EQ(bevrtSetDevice(0), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtDeviceConstant(weights, sizeof(weights)), first);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
  EXPECT_TRUE(reports.empty());
}

TEST_F(MemoryTest, ConstantsAreCheckedAfterAModuleWasUnloaded) {
  char image[] = "noop";
  float weights[2] = {1, 2};
  void *first = bevrtDeviceConstant(weights, sizeof(weights));
  mgpuModuleUnload(mgpuModuleLoad(image, sizeof(image)));
  EXPECT_EQ(bevrtDeviceConstant(weights, sizeof(weights)), first);
  EXPECT_EQ(calls("cuMemcpyHtoDAsync_v2"), 1);
  mgpuModuleUnload(mgpuModuleLoad(image, sizeof(image)));
  weights[1] = 3; // Another module's data at the same address.
  void *second = bevrtDeviceConstant(weights, sizeof(weights));
  EXPECT_EQ(calls("cuMemcpyHtoDAsync_v2"), 2);
  EXPECT_EQ(std::memcmp(second, weights, sizeof(weights)), 0);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
}

TEST_F(MemoryTest, RegisteredConstantsAreNotComparedAgain) {
  char image[] = "noop";
  float weights[4] = {1, 2, 3, 4};
  bevrtRegisterConstants(weights, sizeof(weights));
  bevrtRegisterConstants(weights, sizeof(weights));
  void *all = bevrtDeviceConstant(weights, sizeof(weights));
  void *part = bevrtDeviceConstant(weights + 2, 8);
  mgpuModuleUnload(mgpuModuleLoad(image, sizeof(image)));
  weights[0] = 5; // Against the rules, so that a comparison would show.
  EXPECT_EQ(bevrtDeviceConstant(weights, sizeof(weights)), all);
  EXPECT_EQ(bevrtDeviceConstant(weights + 2, 8), part);
  EXPECT_EQ(calls("cuMemcpyHtoDAsync_v2"), 2);
  int before = fake().liveAllocations;
  bevrtUnregisterConstants(weights);
  EXPECT_EQ(fake().liveAllocations, before);
  bevrtUnregisterConstants(weights);
  EXPECT_EQ(fake().liveAllocations, before - 2);
  bevrtUnregisterConstants(weights); // Not registered any more.
  EXPECT_TRUE(reports.empty());
}

TEST_F(MemoryTest, RegisteringForgetsWhatWasAtTheAddress) {
  float weights[2] = {1, 2};
  bevrtDeviceConstant(weights, sizeof(weights));
  weights[1] = 3; // Another module's data at the same address.
  bevrtRegisterConstants(weights, sizeof(weights));
  void *constant = bevrtDeviceConstant(weights, sizeof(weights));
  EXPECT_EQ(std::memcmp(constant, weights, sizeof(weights)), 0);
  bevrtUnregisterConstants(weights);
}

TEST_F(MemoryTest, ConstantsMayBeFreedLikeAnyResult) {
  float weight = 1, read = 0;
  void *constant = bevrtDeviceConstant(&weight, 4);
  EXPECT_EQ(bevrtFree(constant), BEVRT_SUCCESS) << bevrtLastError();
  EXPECT_EQ(bevrtMemcpyDeviceToHost(&read, constant, 4), BEVRT_SUCCESS);
  EXPECT_EQ(read, 1.0f);
  EXPECT_EQ(bevrtReleaseConstants(), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtFree(constant), BEVRT_ERROR_INVALID_ARGUMENT);
}

TEST_F(MemoryTest, ConstantFailures) {
  float weight = 1;
  EXPECT_EQ(bevrtDeviceConstant(nullptr, 4), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_INVALID_ARGUMENT),
            "cannot upload a constant of 4 bytes: its address is null");
  fake().failNext["cuMemAlloc_v2"] = 1;
  EXPECT_EQ(bevrtDeviceConstant(&weight, 4), nullptr);
  onlyReport(BEVRT_ERROR_DRIVER);
  int live = fake().liveAllocations;
  fake().failNext["cuMemcpyHtoDAsync_v2"] = 1;
  EXPECT_EQ(bevrtDeviceConstant(&weight, 4), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_DRIVER),
            "uploading a constant of 4 bytes failed: CUDA_ERROR_INVALID_VALUE "
            "(explained)");
  EXPECT_EQ(fake().liveAllocations, live);
}
