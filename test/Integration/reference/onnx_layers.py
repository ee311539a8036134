# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's recurrent layers and its attention in float64, as its operators' documents define them."""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Functions of (x, alpha, beta), and their alpha and beta where none are stated.
ACTIVATIONS = {
    "Relu": (lambda x, a, b: np.maximum(x, 0), None, None),
    "Tanh": (lambda x, a, b: np.tanh(x), None, None),
    "Sigmoid": (lambda x, a, b: sigmoid(x), None, None),
    "Softsign": (lambda x, a, b: x / (1 + abs(x)), None, None),
    "Softplus": (lambda x, a, b: np.log1p(np.exp(x)), None, None),
    "Affine": (lambda x, a, b: a * x + b, 1.0, 0.0),
    "ScaledTanh": (lambda x, a, b: a * np.tanh(b * x), 1.0, 1.0),
    "LeakyRelu": (lambda x, a, b: np.where(x < 0, a * x, x), 0.01, None),
    "ThresholdedRelu": (lambda x, a, b: np.where(x > a, x, 0), 1.0, None),
    "HardSigmoid": (lambda x, a, b: np.clip(a * x + b, 0, 1), 0.2, 0.5),
    "Elu": (lambda x, a, b: np.where(x < 0, a * np.expm1(x), x), 1.0, None),
}


def activation_functions(names, alphas, betas, clip):
    """The functions of those names, which take their parameters from the lists in order."""
    alphas, betas = list(alphas or []), list(betas or [])
    functions = []
    for name in names:
        function, alpha, beta = ACTIVATIONS[name]
        if alpha is not None and alphas:
            alpha = alphas.pop(0)
        if beta is not None and betas:
            beta = betas.pop(0)
        bound = np.inf if clip is None else clip
        functions.append(lambda x, f=function, a=alpha, b=beta: f(np.clip(x, -bound, bound), a, b))
    return functions


def recurrent(kind, x, w, r, b=None, lengths=None, start=None, start_cell=None, peepholes=None, direction="forward",
              activations=None, activation_alpha=None, activation_beta=None, clip=None, layout=0, input_forget=0,
              linear_before_reset=0):
    """[all states, last states, last cells of an LSTM] of the layer `kind`: "LSTM", "GRU" or "RNN"."""
    x, w, r = (np.asarray(v, np.float64) for v in (x, w, r))
    if layout:
        x = x.swapaxes(0, 1)
        start, start_cell = (None if s is None else s.swapaxes(0, 1) for s in (start, start_cell))
    length, batch, _ = x.shape
    directions, hidden = w.shape[0], r.shape[-1]
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
    default = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}[kind]
    functions = activation_functions(activations or default * directions, activation_alpha, activation_beta, clip)
    zeros = np.zeros((directions, batch, hidden))
    b = np.zeros((directions, 2 * gates * hidden)) if b is None else np.asarray(b, np.float64)
    start, start_cell = (zeros if s is None else np.asarray(s, np.float64) for s in (start, start_cell))
    peepholes = np.zeros((directions, 3 * hidden)) if peepholes is None else np.asarray(peepholes, np.float64)
    lengths = np.full(batch, length) if lengths is None else lengths
    all_states = np.zeros((length, directions, batch, hidden))
    last, last_cell = zeros.copy(), zeros.copy()
    for d in range(directions):
        f = functions[d * len(default):(d + 1) * len(default)]
        weights, states = np.split(w[d], gates), np.split(r[d], gates)
        own, other = np.split(b[d, :gates * hidden], gates), np.split(b[d, gates * hidden:], gates)
        p = np.split(peepholes[d], 3)
        for n in range(batch):
            h, c = start[d, n], start_cell[d, n]
            times = range(lengths[n])
            if direction == "reverse" or d == 1:
                times = reversed(times)
            for t in times:
                at = x[t, n]
                part = lambda k: at @ weights[k].T + own[k] + h @ states[k].T + other[k]  # noqa: E731
                if kind == "RNN":
                    h = f[0](part(0))
                elif kind == "GRU":
                    z, reset = f[0](part(0)), f[0](part(1))
                    if linear_before_reset:
                        inner = reset * (h @ states[2].T + other[2])
                    else:
                        inner = (reset * h) @ states[2].T + other[2]
                    h = (1 - z) * f[1](at @ weights[2].T + own[2] + inner) + z * h
                else:
                    i = f[0](part(0) + p[0] * c)
                    forget = 1 - i if input_forget else f[0](part(2) + p[2] * c)
                    new = forget * c + i * f[1](part(3))
                    h, c = f[0](part(1) + p[1] * new) * f[2](new), new
                all_states[t, d, n] = h
            last[d, n], last_cell[d, n] = h, c
    if layout:
        all_states, last, last_cell = (all_states.transpose(2, 0, 1, 3), last.swapaxes(0, 1), last_cell.swapaxes(0, 1))
    return [all_states, last] + ([last_cell] if kind == "LSTM" else [])


def attention(q, k, v, mask=None, past_key=None, past_value=None, lengths=None, q_num_heads=None, kv_num_heads=None,
              scale=None, is_causal=0, softcap=0, left_window_size=-1, right_window_size=-1):
    """The output of Attention, query by query; zeros for one that may attend to nothing."""
    q, k, v = (np.asarray(x, np.float64) for x in (q, k, v))
    is_flat = q.ndim == 3
    if is_flat:
        q, k, v = (x.reshape(*x.shape[:2], n, -1).transpose(0, 2, 1, 3)
                   for x, n in ((q, q_num_heads), (k, kv_num_heads), (v, kv_num_heads)))
    offset = 0
    if past_key is not None:
        offset = past_key.shape[2]
        k, v = np.concatenate([past_key, k], 2), np.concatenate([past_value, v], 2)
    batch, heads, rows, size = q.shape
    columns = k.shape[2]
    scale = 1 / np.sqrt(size) if scale is None else scale
    result = np.zeros((batch, heads, rows, v.shape[-1]))
    full = None
    if mask is not None:
        missing = columns - mask.shape[-1]
        filler = False if mask.dtype == bool else -np.inf
        full = np.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, missing)], constant_values=filler)
        full = np.broadcast_to(full, (batch, heads, rows, columns))
    for n, h, i in np.ndindex(batch, heads, rows):
        group = h * k.shape[1] // heads
        scores = k[n, group] @ q[n, h, i] * scale
        if softcap:
            scores = softcap * np.tanh(scores / softcap)
        place = i + (offset if lengths is None or past_key is not None else lengths[n] - rows)
        j = np.arange(columns)
        allowed = np.ones(columns, bool)
        if full is not None and full.dtype == bool:
            allowed &= full[n, h, i]
        elif full is not None:
            scores = scores + full[n, h, i]
            allowed &= full[n, h, i] != -np.inf
        if is_causal:
            allowed &= j <= place
        if left_window_size >= 0:
            allowed &= place - j <= left_window_size
        if right_window_size >= 0:
            allowed &= j - place <= right_window_size
        if lengths is not None:
            allowed &= j < lengths[n]
        if not allowed.any():
            continue
        weights = np.where(allowed, np.exp(scores - scores[allowed].max()), 0)
        result[n, h, i] = weights / weights.sum() @ v[n, group]
    return result.transpose(0, 2, 1, 3).reshape(batch, rows, -1) if is_flat else result
