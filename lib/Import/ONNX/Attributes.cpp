// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of nodes.

#include "ElementTypes.h"
#include "GraphImporter.h"

using namespace mlir;
using namespace mlir::bev::onnx;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

LogicalResult GraphImporter::resolveAttributes(
    NodeProto &node, Frame &frame, Scope &scope, Location loc,
    llvm::MapVector<StringRef, Binding> &attributes) {
  for (AttributeProto &attribute : *node.mutable_attribute()) {
    StringRef name = attribute.name(), reference = attribute.ref_attr_name();
    if (name.empty())
      return emitNodeError(node, loc) << "an attribute has no name";
    Binding binding{&attribute, &frame, &scope};
    if (!reference.empty()) {
      if (!frame.function)
        return emitNodeError(node, loc)
               << "attribute '" << name << "' refers to '" << reference
               << "', but only attributes in functions can refer to others";
      auto bound = frame.bindings.find(reference);
      if (bound == frame.bindings.end())
        continue;
      binding = bound->second;
    }
    if (!attributes.insert({name, binding}).second)
      return emitNodeError(node, loc)
             << "attribute '" << name << "' is given twice";
  }
  return success();
}

/// The kind of an attribute. Models before IR version 3 do not say it, and some
/// since.
static AttributeProto::AttributeType
getAttributeKind(const AttributeProto &attribute) {
  if (attribute.type() != AttributeProto::UNDEFINED)
    return attribute.type();
  if (attribute.has_f())
    return AttributeProto::FLOAT;
  if (attribute.has_i())
    return AttributeProto::INT;
  if (attribute.has_s())
    return AttributeProto::STRING;
  if (attribute.has_t())
    return AttributeProto::TENSOR;
  if (attribute.has_g())
    return AttributeProto::GRAPH;
  if (attribute.floats_size())
    return AttributeProto::FLOATS;
  if (attribute.ints_size())
    return AttributeProto::INTS;
  if (attribute.strings_size())
    return AttributeProto::STRINGS;
  if (attribute.tensors_size())
    return AttributeProto::TENSORS;
  return AttributeProto::UNDEFINED;
}

bool GraphImporter::isGraph(const AttributeProto &attribute) {
  return getAttributeKind(attribute) == AttributeProto::GRAPH;
}

FailureOr<Attribute> GraphImporter::importAttribute(const NodeProto &node,
                                                    StringRef name,
                                                    AttributeProto &attribute,
                                                    Location loc) {
  auto fail = [&](const Twine &reason) {
    return emitNodeError(node, loc) << "attribute '" << name << "': " << reason;
  };
  StringRef resourceName =
      node.output_size() ? StringRef(node.output(0)) : StringRef(name);
  switch (getAttributeKind(attribute)) {
  case AttributeProto::FLOAT:
    return Attribute(builder.getF32FloatAttr(attribute.f()));
  case AttributeProto::INT:
    return Attribute(builder.getI64IntegerAttr(attribute.i()));
  case AttributeProto::STRING:
    return Attribute(builder.getStringAttr(attribute.s()));
  case AttributeProto::FLOATS:
    return Attribute(builder.getDenseF32ArrayAttr(
        ArrayRef<float>(attribute.floats().data(), attribute.floats().size())));
  case AttributeProto::INTS: {
    // The library's integers and MLIR's are not the same C type.
    SmallVector<int64_t> integers(attribute.ints().begin(),
                                  attribute.ints().end());
    return Attribute(builder.getDenseI64ArrayAttr(integers));
  }
  case AttributeProto::STRINGS: {
    SmallVector<StringRef> strings(attribute.strings().begin(),
                                   attribute.strings().end());
    return Attribute(builder.getStrArrayAttr(strings));
  }
  case AttributeProto::TENSOR: {
    llvm::Expected<ElementsAttr> tensor =
        tensors.import(*attribute.mutable_t(), resourceName);
    if (!tensor)
      return fail(llvm::toString(tensor.takeError()));
    return Attribute(*tensor);
  }
  case AttributeProto::SPARSE_TENSOR: {
    llvm::Expected<ElementsAttr> tensor =
        tensors.import(*attribute.mutable_sparse_tensor(), resourceName);
    if (!tensor)
      return fail(llvm::toString(tensor.takeError()));
    return Attribute(*tensor);
  }
  case AttributeProto::TENSORS: {
    SmallVector<Attribute> list;
    for (::onnx::TensorProto &proto : *attribute.mutable_tensors()) {
      llvm::Expected<ElementsAttr> tensor = tensors.import(proto, resourceName);
      if (!tensor)
        return fail(llvm::toString(tensor.takeError()));
      list.push_back(*tensor);
    }
    return Attribute(builder.getArrayAttr(list));
  }
  case AttributeProto::TYPE_PROTO: {
    if (!attribute.tp().has_tensor_type())
      return fail("it is the type of " + getKind(attribute.tp()) +
                  ", and only tensors are supported");
    FailureOr<Type> type =
        importType(attribute.tp(), "attribute '" + name + "'");
    if (failed(type))
      return failure();
    return Attribute(TypeAttr::get(*type));
  }
  case AttributeProto::GRAPHS:
    return fail("lists of graphs are not supported");
  case AttributeProto::SPARSE_TENSORS:
    return fail("lists of sparse tensors are not supported");
  case AttributeProto::TYPE_PROTOS:
    return fail("lists of types are not supported");
  default:
    return fail("it has no value of a kind that this importer knows");
  }
}

