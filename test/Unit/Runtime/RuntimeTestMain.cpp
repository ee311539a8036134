// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "gtest/gtest.h"

#include <cstdlib>

int main(int argc, char **argv) {
  // Before the runtime first looks for a driver.
  setenv("BEV_CUDA_DRIVER", BEV_TEST_DRIVER, /*overwrite=*/1);
  ::testing::InitGoogleTest(&argc, argv);
  // Death tests run the program anew, so that their process has not loaded a
  // driver yet.
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  return RUN_ALL_TESTS();
}
