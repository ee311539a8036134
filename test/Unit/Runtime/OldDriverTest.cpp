// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A driver without pools, graphs and clusters.

#include "RuntimeTest.h"

class OldDriverTest : public RuntimeTest {};

TEST_F(OldDriverTest, AllocatesWithoutPools) {
  int value = 3, result = 0;
  void *memory = bevrtMalloc(4);
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(bevrtMemcpyHostToDevice(memory, &value, 4), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMemcpyDeviceToHost(&result, memory, 4), BEVRT_SUCCESS);
  EXPECT_EQ(result, 3);
  EXPECT_EQ(bevrtFree(memory), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtMalloc(uint64_t(1) << 40), nullptr);
  EXPECT_EQ(
      std::string(bevrtLastError())
          .rfind("out of device memory: requested 1099511627776 bytes", 0),
      0u);
}

TEST_F(OldDriverTest, SaysWhatItLacks) {
  EXPECT_EQ(bevrtGraphBeginCapture(), BEVRT_ERROR_UNAVAILABLE);
  EXPECT_STREQ(
      bevrtLastError(),
      "this CUDA driver cannot capture graphs; update the NVIDIA driver");
}

TEST_F(OldDriverTest, Launches) {
  char image[] = "increment";
  void *module = mgpuModuleLoad(image, sizeof(image));
  void *kernel = mgpuModuleGetFunction(module, "increment");
  float value = 1;
  void *memory = bevrtMalloc(4);
  bevrtDeviceWrite(memory, &value, 4);
  increment(kernel, static_cast<float *>(memory), 1);
  bevrtDeviceRead(&value, memory, 4);
  EXPECT_EQ(value, 2.0f);
  EXPECT_EQ(bevrtFree(memory), BEVRT_SUCCESS);
  mgpuModuleUnload(module);
  EXPECT_TRUE(reports.empty());
}
