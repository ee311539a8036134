# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What every benchmark on a GPU starts and ends with: options, the libraries, the device, the files."""
import argparse
import concurrent.futures
import os
import sys

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import bev_c
import ceilings
import tables

ELEMENTS = {"fp32": (torch.float32, "f32"), "fp16": (torch.float16, "f16"),
            "bf16": (torch.bfloat16, "bf16")}


def add_options(parser):
    """Those of all benchmarks."""
    parser.add_argument("--lib", default="build/lib", help="folder of libBEV-C.so")
    parser.add_argument("--dtypes", default="fp32,fp16", help="of fp32, fp16, bf16")
    parser.add_argument("--schedule-file", default="", help="schedules that bev-tune has found")
    parser.add_argument("--check-only", action="store_true", help="compile and check, do not time")
    parser.add_argument("--json", default="", help="write all figures to this file")
    parser.add_argument("--markdown", default="", help="write the tables to this file")


class Machine:
    """The GPU, the libraries, compiled functions, and the report that figures go to."""

    def __init__(self, args):
        self.args = args
        self.library = bev_c.Library(args.lib)
        torch.backends.cuda.matmul.allow_tf32 = False
        self.properties = torch.cuda.get_device_properties(0)
        self.chip = f"sm_{self.properties.major}{self.properties.minor}"
        self.functions = {}
        self.bandwidth = ceilings.copy_bandwidth()
        self.report = tables.Report()
        self.report.facts.update(device=self.properties.name, torch=torch.__version__,
                                 copy=self.bandwidth)
        self.report.say(f"{self.properties.name}, {self.chip}, "
                        f"{self.properties.multi_processor_count} multiprocessors, copy "
                        f"{self.bandwidth / 1e12:.2f} TB/s, torch {torch.__version__}")

    def compiled(self, source):
        """The function of the MLIR text `source`, compiled at most once; raises RuntimeError."""
        if source not in self.functions:
            self.functions[source] = self._attempt(source)
        found = self.functions[source]
        if isinstance(found, RuntimeError):
            raise found
        return found

    def compile_all(self, sources):
        """Compiles on all processors what `compiled` will be asked for."""
        missing = [source for source in dict.fromkeys(sources) if source not in self.functions]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.functions.update(zip(missing, pool.map(self._attempt, missing)))

    def _attempt(self, source):
        try:
            return self.library.compile(source, self.chip, self.args.schedule_file)
        except RuntimeError as error:
            return error

    def save(self):
        """Writes the files of the report."""
        self.report.save(self.args.markdown, self.args.json)


def main(description, add_options_of_its_own, run):
    """One benchmark as a program: `run` gets the machine and the options."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    add_options(parser)
    add_options_of_its_own(parser)
    args = parser.parse_args()
    on = Machine(args)
    run(on, args)
    on.save()
