# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The same by others on the same machine: PyTorch eager, torch.compile, and a Triton kernel.

Compiling takes them seconds each, so processes of their own do it at the same time, within a limit;
they measure afterwards, one at a time, when told to.

A case (attention.Case, pooling.Case) has `dist`, `row()`, `sets()`, `operands(seed)`, `check(operands)`
whose `error(result)` is the error, and `composed()`: {form: function of the operands} of PyTorch's
operators and `triton_kernel()`, a function whose `compiling()` and `choosing()` are contexts.
"""
import dataclasses
import multiprocessing
import os
import sys
import time
import traceback

NAMES = ("eager", "compile", "triton")


@dataclasses.dataclass
class _Baseline:
    """One way to compute a case."""

    name: str
    form: str
    function: object
    compile_s: float = 0.0
    failed: str = ""


def _reason(error):
    return f"{type(error).__name__}: {(str(error).strip() or 'no message').splitlines()[0]}"[:200]


def _baselines(case, names):
    """The Baselines of a case, not compiled yet. The first form is the usual one."""
    forms, found = case.composed(), []
    if "eager" in names:
        usual = next(iter(forms))
        found.append(_Baseline("eager", usual, forms[usual]))
    if "triton" in names:
        found.append(_Baseline("triton", "", None))
    if "compile" in names:
        found += [_Baseline("compile", form, function) for form, function in forms.items()]
    return found


def _prepare(case, baseline):
    """Compiles one of the case's."""
    import torch

    start = time.time()
    try:
        tensors = case.operands(1000)
        if baseline.name == "triton":
            baseline.function = case.triton_kernel()
            with baseline.function.compiling():
                baseline.function(*tensors)
        else:
            baseline.function = torch.compile(baseline.function, dynamic=False, fullgraph=True)
            baseline.function(*tensors)
        torch.cuda.synchronize()
    except Exception as error:  # whatever another compiler throws is a cell of the table
        baseline.failed = _reason(error)
    baseline.compile_s = round(time.time() - start, 1)
    torch.cuda.empty_cache()


def _rows(case, found):
    """The rows of a case, one per Baseline."""
    import torch

    import timing

    sets, check, rows = None, None, []
    for baseline in found:
        row = dict(case.row(), baseline=baseline.name, form=baseline.form,
                   compile_s=baseline.compile_s)
        rows.append(row)
        if baseline.failed:
            row["failed"] = baseline.failed
            continue
        try:
            sets = sets or [case.operands(1000 + i) for i in range(case.sets())]
            check = check or case.check(sets[0])
            if baseline.name == "triton":
                with baseline.function.choosing():
                    baseline.function(*sets[0])
            row["error"] = check.error(baseline.function(*sets[0]))
            calls = [lambda operands=operands: baseline.function(*operands) for operands in sets]
            row["us"] = timing.time_calls(calls)
        except Exception as error:  # such as no memory left
            row["failed"] = _reason(error)
        torch.cuda.empty_cache()
    return rows


def _work(connection, folder, cases, names, limit):
    """A process: compiles for its cases, says so, and measures those it is asked for."""
    sys.path[:0] = [folder, os.path.join(folder, "..")]
    try:
        import torch
        import torch._dynamo

        torch._dynamo.config.recompile_limit = 1000  # one function, many sizes
        torch.backends.cuda.matmul.allow_tf32 = False
        deadline = time.time() + limit
        with torch.no_grad():
            ready, steps = {}, []
            for case in cases:
                key = case._replace(dist="")
                if key not in ready:
                    ready[key] = _baselines(case, names)
                    steps += [(case, baseline) for baseline in ready[key] if baseline.name != "eager"]
            # Eager runs the usual form as well: its compilation comes last.
            for case, baseline in sorted(steps, key=lambda step: step[1].form == "grid"):
                if time.time() < deadline:
                    _prepare(case, baseline)
                else:
                    baseline.failed = "not compiled within the time limit"
            connection.send("ready")
            while True:
                case = connection.recv()
                if case is None:
                    return
                connection.send(_rows(case, ready[case._replace(dist="")]))
    except EOFError:
        pass
    except Exception:
        connection.send(traceback.format_exc())


class Workers:
    """Processes that compile and measure the baselines `names` of `cases`, `limit` seconds for
    compiling."""

    def __init__(self, cases, names, limit, count):
        # One process per processor is enough: torch.compile starts none of its own.
        os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
        context = multiprocessing.get_context("spawn")
        folder = os.path.dirname(os.path.abspath(__file__))
        keys = list(dict.fromkeys(case._replace(dist="") for case in cases))
        count = max(1, min(count, len(keys)))
        # Sizes that follow one another need about as long: deal them out.
        self.place = {key: i % count for i, key in enumerate(keys)}
        self.end, self.workers, self.ready = time.time() + limit, [], set()
        for i in range(count):
            mine = [case for case in cases if self.place[case._replace(dist="")] == i]
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, folder, mine, names, limit),
                                      daemon=True)
            process.start()
            theirs.close()
            self.workers.append((process, ours))

    def wait(self, grace=45):
        """Until all have compiled; those that are still at it `grace` seconds after the limit are
        ended, since they would disturb the measurements. Returns what went wrong."""
        problems = []
        for i, (process, connection) in enumerate(self.workers):
            try:
                if connection.poll(max(1.0, self.end + grace - time.time())):
                    message = connection.recv()
                    if message == "ready":
                        self.ready.add(i)
                        continue
                    problems.append(message)
                else:
                    problems.append(f"process {i} still compiles {grace} s after the limit")
            except (EOFError, OSError) as error:
                problems.append(f"process {i} ended: {error}")
            process.terminate()
        return problems

    def rows(self, case, timeout=60):
        """The rows of a case."""
        i = self.place[case._replace(dist="")]
        process, connection = self.workers[i]
        lost = dict(case.row(), baseline="all", failed="its process is gone")
        if i not in self.ready:
            return [lost]
        try:
            connection.send(case)
            if connection.poll(timeout):
                found = connection.recv()
                if isinstance(found, list):
                    return found
                lost["failed"] = found.strip().splitlines()[-1]
            else:
                lost["failed"] = f"no answer in {timeout} s"
        except (EOFError, OSError) as error:
            lost["failed"] = f"its process ended: {error}"
        self.ready.discard(i)
        process.terminate()
        return [lost]

    def close(self):
        """Ends the processes."""
        for i, (process, connection) in enumerate(self.workers):
            try:
                if i in self.ready:
                    connection.send(None)
            except OSError:
                pass
        for process, _ in self.workers:
            process.join(5)
            if process.is_alive():
                process.terminate()
