# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the IR in the pass descriptions is the IR of the passes' tests.

    check_pass_docs.py PASSES.td FOLDER [PREFIX]

Every pass of PASSES.td that changes IR, so but for those named "PREFIXverify-",
shows two fragments of IR, before and after. FOLDER has a test named after its
flag, without PREFIX, which contains the first as IR and the second as
consecutive CHECK lines. Differences in white space, and captured names in place
of SSA names (%[[VALUE]] for %value), do not count; {{patterns}} are `...`.
"""

import re
import sys
from pathlib import Path

PASS = re.compile(r'def \w+ : Pass<"([^"]+)".*?let description = \[\{(.*?)\}\];', re.S)
FENCE = re.compile(r"```mlir\n(.*?)```", re.S)
CHECK = re.compile(r"//\s*CHECK(?:-NEXT|-SAME)?:\s*(.*)")
CAPTURE = re.compile(r"([%#])\[\[(\w+)(?::(?:\[.*?\]|[^\]])*)?\]\]")


def collapse(text):
    """`text` as one line of words."""
    return " ".join(text.split())


def checked_ir(test):
    """What the CHECK lines of `test` say, spelled as IR."""
    lines = [m.group(1) for m in map(CHECK.search, test.splitlines()) if m]
    text = CAPTURE.sub(lambda m: m.group(1) + m.group(2).lower(), "\n".join(lines))
    text = text.replace(r"{{\[\[}}", "[[")
    return collapse(re.sub(r"\{\{.*?\}\}", "...", text))


def disagreements(name, description, folder, prefix):
    fragments = FENCE.findall(description)
    if len(fragments) != 2:
        yield f"{name}: expected IR before and after in the description, but got {len(fragments)} fragments"
        return
    path = folder / f"{name.removeprefix(prefix)}.mlir"
    if not path.exists():
        yield f"{name}: expected a test {path.name}"
        return
    test = path.read_text()
    ir = collapse("\n".join(l for l in test.splitlines() if not l.lstrip().startswith("//")))
    before, after = map(collapse, fragments)
    if before not in ir:
        yield f"{name}: the IR before is not in {path.name}: {before}"
    if after not in checked_ir(test):
        yield f"{name}: the IR after is not what {path.name} checks: {after}\nchecked: {checked_ir(test)}"


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    prefix = sys.argv[3] if len(sys.argv) == 4 else ""
    passes = PASS.findall(Path(sys.argv[1]).read_text())
    if not passes:
        sys.exit(f"error: no pass in {sys.argv[1]}")
    passes = [(name, text) for name, text in passes if not name.startswith(prefix + "verify-")]
    errors = [e for name, text in passes for e in disagreements(name, text, Path(sys.argv[2]), prefix)]
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    print(f"{len(passes)} passes, {len(errors)} disagreements")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
