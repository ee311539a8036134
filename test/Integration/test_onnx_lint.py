# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `bev-translate --lint` finds in recorded exports: what each recipe is known to break, and nothing in those that
keep everything in tensors. Skipped, with the reason, where the recordings are absent (see reference/shared_models.py)."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import harness
import shared_models

SEED = {"frozen-indices", "index-list-copies"}
# The Clip of the count of cameras is one of int64 in these.
TRACED = {"frozen-count", "integer-clip"}
FINDINGS = {
    "sca_op11_seed": SEED, "encoder_layer_op11_seed": SEED, "small_encoder_op11_seed": SEED,
    "encoder_layer_op11_seed_ortbasic": SEED, "small_encoder_op11_seed_ortbasic": SEED,
    "sca_op11_nonzero": {"frozen-count"}, "small_encoder_op11_nonzero": {"frozen-count"},
    "sca_op16": TRACED, "small_encoder_op16": TRACED, "small_encoder_op16_f64": TRACED | {"double-grid"},
    "tsa_op11_seed": set(), "tsa_op16": set(), "tsa_op18_dynamo": set(),
    "decoder_attn_op11_seed": set(), "decoder_attn_op16": set(), "decoder_attn_op18_dynamo": set(),
    "sca_op17_mask": set(), "sca_op18_dynamo": set(), "encoder_layer_op17_mask": set(),
    "encoder_layer_op18_dynamo": set(), "small_encoder_op17_mask": set(), "small_encoder_op18_dynamo": set(),
    "small_encoder_temporal_op17_mask": set(), "small_encoder_temporal_op20_dynamo": set(),
}


class Lint(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.folder = shared_models.models_folder()
            shared_models.inputs_of("tsa_op16")
        except shared_models.Unavailable as missing:
            raise unittest.SkipTest(str(missing)) from None
        cls.directory = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def materialize(self, name):
        """The path of the graph with its weights."""
        stored = next(path for suffix in (".onnx", ".onnx.gz")
                      if os.path.isfile(path := os.path.join(self.folder, name + suffix)))
        subprocess.run([sys.executable, os.path.join(self.folder, "materialize.py"), stored, "-o", self.directory.name],
                       check=True, capture_output=True, timeout=300)
        return os.path.join(self.directory.name, name + ".onnx")

    def test_findings(self):
        for name, expected in FINDINGS.items():
            with self.subTest(model=name):
                model = self.materialize(name)
                done = subprocess.run([harness.tool("bev-translate"), "--lint", model], capture_output=True, text=True,
                                      timeout=300)
                found = set(re.findall(r"^warning ([a-z0-9-]+):", done.stdout, re.MULTILINE))
                self.assertEqual(found, expected, done.stdout + done.stderr)
                self.assertEqual(done.returncode, 1 if expected else 0, done.stderr)
                os.remove(model)

    def test_lists_of_all_cameras(self):
        model = self.materialize("sca_op11_seed")
        done = subprocess.run([harness.tool("bev-translate"), "--lint", model], capture_output=True, text=True,
                              timeout=300)
        counts = re.findall(r"\(Gather\): (\d+) constant indices", done.stdout)
        self.assertEqual(sorted(map(int, counts)), [61, 70, 72, 76, 78, 90])

    def test_warnings_when_run(self):
        model = self.materialize("sca_op11_seed")
        done = subprocess.run([harness.tool("bev-run"), model, "--random-inputs=1"], capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line.split("warning: ")[1] for line in done.stderr.splitlines() if "warning: " in line]
        self.assertEqual(len(warnings), len(SEED), done.stderr)
        self.assertRegex(warnings[0],
                         r"^frozen-indices: 6 findings, the first at '.+' \(Gather\); run bev-translate --lint$")


if __name__ == "__main__":
    unittest.main()
