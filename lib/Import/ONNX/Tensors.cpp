// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Tensors.h"

#include "ElementTypes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace mlir::bev::onnx;

// The bytes of tensors are used as they are, and they are little endian.
static_assert(llvm::endianness::native == llvm::endianness::little);

/// Above this many bytes a tensor is a resource, which is not hashed, uniqued
/// and printed like an attribute.
static constexpr size_t kMaxInlineBytes = 1024;

/// Up to so many bytes a tensor is aligned whatever the options are: what takes
/// constants into code reads them with their types.
static constexpr size_t kMaxCopiedBytes = 64 * 1024;

/// What code that is run wants constants to be aligned to.
static constexpr uint64_t kVectorAlignment = 16;

/// What a sparse tensor may become at most.
static constexpr int64_t kMaxDensifiedBytes = int64_t(1) << 30;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(message);
}

/// Bits of an element in a file; MLIR pads them to bytes.
static unsigned getBitWidth(Type elementType) {
  if (elementType.isInteger(1))
    return 8;
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * complex.getElementType().getIntOrFloatBitWidth();
  return elementType.getIntOrFloatBitWidth();
}

static unsigned getByteWidth(Type elementType) {
  return llvm::divideCeil(getBitWidth(elementType), 8u);
}

static unsigned getAlignment(Type elementType) {
  if (auto complex = dyn_cast<ComplexType>(elementType))
    elementType = complex.getElementType();
  return getByteWidth(elementType);
}

/// The type of a tensor with those sizes.
static llvm::Expected<RankedTensorType>
getTensorType(ArrayRef<int64_t> sizes, int32_t dataType, MLIRContext *context) {
  Type elementType = getElementType(dataType, context);
  if (!elementType)
    return makeError("its element type is number " + Twine(dataType) +
                     ", which is none that this importer knows");
  if (!getNumElements(sizes))
    return makeError("its sizes " + formatSizes(sizes) +
                     " are negative or have too large a product");
  return RankedTensorType::get(sizes, elementType);
}

/// Takes the numbers of a repeated field away, without copying them.
template <typename T>
static SharedBytes takeNumbers(google::protobuf::RepeatedField<T> &field) {
  auto numbers = std::make_shared<google::protobuf::RepeatedField<T>>();
  numbers->Swap(&field);
  SharedBytes data;
  data.bytes =
      llvm::ArrayRef<char>(reinterpret_cast<const char *>(numbers->data()),
                           size_t(numbers->size()) * sizeof(T));
  data.owner = numbers;
  return data;
}

/// The numbers of a field in which each stands for a narrower one.
template <typename To, typename From>
static SharedBytes
narrow(const google::protobuf::RepeatedField<From> &numbers) {
  auto [data, bytes] = allocateBytes(size_t(numbers.size()) * sizeof(To));
  for (int i = 0, e = numbers.size(); i < e; ++i) {
    To number = To(numbers[i]);
    std::memcpy(bytes + size_t(i) * sizeof(To), &number, sizeof(To));
  }
  return data;
}

/// The numbers of a field, in the message or left out of it; more than one
/// piece is an error.
template <typename T>
static llvm::Expected<SharedBytes>
takeNumbers(const ::onnx::TensorProto &tensor,
            google::protobuf::RepeatedField<T> &field, const RawData &rawData,
            RawData::Field kind) {
  unsigned numPieces = RawData::count(tensor, kind);
  if (numPieces == 0)
    return takeNumbers(field);
  if (numPieces > 1 || !field.empty())
    return makeError("its numbers are in several parts; save the model with "
                     "whole tensors");
  return rawData.get(tensor, kind);
}

llvm::Expected<SharedBytes>
TensorImporter::takeTypedData(::onnx::TensorProto &tensor, Type elementType) {
  switch (tensor.data_type()) {
  case data_type::kFloat:
  case data_type::kComplex64:
    return takeNumbers(tensor, *tensor.mutable_float_data(), rawData,
                       RawData::Field::Floats);
  case data_type::kDouble:
  case data_type::kComplex128:
    return takeNumbers(tensor, *tensor.mutable_double_data(), rawData,
                       RawData::Field::Doubles);
  case data_type::kInt64:
    return takeNumbers(*tensor.mutable_int64_data());
  case data_type::kUint64:
    return takeNumbers(*tensor.mutable_uint64_data());
  case data_type::kUint32:
    return narrow<uint32_t>(tensor.uint64_data());
  case data_type::kInt32:
    return takeNumbers(*tensor.mutable_int32_data());
  default:
    // Elements of less than a byte share bytes here too.
    if (getByteWidth(elementType) == 2)
      return narrow<uint16_t>(tensor.int32_data());
    return narrow<uint8_t>(tensor.int32_data());
  }
}

