// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inputs that make ops take about as long as those of models do: what matters
// is which cells are read, in which order, and how many are outside.

#include "bev/Target/Tune.h"

#include "bev/Dialect/BEV/IR/Backward.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <cstring>
#include <thread>

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

/// Calls `fill(begin, end)` for parts of 0 ... count, on all processors.
static void forParts(int64_t count,
                     llvm::function_ref<void(int64_t, int64_t)> fill) {
  constexpr int64_t kMinPart = 1 << 14;
  int64_t parts = std::clamp<int64_t>(
      count / kMinPart, 1, std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::thread> threads;
  for (int64_t i = 1; i < parts; ++i)
    threads.emplace_back(fill, count * i / parts, count * (i + 1) / parts);
  fill(0, count / parts);
  for (std::thread &thread : threads)
    thread.join();
}

/// Numbers that depend on the index alone, so that parts can be filled in any
/// order: the output function of SplitMix64.
static uint64_t hash(uint64_t seed, int64_t index) {
  uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Of [0, 1).
static float uniform(uint64_t seed, int64_t index) {
  return (hash(seed, index) >> 40) * 0x1p-24f;
}

/// About normally distributed: the sum of four numbers of 16 bits, with
/// variance 1.
static float normal(uint64_t seed, int64_t index) {
  uint64_t bits = hash(seed, index);
  int64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) +
                (bits >> 32 & 0xffff) + (bits >> 48);
  return (sum - 131070) * (1.7320508f / 65536);
}

static std::optional<DType> getDType(Type type) {
  if (type.isF16())
    return DType::F16;
  if (type.isBF16())
    return DType::BF16;
  if (type.isF32())
    return DType::F32;
  if (type.isInteger(1))
    return DType::Bool;
  if (type.isInteger(32))
    return DType::I32;
  return std::nullopt;
}

static void store(Array &array, int64_t index, float value) {
  char *data = array.getData();
  switch (array.getType()) {
  case DType::F16:
    reinterpret_cast<uint16_t *>(data)[index] = floatToHalf(value);
    return;
  case DType::BF16:
    reinterpret_cast<uint16_t *>(data)[index] = floatToBFloat16(value);
    return;
  case DType::F32:
    reinterpret_cast<float *>(data)[index] = value;
    return;
  case DType::I32:
    reinterpret_cast<int32_t *>(data)[index] = static_cast<int32_t>(value);
    return;
  default:
    data[index] = value != 0;
  }
}

static llvm::Expected<Array> makeArray(Value operand) {
  auto type = cast<ShapedType>(operand.getType());
  std::optional<DType> element = getDType(type.getElementType());
  if (!element)
    return llvm::createStringError("an input has an element type that no "
                                   "inputs are made of");
  return Array::create(*element, type.getShape());
}

/// An array with `value(index)` everywhere.
template <typename Function>
static llvm::Expected<Array> fill(Value operand, Function value) {
  llvm::Expected<Array> array = makeArray(operand);
  if (!array)
    return array;
  forParts(array->getNumElements(), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      store(*array, i, value(i));
  });
  return array;
}

namespace {

/// Collects the arrays of an op.
struct Inputs {
  std::vector<Array> arrays;
  llvm::Error error = llvm::Error::success();

  void add(llvm::Expected<Array> array) {
    if (array)
      arrays.push_back(std::move(*array));
    else
      error = llvm::joinErrors(std::move(error), array.takeError());
  }
  template <typename Function>
  void add(Value operand, Function value) {
    add(fill(operand, value));
  }
  /// A table of ranks, which single precision could not count.
  template <typename Function>
  void addTable(Value operand, Function value) {
    llvm::Expected<Array> array = makeArray(operand);
    if (array) {
      auto *data = reinterpret_cast<int32_t *>(array->getData());
      for (int64_t i = 0; i < array->getNumElements(); ++i)
        data[i] = static_cast<int32_t>(value(i));
    }
    add(std::move(array));
  }
  void addNormal(Value operand) {
    uint64_t seed = 7919 * (arrays.size() + 1);
    add(operand, [=](int64_t i) { return normal(seed, i); });
  }
};

//===----------------------------------------------------------------------===//
// Attentions
//===----------------------------------------------------------------------===//

struct Point {
  float x, y;
};

/// Where the queries of an attention look.
class References {
public:
  /// `maps` of `levels` sizes (H, W), seen by `queries` with `anchors` points
  /// each.
  References(SamplePlacement placement, int64_t maps, int64_t queries,
             int64_t anchors, ArrayRef<int64_t> levels)
      : placement(placement), maps(maps), queries(queries), anchors(anchors),
        levels(levels) {
    int64_t positions = 0;
    for (size_t i = 0; i < levels.size(); i += 2)
      positions += levels[i] * levels[i + 1];
    isMap = queries == positions;
    width = std::max<int64_t>(std::llround(std::sqrt(double(queries))), 1);
    isSquare = width * width == queries;
    if (placement == SamplePlacement::Cameras && !isSquare)
      listSeen();
  }

