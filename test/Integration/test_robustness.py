# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Bad modules, bad arrays and missing tools: bev-opt and bev-run exit with a status of their own, not with a signal,
and say what is wrong in exactly one error."""
import io
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

import numpy as np

import harness

sys.path.insert(0, os.path.join(harness.HERE, ".."))
import features  # noqa: E402

CRASHES = ("LLVM ERROR", "Stack dump", "PLEASE submit a bug report", "Assertion", "terminate called", "AddressSanitizer",
           "runtime error:", "core dumped")
EXAMPLE = os.path.join(harness.HERE, "..", "..", "examples", "ms_deform_attn.mlir")

GOOD = """func.func @f(%x: tensor<?x4xf32> {bev.name = "x"}) -> (tensor<?x4xf32> {bev.name = "y"}) {
  %i0 = arith.constant 0 : index
  %n = tensor.dim %x, %i0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %r = bev.inverse_sigmoid ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}
"""

ATTENTION = """func.func @f(%v: tensor<1x{s}x2x8xf32>, %l: tensor<1x5x2x1x4x2x{coordinates}>, %w: tensor<1x5x2x1x4x{weights}>) -> tensor<1x5x2x8xf32> {{
  %e = tensor.empty() : tensor<1x5x2x8xf32>
  %r = bev.ms_deform_attn levels({levels}) {schedule}ins(%v, %l, %w : tensor<1x{s}x2x8xf32>, tensor<1x5x2x1x4x2x{coordinates}>, tensor<1x5x2x1x4x{weights}>) outs(%e : tensor<1x5x2x8xf32>) -> tensor<1x5x2x8xf32>
  return %r : tensor<1x5x2x8xf32>
}}
"""


def attention(**changes):
    return ATTENTION.format(**{**dict(s=12, coordinates="f32", weights="f32", levels="[3, 4]", schedule=""), **changes})


# Modules that neither tool may accept.
BAD_MODULES = {
    "a module cut short": GOOD[:len(GOOD) // 2],
    "text that is no MLIR": "SELECT * FROM cameras;\n",
    "binary garbage": bytes(random.Random(1).randrange(256) for _ in range(400)),
    "bytecode cut short": b"ML\xefR\x0dMLIR22",
    "invalid UTF-8 in a name": b'func.func @"\xff\xfe\x00"(%x: f32) { return }\n%',
    "an unknown op of the dialect": GOOD.replace("bev.inverse_sigmoid", "bev.inverse_sigmoids"),
    "an unknown dialect": GOOD.replace("bev.inverse_sigmoid", "vbe.inverse_sigmoid"),
    "an undefined value": GOOD.replace("%r : tensor<?x4xf32>\n}", "%s : tensor<?x4xf32>\n}"),
    "another type than declared": GOOD.replace("return %r : tensor<?x4xf32>", "return %r : tensor<?x5xf32>"),
    "shapes that disagree": GOOD.replace("outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>",
                                         "outs(%x5 : tensor<?x5xf32>) -> tensor<?x5xf32>").replace(
        "  %r =", "  %x5 = tensor.empty(%n) : tensor<?x5xf32>\n  %r =").replace(
            "return %r : tensor<?x4xf32>", "return %e : tensor<?x4xf32>"),
    "coordinates in f16": attention(coordinates="f16"),
    "weights in f64": attention(weights="f64"),
    "levels that do not fill the value": attention(levels="[3, 5]"),
    "two levels where the locations have one": attention(levels="[2, 4], [2, 2]"),
    "a level of negative size": attention(levels="[-3, -4]"),
    "a level of huge size": attention(levels="[4611686018427387904, 4611686018427387904]"),
    "lanes that do not divide the channels": attention(schedule="schedule(#bev.schedule<lanes = 3>) "),
    "no lanes": attention(schedule="schedule(#bev.schedule<lanes = 0>) "),
    "negative lanes": attention(schedule="schedule(#bev.schedule<lanes = -8>) "),
    "an unknown guard": attention(schedule="schedule(#bev.schedule<lanes = 8, guard = none>) "),
    "too many threads": attention(schedule="schedule(#bev.schedule<lanes = 8, threads = 100000>) "),
    "a number that overflows": attention(levels="[99999999999999999999, 4]"),
}

# Modules that parse but cannot be run.
BAD_PROGRAMS = {
    "no function": "module {}\n",
    "an empty file": "",
    "null bytes": b"\x00" * 100,
    "a declaration": "func.func @f(tensor<4xf32>) -> tensor<4xf32>\n",
    "a private function": "func.func private @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n  return %x : tensor<4xf32>\n}\n",
    "an unranked argument": "func.func @f(%x: tensor<*xf32>) -> tensor<*xf32> {\n  return %x : tensor<*xf32>\n}\n",
    "a complex argument": "func.func @f(%x: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>> {\n"
                          "  return %x : tensor<4xcomplex<f32>>\n}\n",
    "a memref argument": "func.func @f(%x: memref<4xf32>) {\n  return\n}\n",
    "a call of a missing function": "func.func private @g(tensor<4xf32>) -> tensor<4xf32>\n"
                                    "func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
                                    "  %r = call @g(%x) : (tensor<4xf32>) -> tensor<4xf32>\n"
                                    "  return %r : tensor<4xf32>\n}\n",
    "two functions to choose from": GOOD + GOOD.replace("@f", "@g"),
}


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def npy(header, data=b"", version=(1, 0)):
    text = header.encode() if isinstance(header, str) else header
    size = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text + data


def npy_of(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


X = np.full((3, 4), 0.5, np.float32)
_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n"

BAD_ARRAYS = {
    "an empty file": b"",
    "no zip file": b"what is this?" * 9,
    "an archive cut short": npz(x=X)[:60],
    "an archive cut in its directory": npz(x=X)[:-10],
    "an archive with a changed byte": npz(x=X)[:150] + b"\x55" + npz(x=X)[151:],
    "no array of that name": npz(z=X),
    "another element type": npz(x=X.astype(np.int32)),
    "doubles for floats": npz(x=X.astype(np.float64)),
    "truth values for floats": npz(x=X > 0),
    "another rank": npz(x=X[0]),
    "another size": npz(x=X[:, :3]),
    "a scalar": npz(x=np.float32(1)),
    "text": npz(x=np.array(["a", "b"])),
    "complex numbers": npz(x=X.astype(np.complex64)),
    "a pickled object": npz(x=np.array([{"a": 1}], object)),
    "a structured type": npz(x=np.zeros((3, 4), [("a", "<f4")])),
    "no npy header": zipped({"x.npy": b"hello, this is not an array"}),
    "an empty member": zipped({"x.npy": b""}),
    "a header cut short": zipped({"x.npy": npy_of(X)[:20]}),
    "data cut short": zipped({"x.npy": npy_of(X)[:-5]}),
    "data too long": zipped({"x.npy": npy_of(X) + b"12345"}),
    "a huge declared size": zipped({"x.npy": npy(_HEADER % "(4611686018427387904, 4)", b"\0" * 48)}),
    "a size that overflows": zipped({"x.npy": npy(_HEADER % "(99999999999999999999999, 4)", b"\0" * 48)}),
    "sizes whose product overflows": zipped({"x.npy": npy(_HEADER % "(4294967296, 4294967296)", b"\0" * 48)}),
    "a terabyte": zipped({"x.npy": npy(_HEADER % "(68719476736, 4)", b"\0" * 48)}),
    "a negative size": zipped({"x.npy": npy(_HEADER % "(-3, 4)", b"\0" * 48)}),
    "a header that is no dictionary": zipped({"x.npy": npy("__import__('os').abort()\n", b"\0" * 48)}),
    "a header nested deeply": zipped({"x.npy": npy("(" * 20000 + "\n", b"\0" * 48)}),
    "a header without shape": zipped({"x.npy": npy("{'descr': '<f4', 'fortran_order': False}\n", b"\0" * 48)}),
    "a header of claimed size": zipped({"x.npy": b"\x93NUMPY\x02\x00\xff\xff\xff\x7f{}"}),
    "an unknown version": zipped({"x.npy": npy(_HEADER % "(3, 4)", b"\0" * 48, version=(9, 0))}),
    "an unknown element type": zipped({"x.npy": npy((_HEADER % "(3, 4)").replace("<f4", "<q9"), b"\0" * 48)}),
}


class Robustness(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tools = {name: harness.tool(name) for name in ("bev-opt", "bev-run")}
        for name, path in cls.tools.items():
            if path is None:
                raise RuntimeError(f"no {name}: set BEV_BIN_DIR to the folder that has it")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bev-robustness-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        return path

    def call(self, tool, *arguments, env=None):
        """(status, stdout, stderr); fails on every sign of a crash."""
        try:
            done = subprocess.run([self.tools[tool], *arguments], capture_output=True, timeout=120, env=env,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            self.fail(f"{tool} {' '.join(arguments)} does not end")
        stdout, stderr = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
        shown = f"{tool} {' '.join(arguments)}: status {done.returncode}\n{stderr[:2000]}"
        self.assertGreaterEqual(done.returncode, 0, shown)
        self.assertLess(done.returncode, 126, shown)
        for sign in CRASHES:
            self.assertNotIn(sign, stdout + stderr, shown)
        return done.returncode, stdout, stderr

    def refused(self, tool, *arguments, env=None, says="", status=None, most=1):
        """Exactly one error, or at most `most`, is what the tool refuses with."""
        code, _, stderr = self.call(tool, *arguments, env=env)
        shown = f"{tool} {' '.join(arguments)}: status {code}\n{stderr[:2000]}"
        self.assertNotEqual(code, 0, shown)
        if status is not None:
            self.assertEqual(code, status, shown)
        errors = [line for line in stderr.splitlines() if "error:" in line]
        self.assertIn(len(errors), range(1, most + 1), shown)
        self.assertRegex(stderr, says or "error:", shown)


    def test_bad_modules(self):
        inputs = self.write("inputs.npz", npz(x=X))
        for name, data in BAD_MODULES.items():
            path = self.write("module.mlir", data)
            for arguments in (("bev-opt", path), ("bev-opt", path, "--lower-to-nvvm"),
                              ("bev-run", path, "--inputs", inputs)):
                with self.subTest(name, tool=arguments[0], pipeline=arguments[2:3]):
                    # The generated parser of attributes repeats the error of an enumeration's.
                    most = 2 if name == "an unknown guard" and arguments[0] == "bev-opt" else 1
                    self.refused(*arguments, status=2 if arguments[0] == "bev-run" else None, most=most)

    def test_bad_programs(self):
        inputs = self.write("inputs.npz", npz(x=X))
        for name, data in BAD_PROGRAMS.items():
            with self.subTest(name):
                self.refused("bev-run", self.write("module.mlir", data), "--inputs", inputs, status=2)

    def test_bad_arrays(self):
        module = self.write("module.mlir", GOOD)
        for name, data in BAD_ARRAYS.items():
            path = self.write("arrays.npz", data)
            with self.subTest(name, option="--inputs"):
                self.refused("bev-run", module, "--inputs", path, status=2)
        good = self.write("good.npz", npz(x=X))
        for name, data in BAD_ARRAYS.items():
            # What is compared may be of any float type.
            if name in ("doubles for floats", "no array of that name"):
                continue
            path = self.write("arrays.npz", data.replace(b"x.npy", b"y.npy"))
            with self.subTest(name, option="--expected"):
                self.refused("bev-run", module, "--inputs", good, "--expected", path)

    def test_bad_usage(self):
        module, inputs = self.write("module.mlir", GOOD), self.write("inputs.npz", npz(x=X))
        for arguments in ([], [module], [module, "--inputs", os.path.join(self.folder, "absent.npz")],
                          [module, "--inputs", self.folder], [os.path.join(self.folder, "absent.mlir")], [self.folder],
                          [module, "--inputs", inputs, "--function", "absent"],
                          [module, "--inputs", inputs, "--device", "tpu"],
                          [module, "--inputs", inputs, "--device", "cuda:x"],
                          [module, "--inputs", inputs, "--device", "cuda:99"],
                          [module, "--inputs", inputs, "--threads", "0"],
                          [module, "--inputs", inputs, "--threads", "many"],
                          [module, "--inputs", inputs, "--tolerance", "-1"],
                          [module, "--inputs", inputs, "--tolerance", "nan"],
                          [module, "--inputs", inputs, "--benchmark=-3"],
                          [module, "--inputs", inputs, "--output", os.path.join(self.folder, "absent", "out.npz")],
                          [module, "--inputs", inputs, "--no-such-option"], [module, module]):
            with self.subTest(arguments[1:]):
                self.refused("bev-run", *arguments, status=2)

    def test_shapes_that_contradict_each_other(self):
        """Dynamic sizes meet only when it runs."""
        module = self.write("module.mlir", """
