// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/Transforms/ScheduleFile.h"

#include "bev/Dialect/BEV/IR/Pooling.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Diagnostics.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

static void printSize(raw_ostream &os, int64_t size) {
  if (ShapedType::isDynamic(size))
    os << '?';
  else
    os << size;
}

static void printType(raw_ostream &os, ShapedType type) {
  for (int64_t size : type.getShape()) {
    printSize(os, size);
    os << 'x';
  }
  os << type.getElementType();
}

/// An attribute's value in one word: sizes as a list, an enumeration's value by
/// its name.
static void printValue(raw_ostream &os, Attribute attribute) {
  if (auto sizes = dyn_cast<DenseI64ArrayAttr>(attribute)) {
    os << '[';
    llvm::interleave(
        sizes.asArrayRef(), os, [&](int64_t size) { printSize(os, size); },
        ",");
    os << ']';
    return;
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  attribute.printStripped(stream);
  // "mnemonic<value>" or "mnemonic value".
  StringRef value = text;
  size_t end = value.find_first_of("< ");
  if (end != StringRef::npos) {
    value = value.drop_front(end + 1);
    value.consume_back(">");
  }
  for (char c : value)
    if (!llvm::isSpace(c))
      os << c;
}

std::string mlir::bev::getScheduleKey(Operation *op, StringRef chip) {
  std::string key;
  llvm::raw_string_ostream os(key);
  os << chip << ' ' << op->getName();
  // An op that nobody has said anything of has the defaults.
  Operation *defaults =
      Operation::create(OperationState(op->getLoc(), op->getName()));
  for (StringAttr name : op->getName().getAttributeNames()) {
    if (name == "schedule" || name == "operandSegmentSizes")
      continue;
    std::optional<Attribute> attribute = op->getInherentAttr(name);
    if (!attribute || !*attribute ||
        defaults->getInherentAttr(name) == attribute)
      continue;
    StringRef shown = name.getValue();
    shown.consume_front("static_");
    os << ' ' << shown << '=';
    printValue(os, *attribute);
  }
  defaults->destroy();
  // Rows that are known can be divided among blocks by what is in them.
  if (auto pool = dyn_cast<IntervalPoolOp>(op))
    if (isKnownTable(pool.getBounds()))
      os << " bounds=known";
  auto printTypes = [&](StringRef name, ValueRange values) {
    os << ' ' << name << '=';
    llvm::ListSeparator comma(",");
    for (Value value : values)
      if (auto type = dyn_cast<ShapedType>(value.getType())) {
        os << comma;
        printType(os, type);
      } else if (std::optional<int64_t> size = getConstantIntValue(value)) {
        os << comma << *size;
      }
  };
  auto dps = cast<DestinationStyleOpInterface>(op);
  printTypes("ins", dps.getDpsInputs());
  printTypes("outs", dps.getDpsInits());
  return key;
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

std::string mlir::bev::formatSchedule(ScheduleAttr schedule) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Attribute(schedule).print(os);
  StringRef parameters = text;
  parameters.consume_front("#bev.schedule<");
  parameters.consume_back(">");
  return parameters.str();
}

FailureOr<ScheduleAttr> mlir::bev::parseSchedule(StringRef parameters,
                                                 MLIRContext *context,
                                                 std::string &message) {
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.str();
    return success();
  });
  std::string text = ("#bev.schedule<" + parameters + ">").str();
  Attribute attribute = parseAttribute(text, context);
  if (auto schedule = dyn_cast_or_null<ScheduleAttr>(attribute))
    return schedule;
  if (message.empty())
    message = "it is no schedule";
  return failure();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

namespace mlir::bev {

/// Reads the lines of a file.
class ScheduleFileParser {
public:
  ScheduleFileParser(StringRef path, MLIRContext *context) : context(context) {
    file.path = path.str();
  }

  FailureOr<ScheduleFile> parse(StringRef text) {
    unsigned number = 0;
    while (!text.empty()) {
      StringRef line;
      std::tie(line, text) = text.split('\n');
      if (failed(parseLine(line, ++number)))
        return failure();
    }
    if (failed(finishEntry()))
      return failure();
    bool isEmpty = file.header.empty() && file.entries.empty();
    (isEmpty ? file.header : file.footer) = std::exchange(comments, {});
    return std::move(file);
  }

private:
  InFlightDiagnostic error(unsigned line) {
    return emitError(FileLineColLoc::get(context, file.path, line, 1));
  }