  /// In 0 ... 1 across the map; far outside where it is behind the camera.
  Point get(int64_t map, int64_t query, int64_t anchor) const {
    if (placement == SamplePlacement::Cameras) {
      if (isSquare)
        return project(map, query, anchor, width);
      // What a camera sees comes first, as where models gather it.
      const std::vector<int32_t> &cells = seen[map % seen.size()];
      if (query >= static_cast<int64_t>(cells.size()))
        return {0, 0};
      return project(map, cells[query], anchor, side);
    }
    if (placement == SamplePlacement::Uniform)
      return {0.5f, 0.5f};
    if (isMap) {
      for (size_t i = 0; i < levels.size(); i += 2) {
        int64_t size = levels[i] * levels[i + 1];
        if (query < size)
          return cell(query, levels[i], levels[i + 1]);
        query -= size;
      }
    }
    return cell(query, (queries + width - 1) / width, width);
  }

  bool isVisible(int64_t map, int64_t query, int64_t anchor) const {
    Point p = get(map, query, anchor);
    return p.x > 0 && p.x < 1 && p.y > 0 && p.y < 1;
  }

private:
  static Point cell(int64_t number, int64_t height, int64_t width) {
    return {(number % width + 0.5f) / width, (number / width + 0.5f) / height};
  }

  /// A point of a pillar, between 4.6 m below and 2.4 m above the camera, of a
  /// grid of 102.4 m, in a pinhole camera of 65 degrees.
  Point project(int64_t camera, int64_t number, int64_t anchor,
                int64_t side) const {
    constexpr float kRange = 102.4f, kFocal = 1266, kWidth = 1600,
                    kHeight = 928;
    float x = (number % side + 0.5f) / side * kRange - kRange / 2;
    float y = (number / side + 0.5f) / side * kRange - kRange / 2;
    float z = (anchor + 0.5f) / anchors * 8 - 4.7f;
    float yaw = 6.2831853f * (camera % maps) / maps;
    float depth = x * std::cos(yaw) + y * std::sin(yaw) - 1;
    float left = -x * std::sin(yaw) + y * std::cos(yaw);
    if (depth <= 0.1f)
      return {-1, -1};
    return {
        std::clamp((kWidth / 2 - kFocal * left / depth) / kWidth, -1.f, 2.f),
        std::clamp((450 - kFocal * z / depth) / kHeight, -1.f, 2.f)};
  }

  /// Cells that each camera sees, of a grid in which one sees about as many as
  /// there are queries.
  void listSeen() {
    constexpr double kCellsPerSeen = 4.1;
    side =
        std::max<int64_t>(std::llround(std::sqrt(kCellsPerSeen * queries)), 1);
    seen.resize(maps);
    for (int64_t map = 0; map < maps; ++map)
      for (int64_t number = 0; number < side * side; ++number)
        for (int64_t anchor = 0; anchor < anchors; ++anchor) {
          Point p = project(map, number, anchor, side);
          if (p.x > 0 && p.x < 1 && p.y > 0 && p.y < 1) {
            seen[map].push_back(number);
            break;
          }
        }
  }

  SamplePlacement placement;
  int64_t maps, queries, anchors;
  ArrayRef<int64_t> levels;
  bool isMap, isSquare;
  int64_t width, side = 0;
  std::vector<std::vector<int32_t>> seen;
};

/// The sizes of [..., M, L, P, 2], or of [..., M, T, L, P, 2].
struct OffsetIndex {
  int64_t heads, frames, levels, points;
  int64_t query, head, level, point;
  bool isY;

