# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calls libBEV-C and libBEVRuntime from the benchmarks, on tensors of torch or arrays of numpy."""
import ctypes
import os


class _Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("rank", ctypes.c_int64), ("sizes", ctypes.c_int64 * 8),
                ("allocation", ctypes.c_void_p)]


class _CompileOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("function", ctypes.c_char_p), ("chip", ctypes.c_char_p),
                ("schedule_file", ctypes.c_char_p)]


class Library:
    """The two libraries of a build or installation folder."""

    def __init__(self, folder):
        self.runtime = ctypes.CDLL(os.path.join(folder, "libBEVRuntime.so"), ctypes.RTLD_GLOBAL)
        self.capi = ctypes.CDLL(os.path.join(folder, "libBEV-C.so"), ctypes.RTLD_GLOBAL)
        self.capi.bevFunctionCompileWithOptions.restype = ctypes.c_void_p
        self.capi.bevFunctionCompileWithOptions.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(_CompileOptions),
            ctypes.POINTER(ctypes.c_void_p)]
        self.capi.bevFunctionCall.restype = ctypes.c_void_p
        self.capi.bevFunctionCall.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        self.capi.bevFunctionDestroy.argtypes = [ctypes.c_void_p]
        self.capi.bevStringFree.argtypes = [ctypes.c_void_p]
        self.runtime.bevrtSetStream.argtypes = [ctypes.c_void_p]
        self.runtime.bevrtSetDevice.argtypes = [ctypes.c_int]
        self.runtime.bevrtSetNumThreads.argtypes = [ctypes.c_int]

    def raise_error(self, error):
        text = ctypes.string_at(error).decode()
        self.capi.bevStringFree(error)
        raise RuntimeError(text)

    def compile(self, source, chip="", schedule_file=""):
        """The only function of the MLIR module `source`; chip "" is the CPU. `schedule_file` is the path of
        what bev-tune has found."""
        text = source.encode()
        options = _CompileOptions(ctypes.sizeof(_CompileOptions), None, chip.encode(),
                                  os.fsencode(schedule_file))
        error = ctypes.c_void_p()
        handle = self.capi.bevFunctionCompileWithOptions(text, len(text), ctypes.byref(options),
                                                         ctypes.byref(error))
        if not handle:
            self.raise_error(error.value)
        return Function(self, handle)


class Function:
    """A compiled function without results: its last arguments are what it writes."""

    def __init__(self, library, handle):
        self.library, self.handle = library, handle

    def __del__(self):
        self.library.capi.bevFunctionDestroy(self.handle)

    def bind(self, pointers_and_shapes):
        """A call with no arguments left: [(address, shape), ...]."""
        tensors = (_Tensor * len(pointers_and_shapes))()
        for tensor, (address, shape) in zip(tensors, pointers_and_shapes):
            tensor.data, tensor.rank = address, len(shape)
            for i, size in enumerate(shape):
                tensor.sizes[i] = size

        def call():
            error = self.library.capi.bevFunctionCall(self.handle, tensors, None)
            if error:
                self.library.raise_error(error)

        call.function = self  # keeps the code alive
        return call
