// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CostModel.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Machines
//===----------------------------------------------------------------------===//

namespace {

struct Chip {
  int number;
  Machine machine;
};

/// By chip; a row is the GPU that the comment names.
constexpr Chip kChips[] = {
    {75, {40, 1024, 64 << 10, 1.59, 64, 32, 0.30, 4 << 20, false}},    // T4
    {80, {108, 2048, 164 << 10, 1.41, 128, 48, 1.6, 40 << 20, false}}, // A100
    {86,
     {84, 1536, 100 << 10, 1.70, 128, 32, 0.80, 6 << 20,
      false}}, // A40, RTX 3090
    {87, {16, 1536, 164 << 10, 1.30, 128, 32, 0.18, 4 << 20, false}},   // Orin
    {89, {142, 1536, 100 << 10, 2.30, 128, 32, 0.80, 96 << 20, false}}, // L40S
    {90, {132, 2048, 227 << 10, 1.755, 128, 24, 4.4, 50 << 20, true}},  // H200
    {100, {148, 2048, 227 << 10, 1.90, 128, 24, 7.5, 126 << 20, true}}, // B200
    {103, {148, 2048, 227 << 10, 1.90, 128, 24, 7.5, 126 << 20, true}}, // B300
    {120,
     {170, 1536, 100 << 10, 2.40, 128, 32, 1.6, 96 << 20, true}}, // RTX 5090
};

} // namespace

const Machine &Machine::of(StringRef chip) {
  int number = 0;
  chip.consume_front("sm_");
  chip.consumeInteger(10, number);
  const Chip *found = kChips;
  for (const Chip &row : kChips)
    if (row.number <= number)
      found = &row;
  return found->machine;
}

//===----------------------------------------------------------------------===//
// Constants, fitted to times of an H200
//===----------------------------------------------------------------------===//

namespace {

constexpr int64_t kWarp = 32, kLineBytes = 128, kRegisterBytes = 4;
constexpr int64_t kNeighbours = 4;

/// Warp instructions: of a thread; of a sample's plan that a team shares, and
/// of one that a thread makes for itself; of a sample whose records are there,
/// and of a channel of it; of a branch around it.
constexpr double kThreadInstructions = 37, kPlanInstructions = 35,
                 kOwnPlanInstructions = 20, kSampleInstructions = 5.1,
                 kBranchInstructions = 2.1;
constexpr double kSingleInstructions = 5.7, kPackedInstructions = 2.9,
                 kHalfInstructions = 6;
/// Of the multiprocessor, in a cycle.
constexpr double kIssue = 4;

/// Lines that the first-level cache gives for what is not a neighbour; more
/// where halves of lines do not pair.
constexpr double kRecordLines = 0.2, kUnpaired = 1.15;
/// Of the bytes that are read, what comes from the second level; more of them
/// with each line of one position that a warp reads, less in strips.
constexpr double kMisses = 0.14, kMissesOfLine = 0.0757, kStripGain = 0.53;

/// Microseconds: of a launch, and how much of it the next kernel's prefetching
/// hides; of a block before its first reads, of a team that shares plans, of a
/// camera, of a read; and how much longer a read takes that waits for a branch.
constexpr double kLaunch = 1.57, kPrefetch = 0.66, kStart = 0.83, kShare = 0.51,
                 kCamera = 0.24, kRead = 0.152, kGuarded = 1.2;
/// Cycles between the instructions of a warp that has the multiprocessor for
/// itself.
constexpr double kInstructionCycles = 3;
/// Of the samples whose reads fit the registers, the least, and the power with
/// which they hide each other.
constexpr double kLeastTogether = 0.091, kOverlap = 0.65;
/// How times add up that may pass together: of the units, of latency and
/// throughput. 1 is the sum, infinity the maximum.
constexpr double kUnits = 4, kPhases = 1.66;

/// Waves of blocks after which nothing is left of their pace.
constexpr double kManyWaves = 8;

/// Samples that lie in the map where the op does not say, and cameras that see
/// a query.
constexpr double kInside = 0.71, kSeen = 1.09;
/// What a size counts as that is not known.
constexpr int64_t kLarge = 40000;

double add(std::initializer_list<double> times, double power) {
  double sum = 0;
  for (double time : times)
    sum += std::pow(time, power);
  return std::pow(sum, 1 / power);
}

} // namespace

