// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which ops become one kernel with a reduction over rows.

#include "RowKernels.h"
#include "bev/Conversion/LinalgToSCF/BufferAccesses.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Outputs below which a whole block works on each.
constexpr int64_t fewOutputs = 512;
/// Reduction length from which that pays.
constexpr int64_t longReduction = 2048;
/// Elements of a row that a thread may keep in registers.
constexpr int64_t maxSteps = 32;
/// Threads below which rows that do not fit registers leave a large GPU idle.
constexpr int64_t manyThreads = int64_t(1) << 16;
/// How far from a reduction others are looked for, and how many are taken.
constexpr int maxDistance = 64;
constexpr size_t maxOps = 16;

std::optional<arith::AtomicRMWKind> getKind(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<arith::AtomicRMWKind>>(op)
      .Case([](arith::AddFOp) { return arith::AtomicRMWKind::addf; })
      .Case([](arith::MulFOp) { return arith::AtomicRMWKind::mulf; })
      .Case([](arith::AddIOp) { return arith::AtomicRMWKind::addi; })
      .Case([](arith::MulIOp) { return arith::AtomicRMWKind::muli; })
      .Case([](arith::MaximumFOp) { return arith::AtomicRMWKind::maximumf; })
      .Case([](arith::MinimumFOp) { return arith::AtomicRMWKind::minimumf; })
      .Case([](arith::MaxNumFOp) { return arith::AtomicRMWKind::maxnumf; })
      .Case([](arith::MinNumFOp) { return arith::AtomicRMWKind::minnumf; })
      .Case([](arith::MaxSIOp) { return arith::AtomicRMWKind::maxs; })
      .Case([](arith::MinSIOp) { return arith::AtomicRMWKind::mins; })
      .Case([](arith::MaxUIOp) { return arith::AtomicRMWKind::maxu; })
      .Case([](arith::MinUIOp) { return arith::AtomicRMWKind::minu; })
      .Case([](arith::OrIOp) { return arith::AtomicRMWKind::ori; })
      .Case([](arith::AndIOp) { return arith::AtomicRMWKind::andi; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Whether threads can tell each other an intermediate result of `type`.
bool canBeShuffled(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return integer.getWidth() > 1 && integer.getWidth() <= 64;
  return isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type);
}

/// The combiners of `op`, or nothing where they are not simple ones.
std::optional<SmallVector<Combiner>> getCombiners(linalg::LinalgOp op) {
  SmallVector<Combiner> combiners;
  for (unsigned i = 0, e = op.getNumDpsInits(); i != e; ++i) {
    SmallVector<Operation *> ops;
    if (!matchReduction(op.getRegionOutputArgs(), i, ops) || ops.size() != 1 ||
        ops.front()->getNumOperands() != 2 ||
        !op.getRegionOutputArgs()[i].hasOneUse())
      return std::nullopt;
    std::optional<arith::AtomicRMWKind> kind = getKind(ops.front());
    Type type = ops.front()->getResult(0).getType();
    if (!kind || !canBeShuffled(type))
      return std::nullopt;
    combiners.push_back({ops.front(), *kind});
  }
  return combiners;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// Loops of an op.
struct Loops {
  Loops(linalg::LinalgOp op, ArrayRef<unsigned> dims)
      : ranges(op.getStaticLoopRanges()), op(op), dims(dims) {}

  /// The number of iterations, where it is known.
  std::optional<int64_t> getSize() const {
    int64_t size = 1;
    for (unsigned dim : dims) {
      if (ShapedType::isDynamic(ranges[dim]))
        return std::nullopt;
      size *= ranges[dim];
    }
    return size;
  }

  /// Those of more than one iteration.
  SmallVector<unsigned> getLong() const {
    SmallVector<unsigned> found;
    for (unsigned dim : dims)
      if (ranges[dim] != 1)
        found.push_back(dim);
    return found;
  }

  SmallVector<int64_t> ranges;
  linalg::LinalgOp op;
  ArrayRef<unsigned> dims;
};

/// The dimensions of buffers that are as large as a loop.
SmallVector<std::pair<Value, int64_t>> getDimensions(linalg::LinalgOp op,
                                                     unsigned loop) {
  SmallVector<std::pair<Value, int64_t>> dimensions;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      if (expr == getAffineDimExpr(loop, op.getContext()))
        dimensions.push_back({operand.get(), i});
  }
  return dimensions;
}

bool isSameSize(linalg::LinalgOp a, unsigned i, linalg::LinalgOp b,
                unsigned j) {
  int64_t m = a.getStaticLoopRanges()[i], n = b.getStaticLoopRanges()[j];
  if (!ShapedType::isDynamic(m) || !ShapedType::isDynamic(n))
    return m == n;
  auto x = getDimensions(a, i), y = getDimensions(b, j);
  if (x.empty() || y.empty())
    return false;
  if (llvm::any_of(x, [&](auto each) { return llvm::is_contained(y, each); }))
    return true;
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
      {x.front().first, x.front().second}, {y.front().first, y.front().second});
  return succeeded(equal) && *equal;
}

/// Whether iterations of `a` and `b` with the same number, the last loop
/// counting fastest, belong together.
bool isSameSize(const Loops &a, const Loops &b) {
  std::optional<int64_t> m = a.getSize(), n = b.getSize();
  if (m && n)
    return *m == *n;
  SmallVector<unsigned> x = a.getLong(), y = b.getLong();
  return x.size() == y.size() &&
         llvm::all_of(llvm::zip_equal(x, y), [&](auto each) {
           return isSameSize(a.op, std::get<0>(each), b.op, std::get<1>(each));
         });
}

//===----------------------------------------------------------------------===//
// One op
//===----------------------------------------------------------------------===//

/// Whether neighbouring steps of the reduction read neighbouring elements in
/// every input that depends on them; otherwise neighbouring outputs do.
bool readsNeighbours(linalg::LinalgOp op) {
  SmallVector<unsigned> reduction;
  op.getReductionDims(reduction);
  AffineExpr innermost = getAffineDimExpr(reduction.back(), op.getContext());
  bool any = false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (llvm::none_of(reduction,
                      [&](unsigned dim) { return map.isFunctionOfDim(dim); }))
      continue;
    if (map.getResults().back() != innermost)
      return false;
    any = true;
  }
  return any;
}