  OffsetIndex(int64_t heads, int64_t frames, int64_t levels, int64_t points)
      : heads(heads), frames(frames), levels(levels), points(points) {}

  void set(int64_t i) {
    isY = i % 2;
    i /= 2;
    point = i % points;
    i /= points;
    level = i % levels;
    i /= levels * frames;
    head = i % heads;
    query = i / heads;
  }
};

} // namespace

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// Pixels from the reference point: heads look in different directions, points
/// further and further, as trained models do; anywhere for `Uniform`.
static float getOffset(const OffsetIndex &at, int64_t index,
                       SamplePlacement placement, ArrayRef<int64_t> levels) {
  constexpr uint64_t kSeed = 104729;
  if (placement == SamplePlacement::Uniform)
    return (uniform(kSeed, index) - 0.5f) *
           levels[2 * at.level + (at.isY ? 0 : 1)];
  float angle = at.head * (6.2831853f / at.heads);
  float x = std::cos(angle), y = std::sin(angle);
  float direction = (at.isY ? y : x) / std::max(std::abs(x), std::abs(y));
  return direction * (at.point + 1) + 0.5f * normal(kSeed, index);
}

static void addOffsets(Inputs &inputs, Value offsets, int64_t frames,
                       SamplePlacement placement, ArrayRef<int64_t> levels) {
  ArrayRef<int64_t> shape = shapeOf(offsets);
  OffsetIndex sizes(shape[2], frames, levels.size() / 2,
                    shape[shape.size() - 2]);
  inputs.add(offsets, [=](int64_t i) {
    OffsetIndex at = sizes;
    at.set(i);
    return getOffset(at, i, placement, levels);
  });
}

/// Reference points [maps..., Q, R, 2], with the sizes of boxes where the last
/// dimension has 4.
static void addReferences(Inputs &inputs, Value operand,
                          const References &references) {
  ArrayRef<int64_t> shape = shapeOf(operand);
  int64_t last = shape.back(), anchors = shape[shape.size() - 2],
          queries = shape[shape.size() - 3];
  inputs.add(operand, [=, &references](int64_t i) {
    int64_t coordinate = i % last;
    if (coordinate >= 2)
      return 0.1f;
    i /= last;
    Point p = references.get(i / (anchors * queries), i / anchors % queries,
                             i % anchors);
    return coordinate == 0 ? p.x : p.y;
  });
}

/// Of the op or its gradients.
template <typename Op>
static void addCoreInputs(Inputs &inputs, Op op, SamplePlacement placement) {
  constexpr int64_t kAnchors = 4;
  ArrayRef<int64_t> shape = shapeOf(op.getLocations());
  ArrayRef<int64_t> levels = op.getStaticLevels();
  if (placement == SamplePlacement::Default)
    placement = SamplePlacement::Grid;
  References references(placement, shape[0], shape[1], kAnchors, levels);
  OffsetIndex sizes(shape[2], 1, shape[3], shape[4]);
  inputs.addNormal(op.getValue());
  inputs.add(op.getLocations(), [=, &references](int64_t i) {
    OffsetIndex at = sizes;
    at.set(i);
    Point p = references.get(at.query / shape[1], at.query % shape[1],
                             at.point % kAnchors);
    float size = levels[2 * at.level + (at.isY ? 0 : 1)];
    return (at.isY ? p.y : p.x) + getOffset(at, i, placement, levels) / size;
  });
  float scale = 2.f / (shape[3] * shape[4]);
  inputs.add(op.getWeights(),
             [=](int64_t i) { return scale * uniform(1299709, i); });
}

template <typename Op>
static void addWholeInputs(Inputs &inputs, Op op, SamplePlacement placement) {
  ArrayRef<int64_t> shape = shapeOf(op.getReference());
  ArrayRef<int64_t> levels = op.getStaticLevels();
  if (placement == SamplePlacement::Default)
    placement = op.getReferenceKind() == ReferenceKind::pillar
                    ? SamplePlacement::Cameras
                    : SamplePlacement::Grid;
  References references(placement, shape[0], shape[1], shape[2], levels);
  inputs.addNormal(op.getValue());
  addReferences(inputs, op.getReference(), references);
  addOffsets(inputs, op.getOffsets(), /*frames=*/1, placement, levels);
  inputs.addNormal(op.getLogits());
}

