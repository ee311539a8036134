# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the bird's-eye view to boxes: the decoder with its refined reference points, and the two heads."""
import numpy as np

from attention import decoder_attention

CLASSES = 10
CODE = 10  # x, y, log w, log l, z, log h, sin, cos, vx, vy
# What an untrained box head should answer on average: a car, near the road.
_BOX_MEAN = np.log([1.0, 1.0, 1.9, 4.6, 1.0, 1.7, 1.0, 1.0, 1.0, 1.0])
_BOX_GAIN = np.array([0.5, 0.5, 0.3, 0.3, 0.5, 0.2, 1.0, 1.0, 2.0, 2.0])


def _self_attention(graph, configuration, query, position):
    """Multi-head attention among the object queries, [q,B,C] with the residual."""
    c = configuration
    d, rows = c.channels // c.heads, c.batch * c.heads
    with graph.scope("attn"):
        weight = graph.parameter("in_proj_weight", (3 * c.channels, c.channels), c.channels ** -0.5)
        bias = graph.parameter("in_proj_bias", (3 * c.channels,), 0.05)
        positioned = graph.op("Add", query, position)
        split = []
        for x, w, b in zip((positioned, positioned, query), graph.split(weight, 0, [c.channels] * 3),
                           graph.split(bias, 0, [c.channels] * 3)):
            x = graph.op("Add", graph.op("MatMul", x, graph.transpose(w, 1, 0)), b)
            split.append(graph.reshape(x, (c.queries, rows, d)))
        q, k, v = (graph.transpose(x, 1, 0, 2) for x in split)
        q = graph.op("Mul", q, graph.constant(d ** -0.5))
        scores = graph.softmax(graph.op("MatMul", q, graph.transpose(k, 0, 2, 1)), 2)
        x = graph.transpose(graph.op("MatMul", scores, v), 1, 0, 2)
        x = graph.reshape(x, (c.queries * c.batch, c.channels))
        with graph.scope("out_proj"):
            weight = graph.parameter("weight", (c.channels, c.channels), 0.5 * c.channels ** -0.5)
            x = graph.op("Gemm", x, weight, graph.parameter("bias", (c.channels,), 0.05), transB=1)
        x = graph.reshape(x, (c.queries, c.batch, c.channels))
    return graph.op("Add", query, x)


def _box_branch(graph, configuration, x, layer):
    """x [B,q,C] -> the ten numbers of a box, before the reference point is added."""
    with graph.scope("pts_bbox_head.reg_branches", layer):
        for name in ("0", "2"):
            x = graph.op("Relu", graph.linear(x, name, configuration.channels, configuration.channels, gain=1.4,
                                              centre=name != "0"))
        return graph.linear(x, "4", configuration.channels, CODE, gain=_BOX_GAIN, bias_mean=_BOX_MEAN, centre=True)


def _class_branch(graph, configuration, x, layer):
    with graph.scope("pts_bbox_head.cls_branches", layer):
        for name, norm in (("0", "1"), ("3", "4")):
            x = graph.linear(x, name, configuration.channels, configuration.channels, gain=1.4,
                             centre=name != "0")
            x = graph.op("Relu", graph.layer_norm(x, norm, configuration.channels))
        return graph.linear(x, "6", configuration.channels, CLASSES, gain=1.6, bias_mean=-4.6, centre=True)


def _moved(graph, box, reference):
    """(x, y [B,q,2], z [B,q,1]) in [0,1]: the box's centre moved from the reference [B,q,3], through the inverse of the
    sigmoid and back."""
    parts = []
    for from_box, from_reference in (((0, 2), (0, 2)), ((4, 5), (2, 3))):
        logit = graph.inverse_sigmoid(graph.slice(reference, 2, *from_reference))
        parts.append(graph.op("Sigmoid", graph.op("Add", graph.slice(box, 2, *from_box), logit)))
    return parts


def _in_metres(graph, configuration, box, centre):
    """The box with its centre in metres."""
    low, high = np.array(configuration.pc_range[:3]), np.array(configuration.pc_range[3:])
    xy, z = (graph.op("Add", graph.op("Mul", part, graph.constant((high - low)[which])), graph.constant(low[which]))
             for part, which in zip(centre, (slice(0, 2), slice(2, 3))))
    return graph.concat([xy, graph.slice(box, 2, 2, 4), z, graph.slice(box, 2, 5, CODE)], -1)


def decode(graph, configuration, bev):
    """bev [Q,B,C] -> (scores, boxes), each [layers,B,q,10]: class logits, and x, y, log w, log l, z, log h, sin, cos,
    vx, vy in metres, metres per second."""
    c = configuration
    with graph.scope("pts_bbox_head"):
        embedding = graph.parameter("query_embedding.weight", (c.queries, 2 * c.channels), 1.0)
    states, references = [], []
    with graph.scope("pts_bbox_head.transformer"):
        position, query = (graph.expand(graph.unsqueeze(part, 0), (c.batch, c.queries, c.channels))
                           for part in graph.split(embedding, 1, [c.channels] * 2))
        reference = graph.op("Sigmoid", graph.linear(position, "reference_points", c.channels, 3, gain=1.5))
        query, position = graph.transpose(query, 1, 0, 2), graph.transpose(position, 1, 0, 2)
    for layer in range(c.decoder_layers):
        with graph.scope("pts_bbox_head.transformer", "decoder", "layers", layer):
            with graph.scope("attentions.0"):
                query = _self_attention(graph, c, query, position)
            query = graph.layer_norm(query, "norms.0", c.channels)
            with graph.scope("attentions.1"):
                point = graph.unsqueeze(graph.slice(reference, 2, 0, 2), 2)
                query = decoder_attention(graph, c, query, position, bev, point)
            query = graph.layer_norm(query, "norms.1", c.channels)
            query = graph.feed_forward(query, "ffns.0", c.channels, c.hidden)
            query = graph.layer_norm(query, "norms.2", c.channels)
        references.append(reference)
        states.append(graph.transpose(query, 1, 0, 2))
        reference = graph.concat(_moved(graph, _box_branch(graph, c, states[-1], layer), reference), -1)
    # As published, the head computes the boxes again rather than taking them from the decoder.
    scores, boxes = [], []
    for layer, (state, reference) in enumerate(zip(states, references)):
        scores.append(graph.unsqueeze(_class_branch(graph, c, state, layer), 0))
        box = _box_branch(graph, c, state, layer)
        boxes.append(graph.unsqueeze(_in_metres(graph, c, box, _moved(graph, box, reference)), 0))
    return graph.concat(scores, 0), graph.concat(boxes, 0)