/// The number of threads per output of a reduction that is a kernel of its own,
/// or 0 where one thread does it best.
int64_t chooseGroup(const RowOp &reduction) {
  linalg::LinalgOp op = reduction.op;
  std::optional<int64_t> outputs = Loops(op, reduction.rowDims).getSize(),
                         length = Loops(op, reduction.columnDims).getSize();
  if (length && *length < warpSize)
    return 0;
  if (outputs && *outputs <= fewOutputs &&
      (!length || *length >= longReduction))
    return rowBlockSize;
  if (readsNeighbours(op))
    return warpSize;
  const bool isStrided =
      llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
        AffineMap map = op.getMatchingIndexingMap(input);
        return llvm::any_of(reduction.columnDims, [&](unsigned dim) {
          return map.isFunctionOfDim(dim);
        });
      });
  return isStrided && outputs && *outputs * warpSize < manyThreads && length &&
                 *length >= 256
             ? warpSize
             : 0;
}

std::optional<RowOp> getReduction(linalg::LinalgOp op) {
  RowOp row{op, RowOp::Kind::Reduction, {}, {}, {}};
  op.getParallelDims(row.rowDims);
  op.getReductionDims(row.columnDims);
  for (OpOperand &init : op.getDpsInitsMutable())
    for (unsigned dim : row.columnDims)
      if (op.getMatchingIndexingMap(&init).isFunctionOfDim(dim))
        return std::nullopt;
  std::optional<SmallVector<Combiner>> combiners = getCombiners(op);
  if (!combiners)
    return std::nullopt;
  row.combiners = *combiners;
  return row;
}

/// Whether others can go on from where the reduction ends: a thread finds the
/// elements of its row, and knows what the results begin with.
bool canBeShared(const RowOp &reduction) {
  if (!reduction.rowDims.empty() &&
      reduction.rowDims.back() > reduction.columnDims.front())
    return false;
  linalg::LinalgOp op = reduction.op;
  return readsNeighbours(op) &&
         llvm::all_of(op.getDpsInitsMutable(),
                      [&](OpOperand &init) { return getFill(op, init); });
}

