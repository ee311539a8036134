// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CostModel.h"

#include "bev/Dialect/BEV/IR/TeamMemory.h"

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
/// and of a channel of it; of the branch around a sample that lies outside.
constexpr double kThreadInstructions = 40, kPlanInstructions = 60,
                 kOwnPlanInstructions = 20, kSampleInstructions = 16,
                 kBranchInstructions = 3;
constexpr double kSingleInstructions = 5.6, kPackedInstructions = 3.6,
                 kHalfInstructions = 6, kPairInstructions = 2.6;
/// Of the multiprocessor, in a cycle.
constexpr double kIssue = 4;

/// Lines that the first-level cache gives for what is not a neighbour; more
/// where halves of lines do not pair.
constexpr double kRecordLines = 0.2, kUnpaired = 1.34;
/// Of the bytes that are read, what comes from the second level; more of them
/// with each line of one position that a warp reads, less in strips.
constexpr double kMisses = 0.163, kMissesOfLine = 0.092, kStripGain = 0.32;

/// Microseconds: of a launch, and of one whose teams share plans; of a block
/// before its first reads, of a camera, of a read.
constexpr double kLaunch = 1.68, kShare = 1.8, kStart = 0.38, kCamera = 0.1,
                 kRead = 0.154;
/// Cycles between the instructions of a warp that has the multiprocessor for
/// itself.
constexpr double kInstructionCycles = 8;
/// Of the samples whose reads fit the registers, the least, and the power with
/// which they hide each other.
constexpr double kLeastTogether = 0.75, kOverlap = 0.74;
/// Of the samples of narrow records that are read together, how many there
/// mostly are, and the power with which more shorten the instructions.
constexpr double kUsualTogether = 2, kIndependent = 0.6;
/// How times add up that may pass together: of the units, of latency and
/// throughput. 1 is the sum, infinity the maximum.
constexpr double kUnits = 4, kPhases = 1.79;

/// Waves of blocks after which nothing is left of their pace. Of half as many,
/// large blocks take less, and so do small ones that are tried.
constexpr double kManyWaves = 8, kLargeBlocks = 0.98, kSmallBlocks = 0.99;
constexpr int64_t kUsualThreads = 128;
/// What samples of narrow records take in reads that are not the widest, by
/// twice the warps, of what the instructions say; and those of f32 whose rows
/// are parts of lines.
constexpr double kPartialReads = 0.88, kPartialSingles = 0.8;

/// Samples that lie in the map where the op does not say, and cameras that see
/// a query.
constexpr double kInside = 0.53, kSeen = 1.09;
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

bool CostModel::hasMany() const {
  constexpr int64_t kMany = 16;
  return work.samples > kMany;
}

bool CostModel::isShared(const ScheduleChoice &choice) const {
  return choice.share && work.channels > choice.lanes;
}

bool CostModel::isNarrow(const ScheduleChoice &choice) const {
  return isShared(choice) && work.getRecordSamples(work.channels / choice.lanes,
                                                   choice.isHalf()) > 1;
}

double CostModel::getReadShare(const ScheduleChoice &choice) const {
  return work.isInside || !isShared(choice) ? 1 : kInside;
}

double CostModel::getSeenCameras() const {
  return work.cameras > 1 ? std::min<double>(kSeen, work.cameras) : 1;
}

