// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/Transforms/ScheduleSpace.h"
#include "AttentionWork.h"

#include "bev/Dialect/BEV/IR/Backward.h"
#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/IR/Verifier.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// ScheduleChoice
//===----------------------------------------------------------------------===//

ScheduleChoice ScheduleChoice::of(ScheduleAttr s) {
  return {s.getLanes(),  s.getThreads(), s.getGuard(),    s.getBlocks(),
          s.getShare(),  s.getPacked(),  s.getTogether(), s.getHeads(),
          s.getStrip(),  s.getWidth(),   s.getPrefetch(), s.getRows(),
          s.getPoints(), s.getBalance()};
}

ScheduleAttr ScheduleChoice::get(MLIRContext *context) const {
  ScopedDiagnosticHandler quiet(context,
                                [](Diagnostic &) { return success(); });
  return ScheduleAttr::getChecked(
      [&] { return emitError(UnknownLoc::get(context)); }, context, lanes,
      threads, guard, blocks, share, packed, together, heads, strip, width,
      prefetch, rows, points, balance);
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

namespace {

/// What values depend on.
struct OpFacts {
  std::optional<AttentionWork> attention;
  bool isPool, isSegments, isGradient;
  /// Whether a pool's bounds are known.
  bool hasKnownRows = false;
  int64_t channels, elementBytes;
  /// Dimensions of the result.
  int64_t rank;

  explicit OpFacts(DestinationStyleOpInterface op)
      : attention(AttentionWork::of(op)), isPool(isa<IntervalPoolOp>(*op)),
        isSegments(isa<SegmentPoolOp>(*op)), isGradient(isBackward(op)) {
    auto type = cast<ShapedType>(op.getDpsInitOperand(0)->get().getType());
    channels = type.getShape().back();
    elementBytes = type.getElementTypeBitWidth() / 8;
    rank = type.getRank();
    if (auto pool = dyn_cast<IntervalPoolOp>(*op))
      hasKnownRows = isKnownTable(pool.getBounds());
  }

  bool isAttention() const { return attention.has_value(); }
};

/// A parameter, by the values that are worth a try.
struct Parameter {
  StringLiteral name;
  int64_t (*get)(const ScheduleChoice &choice);
  void (*set)(ScheduleChoice &choice, int64_t value, const OpFacts &op);
  bool (*applies)(const OpFacts &op);
  ArrayRef<int64_t> values;
};

template <auto Member>
int64_t get(const ScheduleChoice &choice) {
  return static_cast<int64_t>(choice.*Member);
}

template <auto Member>
void set(ScheduleChoice &choice, int64_t value, const OpFacts &) {
  using Type = std::remove_reference_t<decltype(choice.*Member)>;
  choice.*Member = static_cast<Type>(value);
}

template <auto Member>
constexpr Parameter parameter(StringLiteral name,
                              bool (*applies)(const OpFacts &),
                              ArrayRef<int64_t> values) {
  return {name, get<Member>, set<Member>, applies, values};
}

bool always(const OpFacts &) { return true; }
bool ofAttentions(const OpFacts &op) { return op.isAttention(); }
bool ofPools(const OpFacts &op) { return op.isPool; }
bool ofKnownRows(const OpFacts &op) { return op.hasKnownRows; }
bool ofSegments(const OpFacts &op) { return op.isSegments; }
bool prefetches(const OpFacts &op) {
  return op.isAttention() || op.isPool || op.isSegments;
}
bool ofGradients(const OpFacts &op) { return op.isGradient; }
/// Teams share the arithmetic of their samples, or sort the samples by cell.
bool shares(const OpFacts &op) { return op.isAttention() || op.isGradient; }
/// Segments have no points that may be absent, and gradients no choice.
bool guards(const OpFacts &op) { return !op.isSegments && !op.isGradient; }

/// Queries in strips need the width of their grid.
void setStrip(ScheduleChoice &choice, int64_t strip, const OpFacts &op) {
  choice.strip = strip;
  choice.width = strip > 1 ? op.attention->getQueryGridWidth() : 0;
}

/// Threads that a multiprocessor has the registers for; 0: as many as the
/// compiler of the device code says.
int64_t getResidentThreads(const ScheduleChoice &choice) {
  return choice.blocks * choice.threads;
}

void setResidentThreads(ScheduleChoice &choice, int64_t threads,
                        const OpFacts &) {
  choice.blocks = threads == 0
                      ? 0
                      : std::clamp<int64_t>(threads / choice.threads, 1,
                                            ScheduleAttr::kMaxBlocks);
}

/// Larger blocks are fewer.
void setThreads(ScheduleChoice &choice, int64_t threads, const OpFacts &op) {
  const int64_t resident = getResidentThreads(choice);
  choice.threads = threads;
  setResidentThreads(choice, resident, op);
}

/// Blocks whose warps share the points of their rows are of several warps.
void setRows(ScheduleChoice &choice, int64_t rows, const OpFacts &op) {
  if ((choice.rows == 0) != (rows == 0))
    choice.threads = rows == 0 ? 128 : 256;
  choice.rows = rows;
}

/// A block has several segments, of which each has work items for all channels.
void setSegmentRows(ScheduleChoice &choice, int64_t rows, const OpFacts &op) {
  constexpr int64_t kTeams = 16, kWarp = ScheduleAttr::kMaxTeam;
  constexpr int64_t kSeparateThreads = 128;
  if (rows == 0)
    choice.threads = kSeparateThreads;
  else if (choice.rows == 0)
    choice.threads = std::min<int64_t>(
        llvm::alignTo(kTeams * op.channels / choice.lanes, kWarp),
        ScheduleAttr::kMaxThreads);
  choice.rows = rows;
}

const int64_t kLanes[] = {1, 2, 4, 8, 16};
const int64_t kThreads[] = {32, 64, 96, 128, 192, 256, 512};
const int64_t kGuards[] = {0, 1, 2, 3};
const int64_t kResidentThreads[] = {0,   128, 256,  384,  512,  640,
                                    768, 896, 1024, 1280, 1536, 2048};
const int64_t kFlags[] = {0, 1};
const int64_t kTogether[] = {1, 2, 4, 8};
const int64_t kHeads[] = {0, 1, 2, 4};
const int64_t kStrips[] = {1, 2, 4, 8};
const int64_t kPrefetches[] = {0, 1, 2};
const int64_t kRows[] = {0, 4, 8, 16, 32};
const int64_t kPoints[] = {8, 10, 16, 20, 30, 32, 64};
const int64_t kSegmentRows[] = {0, 1, 2, 4, 8};
const int64_t kSegmentPoints[] = {16, 32, 64};
const int64_t kPointsTogether[] = {1, 2, 4, 5, 8, 10};
const int64_t kRowsTogether[] = {1, 2, 4, 8, 16};
const int64_t kSamplesOfTeam[] = {4, 8, 16, 32, 64};

/// Everything that search varies: a new parameter is a line here.
const Parameter kParameters[] = {
    parameter<&ScheduleChoice::lanes>("lanes", always, kLanes),
    {"rows", get<&ScheduleChoice::rows>, setRows, ofPools, kRows},
    {"rows", get<&ScheduleChoice::rows>, setSegmentRows, ofSegments,
     kSegmentRows},
    parameter<&ScheduleChoice::share>("share", shares, kFlags),
    parameter<&ScheduleChoice::guard>("guard", guards, kGuards),
    {"blocks", getResidentThreads, setResidentThreads, always,
     kResidentThreads},
    parameter<&ScheduleChoice::together>("together", ofAttentions, kTogether),
    parameter<&ScheduleChoice::together>("together", ofPools, kPointsTogether),
    parameter<&ScheduleChoice::together>("together", ofSegments, kRowsTogether),
    parameter<&ScheduleChoice::heads>("heads", ofAttentions, kHeads),
    {"strip", get<&ScheduleChoice::strip>, setStrip, ofAttentions, kStrips},
    parameter<&ScheduleChoice::prefetch>("prefetch", prefetches, kPrefetches),
    {"threads", get<&ScheduleChoice::threads>, setThreads, always, kThreads},
    parameter<&ScheduleChoice::points>("points", ofPools, kPoints),
    parameter<&ScheduleChoice::balance>("balance", ofKnownRows, kFlags),
    parameter<&ScheduleChoice::points>("points", ofSegments, kSegmentPoints),
    parameter<&ScheduleChoice::points>("points", ofGradients, kSamplesOfTeam),
};

} // namespace

//===----------------------------------------------------------------------===//
// ScheduleSpace
//===----------------------------------------------------------------------===//

ScheduleSpace::ScheduleSpace(DestinationStyleOpInterface op, ScheduleAttr start)
    : op(op), start(start) {}

unsigned ScheduleSpace::getNumParameters() const {
  return std::size(kParameters);
}

StringRef ScheduleSpace::getName(unsigned parameter) const {
  return kParameters[parameter].name;
}

ScheduleAttr ScheduleSpace::normalize(ScheduleChoice choice) const {
  const ScheduleChoice defaults;
  OpFacts facts(op);
  if (facts.isAttention() && choice.heads == facts.attention->heads)
    choice.heads = 0;
  if (choice.width == 0 || choice.strip == 1) {
    choice.width = defaults.width;
    choice.strip = defaults.strip;
  }
  if (!choice.share && choice.rows == 0)
    choice.together = defaults.together;
  if (choice.rows == 0) {
    if (!facts.isGradient)
      choice.points = defaults.points;
    choice.balance = defaults.balance;
  }
  return choice.get(op->getContext());
}

LogicalResult ScheduleSpace::verify(ScheduleAttr schedule,
                                    std::string &message) const {
  ScopedDiagnosticHandler handler(
      op->getContext(), [&](Diagnostic &diagnostic) {
        if (message.empty() &&
            diagnostic.getSeverity() == DiagnosticSeverity::Error)
          message = diagnostic.str();
        return success();
      });
  std::optional<ScheduleAttr> before = getSchedule(op);
  setSchedule(op, schedule);
  LogicalResult result = mlir::verify(op, /*verifyRecursively=*/false);
  setSchedule(op, before.value_or(ScheduleAttr()));
  return result;
}

bool ScheduleSpace::contains(ScheduleAttr schedule) const {
  /// The widest vectors: two accesses of what one instruction can read.
  constexpr int64_t kMaxBytes = 32, kMinBytes = 4;
  /// Static shared memory of a block.
  constexpr int64_t kMaxSharedBytes = 48 << 10;
  /// Registers of a multiprocessor, and those that any code needs.
  constexpr int64_t kRegisters = 65536, kMinRegisters = 24;
  ScheduleChoice choice = ScheduleChoice::of(schedule);
  if (choice.packed != start.getPacked())
    return false;
  OpFacts facts(op);
  int64_t bytes = choice.lanes * facts.elementBytes;
  if ((bytes > kMaxBytes || bytes < kMinBytes) &&
      choice.lanes != start.getLanes())
    return false;
  if (choice.blocks * choice.threads * kMinRegisters > kRegisters)
    return false;
  if (choice.share && facts.isAttention()) {
    if (facts.channels % choice.lanes != 0 || facts.channels == choice.lanes)
      return false;
    if (facts.attention->getSharedBytes(facts.channels / choice.lanes,
                                        choice.threads,
                                        choice.isHalf()) > kMaxSharedBytes)
      return false;
  }
  if (facts.isGradient) {
    // Else it is the loops that any op becomes.
    if (!hasBackwardKernels(schedule, facts.channels))
      return false;
  }
  std::string message;
  return succeeded(verify(schedule, message));
}

SmallVector<ScheduleAttr> ScheduleSpace::vary(ScheduleAttr schedule,
                                              unsigned parameter) const {
  const Parameter &varied = kParameters[parameter];
  OpFacts facts(op);
  SmallVector<ScheduleAttr> schedules;
  if (!varied.applies(facts))
    return schedules;
  ScheduleChoice choice = ScheduleChoice::of(schedule);
  for (int64_t value : varied.values) {
    if (value == varied.get(choice))
      continue;
    ScheduleChoice other = choice;
    varied.set(other, value, facts);
    ScheduleAttr attribute = normalize(other);
    if (attribute && attribute != schedule &&
        !llvm::is_contained(schedules, attribute) && contains(attribute))
      schedules.push_back(attribute);
  }
  return schedules;
}

ScheduleAttr ScheduleSpace::combine(ScheduleAttr schedule, ScheduleAttr other,
                                    unsigned parameter) const {
  const Parameter &varied = kParameters[parameter];
  OpFacts facts(op);
  if (!varied.applies(facts))
    return nullptr;
  ScheduleChoice choice = ScheduleChoice::of(schedule);
  varied.set(choice, varied.get(ScheduleChoice::of(other)), facts);
  ScheduleAttr attribute = normalize(choice);
  return attribute && contains(attribute) ? attribute : nullptr;
}
