# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The image half: a residual network of bottlenecks, and a feature pyramid over its last stages."""
import numpy as np

EPSILON = 1e-5  # of the batch norms


class ImageEncoder:
    """Writes backbone and pyramid into `graph`. With `fold` the batch norms are folded into the convolutions before
    them, as PyTorch's exporter does; otherwise they are BatchNormalization nodes."""

    def __init__(self, graph, configuration, fold):
        self.graph, self.configuration, self.fold = graph, configuration, fold

    def _convolution(self, x, weight, bias, kernel, stride):
        inputs = [x, weight] if bias is None else [x, weight, bias]
        return self.graph.op("Conv", *inputs, kernel_shape=[kernel, kernel], strides=[stride, stride],
                             pads=[kernel // 2] * 4, dilations=[1, 1], group=1)

    def _normalised(self, x, name, norm, inputs, outputs, kernel, stride, gain=1.0):
        """Convolution without bias, then batch norm. `gain` scales the norm's factor."""
        graph = self.graph
        with graph.scope(name):
            source, weight_name = graph.weights, graph.path("weight")
            # Centred convolutions see the variance alone of what a relu gives, two thirds of its mean square.
            weight = source.tensor(weight_name, (outputs, inputs, kernel, kernel),
                                   (3.0 / (inputs * kernel * kernel)) ** 0.5, centre=None if inputs == 3 else 1)
        with graph.scope(norm):
            names = [graph.path(p) for p in ("weight", "bias", "running_mean", "running_var")]
        factor = source.tensor(names[0], (outputs,), 0.1 * gain, gain)
        shift = source.tensor(names[1], (outputs,), 0.05)
        mean = source.tensor(names[2], (outputs,), 0.05)
        variance = source.tensor(names[3], (outputs,), 0.15, 1.0)
        if not self.fold:
            with graph.scope(name):
                x = self._convolution(x, graph.array(weight_name, weight), None, kernel, stride)
            with graph.scope(norm):
                arrays = [graph.array(n, a) for n, a in zip(names, (factor, shift, mean, variance))]
                return graph.op("BatchNormalization", x, *arrays, epsilon=EPSILON)
        scale = factor.astype(np.float64) / np.sqrt(variance.astype(np.float64) + EPSILON)
        folded = (weight * scale[:, None, None, None]).astype(np.float32)
        bias = (shift - mean * scale).astype(np.float32)
        with graph.scope(name):
            return self._convolution(x, graph.array(weight_name, folded), graph.array(graph.path("bias"), bias),
                                     kernel, stride)

    def _bottleneck(self, x, inputs, width, stride):
        graph, outputs = self.graph, 4 * width
        first, second = (stride, 1) if self.configuration.stride_first else (1, stride)
        y = graph.op("Relu", self._normalised(x, "conv1", "bn1", inputs, width, 1, first))
        y = graph.op("Relu", self._normalised(y, "conv2", "bn2", width, width, 3, second))
        # A small factor in each branch keeps the sum over a deep stage of the order of its input, and keeps roundings
        # from growing: a hundred random layers in a row would make them visible.
        y = self._normalised(y, "conv3", "bn3", width, outputs, 1, 1, gain=0.2)
        if inputs != outputs or stride != 1:
            x = self._normalised(x, "downsample.0", "downsample.1", inputs, outputs, 1, stride, gain=0.7)
        return graph.op("Relu", graph.op("Add", y, x))

    def stages(self, images):
        """images [n,3,H,W] -> the maps of the stages in `backbone_levels`, with their channels."""
        graph, width = self.graph, self.configuration.backbone_width
        results = []
        with graph.scope("img_backbone"):
            x = graph.op("Relu", self._normalised(images, "conv1", "bn1", 3, width, 7, 2))
            x = graph.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
            channels = width
            for stage, blocks in enumerate(self.configuration.backbone_blocks):
                for block in range(blocks):
                    with graph.scope(f"layer{stage + 1}", block):
                        stride = 2 if stage and not block else 1
                        x = self._bottleneck(x, channels, width << stage, stride)
                    channels = 4 * (width << stage)
                if stage in self.configuration.backbone_levels:
                    results.append((x, channels))
        return results

    def _pyramid_convolution(self, x, name, inputs, kernel, stride=1):
        graph, outputs = self.graph, self.configuration.channels
        with graph.scope(name):
            # The 1 x 1 ones come right after a relu.
            weight = graph.parameter("weight", (outputs, inputs, kernel, kernel),
                                     1.5 * (inputs * kernel * kernel) ** -0.5, centre=1 if kernel == 1 else None)
            return self._convolution(x, weight, graph.parameter("bias", (outputs,), 0.05), kernel, stride)

    def pyramid(self, stages):
        """The maps [n,C,h,w], one for each of `level_shapes`."""
        graph, configuration = self.graph, self.configuration
        with graph.scope("img_neck"):
            maps = [self._pyramid_convolution(x, f"lateral_convs.{i}", channels, 1)
                    for i, (x, channels) in enumerate(stages)]
            for i in range(len(maps) - 1, 0, -1):
                images = configuration.batch * configuration.cameras
                sizes = (images, configuration.channels) + tuple(configuration.level_shapes[i - 1])
                coarse = graph.op("Resize", maps[i], graph.constant(np.zeros(0)), graph.constant(np.zeros(0)),
                                  graph.int64(sizes), mode="nearest", nearest_mode="floor",
                                  coordinate_transformation_mode="asymmetric")
                maps[i - 1] = graph.op("Add", maps[i - 1], coarse)
            maps = [self._pyramid_convolution(x, f"fpn_convs.{i}", configuration.channels, 3)
                    for i, x in enumerate(maps)]
            while len(maps) < configuration.levels:
                maps.append(self._pyramid_convolution(maps[-1], f"fpn_convs.{len(maps)}", configuration.channels, 3, 2))
        return maps
