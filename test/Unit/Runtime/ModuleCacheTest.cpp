// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "RuntimeTest.h"

#include <cstdlib>
#include <cstring>
#include <thread>

class ModuleCacheTest : public RuntimeTest {};

TEST_F(ModuleCacheTest, SameImageIsLoadedOnceAndUnloadedWithItsLastUse) {
  char image[] = "increment other";
  void *first = mgpuModuleLoad(image, sizeof(image));
  void *second = mgpuModuleLoad(image, sizeof(image));
  EXPECT_EQ(first, second);
  EXPECT_EQ(calls("cuModuleLoadDataEx"), 0) << "loaded before it was needed";

  void *kernel = mgpuModuleGetFunction(first, "increment");
  ASSERT_NE(kernel, nullptr);
  EXPECT_EQ(mgpuModuleGetFunction(second, "increment"), kernel);
  EXPECT_NE(mgpuModuleGetFunction(second, "other"), kernel);
  EXPECT_EQ(calls("cuModuleLoadDataEx"), 1);
  EXPECT_EQ(calls("cuModuleGetFunction"), 2);

  mgpuModuleUnload(first);
  EXPECT_EQ(calls("cuModuleUnload"), 0);
  EXPECT_EQ(mgpuModuleGetFunction(second, "increment"), kernel);
  mgpuModuleUnload(second);
  EXPECT_EQ(calls("cuModuleUnload"), 1);
  mgpuModuleUnload(second); // Once too often: ignored.
  mgpuModuleUnload(nullptr);
  EXPECT_EQ(calls("cuModuleUnload"), 1);
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModuleCacheTest, OtherContentsAtTheSameAddressAreAnotherImage) {
  char image[] = "increment";
  void *first = mgpuModuleLoad(image, sizeof(image));
  std::strcpy(image, "decrement");
  void *second = mgpuModuleLoad(image, sizeof(image));
  EXPECT_NE(first, second);
  EXPECT_NE(mgpuModuleGetFunction(second, "decrement"), nullptr);
  mgpuModuleUnload(first);
  mgpuModuleUnload(second);
}

TEST_F(ModuleCacheTest, LoadsOnEachDeviceItIsUsedOn) {
  char image[] = "noop";
  void *module = mgpuModuleLoad(image, sizeof(image));
  void *kernel = mgpuModuleGetFunction(module, "noop");
  mgpuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  ASSERT_EQ(bevrtSetDevice(1), BEVRT_SUCCESS);
  // The handle is good for both; the launch loads what it needs.
  mgpuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  EXPECT_EQ(mgpuModuleGetFunction(module, "noop"), kernel);
  EXPECT_EQ(calls("cuModuleLoadDataEx"), 2);
  mgpuModuleUnload(module);
  EXPECT_EQ(calls("cuModuleUnload"), 2);
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModuleCacheTest, LeavesToTheCacheWhatBlocksDoNotShare) {
  auto carveout = [](int shared, int blocks) {
    fakeDriver()->staticShared = shared;
    fakeDriver()->activeBlocks = blocks;
    fakeDriver()->carveout = -1;
    char image[] = "noop";
    void *module = mgpuModuleLoad(image, sizeof(image));
    EXPECT_NE(mgpuModuleGetFunction(module, "noop"), nullptr);
    mgpuModuleUnload(module);
    return fakeDriver()->carveout;
  };
  // 8 x (10 + 1) KiB fit 100 of 228, which are less than 44 percent.
  EXPECT_EQ(carveout(10 << 10, 8), 43);
  EXPECT_EQ(carveout(1 << 10, 4), 3);
  // 164 KiB, all of which blocks need.
  EXPECT_EQ(carveout(40 << 10, 4), 71);
  EXPECT_EQ(carveout(227 << 10, 1), 100);
  // Nothing is shared, or it is not known how much is.
  EXPECT_EQ(carveout(0, 8), -1);
  fakeDriver()->failNext["cuFuncGetAttribute"] = 1;
  EXPECT_EQ(carveout(10 << 10, 8), -1);
  fakeDriver()->failNext["cuOccupancyMaxActiveBlocksPerMultiprocessor"] = 1;
  EXPECT_EQ(carveout(10 << 10, 8), -1);
  fakeDriver()->staticShared = 0;
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModuleCacheTest, FailedLoadQuotesTheDriversLog) {
  char image[] = "bad ptx";
  void *module = mgpuModuleLoadJIT(image, 2);
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(mgpuModuleGetFunction(module, "f"), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_MODULE),
            "loading a GPU image of 7 bytes on CUDA device 0 ('Fake 0', sm_90) "
            "failed: CUDA_ERROR_INVALID_PTX "
            "(explained); the driver's log: ptxas application ptx input, line "
            "7; error: unexpected token; ptxas fatal: "
            "aborted");
  // What follows the failure in generated code adds no second report.
  mgpuLaunchKernel(nullptr, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr, 0);
  EXPECT_TRUE(reports.empty());
  mgpuModuleUnload(module);
}

