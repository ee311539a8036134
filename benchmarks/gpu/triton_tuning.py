# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Triton kernels that come in several configurations, of which measuring chooses one."""
import contextlib

import torch


class Tuned:
    """A function of tensors. Subclasses have `configurations` and `launch(operands, configuration)`."""

    configurations = ()

    def __init__(self):
        self.chosen, self.call = self.configurations[0], self._chosen

    def _chosen(self, operands):
        return self.launch(operands, self.chosen)

    def _every(self, operands):
        return [self.launch(operands, configuration) for configuration in self.configurations][0]

    def _fastest(self, operands):
        def milliseconds(configuration):
            self.launch(operands, configuration)
            times = []
            for _ in range(5):
                start, stop = (torch.cuda.Event(enable_timing=True) for _ in range(2))
                start.record()
                self.launch(operands, configuration)
                stop.record()
                stop.synchronize()
                times.append(start.elapsed_time(stop))
            return sorted(times)[2]

        self.chosen = min(self.configurations, key=milliseconds)
        return self.launch(operands, self.chosen)

    @contextlib.contextmanager
    def _calls(self, call):
        self.call = call
        try:
            yield self
        finally:
            self.call = self._chosen

    def compiling(self):
        """A context in which a call compiles all configurations, and runs each once."""
        return self._calls(self._every)

    def choosing(self):
        """A context in which a call keeps the configuration that is fastest on its operands, of five
        launches each."""
        return self._calls(self._fastest)

    def __call__(self, *operands):
        return self.call(operands)
