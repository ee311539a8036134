// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

#include <thread>

class StreamTest : public RuntimeTest {};

TEST_F(StreamTest, GeneratedCodeGetsOneStreamAndDoesNotWait) {
  void *stream = mgpuStreamCreate();
  EXPECT_EQ(stream, bevrtCurrentStream());
  EXPECT_EQ(mgpuStreamCreate(), stream);
  std::thread([&] { EXPECT_EQ(mgpuStreamCreate(), stream); }).join();
  mgpuStreamSynchronize(stream);
  mgpuStreamDestroy(stream);
  EXPECT_EQ(calls("cuStreamCreate"), 0);
  EXPECT_EQ(calls("cuStreamSynchronize"), 0);
  EXPECT_EQ(calls("cuStreamDestroy_v2"), 0);

  bevrtSetSynchronous(true);
  mgpuStreamSynchronize(stream);
  EXPECT_EQ(calls("cuStreamSynchronize"), 1);
  EXPECT_EQ(bevrtSynchronize(), BEVRT_SUCCESS);
  EXPECT_EQ(calls("cuStreamSynchronize"), 2);
}

TEST_F(StreamTest, CallersStream) {
  void *own = bevrtCurrentStream();
  void *stream = bevrtStreamCreate();
  ASSERT_NE(stream, nullptr);
  bevrtSetStream(stream);
  EXPECT_EQ(mgpuStreamCreate(), stream);
  mgpuStreamSynchronize(stream);
  EXPECT_EQ(calls("cuStreamSynchronize"), 0);
  std::thread([&] { EXPECT_EQ(bevrtCurrentStream(), own); }).join();
  EXPECT_EQ(bevrtStreamDestroy(stream), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtCurrentStream(), own);
  EXPECT_EQ(bevrtStreamDestroy(nullptr), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtStreamDestroy(own), BEVRT_ERROR_INVALID_ARGUMENT);
}

TEST_F(StreamTest, WaitsOnAnotherStreamAreReal) {
  void *stream = bevrtStreamCreate();
  mgpuStreamSynchronize(stream);
  EXPECT_EQ(calls("cuStreamSynchronize"), 1);
  EXPECT_EQ(bevrtStreamDestroy(stream), BEVRT_SUCCESS);
}

TEST_F(StreamTest, EventsMeasureTime) {
  bevrtEvent start = bevrtEventCreate(), stop = bevrtEventCreate();
  float milliseconds = 0;
  EXPECT_EQ(bevrtEventElapsedMs(start, stop, &milliseconds),
            BEVRT_ERROR_DRIVER);
  EXPECT_NE(std::string(bevrtLastError()).find("were both recorded?"),
            std::string::npos);
  EXPECT_EQ(bevrtEventRecord(start), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtEventRecord(stop), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtEventElapsedMs(start, stop, &milliseconds), BEVRT_SUCCESS);
  EXPECT_EQ(milliseconds, 1.5f);
  EXPECT_EQ(bevrtEventElapsedMs(nullptr, stop, &milliseconds),
            BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(bevrtEventRecord(nullptr), BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(bevrtEventDestroy(start), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtEventDestroy(stop), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtEventDestroy(nullptr), BEVRT_SUCCESS);
}
