# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What models take in memory: weights of ONNX models are read where the file has them, buffers of known size take at
most 1.3 times what is in use at one time, and a whole BEVFormer is compiled in less than three times its size and in
less than a minute."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import numpy as np

import harness
import shared_models
from test_ahead_of_time import peak_of

try:
    import onnx
    from onnx import TensorProto, helper
except ImportError:
    onnx = None

EXAMPLES = os.path.join(harness.HERE, "..", "..", "examples")
ARENA = re.compile(r"^arena: (\d+) bytes for (\d+) buffers?, (\d+) in use at one time$", re.M)
# Of the size of an arena to what is in use at one time.
ARENA_LIMIT = 1.3
# Of the compiler's peak to the model's size, and of the time that it computes.
PEAK_LIMIT, SECONDS_LIMIT = 3, 60
NEEDS_ONNX = "onnx is not installed (package python3-onnx)"


def arena_of(test, title, output):
    """Checks the line that --stats prints; returns the number of buffers."""
    found = ARENA.search(output)
    test.assertTrue(found, output)
    size, buffers, bound = (int(number) for number in found.groups())
    test.assertLessEqual(bound, size, title)
    test.assertLessEqual(size, ARENA_LIMIT * bound, title)
    print(f"  {title}: {buffers} buffers in {size} bytes, {size / bound if bound else 1:.3f} times the lower bound; "
          f"limit {ARENA_LIMIT}", flush=True)
    return buffers


class Arenas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="bev-arenas-")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def compile(self, path, *options):
        output = os.path.join(self.folder, "model.so")
        done = subprocess.run([harness.tool("bev-compile"), path, "-o", output, "--stats", *options],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        inspected = subprocess.run([harness.tool("bev-compile"), "--inspect", output], capture_output=True, text=True)
        self.assertIn(done.stdout.strip(), inspected.stdout)
        return done.stdout

    def test_examples(self):
        for path in sorted(glob.glob(os.path.join(EXAMPLES, "*.mlir"))):
            with self.subTest(os.path.basename(path)):
                arena_of(self, os.path.basename(path), self.compile(path))

    @unittest.skipUnless(onnx, NEEDS_ONNX)
    def test_demo_model(self):
        """The example's BEVFormer with few layers and small images, in both styles, raised and not."""
        sizes = ["--image-size", "96x160", "--bev-size", "12", "--encoder-layers", "2", "--decoder-layers", "2",
                 "--queries", "50"]
        for config, style in (("tiny", "opset16"), ("tiny", "opset11"), ("small", "opset16")):
            path = os.path.join(self.folder, f"{config}-{style}.onnx")
            subprocess.run([sys.executable, os.path.join(EXAMPLES, "bevformer"), "build", "--config", config, "--style",
                            style, *sizes, "-o", path], check=True, capture_output=True)
            for options in ([], ["--no-raise"]):
                title = " ".join([f"{config}, {style}", *options])
                with self.subTest(title):
                    self.assertGreater(arena_of(self, title, self.compile(path, *options)), 50)


@unittest.skipUnless(onnx, NEEDS_ONNX)
class WeightsInFiles(unittest.TestCase):
    """A matrix product with 64 MiB of weights, at an odd address of the file where they are raw data of it."""
    ROWS, COLUMNS = 2048, 8192

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="bev-weights-")
        weights = np.random.default_rng(0).standard_normal((cls.ROWS, cls.COLUMNS), "f4")
        x = np.random.default_rng(1).standard_normal((4, cls.ROWS), "f4")
        np.savez(cls.path("inputs.npz"), x=x)
        np.savez(cls.path("expected.npz"), y=(x.astype("f8") @ weights.astype("f8")).astype("f4"))
        for kind in ("raw", "typed", "external"):
            cls.make(kind + "-large", weights, kind)
            cls.make(kind + "-small", weights[:, :64], kind)
        cls.bytes = weights.nbytes

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def make(cls, name, weights, kind):
        tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=weights.shape)
        if kind == "raw":
            tensor.raw_data = weights.tobytes()
        elif kind == "typed":
            tensor.float_data.extend(weights.ravel())
        else:
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value=name + ".weights")
            weights.tofile(cls.path(name + ".weights"))
        graph = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["y"])], "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4, weights.shape[0]])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [4, weights.shape[1]])], initializer=[tensor])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)])
        model.ir_version = 8
        content = model.SerializeToString()
        while kind == "raw" and content.index(weights.tobytes()) % 4 == 0:
            model.producer_name += "x"
            content = model.SerializeToString()
        with open(cls.path(name + ".onnx"), "wb") as file:
            file.write(content)

    def measure(self, title, command, limit):
        """Checks what a command takes more on the large model than on the small one, in sizes of the weights."""
        peaks = {}
        for size in ("small", "large"):
            arguments = [part.replace("SIZE", size) for part in command]
            if size == "small":
                arguments = [part for part in arguments if not part.startswith("--expected")]
            status, peaks[size], stderr = peak_of([harness.tool(arguments[0]), *arguments[1:]])
            self.assertEqual(status, 0, stderr)
        more = (peaks["large"] - peaks["small"]) / self.bytes
        print(f"  {title}: peak {peaks['large'] / 2**20:.0f} MiB, {more:.2f} times the weights' "
              f"{self.bytes / 2**20:.0f} MiB more than without them; limit {limit}", flush=True)
        self.assertLess(more, limit, title)

    def test_memory(self):
        run = ["--inputs", self.path("inputs.npz"), "--expected=" + self.path("expected.npz"), "--tolerance", "1e-5"]
        for kind in ("raw", "typed", "external"):
            model, compiled = self.path(kind + "-SIZE.onnx"), self.path(kind + "-SIZE.so")
            self.measure(f"{kind}: bev-translate", ["bev-translate", model, "-o", os.devnull], 0.2)
            # The linker, a smaller process of its own, maps its input and its output.
            self.measure(f"{kind}: bev-compile", ["bev-compile", model, "-o", compiled], 1.5)
            self.measure(f"{kind}: bev-run", ["bev-run", model, *run], 1.3)
            self.measure(f"{kind}: bev-run of the model", ["bev-run", compiled, *run], 1.3)