/// One element per byte.
static SharedBytes unpack(SharedBytes packed, unsigned bits, int64_t count) {
  auto [data, bytes] = allocateBytes(count);
  unsigned perByte = 8 / bits;
  for (int64_t i = 0; i < count; ++i)
    bytes[i] = (uint8_t(packed.bytes[i / perByte]) >> (i % perByte * bits)) &
               ((1u << bits) - 1);
  return data;
}

llvm::Expected<SharedBytes>
TensorImporter::getElements(::onnx::TensorProto &tensor,
                            RankedTensorType type) {
  if (tensor.has_segment())
    return makeError("its data is in segments, which are not supported; save "
                     "the model with whole tensors");
  Type elementType = type.getElementType();
  SharedBytes data;
  unsigned numRaw =
      RawData::count(tensor, RawData::Field::Raw) + !tensor.raw_data().empty();
  if (tensor.data_location() == ::onnx::TensorProto::EXTERNAL) {
    llvm::Expected<SharedBytes> external = files.getData(tensor);
    if (!external)
      return external.takeError();
    data = std::move(*external);
  } else if (numRaw != 0) {
    if (numRaw > 1)
      return makeError("its raw data is given twice; save the model with it "
                       "once");
    if (tensor.float_data_size() || tensor.int32_data_size() ||
        tensor.int64_data_size() || tensor.double_data_size() ||
        tensor.uint64_data_size() ||
        RawData::count(tensor, RawData::Field::Floats) ||
        RawData::count(tensor, RawData::Field::Doubles))
      return makeError("it has raw data and typed data");
    if (tensor.raw_data().empty()) {
      data = rawData.get(tensor, RawData::Field::Raw);
    } else {
      auto text =
          std::make_shared<std::string>(std::move(*tensor.mutable_raw_data()));
      data.bytes = llvm::ArrayRef<char>(text->data(), text->size());
      data.owner = text;
    }
  } else {
    llvm::Expected<SharedBytes> typed = takeTypedData(tensor, elementType);
    if (!typed)
      return typed.takeError();
    data = std::move(*typed);
  }

  int64_t count = *getNumElements(type.getShape());
  unsigned bits = getBitWidth(elementType);
  // Sizes come from the file: 128 bits cannot overflow.
  auto expected = bits < 8 ? llvm::divideCeil(__int128(count), 8 / bits)
                           : __int128(count) * (bits / 8);
  if (expected != __int128(data.bytes.size()))
    return makeError("its sizes " + formatSizes(type.getShape()) + " are " +
                     Twine(count) + " elements of " + Twine(bits) +
                     " bits, but its data has " + Twine(data.bytes.size()) +
                     " bytes");
  if (bits < 8)
    return unpack(std::move(data), bits, count);
  return data;
}

llvm::Expected<ElementsAttr>
TensorImporter::importStrings(const ::onnx::TensorProto &tensor,
                              RankedTensorType type) {
  if (tensor.data_location() == ::onnx::TensorProto::EXTERNAL)
    return makeError("its strings are external data, which ONNX does not have");
  int64_t count = *getNumElements(type.getShape());
  if (count != tensor.string_data_size())
    return makeError("its sizes " + formatSizes(type.getShape()) + " are " +
                     Twine(count) + " strings, but its data has " +
                     Twine(tensor.string_data_size()));
  SmallVector<StringRef> strings(tensor.string_data().begin(),
                                 tensor.string_data().end());
  return ElementsAttr(DenseStringElementsAttr::get(type, strings));
}