func.func @f(%v: tensor<?x12x2x8xf32> {bev.name = "v"}, %l: tensor<?x?x2x1x4x2xf32> {bev.name = "l"}, %w: tensor<?x?x2x1x4xf32> {bev.name = "w"}) -> tensor<?x?x2x8xf32> {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %b = tensor.dim %l, %i0 : tensor<?x?x2x1x4x2xf32>
  %q = tensor.dim %l, %i1 : tensor<?x?x2x1x4x2xf32>
  %e = tensor.empty(%b, %q) : tensor<?x?x2x8xf32>
  %r = bev.ms_deform_attn levels([3, 4]) ins(%v, %l, %w : tensor<?x12x2x8xf32>, tensor<?x?x2x1x4x2xf32>, tensor<?x?x2x1x4xf32>) outs(%e : tensor<?x?x2x8xf32>) -> tensor<?x?x2x8xf32>
  return %r : tensor<?x?x2x8xf32>
}
""")
        zeros = lambda *shape: np.zeros(shape, np.float32)
        arrays = dict(v=zeros(1, 12, 2, 8), l=zeros(1, 5, 2, 1, 4, 2), w=zeros(1, 5, 2, 1, 4))
        good = self.write("good.npz", npz(**arrays))
        status, _, stderr = self.call("bev-run", module, "--inputs", good)
        self.assertEqual(status, 0, stderr)
        for change in (dict(w=zeros(1, 6, 2, 1, 4)), dict(v=zeros(2, 12, 2, 8)), dict(w=zeros(3, 5, 2, 1, 4))):
            with self.subTest(list(change)):
                self.refused("bev-run", module, "--inputs", self.write("bad.npz", npz(**{**arrays, **change})), status=2)

    def test_targets(self):
        for option, says in (("chip=sm_42", "sm_42"), ("chip=sm_50", "sm_50"), ("chip=gfx90a", "gfx90a"),
                             ("chip=", ""), ("chip=sm_9999999999999999999", "sm_9"), ("format=elf", "elf"),
                             ("format=", ""), ("no-such-option=1", "no-such-option"), ("chip=sm_90 format", "")):
            with self.subTest(option):
                code, _, stderr = self.call("bev-opt", EXAMPLE, f"--lower-to-nvvm={option}", "-o", os.devnull)
                self.assertNotEqual(code, 0, stderr)
                self.assertRegex(stderr, says or "error:|option")

    def environment_without_cuda(self):
        """Neither ptxas nor a CUDA toolkit to be found, as far as variables decide it."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CUDA")}
        return dict(kept, PATH=os.path.join(self.folder, "no-programs-here"))

    def test_no_ptxas(self):
        environment = self.environment_without_cuda()
        done = subprocess.run([self.tools["bev-opt"], EXAMPLE, "--lower-to-nvvm=chip=sm_90 format=isa"], text=True,
                              capture_output=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(".visible .entry", done.stdout)
        if os.access("/usr/local/cuda/bin/ptxas", os.X_OK):
            self.skipTest("there is a toolkit at /usr/local/cuda, which is found without PATH")
        for kind in ("bin", "fatbin"):
            with self.subTest(kind):
                self.refused("bev-opt", EXAMPLE, f"--lower-to-nvvm=chip=sm_90 format={kind}", "-o", os.devnull,
                             env=environment, says="ptxas")

    def test_no_libdevice(self):
        """Functions of the math dialect need no libdevice, or its absence is said."""
        environment = self.environment_without_cuda()
        for function in ("exp", "tanh", "erf", "sin", "cos", "log", "log1p", "expm1", "sqrt", "rsqrt", "atan", "exp2",
                         "log2", "floor", "ceil", "roundeven", "absf", "cbrt", "tan", "asin", "sinh"):
            path = self.write("module.mlir", f"""func.func @f(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {{
  %y = math.{function} %x : tensor<64x64xf32>
  return %y : tensor<64x64xf32>
}}
""")
            with self.subTest(function):
                code, stdout, stderr = self.call("bev-opt", path, "--lower-to-nvvm=chip=sm_90 format=isa",
                                                 env=environment)
                if code == 0:
                    self.assertNotIn("__nv_", stdout, "an unresolved libdevice function in the PTX")
                else:
                    self.assertEqual(stderr.count("error:"), 1, stderr)
                    self.assertRegex(stderr, "libdevice|math")

    def test_no_gpu(self):
        module, inputs = self.write("module.mlir", GOOD), self.write("inputs.npz", npz(x=X))
        if features.missing("nvidia-gpu") is None:
            self.skipTest("there is a GPU")
        self.refused("bev-run", module, "--inputs", inputs, "--device", "cuda", status=2, says="CUDA")

    def test_modules_cut_anywhere(self):
        with open(EXAMPLE) as file:
            text = "\n".join(line for line in file.read().splitlines() if not line.startswith("//"))
        for end in range(1, len(text) - 2, len(text) // 24):
            with self.subTest(end=end):
                code, _, stderr = self.call("bev-opt", self.write("module.mlir", text[:end]), "-o", os.devnull)
                # Cut before the function there is nothing wrong.
                if code:
                    self.assertGreaterEqual(stderr.count("error:"), 1, stderr)

    def test_mutated_modules(self):
        """Numbers and words of a good module exchanged for others: accepted and lowered, or refused."""
        rng = random.Random(7)
        words = ["0", "1", "3", "-1", "?", "f16", "bf16", "f32", "f64", "i1", "index", "tensor", "memref", "9223372036854775807",
                 "[", "]", "<", "select", "%value", "2x", "x"]
        with open(EXAMPLE) as file:
            tokens = "\n".join(line for line in file.read().splitlines() if not line.startswith("//")).split(" ")
        for trial in range(30):
            changed = list(tokens)
            index = rng.randrange(len(changed))
            parts = changed[index].split("x")
            parts[rng.randrange(len(parts))] = rng.choice(words)
            changed[index] = "x".join(parts)
            path = self.write("module.mlir", " ".join(changed))
            with self.subTest(trial=trial, token=tokens[index], becomes=changed[index]):
                code, _, stderr = self.call("bev-opt", path, "--lower-to-llvm", "-o", os.devnull)
                if code:
                    self.assertGreaterEqual(stderr.count("error:"), 1, stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
