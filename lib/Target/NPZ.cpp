// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The zip container of .npz files, by libzip.

#include "bev/Target/NPZ.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"

#include <zip.h>

#include <cstring>
#include <deque>

using namespace mlir::bev;

/// Bytes of an entry that are read to find its header: more than a header of
/// the longest supported shape has.
static constexpr size_t kHeaderPrefix = 4096;

/// No deflate stream expands by more than this factor.
static constexpr uint64_t kMaxDeflateRatio = 1032;

static llvm::Error fileError(llvm::StringRef path, const llvm::Twine &what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "'" + path + "': " + what);
}

static std::string zipErrorText(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = llvm::StringRef(zip_error_strerror(&error)).lower();
  zip_error_fini(&error);
  return text;
}

static llvm::Error makeOpenError(llvm::StringRef path, int code) {
  if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS)
    return fileError(path, "is not a .npz file, or is truncated: " +
                               zipErrorText(code));
  return fileError(path, zipErrorText(code));
}

NPZReader::~NPZReader() {
  if (archive)
    zip_discard(static_cast<zip_t *>(archive));
}

llvm::Error NPZReader::makeError(llvm::StringRef name,
                                 const llvm::Twine &what) const {
  return fileError(path, "array '" + name + "' " + what);
}

llvm::Expected<std::unique_ptr<NPZReader>>
NPZReader::open(llvm::StringRef path) {
  std::unique_ptr<NPZReader> reader(new NPZReader);
  reader->path = path.str();
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return fileError(path, "cannot be read: " +
                               llvm::StringRef(error.message()).lower());
  if (!llvm::sys::fs::is_regular_file(status))
    return fileError(path, "is not a regular file");
  int code = 0;
  zip_t *archive = zip_open(reader->path.c_str(), ZIP_RDONLY, &code);
  if (!archive)
    return makeOpenError(path, code);
  reader->archive = archive;

  zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(archive, i, 0, &stat) != 0)
      return fileError(path, "entry " + llvm::Twine(i) + ": " +
                                 zip_strerror(archive));
    llvm::StringRef name = stat.name;
    if (!name.consume_back(".npy"))
      return fileError(path, "entry '" + name + "' is not a .npy array");
    auto makeEntryError = [&](const llvm::Twine &what) {
      return reader->makeError(name, what);
    };
    uint64_t required =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if ((stat.valid & required) != required)
      return makeEntryError("has no size");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      return makeEntryError("is compressed by method " +
                            llvm::Twine(stat.comp_method) +
                            "; expected stored or deflated");
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
        stat.encryption_method != ZIP_EM_NONE)
      return makeEntryError("is encrypted");
    // Sizes are what the archive claims: bound them by the size of the file, so
    // that they can be trusted for allocations.
    uint64_t bound = stat.comp_method == ZIP_CM_STORE
                         ? stat.comp_size
                         : llvm::SaturatingMultiply<uint64_t>(stat.comp_size,
                                                              kMaxDeflateRatio);
    if (stat.comp_size > status.getSize() || stat.size > bound)
      return makeEntryError("claims " + llvm::Twine(stat.size) +
                            " bytes, more than the file of " +
                            llvm::Twine(status.getSize()) + " bytes can hold");
    if (!reader->entries.try_emplace(name, Entry{uint64_t(i), stat.size})
             .second)
      return makeEntryError("occurs twice");
    reader->names.push_back(name.str());
  }
  return reader;
}

static zip_file_t *openEntry(void *archive, uint64_t index) {
  return zip_fopen_index(static_cast<zip_t *>(archive), index, 0);
}

static std::string getError(void *archive) {
  return zip_strerror(static_cast<zip_t *>(archive));
}

/// Reads until `size` bytes are there or the entry ends; returns the number of
/// bytes read, or -1.
static int64_t readFully(zip_file_t *file, char *data, uint64_t size) {
  uint64_t done = 0;
  while (done < size) {
    zip_int64_t n = zip_fread(file, data + done, size - done);
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    done += n;
  }
  return done;
}

llvm::Expected<NPYHeader> NPZReader::readHeader(llvm::StringRef name) {
  auto it = entries.find(name);
  if (it == entries.end())
    return makeError(name, "does not exist");
  zip_file_t *file = openEntry(archive, it->second.index);
  if (!file)
    return makeError(name, "cannot be read: " + getError(archive));
  llvm::scope_exit close([&] { zip_fclose(file); });
  char prefix[kHeaderPrefix];
  int64_t length = readFully(
      file, prefix, std::min<uint64_t>(sizeof prefix, it->second.size));
  if (length < 0)
    return makeError(name,
                     "cannot be read: " + llvm::Twine(zip_file_strerror(file)));
  llvm::Expected<NPYHeader> header =
      parseNPYHeader(llvm::StringRef(prefix, length));
  if (!header)
    return makeError(name, llvm::toString(header.takeError()));
  // The data must have exactly the declared size.
  uint64_t declared = *getByteSize(header->type, header->shape);
  uint64_t present = it->second.size - header->dataOffset;
  if (declared != present)
    return makeError(name, "of " + formatShape(header->shape) + " x " +
                               getName(header->type) + " needs " +
                               llvm::Twine(declared) + " bytes of data, but " +
                               llvm::Twine(present) + " are there");
  return header;
}