  LogicalResult parseLine(StringRef line, unsigned number) {
    bool isIndented = line.starts_with(" ") || line.starts_with("\t");
    size_t comment = line.find('#');
    StringRef content = line.take_front(comment).trim();
    if (!content.empty() && failed(isIndented ? parseParameters(content, number)
                                              : parseKey(content, number)))
      return failure();
    if (comment == StringRef::npos) {
      if (content.empty() && file.header.empty() && file.entries.empty() &&
          key.empty())
        file.header = std::exchange(comments, {});
      return success();
    }
    // What is in an entry or beside its lines is about it.
    bool isOfEntry = !content.empty() || (isIndented && !key.empty());
    (isOfEntry ? entryComments : comments)
        .push_back(line.drop_front(comment).trim().str());
    return success();
  }

  LogicalResult parseKey(StringRef content, unsigned number) {
    if (failed(finishEntry()))
      return failure();
    SmallVector<StringRef> words;
    StringRef shown = content;
    bool hasColon = content.consume_back(":");
    llvm::SplitString(content, words);
    if (!hasColon || words.size() < 2 || !words[1].starts_with("bev."))
      return error(number)
             << "expected a key 'CHIP bev.OP ...:' that ends with "
                "a colon, or an indented schedule, but got '"
             << shown << "'";
    key = llvm::join(words, " ");
    keyLine = number;
    if (const ScheduleFile::Entry *other = file.lookUp(key))
      return error(number) << "expected one schedule for each key, but '" << key
                           << "' has one in line " << other->line;
    entryComments = std::exchange(comments, {});
    return success();
  }

  LogicalResult parseParameters(StringRef content, unsigned number) {
    if (key.empty())
      return error(number)
             << "expected a key 'CHIP bev.OP ...:' in the first column before "
                "the schedule '"
             << content << "'";
    if (parameters.empty())
      parametersLine = number;
    else
      parameters += ' ';
    parameters += content;
    return success();
  }

  LogicalResult finishEntry() {
    if (key.empty())
      return success();
    if (parameters.empty())
      return error(keyLine)
             << "expected an indented schedule, such as 'lanes = "
                "8, threads = 128', after the key '"
             << key << "'";
    std::string message;
    FailureOr<ScheduleAttr> schedule =
        parseSchedule(parameters, context, message);
    if (failed(schedule))
      return error(parametersLine)
             << "expected a schedule, such as 'lanes = 8, threads = 128', but "
                "got '"
             << parameters << "': " << message;
    file.set(key, *schedule, std::move(entryComments));
    file.entries.back().line = keyLine;
    key.clear();
    parameters.clear();
    entryComments.clear();
    return success();
  }

  MLIRContext *context;
  ScheduleFile file;
  std::vector<std::string> comments, entryComments;
  std::string key, parameters;
  unsigned keyLine = 0, parametersLine = 0;
};

} // namespace mlir::bev

FailureOr<ScheduleFile> ScheduleFile::parse(StringRef text, StringRef path,
                                            MLIRContext *context) {
  return ScheduleFileParser(path, context).parse(text);
}

FailureOr<ScheduleFile> ScheduleFile::read(StringRef path,
                                           MLIRContext *context) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return emitError(UnknownLoc::get(context))
           << "the schedule file '" << path
           << "' cannot be read: " << buffer.getError().message();
  return parse((*buffer)->getBuffer(), path, context);
}

const ScheduleFile::Entry *ScheduleFile::lookUp(StringRef key) const {
  auto it = numbers.find(key);
  return it == numbers.end() ? nullptr : &entries[it->second];
}

void ScheduleFile::set(StringRef key, ScheduleAttr schedule,
                       std::vector<std::string> comments) {
  auto [it, isNew] = numbers.try_emplace(key, entries.size());
  if (isNew)
    entries.emplace_back();
  Entry &entry = entries[it->second];
  entry.key = key.str();
  entry.schedule = schedule;
  entry.comments = std::move(comments);
  entry.line = 0;
}

void ScheduleFile::print(raw_ostream &os) const {
  if (header.empty())
    os << "# bev schedules\n";
  for (const std::string &line : header)
    os << line << "\n";
  for (const Entry &entry : entries) {
    os << "\n";
    for (const std::string &line : entry.comments)
      os << line << "\n";
    os << entry.key << ":\n  " << formatSchedule(entry.schedule) << "\n";
  }
  if (!footer.empty())
    os << "\n";
  for (const std::string &line : footer)
    os << line << "\n";
}

Location ScheduleFile::getLoc(const Entry &entry, MLIRContext *context) const {
  return FileLineColLoc::get(context, path, entry.line, 1);
}
