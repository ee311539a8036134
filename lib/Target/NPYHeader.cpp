// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header of .npy files, as specified in NumPy's numpy.lib.format: a magic
// string, a version, a length, and a Python dictionary literal of three keys.

#include "bev/Target/NPZ.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>

using namespace mlir::bev;

static constexpr llvm::StringLiteral kMagic("\x93NUMPY");

/// The maximum rank; NumPy's own is 64.
static constexpr size_t kMaxRank = 64;

namespace {
/// Parses the few Python literals that a header may consist of.  Each function
/// returns false where the text is something else.
class LiteralParser {
public:
  explicit LiteralParser(llvm::StringRef text) : rest(text) {}

  bool consume(char c) {
    skipSpace();
    if (!rest.starts_with(llvm::StringRef(&c, 1)))
      return false;
    rest = rest.drop_front();
    return true;
  }

  bool peek(char c) {
    skipSpace();
    return !rest.empty() && rest.front() == c;
  }

  bool atEnd() {
    skipSpace();
    return rest.empty();
  }

  bool parseString(llvm::StringRef &value) {
    skipSpace();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return false;
    char quote = rest.front();
    size_t end = rest.find(quote, 1);
    if (end == llvm::StringRef::npos)
      return false;
    value = rest.slice(1, end);
    rest = rest.drop_front(end + 1);
    return !value.contains('\\');
  }

  bool parseBool(bool &value) {
    skipSpace();
    value = rest.consume_front("True");
    return value || rest.consume_front("False");
  }

  /// A tuple of integers: (), (3,), (3, 4).  `tooLarge` is set, and parsing
  /// goes on, where one does not fit into 63 bits.
  bool parseShape(llvm::SmallVectorImpl<int64_t> &shape, bool &tooLarge) {
    if (!consume('('))
      return false;
    while (!consume(')')) {
      skipSpace();
      llvm::StringRef digits = rest.take_while(llvm::isDigit);
      if (digits.empty())
        return false;
      rest = rest.drop_front(digits.size());
      // Python 2 wrote long integers with a suffix.
      rest.consume_front("L");
      int64_t size = 0;
      if (digits.getAsInteger(10, size)) {
        tooLarge = true;
        size = INT64_MAX;
      }
      shape.push_back(size);
      bool isLast = peek(')');
      if (!consume(',') && (!isLast || shape.size() == 1))
        return false;
    }
    return true;
  }

private:
  void skipSpace() { rest = rest.ltrim(" \t\r\n"); }

  llvm::StringRef rest;
};
} // namespace

template <typename... Args>
static llvm::Error makeError(const char *format, Args... args) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), format,
                                 args...);
}

/// Text from a file, made fit for a message.
static std::string printable(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os.write_escaped(text.take_front(64));
  return result;
}

static llvm::Expected<DType> parseDescr(llvm::StringRef descr) {
  if (descr.size() < 2 || !llvm::StringRef("<>|=").contains(descr.front()))
    return makeError("has the unknown element type '%s'",
                     printable(descr).c_str());
  char order = descr.front();
  llvm::StringRef kind = descr.drop_front();
  if (kind.starts_with("O"))
    return makeError(
        "holds Python objects, which are not read; store a numeric array");
  if (kind == "V2")
    return DType::BF16;
  std::optional<DType> type = llvm::StringSwitch<std::optional<DType>>(kind)
                                  .Case("b1", DType::Bool)
                                  .Case("i1", DType::I8)
                                  .Case("i2", DType::I16)
                                  .Case("i4", DType::I32)
                                  .Case("i8", DType::I64)
                                  .Case("u1", DType::U8)
                                  .Case("u2", DType::U16)
                                  .Case("u4", DType::U32)
                                  .Case("u8", DType::U64)
                                  .Case("f2", DType::F16)
                                  .Case("f4", DType::F32)
                                  .Case("f8", DType::F64)
                                  .Default(std::nullopt);
  if (!type)
    return makeError("has the unsupported element type '%s'; expected bool, an "
                     "integer, or a float of 16, "
                     "32 or 64 bits",
                     printable(descr).c_str());
  if (order == '>' && getByteWidth(*type) > 1)
    return makeError("is big-endian ('%s'); convert it with "
                     "a.astype(a.dtype.newbyteorder('<'))",
                     printable(descr).c_str());
  return *type;
}

