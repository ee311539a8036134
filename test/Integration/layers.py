# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Text of the parts around the bev ops in a transformer layer: linear layers, layer norms, residuals, in linalg.

    text = Emitter()
    x = text.argument("query", (900, 256))
    y = text.linear("value", x, (900, 256, 128), "value_proj")     # adds the arguments value_proj.weight and .bias
    module = text.function("layer", {"output": (y, "tensor<900x128xf32>")})

Sizes are ints, or names of SSA values of index type ("%rows") for dynamic ones. All tensors are f32; weights are
[in, out], so that y = x @ weight + bias.
"""


def is_dynamic(size):
    return isinstance(size, str)


def type_of(shape, element="f32"):
    return "tensor<" + "".join(("?" if is_dynamic(s) else str(s)) + "x" for s in shape) + element + ">"


class Emitter:
    def __init__(self):
        self.arguments, self.lines, self._constants, self._names = [], [], [], {}

    def argument(self, name, shape, element="f32"):
        """%name, an argument; dots of `name` become underscores in the SSA name, bev.name keeps them. `shape` may hold
        any strings for dynamic sizes; None is a scalar."""
        if name not in self._names:
            self._names[name] = "%" + name.replace(".", "_")
            self.arguments.append((name, element if shape is None else type_of(shape, element)))
        return self._names[name]

    def comment(self, text):
        self.lines += ["", f"// {text}"]

    def line(self, text):
        self.lines += text.strip("\n").splitlines()

    def constant(self, name, value, element="f32"):
        """%name, a constant at the start of the function."""
        text = f"%{name} = arith.constant {value} : {element}"
        if text not in self._constants:
            self._constants.append(text)
        return f"%{name}"

    def empty(self, name, shape, element="f32"):
        sizes = ", ".join(s for s in shape if is_dynamic(s))
        self.line(f"%{name} = tensor.empty({sizes}) : {type_of(shape, element)}")
        return f"%{name}"

    def linear(self, name, x, sizes, layer):
        """x [rows, inputs] @ LAYER.weight + LAYER.bias -> [rows, outputs], with sizes = (rows, inputs, outputs)."""
        rows, inputs, outputs = sizes
        weight = self.argument(layer + ".weight", (inputs, outputs))
        bias = self.argument(layer + ".bias", (outputs,))
        made = type_of((rows, outputs))
        self.empty(f"{name}_empty", (rows, outputs))
        self.line(f"%{name}_bias = linalg.broadcast ins({bias} : {type_of((outputs,))}) outs(%{name}_empty : {made})"
                  " dimensions = [0]\n"
                  f"%{name} = linalg.matmul ins({x}, {weight} : {type_of((rows, inputs))}, "
                  f"{type_of((inputs, outputs))}) outs(%{name}_bias : {made}) -> {made}")
        return f"%{name}"

    def binary(self, name, op, a, b, shape):
        """linalg.OP (add, sub, mul) of two tensors of one shape."""
        type = type_of(shape)
        self.empty(f"{name}_empty", shape)
        self.line(f"%{name} = linalg.{op} ins({a}, {b} : {type}, {type}) outs(%{name}_empty : {type}) -> {type}")
        return f"%{name}"

    def relu(self, name, x, shape):
        type, zero = type_of(shape), self.constant("zero", "0.0")
        self.empty(f"{name}_empty", shape)
        self.line(f"%{name} = linalg.map ins({x} : {type}) outs(%{name}_empty : {type}) (%element: f32, %out: f32) {{\n"
                  f"  %positive = arith.maximumf %element, {zero} : f32\n"
                  "  linalg.yield %positive : f32\n}")
        return f"%{name}"

    def layer_norm(self, name, x, sizes, layer, epsilon=1e-5):
        """Normalisation of x [rows, channels] over the channels, with the biased variance, in two passes."""
        rows, channels = sizes
        gain = self.argument(layer + ".weight", (channels,))
        shift = self.argument(layer + ".bias", (channels,))
        zero = self.constant("zero", "0.0")
        count, eps = self.constant("channels", f"{float(channels)!r}"), self.constant("epsilon", f"{epsilon:e}")
        whole, per_row = type_of((rows, channels)), type_of((rows,))
        self.empty(f"{name}_row", (rows,))
        self.empty(f"{name}_empty", (rows, channels))
        self.line(f"""
