# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""BEVFormer with seeded weights, as ONNX: builds it, checks what it gives, and draws it.

    python3 examples/bevformer build --config tiny -o tiny.onnx --inputs tiny.inputs.npz
    python3 examples/bevformer check tiny.outputs.npz --model tiny.onnx --inputs tiny.inputs.npz
    python3 examples/bevformer picture tiny.outputs.npz --inputs tiny.inputs.npz -o tiny.png

The weights are not trained: the model computes what a trained one computes, but its boxes mean nothing. Needs Python 3
with numpy and onnx 1.12 or newer (Debian: python3-onnx); `picture` needs Pillow (python3-pil); `check` uses onnxruntime
where there is one.
"""
import argparse
import dataclasses
import os
import sys
import tempfile

import numpy as np


def _size(text):
    """N or HxW."""
    parts = text.lower().split("x")
    try:
        sizes = tuple(int(part) for part in parts)
    except ValueError:
        sizes = ()
    if len(sizes) not in (1, 2) or min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"expected a size N or HxW, but got '{text}'")
    return sizes * 2 if len(sizes) == 1 else sizes


def _positive(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a positive number, but got '{text}'")
    return int(text)


def _fail(message):
    print(f"error: {message}", file=sys.stderr)
    return 1


def _needs_onnx():
    try:
        import onnx  # noqa: F401
    except ImportError:
        return "the onnx package is missing; on Debian: apt-get install python3-onnx, or run with /usr/bin/python3"
    return None


# ---------------------------------------------------------------------------------------------------------------------
# build


def _configuration(arguments):
    import configurations
    changes = {"image_size": arguments.image_size, "bev_size": arguments.bev_size, "cameras": arguments.cameras,
               "batch": arguments.batch, "queries": arguments.queries, "encoder_layers": arguments.encoder_layers,
               "decoder_layers": arguments.decoder_layers}
    changes = {name: value for name, value in changes.items() if value is not None}
    return dataclasses.replace(configurations.CONFIGURATIONS[arguments.config], temporal=arguments.temporal, **changes)


def build(arguments):
    missing = _needs_onnx()
    if missing:
        return _fail(missing)
    import model
    import vehicle
    import weights
    configuration = _configuration(arguments)
    spelling = model.SPELLINGS[arguments.style]
    if arguments.attention:
        spelling = dataclasses.replace(spelling, rebatch=arguments.attention == "rebatch")
    if arguments.batch_norm:
        spelling = dataclasses.replace(spelling, fold=arguments.batch_norm == "folded")
    progress = model.Progress()
    hits = None
    if arguments.inputs:
        progress.stage("making inputs")
        inputs, hits = vehicle.make_inputs(configuration, arguments.seed)
        progress.stage(f"writing {arguments.inputs}")
        model.replace_file(arguments.inputs, lambda out: np.savez(out, **inputs))
    elif spelling.rebatch:
        _, _, hits = vehicle.calibration(configuration, arguments.seed)
    graph = model.write_graph(configuration, spelling, weights.SeededWeights(arguments.seed), hits,
                              arguments.expose_sampling, progress)
    written = model.save(graph, spelling, model.description(configuration, arguments.seed), arguments.output,
                         arguments.external_data, progress)
    progress.done(f"{arguments.output}: {len(graph.nodes)} nodes, {written / 1e6:.0f} MB, opset {spelling.opset}")
    return 0


def _add_build(commands):
    import configurations
    parser = commands.add_parser(
        "build", help="write the model, and inputs for it",
        description="Writes the model as ONNX. Two models of the same sizes and seed give the same outputs however "
                    "they are spelled.")
    parser.add_argument("--config", choices=sorted(configurations.CONFIGURATIONS), default="tiny",
                        help="published sizes to start from (default: tiny)")
    parser.add_argument("--style", choices=("opset16", "opset11"), default="opset16",
                        help="opset16: GridSample, every camera attends to every query under a mask, "
                             "BatchNormalization nodes. opset11: mmcv's bilinear_grid_sample (GatherElements), the "
                             "queries that a camera sees rebatched (NonZero, ScatterND), batch norms folded "
                             "(default: opset16)")
    parser.add_argument("--attention", choices=("mask", "rebatch"),
                        help="spell spatial cross-attention this way whatever the style. rebatch keeps the counts of "
                             "visible queries as constants: such a file is right for the calibration of this seed only")
    parser.add_argument("--batch-norm", choices=("nodes", "folded"), help="as nodes or folded, whatever the style")
    parser.add_argument("--bev-size", type=_size, metavar="N|HxW", help="cells of the map")
    parser.add_argument("--image-size", type=_size, metavar="N|HxW", help="pixels of the camera images")
    parser.add_argument("--cameras", type=_positive, metavar="N", help="number of cameras (default: 6)")
    parser.add_argument("--batch", type=_positive, metavar="N", help="number of vehicles (default: 1)")
    parser.add_argument("--queries", type=_positive, metavar="N", help="boxes to look for (default: 900)")
    parser.add_argument("--encoder-layers", type=_positive, metavar="N")
    parser.add_argument("--decoder-layers", type=_positive, metavar="N")
    parser.add_argument("--temporal", action="store_true",
                        help="take the last frame's map as input prev_bev, turn it by the change of heading, and shift "
                             "the reference points by the motion")
    parser.add_argument("--expose-sampling", action="store_true",
                        help="outputs for `picture`: where the last encoder layer samples the images, and its weights")
    parser.add_argument("--seed", type=int, default=0, help="of weights and inputs (default: 0)")
    parser.add_argument("--external-data", action="store_true",
                        help="keep the weights in MODEL.onnx.weights, beside the model")
    parser.add_argument("--inputs", metavar="FILE.npz",
                        help="also write inputs: rendered camera images, calibration, motion")
    parser.add_argument("-o", "--output", required=True, metavar="MODEL.onnx")
    parser.set_defaults(run=build)


# ---------------------------------------------------------------------------------------------------------------------
# check, record


def _load(path, wanted):
    """The arrays of a .npz by name; raises ValueError where one of `wanted` is missing."""
    with np.load(path) as arrays:
        result = {name: arrays[name] for name in arrays.files}
    missing = [name for name in wanted if name not in result]
    if missing:
        raise ValueError(f"{path} has no {', '.join(missing)}; it holds {', '.join(result) or 'nothing'}")
    return result


def check(arguments):
    missing = _needs_onnx()
    if missing:
        return _fail(missing)
    import check as checking
    outputs = _load(arguments.outputs, ())
    description = checking.description_of(arguments.model)
    if not arguments.recorded and checking.has_runtime():
        if not arguments.inputs:
            return _fail("expected --inputs, which onnxruntime is to run the model on")
        results, source = checking.against_runtime(outputs, arguments.model, _load(arguments.inputs, ())), "onnxruntime"
    else:
        results, source = checking.against_recorded(outputs, description)
        source = f"recorded outputs ({source})"
    print(f"compared with {source}, tolerance {arguments.tolerance:g}")
    worst = 0.0
    for name, error in results:
        print(f"  {name}: relative L2 {error:.3e}{'' if error <= arguments.tolerance else '  TOO FAR'}")
        worst = max(worst, error)
    return 0 if worst <= arguments.tolerance else 1


def _add_check(commands):
    parser = commands.add_parser(
        "check", help="compare outputs with onnxruntime, or with recorded ones",
        description="Prints the relative L2 error of each output and exits with 1 where one is above the tolerance. "
                    "Compares with onnxruntime on the same model; where that is not installed, with outputs recorded "
                    "from it for --config tiny, with and without --temporal, of seed 0 and its inputs.")
    parser.add_argument("outputs", metavar="OUTPUTS.npz")
    parser.add_argument("--model", required=True, metavar="MODEL.onnx", help="the model that gave these outputs")
    parser.add_argument("--inputs", metavar="FILE.npz", help="the inputs that gave these outputs")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest relative L2 error (default: 1e-4)")
    parser.add_argument("--recorded", action="store_true", help="compare with recorded outputs even so")
    parser.set_defaults(run=check)


def run(arguments):
    missing = _needs_onnx()
    if missing:
        return _fail(missing)
    import check as checking
    import model
    outputs = checking.run_model(arguments.model, _load(arguments.inputs, ()))
    model.replace_file(arguments.output, lambda out: np.savez(out, **outputs))
    print(f"{arguments.output}: {', '.join(outputs)}")
    return 0


def _add_run(commands):
    parser = commands.add_parser("run", help="run a model with onnxruntime",
                                 description="Runs a model with onnxruntime on the CPU, for comparison.")
    parser.add_argument("model", metavar="MODEL.onnx")
    parser.add_argument("--inputs", required=True, metavar="FILE.npz")
    parser.add_argument("-o", "--output", required=True, metavar="OUTPUTS.npz")
    parser.set_defaults(run=run)


def record(arguments):
    missing = _needs_onnx()
    if missing:
        return _fail(missing)
    import check as checking
    if not checking.has_runtime():
        return _fail("onnxruntime is not installed")
    import configurations
    import model
    import vehicle
    import weights
    progress = model.Progress()
    models = []
    with tempfile.TemporaryDirectory(prefix="bevformer-") as folder:
        for temporal in (False, True):
            configuration = dataclasses.replace(configurations.CONFIGURATIONS["tiny"], temporal=temporal)
            inputs, _ = vehicle.make_inputs(configuration, 0)
            path = os.path.join(folder, f"tiny{int(temporal)}.onnx")
            spelling = model.SPELLINGS["opset16"]
            graph = model.write_graph(configuration, spelling, weights.SeededWeights(0), progress=progress)
            model.save(graph, spelling, model.description(configuration, 0), path, progress=progress)
            models.append((path, inputs, ("bev_embed", "all_cls_scores", "all_bbox_preds")))
        progress.stage("running onnxruntime")
        arrays = checking.record(models, checking.run_model, checking.runtime_version())
    model.replace_file(arguments.output, lambda out: np.savez_compressed(out, **arrays))
    progress.done(f"{arguments.output}: {len(models)} models")
    return 0


def _add_record(commands):
    parser = commands.add_parser(
        "record", help="record the outputs that `check` falls back on",
        description="Builds the tiny models, runs them with onnxruntime and keeps samples of their outputs. To be done "
                    "again whenever the numbers of the models change.")
    parser.add_argument("-o", "--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                               "recorded.npz"), metavar="FILE.npz")
    parser.set_defaults(run=record)


# ---------------------------------------------------------------------------------------------------------------------
# picture


def picture(arguments):
    missing = _needs_onnx()
    if missing:
        return _fail(missing)
    try:
        import picture as drawing
    except ImportError as error:
        return _fail(f"Pillow is missing ({error}); on Debian: apt-get install python3-pil")
    import model
    outputs = _load(arguments.outputs, ("all_cls_scores", "all_bbox_preds", "bev_embed"))
    inputs = _load(arguments.inputs, ("img", "lidar2img"))
    queries = outputs["bev_embed"].shape[0]
    bev_size = arguments.bev_size or (round(queries ** 0.5),) * 2
    if bev_size[0] * bev_size[1] != queries:
        return _fail(f"expected --bev-size with {queries} cells, the size of bev_embed, but got "
                     f"{bev_size[0]}x{bev_size[1]}")
    if not 0 <= arguments.row < len(inputs["img"]):
        return _fail(f"expected --row below the batch size ({len(inputs['img'])}), but got {arguments.row}")
    said = []
    model.replace_file(arguments.output, lambda out: said.append(drawing.draw(
        outputs, inputs, out, bev_size, arguments.at, arguments.row, arguments.top, arguments.threshold)))
    print(f"{arguments.output}: {said[0]}")
    return 0


def _point(text):
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected X,Y in metres, but got '{text}'") from None
    return x, y


def _add_picture(commands):
    parser = commands.add_parser(
        "picture", help="draw a model's outputs",
        description="Draws the boxes from above, and the camera images with the places that one cell of the map "
                    "sampled. For the latter the model must have been built with --expose-sampling.")
    parser.add_argument("outputs", metavar="OUTPUTS.npz")
    parser.add_argument("--inputs", required=True, metavar="FILE.npz", help="the inputs that gave these outputs")
    parser.add_argument("--at", type=_point, default=(6.0, 12.0), metavar="X,Y",
                        help="metres to the right and ahead: the cell to look at (default: 6,12; write --at=-6,12)")
    parser.add_argument("--top", type=_positive, default=40, metavar="N", help="draw the N best boxes (default: 40)")
    parser.add_argument("--threshold", type=float, default=0.0, metavar="SCORE",
                        help="draw only boxes with at least this score (default: 0)")
    parser.add_argument("--row", type=int, default=0, help="row of the batch (default: 0)")
    parser.add_argument("--bev-size", type=_size, metavar="N|HxW", help="cells of the map, where it is not square")
    parser.add_argument("-o", "--output", required=True, metavar="PICTURE.png")
    parser.set_defaults(run=picture)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python3 examples/bevformer", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_build, _add_run, _add_check, _add_picture, _add_record):
        add(commands)
    parsed = parser.parse_args(arguments)
    try:
        return parsed.run(parsed)
    except (OSError, ValueError) as error:
        return _fail(error)


if __name__ == "__main__":
    sys.exit(main())
