// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The message is read twice: here for where large data is, and by protobuf
// without it.

#include "RawData.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/unknown_field_set.h>

using namespace mlir::bev::onnx;
using google::protobuf::UnknownField;
using llvm::StringRef;

/// Shorter data is copied with the message: it becomes attributes that do.
static constexpr size_t kMinBytes = 1024;

/// Fields of a tensor that no message has, since there are no higher numbers:
/// they have the number of what stands in the place of a field. A file that has
/// them for itself gets at its own data with them.
static uint64_t getPieceField(RawData::Field field) {
  constexpr uint64_t highest = (1 << 29) - 1;
  return highest - uint64_t(field);
}

/// Deeper messages are none for protobuf either.
static constexpr unsigned kMaxDepth = 100;

namespace {
enum class Kind { Model, Graph, Function, Node, Attribute, Tensor, Sparse };

/// A field with messages in which tensors can be.
struct MessageField {
  Kind parent;
  uint64_t number;
  Kind kind;
};

enum WireType { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };
} // namespace

static constexpr MessageField kMessageFields[] = {
    {Kind::Model, 7, Kind::Graph},         {Kind::Model, 25, Kind::Function},
    {Kind::Graph, 1, Kind::Node},          {Kind::Graph, 5, Kind::Tensor},
    {Kind::Graph, 15, Kind::Sparse},       {Kind::Function, 7, Kind::Node},
    {Kind::Function, 11, Kind::Attribute}, {Kind::Node, 5, Kind::Attribute},
    {Kind::Attribute, 5, Kind::Tensor},    {Kind::Attribute, 6, Kind::Graph},
    {Kind::Attribute, 10, Kind::Tensor},   {Kind::Attribute, 11, Kind::Graph},
    {Kind::Attribute, 22, Kind::Sparse},   {Kind::Attribute, 23, Kind::Sparse},
    {Kind::Sparse, 1, Kind::Tensor},       {Kind::Sparse, 2, Kind::Tensor},
};

/// The field of a tensor's data that has a number in messages.
static std::optional<RawData::Field> getDataField(uint64_t number) {
  switch (number) {
  case 9:
    return RawData::Field::Raw;
  case 4:
    return RawData::Field::Floats;
  case 10:
    return RawData::Field::Doubles;
  default:
    return std::nullopt;
  }
}

static bool takeVarint(StringRef &bytes, uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty())
      return false;
    uint8_t byte = bytes.front();
    bytes = bytes.drop_front();
    value |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

static void appendVarint(std::string &bytes, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    bytes += char(value | 0x80);
  bytes += char(value);
}

/// Takes a field's value; of bytes without their length.
static bool takeValue(StringRef &bytes, unsigned wireType, StringRef &value) {
  uint64_t number, size = 0;
  switch (wireType) {
  case Varint:
    return takeVarint(bytes, number);
  case Fixed64:
    size = 8;
    break;
  case Fixed32:
    size = 4;
    break;
  case Bytes:
    if (!takeVarint(bytes, size))
      return false;
    break;
  default:
    return false;
  }
  if (size > bytes.size())
    return false;
  value = bytes.take_front(size);
  bytes = bytes.drop_front(size);
  return true;
}

namespace {

/// A message in several places.
class Rope {
public:
  void append(StringRef bytes) {
    if (!parts.empty() && parts.back().end() == bytes.begin())
      parts.back() =
          StringRef(parts.back().data(), parts.back().size() + bytes.size());
    else if (!bytes.empty())
      parts.push_back(bytes);
    size += bytes.size();
  }
  void append(const Rope &other) {
    for (StringRef part : other.parts)
      append(part);
  }

  std::vector<StringRef> parts;
  uint64_t size = 0;
};

/// Leaves large data out of messages.
class Stripper {
public:
  explicit Stripper(std::vector<StringRef> &pieces) : pieces(pieces) {}

  /// Appends a message; false where it is none, or not one of today's.
  bool strip(StringRef message, Kind kind, unsigned depth, Rope &rope);

private:
  /// A field of bytes up to its value.
  StringRef makeHeader(uint64_t number, uint64_t size) {
    std::string &text = texts.emplace_back();
    appendVarint(text, number << 3 | Bytes);
    appendVarint(text, size);
    return text;
  }
  StringRef makeReference(RawData::Field field, uint64_t piece) {
    std::string &text = texts.emplace_back();
    appendVarint(text, getPieceField(field) << 3 | Varint);
    appendVarint(text, piece);
    return text;
  }

  std::vector<StringRef> &pieces;
  /// Lists do not move what they hold.
  std::deque<std::string> texts;
};

/// Gives protobuf a message, and memory back that it has taken in a file.
class RopeStream : public google::protobuf::io::ZeroCopyInputStream {
public:
  RopeStream(const Rope &rope, const MappedFile *file)
      : parts(rope.parts), file(file) {}

