// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/Invocation.h"

#include "bev/Runtime/Runtime.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <mutex>

using namespace mlir;
using namespace mlir::bev;

//===----------------------------------------------------------------------===//
// RuntimeErrors
//===----------------------------------------------------------------------===//

static std::mutex errorMutex;
static std::string firstError;

static void recordError(bevrtStatus, const char *message, void *) {
  std::lock_guard<std::mutex> lock(errorMutex);
  if (firstError.empty())
    firstError = message && *message ? message : "unknown error";
}

RuntimeErrors::RuntimeErrors() { bevrtSetErrorHandler(recordError, nullptr); }

RuntimeErrors::~RuntimeErrors() { bevrtSetErrorHandler(nullptr, nullptr); }

llvm::Error RuntimeErrors::take() {
  std::lock_guard<std::mutex> lock(errorMutex);
  if (firstError.empty())
    return llvm::Error::success();
  llvm::Error error = llvm::createStringError(firstError);
  firstError.clear();
  return error;
}

/// The error of a call into the runtime that returns one.
static llvm::Error check(bevrtStatus status) {
  if (status == BEVRT_SUCCESS)
    return llvm::Error::success();
  return llvm::createStringError(StringRef(bevrtLastError()));
}

//===----------------------------------------------------------------------===//
// Arguments and room for results
//===----------------------------------------------------------------------===//

llvm::Expected<std::unique_ptr<Invocation>>
Invocation::create(EntryPoint function, const Signature &signature,
                   std::vector<Array> arguments, Space space) {
  std::unique_ptr<Invocation> invocation(
      new Invocation(function, signature, space));
  invocation->arguments = std::move(arguments);
  if (llvm::Error error = invocation->prepareArguments())
    return error;
  invocation->prepareResults();
  return invocation;
}

Invocation::Invocation(EntryPoint function, const Signature &signature,
                       Space space)
    : function(function), signature(signature), space(space) {}

llvm::Error Invocation::prepareArguments() {
  size_t count = signature.arguments.size();
  assert(arguments.size() == count && "expected one array per argument");
  argumentData.resize(count, nullptr);
  descriptors.resize(count);
  descriptorPointers.resize(count, nullptr);
  for (auto [index, parameter] : llvm::enumerate(signature.arguments)) {
    Array &array = arguments[index];
    assert(array.getType() == parameter.type &&
           isCompatible(parameter, array.getShape()) &&
           "expected an array that fits the argument");
    if (!parameter.isTensor)
      continue;
    void *data = array.getData();
    if (space == Space::Device) {
      data = bevrtMalloc(array.getNumBytes());
      if (!data)
        return llvm::createStringError(StringRef(bevrtLastError()));
      argumentData[index] = data;
      if (llvm::Error error = check(bevrtMemcpyHostToDevice(
              data, array.getData(), array.getNumBytes())))
        return error;
    }
    argumentData[index] = data;
    descriptors[index] = makeDescriptor(data, array.getShape());
    descriptorPointers[index] = descriptors[index].data();
  }
  return llvm::Error::success();
}

void Invocation::prepareResults() {
  // The layout of a struct of the results.
  size_t size = 0;
  for (const Parameter &parameter : signature.results) {
    size_t alignment = parameter.isTensor ? 8 : getByteWidth(parameter.type);
    size = llvm::alignTo(size, alignment);
    resultOffsets.push_back(size);
    size += parameter.isTensor ? 8 * getDescriptorWords(parameter.shape.size())
                               : getByteWidth(parameter.type);
  }
  resultBuffer.assign(llvm::divideCeil(size, 8), 0);
  resultPointer = resultBuffer.data();

  // A struct is returned through a pointer, the first parameter; the struct of
  // a single result is the result, and a scalar is returned as it is.
  bool returnsScalar =
      signature.results.size() == 1 && !signature.results.front().isTensor;
  if (!signature.results.empty() && !returnsScalar)
    slots.push_back(&resultPointer);
  for (auto [index, parameter] : llvm::enumerate(signature.arguments))
    slots.push_back(parameter.isTensor
                        ? static_cast<void *>(&descriptorPointers[index])
                        : arguments[index].getData());
  if (returnsScalar)
    slots.push_back(resultPointer);
}

