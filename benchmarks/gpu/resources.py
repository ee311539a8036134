# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What kernels take of a multiprocessor: asked of the driver, about the kernels of a captured graph.

So they are those that ran, as the driver's compiler made them, whoever wrote them.
"""
import ctypes

import timing

_KERNEL_NODE = 0
_SHARED, _LOCAL, _REGISTERS = 1, 3, 4  # CU_FUNC_ATTRIBUTE_*


class _KernelNodeParams(ctypes.Structure):
    """CUDA_KERNEL_NODE_PARAMS_v2."""

    _fields_ = [("function", ctypes.c_void_p), ("grid", ctypes.c_uint * 3),
                ("block", ctypes.c_uint * 3), ("dynamic_shared", ctypes.c_uint),
                ("parameters", ctypes.c_void_p), ("extra", ctypes.c_void_p),
                ("kernel", ctypes.c_void_p), ("context", ctypes.c_void_p)]


class _Driver:
    def __init__(self):
        self.library = ctypes.CDLL("libcuda.so.1")

    def __getattr__(self, name):
        function = getattr(self.library, name)

        def call(*arguments):
            status = function(*arguments)
            if status != 0:
                raise RuntimeError(f"{name} returned {status}")

        return call


def _handle(value):
    return ctypes.c_void_p(value)


def kernels(call, library, threads_of_multiprocessor):
    """The kernels that `call`, which has run before, launches: [dict(name, grid, block, registers,
    local (bytes of local memory of a thread), shared (bytes of a block), blocks (that a
    multiprocessor holds), occupancy)]."""
    graph = timing.capture(call, library)
    driver, found = _Driver(), []
    raw, count = _handle(graph.raw_cuda_graph()), ctypes.c_size_t()
    driver.cuGraphGetNodes(raw, None, ctypes.byref(count))
    nodes = (ctypes.c_void_p * count.value)()
    driver.cuGraphGetNodes(raw, nodes, ctypes.byref(count))
    for node in nodes:
        kind = ctypes.c_int()
        driver.cuGraphNodeGetType(_handle(node), ctypes.byref(kind))
        if kind.value != _KERNEL_NODE:
            continue
        parameters = _KernelNodeParams()
        driver.cuGraphKernelNodeGetParams_v2(_handle(node), ctypes.byref(parameters))
        function = ctypes.c_void_p(parameters.function)
        if not parameters.function:
            driver.cuKernelGetFunction(ctypes.byref(function), _handle(parameters.kernel))

        def attribute(which):
            value = ctypes.c_int()
            driver.cuFuncGetAttribute(ctypes.byref(value), which, function)
            return value.value

        name, blocks = ctypes.c_char_p(), ctypes.c_int()
        driver.cuFuncGetName(ctypes.byref(name), function)
        threads = parameters.block[0] * parameters.block[1] * parameters.block[2]
        driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(
            ctypes.byref(blocks), function, ctypes.c_int(threads),
            ctypes.c_size_t(parameters.dynamic_shared))
        found.append(dict(name=(name.value or b"").decode(), grid=list(parameters.grid),
                          block=list(parameters.block), registers=attribute(_REGISTERS),
                          local=attribute(_LOCAL),
                          shared=attribute(_SHARED) + parameters.dynamic_shared,
                          blocks=blocks.value,
                          occupancy=blocks.value * threads / threads_of_multiprocessor))
    return found


def of_row(call, on):
    """What a row tells of the kernels of `call`; an old driver or PyTorch cannot tell."""
    try:
        return dict(kernels=kernels(call, on.library,
                                    on.properties.max_threads_per_multi_processor))
    except (RuntimeError, OSError, AttributeError, TypeError) as error:
        return dict(kernels_unknown=f"{type(error).__name__}: {error}")


def columns():
    """Of a table whose rows have the kernels under `kernels`: registers, local and shared memory in
    bytes, and the fraction of a multiprocessor's threads that its registers and memory leave room
    for; of several kernels, one after the other."""
    joined = lambda key, spec="": lambda found: ", ".join(format(k[key], spec) for k in found)
    return [("registers", "kernels", joined("registers")), ("local", "kernels", joined("local")),
            ("shared", "kernels", joined("shared")),
            ("occupancy", "kernels", joined("occupancy", ".0%"))]
