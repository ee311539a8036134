// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled models are run, by the calling convention of MLIR's C interfaces.

#include "Error.h"
#include "Memory.h"
#include "Model.h"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

using namespace bev::rt;

/// Upstream gives memrefs of constants this in place of a pointer to free.
static constexpr int64_t kNotAllocated = 0xdeadbeef;

static bool isScalar(const BevParameter &parameter) {
  return parameter.rank < 0;
}

static uint64_t getByteWidth(const BevParameter &parameter) {
  switch (parameter.type) {
  case BEV_BOOL:
  case BEV_I8:
    return 1;
  case BEV_I16:
  case BEV_F16:
  case BEV_BF16:
    return 2;
  case BEV_I32:
  case BEV_F32:
    return 4;
  default:
    return 8;
  }
}

/// A memref descriptor is two pointers, an offset, sizes and strides.
static size_t getDescriptorWords(const BevParameter &parameter) {
  return 3 + 2 * static_cast<size_t>(parameter.rank);
}

static std::string formatSizes(const int64_t *sizes, int64_t rank) {
  if (rank <= 0)
    return "scalar";
  std::string text;
  for (int64_t i = 0; i < rank; ++i)
    text += (i ? "x" : "") + (sizes[i] < 0 ? "?" : std::to_string(sizes[i]));
  return text;
}

static uint64_t getNumElements(const int64_t *sizes, int64_t rank) {
  uint64_t count = 1;
  for (int64_t i = 0; i < rank; ++i)
    count *= static_cast<uint64_t>(sizes[i]);
  return count;
}

static bevrtStatus checkInput(const BevParameter &parameter,
                              const BevTensor &tensor) {
  bool fits = isScalar(parameter) || tensor.rank == parameter.rank;
  for (int64_t i = 0; fits && i < parameter.rank; ++i)
    fits = tensor.sizes[i] >= 0 &&
           (parameter.sizes[i] < 0 || tensor.sizes[i] == parameter.sizes[i]);
  if (!fits)
    return setError(
        BEVRT_ERROR_INVALID_ARGUMENT,
        "expected input '%s' to have shape %s, but got %s", parameter.name,
        formatSizes(parameter.sizes, parameter.rank).c_str(),
        formatSizes(tensor.sizes, std::min<int64_t>(tensor.rank, BEV_MAX_RANK))
            .c_str());
  if (!tensor.data &&
      (isScalar(parameter) || getNumElements(tensor.sizes, tensor.rank) != 0))
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "expected the data of input '%s', but got null",
                    parameter.name);
  return BEVRT_SUCCESS;
}

namespace {
/// One call.
class Call {
public:
  Call(const BevModel &model, const BevTensor *inputs)
      : model(model), descriptor(*model.descriptor), inputs(inputs) {
    prepareInputs();
    prepareOutputs();
  }

  bevrtStatus run(BevTensor *outputs);

private:
  void prepareInputs();
  void prepareOutputs();
  /// Hands one result over. What belongs to somebody else is copied.
  bevrtStatus take(uint64_t index, BevTensor &output);
  /// Whether the memory of a result can be the caller's.
  bool isOwned(uint64_t index) const;
  void freeFrom(uint64_t index);

  const int64_t *getResult(uint64_t index) const {
    return results.data() + offsets[index] / 8;
  }

  const BevModel &model;
  const BevModelDescriptor &descriptor;
  const BevTensor *inputs;
  std::vector<int64_t> inputWords;
  std::vector<void *> inputPointers;
  /// All results, laid out as the fields of a C struct.
  std::vector<int64_t> results;
  std::vector<size_t> offsets;
  void *resultPointer = nullptr;
  std::vector<void *> slots;
};
} // namespace

void Call::prepareInputs() {
  size_t words = 0;
  for (uint64_t i = 0; i < descriptor.numInputs; ++i)
    if (!isScalar(descriptor.inputs[i]))
      words += getDescriptorWords(descriptor.inputs[i]);
  inputWords.resize(words);
  inputPointers.resize(descriptor.numInputs);
  int64_t *next = inputWords.data();
  for (uint64_t i = 0; i < descriptor.numInputs; ++i) {
    const BevParameter &parameter = descriptor.inputs[i];
    if (isScalar(parameter))
      continue;
    inputPointers[i] = next;
    next[0] = next[1] = reinterpret_cast<intptr_t>(inputs[i].data);
    next[2] = 0;
    int64_t stride = 1;
    for (int32_t d = parameter.rank - 1; d >= 0; --d) {
      next[3 + d] = inputs[i].sizes[d];
      next[3 + parameter.rank + d] = stride;
      stride *= inputs[i].sizes[d];
    }
    next += getDescriptorWords(parameter);
  }
}