//===----------------------------------------------------------------------===//
// CostModel
//===----------------------------------------------------------------------===//

CostModel::CostModel(const AttentionWork &attention, const Machine &machine)
    : work(attention), machine(machine) {
  auto know = [](int64_t &size, int64_t otherwise) {
    if (ShapedType::isDynamic(size))
      size = otherwise;
  };
  know(work.batch, 1);
  know(work.queries, kLarge);
  know(work.positions, kLarge);
}

bool CostModel::isShared(const ScheduleChoice &choice) const {
  return choice.share && work.channels > choice.lanes;
}

double CostModel::getReadShare(const ScheduleChoice &choice) const {
  return work.isInside || choice.guard != Guard::skip ? 1 : kInside;
}

double CostModel::getSeenCameras() const {
  return work.cameras > 1 ? std::min<double>(kSeen, work.cameras) : 1;
}

CostModel::Registers
CostModel::getRegisters(const ScheduleChoice &choice) const {
  // Sums in f32, and beside them the sum of a sample in half precision or the
  // channels of a neighbour, extended.
  const double lanes = choice.lanes;
  double sums = lanes;
  if (work.valueBytes < kRegisterBytes)
    sums += choice.packed ? lanes / 2 + 1 : lanes;
  Registers registers;
  registers.base = 24 + sums + (work.cameras > 1 ? 10 : 0) +
                   (work.levels > 1 ? 4 : 0) +
                   (work.cameras > 1 && work.levels > 1 ? 4 : 0);
  double neighbour =
      std::max(lanes * double(work.valueBytes) / kRegisterBytes, 1.0);
  registers.sample = 4.2 * neighbour;
  // Code without a branch per sample may read all samples at once.
  const double samples = work.samples;
  const bool skips = choice.guard == Guard::skip;
  registers.wanted =
      skips ? std::min<double>(choice.together, samples) : samples;
  double natural = registers.base + registers.sample * registers.wanted +
                   (skips ? std::max(1.2 * samples - 4, 0.0) : 0);
  // Left alone, the compiler of the device code reads one neighbour at a time.
  if (choice.blocks == 0)
    natural = registers.base + neighbour;
  const int64_t threads = std::max<int64_t>(choice.threads, kWarp);
  registers.limit = 255;
  if (choice.blocks > 0)
    registers.limit = std::min<double>(
        llvm::alignDown(kRegisters / (choice.blocks * threads), 8), 255);
  registers.given =
      std::ceil(std::min({natural, registers.limit, 255.0}) / 8) * 8;
  return registers;
}

