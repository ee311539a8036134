// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "MappedFile.h"

#include "bev/Import/MappedFiles.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <map>
#include <mutex>
#include <sys/mman.h>

using namespace mlir::bev::onnx;
namespace fs = llvm::sys::fs;

namespace {
/// The files that are mapped.
struct Table {
  std::mutex mutex;
  /// Sizes by address.
  std::map<uintptr_t, size_t> files;
};
} // namespace

static Table &table() {
  // Leaked on purpose: contexts may outlive other globals.
  static auto *instance = new Table();
  return *instance;
}

static uintptr_t toAddress(const char *pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

std::pair<SharedBytes, char *> mlir::bev::onnx::allocateBytes(size_t size) {
  std::shared_ptr<char[]> buffer(new char[size]);
  SharedBytes data;
  data.bytes = llvm::ArrayRef<char>(buffer.get(), size);
  char *bytes = buffer.get();
  data.owner = std::shared_ptr<void>(buffer, bytes);
  return {data, bytes};
}

SharedBytes mlir::bev::onnx::copyBytes(const SharedBytes &shared) {
  constexpr size_t kBlockBytes = 1 << 20;
  llvm::StringRef rest(shared.bytes.data(), shared.bytes.size());
  auto [data, copy] = allocateBytes(rest.size());
  while (!rest.empty()) {
    llvm::StringRef block = rest.take_front(kBlockBytes);
    std::memcpy(copy, block.data(), block.size());
    if (shared.file)
      shared.file->release(block);
    copy += block.size();
    rest = rest.drop_front(block.size());
  }
  return data;
}

llvm::Expected<std::shared_ptr<MappedFile>>
MappedFile::open(llvm::StringRef path, uint64_t size) {
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return file.takeError();
  auto mapped = std::make_shared<MappedFile>();
  std::error_code error;
  mapped->region = fs::mapped_file_region(
      *file, fs::mapped_file_region::readonly, size, 0, error);
  (void)fs::closeFile(*file);
  if (error)
    return llvm::errorCodeToError(error);
  Table &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.files[toAddress(mapped->region.const_data())] = size;
  return mapped;
}

MappedFile::~MappedFile() {
  if (!region)
    return;
  // Unmapped under the lock, so that nothing is released in its place.
  Table &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.files.erase(toAddress(region.const_data()));
  region.unmap();
}

SharedBytes MappedFile::share(llvm::StringRef part) {
  SharedBytes shared;
  shared.bytes = llvm::ArrayRef<char>(part.data(), part.size());
  shared.file = this;
  shared.owner = std::shared_ptr<void>(
      const_cast<char *>(part.data()),
      [file = shared_from_this(), part](void *) { file->release(part); });
  return shared;
}

/// Gives back whole pages; those that others have a part in stay.
static void releasePages(llvm::ArrayRef<char> bytes) {
  auto page = uintptr_t(fs::mapped_file_region::alignment());
  uintptr_t begin = llvm::alignTo(toAddress(bytes.begin()), page),
            end = llvm::alignDown(toAddress(bytes.end()), page);
  // Nobody writes to the pages, so that none loses anything.
  if (begin < end)
    (void)madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}

void MappedFile::release(llvm::StringRef part) const {
  releasePages(llvm::ArrayRef<char>(part.data(), part.size()));
}

void mlir::bev::releaseMappedBytes(llvm::ArrayRef<char> bytes) {
  Table &all = table();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto next = all.files.upper_bound(toAddress(bytes.begin()));
  if (next == all.files.begin())
    return;
  auto [begin, size] = *std::prev(next);
  if (toAddress(bytes.begin()) - begin + bytes.size() <= size)
    releasePages(bytes);
}
