# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Matrix products and convolutions on the CPU against numpy in float64, computed by oneDNN and by generated code
(BEV_ONEDNN=off); and the arenas of functions of several buffers."""
import os
import re
import subprocess
import tempfile
import unittest

import numpy as np

import features
import harness

LIMIT = 4e-6


def convolution(x, w, stride, padding, dilation, groups):
    """x [N,C,H,W], w [F,C/G,KH,KW], padding (top, left, bottom, right), in float64."""
    top, left, bottom, right = padding
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)))
    (n, c, h, wide), (f, _, kh, kw) = x.shape, w.shape
    oh = (h - (kh - 1) * dilation[0] - 1) // stride[0] + 1
    ow = (wide - (kw - 1) * dilation[1] - 1) // stride[1] + 1
    x = x.reshape(n, groups, c // groups, h, wide)
    w = w.astype(np.float64).reshape(groups, f // groups, c // groups, kh, kw)
    out = np.zeros((n, groups, f // groups, oh, ow))
    for i in range(kh):
        for j in range(kw):
            rows = slice(i * dilation[0], i * dilation[0] + (oh - 1) * stride[0] + 1, stride[0])
            columns = slice(j * dilation[1], j * dilation[1] + (ow - 1) * stride[1] + 1, stride[1])
            out += np.einsum("ngchw,gfc->ngfhw", x[:, :, :, rows, columns], w[..., i, j])
    return out.reshape(n, f, oh, ow)


def text_of(shape, dynamic=()):
    return "tensor<" + "".join(("?" if i in dynamic else str(s)) + "x" for i, s in enumerate(shape)) + "f32>"


class Function:
    """One module: arguments and constants in, one result out."""

    def __init__(self, name):
        self.name, self.arguments, self.lines, self.expected = name, {}, [], None
        self.types = {}

    def argument(self, name, array, dynamic=()):
        self.arguments[name], self.types[name] = array, text_of(array.shape, dynamic)
        return f"%{name}"

    def constant(self, name, array):
        data = array.astype("<f4").tobytes().hex().upper()
        self.lines.append(f'%{name} = arith.constant dense<"0x{data}"> : {text_of(array.shape)}')
        return f"%{name}"

    def module(self, result, type):
        arguments = ", ".join(f'%{n}: {self.types[n]} {{bev.name = "{n}"}}' for n in self.arguments)
        body = "\n".join("  " + line for line in self.lines)
        return (f'func.func @{self.name}({arguments}) -> ({type} {{bev.name = "out"}}) {{\n{body}\n'
                f"  return {result} : {type}\n}}\n")


def make_convolution(rng, name, shape, filters, kernel, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1,
                     constant=True, bias=True, residual=False, relu=False, nan=False):
    n, c, h, wide = shape
    f = Function(name)
    x = rng.standard_normal(shape).astype(np.float32)
    if nan:
        x[0, 0, h // 2, wide // 2] = np.nan
    w = rng.standard_normal((filters, c // groups) + kernel).astype(np.float32)
    image = f.argument("x", x)
    expected = convolution(x, w, stride, padding, dilation, groups)
    made, lines = text_of(expected.shape), f.lines
    lines.append("%zero = arith.constant 0.0 : f32")
    if any(padding):
        top, left, bottom, right = padding
        padded = (n, c, h + top + bottom, wide + left + right)
        lines.append(f"%padded = tensor.pad {image} low[0, 0, {top}, {left}] high[0, 0, {bottom}, {right}] {{\n"
                     "  ^bb0(%i: index, %j: index, %k: index, %l: index):\n    tensor.yield %zero : f32\n"
                     f"  }} : {text_of(shape)} to {text_of(padded)}")
        image, shape = "%padded", padded
    weights = (f.constant if constant else f.argument)("w", w)
    lines.append(f"%empty = tensor.empty() : {made}")
    lines.append(f"%start = linalg.fill ins(%zero : f32) outs(%empty : {made}) -> {made}")
    attributes = (f"{{strides = dense<[{stride[0]}, {stride[1]}]> : tensor<2xi64>, "
                  f"dilations = dense<[{dilation[0]}, {dilation[1]}]> : tensor<2xi64>}}")
    if groups == 1:
        lines.append(f"%sum = linalg.conv_2d_nchw_fchw {attributes} ins({image}, {weights} : {text_of(shape)}, "
                     f"{text_of(w.shape)}) outs(%start : {made}) -> {made}")
    else:
        def expand(new, value, old, dim):
            split = old[:dim] + (groups, old[dim] // groups) + old[dim + 1:]
            places = [[i] if i < dim else [i, i + 1] if i == dim else [i + 1] for i in range(4)]
            lines.append(f"%{new} = tensor.expand_shape {value} {places} output_shape {list(split)} : "
                         f"{text_of(old)} into {text_of(split)}")
            return f"%{new}", text_of(split)
        (gx, tx), (gw, tw) = expand("gx", image, shape, 1), expand("gw", weights, w.shape, 0)
        gs, ts = expand("gs", "%start", expected.shape, 1)
        lines.append(f"%grouped = linalg.conv_2d_ngchw_gfchw {attributes} ins({gx}, {gw} : {tx}, {tw}) "
                     f"outs({gs} : {ts}) -> {ts}")
        lines.append(f"%sum = tensor.collapse_shape %grouped [[0], [1, 2], [3], [4]] : {ts} into {made}")
    result = "%sum"
    if bias:
        b = rng.standard_normal(filters).astype(np.float32)
        vector = f.constant("b", b)
        lines.append(f"%bias = linalg.broadcast ins({vector} : {text_of(b.shape)}) outs(%empty : {made}) "
                     "dimensions = [0, 2, 3]")
        lines.append(f"%biased = arith.addf {result}, %bias : {made}")
        result, expected = "%biased", expected + b[:, None, None].astype(np.float64)
    if residual:
        z = rng.standard_normal(expected.shape).astype(np.float32)
        lines.append(f"%added = arith.addf {result}, {f.argument('z', z)} : {made}")
        result, expected = "%added", expected + z.astype(np.float64)
    if relu:
        lines.append(f"%zeros = arith.constant dense<0.0> : {made}")
        lines.append(f"%positive = arith.maximumf {result}, %zeros : {made}")
        result, expected = "%positive", np.where(expected < 0, 0, expected)
    f.expected, f.text = expected, f.module(result, made)
    return f


def make_matmul(rng, name, batch, m, n, k, lhs=None, rhs=None, constant=False, dynamic=False, bias=False, relu=False):
    """`lhs` and `rhs`: permutations with which the operands are stored, or None."""
    f = Function(name)
    rank = len(batch) + 2
    logical_x = rng.standard_normal(batch + (m, k)).astype(np.float32)
    logical_w = rng.standard_normal(((k, n) if constant else batch + (k, n))).astype(np.float32)
    lines = f.lines
    lines.append("%zero = arith.constant 0.0 : f32")

    def operand(name, logical, permutation, make):
        if permutation is None:
            return make(name, logical), text_of(logical.shape, (rank - 2,) if dynamic and name == "x" else ())
        stored = np.ascontiguousarray(logical.transpose(np.argsort(permutation)))
        value, type = make(name, stored), text_of(logical.shape)
        lines.append(f"%e{name} = tensor.empty() : {type}")
        lines.append(f"%t{name} = linalg.transpose ins({value} : {text_of(stored.shape)}) outs(%e{name} : {type}) "
                     f"permutation = {list(permutation)}")
        return f"%t{name}", type
    x, tx = operand("x", logical_x, lhs,
                    lambda name, array: f.argument(name, array, (rank - 2,) if dynamic else ()))
    w, tw = operand("w", logical_w, rhs, f.constant if constant else f.argument)
    made = text_of(batch + (m, n), (rank - 2,) if dynamic else ())
    size = ""
    if dynamic:
        lines.append(f"%dim = arith.constant {rank - 2} : index")
        lines.append(f"%rows = tensor.dim {x}, %dim : {tx}")
        size = "%rows"
    lines.append(f"%empty = tensor.empty({size}) : {made}")
    lines.append(f"%start = linalg.fill ins(%zero : f32) outs(%empty : {made}) -> {made}")
    dims = [f"b{i}" for i in range(len(batch))]
    names = ", ".join(dims + ["m", "n", "k"])

    def map_of(results):
        return f"affine_map<({names}) -> ({', '.join(results)})>"
    maps = [map_of(dims + ["m", "k"]), map_of((dims if not constant else []) + ["k", "n"]), map_of(dims + ["m", "n"])]
    kinds = ", ".join(['"parallel"'] * (len(batch) + 2) + ['"reduction"'])
    lines.append(f"%sum = linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{kinds}]}}\n"
                 f"    ins({x}, {w} : {tx}, {tw}) outs(%start : {made}) {{\n"
                 "  ^bb0(%p: f32, %q: f32, %s: f32):\n    %pq = arith.mulf %p, %q : f32\n"
                 f"    %spq = arith.addf %s, %pq : f32\n    linalg.yield %spq : f32\n  }} -> {made}")
    result, expected = "%sum", logical_x.astype(np.float64) @ logical_w.astype(np.float64)
    if bias:
        b = rng.standard_normal(n).astype(np.float32)
        vector = f.argument("b", b)
        lines.append(f"%bias = linalg.broadcast ins({vector} : {text_of(b.shape)}) outs(%empty : {made}) "
                     f"dimensions = {list(range(rank - 1))}")
        lines.append(f"%biased = linalg.add ins({result}, %bias : {made}, {made}) outs(%empty : {made}) -> {made}")
        result, expected = "%biased", expected + b
    if relu:
        lines.append(f"%positive = linalg.map ins({result} : {made}) outs(%empty : {made}) (%v: f32, %o: f32) {{\n"
                     "    %m = arith.maximumf %v, %zero : f32\n    linalg.yield %m : f32\n  }")
        result, expected = "%positive", np.maximum(expected, 0)
    f.expected, f.text = expected, f.module(result, made)
    return f


def make_functions():
    rng = np.random.default_rng(5)
    conv, mm = (lambda name, *a, **k: make_convolution(rng, name, *a, **k)), (lambda name, *a, **k: make_matmul(rng, name, *a, **k))
    return [
        conv("pointwise", (3, 16, 9, 11), 24, (1, 1), relu=True),
        conv("pointwise_stride", (2, 16, 9, 11), 8, (1, 1), stride=(2, 2)),
        # Columns that no result needs: fewer than a stride, and more.
        conv("column_left_over", (1, 32, 10, 12), 64, (1, 1), stride=(2, 2), relu=True),
        conv("three", (2, 8, 17, 19), 12, (3, 3), padding=(1, 1, 1, 1), residual=True, relu=True),
        conv("three_stride", (1, 8, 17, 20), 12, (3, 3), stride=(2, 1), padding=(1, 0, 0, 2), relu=True),
        conv("seven", (2, 3, 31, 45), 16, (7, 7), stride=(2, 2), padding=(3, 3, 3, 3), relu=True),
        conv("dilated", (1, 5, 13, 14), 7, (3, 2), dilation=(2, 3), padding=(2, 3, 2, 3)),
        conv("grouped", (2, 12, 10, 9), 8, (3, 3), padding=(1, 1, 1, 1), groups=4, residual=True, relu=True),
        conv("depthwise", (1, 16, 11, 12), 16, (3, 3), stride=(2, 2), padding=(1, 1, 1, 1), groups=16),
        conv("one_channel", (3, 1, 8, 8), 1, (5, 3), padding=(2, 1, 2, 1), bias=False),
        conv("changing_weights", (2, 6, 8, 9), 10, (3, 3), padding=(1, 1, 1, 1), constant=False),
        conv("rows_of_padding", (1, 4, 6, 6), 4, (3, 3), stride=(3, 3), padding=(4, 4, 4, 4)),
        conv("not_a_number", (1, 4, 9, 9), 8, (3, 3), padding=(1, 1, 1, 1), relu=True, nan=True),
        conv("tall", (1, 4, 257, 5), 8, (3, 3), padding=(1, 1, 1, 1), relu=True),
        mm("square", (), 64, 64, 64),
        mm("odd", (), 37, 53, 19, bias=True, relu=True),
        mm("column", (), 300, 1, 70, bias=True),
        mm("row", (), 1, 300, 70, bias=True, relu=True),
        mm("constant_weights", (), 200, 65, 48, constant=True, bias=True, relu=True),
        mm("transposed_weights", (), 200, 65, 48, constant=True, rhs=(1, 0), bias=True),
        mm("transposed_both", (), 40, 33, 50, lhs=(1, 0), rhs=(1, 0)),
        mm("dynamic_rows", (), 133, 40, 24, dynamic=True, constant=True, bias=True, relu=True),
        mm("batches", (3,), 20, 30, 40, bias=True),
        mm("batches_same_weights", (3,), 20, 30, 40, constant=True, relu=True),
        mm("heads", (2, 4), 25, 27, 16, lhs=(0, 2, 1, 3), rhs=(0, 2, 3, 1)),
        mm("wide", (), 9, 2000, 33, constant=True, bias=True),
    ]


class Dense(unittest.TestCase):
    def run_function(self, function, folder, choice):
        module, inputs, output = (os.path.join(folder, function.name + end) for end in (".mlir", ".npz", ".out.npz"))
        with open(module, "w") as file:
            file.write(function.text)
        np.savez(inputs, **function.arguments)
        for threads in ("1", "2"):
            done = subprocess.run([harness.tool("bev-run"), module, "--inputs", inputs, "--output", output,
                                   "--threads", threads], capture_output=True, text=True,
                                  env={**os.environ, "BEV_ONEDNN": choice}, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            actual = np.load(output)["out"]
            self.assertEqual(actual.shape, function.expected.shape)
            np.testing.assert_array_equal(np.isnan(actual), np.isnan(function.expected))
            expected = np.nan_to_num(function.expected)
            error = np.linalg.norm(np.nan_to_num(actual) - expected) / np.linalg.norm(expected)
            self.assertLess(error, LIMIT)

    def check_all(self, choice):
        with tempfile.TemporaryDirectory() as folder:
            for function in make_functions():
                with self.subTest(function.name):
                    self.run_function(function, folder, choice)

    def test_with_onednn(self):
        if reason := features.missing("onednn"):
            self.skipTest(reason)
        self.check_all("")

    def test_generated_code(self):
        self.check_all("off")

    def test_absent_library(self):
        function = make_functions()[0]
        with tempfile.TemporaryDirectory() as folder:
            self.run_function(function, folder, "no-such-library.so")


def chain_of_convolutions(count, channels):
    """Convolutions with a residual around every two, as backbones have them."""
    type, lines = text_of((1, channels, 20, 30)), ["%zero = arith.constant 0.0 : f32"]
    lines += [f"%zeros = arith.constant dense<0.0> : {type}", f"%empty = tensor.empty() : {type}",
              f"%start = linalg.fill ins(%zero : f32) outs(%empty : {type}) -> {type}"]
    value = shortcut = "%x"
    padded, filter = text_of((1, channels, 22, 32)), text_of((channels, channels, 3, 3))
    for i in range(count):
        lines += [f"%w{i} = arith.constant dense<0.0{i + 1}> : {filter}",
                  f"%p{i} = tensor.pad {value} low[0, 0, 1, 1] high[0, 0, 1, 1] {{\n"
                  f"  ^bb0(%a: index, %b: index, %c: index, %d: index):\n    tensor.yield %zero : f32\n"
                  f"  }} : {type} to {padded}",
                  f"%s{i} = linalg.conv_2d_nchw_fchw ins(%p{i}, %w{i} : {padded}, {filter}) outs(%start : {type}) -> {type}"]
        value = f"%s{i}"
        if i % 2:
            lines.append(f"%t{i} = arith.addf {value}, {shortcut} : {type}")
            value = f"%t{i}"
        lines.append(f"%r{i} = arith.maximumf {value}, %zeros : {type}")
        value = f"%r{i}"
        if i % 2:
            shortcut = value
    return f"func.func @chain(%x: {type}) -> {type} {{\n" + "\n".join(lines) + f"\n  return {value} : {type}\n}}\n"


class Arena(unittest.TestCase):
    def arenas(self, module):
        """[(bytes, lower bound)] of the arenas of the CPU pipeline on `module`."""
        dump = subprocess.run([harness.tool("bev-opt"), module, "--lower-to-llvm", "--dump-pass-pipeline"],
                              capture_output=True, text=True, check=True)
        text = dump.stderr[dump.stderr.index("builtin.module("):]
        text = " ".join(text[:text.rindex(")") + 1].split())
        text, count = re.subn(r"bev-plan-memory(\{[^}]*\})?", "bev-plan-memory{report=true}", text)
        self.assertEqual(count, 1)
        done = subprocess.run([harness.tool("bev-opt"), module, "--pass-pipeline=" + text], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [(int(a), int(b)) for a, b in re.findall(r"an arena of (\d+) bytes .* at least (\d+) bytes", done.stderr)]

    def test_arena_is_near_the_lower_bound(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")
        with tempfile.TemporaryDirectory() as folder:
            modules = [os.path.join(root, name) for name in ("encoder_layer.mlir", "camera_attention.mlir")]
            for count in (3, 8, 13):
                modules.append(os.path.join(folder, f"chain{count}.mlir"))
                with open(modules[-1], "w") as file:
                    file.write(chain_of_convolutions(count, 8 + count))
            planned = 0
            for module in modules:
                for size, bound in self.arenas(module):
                    planned += 1
                    print(f"{os.path.basename(module)}: {size} bytes, lower bound {bound}, ratio {size / bound:.3f}")
                    self.assertGreaterEqual(size, bound)
                    self.assertLessEqual(size, 1.3 * bound, module)
            self.assertGreaterEqual(planned, 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
