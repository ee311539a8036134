# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs that mix bev ops with linalg, tensor, arith, math and scf, or have none: everything that a model has around
its attention, and what compilers get wrong at the edges (empty tensors, scalars, in-place updates, returned arguments).

    for program, expected in programs(): ...      # expected: {result: (array, relative L2 limit or None: exactly)}
    problems(results, program, expected)          # ([text], elements compared, worst ratio of an error to its limit)

References are numpy in float64. Limits: 4e-6 in f32 (sums of a few hundred terms, and functions good to some ulp), 1e-3
in f16, 1e-2 in bf16, as for the ops.
"""
import math

import numpy as np

import bevref
import cases
import compare
import harness
import layers

LIMITS = {"f32": 4e-6, "f16": 1e-3, "bf16": 1e-2}
_erf = np.vectorize(math.erf)


def problems(results, program, expected):
    """What is wrong with `results`, how many elements were compared, the worst ratio of an error to its limit."""
    found, elements, worst = [], 0, 0.0
    for name, (array, limit) in expected.items():
        element = program.results[name][1].rstrip(">").split("x")[-1].split("<")[-1]
        actual, array = harness.numbers(results[name], element), np.asarray(array)
        elements += array.size
        if actual.shape != array.shape:
            found.append(f"{name}: shape {list(actual.shape)}, expected {list(array.shape)}")
        elif limit is None:
            equal = (actual == array) | ((actual != actual) & (array != array))
            if not equal.all():
                found.append(f"{name}: {int((~equal).sum())} of {array.size} elements differ")
        else:
            comparison = compare.compare(actual, array)
            worst = max(worst, comparison.relative_l2 / limit)
            if not comparison.within(limit):
                found.append(f"{name}: {comparison}; limit {limit:.1e}")
    return found, elements, worst


class _Programs:
    """Collects (program, expected)."""

    def __init__(self, seed):
        self.rng, self.all = np.random.default_rng(seed), []

    def normal(self, *shape):
        return self.rng.standard_normal(shape).astype(np.float32)

    def add(self, name, arguments, body, results, expected):
        """arguments {name: (type, array)}; results {name: (SSA value, type)}; expected {name: (array, limit)}."""
        body = "\n".join(line for line in body.strip("\n").splitlines())
        self.all.append((harness.Program(name, arguments, body, results), expected))

    def elementwise(self, name, x, body, f, element="f32", dynamic=False, limit=None):
        """linalg.generic over one tensor: `body` computes %y from %x, both `element`."""
        stored = harness.store(x, element)
        exact = harness.numbers(stored, element).astype(np.float64)
        type = harness.tensor(x.shape, element, range(x.ndim) if dynamic else ())
        identity = "affine_map<(" + ", ".join(f"d{i}" for i in range(x.ndim)) + ") -> (" + ", ".join(
            f"d{i}" for i in range(x.ndim)) + ")>"
        sizes = "".join(f"%i{i} = arith.constant {i} : index\n%s{i} = tensor.dim %a, %i{i} : {type}\n"
                        for i in range(x.ndim)) if dynamic else ""
        names = ", ".join(f"%s{i}" for i in range(x.ndim)) if dynamic else ""
        with np.errstate(all="ignore"):
            expected = f(exact)
        self.add(name, {"a": (type, stored)}, f"""
{sizes}%dest = tensor.empty({names}) : {type}
%r = linalg.generic {{indexing_maps = [{identity}, {identity}], iterator_types = [{", ".join(['"parallel"'] * x.ndim)}]}}
    ins(%a : {type}) outs(%dest : {type}) {{
^bb0(%x: {element}, %out: {element}):
{body}
  linalg.yield %y : {element}
}} -> {type}""", {"out": ("%r", type)}, {"out": (expected, limit or LIMITS[element])})


def _functions(p):
    """Elementwise functions, by size and type."""
    x = p.normal(7, 33) * 3
    one = "%one = arith.constant 1.0 : {t}\n"
    forms = {
        "exp": ("%y = math.exp %x : {t}", np.exp),
        "tanh": ("%y = math.tanh %x : {t}", np.tanh),
        "sigmoid": (one + "%n = arith.negf %x : {t}\n%e = math.exp %n : {t}\n%d = arith.addf %one, %e : {t}\n"
                    "%y = arith.divf %one, %d : {t}", lambda v: 1 / (1 + np.exp(-v))),
        "silu": (one + "%n = arith.negf %x : {t}\n%e = math.exp %n : {t}\n%d = arith.addf %one, %e : {t}\n"
                 "%y = arith.divf %x, %d : {t}", lambda v: v / (1 + np.exp(-v))),
        "gelu": (one + "%half = arith.constant 0.5 : {t}\n%c = arith.constant 0.70710678 : {t}\n"
                 "%s = arith.mulf %x, %c : {t}\n%e = math.erf %s : {t}\n%d = arith.addf %one, %e : {t}\n"
                 "%h = arith.mulf %x, %half : {t}\n%y = arith.mulf %h, %d : {t}",
                 lambda v: 0.5 * v * (1 + _erf(v * 0.70710678))),
        "gelu-tanh": (one + "%half = arith.constant 0.5 : {t}\n%k = arith.constant 0.044715 : {t}\n"
                      "%c = arith.constant 0.79788456 : {t}\n%x2 = arith.mulf %x, %x : {t}\n"
                      "%x3 = arith.mulf %x2, %x : {t}\n%kx = arith.mulf %x3, %k : {t}\n%i = arith.addf %x, %kx : {t}\n"
                      "%s = arith.mulf %i, %c : {t}\n%t = math.tanh %s : {t}\n%d = arith.addf %one, %t : {t}\n"
                      "%h = arith.mulf %x, %half : {t}\n%y = arith.mulf %h, %d : {t}",
                      lambda v: 0.5 * v * (1 + np.tanh(0.79788456 * (v + 0.044715 * v ** 3)))),
        "relu-clip": ("%zero = arith.constant 0.0 : {t}\n%six = arith.constant 6.0 : {t}\n"
                      "%m = arith.maximumf %x, %zero : {t}\n%y = arith.minimumf %m, %six : {t}",
                      lambda v: np.clip(v, 0, 6)),
        "select": ("%zero = arith.constant 0.0 : {t}\n%c = arith.cmpf olt, %x, %zero : {t}\n%n = arith.negf %x : {t}\n"
                   "%y = arith.select %c, %n, %x : {t}", np.abs),
    }
    for name, (body, f) in forms.items():
        p.elementwise(f"elementwise-{name}-f32", x, body.format(t="f32"), f)
    for name in ("exp", "relu-clip", "select"):
        for element in ("f16", "bf16"):
            p.elementwise(f"elementwise-{name}-{element}", x, forms[name][0].format(t=element), forms[name][1], element)
    for name in ("gelu", "sigmoid", "tanh"):
        p.elementwise(f"elementwise-{name}-dynamic", p.normal(3, 5, 11), forms[name][0].format(t="f32"), forms[name][1],
                      dynamic=True)
    positive = np.abs(x) + np.float32(0.01)
    for name, f in {"sqrt": np.sqrt, "rsqrt": lambda v: 1 / np.sqrt(v), "log": np.log, "log2": np.log2,
                    "log1p": np.log1p}.items():
        p.elementwise(f"elementwise-{name}", positive, f"%y = math.{name} %x : f32", f)
    for name, f in {"sin": np.sin, "cos": np.cos, "atan": np.arctan, "erf": _erf, "expm1": np.expm1, "floor": np.floor,
                    "ceil": np.ceil, "absf": np.abs, "roundeven": np.rint, "exp2": np.exp2}.items():
        p.elementwise(f"elementwise-{name}", x, f"%y = math.{name} %x : f32", f)
    p.elementwise("elementwise-powf", positive, "%p = arith.constant 1.7 : f32\n%y = math.powf %x, %p : f32",
                  lambda v: v ** np.float64(np.float32(1.7)))
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1e-40, 88, 89, -104, 1e30, -1e30, 1], np.float32)
    for name in ("exp", "tanh", "sigmoid", "relu-clip"):
        p.elementwise(f"elementwise-{name}-special", special[[0, 1, 2, 3, 4, 6, 8, 9, 10, 11]], forms[name][0].format(
            t="f32"), lambda v, f=forms[name][1]: np.where(np.isnan(v), v, f(v)))
    for name, f in {"exp": np.exp, "tanh": np.tanh}.items():
        # In f32, rounded once.
        p.elementwise(f"elementwise-{name}-through-f32-f16", x, f"%w = arith.extf %x : f16 to f32\n"
                      f"%z = math.{name} %w : f32\n%y = arith.truncf %z : f32 to f16", f, "f16")


def _softmax(p):
    for shape, dimension, element, dynamic in (((5, 17), 1, "f32", ()), ((2, 3, 8), 2, "f32", (0, 1)),
                                               ((4, 9, 5), 1, "f32", ()), ((3, 64), 1, "f16", ()),
                                               ((3, 12), 1, "bf16", (0,)), ((1, 1), 1, "f32", ()),
                                               ((300, 8, 8), 2, "f32", ()), ((2, 1000), 1, "f32", (0, 1))):
        x = p.normal(*shape) * 5
        stored = harness.store(x, element)
        type = harness.tensor(shape, element, dynamic)
        sizes = "".join(f"%i{i} = arith.constant {i} : index\n%s{i} = tensor.dim %x, %i{i} : {type}\n" for i in dynamic)
        exact = np.moveaxis(harness.numbers(stored, element), dimension, -1)
        p.add(f"softmax-{'x'.join(map(str, shape))}-over-{dimension}-{element}{'-dynamic' if dynamic else ''}",
              {"x": (type, stored)}, f"""
{sizes}%e = tensor.empty({", ".join(f"%s{i}" for i in dynamic)}) : {type}
%r = linalg.softmax dimension({dimension}) ins(%x : {type}) outs(%e : {type}) -> {type}""",
              {"out": ("%r", type)}, {"out": (np.moveaxis(bevref.softmax(exact), -1, dimension), LIMITS[element])})


def _matmul(p):
    for rows, inner, columns, dynamic in ((7, 13, 5, False), (64, 64, 64, False), (33, 100, 65, False),
                                          (1, 256, 1, False), (31, 70, 9, True), (130, 20, 300, False)):
        a, b = p.normal(rows, inner), p.normal(inner, columns)
        marks = (0, 1) if dynamic else ()
        ta, tb = harness.tensor(a.shape, "f32", marks), harness.tensor(b.shape, "f32", marks)
        tc = harness.tensor((rows, columns), "f32", marks)
        sizes = (f"%i0 = arith.constant 0 : index\n%i1 = arith.constant 1 : index\n%m = tensor.dim %a, %i0 : {ta}\n"
                 f"%n = tensor.dim %b, %i1 : {tb}\n") if dynamic else ""
        p.add(f"matmul-{rows}x{inner}x{columns}{'-dynamic' if dynamic else ''}", {"a": (ta, a), "b": (tb, b)}, f"""
{sizes}%zero = arith.constant 0.0 : f32
%e = tensor.empty({"%m, %n" if dynamic else ""}) : {tc}
%f = linalg.fill ins(%zero : f32) outs(%e : {tc}) -> {tc}
%r = linalg.matmul ins(%a, %b : {ta}, {tb}) outs(%f : {tc}) -> {tc}""", {"out": ("%r", tc)},
              {"out": (a.astype(np.float64) @ b, LIMITS["f32"])})
    for element in ("f16", "bf16"):
        a, b = harness.store(p.normal(24, 40), element), harness.store(p.normal(40, 17), element)
        exact = harness.numbers(a, element).astype(np.float64) @ harness.numbers(b, element).astype(np.float64)
        p.add(f"matmul-{element}-accumulated-in-f32",
              {"a": (f"tensor<24x40x{element}>", a), "b": (f"tensor<40x17x{element}>", b)}, f"""
