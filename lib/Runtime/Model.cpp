// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled models are opened, checked, and described.

#include "Model.h"
#include "Device.h"
#include "Error.h"
#include "MappedWeights.h"
#include "bev/Runtime/HostMemory.h"

#include <cerrno>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace bev::rt;

static bevrtStatus fail(const char *path, const std::string &what) {
  return setError(BEVRT_ERROR_MODULE, "cannot load model '%s': %s", path,
                  what.c_str());
}

/// The machine that this code is for.
static constexpr uint16_t kMachine =
#if defined(__x86_64__)
    EM_X86_64;
#elif defined(__aarch64__)
    EM_AARCH64;
#else
    EM_NONE;
#endif

/// Checks what the dynamic linker does not: it maps the parts that a file is
/// said to have, and the process ends when it touches one that is missing.
static bevrtStatus checkFile(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail(path, std::strerror(errno));
  Elf64_Ehdr header;
  struct stat status;
  ssize_t got = pread(file, &header, sizeof header, 0);
  int error = errno;
  bool hasStatus = fstat(file, &status) == 0;
  close(file);
  if (got < 0)
    return fail(path, std::strerror(error));
  if (size_t(got) < SELFMAG ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return fail(path, "the file is no shared object");
  if (size_t(got) < sizeof header)
    return fail(path, "the file is truncated");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != kMachine)
    return fail(path, "the shared object is for another kind of CPU");
  if (header.e_type != ET_DYN)
    return fail(path, "the file is no shared object");
  // The section headers are the last thing in the file.
  uint64_t size =
      header.e_shoff + uint64_t(header.e_shnum) * sizeof(Elf64_Shdr);
  if (hasStatus && uint64_t(status.st_size) < size)
    return fail(path, "the file is truncated: it has " +
                          std::to_string(status.st_size) + " bytes of " +
                          std::to_string(size));
  return BEVRT_SUCCESS;
}

static std::string takeLoaderError() {
  const char *error = dlerror();
  return error ? error : "unknown error";
}

/// Opens a shared object; null, with the error set, when that fails.
static void *openLibrary(const char *path) {
  // Without a slash it would be searched, among the system's libraries.
  std::string file = path;
  if (file.find('/') == std::string::npos)
    file = "./" + file;
  if (void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL))
    return library;
  std::string error = takeLoaderError();
  // The run path of this library, other than that of the model, is known to
  // lead to the OpenMP runtime; which stays, since it has threads.
  if (error.find("libomp.so") != std::string::npos) {
    if (dlopen("libomp.so.5", RTLD_NOW | RTLD_GLOBAL)) {
      if (void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL))
        return library;
      error = takeLoaderError();
    } else {
      error = "CPU code needs LLVM's OpenMP runtime, which cannot be loaded (" +
              takeLoaderError() +
              "); install libomp5-22 or set LD_LIBRARY_PATH";
    }
  }
  fail(path, error);
  return nullptr;
}

/// Finds the descriptor and checks that this runtime understands it.
static bevrtStatus readDescriptor(const char *path, BevModel &model) {
  auto *descriptor = static_cast<const BevModelDescriptor *>(
      dlsym(model.library, BEV_MODEL_SYMBOL));
  if (!descriptor ||
      std::memcmp(descriptor->magic, BEV_MODEL_MAGIC, sizeof BEV_MODEL_MAGIC))
    return fail(path, "the shared object was not made by bev-compile");
  if (descriptor->version != BEV_MODEL_VERSION ||
      descriptor->size < sizeof(BevModelDescriptor))
    return fail(path, "expected version " + std::to_string(BEV_MODEL_VERSION) +
                          " of the format, but got version " +
                          std::to_string(descriptor->version) +
                          "; compile the model with the bev-compile that "
                          "belongs to this runtime");
  model.descriptor = descriptor;
  return BEVRT_SUCCESS;
}

/// The compute capability times ten of a target, 0 for the CPU.
static int getCapability(const BevModelTarget &target) {
  return std::strncmp(target.name, "sm_", 3) ? 0 : std::atoi(target.name + 3);
}

static std::string listTargets(const BevModelDescriptor &descriptor) {
  std::string list;
  for (uint64_t i = 0; i < descriptor.numTargets; ++i)
    list += (i ? ", " : "") + std::string(descriptor.targets[i].name);
  return list;
}