/// Copies a column-major array into a row-major one.
static void transposeInto(Array &result, const char *source) {
  int64_t width = getByteWidth(result.getType());
  llvm::ArrayRef<int64_t> shape = result.getShape();
  llvm::SmallVector<int64_t, 6> index(shape.size(), 0), strides(shape.size());
  int64_t stride = 1;
  for (size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride * width;
    stride *= shape[d];
  }
  int64_t offset = 0;
  for (int64_t i = 0, e = result.getNumElements(); i < e; ++i) {
    std::memcpy(result.getData() + i * width, source + offset, width);
    for (size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < shape[d])
        break;
      offset -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}

llvm::Expected<Array> NPZReader::read(llvm::StringRef name) {
  llvm::Expected<NPYHeader> header = readHeader(name);
  if (!header)
    return header.takeError();
  llvm::Expected<Array> array = Array::create(header->type, header->shape);
  if (!array)
    return makeError(name, llvm::toString(array.takeError()));
  zip_file_t *file = openEntry(archive, entries[name].index);
  if (!file)
    return makeError(name, "cannot be read: " + getError(archive));
  llvm::scope_exit close([&] { zip_fclose(file); });
  char prefix[kHeaderPrefix];
  uint64_t numBytes = array->getNumBytes();
  int64_t skipped = readFully(file, prefix, header->dataOffset);
  int64_t done = skipped < 0 ? -1 : readFully(file, array->getData(), numBytes);
  // Only reading past the end makes libzip verify the checksum.
  char beyond;
  int64_t excess = done < 0 ? -1 : readFully(file, &beyond, 1);
  if (excess < 0)
    return makeError(name,
                     "is damaged: " +
                         llvm::StringRef(zip_file_strerror(file)).lower());
  if (uint64_t(done) != numBytes)
    return makeError(name, "is truncated: expected " + llvm::Twine(numBytes) +
                               " bytes of data, but got " + llvm::Twine(done));
  if (!header->fortranOrder || header->shape.size() < 2)
    return array;
  llvm::Expected<Array> transposed = Array::create(header->type, header->shape);
  if (!transposed)
    return makeError(name, llvm::toString(transposed.takeError()));
  transposeInto(*transposed, array->getData());
  return transposed;
}

llvm::Error mlir::bev::writeNPZ(
    llvm::StringRef path,
    llvm::ArrayRef<std::pair<std::string, const Array *>> arrays) {
  // libzip replaces what the name refers to, which must not be a device.
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      !llvm::sys::fs::is_regular_file(status))
    return fileError(path,
                     "cannot be written: it exists and is not a regular file");
  int code = 0;
  zip_t *archive =
      zip_open(path.str().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive)
    return fileError(path, "cannot be written: " + zipErrorText(code));
  auto fail = [&] {
    std::string text = llvm::StringRef(zip_strerror(archive)).lower();
    zip_discard(archive);
    return fileError(path, "cannot be written: " + text);
  };
  std::deque<std::string> headers;
  for (const auto &[name, array] : arrays) {
    // libzip reads both chunks when the archive is closed.
    std::string &header = headers.emplace_back(
        formatNPYHeader(array->getType(), array->getShape()));
    zip_buffer_fragment_t fragments[2];
    fragments[0].data = reinterpret_cast<zip_uint8_t *>(header.data());
    fragments[0].length = header.size();
    fragments[1].data =
        reinterpret_cast<zip_uint8_t *>(const_cast<char *>(array->getData()));
    fragments[1].length = array->getNumBytes();
    zip_source_t *source = zip_source_buffer_fragment(
        archive, fragments, array->getNumBytes() > 0 ? 2 : 1, 0);
    if (!source)
      return fail();
    zip_int64_t index = zip_file_add(archive, (name + ".npy").c_str(), source,
                                     ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return fail();
    }
    if (zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) != 0)
      return fail();
  }
  // An archive without entries would delete the file instead of writing it.
  if (arrays.empty()) {
    zip_discard(archive);
    return fileError(path, "cannot be written: there are no arrays to write");
  }
  // Writes to a temporary file beside the final one and renames it.
  if (zip_close(archive) != 0)
    return fail();
  return llvm::Error::success();
}