bool CostModel::hasPartialReads(const ScheduleChoice &choice) const {
  constexpr int64_t kWidestRead = 16;
  const bool hasParts = work.valueBytes == kRegisterBytes &&
                        work.channels * work.valueBytes < kLineBytes;
  return choice.lanes * work.valueBytes < kWidestRead &&
         (isNarrow(choice) || (isShared(choice) && hasParts));
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
  registers.base = 24 + sums;
  // What teams keep beside the samples that they read.
  const bool narrow = isNarrow(choice);
  if (isShared(choice)) {
    if (work.cameras > 1)
      registers.base += narrow ? 16 : 27;
    else if (hasMany())
      registers.base += narrow                             ? 11
                        : work.hasSoftmax && choice.packed ? 20
                                                           : 12;
    if (work.frames > 1)
      registers.base += 13;
  }
  double neighbour =
      std::max(lanes * double(work.valueBytes) / kRegisterBytes, 1.0);
  registers.sample = 4.2 * neighbour;
  // Code without a branch per sample may read all samples at once.
  const double samples = work.samples;
  registers.wanted =
      isShared(choice) ? std::min<double>(choice.together, samples) : samples;
  double natural = registers.base + registers.sample * registers.wanted;
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

bool CostModel::fits(const ScheduleChoice &choice) const {
  if (choice.blocks * choice.threads > machine.threads)
    return false;
  const Registers registers = getRegisters(choice);
  constexpr int64_t kFewSamples = 4;
  const bool few = work.samples <= kFewSamples;
  if (isShared(choice)) {
    // Each further sample that is read at once takes some, more where channels
    // are extended, and where levels are to be found.
    const bool extends = work.valueBytes < kRegisterBytes && !choice.packed;
    const double further = isNarrow(choice)
                               ? 9
                               : (extends ? 4 : 3) * double(choice.lanes) +
                                     (work.levels > 1 ? 9 : 0);
    double needed = registers.base + double(choice.together - 1) * further;
    // The second of a record takes hardly any where a thread has few channels,
    // unless it keeps the logits.
    if (choice.together == 2 && isNarrow(choice) && hasPartialReads(choice) &&
        work.samples > kFewLogits)
      needed = registers.base + 1;
    // Weights that are there take fewer than a softmax.
    if (few && !work.hasSoftmax && choice.together == 1 && choice.strip >= 4)
      needed -= 5;
    return registers.limit >= needed;
  }
  // Registers that the limit leaves beside the base, as samples whose
  // neighbours they hold. Code that has few of them reads one neighbour after
  // the other. With more, but not enough, it begins reads early and then goes
  // through memory; without strips sooner.
  const double kept = (registers.limit - registers.base) / registers.sample;
  auto isFrom = [&](double least, double most) {
    return kept >= least && kept <= most;
  };
  if (kept >= double(work.samples))
    return true;
  if (!choice.packed)
    return (work.isInside || work.valueBytes >= kRegisterBytes) &&
           isFrom(1, 2.5);
  const bool readsOne = isFrom(0.53, 0.75);
  if (!few)
    return choice.strip > 1 && work.isInside ? isFrom(1.4, 1.75) : readsOne;
  if (!work.isInside)
    return isFrom(1, 1.2) || (readsOne && choice.strip == 2);
  return kept >= 1.4 || readsOne;
}

double CostModel::getResidentBlocks(const ScheduleChoice &choice,
                                    const Registers &registers) const {
  constexpr int64_t kReserved = 1 << 10;
  const int64_t threads = std::max<int64_t>(choice.threads, kWarp);
  int64_t blocks = std::min(kRegisters / (int64_t(registers.given) * threads),
                            machine.threads / threads);
  if (isShared(choice))
    blocks =
        std::min(blocks, machine.sharedBytes /
                             (work.getSharedBytes(work.channels / choice.lanes,
                                                  threads, choice.isHalf()) +
                              kReserved));
  return std::max<int64_t>(blocks, 1);
}

double CostModel::getInstructions(const ScheduleChoice &choice) const {
  const double samples = work.samples;
  double channel = work.valueBytes >= kRegisterBytes ? kSingleInstructions
                   : isNarrow(choice) && choice.together > 1 ? kPairInstructions
                   : choice.packed ? kPackedInstructions
                                   : kHalfInstructions;
  double apply = channel * double(choice.lanes);
  // Threads that share plans write and read them, and pass by what lies
  // outside.
  double plans = samples * kOwnPlanInstructions;
  if (isShared(choice)) {
    apply = (apply + kSampleInstructions) * getReadShare(choice) +
            kBranchInstructions;
    plans =
        double(llvm::divideCeil(work.samples, work.channels / choice.lanes)) *
        kPlanInstructions;
  }
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
  // Halves of a line are of two heads, or of two positions of one head.
  const bool arePairs =
      work.isHeadMajor ? heads == 1 : heads * rowBytes >= kLineBytes;
  if (!arePairs && rowBytes < kLineBytes && work.heads > 1)
    lines *= kUnpaired;
  const double reads = inside * seen * samples;
  double firstLevel = reads * (kRecordLines + kNeighbours * lines);
  // Strips help where the first level does not hold what a warp's heads read.
  const double map = double(work.positions) * heads * rowBytes;
  const double strip = choice.strip;
  const double gain = map > double(machine.sharedBytes)
                          ? kStripGain * (1 - 1 / (strip * strip))
                          : 0;
  double misses = kMisses + kMissesOfLine *
                                std::max(heads * rowBytes / kLineBytes, 1.0) *
                                (1 - gain);
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
  if (isNarrow(choice))
    together = registers.wanted;
  double rounds = work.samples * getReadShare(choice) /
                  std::pow(together, isNarrow(choice) ? 0.85 : kOverlap);
  double instructions =
      getInstructions(choice) * kInstructionCycles * 1e-3 / machine.gigahertz;
  // Those of several samples do not wait for each other.
  if (isNarrow(choice) && work.cameras > 1)
    instructions /= std::pow(together / kUsualTogether, kIndependent);
  return kStart + instructions +
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

bool CostModel::readsLittle() const {
  const double read = double(work.batch) * work.queries * work.heads *
                      work.samples * kNeighbours * work.channels *
                      work.valueBytes;
  return read < getValueBytes();
}

Prefetch CostModel::getPrefetch(const ScheduleChoice &choice) const {
  // What few samples read of a large value is not worth all of it, and the
  // second level does not keep more of the element of a batch than it holds.
  const double cached = double(machine.cachedBytes);
  const double value = getValueBytes(), streamed = getStreamedBytes();
  if (!machine.bulkPrefetch || readsLittle() ||
      value > cached * double(work.batch))
    return Prefetch::none;
  // Threads that share nothing read their operands at once, as do blocks that
  // are all there, unless they look for cameras first.
  const bool isLater =
      work.cameras > 1 || getBlocks(choice) > double(choice.blocks);
  if (isShared(choice) && isLater && streamed >= value &&
      streamed + value <= cached)
    return Prefetch::all;
  return Prefetch::value;
}

bool CostModel::hasManyWaves(const ScheduleChoice &choice) const {
  return 2 * std::floor(getBlocks(choice) /
                        getResidentBlocks(choice, getRegisters(choice))) >=
         kManyWaves;
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
  if (choice.threads != kUsualThreads && hasManyWaves(choice))
    time *= choice.threads > kUsualThreads ? kLargeBlocks : kSmallBlocks;
  if (hasPartialReads(choice))
    time *= isNarrow(choice) ? kPartialReads : kPartialSingles;
  return kLaunch + (isShared(choice) ? kShare : 0) +
         add({time, getMemoryTime()}, kPhases);
}