ElementsAttr TensorImporter::makeAttribute(RankedTensorType type,
                                           SharedBytes data, StringRef name) {
  Type elementType = type.getElementType();
  if (elementType.isInteger(1)) {
    SmallVector<bool> values(
        llvm::map_range(data.bytes, [](char byte) { return byte != 0; }));
    return DenseElementsAttr::get(type, ArrayRef<bool>(values));
  }
  bool isPacked = getBitWidth(elementType) < 8;
  if (data.bytes.size() <= kMaxInlineBytes || isPacked)
    return DenseElementsAttr::getFromRawBuffer(type, data.bytes);
  // Files put data at any offset.
  llvm::Align alignment(getAlignment(elementType));
  if (!llvm::isAddrAligned(alignment, data.bytes.data())) {
    if (alignData || data.bytes.size() <= kMaxCopiedBytes)
      data = copyBytes(data);
    else
      alignment = llvm::Align();
  } else if (alignData && !llvm::isAddrAligned(llvm::Align(kVectorAlignment),
                                               data.bytes.data())) {
    data = copyBytes(data);
  }
  AsmResourceBlob blob(
      data.bytes, alignment.value(),
      [owner = std::move(data.owner)](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(
      type, name.empty() ? StringRef("tensor") : name, std::move(blob));
}

llvm::Expected<ElementsAttr> TensorImporter::import(::onnx::TensorProto &tensor,
                                                    StringRef name) {
  auto known = imported.find(&tensor);
  if (known != imported.end())
    return known->second;
  SmallVector<int64_t> sizes(tensor.dims().begin(), tensor.dims().end());
  llvm::Expected<RankedTensorType> type =
      getTensorType(sizes, tensor.data_type(), context);
  if (!type)
    return type.takeError();
  ElementsAttr attribute;
  if (isa<StringType>(type->getElementType())) {
    llvm::Expected<ElementsAttr> strings = importStrings(tensor, *type);
    if (!strings)
      return strings.takeError();
    attribute = *strings;
  } else {
    llvm::Expected<SharedBytes> data = getElements(tensor, *type);
    if (!data)
      return data.takeError();
    attribute = makeAttribute(*type, std::move(*data), name);
  }
  imported[&tensor] = attribute;
  return attribute;
}

llvm::Expected<ElementsAttr>
TensorImporter::import(::onnx::SparseTensorProto &tensor, StringRef name) {
  SmallVector<int64_t> sizes(tensor.dims().begin(), tensor.dims().end());
  ::onnx::TensorProto &values = *tensor.mutable_values();
  ::onnx::TensorProto &indices = *tensor.mutable_indices();
  llvm::Expected<RankedTensorType> type =
      getTensorType(sizes, values.data_type(), context);
  if (!type)
    return type.takeError();
  if (isa<StringType>(type->getElementType()))
    return makeError("sparse tensors of strings are not supported");
  int64_t rank = sizes.size(), count = *getNumElements(sizes);
  int64_t width = getByteWidth(type->getElementType());
  if (count > kMaxDensifiedBytes / width)
    return makeError("it is sparse, and would have " + Twine(count) +
                     " elements as the dense tensor that it is turned into; "
                     "the most are " +
                     Twine(kMaxDensifiedBytes / width));
  int64_t numValues = values.dims_size() == 1 ? values.dims(0) : -1;
  bool isLinear = indices.dims_size() == 1;
  bool hasCoordinates = indices.dims_size() == 2 && indices.dims(1) == rank;
  if (numValues < 0 || indices.data_type() != data_type::kInt64 ||
      !(isLinear || hasCoordinates) || indices.dims(0) != numValues)
    return makeError("it is sparse: expected values of sizes [n] and int64 "
                     "indices of sizes [n] or [n, rank]");

  auto valuesType = RankedTensorType::get(numValues, type->getElementType());
  llvm::Expected<RankedTensorType> indicesType = getTensorType(
      SmallVector<int64_t>(indices.dims().begin(), indices.dims().end()),
      data_type::kInt64, context);
  if (!indicesType)
    return indicesType.takeError();
  if (!getNumElements(valuesType.getShape()))
    return makeError("it has too many values");
  llvm::Expected<SharedBytes> valueData = getElements(values, valuesType);
  if (!valueData)
    return valueData.takeError();
  llvm::Expected<SharedBytes> indexData = getElements(indices, *indicesType);
  if (!indexData)
    return indexData.takeError();

  auto [dense, bytes] = allocateBytes(count * width);
  std::memset(bytes, 0, count * width);
  int64_t perValue = isLinear ? 1 : rank;
  for (int64_t i = 0; i < numValues; ++i) {
    int64_t position = 0;
    for (int64_t d = 0; d < perValue; ++d) {
      int64_t index, size = isLinear ? count : sizes[d];
      std::memcpy(&index,
                  indexData->bytes.data() + (i * perValue + d) * sizeof index,
                  sizeof index);
      if (index < 0 || index >= size)
        return makeError("it is sparse, and its index " + Twine(index) +
                         " is outside of a size of " + Twine(size));
      position = position * size + index;
    }
    // Without coordinates a tensor of rank 0 has one place, one of size 0 none.
    if (position >= count)
      return makeError("it is sparse, and has values but no elements");
    std::memcpy(bytes + position * width, valueData->bytes.data() + i * width,
                width);
  }
  return makeAttribute(*type, dense, name);
}
