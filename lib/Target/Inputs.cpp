// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Inputs.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::bev;

/// The name under which the file has an array for the parameter, or "".
static StringRef findName(const NPZReader &file, const Parameter &parameter) {
  if (file.contains(parameter.name))
    return parameter.name;
  if (file.contains(parameter.positionalName))
    return parameter.positionalName;
  return "";
}

static std::string formatNames(ArrayRef<std::string> names) {
  if (names.empty())
    return "nothing";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(
      names, os, [&](const std::string &name) { os << "'" << name << "'"; });
  return text;
}

static std::string formatNames(ArrayRef<Parameter> parameters) {
  std::vector<std::string> names;
  for (const Parameter &parameter : parameters)
    names.push_back(parameter.name);
  return formatNames(names);
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

/// Whether an array of the type can become an argument.
static bool isConvertible(DType from, DType to) {
  if (from == to)
    return true;
  return to == DType::BF16 && (from == DType::U16 || from == DType::F32);
}

static llvm::Expected<Array> roundToBFloat16(const Array &array) {
  llvm::Expected<Array> result = Array::create(DType::BF16, array.getShape());
  if (!result)
    return result;
  for (int64_t i = 0, e = array.getNumElements(); i < e; ++i) {
    float value;
    std::memcpy(&value, array.getData() + 4 * i, sizeof value);
    uint16_t bits = floatToBFloat16(value);
    std::memcpy(result->getData() + 2 * i, &bits, sizeof bits);
  }
  return result;
}

/// Generated code relies on truth values being 0 or 1.
static void normalizeTruthValues(Array &array) {
  for (int64_t i = 0, e = array.getNumElements(); i < e; ++i)
    array.getData()[i] = array.getData()[i] != 0;
}

//===----------------------------------------------------------------------===//
// Random arrays
//===----------------------------------------------------------------------===//

namespace {
/// SplitMix64: the same numbers on every platform.
class RandomNumbers {
public:
  explicit RandomNumbers(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// From the standard normal distribution, by Box and Muller's method.
  double nextNormal() {
    double u = ((next() >> 11) + 1) * 0x1p-53, v = (next() >> 11) * 0x1p-53;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
  }

private:
  uint64_t state;
};
} // namespace

template <typename T>
static void store(Array &array, int64_t index, T value) {
  std::memcpy(array.getData() + index * sizeof(T), &value, sizeof(T));
}

static llvm::Expected<Array> makeRandom(const Parameter &parameter,
                                        uint64_t seed) {
  llvm::Expected<Array> array = Array::create(parameter.type, parameter.shape);
  if (!array)
    return array;
  // The numbers of an argument depend on its name, not on its position.
  for (char c : parameter.name)
    seed = (seed ^ uint8_t(c)) * 0x100000001b3;
  RandomNumbers numbers(seed);
  for (int64_t i = 0, e = array->getNumElements(); i < e; ++i) {
    switch (parameter.type) {
    case DType::Bool:
      store<uint8_t>(*array, i, numbers.next() & 1);
      break;
    case DType::I8:
    case DType::U8:
      store<int8_t>(*array, i, numbers.next() & 7);
      break;
    case DType::I16:
    case DType::U16:
      store<int16_t>(*array, i, numbers.next() & 7);
      break;
    case DType::I32:
    case DType::U32:
      store<int32_t>(*array, i, numbers.next() & 7);
      break;
    case DType::I64:
    case DType::U64:
      store<int64_t>(*array, i, numbers.next() & 7);
      break;
    case DType::F16:
      store(*array, i, floatToHalf(numbers.nextNormal()));
      break;
    case DType::BF16:
      store(*array, i, floatToBFloat16(numbers.nextNormal()));
      break;
    case DType::F32:
      store<float>(*array, i, numbers.nextNormal());
      break;
    case DType::F64:
      store<double>(*array, i, numbers.nextNormal());
      break;
    }
  }
  return array;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Lists the arguments that no array is there for.
static llvm::Error checkPresence(const Signature &signature,
                                 const InputOptions &options) {
  std::string missing, dynamic;
  llvm::raw_string_ostream missingOS(missing), dynamicOS(dynamic);
  for (const Parameter &parameter : signature.arguments) {
    if (options.file && !findName(*options.file, parameter).empty())
      continue;
    if (!options.randomSeed)
      missingOS << (missing.empty() ? "" : ", ") << parameter.format();
    else if (llvm::any_of(parameter.shape,
                          [](int64_t size) { return size < 0; }))
      dynamicOS << (dynamic.empty() ? "" : ", ") << parameter.format();
  }
  if (!dynamic.empty())
    return llvm::createStringError(
        "cannot make up arguments of dynamic size: %s; give them with --inputs",
        dynamic.c_str());
  if (missing.empty())
    return llvm::Error::success();
  if (!options.file)
    return llvm::createStringError(
        "function '%s' needs arguments: %s; give them with --inputs, or make "
        "them up with --random-inputs",
        signature.function.c_str(), missing.c_str());
  return llvm::createStringError(
      "'%s': no arrays for the arguments %s; the file has %s",
      options.file->getPath().str().c_str(), missing.c_str(),
      formatNames(options.file->getNames()).c_str());
}

/// Lists the arrays whose types or shapes do not fit, from the headers alone.
static llvm::Error checkHeaders(const Signature &signature, NPZReader &file) {
  std::string wrong;
  llvm::raw_string_ostream os(wrong);
  for (const Parameter &parameter : signature.arguments) {
    StringRef name = findName(file, parameter);
    if (name.empty())
      continue;
    llvm::Expected<NPYHeader> header = file.readHeader(name);
    if (!header)
      return header.takeError();
    bool fits = isCompatible(parameter, header->shape);
    if (fits && isConvertible(header->type, parameter.type))
      continue;
    os << (wrong.empty() ? "" : "; ") << "expected array '" << name
       << "' to be " << formatShape(parameter.shape) << " x "
       << getName(parameter.type);
    if (parameter.type == DType::BF16)
      os << " (bits as uint16, or float32)";
    os << ", but got " << formatShape(header->shape) << " x "
       << getName(header->type);
  }
  if (wrong.empty())
    return llvm::Error::success();
  return llvm::createStringError("'%s': %s", file.getPath().str().c_str(),
                                 wrong.c_str());
}

llvm::Expected<std::vector<Array>>
mlir::bev::readInputs(const Signature &signature, const InputOptions &options,
                      std::vector<std::string> &notes) {
  if (llvm::Error error = checkPresence(signature, options))
    return error;
  if (options.file)
    if (llvm::Error error = checkHeaders(signature, *options.file))
      return error;
  std::vector<Array> arrays;
  llvm::StringSet<> used;
  for (const Parameter &parameter : signature.arguments) {
    StringRef name = options.file ? findName(*options.file, parameter) : "";
    if (name.empty()) {
      llvm::Expected<Array> array = makeRandom(parameter, *options.randomSeed);
      if (!array)
        return llvm::createStringError(
            "argument '%s': %s", parameter.name.c_str(),
            llvm::toString(array.takeError()).c_str());
      arrays.push_back(std::move(*array));
      continue;
    }
    used.insert(name);
    llvm::Expected<Array> array = options.file->read(name);
    if (!array)
      return array.takeError();
    if (parameter.type == DType::BF16 && array->getType() == DType::U16) {
      notes.push_back(
          ("array '" + name + "' is taken for the bit patterns of bfloat16")
              .str());
      array->reinterpret(DType::BF16);
    } else if (parameter.type == DType::BF16 &&
               array->getType() == DType::F32) {
      array = roundToBFloat16(*array);
      if (!array)
        return array.takeError();
    } else if (parameter.type == DType::Bool) {
      normalizeTruthValues(*array);
    }
    arrays.push_back(std::move(*array));
  }
  if (options.file) {
    std::vector<std::string> unused;
    for (const std::string &name : options.file->getNames())
      if (!used.contains(name))
        unused.push_back(name);
    if (!unused.empty())
      notes.push_back("arrays of '" + options.file->getPath().str() +
                      "' that no argument is named after are ignored: " +
                      formatNames(unused));
  }
  return arrays;
}

//===----------------------------------------------------------------------===//
// Expected results
//===----------------------------------------------------------------------===//

/// Whether values of the types can be compared.
static bool isComparable(DType result, DType expected) {
  if (result == DType::BF16 && expected == DType::U16)
    return true;
  return isFloat(result) == isFloat(expected);
}

llvm::Expected<std::vector<ExpectedResult>>
mlir::bev::readExpectedResults(const Signature &signature, NPZReader &file) {
  std::vector<ExpectedResult> results;
  llvm::StringSet<> used;
  for (auto [index, parameter] : llvm::enumerate(signature.results)) {
    StringRef name = findName(file, parameter);
    if (name.empty())
      continue;
    used.insert(name);
    llvm::Expected<NPYHeader> header = file.readHeader(name);
    if (!header)
      return header.takeError();
    if (!isCompatible(parameter, header->shape) ||
        !isComparable(parameter.type, header->type))
      return llvm::createStringError(
          "'%s': array '%s' is %s x %s, which result %s cannot be compared "
          "with",
          file.getPath().str().c_str(), name.str().c_str(),
          formatShape(header->shape).c_str(), getName(header->type).data(),
          parameter.format().c_str());
    llvm::Expected<Array> array = file.read(name);
    if (!array)
      return array.takeError();
    if (parameter.type == DType::BF16 && array->getType() == DType::U16)
      array->reinterpret(DType::BF16);
    results.push_back({unsigned(index), std::move(*array)});
  }
  std::vector<std::string> unknown;
  for (const std::string &name : file.getNames())
    if (!used.contains(name))
      unknown.push_back(name);
  if (!unknown.empty())
    return llvm::createStringError(
        "'%s': function '%s' has no results named %s; its results are %s",
        file.getPath().str().c_str(), signature.function.c_str(),
        formatNames(unknown).c_str(), formatNames(signature.results).c_str());
  if (results.empty())
    return llvm::createStringError("'%s': there are no arrays to compare with",
                                   file.getPath().str().c_str());
  return results;
}