/// `op` as an op on the rows of `reduction`.
std::optional<RowOp> getOnRows(linalg::LinalgOp op, const RowOp &reduction) {
  if (!op.hasPureBufferSemantics())
    return std::nullopt;
  Loops rows(reduction.op, reduction.rowDims),
      columns(reduction.op, reduction.columnDims);
  if (op.getNumReductionLoops() > 0) {
    std::optional<RowOp> other = getReduction(op);
    if (!other || !canBeShared(*other) ||
        !isSameSize(rows, {op, other->rowDims}) ||
        !isSameSize(columns, {op, other->columnDims}))
      return std::nullopt;
    return other;
  }
  // Each iteration has elements of its own.
  auto writes = [&](const RowOp &row, RowPlace place) {
    linalg::LinalgOp writer = row.op;
    return llvm::all_of(writer.getDpsInitsMutable(), [&](OpOperand &init) {
      return row.getPlace(init) == place ||
             writer.getMatchingIndexingMap(&init).isPermutation();
    });
  };
  SmallVector<unsigned> dims =
      llvm::to_vector(llvm::seq<unsigned>(0, op.getNumLoops()));
  if (isSameSize(rows, {op, dims})) {
    RowOp row{op, RowOp::Kind::Row, dims, {}, {}};
    if (writes(row, RowPlace::Row))
      return row;
  }
  for (unsigned split = 0; split <= dims.size(); ++split) {
    ArrayRef<unsigned> all = dims;
    if (!isSameSize(rows, {op, all.take_front(split)}) ||
        !isSameSize(columns, {op, all.drop_front(split)}))
      continue;
    RowOp row{op,
              RowOp::Kind::Element,
              llvm::to_vector(all.take_front(split)),
              llvm::to_vector(all.drop_front(split)),
              {}};
    if (writes(row, RowPlace::Element))
      return row;
  }
  return std::nullopt;
}

} // namespace

/// Whether `buffer` begins where the buffer behind all views does, and has its
/// elements in the same order without gaps.
static bool isWhole(Value buffer) {
  while (true) {
    auto type = dyn_cast<MemRefType>(buffer.getType());
    if (!type || !type.getLayout().isIdentity())
      return false;
    auto view = buffer.getDefiningOp<ViewLikeOpInterface>();
    if (!view)
      return true;
    if (!isa<memref::ExpandShapeOp, memref::CollapseShapeOp, memref::CastOp>(
            view))
      return false;
    buffer = view.getViewSource();
  }
}

RowPlace RowOp::getPlace(OpOperand &operand) const {
  linalg::LinalgOp linalgOp = op;
  if (!isWhole(operand.get()))
    return RowPlace::Other;
  SmallVector<unsigned> rows = Loops(op, rowDims).getLong(),
                        columns = Loops(op, columnDims).getLong(), found;
  SmallVector<int64_t> ranges = linalgOp.getStaticLoopRanges();
  for (AffineExpr expr :
       linalgOp.getMatchingIndexingMap(&operand).getResults()) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
      if (constant.getValue() != 0)
        return RowPlace::Other;
      continue;
    }
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim)
      return RowPlace::Other;
    if (ranges[dim.getPosition()] != 1)
      found.push_back(dim.getPosition());
  }
  // Dimensions that are read at 0 alone must have no others.
  auto type = cast<MemRefType>(operand.get().getType());
  if (llvm::count_if(type.getShape(), [](int64_t size) { return size != 1; }) !=
      static_cast<int64_t>(found.size()))
    return RowPlace::Other;
  if (found == rows)
    return RowPlace::Row;
  llvm::append_range(rows, columns);
  return found == rows ? RowPlace::Element : RowPlace::Other;
}

linalg::LinalgOp mlir::bev::getFill(linalg::LinalgOp op, OpOperand &init) {
  Value buffer = init.get();
  if (!buffer.getDefiningOp<memref::AllocOp>())
    return {};
  linalg::LinalgOp fill;
  for (Operation *user : buffer.getUsers()) {
    // What is not of this block may come at any time, and so may views.
    if (user->getBlock() != op->getBlock())
      return {};
    if (user == op || !user->isBeforeInBlock(op))
      continue;
    if (isa<ViewLikeOpInterface>(user))
      return {};
    if (!fill || fill->isBeforeInBlock(user))
      fill = dyn_cast<linalg::LinalgOp>(user);
    if (!fill)
      return {};
  }
  if (!fill || llvm::count(op->getOperands(), buffer) != 1 ||
      fill->getNumOperands() != fill.getNumDpsInputs() + 1 ||
      fill.getDpsInits()[0] != buffer ||
      !fill.getIndexingMapsArray().back().isPermutation() ||
      !fill.getBlock()->without_terminator().empty())
    return {};
  Value filled = fill.getBlock()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(filled);
  if (!argument || argument.getOwner() != fill.getBlock())
    return fill;
  OpOperand *operand = fill.getMatchingOpOperand(argument);
  return isa<ShapedType>(operand->get().getType()) ? linalg::LinalgOp() : fill;
}