class WholeModel(unittest.TestCase):
    GRAPH = "bevformer_tiny_op18_dynamo"

    def test_compilation(self):
        try:
            path = os.path.join(shared_models.models_folder(), self.GRAPH + ".onnx.gz")
            materialize = shared_models.materializer()
        except shared_models.Unavailable as missing:
            print(f"skipped: {missing}", flush=True)
            self.skipTest(str(missing))
        with tempfile.TemporaryDirectory(prefix="bev-whole-model-") as folder:
            model, output = os.path.join(folder, "model.onnx"), os.path.join(folder, "model.so")
            with open(model, "wb") as file:
                file.write(materialize.fill(materialize.load_stripped(path)).SerializeToString())
            size = os.path.getsize(model)
            before, start = os.times(), time.time()
            status, peak, stderr = peak_of([harness.tool("bev-compile"), model, "-o", output])
            after, wall = os.times(), time.time() - start
            self.assertEqual(status, 0, stderr[-3000:])
            # Others may use the machine at the same time.
            seconds = min(wall, after.children_user + after.children_system - before.children_user
                          - before.children_system)
            print(f"  {self.GRAPH}: {size / 2**20:.0f} MiB compiled in {wall:.1f} s, {seconds:.1f} s of them computing, "
                  f"and {peak / 2**20:.0f} MiB, {peak / size:.2f} times its size; limits {SECONDS_LIMIT} s and "
                  f"{PEAK_LIMIT} times", flush=True)
            self.assertLess(peak, PEAK_LIMIT * size)
            self.assertLess(seconds, SECONDS_LIMIT)
            done = subprocess.run([harness.tool("bev-compile"), "--inspect", output], capture_output=True, text=True)
            arena_of(self, self.GRAPH, re.sub("(?m)^ +", "", done.stdout))


if __name__ == "__main__":
    unittest.main(verbosity=2)
