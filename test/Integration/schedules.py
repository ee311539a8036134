# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules that tests force on ops: every guard, with work items alone (one lane, some, all) and in teams that share
a row's arithmetic (small and large), and what else a schedule says in turns.
"""
import os
import zlib

import numpy as np

ATTENTION = ("ms_deform_attn", "deformable_attention", "spatial_cross_attention", "temporal_self_attention")
GUARDS = ("select", "predicate", "skip", "speculate")
FORMS = ("one_lane", "some_lanes", "all_lanes", "small_team", "large_team")
NAMES = tuple(f"{form}_{guard}" for form in FORMS for guard in GUARDS)
# A block's shared memory.
_SHARED_BYTES = 48 << 10


def asked_for():
    """The names in $BEV_TEST_SCHEDULES, separated by commas; `all` are all."""
    names = os.environ.get("BEV_TEST_SCHEDULES", "")
    chosen = NAMES if names == "all" else tuple(filter(None, names.split(",")))
    unknown = set(chosen) - set(NAMES)
    if unknown:
        raise ValueError(f"expected BEV_TEST_SCHEDULES to be 'all' or of {', '.join(NAMES)}, but got "
                         f"{', '.join(sorted(unknown))}")
    return chosen


def _weights(case):
    return case["inputs"]["logits" if "logits" in case["inputs"] else "weights"]


def _alone(channels, form):
    divisors = [n for n in range(1, channels + 1) if channels % n == 0]
    return {"one_lane": 1, "some_lanes": divisors[len(divisors) // 2], "all_lanes": channels}[form]


def _team(case, channels, form, turn):
    """(lanes, threads) of a team whose records fit a block's memory, else None."""
    teams = [team for team in (2, 4, 8, 16, 32) if channels % team == 0]
    if not teams:
        return None
    team = teams[0 if form == "small_team" else -1]
    # At most 24 bytes a sample and row.
    samples = int(np.prod(_weights(case).shape[3:]))
    sizes = [n for n in (256, 128, 64, 32) if 24 * (samples + team) * (n // team + 16) < _SHARED_BYTES]
    return (channels // team, sizes[turn % min(3, len(sizes))]) if sizes else None


def of(name, case):
    """The text of a #bev.schedule for an op with channels, or None where the op cannot have such a one. Cases that differ
    in the number of queries or batch rows have the same."""
    form, guard = name.rsplit("_", 1)
    if case["op"] not in ATTENTION + ("warp_bev",):
        return None
    value = next(iter(case["inputs"].values()))
    channels = value.shape[-1]
    sizes = (value.shape[-3:], _weights(case).shape[2:] if case["op"] in ATTENTION else (), str(value.dtype))
    turn = zlib.crc32(f"{name} {case['op']} {sizes}".encode())
    if not form.endswith("_team"):
        threads, blocks = ((64, 0), (128, 8), (256, 0))[turn % 3]
        return (f"#bev.schedule<lanes = {_alone(channels, form)}, threads = {threads}, blocks = {blocks}, "
                f"guard = {guard}>")
    chosen = _team(case, channels, form, turn) if case["op"] in ATTENTION else None
    if chosen is None:
        return None
    heads = _weights(case).shape[2]
    groups = [0] + [n for n in range(1, heads + 1) if heads % n == 0]
    text = (f"lanes = {chosen[0]}, threads = {chosen[1]}, guard = {guard}, share = true, "
            f"together = {(1, 2, 4, 3)[turn // 3 % 4]}, heads = {groups[turn // 5 % len(groups)]}, "
            f"strip = {(1, 2, 4)[turn // 7 % 3]}, width = {(0, 3, 2, 5)[turn // 11 % 4]}, "
            f"prefetch = {('none', 'value', 'all')[turn % 3]}")
    if value.dtype == "float16":
        text += f", packed = {('false', 'true')[turn // 13 % 2]}"
    return f"#bev.schedule<{text}>"
