// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ProtoFields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>

using namespace mlir;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::UnknownField;

/// The bytes of a field that holds strings or messages, whether the classes
/// know it or not.
static std::vector<std::string> getField(const Message &message, int number) {
  std::vector<std::string> values;
  const auto *reflection = message.GetReflection();
  if (const FieldDescriptor *field =
          message.GetDescriptor()->FindFieldByNumber(number)) {
    bool isMessage = field->type() == FieldDescriptor::TYPE_MESSAGE;
    if (field->is_repeated()) {
      for (int i = 0, e = reflection->FieldSize(message, field); i < e; ++i)
        values.push_back(
            isMessage ? reflection->GetRepeatedMessage(message, field, i)
                            .SerializeAsString()
                      : reflection->GetRepeatedString(message, field, i));
    } else if (reflection->HasField(message, field)) {
      values.push_back(
          isMessage ? reflection->GetMessage(message, field).SerializeAsString()
                    : reflection->GetString(message, field));
    }
    return values;
  }
  const auto &unknown = reflection->GetUnknownFields(message);
  for (int i = 0, e = unknown.field_count(); i < e; ++i) {
    const UnknownField &field = unknown.field(i);
    if (field.number() == number &&
        field.type() == UnknownField::TYPE_LENGTH_DELIMITED)
      values.push_back(field.length_delimited());
  }
  return values;
}

std::vector<::onnx::AttributeProto>
bev::onnx::getAttributeDefaults(const ::onnx::FunctionProto &function) {
  std::vector<::onnx::AttributeProto> defaults;
  for (const std::string &bytes : getField(function, /*attribute_proto*/ 11)) {
    ::onnx::AttributeProto attribute;
    if (attribute.ParseFromString(bytes))
      defaults.push_back(std::move(attribute));
  }
  return defaults;
}

static std::string getLast(std::vector<std::string> values) {
  return values.empty() ? std::string() : std::move(values.back());
}

std::string bev::onnx::getOverload(const ::onnx::FunctionProto &function) {
  return getLast(getField(function, 13));
}

std::string bev::onnx::getOverload(const ::onnx::NodeProto &node) {
  return getLast(getField(node, 8));
}
