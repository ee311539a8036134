# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the seeds of the fuzz target of the ONNX importer: make_corpus.py FOLDER. They are the models of the importer's
tests, good and bad."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "Integration"), os.path.join(HERE, "..", "Import", "ONNX", "Inputs")]
import models  # noqa: E402
import test_onnx_import  # noqa: E402

GOOD = ("basic", "dims", "static", "raw_types", "typed_data", "large", "everywhere", "sparse", "attributes",
        "node_constants", "subgraphs", "functions", "overloads", "graph_attribute", "initializer_inputs")
# What takes long to import slows the search down.
LIMIT = 16384
SLOW = ("functions that double", "functions in functions")


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    seeds = {name: getattr(models, name)().SerializeToString() for name in GOOD}
    seeds.update({name: test_onnx_import.bytes_of(made) for name, (made, _) in test_onnx_import.BAD.items()})
    for name, content in seeds.items():
        if len(content) <= LIMIT and name not in SLOW:
            with open(os.path.join(folder, name.replace(" ", "_").replace("^", "")), "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main()
