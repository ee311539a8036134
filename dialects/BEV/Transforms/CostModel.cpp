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

/// Warp instructions: of a thread, of a sample's plan, of a sample whose
/// records are there and of a channel of it, and of a branch around it.
constexpr double kThreadInstructions = 46, kPlanInstructions = 40,
                 kSampleInstructions = 11, kBranchInstructions = 8.0;
constexpr double kSingleInstructions = 3.5, kPackedInstructions = 2.7,
                 kHalfInstructions = 6.0;
/// Of the multiprocessor, in a cycle.
constexpr double kIssue = 4;

/// Lines that the first-level cache gives for what is not a neighbour, and
/// what it takes longer for than its rate says; more where halves of lines do
/// not pair.
constexpr double kRecordLines = 0.9, kLineFactor = 1.28, kUnpaired = 1.26;
/// Of the bytes that are read, what comes from the second level; more of them
/// with each line of one position that a warp reads, less in strips.
constexpr double kMisses = 0.099, kMissesOfLine = 0.0224, kStripGain = 0.15;

/// Microseconds: of a launch, of a block before its first reads, of a camera,
/// of a read; and how much longer a read takes that waits for a branch.
constexpr double kLaunch = 2.83, kStart = 0.86, kCamera = 1.0, kRead = 0.108,
                 kGuarded = 1.2;
/// Cycles between the instructions of a warp that has the multiprocessor for
/// itself.
constexpr double kInstructionCycles = 1.4;
/// Of the samples whose reads fit the registers, the least, and the power with
/// which they hide each other.
constexpr double kLeastTogether = 0.15, kOverlap = 0.52;
/// How times add up that may pass together: of the units, of latency and
/// throughput. 1 is the sum, infinity the maximum.
constexpr double kUnits = 2.16, kPhases = 2.4;

/// Waves of blocks after which nothing is left of their pace.
constexpr double kManyWaves = 8;

/// Samples that lie in the map where the op does not say, and cameras that see
/// a query.
constexpr double kInside = 0.7, kSeen = 1.09;
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
  registers.base = 24 + sums + (work.cameras > 1 ? 3 : 0) +
                   (work.levels > 1 ? 4 : 0) +
                   (work.cameras > 1 && work.levels > 1 ? 4 : 0) +
                   (isShared(choice) ? 0 : 8);
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
  /// Of a sample's reads, what the compiler keeps at once if it must: of one
  /// sample behind a branch, of each of several, and without branches, of few
  /// samples and of more, where it begins with later ones early.
  struct Kept {
    double one, each, few, more;
  };
  constexpr Kept kSingle{0.6, 1.2, 1.25, 1.15}, kPacked{0.6, 0.87, 0.53, 2.3};
  constexpr int64_t kFewSamples = 4;
  /// Beside a branch for the queries' numbers in strips, for cameras, and for
  /// reference points of levels.
  constexpr double kStripRegisters = 3, kCameraRegisters = 7,
                   kReferenceRegisters = 1.8;
  Registers registers = getRegisters(choice);
  const Kept &kept = choice.packed ? kPacked : kSingle;
  double samples = work.samples > kFewSamples ? kept.more : kept.few;
  double needed = registers.base;
  if (choice.guard == Guard::skip) {
    samples = registers.wanted > 1 ? kept.each * registers.wanted : kept.one;
    needed += choice.strip > 1 ? kStripRegisters : 0;
    needed += work.cameras > 1 ? kCameraRegisters : 0;
    needed += work.isInside && work.levels > 1 ? kReferenceRegisters : 0;
  }
  return needed + registers.sample * samples <= registers.limit;
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
                                                  threads, choice.packed) +
                              kReserved));
  return std::max<int64_t>(blocks, 1);
}

double CostModel::getInstructions(const ScheduleChoice &choice) const {
  const double samples = work.samples;
  double channel = work.valueBytes >= kRegisterBytes ? kSingleInstructions
                   : choice.packed                   ? kPackedInstructions
                                                     : kHalfInstructions;
  double apply = getReadShare(choice) *
                 (kSampleInstructions + channel * double(choice.lanes));
  if (choice.guard == Guard::skip)
    apply += kBranchInstructions / double(choice.together);
  double plans = samples;
  if (isShared(choice))
    plans = llvm::divideCeil(work.samples, work.channels / choice.lanes);
  return kThreadInstructions +
         getSeenCameras() * (samples * apply + plans * kPlanInstructions);
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
  double firstLevel =
      reads * (kRecordLines + kNeighbours * lines) * kLineFactor;
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
  return kStart + instructions +
         getSeenCameras() * ((work.cameras > 1 ? kCamera : 0) + rounds * kRead);
}

double CostModel::getStreamedBytes() const {
  return double(work.batch) * work.queries * work.heads * work.samples *
         (work.weightBytes + work.coordinateBytes);
}

double CostModel::getMemoryTime() const {
  const double rowBytes = work.channels * work.valueBytes;
  const double rows = double(work.batch) * work.queries * work.heads;
  // A row of the value is read once, if at all.
  double value = std::min(double(work.batch) * work.cameras * work.frames *
                              work.positions * work.heads,
                          rows * work.samples * kNeighbours) *
                 rowBytes;
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
  // In long grids the first blocks' reads serve the later ones.
  if (!machine.bulkPrefetch ||
      getBlocks(choice) / getResidentBlocks(choice, getRegisters(choice)) >
          kManyWaves)
    return Prefetch::none;
  // What few samples read of a large value is not worth all of it.
  const double rowBytes = work.channels * work.valueBytes;
  const double value = double(work.batch) * work.cameras * work.frames *
                       work.positions * work.heads * rowBytes;
  const double read = double(work.batch) * work.queries * work.heads *
                      work.samples * kNeighbours * rowBytes;
  if (value > read)
    return Prefetch::none;
  // Bytes of the value that come before those of other operands.
  constexpr double kValueFirst = 2;
  return value > kValueFirst * getStreamedBytes() ? Prefetch::value
                                                  : Prefetch::all;
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
  return kLaunch + add({time, getMemoryTime()}, kPhases);
}