llvm::Expected<NPYHeader> mlir::bev::parseNPYHeader(llvm::StringRef bytes) {
  if (bytes.size() < 10 &&
      (bytes.empty() || kMagic.starts_with(bytes.take_front(kMagic.size()))))
    return makeError("is truncated: %zu bytes are too few for a .npy header",
                     bytes.size());
  if (!bytes.starts_with(kMagic))
    return makeError(
        "is not a .npy array: it does not start with the magic string");
  unsigned major = uint8_t(bytes[6]), minor = uint8_t(bytes[7]);
  if (major < 1 || major > 3 || minor != 0)
    return makeError("has .npy version %u.%u; expected 1.0, 2.0 or 3.0", major,
                     minor);
  size_t lengthBytes = major == 1 ? 2 : 4;
  size_t start = 8 + lengthBytes;
  if (bytes.size() < start)
    return makeError("is truncated: %zu bytes are too few for a .npy header",
                     bytes.size());
  size_t length = major == 1
                      ? llvm::support::endian::read16le(bytes.data() + 8)
                      : llvm::support::endian::read32le(bytes.data() + 8);
  if (bytes.size() - start < length)
    return makeError(
        "is truncated: its header has %zu bytes but only %zu follow", length,
        bytes.size() - start);

  NPYHeader header;
  header.dataOffset = start + length;
  LiteralParser parser(bytes.substr(start, length));
  bool hasDescr = false, hasOrder = false, hasShape = false, tooLarge = false;
  auto malformed = [&](const char *what) {
    return makeError("has a malformed .npy header: %s", what);
  };
  if (!parser.consume('{'))
    return malformed("expected '{'");
  while (!parser.consume('}')) {
    llvm::StringRef key;
    if (!parser.parseString(key) || !parser.consume(':'))
      return malformed("expected a quoted key and ':'");
    if (key == "descr") {
      if (hasDescr)
        return malformed("duplicate key 'descr'");
      hasDescr = true;
      if (parser.peek('['))
        return makeError(
            "holds structures, which are not read; store one array per field");
      llvm::StringRef descr;
      if (!parser.parseString(descr))
        return malformed("expected a quoted string as 'descr'");
      llvm::Expected<DType> type = parseDescr(descr);
      if (!type)
        return type.takeError();
      header.type = *type;
    } else if (key == "fortran_order") {
      if (hasOrder)
        return malformed("duplicate key 'fortran_order'");
      hasOrder = true;
      if (!parser.parseBool(header.fortranOrder))
        return malformed("expected True or False as 'fortran_order'");
    } else if (key == "shape") {
      if (hasShape)
        return malformed("duplicate key 'shape'");
      hasShape = true;
      if (!parser.parseShape(header.shape, tooLarge))
        return malformed("expected a tuple of sizes as 'shape'");
    } else {
      return makeError("has a malformed .npy header: unexpected key '%s'",
                       printable(key).c_str());
    }
    if (!parser.consume(',') && !parser.peek('}'))
      return malformed("expected ',' or '}'");
  }
  if (!parser.atEnd())
    return malformed("text after '}'");
  if (!hasDescr || !hasOrder || !hasShape)
    return makeError("has a malformed .npy header: no key '%s'",
                     !hasDescr   ? "descr"
                     : !hasOrder ? "fortran_order"
                                 : "shape");
  if (header.shape.size() > kMaxRank)
    return makeError("has %zu dimensions; at most %zu are supported",
                     header.shape.size(), kMaxRank);
  if (tooLarge || !getByteSize(header.type, header.shape))
    return makeError("declares a size that does not fit into 63 bits");
  return header;
}

std::string mlir::bev::formatNPYHeader(DType type,
                                       llvm::ArrayRef<int64_t> shape) {
  llvm::StringRef descr;
  switch (type) {
  case DType::Bool:
    descr = "|b1";
    break;
  case DType::I8:
    descr = "|i1";
    break;
  case DType::I16:
    descr = "<i2";
    break;
  case DType::I32:
    descr = "<i4";
    break;
  case DType::I64:
    descr = "<i8";
    break;
  case DType::U8:
    descr = "|u1";
    break;
  case DType::BF16:
  case DType::U16:
    descr = "<u2";
    break;
  case DType::U32:
    descr = "<u4";
    break;
  case DType::U64:
    descr = "<u8";
    break;
  case DType::F16:
    descr = "<f2";
    break;
  case DType::F32:
    descr = "<f4";
    break;
  case DType::F64:
    descr = "<f8";
    break;
  }
  std::string dict;
  llvm::raw_string_ostream os(dict);
  os << "{'descr': '" << descr << "', 'fortran_order': False, 'shape': (";
  llvm::interleaveComma(shape, os);
  os << (shape.size() == 1 ? ",), }" : "), }");
  size_t total = llvm::alignTo(kMagic.size() + 4 + dict.size() + 1, 64);
  dict.resize(total - kMagic.size() - 4 - 1, ' ');
  dict.push_back('\n');
  std::string header = kMagic.str();
  header += {'\x01', '\x00', char(dict.size() & 0xff), char(dict.size() >> 8)};
  return header + dict;
}