TEST_F(ModuleCacheTest, ImageForAnotherArchitecture) {
  char image[] = "other-arch";
  void *module = mgpuModuleLoad(image, sizeof(image));
  EXPECT_EQ(mgpuModuleGetFunction(module, "f"), nullptr);
  EXPECT_EQ(
      onlyReport(BEVRT_ERROR_MODULE),
      "loading a GPU image of 11 bytes on CUDA device 0 ('Fake 0', sm_90) "
      "failed: CUDA_ERROR_NO_BINARY_FOR_GPU "
      "(explained); compile for this device's architecture, or embed PTX");
  mgpuModuleUnload(module);
}

TEST_F(ModuleCacheTest, MissingKernelAndEmptyImage) {
  char image[] = "increment";
  void *module = mgpuModuleLoad(image, sizeof(image));
  EXPECT_EQ(mgpuModuleGetFunction(module, "absent"), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_MODULE),
            "the GPU image of 10 bytes has no kernel 'absent'");
  mgpuModuleUnload(module);

  EXPECT_EQ(mgpuModuleLoad(image, 0), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_MODULE),
            "cannot load a GPU image: it is empty");
  EXPECT_EQ(mgpuModuleLoadJIT(nullptr, 2), nullptr);
  EXPECT_EQ(onlyReport(BEVRT_ERROR_MODULE),
            "cannot load a GPU image: it is empty");
  EXPECT_EQ(mgpuModuleGetFunction(nullptr, "f"), nullptr);
  EXPECT_TRUE(reports.empty());
}

TEST_F(ModuleCacheTest, UnloadingAtExitLeavesTheDriverAlone) {
  // As the global destructor of a compiled module does, after the driver's own.
  EXPECT_EXIT(
      {
        static void *module = nullptr;
        static int unloads = 0;
        std::atexit([] {
          mgpuModuleUnload(module);
          fprintf(stderr, "unloads %d",
                  fakeDriver()->calls["cuModuleUnload"] - unloads);
        });
        char image[] = "noop";
        module = mgpuModuleLoad(image, sizeof(image));
        mgpuModuleGetFunction(module, "noop");
        unloads = fakeDriver()->calls["cuModuleUnload"];
        std::exit(0);
      },
      testing::ExitedWithCode(0), "^unloads 0$");
}

TEST_F(ModuleCacheTest, ThreadsShareOneLoad) {
  char image[] = "noop";
  void *module = mgpuModuleLoad(image, sizeof(image));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int repeat = 0; repeat < 200; ++repeat) {
        void *same = mgpuModuleLoad(image, sizeof(image));
        void *kernel = mgpuModuleGetFunction(same, "noop");
        mgpuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr,
                         0);
        mgpuModuleUnload(same);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(calls("cuModuleLoadDataEx"), 1);
  mgpuModuleUnload(module);
  EXPECT_EQ(calls("cuModuleUnload"), 1);
  EXPECT_TRUE(reports.empty());
}
