// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types that a model states, with what options say of them.

#include "ElementTypes.h"
#include "GraphImporter.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::bev::onnx;
using ::onnx::GraphProto;
using ::onnx::TensorShapeProto;
using ::onnx::TypeProto;
using ::onnx::ValueInfoProto;

/// The names in quotes, separated by commas.
static std::string formatNames(const llvm::SetVector<StringRef> &names) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(names, os,
                        [&](StringRef name) { os << "'" << name << "'"; });
  return names.empty() ? "none" : text;
}

bool GraphImporter::isArgument(const GraphProto &graph, StringRef name) {
  if (!options.initializersAreConstants)
    return true;
  if (initializerNames.empty()) {
    for (const auto &tensor : graph.initializer())
      initializerNames.insert(tensor.name());
    for (const auto &tensor : graph.sparse_initializer())
      initializerNames.insert(tensor.values().name());
  }
  return !initializerNames.contains(name);
}

LogicalResult GraphImporter::bindDim(StringRef name, int64_t size,
                                     StringRef input) {
  auto [entry, isNew] = dimSizes.try_emplace(name, size);
  if (!isNew && entry->second != size)
    return emitError(fileLoc)
           << "dimension '" << name << "' is " << size << " in the shape that "
           << "is given of input '" << input << "', but " << entry->second
           << " elsewhere";
  return success();
}

LogicalResult GraphImporter::checkOptions(const GraphProto &graph) {
  llvm::SetVector<StringRef> inputs, dims;
  auto collectDims = [&](const TypeProto &type) {
    for (const auto &dim : type.tensor_type().shape().dim())
      if (!dim.dim_param().empty())
        dims.insert(dim.dim_param());
  };
  for (const ValueInfoProto &input : graph.input()) {
    if (isArgument(graph, input.name()))
      inputs.insert(input.name());
    collectDims(input.type());
  }
  for (const ValueInfoProto &output : graph.output())
    collectDims(output.type());
  for (const ValueInfoProto &value : graph.value_info())
    collectDims(value.type());
  for (const auto &entry : options.inputShapes)
    if (!inputs.contains(entry.first()))
      return emitError(fileLoc)
             << "a shape is given of input '" << entry.first()
             << "', which the model does not have; its inputs are "
             << formatNames(inputs);
  for (const auto &entry : options.dims)
    if (!dims.contains(entry.first()))
      return emitError(fileLoc)
             << "a size is given of dimension '" << entry.first()
             << "', which the model does not have; its symbolic dimensions are "
             << formatNames(dims);
  return success();
}

LogicalResult GraphImporter::bindDims(const GraphProto &graph) {
  if (failed(checkOptions(graph)))
    return failure();
  for (const auto &entry : options.dims)
    dimSizes[entry.first()] = entry.second;
  for (const ValueInfoProto &input : graph.input()) {
    auto shape = options.inputShapes.find(input.name());
    const auto &type = input.type().tensor_type();
    if (shape == options.inputShapes.end() || !type.has_shape())
      continue;
    ArrayRef<int64_t> sizes = shape->second;
    if (sizes.size() != size_t(type.shape().dim_size()))
      return emitError(fileLoc)
             << "the shape that is given of input '" << input.name() << "' has "
             << sizes.size() << " sizes, but the model's has "
             << type.shape().dim_size();
    for (auto [size, dim] : llvm::zip_equal(sizes, type.shape().dim())) {
      if (!dim.dim_param().empty()) {
        if (size >= 0 && failed(bindDim(dim.dim_param(), size, input.name())))
          return failure();
      } else if (dim.has_dim_value()) {
        ignoresStatedShapes |= size != dim.dim_value();
      }
    }
  }
  return success();
}

