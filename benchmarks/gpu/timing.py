# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time of calls on a GPU, over CUDA-graph replays."""
import math

import torch

ROTATED_BYTES = 200e6  # about three times the L2 cache of an H200
LARGE_BYTES = 4e8  # a set of inputs this large evicts itself


def input_sets(size):
    """How many sets of `size` bytes of inputs to rotate through, so that none stays in the L2 cache."""
    return 1 if size > LARGE_BYTES else max(2, min(24, math.ceil(ROTATED_BYTES / size)))


def _event():
    return torch.cuda.Event(enable_timing=True)


def _milliseconds(calls):
    """Of all `calls` together, on the current stream."""
    start, stop = _event(), _event()
    start.record()
    for call in calls:
        call()
    stop.record()
    stop.synchronize()
    return start.elapsed_time(stop)


class _Stream:
    """A stream of its own for torch, and for the compiled functions of `library` if one is given."""

    def __init__(self, library):
        self.library, self.stream = library, torch.cuda.Stream()
        self.context = torch.cuda.stream(self.stream)

    def __enter__(self):
        self.context.__enter__()
        if self.library:
            self.library.runtime.bevrtSetStream(self.stream.cuda_stream)

    def __exit__(self, *error):
        if self.library:
            self.library.runtime.bevrtSetStream(None)
        return self.context.__exit__(*error)


def _captured(calls, keep_graph=False):
    """A graph of all `calls`, which have run on the current stream before."""
    graph = torch.cuda.CUDAGraph(keep_graph=True) if keep_graph else torch.cuda.CUDAGraph()
    graph.capture_begin()
    try:
        for call in calls:
            call()
    finally:
        graph.capture_end()
    torch.cuda.synchronize()
    return graph


def capture(call, library=None):
    """A graph of one call whose nodes can be read."""
    with _Stream(library):
        call()
        torch.cuda.synchronize()
        return _captured([call], keep_graph=True)


def time_calls(calls, library=None, target_ms=1.0, repetitions=10):
    """Median microseconds of a call, over graph replays that rotate through `calls`: compiled
    functions of `library`, or functions of torch. Calls that take milliseconds are repeated less."""
    with _Stream(library):
        for call in calls[:3]:
            call()
        torch.cuda.synchronize()
        estimate = max(_milliseconds(calls[:3]) / len(calls[:3]), 0.002)
        if estimate > 2:
            repetitions = 3
        rounds = max(1, min(math.ceil(target_ms / (estimate * len(calls))),
                            max(1, 240 // len(calls))))
        graph = _captured([call for _ in range(rounds) for call in calls])
        for _ in range(1 if estimate > 2 else 3):
            graph.replay()
        torch.cuda.synchronize()
        times = sorted(_milliseconds([graph.replay]) * 1000 / (rounds * len(calls))
                       for _ in range(repetitions))
    return times[len(times) // 2]
