# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gradients of the attention ops on any device, against float64 and against themselves."""
import time
import unittest

import numpy as np

import backwardref
import bf16
import compare
import harness
import suite

# Of a coordinate, in parts of the map's size: nearer to the centre of a pixel, f32 may see another cell.
NEAR_CENTER = 3e-6
WILD = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 1e7, -1e7], np.float32)


def _case(name, seed, op, *, B=2, Q=7, M=2, D=8, levels=((5, 7),), P=4, R=1, kind="level", order="mod", type="f32",
          side=None, where="around", dynamic=False, schedule=None, deterministic=False, poison=False,
          strange=False, narrow=False, written=False):
    """Arrays and attributes of one case. `where`: inside, around (some outside), wild (NaN, infinities, far), one
    (all in one cell), exact (on a lattice of 1/8 pixels, the map's borders among them; sizes a power of two).
    `strange`: some rows of value are NaN, and one query's of grad_out. `written`: kernels write the operands just
    before."""
    rng = np.random.default_rng(seed)
    L, S = len(levels), sum(h * w for h, w in levels)
    side = side or type
    spread = dict(inside=(0.02, 0.98), one=(0.5, 0.5)).get(where, (-0.3, 1.3))
    uv = rng.uniform(*spread, (B, Q, M, L, P, 2)).astype(np.float32)
    if where == "wild":
        uv = np.where(rng.random(uv.shape) < 0.2, rng.choice(WILD, uv.shape), uv)
    if where == "exact":
        size = np.array([[w, h] for h, w in levels])[:, None]
        uv = ((rng.integers(-9, 8 * size + 2, uv.shape) / 8 + 0.5) / size).astype(np.float32)
    arrays = dict(value=rng.standard_normal((B, S, M, D)))
    if poison:
        # Cells that nothing can sample: rows of a level beyond what `where` reaches.
        arrays["value"][:, -1] = np.nan
        uv = np.minimum(uv, np.float32(0.6))
    if op == "ms_deform_attn":
        arrays.update(locations=uv, weights=rng.random((B, Q, M, L, P)))
        types = dict(value=type, locations="f32", weights=side)
        layout = dict(value="BSMD", locations="BQMLP2", weights="BQMLP")
    else:
        wh = np.array([[w, h] for h, w in levels], np.float32)[:, None]
        if kind == "box":
            reference = rng.uniform(0.2, 0.8, (B, Q, R, 4)).astype(np.float32)
            offsets = rng.standard_normal((B, Q, M, L, P, 2)) * 4
        else:
            reference = rng.uniform(0.0, 1.0, (B, Q, R, 2)).astype(np.float32)
            offsets = rng.standard_normal((B, Q, M, L, P, 2)) * 2
            if where in ("one", "exact"):
                reference[:] = 0.5
                offsets = (uv - np.float32(0.5)) * wh
        if where == "wild":
            offsets = np.where(rng.random(offsets.shape) < 0.2, rng.choice(WILD[:3], offsets.shape), offsets)
        arrays.update(reference=reference, offsets=offsets, logits=rng.standard_normal((B, Q, M, L * P)) * 2)
        types = dict(value=type, reference="f32", offsets=side, logits=side)
        layout = dict(value="BSMD", reference="BQR" + str(reference.shape[3]), offsets="BQMLP2", logits="BQMK")
    arrays["grad_out"] = rng.standard_normal((B, Q, M, D))
    if strange:
        arrays["value"][rng.random((B, S, M)) < 0.1] = np.nan
        arrays["grad_out"][0, Q // 2] = np.nan
    types["grad_out"], layout["grad_out"] = type, "BQMD"
    outputs = dict(grad_value=(type if narrow else "f32", "BSMD"))
    for operand in list(arrays)[-3:-1]:
        outputs["grad_" + operand] = (types[operand], layout[operand])
    inputs = {n: harness.store(a, types[n]) for n, a in arrays.items()}
    return dict(name=f"{op}-{name}", op=op, inputs=inputs, types=types, layout=layout, outputs=outputs, levels=levels,
                kind=kind, order=order, dynamic=dynamic, schedule=schedule, deterministic=deterministic, where=where,
                written=written)


def program_of(case):
    """The harness.Program of a case."""
    dynamic = "BQS" if case["dynamic"] else ""

    def type_of(name, shape, element, layout):
        return harness.tensor(shape, element, [i for i, letter in enumerate(layout) if letter in dynamic])

    types = {n: type_of(n, a.shape, case["types"][n], case["layout"][n]) for n, a in case["inputs"].items()}
    arguments = {n: (types[n], a) for n, a in case["inputs"].items()}
    lines, out_types = [], {}
    operands = {n: f"%{n}" for n in case["inputs"]}
    if case["written"]:
        # Negative ones, turned around.
        for n, (type, array) in arguments.items():
            arguments[n] = (type, array ^ np.uint16(1 << 15) if array.dtype == np.uint16 else -array)
            operands[n] = f"%{n}_written"
            lines.append(f"{operands[n]} = arith.negf %{n} : {type}")
    sources = [n for n in case["inputs"] if n != "reference"]
    for name, (element, layout) in case["outputs"].items():
        source = "value" if name == "grad_value" else name.removeprefix("grad_")
        out_types[name] = type_of(name, case["inputs"][source].shape, element, layout)
        sizes = []
        for i, letter in enumerate(layout):
            if letter in dynamic:
                lines += [f"%{name}_i{i} = arith.constant {i} : index",
                          f"%{name}_d{i} = tensor.dim %{source}, %{name}_i{i} : {types[source]}"]
                sizes.append(f"%{name}_d{i}")
        lines.append(f"%{name}_init = tensor.empty({', '.join(sizes)}) : {out_types[name]}")
    levels = []
    for i, (h, w) in enumerate(case["levels"]):
        if case["dynamic"]:
            arguments[f"h{i}"], arguments[f"w{i}"] = ("index", np.int64(h)), ("index", np.int64(w))
        levels.append(f"[%h{i}, %w{i}]" if case["dynamic"] else f"[{h}, {w}]")
    clauses = ["deterministic"] if case["deterministic"] else []
    if case["op"] == "deformable_attention":
        clauses.append(case["kind"])
        if case["order"] != "mod":
            clauses.append(f"anchor_order({case['order']})")
    clauses.append(f"levels({', '.join(levels)})")
    if case["schedule"]:
        clauses.append(f"schedule(<{case['schedule']}>)")
    names, outs = list(case["inputs"]), list(case["outputs"])
    clauses.append(f"ins({', '.join(operands[n] for n in names)} : {', '.join(types[n] for n in names)})")
    clauses.append(f"outs({', '.join(f'%{n}_init' for n in outs)} : {', '.join(out_types[n] for n in outs)})")
    lines.append(f"%r:3 = bev.{case['op']}_backward {' '.join(clauses)} -> "
                 + ", ".join(out_types[n] for n in outs))
    assert sources
    return harness.Program(case["name"], arguments, "\n".join(lines),
                           {n: (f"%r#{i}", out_types[n]) for i, n in enumerate(outs)})


def problems_of(case, results):
    """What is wrong with the results, one line each, and the largest error in parts of its limit."""
    decoded = [bf16.from_bits(a) if case["types"][n] == "bf16" else a for n, a in case["inputs"].items()]
    if case["op"] == "ms_deform_attn":
        expected = backwardref.ms_deform_attn(*decoded, case["levels"])
    else:
        expected = backwardref.deformable_attention(*decoded, case["levels"], case["kind"], case["order"])
    sizes = np.array([[w, h] for h, w in case["levels"]])[:, None]
    with np.errstate(invalid="ignore"):
        pixels = expected[3]
        unclear = np.abs(pixels - np.round(pixels)) < NEAR_CENTER * sizes
    unclear = unclear.any(-1) if case["where"] != "exact" else np.zeros(pixels.shape[:-1], bool)
    problems, ratio, extent = [], 0.0, max(max(s) for s in case["levels"])
    for (name, (element, _)), want in zip(case["outputs"].items(), expected):
        got = harness.numbers(results[name], element)
        ignore = unclear if name in ("grad_locations", "grad_offsets") else None
        # Slopes err as much as values do, and cancel.
        limit = 2 * compare.tolerance(element, extent)
        found = compare.compare(got, want, ignore)
        ratio = max(ratio, found.relative_l2 / limit)
        if not found.within(limit):
            problems.append(f"{case['name']}: {name}: {found}; limit {limit:.1e}")
    return problems, ratio


def cases():
    """All of them: types, sizes, reference kinds, borders, and what is not finite."""
    every, seed = [], 0
    levels = (((5, 7),), ((6, 4), (3, 2)), ((1, 9), (5, 5), (2, 3)), ((8, 6), (4, 3), (2, 2), (1, 1)))

    def add(op, name, **sizes):
        nonlocal seed
        seed += 1
        every.append(_case(f"{seed:03d}-{name}", seed, op, **sizes))

    for op in ("ms_deform_attn", "deformable_attention"):
        for i, D in enumerate((16, 32, 64, 1, 5, 12, 20, 33, 128)):
            add(op, f"channels-{D}", D=D, levels=levels[i % 4], type=("f32", "f16", "bf16")[i % 3])
        for i, L in enumerate(levels):
            add(op, f"levels-{len(L)}", levels=L, P=(1, 3, 4, 8)[i], Q=(1, 33, 130, 17)[i], M=(1, 3, 4, 8)[i], B=1 + i)
            add(op, f"mixed-{len(L)}", levels=L, type="f16", side="f32", where="inside", P=2)
            add(op, f"dynamic-{len(L)}", levels=L, dynamic=True, Q=21, type=("f32", "f16")[i % 2], D=32)
        for where in ("wild", "one", "inside"):
            add(op, where, where=where, Q=40, D=16, levels=levels[1])
            add(op, where, where=where, Q=40, D=16, levels=levels[1], deterministic=True)
        for share in ("true", "false"):
            add(op, "strange", where="wild", strange=True, Q=12, D=8,
                schedule=f"lanes = 4, threads = 64, points = 8, share = {share}")
        add(op, "long", P=70, Q=3, levels=levels[1])
        add(op, "exact", where="exact", levels=((8, 4), (2, 2)), Q=50, D=4)
        add(op, "many", Q=300, levels=((16, 16),), D=32, P=8)
        add(op, "many", Q=300, levels=((16, 16),), D=32, P=8, deterministic=True, dynamic=True)
        # grad_value of value's type, where most of its rows are touched by samples and where few are.
        for i, type in enumerate(("f16", "bf16")):
            for Q, size in ((60, (6, 6)), (9, (24, 20))):
                for deterministic in (False, True):
                    add(op, f"narrow-{Q}", narrow=True, type=type, side=("f32", type)[i], Q=Q, levels=(size, (3, 4)),
                        D=(32, 12)[i], deterministic=deterministic, dynamic=Q == 60 and i == 1)
        # grad_value mostly 0.
        for B, D in ((1, 32), (3, 12), (2, 5)):
            add(op, "few", B=B, Q=5, D=D, levels=((23, 20), (3, 4)), type=("f32", "f16")[B % 2])
        add(op, "few", B=2, Q=40, M=8, D=32, P=2, levels=((64, 64),), narrow=True)
        # Kernels before those of the gradients, which do not wait for all of these.
        for i, (size, narrow) in enumerate((((6, 5), False), ((40, 40), False), ((40, 40), True))):
            add(op, f"written-{i}", B=2, Q=70, M=8, D=32, levels=(size,), type=("f32", "f16", "bf16")[i], narrow=narrow,
                written=True)
        add(op, "none", Q=0)
        add(op, "none", Q=0, dynamic=True)
        add(op, "none", Q=0, narrow=True, type="f16")
    add("ms_deform_attn", "poison", poison=True, levels=((6, 6),), where="inside")
    for i, (kind, R, order) in enumerate((("level", 1, "mod"), ("level", 4, "mod"), ("box", 1, "mod"), ("box", 4, "mod"),
                                          ("pillar", 4, "mod"), ("pillar", 4, "div"), ("pillar", 2, "div"),
                                          ("pillar", 1, "mod"))):
        add("deformable_attention", f"{kind}-{R}-{order}", kind=kind, R=R, order=order, levels=levels[3], P=8, D=32,
            type=("f32", "f16")[i % 2], dynamic=i % 3 == 0, Q=9)
    return every


class Suite:
    device = "cpu"

    @classmethod
    def setUpClass(cls):
        suite.Suite.setUpClass.__func__(cls)

    def check(self, title, chosen):
        start, problems, worst = time.time(), [], 0.0
        for case, outcome in zip(chosen, self.runner.run([program_of(case) for case in chosen])):
            if outcome.results is None:
                problems.append(f"{case['name']}: {outcome.error}")
                continue
            found, ratio = problems_of(case, outcome.results)
            problems, worst = problems + found, max(worst, ratio)
        print(f"  {self.device}: {title}: {len(chosen)} cases, worst error {worst:.2f} of its limit, "
              f"{time.time() - start:.1f} s", flush=True)
        self.assertEqual(problems, [], "\n  ".join([f"{len(problems)} problems"] + problems[:20]))

    def test_gradients(self):
        self.check("gradients", cases())

    def test_schedules(self):
        """Every way to divide the channels, with and without samples sorted by cell."""
        chosen = []
        for i, (lanes, threads, points, share) in enumerate(
                (lanes, threads, points, share) for share in ("true", "false")
                for lanes, threads, points in ((1, 32, 4), (2, 64, 8), (4, 128, 16), (8, 256, 32), (16, 128, 12),
                                               (32, 32, 1))):
            for op in ("ms_deform_attn", "deformable_attention"):
                chosen.append(_case(f"schedule-{i}-{share}", 100 + i, op, D=32, Q=90, levels=((9, 8), (4, 5)),
                                    type=("f32", "f16", "bf16")[i % 3], dynamic=i % 2 == 1,
                                    schedule=f"lanes = {lanes}, threads = {threads}, points = {points}, "
                                             f"share = {share}"))
        self.check("schedules of gradients", chosen)

    def test_deterministic(self):
        """Two runs of one program give the same bits."""
        chosen = [_case(f"same-{op}", 7, op, Q=500, D=32, levels=((4, 4),), deterministic=True)
                  for op in ("ms_deform_attn", "deformable_attention")]
        programs = [program_of(case) for case in chosen]
        first, second = self.runner.run(programs), self.runner.run(programs)
        for a, b in zip(first, second):
            self.assertIsNotNone(a.results, a.error)
            for name in a.results:
                self.assertTrue(suite.same_bits(a.results[name], b.results[name]), name)
