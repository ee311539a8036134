# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What this machine has that a test may require.
#
# Tests name a feature in REQUIRES (lit) or ask `missing` for the reason to skip
# (unittest); the closing report prints the same reasons.

import ctypes
import functools
import os
import shutil


def _cuda_roots():
    """Folders a CUDA toolkit may be in, most explicit first."""
    roots = [os.environ.get(name) for name in ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT")]
    roots.append("/usr/local/cuda")
    return [root for root in roots if root]


def _nvidia_gpu():
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return "no CUDA driver found: libcuda.so.1"
    error = driver.cuInit(0)
    if error != 0:
        return f"the CUDA driver does not start: cuInit returned {error}"
    count = ctypes.c_int(0)
    error = driver.cuDeviceGetCount(ctypes.byref(count))
    if error != 0 or count.value < 1:
        return "the CUDA driver found no device"
    return None


def find_ptxas():
    """The path of ptxas, or None."""
    for root in _cuda_roots():
        path = os.path.join(root, "bin", "ptxas")
        if os.access(path, os.X_OK):
            return path
    return shutil.which("ptxas")


def _ptxas():
    return None if find_ptxas() else "no ptxas on PATH or in CUDA_HOME"


def _fatbinary():
    folders = [os.path.join(root, "bin") for root in _cuda_roots()]
    found = shutil.which("fatbinary") or any(os.access(os.path.join(f, "fatbinary"), os.X_OK) for f in folders)
    return None if found else "no fatbinary on PATH or in CUDA_HOME"


def find_libdevice():
    """The path of libdevice.10.bc, or None."""
    roots = _cuda_roots()
    ptxas = find_ptxas()
    if ptxas:
        roots.append(os.path.dirname(os.path.dirname(os.path.realpath(ptxas))))
    for root in roots:
        path = os.path.join(root, "nvvm", "libdevice", "libdevice.10.bc")
        if os.path.exists(path):
            return path
    return None


def _libdevice():
    return None if find_libdevice() else "no libdevice.10.bc in CUDA_HOME"


def find_shared_models():
    """The folder of the recorded models, or None."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.environ.get("BEV_SHARED_MODELS") or os.path.join(root, "..", "shared", "models")
    return os.path.abspath(folder) if os.path.isdir(folder) else None


def _shared_models():
    return None if find_shared_models() else "the recorded models are absent: set BEV_SHARED_MODELS"


def _onednn():
    try:
        ctypes.CDLL("libdnnl.so.2")
    except OSError:
        return "oneDNN is absent: install libdnnl2"
    return None


_PROBES = {
    "nvidia-gpu": _nvidia_gpu,
    "ptxas": _ptxas,
    "fatbinary": _fatbinary,
    "libdevice": _libdevice,
    "shared-models": _shared_models,
    "onednn": _onednn,
}

NAMES = tuple(_PROBES)


@functools.lru_cache(maxsize=None)
def missing(name):
    """Why the feature `name` is absent, or None where it is there."""
    return _PROBES[name]()
