# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The set-up of tests that run the recorded ONNX graphs (reference/shared_models.py)."""
import os
import re
import shutil
import tempfile
import unittest

import numpy as np

import harness
import shared_models


class RecordedGraphs:
    """Mixed into a unittest.TestCase, which is skipped, with the reason, where the graphs are absent. `paths`: {name:
    path} of all graphs, in order of the names; `models`: their folder."""

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner("cpu")
        try:
            cls.models = shared_models.models_folder()
            cls.materialize = shared_models.materializer()
        except shared_models.Unavailable as missing:
            print(f"skipped: {missing}", flush=True)
            raise unittest.SkipTest(str(missing))
        names = {re.sub(r"\.onnx(\.gz)?$", "", name): os.path.join(cls.models, name)
                 for name in os.listdir(cls.models) if re.search(r"\.onnx(\.gz)?$", name)}
        cls.paths = dict(sorted(names.items()))
        cls.temporary = tempfile.mkdtemp(prefix="bev-graphs-")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.temporary)

    def file(self, name):
        """The path of a file that the tests of the class share."""
        return os.path.join(self.temporary, name)

    def load(self, stem):
        """The graph without its large tensors, and its inputs {name: array}."""
        model = self.materialize.load_stripped(self.paths[stem])
        return model, self.materialize.inputs_of(self.paths[stem], model)

    def execute(self, path, inputs, options=()):
        """The results {name: array} of the graph."""
        arguments, results = self.file("inputs.npz"), self.file("results.npz")
        np.savez(arguments, **inputs)
        status, _, stderr = self.runner.command([path, "--inputs", arguments, "--output", results, *options])
        self.assertEqual(status, 0, stderr[-3000:])
        return harness.load_results(results)

    def translate(self, arguments):
        """What bev-translate prints."""
        status, stdout, stderr = harness.execute("bev-translate", arguments)
        self.assertEqual(status, 0, stderr[-3000:])
        return stdout
