// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

#include <cstdlib>
#include <thread>

using testing::ExitedWithCode;

// The driver is loaded once per process: each of these runs in a process of its
// own, which has not loaded it yet.

/// Prints what bevrtDeviceCount finds and says, and ends the process.
[[noreturn]] static void printDeviceCount() {
  int count = bevrtDeviceCount();
  fprintf(stderr, "count %d: %s", count, bevrtLastError());
  exit(0);
}

TEST(LoadDriverDeathTest, MissingDriver) {
  EXPECT_EXIT(
      {
        setenv("BEV_CUDA_DRIVER", "/nonexistent/libcuda.so.1", 1);
        printDeviceCount();
      },
      ExitedWithCode(0),
      "count 0: no CUDA driver found: /nonexistent/libcuda.so.1: .*; install "
      "the NVIDIA driver or run with "
      "--device cpu$");
}

TEST(LoadDriverDeathTest, MissingSymbol) {
  EXPECT_EXIT(
      {
        setenv("BEV_CUDA_DRIVER", BEV_TEST_BROKEN_DRIVER, 1);
        printDeviceCount();
      },
      ExitedWithCode(0),
      "count 0: CUDA driver '.*' lacks the function 'cuGetErrorName'; update "
      "the NVIDIA driver");
}

TEST(LoadDriverDeathTest, DriverDoesNotStart) {
  EXPECT_EXIT(
      {
        setenv("BEV_FAKE_FAILURES", "cuInit@1+=100", 1);
        printDeviceCount();
      },
      ExitedWithCode(0),
      "count 0: CUDA driver '.*' does not start: CUDA_ERROR_NO_DEVICE "
      "\\(explained\\); check that");
}

TEST(LoadDriverDeathTest, NoDevice) {
  EXPECT_EXIT(
      {
        fakeDriver()->deviceCount = 0;
        EXPECT_EQ(bevrtMalloc(4), nullptr);
        fprintf(stderr, "%s | ", bevrtLastError());
        printDeviceCount();
      },
      ExitedWithCode(0),
      "^the CUDA driver lists no device; .* \\| count 0: the CUDA driver lists "
      "no device; check");
}

TEST(LoadDriverDeathTest, ModulesRegisterWithoutDriverAndFailAtUse) {
  // What the global constructor of a compiled module does must not fail on a
  // machine without a GPU.
  EXPECT_EXIT(
      {
        setenv("BEV_CUDA_DRIVER", "/nonexistent/libcuda.so.1", 1);
        char image[] = "increment";
        void *module = mgpuModuleLoad(image, sizeof(image));
        fprintf(stderr, module && !*bevrtLastError() ? "registered\n"
                                                     : "not registered\n");
        mgpuModuleGetFunction(module, "increment");
      },
      ExitedWithCode(3),
      "^registered\nbev runtime: error: no CUDA driver found: .*--device "
      "cpu\n$");
}

class DeviceTest : public RuntimeTest {};

TEST_F(DeviceTest, DescribesTheCurrentDevice) {
  EXPECT_EQ(bevrtDeviceCount(), 2);
  EXPECT_EQ(bevrtCurrentDevice(), 0);
  EXPECT_STREQ(bevrtDeviceName(), "Fake 0");
  int major = 0, minor = -1;
  ASSERT_EQ(bevrtDeviceComputeCapability(&major, &minor), BEVRT_SUCCESS);
  EXPECT_EQ(major, 9);
  EXPECT_EQ(minor, 0);

  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  EXPECT_EQ(bevrtCurrentDevice(), 1);
  EXPECT_STREQ(bevrtDeviceName(), "Fake 1");
  ASSERT_EQ(bevrtDeviceComputeCapability(&major, &minor), BEVRT_SUCCESS);
  EXPECT_EQ(major * 10 + minor, 86);

  uint64_t free = 0, total = 0;
  ASSERT_EQ(bevrtDeviceMemoryInfo(&free, &total), BEVRT_SUCCESS);
  EXPECT_EQ(free, fake().freeBytes);
  EXPECT_EQ(total, uint64_t(1) << 30);
}

TEST_F(DeviceTest, RefusesWhatIsNotThere) {
  for (int ordinal : {-1, 2, 1000}) {
    EXPECT_EQ(bevrtSetDevice(ordinal), BEVRT_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(bevrtLastError(),
              "expected a CUDA device between 0 and 1, but got " +
                  std::to_string(ordinal));
  }
  mgpuSetDefaultDevice(7);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_INVALID_ARGUMENT),
            "expected a CUDA device between 0 and 1, but got 7");
  EXPECT_EQ(bevrtDeviceComputeCapability(nullptr, nullptr),
            BEVRT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(bevrtDeviceMemoryInfo(nullptr, nullptr),
            BEVRT_ERROR_INVALID_ARGUMENT);
}

TEST_F(DeviceTest, BelongsToTheThread) {
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  std::thread([] { EXPECT_EQ(bevrtCurrentDevice(), 0); }).join();
  EXPECT_EQ(bevrtCurrentDevice(), 1);
}

TEST_F(DeviceTest, DefaultHandlerPrintsOneLineAndExits) {
  EXPECT_EXIT(
      {
        bevrtSetErrorHandler(nullptr, nullptr);
        bevrtDeviceRead(nullptr, nullptr, 4);
      },
      ExitedWithCode(3),
      "^bev runtime: error: cannot copy 4 bytes from device to host: the "
      "destination address is null\n$");
}
