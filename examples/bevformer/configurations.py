# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The published sizes of BEVFormer, as data.

Lengths are in metres, image and map sizes are (height, width). The coordinate frame is the lidar's: x right, y
forward, z up.
"""
import dataclasses

# Bottlenecks per stage of the residual networks, by their depth.
RESNET_BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
# The detection classes of nuScenes in the order of the score columns.
CLASSES = ("car", "truck", "construction vehicle", "bus", "trailer", "barrier", "motorcycle", "bicycle", "pedestrian",
           "traffic cone")


@dataclasses.dataclass(frozen=True)
class Configuration:
    """Everything that decides the arithmetic of a model but for its weights and its spelling as a graph.

    `backbone_levels` are the backbone's stages (0 to 3: strides 4 to 32) that the pyramid starts from; where `levels`
    is larger, stride-2 convolutions on the pyramid's last map add the rest. `stride_first` places a bottleneck's
    stride at its first 1 x 1 convolution (the Caffe way, small and base) and not at its 3 x 3 one.
    """
    name: str
    image_size: tuple
    bev_size: tuple
    backbone_blocks: tuple
    backbone_levels: tuple
    levels: int
    encoder_layers: int
    stride_first: bool
    backbone_width: int = 64
    cameras: int = 6
    batch: int = 1
    temporal: bool = False
    channels: int = 256
    heads: int = 8
    hidden: int = 512
    decoder_layers: int = 6
    queries: int = 900
    camera_points: int = 8
    bev_points: int = 4
    anchors: int = 4
    can_bus: int = 18
    pc_range: tuple = (-51.2, -51.2, -5.0, 51.2, 51.2, 3.0)
    rotate_center: tuple = (100, 100)

    def __post_init__(self):
        def require(condition, message):
            if not condition:
                raise ValueError(message)

        for field in ("image_size", "bev_size"):
            sizes = getattr(self, field)
            require(len(sizes) == 2 and min(sizes) > 0, f"expected {field} as two positive numbers, but got {sizes}")
        for field in ("cameras", "batch", "levels", "encoder_layers", "decoder_layers", "queries", "backbone_width"):
            value = getattr(self, field)
            require(value > 0, f"expected {field} to be positive, but got {value}")
        require(self.channels % (2 * self.heads) == 0,
                f"expected channels to be a multiple of twice the heads ({2 * self.heads}), but got {self.channels}")
        require(self.camera_points % self.anchors == 0,
                f"expected camera_points to be a multiple of the anchors ({self.anchors}), but got "
                f"{self.camera_points}")
        require(len(self.backbone_levels) <= self.levels,
                f"expected at least {len(self.backbone_levels)} levels, one for each stage used, but got {self.levels}")
        require(min(self.level_shapes[-1]) > 0 and min(self.image_size) >= 32,
                f"expected images of at least 32 x 32 pixels, but got {self.image_size[0]} x {self.image_size[1]}")

    @property
    def bev_queries(self):
        return self.bev_size[0] * self.bev_size[1]

    @property
    def stage_shapes(self):
        """(height, width) of the four stages' maps."""
        halve = lambda shape: tuple((extent + 1) // 2 for extent in shape)
        shapes = [halve(halve(self.image_size))]
        while len(shapes) < 4:
            shapes.append(halve(shapes[-1]))
        return shapes

    @property
    def level_shapes(self):
        """(height, width) of the pyramid's maps that the encoder samples."""
        shapes = [self.stage_shapes[stage] for stage in self.backbone_levels]
        while len(shapes) < self.levels:
            shapes.append(tuple((extent + 1) // 2 for extent in shapes[-1]))
        return shapes

    @property
    def grid_length(self):
        """(y, x): metres per cell of the map."""
        low, high = self.pc_range[:3], self.pc_range[3:]
        return (high[1] - low[1]) / self.bev_size[0], (high[0] - low[0]) / self.bev_size[1]


CONFIGURATIONS = {
    "tiny": Configuration("tiny", image_size=(480, 800), bev_size=(50, 50), backbone_blocks=RESNET_BLOCKS[50],
                          backbone_levels=(3,), levels=1, encoder_layers=3, stride_first=False),
    "small": Configuration("small", image_size=(736, 1280), bev_size=(150, 150), backbone_blocks=RESNET_BLOCKS[101],
                           backbone_levels=(3,), levels=1, encoder_layers=3, stride_first=True),
    "base": Configuration("base", image_size=(928, 1600), bev_size=(200, 200), backbone_blocks=RESNET_BLOCKS[101],
                          backbone_levels=(1, 2, 3), levels=4, encoder_layers=6, stride_first=True),
}