%zero = arith.constant 0.0 : f32
%e = tensor.empty() : tensor<24x17xf32>
%f = linalg.fill ins(%zero : f32) outs(%e : tensor<24x17xf32>) -> tensor<24x17xf32>
%r = linalg.matmul ins(%a, %b : tensor<24x40x{element}>, tensor<40x17x{element}>) outs(%f : tensor<24x17xf32>) -> tensor<24x17xf32>""",
              {"out": ("%r", "tensor<24x17xf32>")}, {"out": (exact, LIMITS["f32"])})
    a, b = p.normal(3, 9, 20), p.normal(3, 20, 11)
    for mark, size in (("3", ""), ("?", "%n")):
        ta, tb, tc = (f"tensor<{mark}x{s}xf32>" for s in ("9x20", "20x11", "9x11"))
        p.add(f"batch-matmul-{mark}".replace("?", "dynamic"), {"a": (ta, a), "b": (tb, b)}, f"""
%i0 = arith.constant 0 : index
%n = tensor.dim %a, %i0 : {ta}
%zero = arith.constant 0.0 : f32
%e = tensor.empty({size}) : {tc}
%f = linalg.fill ins(%zero : f32) outs(%e : {tc}) -> {tc}
%r = linalg.batch_matmul ins(%a, %b : {ta}, {tb}) outs(%f : {tc}) -> {tc}""", {"out": ("%r", tc)},
              {"out": (np.matmul(a.astype(np.float64), b), LIMITS["f32"])})
    a, b, c = p.normal(12, 18), p.normal(10, 18), p.normal(10)
    p.add("linear-transposed-weight-bias-relu", {"a": ("tensor<12x18xf32>", a), "b": ("tensor<10x18xf32>", b),
                                                 "c": ("tensor<10xf32>", c)}, """
