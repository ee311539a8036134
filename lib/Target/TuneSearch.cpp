// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "TuneSearch.h"

#include <limits>

using namespace mlir;
using namespace mlir::bev;

/// What is faster by less may be noise.
static constexpr double kNoise = 0.995;

double TuneSearch::getTime(ScheduleAttr schedule) const {
  auto it = times.find(schedule);
  return it == times.end() ? std::numeric_limits<double>::infinity()
                           : it->second;
}

SmallVector<ScheduleAttr>
TuneSearch::takeNew(ArrayRef<ScheduleAttr> schedules) {
  SmallVector<ScheduleAttr> taken;
  for (ScheduleAttr schedule : schedules) {
    if (static_cast<int64_t>(times.size()) >= limit)
      break;
    if (schedule &&
        times.try_emplace(schedule, std::numeric_limits<double>::infinity())
            .second)
      taken.push_back(schedule);
  }
  return taken;
}

SmallVector<ScheduleAttr> TuneSearch::vary(ScheduleAttr schedule) {
  varied = schedule;
  SmallVector<ScheduleAttr> schedules;
  for (unsigned i = 0; i < space.getNumParameters(); ++i)
    llvm::append_range(schedules, space.vary(schedule, i));
  return schedules;
}

/// The best value of each parameter, as far as it was better than the start's,
/// together: the two that gain most, the three that do, and so on; then pairs.
SmallVector<ScheduleAttr> TuneSearch::combine() {
  struct Gain {
    double time;
    unsigned parameter;
    ScheduleAttr schedule;
  };
  SmallVector<Gain> gains;
  for (unsigned i = 0; i < space.getNumParameters(); ++i) {
    Gain gain{kNoise * getTime(start), i, nullptr};
    for (ScheduleAttr schedule : space.vary(start, i))
      if (double time = getTime(schedule); time < gain.time)
        gain = {time, i, schedule};
    if (gain.schedule)
      gains.push_back(gain);
  }
  llvm::sort(gains,
             [](const Gain &a, const Gain &b) { return a.time < b.time; });
  SmallVector<ScheduleAttr> schedules;
  ScheduleAttr sum = gains.empty() ? start : gains.front().schedule;
  for (const Gain &gain : ArrayRef(gains).drop_front(gains.empty() ? 0 : 1)) {
    ScheduleAttr more = space.combine(sum, gain.schedule, gain.parameter);
    if (!more)
      continue;
    sum = more;
    schedules.push_back(sum);
  }
  constexpr size_t kPaired = 4;
  for (size_t i = 0; i < std::min(gains.size(), kPaired); ++i)
    for (size_t j = i + 1; j < std::min(gains.size(), kPaired); ++j)
      schedules.push_back(space.combine(gains[i].schedule, gains[j].schedule,
                                        gains[j].parameter));
  return schedules;
}

SmallVector<ScheduleAttr> TuneSearch::next() {
  constexpr unsigned kMaxRounds = 6;
  while (round < kMaxRounds) {
    SmallVector<ScheduleAttr> schedules;
    if (round == 0) {
      schedules.push_back(start);
      llvm::append_range(schedules, vary(start));
    } else if (round == 1) {
      schedules = combine();
    } else if (best != varied) {
      schedules = vary(best);
    } else {
      break;
    }
    ++round;
    SmallVector<ScheduleAttr> taken = takeNew(schedules);
    if (!taken.empty())
      return taken;
  }
  return {};
}

void TuneSearch::report(ScheduleAttr schedule,
                        std::optional<double> microseconds) {
  if (!microseconds)
    return;
  times[schedule] = *microseconds;
  if (*microseconds < getTime(best) * (schedule == start ? 1 : kNoise))
    best = schedule;
}
