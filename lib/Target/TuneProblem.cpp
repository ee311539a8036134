// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the ops of a module to functions of one op each.

#include "bev/Target/Tune.h"

#include "bev/Dialect/BEV/IR/Formulas.h"
#include "bev/Pipelines/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::bev;

std::string TuneProblem::print(ScheduleAttr schedule) const {
  setSchedule(op, schedule);
  std::string text;
  llvm::raw_string_ostream os(text);
  ModuleOp(*module).print(os);
  setSchedule(op, start);
  return text;
}

/// Whether an operand is part of the op, not of its inputs: how far points of
/// segments are apart, and the bounds of rows, where these are constants.
static bool isPartOfOp(Operation *op, Value operand) {
  if (auto pool = dyn_cast<IntervalPoolOp>(op))
    return operand == pool.getBounds() && matchPattern(operand, m_Constant());
  return isa<SegmentPoolOp>(op) && operand.getType().isIndex() &&
         matchPattern(operand, m_Constant());
}

/// Why an op of these types cannot be run by itself; "" where it can.
static StringRef whyNot(DestinationStyleOpInterface op) {
  for (Value operand : op->getOperands()) {
    if (isPartOfOp(op, operand))
      continue;
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type && !operand.getType().isIndex())
      return "it is not on tensors";
    if (!type)
      return isa<SegmentPoolOp>(op) ? "its step is not known"
                                    : "its maps have sizes that are not known";
    if (!type.hasStaticShape())
      return "it has sizes that are not known";
    if (type.getNumElements() == 0)
      return "it is empty";
  }
  return "";
}

/// A module with the op from arguments to buffers of the caller's.
static TuneProblem makeProblem(DestinationStyleOpInterface op) {
  Location loc = UnknownLoc::get(op->getContext());
  TuneProblem problem;
  problem.module = ModuleOp::create(loc);
  OpBuilder b = OpBuilder::atBlockEnd(problem.module->getBody());
  SmallVector<Value> inputs;
  SmallVector<Type> types;
  for (Value input : op.getDpsInputs())
    if (!isPartOfOp(op, input))
      inputs.push_back(input);
  for (Value input : inputs)
    types.push_back(RankedTensorType::get(
        cast<ShapedType>(input.getType()).getShape(),
        cast<ShapedType>(input.getType()).getElementType()));
  SmallVector<RankedTensorType> results;
  for (Value init : op.getDpsInits()) {
    auto type = cast<RankedTensorType>(init.getType());
    results.push_back(
        RankedTensorType::get(type.getShape(), type.getElementType()));
    types.push_back(MemRefType::get(type.getShape(), type.getElementType()));
  }
  auto function = func::FuncOp::create(
      b, loc, "main", b.getFunctionType(types, /*results=*/{}));
  Block *body = function.addEntryBlock();
  b.setInsertionPointToEnd(body);
  IRMapping mapping;
  for (auto [input, argument] : llvm::zip(inputs, body->getArguments()))
    mapping.map(input, argument);
  for (Value input : op.getDpsInputs())
    if (isPartOfOp(op, input))
      b.clone(*input.getDefiningOp(), mapping)->setLoc(loc);
  for (auto [init, type] : llvm::zip_equal(op.getDpsInits(), results))
    mapping.map(init, tensor::EmptyOp::create(b, loc, type.getShape(),
                                              type.getElementType()));
  Operation *clone = b.clone(*op, mapping);
  clone->setLoc(loc);
  clone->setDiscardableAttrs(DictionaryAttr::get(op->getContext()));
  for (auto [result, type, buffer] :
       llvm::zip_equal(clone->getResults(), results,
                       body->getArguments().take_back(results.size()))) {
    result.setType(type);
    auto materialize = bufferization::MaterializeInDestinationOp::create(
        b, loc, /*result=*/Type(), result, buffer);
    materialize.setRestrict(true);
    materialize.setWritable(true);
  }
  func::ReturnOp::create(b, loc);
  problem.op = cast<DestinationStyleOpInterface>(clone);
  problem.start = *getSchedule(clone);
  return problem;
}

FailureOr<std::vector<TuneProblem>>
mlir::bev::collectTuneProblems(ModuleOp module, StringRef chip,
                               std::vector<std::string> &notes) {
  PassManager pm(module->getContext(), ModuleOp::getOperationName());
  LowerToNVVMOptions pipeline;
  pipeline.chip = chip.str();
  buildScheduleForNVVMPipeline(pm, pipeline);
  if (failed(pm.run(module)))
    return failure();
  module->getContext()
      ->loadDialect<arith::ArithDialect, bufferization::BufferizationDialect,
                    func::FuncDialect, tensor::TensorDialect>();
  std::vector<TuneProblem> problems;
  llvm::StringSet<> seen;
  module.walk([&](DestinationStyleOpInterface op) {
    if (!getSchedule(op))
      return;
    std::string key = getScheduleKey(op, chip);
    if (!seen.insert(key).second)
      return;
    if (StringRef reason = whyNot(op); !reason.empty()) {
      notes.push_back(("'" + key + "' is not tuned: " + reason).str());
      return;
    }
    problems.push_back(makeProblem(op));
    problems.back().key = std::move(key);
  });
  return problems;
}