%zero = arith.constant 0.0 : f32
%te = tensor.empty() : tensor<18x10xf32>
%t = linalg.transpose ins(%b : tensor<10x18xf32>) outs(%te : tensor<18x10xf32>) permutation = [1, 0]
%e = tensor.empty() : tensor<12x10xf32>
%f = linalg.broadcast ins(%c : tensor<10xf32>) outs(%e : tensor<12x10xf32>) dimensions = [0]
%m = linalg.matmul ins(%a, %t : tensor<12x18xf32>, tensor<18x10xf32>) outs(%f : tensor<12x10xf32>) -> tensor<12x10xf32>
%z = linalg.fill ins(%zero : f32) outs(%e : tensor<12x10xf32>) -> tensor<12x10xf32>
%r = linalg.max ins(%m, %z : tensor<12x10xf32>, tensor<12x10xf32>) outs(%e : tensor<12x10xf32>) -> tensor<12x10xf32>""",
          {"out": ("%r", "tensor<12x10xf32>")}, {"out": (np.maximum(a.astype(np.float64) @ b.T + c, 0), LIMITS["f32"])})
    a, x = p.normal(19, 37), p.normal(37)
    p.add("matvec", {"a": ("tensor<19x37xf32>", a), "x": ("tensor<37xf32>", x)}, """
%zero = arith.constant 0.0 : f32
%e = tensor.empty() : tensor<19xf32>
%f = linalg.fill ins(%zero : f32) outs(%e : tensor<19xf32>) -> tensor<19xf32>
%r = linalg.matvec ins(%a, %x : tensor<19x37xf32>, tensor<37xf32>) outs(%f : tensor<19xf32>) -> tensor<19xf32>""",
          {"out": ("%r", "tensor<19xf32>")}, {"out": (a.astype(np.float64) @ x, LIMITS["f32"])})
    image, kernel = p.normal(1, 9, 10, 3), p.normal(3, 3, 3, 4)
    exact = sum(np.einsum("nhwc,cf->nhwf", image[:, i:i + 7, j:j + 8].astype(np.float64), kernel[i, j])
                for i in range(3) for j in range(3))
    p.add("convolution", {"image": ("tensor<1x9x10x3xf32>", image), "kernel": ("tensor<3x3x3x4xf32>", kernel)}, """
%zero = arith.constant 0.0 : f32
%e = tensor.empty() : tensor<1x7x8x4xf32>
%f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x8x4xf32>) -> tensor<1x7x8x4xf32>
%r = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%image, %kernel : tensor<1x9x10x3xf32>, tensor<3x3x3x4xf32>) outs(%f : tensor<1x7x8x4xf32>) -> tensor<1x7x8x4xf32>""",
          {"out": ("%r", "tensor<1x7x8x4xf32>")}, {"out": (exact, LIMITS["f32"])})


def _transposes(p):
    for shape, order, element in (((7, 13), (1, 0), "f32"), ((64, 96), (1, 0), "f16"), ((2, 3, 4, 5), (0, 2, 1, 3), "f32"),
                                  ((3, 1, 8, 2), (3, 1, 0, 2), "bf16"), ((5, 6, 7), (2, 0, 1), "i32")):
        x = p.rng.integers(-99, 99, shape).astype(np.int32) if element == "i32" else harness.store(p.normal(*shape), element)
        source, target = harness.tensor(shape, element), harness.tensor([shape[i] for i in order], element)
        p.add(f"transpose-{'x'.join(map(str, shape))}-{''.join(map(str, order))}-{element}", {"x": (source, x)}, f"""
%e = tensor.empty() : {target}
%r = linalg.transpose ins(%x : {source}) outs(%e : {target}) permutation = {list(order)}""", {"out": ("%r", target)},
              {"out": (harness.numbers(x, element).transpose(order), None)})
    x = p.normal(6, 9)
    p.add("transpose-dynamic", {"x": ("tensor<?x?xf32>", x)}, """
%i0 = arith.constant 0 : index
%i1 = arith.constant 1 : index
%m = tensor.dim %x, %i0 : tensor<?x?xf32>
%n = tensor.dim %x, %i1 : tensor<?x?xf32>
%e = tensor.empty(%n, %m) : tensor<?x?xf32>
%r = linalg.transpose ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) permutation = [1, 0]""",
          {"out": ("%r", "tensor<?x?xf32>")}, {"out": (x.T, None)})


def _reductions(p):
    x = p.normal(6, 50, 3)
    for dimensions, shape in (([2], (6, 50)), ([1], (6, 3)), ([0], (50, 3)), ([0, 2], (50,)), ([0, 1, 2], ())):
        type = harness.tensor(shape, "f32") if shape else "tensor<f32>"
        for name, op, start, f in (("sum", "arith.addf", "0.0", np.sum), ("max", "arith.maximumf", "0xFF800000", np.max)):
            p.add(f"reduce-{name}-over-{''.join(map(str, dimensions))}", {"x": ("tensor<6x50x3xf32>", x)}, f"""