FailureOr<ElementsAttr> GraphImporter::importConstant(
    const NodeProto &node, ArrayRef<NamedAttribute> attributes, Location loc) {
  if (attributes.size() != 1)
    return emitNodeError(node, loc)
           << "expected one attribute, the value, but got "
           << attributes.size();
  StringRef name = attributes.front().getName();
  Attribute value = attributes.front().getValue();
  auto vector = [&](size_t size, Type elementType) {
    return RankedTensorType::get(int64_t(size), elementType);
  };
  ElementsAttr elements;
  if (name == "value" || name == "sparse_value") {
    elements = dyn_cast<ElementsAttr>(value);
  } else if (name == "value_float" && isa<FloatAttr>(value)) {
    elements = DenseElementsAttr::get(
        RankedTensorType::get({}, builder.getF32Type()), value);
  } else if (name == "value_int" && isa<IntegerAttr>(value)) {
    elements = DenseElementsAttr::get(
        RankedTensorType::get({}, builder.getI64Type()), value);
  } else if (name == "value_string" && isa<StringAttr>(value)) {
    elements = DenseStringElementsAttr::get(
        RankedTensorType::get({}, StringType::get(context)),
        {cast<StringAttr>(value).getValue()});
  } else if (name == "value_floats") {
    if (auto list = dyn_cast<DenseF32ArrayAttr>(value))
      elements = DenseElementsAttr::get(
          vector(list.size(), builder.getF32Type()), list.asArrayRef());
  } else if (name == "value_ints") {
    if (auto list = dyn_cast<DenseI64ArrayAttr>(value))
      elements = DenseElementsAttr::get(
          vector(list.size(), builder.getI64Type()), list.asArrayRef());
  } else if (name == "value_strings") {
    auto list = dyn_cast<ArrayAttr>(value);
    if (list && llvm::all_of(list, llvm::IsaPred<StringAttr>)) {
      SmallVector<StringRef> strings;
      for (auto string : list.getAsRange<StringAttr>())
        strings.push_back(string.getValue());
      elements = DenseStringElementsAttr::get(
          vector(strings.size(), StringType::get(context)), strings);
    }
  }
  if (!elements)
    return emitNodeError(node, loc)
           << "attribute '" << name << "' is no value of a constant";
  return elements;
}
