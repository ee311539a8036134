# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The integration suite, for any device: Suite is mixed into a unittest.TestCase that names the device (test_cpu.py,
test_gpu.py). Everything is computed by compiled code and compared with the float64 reference, within the tolerances of
reference/compare.py, or with itself, bit for bit.
"""
import os
import time
import unittest
import zlib

import numpy as np

import cases
import harness
import mixed
import projections
import rows
import schedules
from schedules import ATTENTION, GUARDS

SEED = 0


def same_bits(a, b):
    """Whether two arrays are equal bit for bit, except that one NaN is as good as another."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind == "f":
        equal_nan = np.isnan(a) & np.isnan(b)
        return bool(((a.view(f"u{a.itemsize}") == b.view(f"u{b.itemsize}")) | equal_nan).all())
    return bool((a == b).all())


def some(op, count, seed=SEED, first=None):
    """`count` of the op's generated cases, spread evenly over them: the last among them, or from number `first` on,
    counted around."""
    every = list(cases.generate(op, seed))
    if first is None:
        return [every[i] for i in sorted({round(k) for k in np.linspace(0, len(every) - 1, count)})]
    count = min(count, len(every))
    return [every[(first + k * len(every) // count) % len(every)] for k in range(count)]


def every(op):
    """The op's generated cases; at most as many as $BEV_TEST_CASES says, where it says so."""
    few = int(os.environ.get("BEV_TEST_CASES", "0"))
    return some(op, few) if few else list(cases.generate(op, SEED))


class Suite:
    """`forced` is the name of a schedule that all ops have which can."""
    device = "cpu"
    forced = None

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner(cls.device)
        reason = cls.runner.unavailable()
        if reason and cls.device == "cpu":
            raise RuntimeError(reason)
        if reason:
            print(f"skipped: {reason}", flush=True)
            raise unittest.SkipTest(reason)

    def report(self, title, count, elements, ignored, ratio, start):
        print(f"  {self.device}: {title}: {count} cases, {elements} elements compared, {ignored} ignored, worst error "
              f"{ratio:.2f} of its limit, {time.time() - start:.1f} s", flush=True)

    def succeed(self, problems, count):
        if problems:
            shown = problems[:20] + ([f"and {len(problems) - 20} more"] if len(problems) > 20 else [])
            self.fail(f"{len(problems)} problems in {count} cases:\n  " + "\n  ".join(shown))

    def program(self, case, **keywords):
        """The Program of a case, with the schedule that is forced."""
        schedule = schedules.of(self.forced, case) if self.forced else None
        return harness.of_case(case, **{"schedule": schedule, **keywords})

    def check_cases(self, title, chosen):
        """Runs the cases and compares with the reference."""
        self.check_programs(title, chosen, [self.program(case) for case in chosen])

    def check_programs(self, title, chosen, programs, runner=None):
        """Runs the programs, one of each of the cases, and compares with the reference."""
        start, problems, elements, ignored, ratio = time.time(), [], 0, 0, 0.0
        for case, outcome in zip(chosen, (runner or self.runner).run(programs)):
            if outcome.results is None:
                problems.append(f"{case['name']}: {outcome.error}")
                continue
            verdict = harness.judge(case, outcome.results)
            elements, ignored = elements + verdict.elements, ignored + verdict.ignored
            ratio = max(ratio, verdict.ratio)
            problems += [f"{case['name']}: {problem}" for problem in verdict.problems]
        self.report(title, len(chosen), elements, ignored, ratio, start)
        self.succeed(problems, len(chosen))

    def check_pairs(self, title, pairs):
        """pairs: [(program, program, f)]; f(results, results) gives a list of problems."""
        start, problems = time.time(), []
        outcomes = self.runner.run([program for a, b, _ in pairs for program in (a, b)])
        for (a, _, compare), first, second in zip(pairs, outcomes[::2], outcomes[1::2]):
            errors = [f"{o.program.name}: {o.error}" for o in (first, second) if o.results is None]
            problems += errors or [f"{a.name}: {p}" for p in compare(first.results, second.results)]
        print(f"  {self.device}: {title}: {len(pairs)} pairs, {time.time() - start:.1f} s", flush=True)
        self.succeed(problems, len(pairs))

    # The ops against the reference.

    def test_ms_deform_attn(self):
        self.check_cases("ms_deform_attn", every("ms_deform_attn"))

    def test_deformable_attention(self):
        self.check_cases("deformable_attention", every("deformable_attention"))

    def test_project_points(self):
        self.check_cases("project_points", every("project_points"))

    def test_spatial_cross_attention(self):
        self.check_cases("spatial_cross_attention", every("spatial_cross_attention"))

    def test_temporal_self_attention(self):
        self.check_cases("temporal_self_attention", every("temporal_self_attention"))

    def test_warp_bev(self):
        self.check_cases("warp_bev", every("warp_bev"))

    def test_ego_shift(self):
        self.check_cases("ego_shift", every("ego_shift"))

    def test_reference_grid(self):
        self.check_cases("reference_grid", every("reference_grid"))

    def test_grid_sample(self):
        self.check_cases("grid_sample", every("grid_sample"))

    def test_inverse_sigmoid(self):
        self.check_cases("inverse_sigmoid", every("inverse_sigmoid"))

    def test_frustum_to_voxel(self):
        self.check_cases("frustum_to_voxel", every("frustum_to_voxel"))

    def test_voxel_pool(self):
        self.check_cases("voxel_pool", every("voxel_pool"))

    def test_interval_pool(self):
        self.check_cases("interval_pool", every("interval_pool"))

    def test_segment_pool(self):
        self.check_cases("segment_pool", every("segment_pool"))

    def test_segment_pool_schedules(self):
        """Work items that sum several neighbours in the table, in blocks of any size."""
        rng, chosen, programs = np.random.default_rng(3), some("segment_pool", 72), []
        for case in chosen:
            channels = case["inputs"]["feat"].shape[-1]
            divisors = [n for n in range(1, channels + 1) if channels % n == 0]
            lanes = rng.choice(divisors)
            threads = rng.choice([n for n in (32, 64, 96, 128, 256, 512) if n * lanes >= channels])
            schedule = (f"lanes = {lanes}, threads = {threads}, blocks = {rng.choice([0, 0, 2])}, "
                        f"guard = {rng.choice(GUARDS[:3])}, rows = {rng.choice([1, 2, 3, 4, 8])}, "
                        f"points = {rng.choice([1, 3, 7, 16, 32, 64])}, together = {rng.choice([1, 2, 4, 5, 16])}, "
                        f"prefetch = {rng.choice(['none', 'value', 'all'])}")
            programs.append(harness.of_case(case, schedule=f"#bev.schedule<{schedule}>"))
        self.check_programs("schedules of segment pools", chosen, programs)

    def test_permuting_segments_permutes_sums(self):
        """A sum does not depend on its segment's neighbours in the table."""
        rng, pairs = np.random.default_rng(4), []
        for i, case in enumerate(some("segment_pool", 24)):
            order = rng.permutation(len(case["inputs"]["segments"]))
            inputs = dict(case["inputs"], segments=np.ascontiguousarray(case["inputs"]["segments"][order]))
            rows = f"#bev.schedule<lanes = 1, threads = 128, rows = {(4, 1, 8, 3)[i // 2 % 4]}>" if i % 2 else None
            pairs.append((self.program(case, schedule=rows),
                          self.program(dict(case, name=case["name"] + "-permuted", inputs=inputs), schedule=rows),
                          lambda a, b, order=order: [] if same_bits(a["out"][order], b["out"])
                          else ["permuting the segments changes results"]))
        self.check_pairs("permuted segments", pairs)

    def test_pool_schedules(self):
        """Pools with every guard, and with blocks that share the points of their rows."""
        chosen, programs = some("voxel_pool", 40) + some("interval_pool", 20), []
        for i, case in enumerate(chosen):
            channels = case["inputs"]["feat"].shape[-1]
            divisors = [n for n in range(1, channels + 1) if channels % n == 0]
            lanes = (divisors[len(divisors) // 2], divisors[-1], 1, divisors[len(divisors) // 3])[i % 4]
            lanes = lanes if channels <= 32 * lanes else divisors[-1]
            if lanes > 32 and lanes % 2 and case["dtypes"]["feat"] == "bf16":
                lanes = divisors[-2]  # for some x86, LLVM cannot divide such a vector
            rows, guard = (1, 5, 0, 16, 32)[i % 5], GUARDS[i % 3]
            threads, points = (32, 128, 96)[i % 3], (16, 1, 64, 7)[i % 4]
            schedule = f"lanes = {lanes}, threads = {threads}, guard = {guard}, rows = {rows}, points = {points}"
            schedule += f", prefetch = {('none', 'value', 'all')[i // 2 % 3]}"
            if rows:
                types = {array.dtype.name for name, array in case["inputs"].items() if name in ("feat", "depth")}
                packed = str(types == {"float16"}).lower()
                schedule += f", together = {1 + i % 4}, packed = {packed}"
            programs.append(harness.of_case(case, schedule=f"#bev.schedule<{schedule}>"))
        self.check_programs("schedules of pools", chosen, programs)

    @staticmethod
    def known_tables(case, all_of_them=True):
        """The inputs that say which points a cell has: all tables, or those that say how many it has."""
        names = [name for name in case["inputs"] if case["dtypes"][name] == "i32"]
        return names if all_of_them else [name for name in names if not name.startswith(("ranks_d", "ranks_f"))]

    def test_known_tables(self):
        """Pools whose tables are constants: these are expanded, and rows divided among blocks, when compiling."""
        chosen, programs = every("voxel_pool") + every("interval_pool"), []
        for i, case in enumerate(chosen):
            channels = case["inputs"]["feat"].shape[-1]
            rows = f"rows = {(1, 5, 16, 32)[i // 2 % 4]}, points = {(1, 7, 16, 64)[i // 8 % 4]}"
            lanes = max(n for n in range(1, 33) if channels % n == 0)
            schedule = f"#bev.schedule<lanes = {lanes}, threads = {(32, 128)[i % 3 // 2]}, {rows}, balance = true>"
            forced = i % 2 and channels <= 32 * lanes
            programs.append(harness.of_case(case, schedule=schedule if forced else None,
                                            constants=self.known_tables(case, i % 3 != 1)))
        self.check_programs("pools of known tables", chosen, programs)

    def test_known_tables_repeat_bits(self):
        """Sums do not depend on when their tables are made, nor on which block makes them."""
        pairs = []
        for i, case in enumerate(some("voxel_pool", 60) + some("interval_pool", 30)):
            channels = case["inputs"]["feat"].shape[-1]
            lanes = max(n for n in range(1, 33) if channels % n == 0)
            if channels > 32 * lanes:
                continue
            rows = f"lanes = {lanes}, threads = 128, rows = {(1, 5, 16, 32)[i % 4]}, points = {(1, 7, 16, 64)[i // 4 % 4]}"
            known = dict(case, name=case["name"] + "-known")
            pairs.append((harness.of_case(case, schedule=f"#bev.schedule<{rows}>"),
                          harness.of_case(known, schedule=f"#bev.schedule<{rows}, balance = true>",
                                          constants=self.known_tables(case, i % 2)),
                          lambda a, b: [] if same_bits(a["out"], b["out"]) else ["known tables change results"]))
        self.assertGreater(len(pairs), 40)
        self.check_pairs("bits of pools of known tables", pairs)

    def test_narrow_records(self):
        """f16 attentions whose teams have two samples a record, with one or several samples read at once: also where
        sums in f16 overflow, values are not finite, or most of the softmax is outside of the map."""
        chosen, programs = [], []
        for op in ATTENTION:
            fitting = [case for seed in range(12) for case in cases.generate(op, seed) if self.has_narrow_records(case)]
            self.assertGreaterEqual(len(fitting), 8, op)
            for i, case in enumerate(fitting[:12]):
                if i % 3 == 1:  # what f16 can just hold, all of one sign: two samples' sums are beyond it
                    value = np.abs(case["inputs"]["value"].astype(np.float32)) * 100 + 5e4
                    value = np.where(np.isfinite(value), np.minimum(value, 6e4), case["inputs"]["value"])
                    case = dict(case, name=case["name"] + "-huge",
                                inputs=dict(case["inputs"], value=value.astype(np.float16)))
                if i % 3 != 1 and case["dtypes"].get("weights", "f16") != "f16":  # beyond what f16 holds
                    factor = 2.0 ** (20, -20)[i % 2]
                    case = dict(case, name=f"{case['name']}-weights-{factor:g}", inputs=dict(
                        case["inputs"], weights=case["inputs"]["weights"] * np.float32(factor),
                        value=(case["inputs"]["value"] * np.float32(2.0 ** (-12, 10)[i % 2])).astype(np.float16)))
                if i % 3 == 2 and "logits" in case["inputs"]:
                    logits = case["inputs"]["logits"].copy()
                    logits[..., 0] += 8
                    case = dict(case, name=case["name"] + "-peak", inputs=dict(case["inputs"], logits=logits))
                team = 4 if case["inputs"]["value"].shape[-1] % 4 == 0 else 2
                lanes = case["inputs"]["value"].shape[-1] // team
                chosen.append(case)
                programs.append(harness.of_case(case, schedule=(
                    f"#bev.schedule<lanes = {lanes}, threads = {(64, 128)[i % 2]}, guard = speculate, share = true, "
                    f"packed = true, together = {(1, 2, 4)[i // 3 % 3]}>")))
        self.check_programs("narrow records", chosen, programs, self.team_runner())

    @staticmethod
    def has_narrow_records(case):
        """Whether f16 records say it, and a team of 4 or 2 members takes neighbouring samples of the case two at a
        time."""
        channels = case["inputs"]["value"].shape[-1]
        shape = case["inputs"]["logits" if "logits" in case["inputs"] else "weights"].shape
        points = case["inputs"]["offsets" if "offsets" in case["inputs"] else "locations"].shape[-2]
        team = 4 if channels % 4 == 0 else 2
        return (case["dtypes"]["value"] == "f16" and channels % team == 0 and channels > team and points % 2 == 0 and
                np.prod(shape[3:]) % (2 * team) == 0 and "S" not in case["dynamic"] and not case["dynamic_levels"])

    def test_head_major_values(self):
        """Values [M,S,D]: whole rows with the default schedule and every guard, and, in parts of rows, teams."""
        chosen, programs = [], []
        for op in ATTENTION:
            for i, case in enumerate(some(op, 16)):
                channels = next(iter(case["inputs"].values())).shape[-1]
                lanes = channels // 2 if channels % 2 == 0 else channels
                # A block's records fit its shared memory.
                share = "true" if i % 8 > 3 and lanes < channels else "false"
                schedule = (None if i % 4 == 0 else
                            f"#bev.schedule<lanes = {lanes}, threads = 32, guard = {GUARDS[i % 3]}, share = {share}>")
                chosen.append(case)
                programs.append(harness.of_case(case, schedule=schedule, value_layout="head_major"))
        self.check_programs("head-major values", chosen, programs)

    def check_schedule(self, name):
        """The schedule that tests force by that name, on some cases of each op."""
        chosen, programs = [], []
        for op in ATTENTION + ("warp_bev",):
            for case in some(op, 2 if self.device == "cpu" else 8, first=zlib.crc32(name.encode())):
                schedule = schedules.of(name, case)
                if schedule:
                    chosen.append(case)
                    programs.append(harness.of_case(case, schedule=schedule))
        self.check_programs(f"schedule {name}", chosen, programs,
                            self.team_runner() if name.split("_")[1] == "team" else None)

    def team_runner(self):
        """A Runner of schedules with teams: the CPU's own pipeline ignores them. Their loops mean the same one after
        the other."""
        passes = ("--pass-pipeline=builtin.module(func.func(bev-tile-to-forall,bev-share-sampling))",)
        return harness.Runner(self.device, passes=passes) if self.device == "cpu" else self.runner

    # What must not change a result.

    def test_repetitions_give_the_same_bits(self):
        """Each op twice in one process, and once more in another."""
        start = time.time()
        programs = [self.program(case) for op in cases.OPS for case in some(op, 4 if self.device == "cpu" else 12)]
        twice, again, count = self.runner.run(programs + programs), self.runner.run(programs), len(programs)
        self.check_same_bits("three runs", "differs between runs", [twice[:count], twice[count:], again], start)

    def check_same_bits(self, title, difference, runs, start):
        """runs: the outcomes of the same programs, each time."""
        problems = []
        for first, *others in zip(*runs):
            for other in others:
                if first.results is None or other.results is None:
                    problems.append(f"{first.program.name}: {first.error or other.error}")
                    break
                problems += [f"{first.program.name}: {name} {difference}" for name in first.results
                             if not same_bits(first.results[name], other.results[name])]
        print(f"  {self.device}: {title}: {len(runs[0])} cases, {time.time() - start:.1f} s", flush=True)
        self.succeed(problems, len(runs[0]))

    def test_permuting_queries_permutes_results(self):
        rng, pairs = np.random.default_rng(1), []
        for op in ATTENTION:
            for case in some(op, 6):
                axis = case["layout"]["logits" if "logits" in case["inputs"] else "weights"].index("Q")
                queries = case["inputs"]["logits" if "logits" in case["inputs"] else "weights"].shape[axis]
                order = rng.permutation(queries)
                pairs.append((self.program(case), self.program(cases.permuted_queries(case, order)),
                              lambda a, b, order=order: [] if same_bits(a["out"][:, order], b["out"])
                              else ["permuting the queries changes results"]))
        self.check_pairs("permuted queries", pairs)

    def test_batch_rows_are_independent(self):
        pairs = []
        for op in ATTENTION + ("warp_bev", "project_points", "grid_sample", "frustum_to_voxel", "voxel_pool"):
            for case in some(op, 24 if op == "voxel_pool" else 8):
                if "ranks_bev" in case["inputs"] or "segments" in case["inputs"]:
                    continue  # one table for all rows
                letter = "N" if op == "grid_sample" else "B"
                source = next(n for n in case["inputs"] if letter in case["layout"][n])
                batch = case["inputs"][source].shape[case["layout"][source].index(letter)]
                if batch < 2:
                    continue
                row = batch - 1
                # uv of a NaN matrix is not specified.
                names = [n for n in case["outputs"]]
                pairs.append((self.program(case), self.program(cases.single_row(case, row)),
                              lambda a, b, row=row, names=names: [
                                  f"{n}: row {row} alone differs from row {row} of the batch" for n in names
                                  if not same_bits(a[n][row:row + 1], b[n])]))
        self.check_pairs("single batch rows", pairs)

    def test_levels_compose(self):
        """The attention over all levels is the sum of those over each level."""
        start, problems, programs, chosen = time.time(), [], [], []
        for case in cases.generate("ms_deform_attn", SEED):
            shapes = case["attrs"]["level_shapes"]
            if len(shapes) < 2 or case["dtypes"]["value"] != "f32" or case["dtypes"]["locations"] != "f32":
                continue
            if len(chosen) == 8:
                break
            chosen.append(case)
            programs.append(self.program(case))
            begin = 0
            for l, (h, w) in enumerate(shapes):
                inputs = dict(value=case["inputs"]["value"][:, begin:begin + h * w],
                              locations=case["inputs"]["locations"][:, :, :, l:l + 1],
                              weights=case["inputs"]["weights"][:, :, :, l:l + 1])
                programs.append(self.program(dict(
                    case, name=f"{case['name']}-level{l}", attrs=dict(level_shapes=[(h, w)]),
                    inputs={n: np.ascontiguousarray(a) for n, a in inputs.items()})))
                begin += h * w
        outcomes = iter(self.runner.run(programs))
        for case in chosen:
            joint = next(outcomes)
            parts = [next(outcomes) for _ in case["attrs"]["level_shapes"]]
            errors = [f"{o.program.name}: {o.error}" for o in [joint] + parts if o.results is None]
            problems += errors
            if errors:
                continue
            total = sum(part.results["out"].astype(np.float64) for part in parts)
            comparison = harness.compare.compare(joint.results["out"], total)
            if not comparison.within(1e-6):
                problems.append(f"{case['name']}: joint against the sum of its levels: {comparison}")
        print(f"  {self.device}: split level sets: {len(chosen)} cases, {time.time() - start:.1f} s", flush=True)
        self.assertTrue(chosen)
        self.succeed(problems, len(chosen))

    def test_destinations_that_are_arguments_stay_as_they_are(self):
        start, problems, chosen = time.time(), [], [case for op in cases.OPS for case in some(op, 3)]
        programs = [self.program(case, destination_argument=True) for case in chosen]
        for case, outcome in zip(chosen, self.runner.run(programs)):
            if outcome.results is None:
                problems.append(f"{case['name']}: {outcome.error}")
                continue
            problems += [f"{case['name']}: {p}" for p in harness.judge(case, outcome.results).problems]
            problems += [f"{case['name']}: the argument '{name}_init' was overwritten" for name in case["outputs"]
                         if not same_bits(outcome.results[f"{name}_init"],
                                          outcome.program.arguments[f"{name}_init"][1])]
        print(f"  {self.device}: destinations as arguments: {len(chosen)} cases, {time.time() - start:.1f} s", flush=True)
        self.succeed(problems, len(chosen))

    def test_inputs_are_not_overwritten(self):
        """Ops that may write into their input's memory, and the input as a result beside theirs."""
        start, problems = time.time(), []
        programs = mixed.in_place_programs()
        for program, outcome in zip(programs, self.runner.run([p for p, _ in programs])):
            name = program[0].name
            if outcome.results is None:
                problems.append(f"{name}: {outcome.error}")
                continue
            problems += [f"{name}: {problem}" for problem in mixed.problems(outcome.results, *program)[0]]
        print(f"  {self.device}: inputs in place: {len(programs)} cases, {time.time() - start:.1f} s", flush=True)
        self.succeed(problems, len(programs))

    def test_threads_do_not_change_results(self):
        if self.device != "cpu":
            self.skipTest("--threads is for the CPU")
        start = time.time()
        programs = [self.program(case) for op in cases.OPS for case in some(op, 3)]
        programs += [program for program, _ in mixed.programs()[::3]]
        outcomes = [harness.Runner(self.device, threads=n).run(programs) for n in (1, 2, 5)]
        self.check_same_bits("1, 2 and 5 threads", "depends on the number of threads", outcomes, start)

    # bev ops among upstream ops.

    def check_expected(self, title, programs, runner):
        """programs: [(program, expected)], as mixed.programs() gives them."""
        start, problems, elements, ratio = time.time(), [], 0, 0.0
        for program, outcome in zip(programs, runner.run([p for p, _ in programs])):
            name = program[0].name
            if outcome.results is None:
                problems.append(f"{name}: {outcome.error}")
                continue
            found, count, worst = mixed.problems(outcome.results, *program)
            problems += [f"{name}: {problem}" for problem in found]
            elements, ratio = elements + count, max(ratio, worst)
        self.report(title, len(programs), elements, 0, ratio, start)
        self.succeed(problems, len(programs))

    def test_mixed(self):
        self.check_expected("mixed with linalg, tensor, scf", mixed.programs(), self.runner)

    def test_rows(self):
        """Reductions over the same rows, and what is around them."""
        self.check_expected("rows", rows.programs(), self.runner)

    def test_projections(self):
        """Attentions between linear layers, as they are and rearranged."""
        layouts = "--bev-propagate-value-layout=when="
        for passes in ([], ["--bev-pack-projections"], [layouts + "absorbed"],
                       ["--bev-pack-projections", layouts + "always", "--canonicalize", "--cse"]):
            self.check_expected("projections " + " ".join(passes), projections.programs(),
                                harness.Runner(self.device, passes=passes))


def _add_schedule_tests():
    """A test for each schedule: compiling is most of their time, and tests can run side by side."""
    for name in schedules.NAMES:
        def test(self, name=name):
            self.check_schedule(name)
        test.__doc__ = f"The schedule {name}, on some cases of each op."
        setattr(Suite, f"test_schedules_{name}", test)


_add_schedule_tests()

# What a forced schedule can change.
_FORCED_TESTS = tuple(f"test_{op}" for op in ATTENTION + ("warp_bev",)) + (
    "test_repetitions_give_the_same_bits", "test_permuting_queries_permutes_results",
    "test_batch_rows_are_independent", "test_levels_compose",
    "test_destinations_that_are_arguments_stay_as_they_are")


def forced_classes(device):
    """{name: TestCase} of the tests that a schedule can change, one class for each schedule in $BEV_TEST_SCHEDULES."""
    others = {name: None for name in dir(Suite) if name.startswith("test_") and name not in _FORCED_TESTS}
    return {f"Forced_{name}": type(f"Forced_{name}", (Suite, unittest.TestCase),
                                   {"device": device, "forced": name, "__module__": __name__, **others})
            for name in schedules.asked_for()}