%start = arith.constant {start} : f32
%e = tensor.empty() : {type}
%f = linalg.fill ins(%start : f32) outs(%e : {type}) -> {type}
%r = linalg.reduce {{ {op} }} ins(%x : tensor<6x50x3xf32>) outs(%f : {type}) dimensions = {dimensions}""",
                  {"out": ("%r", type)}, {"out": (f(x.astype(np.float64), axis=tuple(dimensions)), LIMITS["f32"])})
    long = np.abs(p.normal(100_003))
    p.add("reduce-long-to-a-scalar", {"x": ("tensor<?xf32>", long)}, """
%zero = arith.constant 0.0 : f32
%e = tensor.empty() : tensor<f32>
%f = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
%s = linalg.reduce { arith.addf } ins(%x : tensor<?xf32>) outs(%f : tensor<f32>) dimensions = [0]
%r = tensor.extract %s[] : tensor<f32>""", {"out": ("%r", "f32"), "whole": ("%s", "tensor<f32>")},
          # A sum of n positive terms, one after the other: n/2 roundoffs at worst, about sqrt(n) of them usually.
          {"out": (long.astype(np.float64).sum(), 1e-4), "whole": (long.astype(np.float64).sum(), 1e-4)})
    integers = p.rng.integers(-1000, 1000, (40, 7)).astype(np.int32)
    p.add("reduce-i32", {"x": ("tensor<40x7xi32>", integers)}, """
%zero = arith.constant 0 : i32
%e = tensor.empty() : tensor<7xi32>
%f = linalg.fill ins(%zero : i32) outs(%e : tensor<7xi32>) -> tensor<7xi32>
%r = linalg.reduce { arith.addi } ins(%x : tensor<40x7xi32>) outs(%f : tensor<7xi32>) dimensions = [0]""",
          {"out": ("%r", "tensor<7xi32>")}, {"out": (integers.sum(axis=0), None)})
    mask = p.rng.random((9, 4)) < 0.2
    p.add("reduce-any", {"x": ("tensor<9x4xi1>", mask)}, """
%no = arith.constant false
%e = tensor.empty() : tensor<9xi1>
%f = linalg.fill ins(%no : i1) outs(%e : tensor<9xi1>) -> tensor<9xi1>
%r = linalg.reduce { arith.ori } ins(%x : tensor<9x4xi1>) outs(%f : tensor<9xi1>) dimensions = [1]""",
          {"out": ("%r", "tensor<9xi1>")}, {"out": (mask.any(axis=1), None)})
    for rows, dynamic in ((17, False), (300, False), (23, True)):
        x = p.normal(rows, 40) + np.float32(3)
        text = layers.Emitter()
        if dynamic:
            text.constant("zero_index", 0, "index")
            text.line("%rows = tensor.dim %x, %zero_index : tensor<?x40xf32>")
        x_type = text.argument("x", ("%rows" if dynamic else rows, 40)) and text.arguments[0][1]
        text.layer_norm("norm", "%x", ("%rows" if dynamic else rows, 40), "layer")
        gain, shift = p.normal(40), p.normal(40)
        centred = x.astype(np.float64) - x.astype(np.float64).mean(axis=1, keepdims=True)
        exact = centred / np.sqrt((centred ** 2).mean(axis=1, keepdims=True) + float(np.float32(1e-5))) * gain + shift
        p.add(f"layer-norm-{rows}{'-dynamic' if dynamic else ''}",
              {"x": (x_type, x), "layer_weight": ("tensor<40xf32>", gain), "layer_bias": ("tensor<40xf32>", shift)},
              text.body(), {"out": ("%norm", x_type)}, {"out": (exact, LIMITS["f32"])})


def _shapes(p):
    x = p.normal(6, 8, 10)
    T = "tensor<6x8x10xf32>"
    p.add("collapse-expand", {"x": (T, x)}, f"""
%c = tensor.collapse_shape %x [[0, 1], [2]] : {T} into tensor<48x10xf32>
%r = tensor.expand_shape %c [[0, 1], [2, 3]] output_shape [4, 12, 2, 5] : tensor<48x10xf32> into tensor<4x12x2x5xf32>""",
          {"out": ("%r", "tensor<4x12x2x5xf32>")}, {"out": (x.reshape(4, 12, 2, 5), None)})
    p.add("extract-strided-slice", {"x": (T, x)}, f"""
%r = tensor.extract_slice %x[1, 0, 3] [2, 4, 3] [2, 2, 2] : {T} to tensor<2x4x3xf32>""",
          {"out": ("%r", "tensor<2x4x3xf32>")}, {"out": (x[1:5:2, 0:8:2, 3:9:2], None)})
    y = p.normal(2, 8)
    changed = x.copy()
    changed[3:5, :, 4] = y
    p.add("insert-slice-into-an-argument", {"x": (T, x), "y": ("tensor<2x8xf32>", y)}, f"""
%r = tensor.insert_slice %y into %x[3, 0, 4] [2, 8, 1] [1, 1, 1] : tensor<2x8xf32> into {T}""",
          {"out": ("%r", T)}, {"out": (changed, None)})
    a, b = p.normal(3, 5), p.normal(4, 5)
    p.add("concat", {"a": ("tensor<?x5xf32>", a), "b": ("tensor<4x5xf32>", b)}, """
%r = tensor.concat dim(0) %a, %b : (tensor<?x5xf32>, tensor<4x5xf32>) -> tensor<?x5xf32>""",
          {"out": ("%r", "tensor<?x5xf32>")}, {"out": (np.concatenate([a, b]), None)})
    p.add("pad", {"a": ("tensor<3x5xf32>", a)}, """
%v = arith.constant 2.5 : f32
%r = tensor.pad %a low[1, 0] high[0, 2] {
^bb0(%i: index, %j: index):
  tensor.yield %v : f32
} : tensor<3x5xf32> to tensor<4x7xf32>""", {"out": ("%r", "tensor<4x7xf32>")},
          {"out": (np.pad(a, ((1, 0), (0, 2)), constant_values=2.5), None)})
    table, picks = p.normal(11, 6), p.rng.integers(0, 11, 9).astype(np.int64)
    p.add("embedding", {"table": ("tensor<11x6xf32>", table), "picks": ("tensor<9xi64>", picks)}, """