static void addInputs(Inputs &inputs, SpatialCrossAttentionOp op,
                      SamplePlacement placement) {
  ArrayRef<int64_t> shape = shapeOf(op.getUv());
  ArrayRef<int64_t> levels = op.getStaticLevels();
  if (placement == SamplePlacement::Default)
    placement = SamplePlacement::Cameras;
  References references(placement, shape[1], shape[2], shape[3], levels);
  inputs.addNormal(op.getValue());
  addReferences(inputs, op.getUv(), references);
  inputs.add(op.getVisible(), [=, &references](int64_t i) {
    int64_t query = i / shape[3] % shape[2], map = i / (shape[3] * shape[2]);
    return references.isVisible(map, query, i % shape[3]) ? 1.f : 0.f;
  });
  addOffsets(inputs, op.getOffsets(), /*frames=*/1, placement, levels);
  inputs.addNormal(op.getLogits());
}

static void addInputs(Inputs &inputs, TemporalSelfAttentionOp op,
                      SamplePlacement placement) {
  ArrayRef<int64_t> shape = shapeOf(op.getReference());
  ArrayRef<int64_t> levels = op.getStaticLevels();
  if (placement == SamplePlacement::Default)
    placement = SamplePlacement::Grid;
  References references(placement, shape[0] * shape[1], shape[2], shape[3],
                        levels);
  inputs.addNormal(op.getValue());
  addReferences(inputs, op.getReference(), references);
  addOffsets(inputs, op.getOffsets(), /*frames=*/shape[1], placement, levels);
  inputs.addNormal(op.getLogits());
}

//===----------------------------------------------------------------------===//
// Other ops
//===----------------------------------------------------------------------===//

/// A map that turns by a few degrees.
static void addInputs(Inputs &inputs, WarpBEVOp op) {
  inputs.addNormal(op.getPrev());
  inputs.add(op.getAngle(), [](int64_t) { return 3.f; });
  if (op.getReset())
    inputs.add(op.getReset(), [](int64_t) { return 0.f; });
}

/// Points of cells around the vehicle: the density falls with the square of the
/// distance, as frustums spread. Neighbouring cells have points of the same
/// rows of features.
static void addInputs(Inputs &inputs, IntervalPoolOp op) {
  ArrayRef<int64_t> result = shapeOf(op.getInit());
  int64_t cells = ShapedType::getNumElements(result.drop_back());
  int64_t width = result[result.size() - 2];
  int64_t height = result.size() > 2 ? result[result.size() - 3] : 1;
  int64_t rows = shapeOf(op.getFeat())[0];
  int64_t points = op.getRanksFeat() ? shapeOf(op.getRanksFeat())[0] : rows;
  auto position = [=](int64_t cell) {
    return Point{(cell % width + 0.5f) / width - 0.5f,
                 (cell / width % height + 0.5f) / height - 0.5f};
  };
  std::vector<double> ends(cells);
  double sum = 0;
  for (int64_t cell = 0; cell < cells; ++cell) {
    Point p = position(cell);
    ends[cell] = sum += 1 / (p.x * p.x + p.y * p.y + 0.002);
  }
  // Bounds that are constants are part of the op.
  const std::optional<SmallVector<int32_t>> known = getTable(op.getBounds());
  SmallVector<int32_t> bounds = known.value_or(SmallVector<int32_t>());
  int32_t begin = 0;
  for (int64_t cell = 0; !known && cell < cells; ++cell) {
    const auto end = static_cast<int32_t>(
        cell + 1 == cells ? points : points * (ends[cell] / sum));
    bounds.append({begin, end});
    begin = end;
  }
  std::vector<int32_t> features(points);
  for (int64_t cell = 0; cell < cells; ++cell) {
    Point p = position(cell);
    double turn = std::atan2(p.y, p.x) / (2 * M_PI) + 0.5;
    int64_t near = static_cast<int64_t>(turn * rows);
    const int64_t last = std::min<int64_t>(bounds[2 * cell + 1], points);
    for (int64_t i = std::max(bounds[2 * cell], 0); i < last; ++i)
      features[i] = (near + hash(31, i) % 64) % rows;
  }
  inputs.addNormal(op.getFeat());
  if (op.getDepth()) {
    int64_t depths = shapeOf(op.getDepth())[0];
    inputs.add(op.getDepth(), [](int64_t i) { return uniform(17, i); });
    int64_t bins = std::max<int64_t>(depths / rows, 1);
    inputs.addTable(op.getRanksDepth(), [&](int64_t i) {
      return (features[i] + rows * (hash(37, i) % bins)) % depths;
    });
  }
  if (op.getRanksFeat())
    inputs.addTable(op.getRanksFeat(), [&](int64_t i) { return features[i]; });
  if (!isKnownTable(op.getBounds()))
    inputs.addTable(op.getBounds(), [&](int64_t i) { return bounds[i]; });
}