  bool Next(const void **data, int *size) override {
    if (file && !current.empty() && isOfFile(current))
      file->release(current);
    if (!takeBlock())
      return false;
    *data = current.data();
    *size = int(current.size());
    position += current.size();
    return true;
  }
  void BackUp(int count) override {
    rest = StringRef(current.end() - count, rest.size() + count);
    current = current.drop_back(count);
    position -= count;
  }
  bool Skip(int count) override {
    const void *data;
    int size = 0;
    for (; count > 0; count -= size)
      if (!Next(&data, &size))
        return false;
    if (count < 0)
      BackUp(-count);
    return true;
  }
  int64_t ByteCount() const override { return position; }

private:
  bool isOfFile(StringRef bytes) const {
    StringRef content = file->getContent();
    return bytes.begin() >= content.begin() && bytes.end() <= content.end();
  }
  bool takeBlock() {
    constexpr size_t kBlockBytes = 1 << 20;
    if (rest.empty()) {
      if (parts.empty())
        return false;
      rest = parts.front();
      parts = parts.drop_front();
    }
    current = rest.take_front(kBlockBytes);
    rest = rest.drop_front(current.size());
    return true;
  }

  llvm::ArrayRef<StringRef> parts;
  const MappedFile *file;
  StringRef rest, current;
  int64_t position = 0;
};

} // namespace

bool Stripper::strip(StringRef message, Kind kind, unsigned depth, Rope &rope) {
  if (depth > kMaxDepth)
    return false;
  while (!message.empty()) {
    StringRef start = message, value;
    uint64_t tag;
    if (!takeVarint(message, tag))
      return false;
    uint64_t number = tag >> 3;
    unsigned wireType = tag & 7;
    if (!takeValue(message, wireType, value))
      return false;
    StringRef field = start.drop_back(message.size());
    if (wireType != Bytes || value.size() <= kMinBytes) {
      rope.append(field);
      continue;
    }
    if (kind == Kind::Tensor) {
      if (std::optional<RawData::Field> data = getDataField(number)) {
        rope.append(makeReference(*data, pieces.size()));
        pieces.push_back(value);
        continue;
      }
    }
    const MessageField *inner =
        llvm::find_if(kMessageFields, [&](const MessageField &candidate) {
          return candidate.parent == kind && candidate.number == number;
        });
    Rope stripped;
    size_t numPieces = pieces.size();
    if (inner != std::end(kMessageFields) &&
        strip(value, inner->kind, depth + 1, stripped) &&
        pieces.size() != numPieces) {
      rope.append(makeHeader(number, stripped.size));
      rope.append(stripped);
    } else {
      // What is wrong with it protobuf says.
      pieces.resize(numPieces);
      rope.append(field);
    }
  }
  return true;
}

static bool parseRope(StringRef content, const MappedFile *file,
                      std::vector<StringRef> &pieces,
                      ::onnx::ModelProto &model) {
  Rope rope;
  Stripper stripper(pieces);
  if (!stripper.strip(content, Kind::Model, 0, rope)) {
    pieces.clear();
    rope = Rope();
    rope.append(content);
  }
  RopeStream stream(rope, file);
  // What is wrong the caller says, once.
  google::protobuf::LogSilencer silencer;
  return model.ParseFromZeroCopyStream(&stream);
}

bool RawData::parse(StringRef content, ::onnx::ModelProto &model) {
  return parseRope(content, nullptr, pieces, model);
}

bool RawData::parse(std::shared_ptr<MappedFile> mapped,
                    ::onnx::ModelProto &model) {
  file = std::move(mapped);
  bool parsed = parseRope(file->getContent(), file.get(), pieces, model);
  // What was read beside it.
  file->release(file->getContent());
  return parsed;
}

/// Calls a function with the number of each piece.
template <typename Callback>
static void forEachPiece(const ::onnx::TensorProto &tensor,
                         RawData::Field field, Callback callback) {
  const auto &unknown = tensor.GetReflection()->GetUnknownFields(tensor);
  for (int i = 0, e = unknown.field_count(); i < e; ++i) {
    const UnknownField &entry = unknown.field(i);
    if (uint64_t(entry.number()) == getPieceField(field) &&
        entry.type() == UnknownField::TYPE_VARINT)
      callback(entry.varint());
  }
}

unsigned RawData::count(const ::onnx::TensorProto &tensor, Field field) {
  unsigned count = 0;
  forEachPiece(tensor, field, [&](uint64_t) { ++count; });
  return count;
}

SharedBytes RawData::get(const ::onnx::TensorProto &tensor, Field field) const {
  StringRef piece;
  forEachPiece(tensor, field, [&](uint64_t index) {
    piece = index < pieces.size() ? pieces[index] : StringRef();
  });
  if (file)
    return file->share(piece);
  SharedBytes bytes;
  bytes.bytes = llvm::ArrayRef<char>(piece.data(), piece.size());
  return copyBytes(bytes);
}