bool CostModel::fitsRegisters(const ScheduleChoice &choice) const {
  // Registers that the limit leaves beside the base, as samples whose
  // neighbours they hold. Code that has few of them reads one neighbour after
  // the other. With more, but not enough, it begins reads early and then goes
  // through memory; without strips sooner.
  Registers registers = getRegisters(choice);
  const double kept = (registers.limit - registers.base) / registers.sample;
  auto isFrom = [&](double least, double most) {
    return kept >= least && kept <= most;
  };
  constexpr int64_t kFewSamples = 4, kManySamples = 8;
  const bool few = work.samples <= kFewSamples;
  const bool many = work.samples > kManySamples, strips = choice.strip > 1;
  if (choice.guard == Guard::skip) {
    if (!isShared(choice) && work.cameras > 1)
      return false;
    if (registers.wanted <= 1)
      return kept >= (choice.packed ? 0.42 : 0.47);
    if (choice.packed)
      return kept >= (!many ? 2.5 : strips ? 0.86 : work.isInside ? 2.3 : 1.74);
    const bool canWait = work.valueBytes >= kRegisterBytes &&
                         work.cameras <= 1 && (!many || strips);
    return kept >= (many                   ? 3.0
                    : registers.wanted > 2 ? 3.6
                                           : 2.6) ||
           (canWait && registers.wanted <= 2 && isFrom(0.95, 1.2));
  }
  if (isShared(choice)) {
    if (choice.packed)
      return kept >= (few && strips ? 0.53 : 2.3);
    return kept >= 1.25 || isFrom(0.7, 0.75);
  }
  // Each thread finds all samples itself, and whether they are in the map.
  const bool isSingle = work.valueBytes >= kRegisterBytes;
  if (!choice.packed && (work.isInside || isSingle))
    return kept >= (work.isInside ? 0.7 : 1.6);
  if (!work.isInside)
    return false;
  if (strips)
    return few ? isFrom(0.53, 0.75) : isFrom(1.4, 1.75);
  const bool isNarrow = work.channels <= 4 * choice.lanes;
  return few ? isNarrow && isFrom(0.15, 0.2) : isFrom(0.53, 0.75);
}

double CostModel::getResidentBlocks(const ScheduleChoice &choice,
                                    const Registers &registers) const {
  constexpr int64_t kReserved = 1 << 10;
  const int64_t threads = std::max<int64_t>(choice.threads, kWarp);
  int64_t blocks = std::min(kRegisters / (int64_t(registers.given) * threads),
                            machine.threads / threads);
  if (isShared(choice))
    blocks = std::min(blocks, machine.sharedBytes /
                                  (work.getSharedBytes(
                                       work.channels / choice.lanes, threads) +
                                   kReserved));
  return std::max<int64_t>(blocks, 1);
}

double CostModel::getInstructions(const ScheduleChoice &choice) const {
  const double samples = work.samples;
  double channel = work.valueBytes >= kRegisterBytes ? kSingleInstructions
                   : choice.packed                   ? kPackedInstructions
                                                     : kHalfInstructions;
  double apply = channel * double(choice.lanes);
  // Threads that share plans write and read them.
  double plans = samples * kOwnPlanInstructions;
  if (isShared(choice)) {
    apply += kSampleInstructions;
    plans =
        double(llvm::divideCeil(work.samples, work.channels / choice.lanes)) *
        kPlanInstructions;
  }
  apply *= getReadShare(choice);
  if (choice.guard == Guard::skip)
    apply += kBranchInstructions / double(choice.together);
  return kThreadInstructions + getSeenCameras() * (samples * apply + plans);
}

double CostModel::getWork(const ScheduleChoice &choice) const {
  const double warps = double(choice.threads) / kWarp;
  const double samples = work.samples, seen = getSeenCameras();
  const double cyclesToMicroseconds = 1e-3 / machine.gigahertz;

  // What warps read of neighbours in the map.
  const double inside = work.isInside ? 1 : kInside;
  const double rowBytes = work.channels * work.valueBytes;
  const double heads = choice.heads == 0 ? work.heads : choice.heads;
  double bytes = double(kWarp * choice.lanes * work.valueBytes);
  double lines = std::max(bytes / kLineBytes, 1.0);
  if (heads * rowBytes < kLineBytes && work.heads > 1)
    lines *= kUnpaired;
  const double reads = inside * seen * samples;
  double firstLevel = reads * (kRecordLines + kNeighbours * lines);
  // Strips help where the first level does not hold what a warp's heads read.
  const double map = double(work.positions) * heads * rowBytes;
  const bool helps = choice.strip > 1 && map > double(machine.sharedBytes);
  double misses = kMisses + kMissesOfLine *
                                std::max(heads * rowBytes / kLineBytes, 1.0) *
                                (helps ? 1 - kStripGain : 1);
  double secondLevel = reads * kNeighbours * bytes * misses;

  return warps * cyclesToMicroseconds *
         add({getInstructions(choice) / kIssue,
              firstLevel * kLineBytes / machine.firstLevelBytes,
              secondLevel / machine.secondLevelBytes},
             kUnits);
}

