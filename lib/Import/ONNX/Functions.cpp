// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Functions.h"

#include "ProtoFields.h"

using namespace mlir;
using namespace mlir::bev::onnx;

/// The oldest operator set whose operators the compiler knows.
static constexpr int64_t kMinVersion = 9;

StringRef mlir::bev::onnx::normalizeDomain(StringRef domain) {
  return domain == "ai.onnx" ? StringRef() : domain;
}

LogicalResult mlir::bev::onnx::getOperatorSets(
    const google::protobuf::RepeatedPtrField<::onnx::OperatorSetIdProto>
        &imports,
    Location loc, StringRef what, OperatorSets &sets) {
  for (const auto &import : imports) {
    StringRef domain = normalizeDomain(import.domain());
    StringRef shown = domain.empty() ? StringRef("ai.onnx") : domain;
    auto [entry, isNew] = sets.try_emplace(domain, import.version());
    if (!isNew && entry->second != import.version())
      return emitError(loc)
             << what << " imports versions " << entry->second << " and "
             << import.version() << " of operator set '" << shown << "'";
    if (domain.empty() && import.version() < kMinVersion)
      return emitError(loc)
             << what << " imports version " << import.version()
             << " of operator set 'ai.onnx'; expected " << kMinVersion
             << " or newer: export with a newer opset, or convert the model "
                "with onnx.version_converter";
  }
  return success();
}

static std::string getKey(StringRef domain, StringRef name,
                          StringRef overload) {
  // Names have no NUL that could make two of these equal: the sizes tell.
  return (Twine(domain.size()) + ":" + domain + Twine(name.size()) + ":" +
          name + overload)
      .str();
}

LogicalResult FunctionTable::add(::onnx::ModelProto &model, Location loc) {
  for (::onnx::FunctionProto &proto : *model.mutable_functions()) {
    StringRef domain = normalizeDomain(proto.domain());
    auto [entry, isNew] =
        functions.try_emplace(getKey(domain, proto.name(), getOverload(proto)));
    std::string what = "function '" + proto.name() + "'";
    if (!isNew)
      return emitError(loc) << "the model defines " << what << " of domain '"
                            << domain << "' twice";
    LocalFunction &function = entry->second;
    function.proto = &proto;
    function.defaults = getAttributeDefaults(proto);
    if (failed(getOperatorSets(proto.opset_import(), loc, what,
                               function.operatorSets)))
      return failure();
  }
  return success();
}

LocalFunction *FunctionTable::find(const ::onnx::NodeProto &node) {
  if (functions.empty())
    return nullptr;
  auto entry = functions.find(getKey(normalizeDomain(node.domain()),
                                     node.op_type(), getOverload(node)));
  return entry == functions.end() ? nullptr : &entry->second;
}
