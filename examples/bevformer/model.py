# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The whole model as ONNX, and its files."""
import dataclasses
import json
import os
import sys
import tempfile
import time

from onnx import TensorProto, helper

from backbone import ImageEncoder
from decoder import decode
from encoder import encode
from graph import Graph, tensor_of

# A protobuf message must stay below this.
MESSAGE_LIMIT = 2 ** 31 - 1
# Tensors from this size on go into the weights file of external data, each at a multiple of the alignment.
EXTERNAL_BYTES, ALIGNMENT = 1024, 4096
METADATA = "bevformer"


@dataclasses.dataclass(frozen=True)
class Spelling:
    """How a model is written, which does not change what it computes.

    `opset` 16 has GridSample; opset 11 has mmcv's bilinear_grid_sample in its place. `rebatch` is the NonZero/ScatterND
    form of spatial cross-attention (see attention.py), and `fold` folds the batch norms.
    """
    opset: int
    rebatch: bool
    fold: bool

    IR_VERSIONS = {11: 6, 16: 8}


SPELLINGS = {"opset16": Spelling(opset=16, rebatch=False, fold=False),
             "opset11": Spelling(opset=11, rebatch=True, fold=True)}


class Progress:
    """One line on a terminal that is written over; elsewhere one line for each stage."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.start = time.monotonic()
        self.last = 0
        self.terminal = self.stream.isatty()

    def _write(self, text, end):
        clear = "\r\033[K" if self.terminal else ""
        self.stream.write(f"{clear}[{time.monotonic() - self.start:5.1f} s] {text}{end}")
        self.stream.flush()

    def stage(self, text):
        self._write(text, "" if self.terminal else "\n")

    def part(self, text, done, total):
        """Within a stage; shown on a terminal alone, ten times a second."""
        if self.terminal and (time.monotonic() - self.last > 0.1 or done == total):
            self.last = time.monotonic()
            self._write(f"{text}: {done / 1e6:.0f} of {total / 1e6:.0f} MB", "")

    def done(self, text):
        self._write(text, "\n")


class Silent:
    """Progress that is not shown."""

    def stage(self, text):
        pass

    part = done = lambda self, *_: None


def description(configuration, seed):
    """What decides a model's numbers, as a dict of plain values; stored in the file under METADATA."""
    return json.loads(json.dumps({**dataclasses.asdict(configuration), "seed": seed}))


def write_graph(configuration, spelling, weights, hits=None, expose_sampling=False, progress=Silent()):
    """The Graph of the model: inputs img [B,N,3,H,W], can_bus [B,18], lidar2img [B,N,4,4] and, where temporal, prev_bev
    [Q,B,C]; outputs bev_embed [Q,B,C], all_cls_scores and all_bbox_preds [layers,B,q,10]. With `expose_sampling` also
    those of SpatialCrossAttention.expose. `hits` [B,N,Q] is needed for a rebatch (see attention.Pillars)."""
    c = configuration
    if spelling.rebatch and hits is None:
        raise ValueError("expected hits, what the calibration makes each camera see, for a rebatch")
    graph = Graph(spelling.opset, weights)
    images = graph.input("img", (c.batch, c.cameras, 3) + tuple(c.image_size))
    can_bus = graph.input("can_bus", (c.batch, c.can_bus))
    lidar2img = graph.input("lidar2img", (c.batch, c.cameras, 4, 4))
    bev_shape = (c.bev_queries, c.batch, c.channels)
    previous = graph.input("prev_bev", bev_shape) if c.temporal else None
    progress.stage("making the backbone")
    encoder = ImageEncoder(graph, c, spelling.fold)
    images = graph.reshape(images, (c.batch * c.cameras, 3) + tuple(c.image_size))
    maps = encoder.pyramid(encoder.stages(images))
    progress.stage("making the encoder")
    bev, expose = encode(graph, c, maps, can_bus, lidar2img, previous, hits if spelling.rebatch else None)
    bev = graph.transpose(bev, 1, 0, 2)
    progress.stage("making the decoder")
    scores, boxes = decode(graph, c, bev)
    graph.output(bev, "bev_embed", bev_shape)
    graph.output(scores, "all_cls_scores", (c.decoder_layers, c.batch, c.queries, 10))
    graph.output(boxes, "all_bbox_preds", (c.decoder_layers, c.batch, c.queries, 10))
    if expose_sampling:
        dense = (c.batch, c.cameras, c.bev_queries)
        points = (c.heads, c.levels, c.camera_points)
        shapes = (dense + points + (2,), (c.batch, c.bev_queries) + points, dense + (c.anchors, 2),
                  dense + (c.anchors,))
        names = ("sampling_locations", "sampling_weights", "pillar_references", "pillar_visible")
        for value, name, shape in zip(expose(), names, shapes):
            graph.output(value, name, shape)
    return graph


def replace_file(path, write):
    """Calls `write(file)` on a new file beside `path`, which then takes its place."""
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=os.path.basename(path) + ".", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as out:
            write(out)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def to_model(graph, spelling, metadata, initializers):
    """The ModelProto of a graph with these TensorProtos as its parameters."""
    model = helper.make_model(
        helper.make_graph(graph.nodes, "bevformer", graph.inputs, graph.outputs, initializers),
        producer_name="bevformer example", ir_version=Spelling.IR_VERSIONS[spelling.opset],
        opset_imports=[helper.make_opsetid("", spelling.opset)])
    helper.set_model_props(model, {METADATA: json.dumps(metadata)})
    return model


def _external(name, array, location, offset):
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=array.shape,
                         data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", offset), ("length", array.nbytes)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def save(graph, spelling, metadata, path, external=False, progress=Silent()):
    """Writes the model to `path`; with `external`, its large parameters to the file `path`.weights beside it, which the
    model refers to by its name. Files appear complete or not at all. Returns the bytes written."""
    total = sum(array.nbytes for array in graph.parameters.values())
    if not external and total > MESSAGE_LIMIT:
        raise ValueError(f"the weights have {total} bytes, too many for one ONNX file; use external data")
    weights = path + ".weights"
    initializers, offset = [], 0
    placed = []
    for name, array in graph.parameters.items():
        if external and array.nbytes >= EXTERNAL_BYTES:
            offset = -(-offset // ALIGNMENT) * ALIGNMENT
            initializers.append(_external(name, array, os.path.basename(weights), offset))
            placed.append((offset, array))
            offset += array.nbytes
        else:
            initializers.append(tensor_of(array, name))
    model = to_model(graph, spelling, metadata, initializers)
    data = model.SerializeToString()
    del model, initializers

    def write_weights(out):
        for start, array in placed:
            out.seek(start)
            out.write(array.data)
            progress.part(f"writing {weights}", start + array.nbytes, offset)

    def write_model(out):
        chunk = 1 << 24
        for start in range(0, len(data), chunk):
            out.write(data[start:start + chunk])
            progress.part(f"writing {path}", min(start + chunk, len(data)), len(data))

    progress.stage(f"writing {path}")
    if placed:
        replace_file(weights, write_weights)
    replace_file(path, write_model)
    return len(data) + offset