%{name}_zeros = linalg.fill ins({zero} : f32) outs(%{name}_row : {per_row}) -> {per_row}
%{name}_sum = linalg.reduce {{ arith.addf }} ins({x} : {whole}) outs(%{name}_zeros : {per_row}) dimensions = [1]
%{name}_squares = linalg.generic {{
    indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>],
    iterator_types = ["parallel", "reduction"]}}
    ins({x}, %{name}_sum : {whole}, {per_row}) outs(%{name}_zeros : {per_row}) {{
^bb0(%element: f32, %sum: f32, %total: f32):
  %mean = arith.divf %sum, {count} : f32
  %centred = arith.subf %element, %mean : f32
  %square = arith.mulf %centred, %centred : f32
  %next = arith.addf %total, %square : f32
  linalg.yield %next : f32
}} -> {per_row}
%{name} = linalg.generic {{
    indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r)>, affine_map<(r, c) -> (r)>,
                     affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>],
    iterator_types = ["parallel", "parallel"]}}
    ins({x}, %{name}_sum, %{name}_squares, {gain}, {shift} : {whole}, {per_row}, {per_row}, {type_of((channels,))}, {type_of((channels,))})
    outs(%{name}_empty : {whole}) {{
^bb0(%element: f32, %sum: f32, %squares: f32, %factor: f32, %addend: f32, %out: f32):
  %mean = arith.divf %sum, {count} : f32
  %centred = arith.subf %element, %mean : f32
  %variance = arith.divf %squares, {count} : f32
  %safe = arith.addf %variance, {eps} : f32
  %scale = math.rsqrt %safe : f32
  %normal = arith.mulf %centred, %scale : f32
  %scaled = arith.mulf %normal, %factor : f32
  %shifted = arith.addf %scaled, %addend : f32
  linalg.yield %shifted : f32
}} -> {whole}""")
        return f"%{name}"

    def expand(self, name, x, groups, before, after):
        """tensor.expand_shape; `groups` like [[0, 1], [2]]."""
        sizes = ", ".join(map(str, after))
        self.line(f"%{name} = tensor.expand_shape {x} {groups} output_shape [{sizes}] : {type_of(before)} into "
                  f"{type_of(after)}")
        return f"%{name}"

    def collapse(self, name, x, groups, before, after):
        self.line(f"%{name} = tensor.collapse_shape {x} {groups} : {type_of(before)} into {type_of(after)}")
        return f"%{name}"

    def insert(self, name, source, target, at, source_shape, target_shape):
        """The part `at` (one index, in dimension len(target) - len(source)...) is given by offsets of the leading
        dimensions: tensor.insert_slice of source, of lower rank, at `at` (one offset per target dimension)."""
        sizes, extra = [], len(target_shape) - len(source_shape)
        kept = list(source_shape)
        for offset, size in zip(at, target_shape):
            if extra and offset != ":":
                sizes.append(1)
                extra -= 1
            else:
                sizes.append(kept.pop(0))
        offsets = ["0" if offset == ":" else str(offset) for offset in at]
        ones = ", ".join("1" for _ in at)
        self.line(f"%{name} = tensor.insert_slice {source} into {target}[{', '.join(offsets)}] "
                  f"[{', '.join(map(str, sizes))}] [{ones}] : {type_of(source_shape)} into {type_of(target_shape)}")
        return f"%{name}"

    def bev(self, name, op, clauses, ins, outs, element="f32"):
        """bev.OP: ins is [(value, type)], outs (shape, element) of the one result."""
        type = type_of(outs, element)
        self.empty(f"{name}_empty", outs, element)
        values, types = ", ".join(v for v, _ in ins), ", ".join(t for _, t in ins)
        self.line(f"%{name} = bev.{op} {clauses}\n    ins({values} : {types})\n"
                  f"    outs(%{name}_empty : {type}) -> {type}")
        return f"%{name}"

    def body(self):
        return "\n".join(self._constants + self.lines)

    def function(self, name, results):
        """The whole function as text; results {bev.name: (value, type)}."""
        arguments = ",\n    ".join(f'{self._names[n]}: {type} {{bev.name = "{n}"}}' for n, type in self.arguments)
        types = ", ".join(f'{type} {{bev.name = "{n}"}}' for n, (_, type) in results.items())
        values, plain = ", ".join(v for v, _ in results.values()), ", ".join(t for _, t in results.values())
        indented = ["  " + line if line else "" for line in self.body().splitlines()]
        return "\n".join([f"func.func @{name}(\n    {arguments})\n    -> ({types}) {{"] + indented
                         + [f"  return {values} : {plain}", "}", ""])


def temporal_attention(text, name, stacked, mixed, reference, sizes):
    """Value projection of stacked [B*T*Q, C], offsets and logits from mixed [B*Q, 2*C] -> attended [B*Q, C].

    sizes: dict(b, t, q, rows (B*Q), stacked (B*T*Q), c, m, p, levels text, prefix of the layers' names)."""
    b, t, q, rows, c, m, p = (sizes[k] for k in ("b", "t", "q", "rows", "c", "m", "p"))
    d, prefix = c // m, sizes["prefix"]
    text.linear(f"{name}_value_rows", stacked, (sizes["stacked"], c, c), prefix + "value_proj")
    text.expand(f"{name}_value", f"%{name}_value_rows", "[[0, 1, 2], [3, 4]]", (sizes["stacked"], c), (b, t, q, m, d))
    text.linear(f"{name}_offset_rows", mixed, (rows, 2 * c, m * t * p * 2), prefix + "sampling_offsets")
    text.expand(f"{name}_offsets", f"%{name}_offset_rows", "[[0, 1], [2, 3, 4, 5, 6]]", (rows, m * t * p * 2),
                (b, q, m, t, 1, p, 2))
    text.linear(f"{name}_logit_rows", mixed, (rows, 2 * c, m * t * p), prefix + "attention_weights")
    text.expand(f"{name}_logits", f"%{name}_logit_rows", "[[0, 1], [2, 3, 4]]", (rows, m * t * p), (b, q, m, t, p))
    text.bev(f"{name}_heads", "temporal_self_attention", f"levels({sizes['levels']})",
             [(f"%{name}_value", type_of((b, t, q, m, d))), (reference, type_of((b, t, q, 1, 2))),
              (f"%{name}_offsets", type_of((b, q, m, t, 1, p, 2))), (f"%{name}_logits", type_of((b, q, m, t, p)))],
             (b, q, m, d))
    return text.collapse(f"{name}_attended", f"%{name}_heads", "[[0, 1], [2, 3]]", (b, q, m, d), (rows, c))


def spatial_attention(text, name, features, query, uv, visible, sizes):
    """Value projection of features [B*N*S, C], offsets and logits from query [B*Q, C] -> attended [B*Q, C].

    sizes: dict(b, n, q, s, rows (B*Q), cells (B*N*S), c, m, p, z, levels text, prefix)."""
    b, n, q, s, rows, c, m, p, z = (sizes[k] for k in ("b", "n", "q", "s", "rows", "c", "m", "p", "z"))
    d, prefix = c // m, sizes["prefix"]
    text.linear(f"{name}_value_rows", features, (sizes["cells"], c, c), prefix + "value_proj")
    text.expand(f"{name}_value", f"%{name}_value_rows", "[[0, 1, 2], [3, 4]]", (sizes["cells"], c), (b, n, s, m, d))
    text.linear(f"{name}_offset_rows", query, (rows, c, m * p * 2), prefix + "sampling_offsets")
    text.expand(f"{name}_offsets", f"%{name}_offset_rows", "[[0, 1], [2, 3, 4, 5]]", (rows, m * p * 2),
                (b, q, m, 1, p, 2))
    text.linear(f"{name}_logit_rows", query, (rows, c, m * p), prefix + "attention_weights")
    text.expand(f"{name}_logits", f"%{name}_logit_rows", "[[0, 1], [2, 3]]", (rows, m * p), (b, q, m, p))
    text.bev(f"{name}_heads", "spatial_cross_attention", f"levels({sizes['levels']})",
             [(f"%{name}_value", type_of((b, n, s, m, d))), (uv, type_of((b, n, q, z, 2))),
              (visible, type_of((b, n, q, z), "i1")), (f"%{name}_offsets", type_of((b, q, m, 1, p, 2))),
              (f"%{name}_logits", type_of((b, q, m, p)))], (b, q, m, d))
    return text.collapse(f"{name}_attended", f"%{name}_heads", "[[0, 1], [2, 3]]", (b, q, m, d), (rows, c))


def project_and_normalize(text, name, attended, query, rows, channels, projection, norm, epsilon=1e-5):
    """norm(query + linear(attended))."""
    text.linear(f"{name}_projected", attended, (rows, channels, channels), projection)
    text.binary(f"{name}_residual", "add", query, f"%{name}_projected", (rows, channels))
    return text.layer_norm(f"{name}_norm", f"%{name}_residual", (rows, channels), norm, epsilon)


def feed_forward(text, name, x, rows, channels, hidden, layers, norm, epsilon=1e-5):
    """norm(x + linear(relu(linear(x)))) with the two linear layers named `layers`."""
    text.linear(f"{name}_wide", x, (rows, channels, hidden), layers[0])
    text.relu(f"{name}_active", f"%{name}_wide", (rows, hidden))
    text.linear(f"{name}_narrow", f"%{name}_active", (rows, hidden, channels), layers[1])
    text.binary(f"{name}_residual", "add", x, f"%{name}_narrow", (rows, channels))
    return text.layer_norm(f"{name}_norm", f"%{name}_residual", (rows, channels), norm, epsilon)