/// Segments of the columns of images, by groups of columns and of depths,
/// column and depth, as their table is best sorted. Images have so many rows,
/// or as many as there are features for.
static void addInputs(Inputs &inputs, SegmentPoolOp op) {
  constexpr int64_t kImageRows = 16, kGroup = 8;
  const int64_t rows = shapeOf(op.getFeat())[0],
                depths = shapeOf(op.getDepth())[0],
                segments = shapeOf(op.getSegments())[0];
  const int64_t step =
      std::max<int64_t>(getConstantIntValue(op.getStep()).value_or(1), 1);
  const int64_t width = std::min(step, rows);
  const int64_t height = std::min(rows / width, kImageRows);
  const int64_t images = rows / (width * height);
  const int64_t bins = std::max<int64_t>(depths / rows, 1);
  const int64_t columns = std::min(width, kGroup);
  const int64_t columnGroups = llvm::divideCeil(width, columns);
  const int64_t ofGroup = columns * kGroup;
  const int64_t depthGroups =
      llvm::divideCeil(segments, images * columnGroups * ofGroup);
  inputs.addNormal(op.getFeat());
  inputs.add(op.getDepth(), [](int64_t i) { return uniform(17, i); });
  inputs.addTable(op.getSegments(), [&](int64_t i) {
    const int64_t segment = i / 3, group = segment / ofGroup;
    const int64_t column =
        std::min(group / depthGroups % columnGroups * columns +
                     segment % ofGroup / kGroup,
                 width - 1);
    const int64_t image = group / (depthGroups * columnGroups);
    const int64_t bin =
        (group % depthGroups * kGroup + segment % kGroup) % bins;
    // Some do not begin with the first row, and some end before the last.
    const int64_t begin = hash(41, segment) % 8 == 0 ? height / 4 : 0;
    const int64_t end = height - (hash(43, segment) % 8 == 0 ? height / 4 : 0);
    auto rank = [&](int64_t map) {
      return (map * height + begin) * width + column;
    };
    return i % 3 == 0   ? rank(image * bins + bin) % depths
           : i % 3 == 1 ? rank(image)
                        : end - begin;
  });
}

llvm::Expected<std::vector<Array>>
mlir::bev::makeTuneInputs(Operation *op, SamplePlacement placement) {
  Inputs inputs;
  llvm::TypeSwitch<Operation *>(op)
      .Case<MSDeformAttnOp, MSDeformAttnBackwardOp>(
          [&](auto core) { addCoreInputs(inputs, core, placement); })
      .Case<DeformableAttentionOp, DeformableAttentionBackwardOp>(
          [&](auto whole) { addWholeInputs(inputs, whole, placement); })
      .Case<SpatialCrossAttentionOp, TemporalSelfAttentionOp>(
          [&](auto attention) { addInputs(inputs, attention, placement); })
      .Case<WarpBEVOp, IntervalPoolOp, SegmentPoolOp>(
          [&](auto other) { addInputs(inputs, other); })
      .Default([&](Operation *other) {
        for (Value input :
             cast<DestinationStyleOpInterface>(other).getDpsInputs())
          inputs.addNormal(input);
      });
  if (isBackward(op))
    inputs.addNormal(getBackwardOperands(op).gradOut);
  if (inputs.error)
    return std::move(inputs.error);
  return std::move(inputs.arrays);
}
