// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run says about its results, for people to read.

#ifndef BEV_TARGET_REPORT_H
#define BEV_TARGET_REPORT_H

#include "bev/Target/Inputs.h"
#include "bev/Target/Invocation.h"

namespace mlir::bev {

/// Prints, for each result, its type, shape, range, mean and number of NaNs.
void printSummary(const Signature &signature, ArrayRef<Array> results,
                  raw_ostream &os);

/// Compares results with the expected ones and prints a table of the
/// differences, one row per result.  Returns whether all that were compared
/// have the expected shape, are within the tolerance, and have NaNs in the same
/// places.
bool printComparison(const Signature &signature, ArrayRef<Array> results,
                     ArrayRef<ExpectedResult> expected, double tolerance,
                     raw_ostream &os);

/// Prints median, minimum and 90th percentile.
void printTiming(const Signature &signature, const Timing &timing,
                 raw_ostream &os);

} // namespace mlir::bev

#endif // BEV_TARGET_REPORT_H