FailureOr<Type> GraphImporter::importType(const TypeProto &type,
                                          const Twine &what) {
  const auto &tensor = type.tensor_type();
  if (!type.has_tensor_type() || tensor.elem_type() == 0)
    return getUnknownType(context);
  Type elementType = getElementType(tensor.elem_type(), context);
  if (!elementType)
    return emitError(fileLoc)
           << what << " has elements of type number " << tensor.elem_type()
           << ", which is none that this importer knows";
  if (!tensor.has_shape() || ignoresStatedShapes)
    return Type(UnrankedTensorType::get(elementType));
  SmallVector<int64_t> sizes, known;
  for (auto [index, dim] : llvm::enumerate(tensor.shape().dim())) {
    int64_t size = ShapedType::kDynamic;
    if (dim.has_dim_value()) {
      size = dim.dim_value();
    } else if (auto bound = dimSizes.find(dim.dim_param());
               bound != dimSizes.end()) {
      size = bound->second;
    }
    if (size < 0 && !ShapedType::isDynamic(size))
      return emitError(fileLoc)
             << "dimension " << index << " of " << what << " is " << size
             << "; expected a size, or a symbolic dimension where it is not "
                "known (--input-shape replaces an input's shape)";
    sizes.push_back(size);
    if (!ShapedType::isDynamic(size))
      known.push_back(size);
  }
  if (!getNumElements(known))
    return emitError(fileLoc) << what << " has sizes " << formatSizes(known)
                              << ", whose product is too large";
  return Type(RankedTensorType::get(sizes, elementType));
}

FailureOr<Type> GraphImporter::importBoundaryType(const ValueInfoProto &value,
                                                  StringRef kind) {
  std::string what = (kind + " '" + value.name() + "'").str();
  if (!value.has_type() ||
      value.type().value_case() == TypeProto::VALUE_NOT_SET)
    return emitError(fileLoc) << what << " has no type";
  if (!value.type().has_tensor_type())
    return emitError(fileLoc)
           << what << " is " << getKind(value.type())
           << "; only tensors can be inputs and outputs of a model: export it "
              "with tensors in its place";
  if (value.type().tensor_type().elem_type() == 0)
    return emitError(fileLoc) << what << " has no element type";
  auto shape = options.inputShapes.find(value.name());
  if (kind != "input" || shape == options.inputShapes.end())
    return importType(value.type(), what);

  TypeProto unshaped = value.type();
  unshaped.mutable_tensor_type()->clear_shape();
  FailureOr<Type> type = importType(unshaped, what);
  if (failed(type))
    return failure();
  SmallVector<int64_t> sizes, known;
  for (int64_t size : shape->second) {
    sizes.push_back(size < 0 ? ShapedType::kDynamic : size);
    if (size >= 0)
      known.push_back(size);
  }
  if (!getNumElements(known))
    return emitError(fileLoc) << what << " has sizes " << formatSizes(known)
                              << ", whose product is too large";
  return Type(
      RankedTensorType::get(sizes, cast<ShapedType>(*type).getElementType()));
}

LogicalResult GraphImporter::importStatedTypes(const GraphProto &graph,
                                               Scope &scope) {
  // An output's type comes last: it is the more exact one where both are there.
  for (const auto *values : {&graph.value_info(), &graph.output()})
    for (const ValueInfoProto &value : *values) {
      FailureOr<Type> type =
          importType(value.type(), "value '" + Twine(value.name()) + "'");
      if (failed(type))
        return failure();
      if (*type != getUnknownType(context))
        scope.statedTypes[value.name()] = *type;
    }
  return success();
}

ArrayAttr GraphImporter::getDimNames(const TypeProto &proto, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  const auto &dims = proto.tensor_type().shape().dim();
  if (!tensor || tensor.getRank() != dims.size())
    return ArrayAttr();
  SmallVector<StringRef> names;
  bool hasName = false;
  for (auto [size, dim] : llvm::zip_equal(tensor.getShape(), dims)) {
    names.push_back(ShapedType::isDynamic(size) ? StringRef(dim.dim_param())
                                                : StringRef());
    hasName |= !names.back().empty();
  }
  return hasName ? builder.getStrArrayAttr(names) : ArrayAttr();
}
