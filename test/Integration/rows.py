# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of several reductions over the same rows with elementwise ops before, between and after, which a GPU may run
as one kernel: normalizations of a sum to which something is added, and softmax, for rows of any size and kind.

    for program, expected in programs(): ...      # expected: {result: (array, relative L2 limit or None)}
"""
import numpy as np

import bevref
import harness
from mixed import LIMITS

# Rows x columns: parts of a warp, a warp, a block, rows too long for registers; whole steps and tails.
SIZES = ((1, 2), (5, 3), (9, 7), (3, 31), (8, 32), (5, 33), (17, 100), (40, 16), (70, 256), (2, 255), (3, 1000), (1, 1024),
         (2, 1025), (3, 2500), (1, 8192), (1, 8193), (260, 8200))
EPSILON = 1e-5


def _limit(element, columns):
    """That of mixed.py, which is for sums of a few hundred terms, for as many as the columns."""
    return LIMITS[element] * (max(1, columns / 512) if element == "f32" else 1)


def _map(rank, dims):
    names = [f"d{i}" for i in range(rank)]
    return f"affine_map<({', '.join(names)}) -> ({', '.join(names[d] for d in dims)})>"


def _generic(result, loops, inputs, output, body):
    """inputs: [(value, type, dims)]; output: the same of the destination; loops: iterator types."""
    rank = len(loops)
    maps = ", ".join(_map(rank, dims) for _, _, dims in inputs + [output])
    values, types = ", ".join(v for v, _, _ in inputs), ", ".join(t for _, t, _ in inputs)
    arguments = ", ".join(f"%e{i}: {t.rstrip('>').split('x')[-1].split('<')[-1]}"
                          for i, (_, t, _) in enumerate(inputs + [output]))
    return f"""%{result} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{", ".join(f'"{k}"' for k in loops)}]}}
    ins({values} : {types}) outs({output[0]} : {output[1]}) {{
^bb0({arguments}):
{body}
}} -> {output[1]}"""


def _wide(value, name, element):
    """A line that makes `name` the number `value` in f32, and its name."""
    return ("", value) if element == "f32" else (f"  {name} = arith.extf {value} : {element} to f32\n", name)


def _narrow(value, element):
    """The end of a body that yields the f32 `value` as the element."""
    if element == "f32":
        return f"  linalg.yield {value} : f32"
    return f"  %narrow = arith.truncf {value} : f32 to {element}\n  linalg.yield %narrow : {element}"


def _normalization(rng, shape, element, dynamic, results):
    """x = a + b, y = (x - mean) / deviation * gain, z = y + p over the last dimension; some of x, mean, y, z."""
    rank, columns = len(shape), shape[-1]
    a, b, p = (harness.store(rng.normal(3, 2, shape), element) for _ in range(3))
    gain = rng.normal(size=columns).astype(np.float32)
    if shape[0] > 1:
        a[0, ..., 0] = harness.store(np.array(np.inf), element)
    type, row_type = harness.tensor(shape, element, dynamic), harness.tensor(shape[:-1], "f32", dynamic)
    gain_type = harness.tensor((columns,), "f32", (0,) if rank - 1 in dynamic else ())
    everything, rows = tuple(range(rank)), tuple(range(rank - 1))
    parallel, reduction = ["parallel"] * rank, ["parallel"] * (rank - 1) + ["reduction"]
    lines = [f"%i{i} = arith.constant {i} : index\n%s{i} = tensor.dim %a, %i{i} : {type}" for i in dynamic]
    sizes, row_sizes = (", ".join(f"%s{i}" for i in dynamic if i < end) for end in (rank, rank - 1))
    lines += [f"%zero = arith.constant 0.0 : f32\n%one = arith.constant {1 / columns:.17e} : f32",
              f"%epsilon = arith.constant {EPSILON:.17e} : f32",
              f"%full = tensor.empty({sizes}) : {type}\n%short = tensor.empty({row_sizes}) : {row_type}",
              f"%zeros = linalg.fill ins(%zero : f32) outs(%short : {row_type}) -> {row_type}"]
    full, short = ("%full", type, everything), ("%short", row_type, rows)
    lines.append(_generic("x", parallel, [("%a", type, everything), ("%b", type, everything)], full,
                          f"  %v = arith.addf %e0, %e1 : {element}\n  linalg.yield %v : {element}"))
    wide, name = _wide("%e0", "%w", element)
    lines.append(_generic("sum", reduction, [("%x", type, everything)], ("%zeros", row_type, rows),
                          f"{wide}  %v = arith.addf %e1, {name} : f32\n  linalg.yield %v : f32"))
    lines.append(_generic("mean", parallel[1:], [("%sum", row_type, rows)], short,
                          "  %v = arith.mulf %e0, %one : f32\n  linalg.yield %v : f32"))
    lines.append(_generic("squares", reduction, [("%x", type, everything), ("%mean", row_type, rows)],
                          ("%zeros", row_type, rows),
                          f"{wide}  %d = arith.subf {name}, %e1 : f32\n  %q = arith.mulf %d, %d : f32\n"
                          "  %v = arith.addf %e2, %q : f32\n  linalg.yield %v : f32"))
    lines.append(_generic(
        "y", parallel, [("%x", type, everything), ("%mean", row_type, rows), ("%squares", row_type, rows),
                        ("%gain", gain_type, (rank - 1,))], full,
        f"{wide}  %d = arith.subf {name}, %e1 : f32\n  %q = arith.mulf %e2, %one : f32\n"
        "  %t = arith.addf %q, %epsilon : f32\n  %r = math.rsqrt %t : f32\n  %u = arith.mulf %d, %r : f32\n"
        f"  %v = arith.mulf %u, %e3 : f32\n{_narrow('%v', element)}"))
    lines.append(_generic("z", parallel, [("%y", type, everything), ("%p", type, everything)], full,
                          f"  %v = arith.addf %e0, %e1 : {element}\n  linalg.yield %v : {element}"))

    number = lambda array: np.asarray(harness.numbers(array, element), np.float64)
    rounded = lambda array: number(harness.store(array, element))
    with np.errstate(all="ignore"):
        x = rounded(number(a) + number(b))
        mean = x.mean(-1)
        y = (x - mean[..., None]) / np.sqrt(((x - mean[..., None]) ** 2).mean(-1, keepdims=True) + EPSILON) * gain
        exact = dict(x=x, mean=mean, y=y, z=y + number(p))
    types = dict(x=type, mean=row_type, y=type, z=type)
    program = harness.Program(
        f"normalization-{'x'.join(map(str, shape))}-{element}{'-dynamic' if dynamic else ''}-{'-'.join(results)}",
        dict(a=(type, a), b=(type, b), p=(type, p), gain=(gain_type, gain)), "\n".join(lines),
        {name: (f"%{name}", types[name]) for name in results})
    return program, {name: (exact[name], _limit("f32" if name == "mean" else element, columns)) for name in results}


def _softmax(rng, shape, element):
    x = harness.store(rng.normal(0, 4, shape), element)
    type = harness.tensor(shape, element)
    last = len(shape) - 1
    body = (f"%e = tensor.empty() : {type}\n"
            f"%r = linalg.softmax dimension({last}) ins(%x : {type}) outs(%e : {type}) -> {type}")
    return (harness.Program(f"softmax-rows-{'x'.join(map(str, shape))}-{element}", {"x": (type, x)}, body,
                            {"out": ("%r", type)}),
            {"out": (bevref.softmax(harness.numbers(x, element)), _limit(element, shape[-1]))})


def _integers(rng, shape, bits, op, f):
    """x less what `op` makes of its row."""
    element, numbers = f"i{bits}", np.dtype(f"i{bits // 8}")
    x = rng.integers(-100, 100, shape).astype(numbers)
    type, row_type = harness.tensor(shape, element), harness.tensor(shape[:1], element)
    body = "\n".join((
        f"%zero = arith.constant 0 : {element}\n%short = tensor.empty() : {row_type}\n%full = tensor.empty() : {type}",
        f"%zeros = linalg.fill ins(%zero : {element}) outs(%short : {row_type}) -> {row_type}",
        f"%row = linalg.reduce {{ arith.{op} }} ins(%x : {type}) outs(%zeros : {row_type}) dimensions = [1]",
        _generic("r", ["parallel"] * 2, [("%x", type, (0, 1)), ("%row", row_type, (0,))], ("%full", type, (0, 1)),
                 f"  %v = arith.subi %e0, %e1 : {element}\n  linalg.yield %v : {element}")))
    return (harness.Program(f"{op}-{'x'.join(map(str, shape))}-{element}", {"x": (type, x)}, body, {"out": ("%r", type)}),
            {"out": ((x - f(x)[:, None]).astype(numbers), None)})


def programs(seed=11):
    """[(Program, {result: (array, relative L2 limit)})]"""
    rng, found = np.random.default_rng(seed), []
    chosen = (("z",), ("x", "mean", "y", "z"), ("y", "z"), ("mean",))
    for i, shape in enumerate(SIZES):
        element = ("f32", "f16", "bf16")[i % 3]
        found.append(_normalization(rng, shape, "f32", (), chosen[i % 2]))
        found.append(_normalization(rng, shape, element, ((0,), (1,), (0, 1))[i // 3 % 3], chosen[i % 4]))
        found.append(_softmax(rng, shape, element))
    found.append(_normalization(rng, (4, 5, 48), "f16", (), chosen[1]))
    found.append(_normalization(rng, (4, 5, 48), "f32", (1,), chosen[1]))
    found.append(_normalization(rng, (0, 64), "f32", (0,), chosen[0]))
    for bits in (8, 32, 64):
        for shape in ((9, 5), (7, 45), (2, 1500)):
            numbers = np.dtype(f"i{bits // 8}")
            found.append(_integers(rng, shape, bits, "addi", lambda x, t=numbers: x.sum(1, dtype=t)))
            found.append(_integers(rng, shape, bits, "maxsi", lambda x: np.maximum(x.max(1), 0)))
    return found
