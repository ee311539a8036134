// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "LinearForm.h"

#include "Raising.h"

#include <cmath>

using namespace mlir;
using namespace mlir::bev;
using namespace mlir::bev::onnx_to_bev;
using onnx::NodeOp;

bool mlir::bev::onnx_to_bev::isClose(double number, double expected) {
  // Each constant is off by 2^-24 of its size at most; sixteen of them.
  return std::abs(number - expected) <=
         1e-6 * std::max(1.0, std::abs(expected));
}

bool LinearForm::isClose(const LinearForm &other) const {
  if (terms.size() != other.terms.size() ||
      !onnx_to_bev::isClose(addend, other.addend))
    return false;
  return llvm::all_of(terms, [&](const Term &term) {
    return llvm::any_of(other.terms, [&](const Term &same) {
      return term.value == same.value &&
             onnx_to_bev::isClose(term.factor, same.factor);
    });
  });
}

Value mlir::bev::onnx_to_bev::stripShape(Value value) {
  while (auto node = value.getDefiningOp<NodeOp>()) {
    static constexpr StringLiteral names[] = {"Reshape", "Flatten", "Squeeze",
                                              "Unsqueeze", "Identity"};
    if (node.getDomain() || !llvm::is_contained(names, node.getOpType()) ||
        !isa<RankedTensorType>(node.getOperand(0).getType()))
      break;
    value = node.getOperand(0);
  }
  return value;
}

bool mlir::bev::onnx_to_bev::isElementwise(Value lhs, Value rhs) {
  auto left = dyn_cast<RankedTensorType>(lhs.getType()),
       right = dyn_cast<RankedTensorType>(rhs.getType());
  if (!left || !right)
    return false;
  auto isOne = [](RankedTensorType type) {
    return type.hasStaticShape() && type.getNumElements() == 1;
  };
  return left == right || (isOne(left) && isOne(right));
}

static void expand(Value value, double factor, unsigned depth,
                   LinearForm &form) {
  constexpr unsigned kMaxDepth = 16;
  value = stripShape(value);
  auto node = value.getDefiningOp<NodeOp>();
  auto isRanked = [](Value operand) {
    return isa_and_present<RankedTensorType>(operand ? operand.getType()
                                                     : Type());
  };
  if (node && !node.getDomain() && depth < kMaxDepth &&
      llvm::all_of(node->getOperands(), isRanked)) {
    StringRef name = node.getOpType();
    AffineScalar function;
    // Of integers the quotient is rounded.
    bool isExact =
        name != "Div" ||
        isa<FloatType>(
            cast<RankedTensorType>(value.getType()).getElementType());
    if (name == "Neg")
      return expand(node.getOperand(0), -factor, depth + 1, form);
    if (Value inner = isExact ? matchAffine(node, function) : Value()) {
      form.addend += factor * function.addend;
      return expand(inner, factor * function.factor, depth + 1, form);
    }
    if ((name == "Add" || name == "Sub") && node.getNumOperands() == 2 &&
        isElementwise(node.getOperand(0), node.getOperand(1))) {
      expand(node.getOperand(0), factor, depth + 1, form);
      return expand(node.getOperand(1), name == "Sub" ? -factor : factor,
                    depth + 1, form);
    }
  }
  for (LinearForm::Term &term : form.terms)
    if (term.value == value) {
      term.factor += factor;
      return;
    }
  form.terms.push_back({value, factor});
}

LinearForm mlir::bev::onnx_to_bev::matchLinear(Value value) {
  LinearForm form;
  expand(value, 1.0, 0, form);
  return form;
}