/// Chooses the code for a device.
static bevrtStatus selectTarget(const char *path, const char *device,
                                BevModel &model) {
  const BevModelDescriptor &descriptor = *model.descriptor;
  const BevModelTarget *cpu = nullptr, *gpu = nullptr;
  for (uint64_t i = 0; i < descriptor.numTargets; ++i)
    (getCapability(descriptor.targets[i]) ? gpu : cpu) = &descriptor.targets[i];
  bool wantsCPU = device ? std::strcmp(device, "cpu") == 0 : cpu != nullptr;
  if (wantsCPU ? !cpu : !gpu)
    return fail(path, std::string("it has no code for ") +
                          (wantsCPU ? "the CPU" : "CUDA devices") +
                          ", but for " + listTargets(descriptor));
  model.target = cpu;
  if (wantsCPU)
    return BEVRT_SUCCESS;

  int ordinal = bevrtDeviceCount() > 0 ? bevrtCurrentDevice() : -1;
  int major = 0, minor = 0;
  if (ordinal < 0 ||
      bevrtDeviceComputeCapability(&major, &minor) != BEVRT_SUCCESS)
    return lastStatus();
  model.ordinal = ordinal;
  // The driver compiles PTX for every later GPU; the nearest fits best.
  model.target = nullptr;
  for (uint64_t i = 0; i < descriptor.numTargets; ++i) {
    const BevModelTarget &target = descriptor.targets[i];
    int capability = getCapability(target);
    if (capability != 0 && capability <= 10 * major + minor &&
        (!model.target || capability > getCapability(*model.target)))
      model.target = &target;
  }
  if (!model.target)
    return fail(path, "it has code for " + listTargets(descriptor) +
                          ", but CUDA device " + std::to_string(ordinal) +
                          " is an older sm_" +
                          std::to_string(10 * major + minor) +
                          "; compile it with --target cuda:sm_" +
                          std::to_string(10 * major + minor));
  return BEVRT_SUCCESS;
}

/// The first of the extensions, separated by commas, that this CPU lacks.
static std::string findMissingExtension(const char *extensions) {
  std::string rest = extensions;
  while (!rest.empty()) {
    size_t comma = rest.find(',');
    std::string name = rest.substr(0, comma);
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    bool isThere = false;
#if defined(__x86_64__)
#define BEV_CHECK_EXTENSION(NAME)                                              \
  if (name == NAME)                                                            \
    isThere = __builtin_cpu_supports(NAME);
    BEV_MODEL_X86_EXTENSIONS(BEV_CHECK_EXTENSION)
#undef BEV_CHECK_EXTENSION
#endif
    if (!isThere)
      return name;
  }
  return "";
}

static bevrtStatus load(const char *path, const char *device, BevModel &model) {
  if (bevrtStatus status = checkFile(path))
    return status;
  model.library = openLibrary(path);
  if (!model.library)
    return lastStatus();
  if (bevrtStatus status = readDescriptor(path, model))
    return status;
  if (bevrtStatus status = selectTarget(path, device, model))
    return status;
  std::string missing = findMissingExtension(model.target->extensions);
  if (!missing.empty())
    return fail(path, "it was compiled for a CPU with " + missing +
                          ", which this CPU lacks; compile it with --cpu "
                          "set to this CPU's kind");
  return BEVRT_SUCCESS;
}

extern "C" bevrtStatus bevModelLoad(const char *path, const char *device,
                                    BevModel **result) {
  if (!result)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "cannot load a model: the address for it is null");
  *result = nullptr;
  if (!path)
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "cannot load a model: its path is null");
  if (device && std::strcmp(device, "cpu") && std::strcmp(device, "cuda"))
    return setError(BEVRT_ERROR_INVALID_ARGUMENT,
                    "unknown device '%s'; expected cpu or cuda", device);
  auto model = std::make_unique<BevModel>();
  if (bevrtStatus status = load(path, device, *model)) {
    if (model->library)
      dlclose(model->library);
    return status;
  }
  // A model that is unloaded must not take the OpenMP runtime along, whose
  // threads wait for more work.
  if (void *openMP = dlopen("libomp.so.5", RTLD_LAZY | RTLD_NOLOAD |
                                               RTLD_GLOBAL | RTLD_NODELETE))
    dlclose(openMP);
  if (uint64_t bytes = model->descriptor->weightBytes) {
    if (model->isOnDevice())
      bevrtRegisterConstants(model->descriptor->weights, bytes);
    else
      addMappedWeights(model->descriptor->weights, bytes);
  }
  *result = model.release();
  return BEVRT_SUCCESS;
}

extern "C" void bevModelUnload(BevModel *model) {
  if (!model)
    return;
  if (model->descriptor->weightBytes) {
    if (model->isOnDevice())
      bevrtUnregisterConstants(model->descriptor->weights);
    else
      removeMappedWeights(model->descriptor->weights);
  }
  dlclose(model->library);
  delete model;
  bevrtReturnHostMemory();
}

extern "C" const char *bevModelFunction(const BevModel *model) {
  return model->descriptor->function;
}

extern "C" const char *bevModelTarget(const BevModel *model) {
  return model->target->name;
}

extern "C" const char *bevModelDescription(const BevModel *model) {
  return model->descriptor->description;
}

extern "C" int64_t bevModelNumInputs(const BevModel *model) {
  return static_cast<int64_t>(model->descriptor->numInputs);
}

extern "C" int64_t bevModelNumOutputs(const BevModel *model) {
  return static_cast<int64_t>(model->descriptor->numOutputs);
}

extern "C" const BevParameter *bevModelInput(const BevModel *model,
                                             int64_t index) {
  return static_cast<uint64_t>(index) < model->descriptor->numInputs
             ? &model->descriptor->inputs[index]
             : nullptr;
}

extern "C" const BevParameter *bevModelOutput(const BevModel *model,
                                              int64_t index) {
  return static_cast<uint64_t>(index) < model->descriptor->numOutputs
             ? &model->descriptor->outputs[index]
             : nullptr;
}

extern "C" BevModelEntry bevModelEntry(const BevModel *model) {
  return model->target->entry;
}