%e = tensor.empty() : tensor<9x6xf32>
%r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
    ins(%picks : tensor<9xi64>) outs(%e : tensor<9x6xf32>) {
^bb0(%pick: i64, %out: f32):
  %row = arith.index_cast %pick : i64 to index
  %column = linalg.index 1 : index
  %cell = tensor.extract %table[%row, %column] : tensor<11x6xf32>
  linalg.yield %cell : f32
} -> tensor<9x6xf32>""", {"out": ("%r", "tensor<9x6xf32>")}, {"out": (table[picks], None)})
    p.add("iota", {"x": ("tensor<4x3xi32>", np.zeros((4, 3), np.int32))}, """
%e = tensor.empty() : tensor<4x3xi32>
%r = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<4x3xi32>) outs(%e : tensor<4x3xi32>) {
^bb0(%in: i32, %out: i32):
  %i = linalg.index 0 : index
  %j = linalg.index 1 : index
  %c = arith.constant 10 : index
  %t = arith.muli %i, %c : index
  %s = arith.addi %t, %j : index
  %v = arith.index_cast %s : index to i32
  %w = arith.addi %v, %in : i32
  linalg.yield %w : i32
} -> tensor<4x3xi32>""", {"out": ("%r", "tensor<4x3xi32>")},
          {"out": (np.arange(4)[:, None] * 10 + np.arange(3)[None], None)})
    for source, target in (("f32", "f16"), ("f32", "bf16"), ("f16", "f32"), ("bf16", "f32")):
        stored = harness.store(p.normal(5, 9), source)
        op = "truncf" if source == "f32" else "extf"
        p.add(f"convert-{source}-to-{target}", {"x": (f"tensor<5x9x{source}>", stored)}, f"""
%r = arith.{op} %x : tensor<5x9x{source}> to tensor<5x9x{target}>""", {"out": ("%r", f"tensor<5x9x{target}>")},
              {"out": (harness.numbers(harness.store(harness.numbers(stored, source), target), target), None)})
    p.add("scalars", {"a": ("f32", np.float32(2.5)), "n": ("index", np.int64(7)), "k": ("i32", np.int32(-3)),
                      "flag": ("i1", np.bool_(True))}, """
%b = arith.mulf %a, %a : f32
%m = arith.addi %n, %n : index
%l = arith.muli %k, %k : i32
%no = arith.constant false
%f = arith.cmpi eq, %flag, %no : i1""",
          {"f": ("%b", "f32"), "i": ("%m", "index"), "j": ("%l", "i32"), "b": ("%f", "i1")},
          {"f": (np.float32(6.25), None), "i": (np.int64(14), None), "j": (np.int32(9), None), "b": (np.bool_(False), None)})
    p.add("i8-and-i64", {"x": ("tensor<5xi8>", np.array([-128, -1, 0, 1, 127], np.int8)),
                         "y": ("tensor<5xi64>", np.array([2 ** 40, -1, 0, 5, -2 ** 50], np.int64))}, """
%w = arith.extsi %x : tensor<5xi8> to tensor<5xi64>
%r = arith.addi %w, %y : tensor<5xi64>
%z = arith.maxsi %x, %x : tensor<5xi8>""", {"out": ("%r", "tensor<5xi64>"), "same": ("%z", "tensor<5xi8>")},
          {"out": (np.array([2 ** 40 - 128, -2, 0, 6, -2 ** 50 + 127]), None),
           "same": (np.array([-128, -1, 0, 1, 127]), None)})
    x = p.normal(4, 3)
    p.add("returned-argument-twice", {"x": ("tensor<4x3xf32>", x)}, "", {"a": ("%x", "tensor<4x3xf32>"),
                                                                        "b": ("%x", "tensor<4x3xf32>")},
          {"a": (x, None), "b": (x, None)})
    p.add("returned-constant", {"x": ("tensor<3xf32>", p.normal(3))}, """
%r = arith.constant dense<[1.0, -2.0, 0.5]> : tensor<3xf32>
%s = arith.constant dense<7> : tensor<2x2xi32>""", {"a": ("%r", "tensor<3xf32>"), "b": ("%s", "tensor<2x2xi32>")},
          {"a": (np.array([1, -2, 0.5]), None), "b": (np.full((2, 2), 7), None)})
    p.add("returned-view", {"x": ("tensor<4x3xf32>", x)}, """
%r = tensor.collapse_shape %x [[0, 1]] : tensor<4x3xf32> into tensor<12xf32>
%s = tensor.extract_slice %x[1, 1] [2, 2] [1, 1] : tensor<4x3xf32> to tensor<2x2xf32>""",
          {"a": ("%r", "tensor<12xf32>"), "b": ("%s", "tensor<2x2xf32>")},
          {"a": (x.reshape(-1), None), "b": (x[1:3, 1:3], None)})


def _control_flow(p):
    x = p.normal(5, 7)
    p.add("for-with-elementwise", {"x": ("tensor<5x7xf32>", x), "n": ("index", np.int64(3))}, """
%i0 = arith.constant 0 : index
%i1 = arith.constant 1 : index
%half = arith.constant dense<0.5> : tensor<5x7xf32>
%r = scf.for %i = %i0 to %n step %i1 iter_args(%t = %x) -> (tensor<5x7xf32>) {
  %u = arith.mulf %t, %half : tensor<5x7xf32>
  %v = arith.addf %u, %x : tensor<5x7xf32>
  scf.yield %v : tensor<5x7xf32>
}""", {"out": ("%r", "tensor<5x7xf32>")}, {"out": (1.875 * x.astype(np.float64), LIMITS["f32"])})
    # Iterative refinement, as decoders do it.
    boxes = p.rng.random((4, 3)).astype(np.float32) * np.float32(0.8) + np.float32(0.1)
    exact = boxes.astype(np.float64)
    for _ in range(2):
        exact = 1 / (1 + np.exp(-(bevref.inverse_sigmoid(exact) + 0.25)))
    p.add("for-around-inverse-sigmoid", {"x": ("tensor<?x3xf32>", boxes)}, """