Value mlir::bev::getFilledValue(linalg::LinalgOp fill) {
  Value filled = fill.getBlock()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(filled);
  return argument && argument.getOwner() == fill.getBlock()
             ? fill.getMatchingOpOperand(argument)->get()
             : filled;
}

//===----------------------------------------------------------------------===//
// Several ops
//===----------------------------------------------------------------------===//

namespace {

/// Finds the ops around a reduction that work on the same rows.
class Search {
public:
  Search(const RowOp &seed, bool takesElements)
      : seed(seed), takesElements(takesElements), ops{seed} {}

  /// Takes ops after the seed that need it, or what it reads.
  void goForward();
  /// Takes ops before the seed that only compute what it reads.
  void goBack();

  SmallVector<RowOp> take() { return std::move(ops); }

private:
  /// Whether what `a` and `b` share is always of the same thread.
  static bool canShare(const RowOp &a, const RowOp &b);
  /// Whether `after` reads what `before` writes, at the same place.
  static bool feeds(const RowOp &before, const RowOp &after);
  /// Whether both read the same rows.
  static bool readsSame(const RowOp &a, const RowOp &b);
  std::optional<RowOp> getCandidate(Operation *op);
  /// Whether `op` must stay in order with one of `others`.
  static bool conflicts(const BufferAccesses &op,
                        ArrayRef<BufferAccesses> others) {
    return llvm::any_of(others, [&](const BufferAccesses &other) {
      return mayConflict(op, other);
    });
  }
  /// Whether an op before reads what another linalg op outside writes: then
  /// both are better off in one loop.
  bool hasProducer(const RowOp &row);

  RowOp seed;
  bool takesElements;
  SmallVector<RowOp> ops;
  /// What ops that are not taken access, those between the taken ones.
  SmallVector<BufferAccesses> passed;
};

} // namespace

bool Search::canShare(const RowOp &a, const RowOp &b) {
  linalg::LinalgOp x = a.op, y = b.op;
  for (OpOperand &first : x->getOpOperands())
    for (OpOperand &second : y->getOpOperands()) {
      if (!isa<MemRefType>(first.get().getType()) ||
          !isa<MemRefType>(second.get().getType()) ||
          !(x.isDpsInit(&first) || y.isDpsInit(&second)))
        continue;
      Value m = getRootBuffer(first.get()), n = getRootBuffer(second.get());
      if (!mayBeSameBuffer(m, n))
        continue;
      RowPlace place = a.getPlace(first);
      if (m != n || place == RowPlace::Other || place != b.getPlace(second))
        return false;
    }
  return true;
}

bool Search::feeds(const RowOp &before, const RowOp &after) {
  linalg::LinalgOp writer = before.op, reader = after.op;
  for (OpOperand &init : writer.getDpsInitsMutable())
    for (OpOperand *input : reader.getDpsInputOperands())
      if (isa<MemRefType>(input->get().getType()) &&
          getRootBuffer(init.get()) == getRootBuffer(input->get()) &&
          before.getPlace(init) == after.getPlace(*input))
        return true;
  return false;
}

bool Search::readsSame(const RowOp &a, const RowOp &b) {
  linalg::LinalgOp x = a.op, y = b.op;
  for (OpOperand *first : x.getDpsInputOperands())
    for (OpOperand *second : y.getDpsInputOperands())
      if (isa<MemRefType>(first->get().getType()) &&
          isa<MemRefType>(second->get().getType()) &&
          getRootBuffer(first->get()) == getRootBuffer(second->get()) &&
          a.getPlace(*first) == RowPlace::Element &&
          b.getPlace(*second) == RowPlace::Element)
        return true;
  return false;
}

std::optional<RowOp> Search::getCandidate(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || ops.size() >= maxOps)
    return std::nullopt;
  std::optional<RowOp> row = getOnRows(linalgOp, seed);
  if (!row || (row->kind == RowOp::Kind::Element && !takesElements) ||
      !llvm::all_of(ops,
                    [&](const RowOp &each) { return canShare(each, *row); }))
    return std::nullopt;
  return row;
}

