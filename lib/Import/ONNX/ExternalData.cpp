// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ExternalData.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::bev::onnx;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(message);
}

llvm::Expected<std::string> ExternalFiles::resolve(StringRef location) {
  // A file name cannot have it, and C functions would end the name there.
  if (location.contains('\0'))
    return makeError("the path of its external data has a NUL character");
  // Windows' separators are refused everywhere, so that a model that is good
  // here does not leave its folder there.
  bool hasParent = llvm::is_contained(
      llvm::make_range(path::begin(location), path::end(location)), "..");
  if (path::is_absolute(location) || hasParent || location.contains('\\'))
    return makeError(
        "its external data is '" + location +
        "', but must be in the model's folder or below it: expected "
        "a relative path without '..'");
  llvm::SmallString<256> file(folder.empty() ? StringRef(".")
                                             : StringRef(folder));
  llvm::SmallString<256> realFolder, realFile;
  if (std::error_code error = fs::real_path(file, realFolder))
    return makeError("the folder of its external data, '" + file +
                     "', cannot be read: " + error.message());
  path::append(file, location);
  if (std::error_code error = fs::real_path(file, realFile))
    return makeError("its external data '" + file + "' cannot be read: " +
                     error.message() + "; keep it beside the model");
  if (!realFolder.ends_with("/"))
    realFolder += '/';
  if (!StringRef(realFile).starts_with(realFolder))
    return makeError("its external data '" + file +
                     "' is a link to a file outside the model's folder");
  return realFile.str().str();
}

llvm::Expected<ExternalFiles::Mapping> ExternalFiles::map(StringRef location) {
  auto known = mappings.find(location);
  if (known != mappings.end())
    return known->second;
  llvm::Expected<std::string> file = resolve(location);
  if (!file)
    return file.takeError();
  auto fail = [&](const Twine &reason) {
    return makeError("its external data '" + location +
                     "' cannot be read: " + reason);
  };
  // Opening what is no regular file, a pipe, may wait for ever.
  fs::file_status status;
  if (std::error_code error = fs::status(*file, status))
    return fail(error.message());
  if (!fs::is_regular_file(status))
    return fail("it is not a regular file");
  Mapping mapping;
  if (status.getSize() != 0) {
    if (llvm::Error error =
            MappedFile::open(*file, status.getSize()).moveInto(mapping))
      return fail(llvm::toString(std::move(error)));
  }
  mappings[location] = mapping;
  return mapping;
}

llvm::Expected<SharedBytes>
ExternalFiles::getData(const ::onnx::TensorProto &tensor) {
  StringRef location;
  uint64_t offset = 0, length = 0;
  bool hasLength = false;
  for (const auto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    if (key == "location") {
      location = value;
    } else if (key == "offset" || key == "length") {
      uint64_t &number = key == "offset" ? offset : length;
      if (value.getAsInteger(10, number))
        return makeError("the " + key + " of its external data is '" + value +
                         "'; expected a number of bytes");
      hasLength |= key == "length";
    }
  }
  if (location.empty())
    return makeError("its data is external, but no location says where");
  llvm::Expected<Mapping> mapping = map(location);
  if (!mapping)
    return mapping.takeError();
  StringRef content = *mapping ? (*mapping)->getContent() : StringRef();
  uint64_t size = content.size();
  if (offset > size || (hasLength && length > size - offset))
    return makeError("its external data is bytes " + Twine(offset) + " to " +
                     (hasLength
                          ? Twine(offset).str() + " + " + Twine(length).str()
                          : "the end") +
                     " of '" + location + "', which has only " + Twine(size));
  if (!*mapping)
    return SharedBytes();
  return (*mapping)->share(
      content.substr(offset, hasLength ? length : size - offset));
}
