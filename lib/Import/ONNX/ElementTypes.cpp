// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ElementTypes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::bev::onnx;

Type mlir::bev::onnx::getElementType(int32_t dataType, MLIRContext *context) {
  auto integer = [&](unsigned width) {
    return IntegerType::get(context, width);
  };
  auto natural = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (dataType) {
  case data_type::kFloat:
    return Float32Type::get(context);
  case data_type::kUint8:
    return natural(8);
  case data_type::kInt8:
    return integer(8);
  case data_type::kUint16:
    return natural(16);
  case data_type::kInt16:
    return integer(16);
  case data_type::kInt32:
    return integer(32);
  case data_type::kInt64:
    return integer(64);
  case data_type::kString:
    return StringType::get(context);
  case data_type::kBool:
    return integer(1);
  case data_type::kFloat16:
    return Float16Type::get(context);
  case data_type::kDouble:
    return Float64Type::get(context);
  case data_type::kUint32:
    return natural(32);
  case data_type::kUint64:
    return natural(64);
  case data_type::kComplex64:
    return ComplexType::get(Float32Type::get(context));
  case data_type::kComplex128:
    return ComplexType::get(Float64Type::get(context));
  case data_type::kBfloat16:
    return BFloat16Type::get(context);
  case data_type::kFloat8E4M3FN:
    return Float8E4M3FNType::get(context);
  case data_type::kFloat8E4M3FNUZ:
    return Float8E4M3FNUZType::get(context);
  case data_type::kFloat8E5M2:
    return Float8E5M2Type::get(context);
  case data_type::kFloat8E5M2FNUZ:
    return Float8E5M2FNUZType::get(context);
  case data_type::kUint4:
    return natural(4);
  case data_type::kInt4:
    return integer(4);
  case data_type::kFloat4E2M1:
    return Float4E2M1FNType::get(context);
  case data_type::kFloat8E8M0:
    return Float8E8M0FNUType::get(context);
  case data_type::kUint2:
    return natural(2);
  case data_type::kInt2:
    return integer(2);
  default:
    return Type();
  }
}

std::optional<int64_t>
mlir::bev::onnx::getNumElements(ArrayRef<int64_t> sizes) {
  constexpr int64_t limit = int64_t(1) << 62;
  int64_t product = 1;
  for (int64_t size : sizes) {
    if (size < 0)
      return std::nullopt;
    // A product of 0 must not hide what overflows elsewhere.
    if (size != 0 &&
        (llvm::MulOverflow(product, size, product) || product > limit))
      return std::nullopt;
  }
  return llvm::is_contained(sizes, 0) ? 0 : product;
}

std::string mlir::bev::onnx::formatSizes(ArrayRef<int64_t> sizes) {
  if (sizes.empty())
    return "scalar";
  return llvm::join(
      llvm::map_range(sizes, [](int64_t s) { return Twine(s).str(); }), "x");
}

StringRef mlir::bev::onnx::getKind(const ::onnx::TypeProto &type) {
  switch (type.value_case()) {
  case ::onnx::TypeProto::kTensorType:
    return "a tensor";
  case ::onnx::TypeProto::kSequenceType:
    return "a sequence";
  case ::onnx::TypeProto::kMapType:
    return "a map";
  case ::onnx::TypeProto::kOptionalType:
    return "an optional";
  case ::onnx::TypeProto::kSparseTensorType:
    return "a sparse tensor";
  default:
    return "of an unknown kind";
  }
}
