// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects and constants become a shared object.

#include "HostCode.h"
#include "WeightTable.h"
#include "bev/Runtime/HalfBuiltins.h"
#include "bev/Runtime/HostMemory.h"
#include "bev/Runtime/ModelFormat.h"
#include "bev/Target/CompiledModel.h"
#include "bev/Target/OutputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <dlfcn.h>
#include <link.h>

using namespace mlir;
using namespace mlir::bev;

llvm::Expected<std::string> mlir::bev::findLinker(StringRef name) {
  if (!name.empty()) {
    llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(name);
    // A path is found even if there is nothing.
    std::error_code error = found.getError();
    if (!error)
      error = llvm::sys::fs::access(*found, llvm::sys::fs::AccessMode::Execute);
    if (error)
      return llvm::createStringError("cannot run the linker '" + name +
                                     "': " + error.message());
    return *found;
  }
  for (StringRef candidate : {"ld.lld", "ld.lld-22"}) {
    if (llvm::ErrorOr<std::string> found =
            llvm::sys::findProgramByName(candidate, {BEV_LLVM_TOOLS_DIR}))
      return *found;
    if (llvm::ErrorOr<std::string> found =
            llvm::sys::findProgramByName(candidate))
      return *found;
  }
  return llvm::createStringError(
      "no linker: ld.lld is neither in " BEV_LLVM_TOOLS_DIR
      " nor on PATH; install lld-22, or name one with --linker");
}

/// The file of a library that this process has loaded, so that nothing need be
/// installed to link with.
static llvm::Expected<std::string> findLoadedLibrary(const char *name) {
  struct link_map *map = nullptr;
  void *handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  bool isFound = handle && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map &&
                 map->l_name && *map->l_name;
  std::string path = isFound ? map->l_name : "";
  if (handle)
    dlclose(handle);
  if (!isFound)
    return llvm::createStringError(
        "cannot find the library '%s', with which models are linked", name);
  return path;
}

/// The errors of the linker, in one line.
static std::string summarize(StringRef output) {
  SmallVector<StringRef> lines;
  output.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::vector<std::string> missing;
  std::string firstError;
  for (StringRef line : lines) {
    size_t at = line.find("error: ");
    if (at == StringRef::npos)
      continue;
    StringRef error = line.substr(at + 7);
    if (firstError.empty())
      firstError = error.str();
    if (error.consume_front("undefined symbol: "))
      missing.push_back(("'" + error + "'").str());
  }
  if (!missing.empty())
    return "the model calls functions that nothing defines: " +
           llvm::join(missing, ", ");
  if (firstError.empty())
    firstError = lines.empty() ? "it gave no reason" : lines.front().str();
  return "the linker failed: " + firstError;
}

static llvm::Error runLinker(StringRef linker, ArrayRef<std::string> arguments,
                             StringRef output) {
  OutputFile log;
  if (llvm::Error error = log.create(output, "log"))
    return error;
  if (llvm::Error error = log.finish(output))
    return error;
  SmallVector<StringRef> all = {linker};
  llvm::append_range(all, arguments);
  std::optional<StringRef> redirects[] = {StringRef(""), log.getPath(),
                                          log.getPath()};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(linker, all, std::nullopt, redirects,
                                         0, 0, &message);
  if (status == 0)
    return llvm::Error::success();
  if (status < 0)
    return llvm::createStringError("cannot run the linker '" + linker + "': " +
                                   (message.empty() ? "it crashed" : message));
  auto text = llvm::MemoryBuffer::getFile(log.getPath());
  return llvm::createStringError(
      summarize(text ? (*text)->getBuffer() : StringRef()));
}

llvm::Error CompiledModel::write(StringRef path, StringRef linker) const {
  llvm::Expected<std::string> program = findLinker(linker);
  if (!program)
    return program.takeError();
  if (llvm::Error error = checkWritable(path))
    return error;
  OutputFile linked;
  if (llvm::Error error = linked.create(path, "so"))
    return error;
  if (llvm::Error error = linked.finish(path))
    return error;

  std::vector<std::string> arguments = {
      "-shared",
      "-o",
      linked.getPath().str(),
      "-soname=" + llvm::sys::path::filename(path).str(),
      "--hash-style=gnu",
      "--eh-frame-hdr",
      "--gc-sections",
      "--as-needed",
      "--strip-all",
      "-z",
      "defs",
      "-z",
      "now",
      "-z",
      "relro",
      "-z",
      "noexecstack"};
#define BEV_WRAP(NAME) arguments.push_back("--wrap=" #NAME);
  BEV_HALF_BUILTINS(BEV_WRAP)
  BEV_HOST_MEMORY(BEV_WRAP)
#undef BEV_WRAP

  // The scratch files are beside the output, so that constants are not written
  // to a small file system for temporary files.
  std::vector<std::unique_ptr<OutputFile>> files;
  auto addObject = [&](llvm::function_ref<llvm::Error(raw_ostream &)> writeTo) {
    files.push_back(std::make_unique<OutputFile>());
    OutputFile &file = *files.back();
    if (llvm::Error error = file.create(path, "o"))
      return error;
    if (llvm::Error error = writeTo(file.os()))
      return error;
    arguments.push_back(file.getPath().str());
    return file.finish(path);
  };
  for (const auto &object : objects)
    if (llvm::Error error = addObject([&](raw_ostream &os) {
          os.write(object.data(), object.size());
          return llvm::Error::success();
        }))
      return error;
  if (!weights->empty())
    if (llvm::Error error = addObject(
            [&](raw_ostream &os) { return weights->writeObject(os); }))
      return error;

  SmallVector<const char *> libraries = {"libBEVRuntime.so", "libm.so.6",
                                         "libc.so.6"};
  if (usesOpenMP) {
    if (llvm::Error error = loadOpenMP())
      return error;
    libraries.push_back("libomp.so.5");
  }
  for (const char *library : libraries) {
    llvm::Expected<std::string> file = findLoadedLibrary(library);
    if (!file)
      return file.takeError();
    arguments.push_back(*file);
  }
  if (llvm::Error error = runLinker(*program, arguments, path))
    return error;
  return linked.keepAs(path);
}
