# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The lit suites: everything under test/ that is checked with RUN lines.

import os
import platform
import sys

import lit.formats

sys.path.insert(0, config.bev_source_root)
import features

config.name = "BEV"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["CMakeLists.txt", "Embedding", "Inputs", "Integration", "Unit"]
config.test_source_root = config.bev_source_root
config.test_exec_root = os.path.join(config.bev_binary_dir, "test")

for folder in (config.llvm_tools_dir, config.bev_tools_dir):
    config.environment["PATH"] = os.pathsep.join((folder, config.environment["PATH"]))
for name in ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "BEV_SHARED_MODELS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions += [
    ("%python", config.python),
    ("%bev_tools_dir", config.bev_tools_dir),
    ("%bev_lib_dir", config.bev_lib_dir),
    ("%bev_source_dir", os.path.dirname(config.bev_source_root)),
    ("%llvm_tools_dir", config.llvm_tools_dir),
]

for name in features.NAMES:
    if features.missing(name) is None:
        config.available_features.add(name)
if features.find_ptxas():
    config.substitutions.append(("%ptxas", features.find_ptxas()))
if features.find_shared_models():
    config.substitutions.append(("%shared_models", features.find_shared_models()))

if platform.machine() == "x86_64":
    config.available_features.add("x86_64")

if config.sanitizers:
    config.available_features.add("sanitizers")
    # Containers filled by the MLIR library, which is not instrumented, carry no
    # annotations; what its static objects hold at exit is not ours.
    config.environment["ASAN_OPTIONS"] = "detect_container_overflow=0:detect_leaks=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