%i0 = arith.constant 0 : index
%i1 = arith.constant 1 : index
%i2 = arith.constant 2 : index
%n = tensor.dim %x, %i0 : tensor<?x3xf32>
%r = scf.for %i = %i0 to %i2 step %i1 iter_args(%t = %x) -> (tensor<?x3xf32>) {
  %e = tensor.empty(%n) : tensor<?x3xf32>
  %u = bev.inverse_sigmoid ins(%t : tensor<?x3xf32>) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%u : tensor<?x3xf32>) outs(%e : tensor<?x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %one = arith.constant 1.0 : f32
    %step = arith.constant 0.25 : f32
    %moved = arith.addf %in, %step : f32
    %negative = arith.negf %moved : f32
    %exp = math.exp %negative : f32
    %sum = arith.addf %exp, %one : f32
    %sigmoid = arith.divf %one, %sum : f32
    linalg.yield %sigmoid : f32
  } -> tensor<?x3xf32>
  scf.yield %v : tensor<?x3xf32>
}""", {"out": ("%r", "tensor<?x3xf32>")}, {"out": (exact, LIMITS["f32"])})
    prev = p.normal(2, 5, 6, 8)
    angle = np.array([30, -12], np.float32)
    turned = bevref.warp_bev(prev, angle, center=None, mode="bilinear")
    for flag in (True, False):
        p.add(f"if-{str(flag).lower()}-around-warp-bev", {
            "prev": ("tensor<2x5x6x8xf32>", prev), "angle": ("tensor<2xf32>", angle), "flag": ("i1", np.bool_(flag))}, """
%r = scf.if %flag -> (tensor<2x5x6x8xf32>) {
  %e = tensor.empty() : tensor<2x5x6x8xf32>
  %w = bev.warp_bev bilinear ins(%prev, %angle : tensor<2x5x6x8xf32>, tensor<2xf32>) outs(%e : tensor<2x5x6x8xf32>) -> tensor<2x5x6x8xf32>
  scf.yield %w : tensor<2x5x6x8xf32>
} else {
  scf.yield %prev : tensor<2x5x6x8xf32>
}""", {"out": ("%r", "tensor<2x5x6x8xf32>")}, {"out": (turned if flag else prev, 1e-5)})
    rows = p.normal(6, 4)
    p.add("for-over-rows", {"x": ("tensor<6x4xf32>", rows)}, """
%i0 = arith.constant 0 : index
%i1 = arith.constant 1 : index
%i6 = arith.constant 6 : index
%e = tensor.empty() : tensor<6x4xf32>
%r = scf.for %i = %i0 to %i6 step %i1 iter_args(%t = %e) -> (tensor<6x4xf32>) {
  %row = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1] : tensor<6x4xf32> to tensor<1x4xf32>
  %double = arith.addf %row, %row : tensor<1x4xf32>
  %next = tensor.insert_slice %double into %t[%i, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<6x4xf32>
  scf.yield %next : tensor<6x4xf32>
}""", {"out": ("%r", "tensor<6x4xf32>")}, {"out": (2 * rows.astype(np.float64), None)})


def _around_attention(p):
    """Attention with what surrounds it in a model."""
    # Offsets and logits packed in one tensor, as one matrix product makes them.
    b, q, m, d, levels, points = 2, 9, 4, 8, [(6, 5), (3, 3)], 4
    s, k = 39, 8
    value, reference = p.normal(b, s, m, d), p.rng.random((b, q, 2, 2)).astype(np.float32)
    packed = p.normal(b, q, m, k * 3)
    exact = bevref.deformable_attention(value, reference, packed[..., :2 * k].reshape(b, q, m, 2, points, 2),
                                        packed[..., 2 * k:], level_shapes=levels)
    for dynamic in (False, True):
        n = "?" if dynamic else str(q)
        size = "%q" if dynamic else str(q)
        p.add(f"packed-offsets-and-logits{'-dynamic' if dynamic else ''}",
              {"value": ("tensor<2x39x4x8xf32>", value), "reference": (f"tensor<2x{n}x2x2xf32>", reference),
               "packed": (f"tensor<2x{n}x4x24xf32>", packed)}, f"""
%i1 = arith.constant 1 : index
%q = tensor.dim %packed, %i1 : tensor<2x{n}x4x24xf32>
%flat = tensor.extract_slice %packed[0, 0, 0, 0] [2, {size}, 4, 16] [1, 1, 1, 1] : tensor<2x{n}x4x24xf32> to tensor<2x{n}x4x16xf32>
%offsets = tensor.expand_shape %flat [[0], [1], [2], [3, 4, 5]] output_shape [2, {size}, 4, 2, 4, 2] : tensor<2x{n}x4x16xf32> into tensor<2x{n}x4x2x4x2xf32>
%logits = tensor.extract_slice %packed[0, 0, 0, 16] [2, {size}, 4, 8] [1, 1, 1, 1] : tensor<2x{n}x4x24xf32> to tensor<2x{n}x4x8xf32>
%e = tensor.empty({"%q" if dynamic else ""}) : tensor<2x{n}x4x8xf32>
%r = bev.deformable_attention level levels([6, 5], [3, 3]) ins(%value, %reference, %offsets, %logits : tensor<2x39x4x8xf32>, tensor<2x{n}x2x2xf32>, tensor<2x{n}x4x2x4x2xf32>, tensor<2x{n}x4x8xf32>) outs(%e : tensor<2x{n}x4x8xf32>) -> tensor<2x{n}x4x8xf32>""",
              {"out": ("%r", f"tensor<2x{n}x4x8xf32>")}, {"out": (exact, LIMITS["f32"])})
    # Softmax and location arithmetic outside the core, then a linear layer behind it.
    queries = p.normal(q, 16)
    head = {"w": ("tensor<16x64xf32>", p.normal(16, 64) * np.float32(0.25)), "o": ("tensor<32x10xf32>", p.normal(32, 10))}
    one = value[:1]
    locations = p.rng.random((1, q, m, 2, points, 2)).astype(np.float32)
    logits = (queries.astype(np.float64) @ head["w"][1].astype(np.float64)).reshape(1, q, m, 16)[..., :8]
    weights = bevref.softmax(logits).reshape(1, q, m, 2, points)
    attended = bevref.ms_deform_attn(one, locations, weights, level_shapes=levels).reshape(q, 32)
    p.add("linear-softmax-attention-linear", {"queries": ("tensor<9x16xf32>", queries), "value": ("tensor<1x39x4x8xf32>", one),
                                              "locations": ("tensor<1x9x4x2x4x2xf32>", locations), **head}, """
