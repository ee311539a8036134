// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Large constants leave the module's code.

#include "bev/Pipelines/Constants.h"
#include "bev/Pipelines/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/Support/xxhash.h"

#include <unordered_map>

namespace mlir::bev {
#define GEN_PASS_DEF_EXTERNALIZECONSTANTSPASS
#include "bev/Pipelines/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

/// The bytes of an attribute that `externalize` below has accepted.
static ArrayRef<char> getBytes(Attribute attribute) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute))
    return resource.getRawHandle().getBlob()->getData();
  return cast<DenseElementsAttr>(attribute).getRawData();
}

uint64_t mlir::bev::hashConstant(ArrayRef<char> bytes) {
  constexpr size_t kSampledBytes = 1024;
  ArrayRef<char> sample = bytes.take_front(kSampledBytes);
  return llvm::hash_combine(
      bytes.size(),
      llvm::xxh3_64bits(ArrayRef(
          reinterpret_cast<const uint8_t *>(sample.data()), sample.size())));
}

SmallVector<ExternalConstant>
mlir::bev::takeExternalConstants(ModuleOp module) {
  SmallVector<ExternalConstant> constants;
  auto dictionary = module->getAttrOfType<DictionaryAttr>(kConstantsAttrName);
  if (!dictionary)
    return constants;
  for (NamedAttribute entry : dictionary)
    constants.push_back(
        {entry.getName(), getBytes(entry.getValue()), entry.getValue()});
  module->removeAttr(kConstantsAttrName);
  return constants;
}

/// The bytes that an element takes in memory; 0 where constants hold it in
/// another form.
static int64_t getElementBytes(Type type) {
  if (type.isIndex())
    return 8;
  if (!type.isIntOrFloat())
    return 0;
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits == 1)
    return 1;
  return llvm::is_contained({8u, 16u, 32u, 64u}, bits) ? bits / 8 : 0;
}

/// Writes splats and truth values, which attributes hold in less memory, out as
/// memory has them.
static Attribute expand(DenseElementsAttr dense, int64_t elementBytes) {
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(
      dense.getNumElements() * elementBytes, kConstantAlignment);
  char *data = blob.getMutableData().data();
  if (dense.getElementType().isInteger(1)) {
    for (bool value : dense.getValues<bool>())
      *data++ = value;
  } else {
    ArrayRef<char> element = dense.getRawData();
    for (int64_t i = 0, e = dense.getNumElements(); i != e; ++i)
      data = std::copy(element.begin(), element.end(), data);
  }
  return DenseResourceElementsAttr::get(dense.getType(), "bev_constant",
                                        std::move(blob));
}

namespace {

struct ExternalizeConstants
    : public bev::impl::ExternalizeConstantsPassBase<ExternalizeConstants> {
  using ExternalizeConstantsPassBase::ExternalizeConstantsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    NamedAttrList entries(
        module->getAttrOfType<DictionaryAttr>(kConstantsAttrName));
    byHash.clear();
    for (NamedAttribute entry : entries)
      share(entry.getValue());
    for (auto global : module.getOps<memref::GlobalOp>())
      if (failed(externalize(global, entries)))
        return signalPassFailure();
    if (!entries.empty())
      module->setAttr(kConstantsAttrName, entries.getDictionary(&getContext()));
  }

private:
  LogicalResult externalize(memref::GlobalOp global, NamedAttrList &entries) {
    auto value = dyn_cast_or_null<ElementsAttr>(
        global.getInitialValue().value_or(Attribute()));
    int64_t elementBytes = getElementBytes(global.getType().getElementType());
    if (!value || !global.getConstant() || elementBytes == 0)
      return success();
    int64_t bytes = value.getNumElements() * elementBytes;
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
      AsmResourceBlob *blob = resource.getRawHandle().getBlob();
      StringRef key = resource.getRawHandle().getKey();
      if (!blob)
        return global.emitError("the data of resource '")
               << key << "' is not in the module; print it without eliding "
               << "resources";
      if (blob->getData().size() != uint64_t(bytes))
        return global.emitError("expected resource '")
               << key << "' to have " << bytes << " bytes for "
               << value.getShapedType() << ", but got "
               << blob->getData().size();
    }
    if (bytes < minBytes)
      return success();
    Attribute attribute = value;
    if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
      if (dense.getRawData().size() != uint64_t(bytes))
        attribute = expand(dense, elementBytes);
    entries.set(global.getSymNameAttr(), share(attribute));
    global.removeInitialValueAttr();
    global.setPublic();
    global.setAlignment(std::max<int64_t>(kConstantAlignment,
                                          global.getAlignment().value_or(1)));
    return success();
  }

  /// The attribute seen before with the same bytes, or else this one.
  Attribute share(Attribute attribute) {
    ArrayRef<char> bytes = getBytes(attribute);
    SmallVector<Attribute, 1> &candidates = byHash[hashConstant(bytes)];
    for (Attribute candidate : candidates)
      if (candidate == attribute || getBytes(candidate) == bytes)
        return candidate;
    candidates.push_back(attribute);
    return attribute;
  }

  std::unordered_map<uint64_t, SmallVector<Attribute, 1>> byHash;
};

} // namespace