void Call::prepareOutputs() {
  size_t size = 0;
  for (uint64_t i = 0; i < descriptor.numOutputs; ++i) {
    const BevParameter &parameter = descriptor.outputs[i];
    size_t width = isScalar(parameter) ? getByteWidth(parameter)
                                       : 8 * getDescriptorWords(parameter);
    size_t alignment = std::min<size_t>(width, 8);
    size = (size + alignment - 1) / alignment * alignment;
    offsets.push_back(size);
    size += width;
  }
  results.assign((size + 7) / 8, 0);
  resultPointer = results.data();

  // A struct is returned through a pointer, the first parameter; the struct of
  // a single result is the result, and a scalar is returned as it is.
  bool returnsScalar =
      descriptor.numOutputs == 1 && isScalar(descriptor.outputs[0]);
  if (descriptor.numOutputs != 0 && !returnsScalar)
    slots.push_back(&resultPointer);
  for (uint64_t i = 0; i < descriptor.numInputs; ++i)
    slots.push_back(isScalar(descriptor.inputs[i])
                        ? inputs[i].data
                        : static_cast<void *>(&inputPointers[i]));
  if (returnsScalar)
    slots.push_back(resultPointer);
}

bool Call::isOwned(uint64_t index) const {
  int64_t allocated = getResult(index)[0];
  if (allocated == kNotAllocated || allocated == 0)
    return false;
  void *address = reinterpret_cast<void *>(allocated);
  for (uint64_t i = 0; i < descriptor.numInputs; ++i)
    if (!isScalar(descriptor.inputs[i]) && inputs[i].data == address)
      return false;
  for (uint64_t i = 0; i < index; ++i)
    if (!isScalar(descriptor.outputs[i]) && getResult(i)[0] == allocated)
      return false;
  return !model.isOnDevice() || !isConstantAddress(address);
}

bevrtStatus Call::take(uint64_t index, BevTensor &output) {
  const BevParameter &parameter = descriptor.outputs[index];
  if (isScalar(parameter)) {
    std::memcpy(output.data,
                reinterpret_cast<char *>(results.data()) + offsets[index],
                getByteWidth(parameter));
    return BEVRT_SUCCESS;
  }
  const int64_t *words = getResult(index);
  output.rank = parameter.rank;
  std::copy_n(words + 3, parameter.rank, output.sizes);
  char *data = reinterpret_cast<char *>(words[1]) +
               words[2] * static_cast<int64_t>(getByteWidth(parameter));
  output.data = data;
  output.allocation = reinterpret_cast<void *>(words[0]);
  if (isOwned(index))
    return BEVRT_SUCCESS;
  uint64_t bytes =
      getNumElements(output.sizes, output.rank) * getByteWidth(parameter);
  output.allocation =
      model.isOnDevice() ? bevrtMalloc(bytes) : bevrtHostAlloc(bytes);
  output.data = output.allocation;
  if (!output.allocation)
    return lastStatus();
  if (bytes == 0)
    return BEVRT_SUCCESS;
  if (model.isOnDevice())
    return bevrtMemcpyDeviceToDevice(output.data, data, bytes);
  std::memcpy(output.data, data, bytes);
  return BEVRT_SUCCESS;
}

void Call::freeFrom(uint64_t index) {
  for (; index < descriptor.numOutputs; ++index) {
    if (isScalar(descriptor.outputs[index]) || !isOwned(index))
      continue;
    void *allocation = reinterpret_cast<void *>(getResult(index)[0]);
    if (model.isOnDevice())
      (void)bevrtFree(allocation);
    else
      std::free(allocation);
  }
}

bevrtStatus Call::run(BevTensor *outputs) {
  ErrorCapture capture;
  model.target->entry(slots.data());
  if (capture.take() != BEVRT_SUCCESS) {
    freeFrom(0);
    return capture.take();
  }
  // What somebody else owns may be freed with what is handed over, so that it
  // is copied first: results in the order of the function.
  for (uint64_t i = 0; i < descriptor.numOutputs; ++i) {
    if (bevrtStatus status = take(i, outputs[i])) {
      std::string message = bevrtLastError();
      for (uint64_t j = 0; j <= i; ++j)
        if (!isScalar(descriptor.outputs[j]))
          bevModelFreeOutput(&model, &outputs[j]);
      freeFrom(i + 1);
      return setError(status, "%s", message.c_str());
    }
  }
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevModelRun(const BevModel *model,
                                   const BevTensor *inputs,
                                   BevTensor *outputs) {
  const BevModelDescriptor &descriptor = *model->descriptor;
  for (uint64_t i = 0; i < descriptor.numInputs; ++i)
    if (bevrtStatus status = checkInput(descriptor.inputs[i], inputs[i]))
      return status;
  for (uint64_t i = 0; i < descriptor.numOutputs; ++i)
    if (isScalar(descriptor.outputs[i]) && !outputs[i].data)
      return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                      "expected where to store output '%s', but got null",
                      descriptor.outputs[i].name);
  if (model->isOnDevice() && bevrtCurrentDevice() != model->ordinal)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "expected CUDA device %d, for which the model was loaded, "
                    "to be current, but got %d",
                    model->ordinal, bevrtCurrentDevice());
  return Call(*model, inputs).run(outputs);
}

extern "C" void bevModelFreeOutput(const BevModel *model, BevTensor *output) {
  if (model->isOnDevice())
    (void)bevrtFree(output->allocation);
  else
    std::free(output->allocation);
  output->data = output->allocation = nullptr;
}