double CostModel::getLatency(const ScheduleChoice &choice,
                             const Registers &registers) const {
  double together =
      std::max(std::min((registers.given - registers.base) / registers.sample,
                        registers.wanted),
               kLeastTogether);
  double rounds =
      work.samples * getReadShare(choice) / std::pow(together, kOverlap);
  if (choice.guard == Guard::skip)
    rounds *= kGuarded;
  double instructions =
      getInstructions(choice) * kInstructionCycles * 1e-3 / machine.gigahertz;
  // Reads of a value that comes from the memory take longer than to share.
  const bool waits = isShared(choice) && getPrefetch(choice) != Prefetch::none;
  return kStart + (waits ? kShare : 0) + instructions +
         getSeenCameras() * ((work.cameras > 1 ? kCamera : 0) + rounds * kRead);
}

double CostModel::getValueBytes() const {
  return double(work.batch) * work.cameras * work.frames * work.positions *
         work.heads * work.channels * work.valueBytes;
}

double CostModel::getStreamedBytes() const {
  double sample = double(work.weightBytes + work.coordinateBytes);
  double query = work.heads * work.samples * sample +
                 double(work.cameras) * work.cameraBytes;
  return double(work.batch) * work.queries * query;
}

double CostModel::getMemoryTime() const {
  const double rowBytes = work.channels * work.valueBytes;
  const double rows = double(work.batch) * work.queries * work.heads;
  // A row of the value is read once, if at all.
  double value =
      std::min(getValueBytes(), rows * work.samples * kNeighbours * rowBytes);
  double others = rows * rowBytes + getStreamedBytes();
  return std::max(value + others - double(machine.cachedBytes), 0.0) /
         machine.memory * 1e-6;
}

double CostModel::getBlocks(const ScheduleChoice &choice) const {
  double threads = double(work.batch) * work.queries * work.heads *
                   llvm::divideCeil(work.channels, choice.lanes);
  return std::ceil(threads / double(choice.threads)) /
         double(machine.multiprocessors);
}

Prefetch CostModel::getPrefetch(const ScheduleChoice &choice) const {
  // What few samples read of a large value is not worth all of it, and the
  // second level does not keep more than it holds.
  const double cached = double(machine.cachedBytes);
  const double value = getValueBytes(), streamed = getStreamedBytes();
  const double read = double(work.batch) * work.queries * work.heads *
                      work.samples * kNeighbours * work.channels *
                      work.valueBytes;
  if (!machine.bulkPrefetch || value > std::min(read, cached))
    return Prefetch::none;
  // Threads that share nothing read their operands at once.
  if (isShared(choice) && streamed >= value && streamed + value <= cached)
    return Prefetch::all;
  return Prefetch::value;
}

double CostModel::estimate(const ScheduleChoice &choice) const {
  Registers registers = getRegisters(choice);
  const double resident = getResidentBlocks(choice, registers);
  const double latency = getLatency(choice, registers);
  const double blockWork = getWork(choice);
  auto wave = [&](double blocks) {
    return add({latency, blocks * blockWork}, kPhases);
  };

  const double blocks = getBlocks(choice);
  double full = std::floor(blocks / resident);
  double rest = std::ceil(blocks - full * resident);
  double paced = full * wave(resident) + (rest > 0 ? wave(rest) : 0);
  double steady = blocks / resident * wave(resident) + latency / 2;
  double mixed = std::min(full / kManyWaves, 1.0);
  double time = paced * (1 - mixed) + steady * mixed;
  time = kLaunch + add({time, getMemoryTime()}, kPhases);
  // The next kernel's blocks prefetch where the last ones of this leave room.
  if (getPrefetch(choice) != Prefetch::none) {
    double last = rest > 0 ? rest : resident;
    double room = (resident - last) / std::min(resident, blocks);
    time -= kPrefetch * std::min(room, 1.0);
  }
  return time;
}