%zero = arith.constant 0.0 : f32
%e0 = tensor.empty() : tensor<9x64xf32>
%f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<9x64xf32>) -> tensor<9x64xf32>
%rows = linalg.matmul ins(%queries, %w : tensor<9x16xf32>, tensor<16x64xf32>) outs(%f0 : tensor<9x64xf32>) -> tensor<9x64xf32>
%heads = tensor.expand_shape %rows [[0, 1], [2, 3]] output_shape [1, 9, 4, 16] : tensor<9x64xf32> into tensor<1x9x4x16xf32>
%logits = tensor.extract_slice %heads[0, 0, 0, 0] [1, 9, 4, 8] [1, 1, 1, 1] : tensor<1x9x4x16xf32> to tensor<1x9x4x8xf32>
%e1 = tensor.empty() : tensor<1x9x4x8xf32>
%soft = linalg.softmax dimension(3) ins(%logits : tensor<1x9x4x8xf32>) outs(%e1 : tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32>
%weights = tensor.expand_shape %soft [[0], [1], [2], [3, 4]] output_shape [1, 9, 4, 2, 4] : tensor<1x9x4x8xf32> into tensor<1x9x4x2x4xf32>
%a = bev.ms_deform_attn levels([6, 5], [3, 3]) ins(%value, %locations, %weights : tensor<1x39x4x8xf32>, tensor<1x9x4x2x4x2xf32>, tensor<1x9x4x2x4xf32>) outs(%e1 : tensor<1x9x4x8xf32>) -> tensor<1x9x4x8xf32>
%flat = tensor.collapse_shape %a [[0, 1], [2, 3]] : tensor<1x9x4x8xf32> into tensor<9x32xf32>
%e2 = tensor.empty() : tensor<9x10xf32>
%f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<9x10xf32>) -> tensor<9x10xf32>
%r = linalg.matmul ins(%flat, %o : tensor<9x32xf32>, tensor<32x10xf32>) outs(%f2 : tensor<9x10xf32>) -> tensor<9x10xf32>""",
          {"out": ("%r", "tensor<9x10xf32>")}, {"out": (attended @ head["o"][1].astype(np.float64), LIMITS["f32"])})
    # Plain attention beside it.
    query, key, content = p.normal(2, 7, 16), p.normal(2, 11, 16), p.normal(2, 11, 5)
    exact = np.matmul(bevref.softmax(np.matmul(query.astype(np.float64), key.transpose(0, 2, 1)) * 0.25),
                      content.astype(np.float64))
    p.add("scaled-dot-product-attention", {"query": ("tensor<2x7x16xf32>", query), "key": ("tensor<2x11x16xf32>", key),
                                           "content": ("tensor<2x11x5xf32>", content)}, """
%zero = arith.constant 0.0 : f32
%scale = arith.constant dense<0.25> : tensor<2x7x11xf32>
%te = tensor.empty() : tensor<2x16x11xf32>
%t = linalg.transpose ins(%key : tensor<2x11x16xf32>) outs(%te : tensor<2x16x11xf32>) permutation = [0, 2, 1]
%e0 = tensor.empty() : tensor<2x7x11xf32>
%f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<2x7x11xf32>) -> tensor<2x7x11xf32>
%scores = linalg.batch_matmul ins(%query, %t : tensor<2x7x16xf32>, tensor<2x16x11xf32>) outs(%f0 : tensor<2x7x11xf32>) -> tensor<2x7x11xf32>
%scaled = arith.mulf %scores, %scale : tensor<2x7x11xf32>
%soft = linalg.softmax dimension(2) ins(%scaled : tensor<2x7x11xf32>) outs(%e0 : tensor<2x7x11xf32>) -> tensor<2x7x11xf32>
%e1 = tensor.empty() : tensor<2x7x5xf32>
%f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x7x5xf32>) -> tensor<2x7x5xf32>
%r = linalg.batch_matmul ins(%soft, %content : tensor<2x7x11xf32>, tensor<2x11x5xf32>) outs(%f1 : tensor<2x7x5xf32>) -> tensor<2x7x5xf32>""",
          {"out": ("%r", "tensor<2x7x5xf32>")}, {"out": (exact, LIMITS["f32"])})
    # Projection feeding cross-attention: the visibility mask never leaves the device.
    case = next(c for c in cases.generate("spatial_cross_attention", 0)
                if c["dtypes"]["value"] == "f32" and not c["dynamic"] and not c["dynamic_levels"]
                and c["dtypes"]["offsets"] == "f32" and c["inputs"]["uv"].shape[1] > 1
                and "inside" in c["tags"])
    bb, nn, qq, zz, _ = case["inputs"]["uv"].shape
    points_in = (p.rng.random((bb, qq, zz, 3)) * (80, 80, 4) - (40, 40, 2)).astype(np.float32)
    size = np.array([(480, 800)] * nn, np.float32)
    matrices = cases._rig(p.rng, bb, nn, size)
    uv, visible = bevref.project_points(points_in, matrices, size)
    sca = {**case["inputs"], "uv": uv.astype(np.float32), "visible": visible}
    program = harness.of_case(dict(case, inputs=sca))
    exact = bevref.spatial_cross_attention(sca["value"], uv, visible, sca["offsets"], sca["logits"], **case["attrs"])
    arguments = {name: pair for name, pair in program.arguments.items() if name not in ("uv", "visible")}
    T = [harness.tensor(a.shape, "f32") for a in (points_in, matrices, size, uv)] + [harness.tensor(visible.shape, "i1")]
    p.add("project-then-attend", {**arguments, "points": (T[0], points_in), "matrices": (T[1], matrices),
                                  "size": (T[2], size)}, f"""
%uv_empty = tensor.empty() : {T[3]}
%visible_empty = tensor.empty() : {T[4]}
%uv, %visible = bev.project_points ins(%points, %matrices, %size : {T[0]}, {T[1]}, {T[2]}) outs(%uv_empty, %visible_empty : {T[3]}, {T[4]}) -> {T[3]}, {T[4]}
""" + program.body, program.results, {"out": (exact, 2e-5)})
    # Nobody asks: no queries at all, and no batch.
    for shape in ((2, 0), (0, 3)):
        bb, qq = shape
        p.add(f"empty-attention-batch-{bb}-queries-{qq}", {
            "value": ("tensor<?x39x4x8xf32>", np.zeros((bb, 39, 4, 8), np.float32)),
            "reference": ("tensor<?x?x1x2xf32>", np.zeros((bb, qq, 1, 2), np.float32)),
            "offsets": ("tensor<?x?x4x2x4x2xf32>", np.zeros((bb, qq, 4, 2, 4, 2), np.float32)),
            "logits": ("tensor<?x?x4x8xf32>", np.zeros((bb, qq, 4, 8), np.float32))}, """
