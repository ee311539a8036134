// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files of schedules that were found by search, for ops of known shapes.
//
//   # bev schedules
//
//   # 51.20 us; 55.31 us by default; the best of 43 on an NVIDIA H200
//   sm_90 bev.deformable_attention levels=[200,200] ins=... outs=...:
//     lanes = 8, threads = 128, guard = skip, blocks = 8, share = true
//
// A key stands in the first column and ends with a colon; the parameters of its
// schedule follow, indented, on one line or more. Parameters that are not there
// have their defaults. `#` begins a comment, which belongs to the entry that it
// is in or above of.

#ifndef BEV_DIALECT_BEV_TRANSFORMS_SCHEDULEFILE_H
#define BEV_DIALECT_BEV_TRANSFORMS_SCHEDULEFILE_H

#include "bev/Dialect/BEV/IR/BEV.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace mlir::bev {

/// What a schedule of the op depends on, in words separated by single spaces:
/// the chip ("sm_90", or "cpu"), the op's name, those of its attributes that
/// have no default value, "bounds=known" where a pool's are constants, and the
/// shapes and element types of its inputs and results, with the values of
/// constant sizes. Sizes that are not known are "?".
std::string getScheduleKey(Operation *op, StringRef chip);

/// The parameters that differ from their defaults, as the file has them:
/// "lanes = 8, guard = skip".
std::string formatSchedule(ScheduleAttr schedule);

/// The schedule with the parameters; what is wrong with them otherwise, after
/// what was expected.
FailureOr<ScheduleAttr>
parseSchedule(StringRef parameters, MLIRContext *context, std::string &message);

/// A file of schedules, in the order of its lines.
class ScheduleFile {
public:
  struct Entry {
    std::string key;
    ScheduleAttr schedule;
    /// The lines above the key, and what was beside its lines, with their `#`.
    std::vector<std::string> comments;
    /// Of the key; 0 for an entry that is not from a file.
    unsigned line = 0;
  };

  /// Reads a file. What is wrong with it is emitted as one error, with the line
  /// of the file.
  static FailureOr<ScheduleFile> read(StringRef path, MLIRContext *context);
  /// The same for its text; `path` is for diagnostics.
  static FailureOr<ScheduleFile> parse(StringRef text, StringRef path,
                                       MLIRContext *context);

  /// The entry with the key; null where there is none.
  const Entry *lookUp(StringRef key) const;

  /// Adds an entry, in place of the one with its key and its comments.
  void set(StringRef key, ScheduleAttr schedule,
           std::vector<std::string> comments);

  void print(raw_ostream &os) const;
  ArrayRef<Entry> getEntries() const { return entries; }

  /// Where an entry is, for diagnostics.
  Location getLoc(const Entry &entry, MLIRContext *context) const;

private:
  friend class ScheduleFileParser;

  std::string path;
  /// Comments before the first empty line, about the file.
  std::vector<std::string> header;
  /// Comments after the last entry.
  std::vector<std::string> footer;
  std::vector<Entry> entries;
  llvm::StringMap<unsigned> numbers;
};

} // namespace mlir::bev

#endif // BEV_DIALECT_BEV_TRANSFORMS_SCHEDULEFILE_H