void Search::goForward() {
  int distance = 0;
  SmallVector<BufferAccesses> taken = {getBufferAccesses(seed.op)}, skipped;
  for (Operation *op = seed.op->getNextNode();
       op && distance < maxDistance && !op->hasTrait<OpTrait::IsTerminator>();
       op = op->getNextNode(), ++distance) {
    std::optional<RowOp> row = getCandidate(op);
    if (row && llvm::any_of(ops, [&](const RowOp &each) {
          return feeds(each, *row) ||
                 (row->kind == RowOp::Kind::Reduction && readsSame(each, *row));
        })) {
      ops.push_back(*row);
      taken.push_back(getBufferAccesses(op));
      passed.append(skipped);
      skipped.clear();
      continue;
    }
    // Those taken move behind this one.
    BufferAccesses accesses = getBufferAccesses(op);
    if (conflicts(accesses, taken))
      break;
    skipped.push_back(std::move(accesses));
  }
}

bool Search::hasProducer(const RowOp &row) {
  linalg::LinalgOp reader = row.op;
  for (OpOperand *input : reader.getDpsInputOperands()) {
    if (!isa<MemRefType>(input->get().getType()))
      continue;
    Value root = getRootBuffer(input->get());
    for (Operation *op = row.op->getPrevNode(); op; op = op->getPrevNode()) {
      const bool isWriter =
          llvm::any_of(getBufferAccesses(op).all, [&](const BufferAccess &x) {
            return x.isWrite && x.root == root;
          });
      if (!isWriter)
        continue;
      if (isa<linalg::LinalgOp>(op) &&
          llvm::none_of(ops, [&](const RowOp &each) { return each.op == op; }))
        return true;
      break;
    }
  }
  return false;
}

void Search::goBack() {
  SmallVector<RowOp> before = ops;
  SmallVector<BufferAccesses> others = passed;
  int distance = 0;
  for (Operation *op = seed.op->getPrevNode(); op && distance < maxDistance;
       op = op->getPrevNode(), ++distance) {
    BufferAccesses accesses = getBufferAccesses(op);
    if (accesses.isOpaque)
      break;
    std::optional<RowOp> row = getCandidate(op);
    if (row && row->kind == RowOp::Kind::Element &&
        !conflicts(accesses, others) &&
        llvm::any_of(ops,
                     [&](const RowOp &each) { return feeds(*row, each); })) {
      ops.insert(ops.begin(), *row);
      continue;
    }
    others.push_back(std::move(accesses));
  }
  for (const RowOp &row : ops) {
    if (row.op == seed.op)
      break;
    if (hasProducer(row)) {
      ops = before;
      break;
    }
  }
}

std::optional<RowKernel> mlir::bev::findRowKernel(linalg::LinalgOp seed) {
  std::optional<RowOp> reduction = getReduction(seed);
  if (!reduction)
    return std::nullopt;
  RowKernel kernel{{*reduction}, chooseGroup(*reduction), std::nullopt};
  std::optional<int64_t> rows = Loops(seed, reduction->rowDims).getSize(),
                         length = Loops(seed, reduction->columnDims).getSize();
  auto alone = [&]() {
    return kernel.group == 0 ? std::nullopt : std::optional(kernel);
  };
  if (!canBeShared(*reduction) || (length && *length < 2) ||
      (!length && kernel.group == 0))
    return alone();

  int64_t group = kernel.group;
  std::optional<int64_t> steps;
  if (length) {
    group = *length > maxSteps * warpSize
                ? rowBlockSize
                : std::min<int64_t>(llvm::PowerOf2Ceil(*length), warpSize);
    if (llvm::divideCeil(*length, group) <= maxSteps)
      steps = llvm::divideCeil(*length, group);
  }
  Search search(*reduction,
                /*takesElements=*/steps || !rows ||
                    *rows * group >= manyThreads);
  search.goForward();
  search.goBack();
  SmallVector<RowOp> ops = search.take();
  // Short rows by themselves are as well done by a thread.
  const bool hasElements = llvm::any_of(
      ops, [](const RowOp &row) { return row.kind == RowOp::Kind::Element; });
  if (ops.size() == 1 || (kernel.group == 0 && !hasElements))
    return alone();
  return RowKernel{std::move(ops), group, steps};
}