%i0 = arith.constant 0 : index
%i1 = arith.constant 1 : index
%b = tensor.dim %offsets, %i0 : tensor<?x?x4x2x4x2xf32>
%q = tensor.dim %offsets, %i1 : tensor<?x?x4x2x4x2xf32>
%e = tensor.empty(%b, %q) : tensor<?x?x4x8xf32>
%r = bev.deformable_attention level levels([6, 5], [3, 3]) ins(%value, %reference, %offsets, %logits : tensor<?x39x4x8xf32>, tensor<?x?x1x2xf32>, tensor<?x?x4x2x4x2xf32>, tensor<?x?x4x8xf32>) outs(%e : tensor<?x?x4x8xf32>) -> tensor<?x?x4x8xf32>""",
              {"out": ("%r", "tensor<?x?x4x8xf32>")}, {"out": (np.zeros((bb, qq, 4, 8)), None)})
    p.add("empty-elementwise-and-reduction", {"x": ("tensor<?x4xf32>", np.zeros((0, 4), np.float32))}, """
%zero = arith.constant 0.0 : f32
%d = arith.addf %x, %x : tensor<?x4xf32>
%e = tensor.empty() : tensor<4xf32>
%f = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
%r = linalg.reduce { arith.addf } ins(%d : tensor<?x4xf32>) outs(%f : tensor<4xf32>) dimensions = [0]""",
          {"out": ("%r", "tensor<4xf32>"), "same": ("%d", "tensor<?x4xf32>")},
          {"out": (np.zeros(4), None), "same": (np.zeros((0, 4)), None)})


def programs(seed=0):
    """[(program, expected)]: everything above."""
    p = _Programs(seed)
    for part in (_functions, _softmax, _matmul, _transposes, _reductions, _shapes, _control_flow, _around_attention):
        part(p)
    return p.all


def in_place_programs(seed=0):
    """[(program, expected)]: ops whose destination is their own input, with the input as a result too."""
    p = _Programs(seed)
    x = p.rng.random((6, 7)).astype(np.float32)
    T = "tensor<6x7xf32>"
    p.add("inverse-sigmoid-onto-its-input", {"x": (T, x)}, f"""
%r = bev.inverse_sigmoid ins(%x : {T}) outs(%x : {T}) -> {T}""", {"out": ("%r", T), "input": ("%x", T)},
          {"out": (bevref.inverse_sigmoid(x), LIMITS["f32"]), "input": (x, None)})
    p.add("add-onto-its-input", {"x": (T, x)}, f"""
%r = linalg.add ins(%x, %x : {T}, {T}) outs(%x : {T}) -> {T}""", {"out": ("%r", T), "input": ("%x", T)},
          {"out": (2 * x.astype(np.float64), None), "input": (x, None)})
    prev, angle = p.normal(1, 5, 6, 4), np.array([90], np.float32)
    T = "tensor<1x5x6x4xf32>"
    p.add("warp-onto-its-input", {"prev": (T, prev), "angle": ("tensor<1xf32>", angle)}, f"""
%r = bev.warp_bev bilinear ins(%prev, %angle : {T}, tensor<1xf32>) outs(%prev : {T}) -> {T}""",
          {"out": ("%r", T), "input": ("%prev", T)},
          {"out": (bevref.warp_bev(prev, angle, center=None, mode="bilinear"), 1e-5), "input": (prev, None)})
    p.add("warp-onto-its-input-alone", {"prev": (T, prev), "angle": ("tensor<1xf32>", angle)}, f"""
%copy = arith.addf %prev, %prev : {T}
%r = bev.warp_bev bilinear ins(%copy, %angle : {T}, tensor<1xf32>) outs(%copy : {T}) -> {T}""", {"out": ("%r", T)},
          {"out": (2 * bevref.warp_bev(prev, angle, center=None, mode="bilinear"), 1e-5)})
    image, grid = p.normal(1, 2, 4, 4), (p.rng.random((1, 4, 4, 2)) * 2 - 1).astype(np.float32)
    T = "tensor<1x2x4x4xf32>"
    p.add("grid-sample-onto-its-input", {"image": (T, image), "grid": ("tensor<1x4x4x2xf32>", grid)}, f"""
%r = bev.grid_sample bilinear zeros ins(%image, %grid : {T}, tensor<1x4x4x2xf32>) outs(%image : {T}) -> {T}""",
          {"out": ("%r", T), "input": ("%image", T)},
          {"out": (bevref.grid_sample(image, grid), 1e-5), "input": (image, None)})
    square = p.normal(5, 5)
    T = "tensor<5x5xf32>"
    p.add("transpose-onto-its-input", {"x": (T, square)}, f"""
%r = linalg.transpose ins(%x : {T}) outs(%x : {T}) permutation = [1, 0]""", {"out": ("%r", T), "input": ("%x", T)},
          {"out": (square.T, None), "input": (square, None)})
    p.add("matmul-accumulating-into-an-argument", {"x": (T, square)}, f"""
%r = linalg.matmul ins(%x, %x : {T}, {T}) outs(%x : {T}) -> {T}""", {"out": ("%r", T), "input": ("%x", T)},
          {"out": (square.astype(np.float64) @ square + square, LIMITS["f32"]), "input": (square, None)})
    p.add("insert-into-an-argument", {"x": (T, square)}, f"""
%s = tensor.extract_slice %x[0, 0] [2, 5] [1, 1] : {T} to tensor<2x5xf32>
%r = tensor.insert_slice %s into %x[3, 0] [2, 5] [1, 1] : tensor<2x5xf32> into {T}""",
          {"out": ("%r", T), "input": ("%x", T)},
          {"out": (np.concatenate([square[:3], square[:2]]), None), "input": (square, None)})
    return p.all
