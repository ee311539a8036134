// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Report.h"

#include "bev/Target/Compare.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell, two blanks apart.
static void printTable(ArrayRef<Row> rows, raw_ostream &os) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const Row &row : rows)
    for (auto [width, cell] : llvm::zip_equal(widths, row))
      width = std::max(width, cell.size());
  for (const Row &row : rows) {
    std::string line;
    for (auto [width, cell] : llvm::zip_equal(widths, row))
      line += cell + std::string(width - cell.size() + 2, ' ');
    os << StringRef(line).rtrim() << '\n';
  }
}

static std::string formatNumber(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4g", value);
  return buffer;
}

void mlir::bev::printSummary(const Signature &signature,
                             ArrayRef<Array> results, raw_ostream &os) {
  std::vector<Row> rows = {
      {"result", "type", "shape", "min", "max", "mean", "NaNs"}};
  for (auto [parameter, array] : llvm::zip_equal(signature.results, results)) {
    long double min = INFINITY, max = -INFINITY, sum = 0;
    int64_t numNaNs = 0, count = array.getNumElements();
    for (int64_t i = 0; i < count; ++i) {
      long double value = array.getValue(i);
      if (std::isnan(value)) {
        ++numNaNs;
        continue;
      }
      min = std::min(min, value);
      max = std::max(max, value);
      sum += value;
    }
    bool isEmpty = count == numNaNs;
    rows.push_back({parameter.name, getName(array.getType()).str(),
                    formatShape(array.getShape()),
                    isEmpty ? "-" : formatNumber(min),
                    isEmpty ? "-" : formatNumber(max),
                    isEmpty ? "-" : formatNumber(sum / (count - numNaNs)),
                    std::to_string(numNaNs)});
  }
  if (!results.empty())
    printTable(rows, os);
}

bool mlir::bev::printComparison(const Signature &signature,
                                ArrayRef<Array> results,
                                ArrayRef<ExpectedResult> expected,
                                double tolerance, raw_ostream &os) {
  std::vector<Row> rows = {{"result", "type", "shape", "max abs", "relative L2",
                            "worst index", "NaNs", "expected NaNs", "verdict"}};
  bool allPass = true;
  for (auto [index, parameter] : llvm::enumerate(signature.results)) {
    const Array &array = results[index];
    Row row = {parameter.name, getName(array.getType()).str(),
               formatShape(array.getShape())};
    const auto *reference =
        llvm::find_if(expected, [&, index = index](const ExpectedResult &e) {
          return e.index == index;
        });
    if (reference == expected.end()) {
      row.insert(row.end(), {"-", "-", "-", "-", "-", "not compared"});
    } else if (reference->array.getShape() != array.getShape()) {
      row.insert(row.end(), {"-", "-", "-", "-", "-",
                             "FAIL: expected shape " +
                                 formatShape(reference->array.getShape())});
      allPass = false;
    } else {
      Comparison c = compare(array, reference->array);
      bool passes = c.isWithin(tolerance);
      allPass &= passes;
      std::string verdict = "ok";
      if (c.differingNaNs)
        verdict = "FAIL: NaNs differ";
      else if (!passes)
        verdict = "FAIL: relative L2 above " + formatNumber(tolerance);
      row.insert(row.end(),
                 {formatNumber(c.maxAbs), formatNumber(c.relativeL2),
                  c.worst < 0
                      ? "-"
                      : formatIndex(delinearize(c.worst, array.getShape())),
                  std::to_string(c.actualNaNs), std::to_string(c.expectedNaNs),
                  verdict});
    }
    rows.push_back(std::move(row));
  }
  printTable(rows, os);
  return allPass;
}

void mlir::bev::printTiming(const Signature &signature, const Timing &timing,
                            raw_ostream &os) {
  os << llvm::formatv(
      "{0}: median {1:f2} us, min {2:f2} us, p90 {3:f2} us ({4}, {5} samples",
      signature.function, timing.quantile(0.5), timing.quantile(0),
      timing.quantile(0.9), timing.method, timing.samples.size());
  if (timing.runsPerSample > 1)
    os << " of " << timing.runsPerSample << " runs";
  os << ")\n";
}