Invocation::~Invocation() {
  llvm::consumeError(freeResults());
  if (space == Space::Device)
    for (void *data : argumentData)
      (void)bevrtFree(data);
}

//===----------------------------------------------------------------------===//
// Calls and results
//===----------------------------------------------------------------------===//

llvm::Error Invocation::call() {
  assert(!hasResults && "the last call's results have not been freed");
  std::fill(resultBuffer.begin(), resultBuffer.end(), 0);
  function(slots.data());
  hasResults = true;
  return RuntimeErrors::take();
}

llvm::Error Invocation::freeResults() {
  if (!hasResults)
    return llvm::Error::success();
  hasResults = false;
  // Results may share memory with each other, with an argument, or with a
  // constant.
  SmallVector<void *> freed(argumentData.begin(), argumentData.end());
  freed.push_back(reinterpret_cast<void *>(kNotAllocated));
  freed.push_back(nullptr);
  for (auto [parameter, offset] :
       llvm::zip_equal(signature.results, resultOffsets)) {
    if (!parameter.isTensor)
      continue;
    void *allocated = reinterpret_cast<void *>(resultBuffer[offset / 8]);
    if (llvm::is_contained(freed, allocated))
      continue;
    freed.push_back(allocated);
    if (space == Space::Host)
      std::free(allocated);
    else if (llvm::Error error = check(bevrtFree(allocated)))
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<Array> Invocation::readResult(const Parameter &parameter,
                                             size_t offset) {
  if (!parameter.isTensor) {
    llvm::Expected<Array> array = Array::create(parameter.type, {});
    if (array)
      std::memcpy(array->getData(),
                  reinterpret_cast<char *>(resultBuffer.data()) + offset,
                  array->getNumBytes());
    return array;
  }
  const int64_t *words = resultBuffer.data() + offset / 8;
  ArrayRef<int64_t> shape(words + 3, parameter.shape.size());
  ArrayRef<int64_t> strides(shape.end(), shape.size());
  if (!isCompatible(parameter, shape) || !getByteSize(parameter.type, shape))
    return llvm::createStringError(
        "expected result '%s' to have shape %s, but the compiled function "
        "returned %s",
        parameter.name.c_str(), formatShape(parameter.shape).c_str(),
        formatShape(shape).c_str());
  llvm::Expected<Array> array = Array::create(parameter.type, shape);
  if (!array || array->getNumBytes() == 0)
    return array;
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    if (shape[d] != 1 && strides[d] != stride)
      return llvm::createStringError(
          "expected result '%s' to be contiguous, but the compiled function "
          "returned %s with strides %s",
          parameter.name.c_str(), formatShape(shape).c_str(),
          formatIndex(strides).c_str());
    stride *= shape[d];
  }
  const char *data = reinterpret_cast<const char *>(words[1]) +
                     words[2] * getByteWidth(parameter.type);
  if (space == Space::Host) {
    std::memcpy(array->getData(), data, array->getNumBytes());
  } else if (llvm::Error error = check(bevrtMemcpyDeviceToHost(
                 array->getData(), data, array->getNumBytes()))) {
    return error;
  }
  return array;
}

llvm::Expected<std::vector<Array>> Invocation::run() {
  if (llvm::Error error = call())
    return error;
  if (space == Space::Device)
    if (llvm::Error error = check(bevrtSynchronize()))
      return error;
  std::vector<Array> results;
  for (auto [parameter, offset] :
       llvm::zip_equal(signature.results, resultOffsets)) {
    llvm::Expected<Array> array = readResult(parameter, offset);
    if (!array)
      return array.takeError();
    results.push_back(std::move(*array));
  }
  if (llvm::Error error = freeResults())
    return error;
  return results;
}
