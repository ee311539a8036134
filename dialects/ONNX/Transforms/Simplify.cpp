// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "FunctionTypes.h"
#include "SimplifyPatterns.h"
#include "bev/Dialect/ONNX/IR/Evaluation.h"
#include "bev/Dialect/ONNX/IR/TypeInference.h"
#include "bev/Dialect/ONNX/Transforms/Passes.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/xxhash.h"

namespace mlir::bev::onnx {
#define GEN_PASS_DEF_ONNXSIMPLIFYPASS
#include "bev/Dialect/ONNX/Transforms/Passes.h.inc"
} // namespace mlir::bev::onnx

using namespace mlir;
using namespace mlir::bev::onnx;

namespace {

struct Simplify : mlir::bev::onnx::impl::ONNXSimplifyPassBase<Simplify> {
  using ONNXSimplifyPassBase::ONNXSimplifyPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateNoOpPatterns(set);
    populateShapePatterns(set);
    populateTransposePatterns(set);
    populateSlicePatterns(set);
    populateScatterPatterns(set);
    populateWeightPatterns(set);
    populateNormalizationPatterns(set);
    populateActivationPatterns(set);
    populateControlFlowPatterns(set);
    populateAttentionPatterns(set);
    populateRecurrentPatterns(set);
    populateLossPatterns(set);
    populateSequencePatterns(set);
    populateWindowPatterns(set);
    populateDeterminantPatterns(set);
    populateUniquePatterns(set);
    populateUnpoolingPatterns(set);
    populateTensorSequencePatterns(set);
    patterns = FrozenRewritePatternSet(std::move(set));
    return success();
  }

  void runOnOperation() override;

private:
  LogicalResult fold(Block &block);
  LogicalResult foldNested(func::FuncOp function);
  bool shareConstants(func::FuncOp function);
  void eraseDead(Block &block);
  void releaseResources(func::FuncOp function);

  FrozenRewritePatternSet patterns;
  bool changed = false;
  /// Resources that this run made: those that nothing uses in the end go.
  SmallVector<DenseResourceElementsAttr> made;
};

} // namespace

/// Infers the types in a block and replaces what is known by constants, which
/// makes more known: in one walk, as values are defined before their uses.
LogicalResult Simplify::fold(Block &block) {
  OpBuilder builder(&getContext());
  return inferTypes(block, [&](NodeOp node, ArrayRef<ElementsAttr> known) {
    SmallVector<ElementsAttr> values(known);
    if (values.empty() || node->use_empty())
      return;
    if (llvm::is_contained(values, ElementsAttr())) {
      SmallVector<ElementsAttr> inputs;
      for (Value input : node.getInputs()) {
        bool isLeftOut = isa<NoneType>(input.getType());
        inputs.push_back(isLeftOut ? ElementsAttr() : getConstant(input));
        if (!isLeftOut && !inputs.back())
          return;
      }
      if (failed(evaluate(node, inputs, maxElements, values)))
        return;
    }
    builder.setInsertionPointAfter(node);
    for (auto [result, value] : llvm::zip_equal(node.getResults(), values)) {
      if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
        made.push_back(resource);
      if (result.use_empty())
        continue;
      Value constant =
          ConstantOp::create(builder, node.getLoc(), value.getType(), value);
      if (constant.getType() != result.getType())
        continue;
      result.replaceAllUsesWith(constant);
      changed = true;
    }
  });
}

LogicalResult Simplify::foldNested(func::FuncOp function) {
  // Outer blocks first: what they make known, inner ones use.
  SmallVector<Block *> blocks;
  function.walk<WalkOrder::PreOrder>([&](NodeOp node) {
    // Of an If whose condition is known one branch is never run, and need not
    // even be valid; the other is about to be taken out.
    if (node.is("If") && node.input(0) && getConstant(node.input(0)))
      return WalkResult::skip();
    for (Region &region : node->getRegions())
      for (Block &block : region)
        blocks.push_back(&block);
    return WalkResult::advance();
  });
  for (Block *block : blocks)
    if (failed(fold(*block)))
      return failure();
  return success();
}

/// What tells most constants apart.
static constexpr size_t kSampledBytes = 1024;

/// Makes constants of equal elements one attribute, so that nodes on them are
/// equal too.
bool Simplify::shareConstants(func::FuncOp function) {
  llvm::DenseMap<std::pair<Type, uint64_t>, SmallVector<ConstantOp>> byContent;
  bool shared = false;
  function.walk([&](ConstantOp constant) {
    auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
    AsmResourceBlob *blob =
        resource ? resource.getRawHandle().getBlob() : nullptr;
    if (!blob)
      return;
    ArrayRef<char> data = blob->getData();
    // Weights that differ do so at the beginning; reading all of each would
    // take time, and memory where they are still in a file.
    ArrayRef<char> sample = data.take_front(kSampledBytes);
    uint64_t hash = llvm::xxh3_64bits(ArrayRef<uint8_t>(
        reinterpret_cast<const uint8_t *>(sample.data()), sample.size()));
    auto &same = byContent[{resource.getType(), hash}];
    for (ConstantOp other : same) {
      auto first = cast<DenseResourceElementsAttr>(other.getValue());
      if (first == resource)
        return;
      if (first.getRawHandle().getBlob()->getData() != data)
        continue;
      constant.setValueAttr(first);
      shared = true;
      return;
    }
    same.push_back(constant);
  });
  return shared;
}

void Simplify::eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
      changed = true;
      continue;
    }
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        eraseDead(inner);
  }
}

/// Frees the elements of constants that existed in between only.
void Simplify::releaseResources(func::FuncOp function) {
  llvm::DenseSet<Attribute> used;
  function.walk([&](ConstantOp constant) { used.insert(constant.getValue()); });
  function.walk([&](NodeOp node) {
    if (node.getNodeAttributes())
      for (NamedAttribute attribute : *node.getNodeAttributes())
        used.insert(attribute.getValue());
  });
  for (DenseResourceElementsAttr resource : made)
    if (!used.contains(resource))
      resource.getRawHandle().getResource()->setBlob(AsmResourceBlob());
  made.clear();
}

void Simplify::runOnOperation() {
  func::FuncOp function = getOperation();
  GreedyRewriteConfig config;
  config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  config.setUseTopDownTraversal(true);
  constexpr unsigned kMaxRounds = 32;
  for (unsigned round = 0; round < kMaxRounds; ++round) {
    changed = false;
    for (Block &block : function.getBody())
      if (failed(fold(block)))
        return signalPassFailure();
    if (failed(foldNested(function)))
      return signalPassFailure();
    for (Block &block : function.getBody())
      eraseDead(block);
    bool rewritten = false;
    // Rewrites that do not end are a bug of ours; what they gave is valid.
    (void)applyPatternsGreedily(function.getBody(), patterns, config,
                                &rewritten);
    bool shared = shareConstants(function), merged = false;
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function, &merged);
    if (!changed && !rewritten && !shared && !merged)
      break;
  }
  if (failed(inferFunctionTypes(function)))
    return signalPassFailure();
  releaseResources(function);
}
