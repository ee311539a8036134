// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Library ops on buffers to calls of the runtime, and of generated code where
// the runtime cannot.

#include "Operands.h"
#include "bev/Conversion/Passes.h"
#include "bev/Dialect/Library/IR/Library.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTLIBRARYTORUNTIMEPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;
using namespace mlir::bev;

namespace {

/// Bits of the runtime's `flags` argument; bev/Runtime/Runtime.h has them too.
enum Flags : int64_t { HasBias = 1, HasResidual = 2, ReLU = 4, Constant = 8 };

constexpr StringLiteral plansName("__bev_library_plans");
constexpr StringLiteral releaseName("__bev_release_library_plans");

/// Whether `buffer` always has the same contents.
bool isConstant(Value buffer, SymbolTableCollection &symbols) {
  while (Operation *op = buffer.getDefiningOp()) {
    if (auto get = dyn_cast<memref::GetGlobalOp>(op)) {
      auto global = symbols.lookupNearestSymbolFrom<memref::GlobalOp>(
          op, get.getNameAttr());
      return global && global.getConstant();
    }
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      return false;
    // A view at a place that is not known is not always the same.
    if (llvm::any_of(op->getOperands().drop_front(), [](Value operand) {
          return !isa<BaseMemRefType>(operand.getType());
        }))
      return false;
    buffer = view.getViewSource();
  }
  return false;
}

class Converter {
public:
  Converter(ModuleOp module, unsigned numOps)
      : module(module), symbols(module), b(module.getContext()),
        numOps(numOps) {}

  void convert(library::MatMulOp op);
  void convert(library::ConvolutionOp op);
  /// What the ops share: the slots and their release. Called once.
  void emitSlots();

private:
  func::FuncOp declare(StringRef name, TypeRange inputs, TypeRange results);
  Value emitSlot(Location loc);
  template <typename OpTy>
  void emitCall(OpTy op, StringRef entry, ArrayRef<Value> views,
                ArrayRef<int64_t> numbers, bool isConstantRhs,
                ArrayRef<Value> fallbackViews,
                function_ref<func::FuncOp(OpBuilder &)> build,
                StringRef fallbackName);

  ModuleOp module;
  SymbolTable symbols;
  SymbolTableCollection collection;
  OpBuilder b;
  LLVM::GlobalOp plans;
  unsigned numOps, next = 0;
};

} // namespace

func::FuncOp Converter::declare(StringRef name, TypeRange inputs,
                                TypeRange results) {
  if (auto function = symbols.lookup<func::FuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(b, module.getLoc(), name,
                                       b.getFunctionType(inputs, results));
  function.setPrivate();
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                    b.getUnitAttr());
  symbols.insert(function);
  return function;
}

void Converter::emitSlots() {
  MLIRContext *context = b.getContext();
  Location loc = module.getLoc();
  auto pointer = LLVM::LLVMPointerType::get(context);
  auto array = LLVM::LLVMArrayType::get(pointer, numOps);
  b.setInsertionPointToEnd(module.getBody());
  plans = LLVM::GlobalOp::create(b, loc, array, /*isConstant=*/false,
                                 LLVM::Linkage::Internal, plansName,
                                 b.getZeroAttr(array));
  symbols.insert(plans);
  b.createBlock(&plans.getInitializerRegion());
  Value zero = LLVM::ZeroOp::create(b, loc, array);
  LLVM::ReturnOp::create(b, loc, zero);

  b.setInsertionPointToEnd(module.getBody());
  auto release = LLVM::LLVMFuncOp::create(
      b, loc, "bevrtReleasePlans",
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                  {pointer, b.getI64Type()}));
  symbols.insert(release);
  auto destructor = LLVM::LLVMFuncOp::create(
      b, loc, releaseName,
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {}),
      LLVM::Linkage::Internal);
  symbols.insert(destructor);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(destructor.addEntryBlock(b));
    Value address = LLVM::AddressOfOp::create(b, loc, plans);
    Value count = LLVM::ConstantOp::create(b, loc, b.getI64Type(),
                                           b.getI64IntegerAttr(numOps));
    LLVM::CallOp::create(b, loc, release, ValueRange{address, count});
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }
  b.setInsertionPointToEnd(module.getBody());
  LLVM::GlobalDtorsOp::create(
      b, loc, b.getArrayAttr({FlatSymbolRefAttr::get(destructor)}),
      b.getI32ArrayAttr({0}), b.getArrayAttr({LLVM::ZeroAttr::get(context)}));
}

Value Converter::emitSlot(Location loc) {
  Value base = LLVM::AddressOfOp::create(b, loc, plans);
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  return LLVM::GEPOp::create(b, loc, pointer, plans.getType(), base,
                             ArrayRef<LLVM::GEPArg>{0, int32_t(next++)});
}

template <typename OpTy>
void Converter::emitCall(OpTy op, StringRef entry, ArrayRef<Value> views,
                         ArrayRef<int64_t> numbers, bool isConstantRhs,
                         ArrayRef<Value> fallbackViews,
                         function_ref<func::FuncOp(OpBuilder &)> build,
                         StringRef fallbackName) {
  Location loc = op.getLoc();
  int64_t flags = (op.getBias() ? HasBias : 0) |
                  (op.getResidual() ? HasResidual : 0) |
                  (op.getRelu() ? ReLU : 0) | (isConstantRhs ? Constant : 0);
  SmallVector<Value> arguments = {emitSlot(loc)};
  llvm::append_range(arguments, views);
  for (int64_t number : numbers)
    arguments.push_back(arith::ConstantIntOp::create(b, loc, number, 64));
  arguments.push_back(arith::ConstantIntOp::create(b, loc, flags, 64));
  func::FuncOp callee =
      declare(entry, ValueRange(arguments).getTypes(), {b.getI32Type()});
  Value done = func::CallOp::create(b, loc, callee, arguments).getResult(0);

  auto fallback = symbols.lookup<func::FuncOp>(fallbackName);
  if (!fallback) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(module.getBody());
    fallback = build(b);
    symbols.insert(fallback);
  }
  Value zero = arith::ConstantIntOp::create(b, loc, 0, 32);
  Value missing =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, done, zero);
  scf::IfOp::create(b, loc, missing, [&](OpBuilder &b, Location loc) {
    func::CallOp::create(b, loc, fallback, fallbackViews);
    scf::YieldOp::create(b, loc);
  });
  op.erase();
}

/// Whether the last stride of a buffer is known to be 1.
static bool hasUnitStride(const Parts &parts) {
  return getConstantIntValue(parts.strides.back()) == 1;
}

/// The same buffer, of a type that says nothing.
static Value forget(OpBuilder &b, Location loc, Value view) {
  auto type = cast<MemRefType>(view.getType());
  MemRefType plain = getViewType(b.getContext(), type.getRank());
  if (type == plain)
    return view;
  return memref::CastOp::create(b, loc, plain, view);
}

void Converter::convert(library::MatMulOp op) {
  b.setInsertionPoint(op);
  Location loc = op.getLoc();
  unsigned numBatch = op.getNumBatchDims();
  unsigned m = numBatch, n = numBatch + 1, k = numBatch + 2;
  Parts lhs(b, loc, op.getLhs()), rhs(b, loc, op.getRhs()),
      out(b, loc, op.getInit());

  // The size of each loop, as an operand has it.
  SmallVector<OpFoldResult> loops(numBatch + 3);
  for (auto [index, parts] :
       {std::pair<unsigned, Parts *>{1, &rhs}, {0, &lhs}, {2, &out}})
    for (auto [position, size] : llvm::enumerate(parts->sizes))
      loops[op.getMap(index).getDimPosition(position)] = size;

  auto view = [&](const Parts &parts, AffineMap map, ArrayRef<unsigned> matrix,
                  bool unit) {
    SmallVector<OpFoldResult> sizes(2 - numBatch, b.getIndexAttr(1)),
        strides(2 - numBatch, b.getIndexAttr(0));
    SmallVector<unsigned> dims = llvm::to_vector(llvm::seq(0u, numBatch));
    dims.append(matrix.begin(), matrix.end());
    for (unsigned dim : dims) {
      sizes.push_back(loops[dim]);
      auto position =
          map.getResultPosition(getAffineDimExpr(dim, b.getContext()));
      strides.push_back(position ? parts.strides[*position]
                                 : OpFoldResult(b.getIndexAttr(0)));
    }
    return emitView(b, loc, parts, sizes, strides, unit);
  };
  bool unitRhs = hasUnitStride(rhs) && op.getMap(1).getResults().back() ==
                                           getAffineDimExpr(n, b.getContext());
  bool unitOut = hasUnitStride(out);
  Value lhsView = view(lhs, op.getMap(0), {m, k}, false);
  Value rhsView = view(rhs, op.getMap(1), {k, n}, unitRhs);
  Value outView = view(out, op.getMap(2), {m, n}, unitOut);
  Value plainOut = forget(b, loc, outView);
  // An operand that is absent is not read.
  Value residualView = plainOut, biasView;
  if (op.getResidual())
    residualView =
        view(Parts(b, loc, op.getResidual()), op.getMap(2), {m, n}, false);
  if (op.getBias()) {
    Parts bias(b, loc, op.getBias());
    biasView = emitView(b, loc, bias, bias.sizes, bias.strides);
  } else {
    biasView = emitView(b, loc, out, {b.getIndexAttr(0)}, {b.getIndexAttr(1)});
  }
  MatMulFallback fallback{
      {bool(op.getBias()), bool(op.getResidual()), op.getRelu()},
      unitRhs,
      unitOut};
  emitCall(
      op, "bevrtMatMul",
      {lhsView, forget(b, loc, rhsView), biasView, residualView, plainOut}, {},
      isConstant(op.getRhs(), collection),
      {lhsView, rhsView, biasView, residualView, outView},
      [&](OpBuilder &b) { return fallback.build(b, module.getLoc()); },
      fallback.getName());
}

void Converter::convert(library::ConvolutionOp op) {
  b.setInsertionPoint(op);
  Location loc = op.getLoc();
  auto view = [&](Value buffer, bool unit = false) {
    Parts parts(b, loc, buffer);
    return emitView(b, loc, parts, parts.sizes, parts.strides, unit);
  };
  Parts out(b, loc, op.getInit());
  Value image = view(op.getInput()), filter = view(op.getFilter());
  Value outView = view(op.getInit(), hasUnitStride(out));
  Value plainOut = forget(b, loc, outView);
  Value residual = op.getResidual() ? view(op.getResidual()) : plainOut;
  Value bias = op.getBias() ? view(op.getBias())
                            : emitView(b, loc, out, {b.getIndexAttr(0)},
                                       {b.getIndexAttr(1)});
  ConvolutionFallback fallback{
      {bool(op.getBias()), bool(op.getResidual()), op.getRelu()},
      llvm::to_vector(op.getStrides()),
      llvm::to_vector(op.getDilations()),
      llvm::to_vector(op.getPadding()),
      static_cast<int64_t>(op.getGroups()),
      hasUnitStride(out)};
  SmallVector<int64_t> numbers(fallback.strides);
  llvm::append_range(numbers, fallback.dilations);
  llvm::append_range(numbers, ArrayRef(fallback.padding).take_front(2));
  numbers.push_back(fallback.groups);
  emitCall(
      op, "bevrtConvolution", {image, filter, bias, residual, plainOut},
      numbers, isConstant(op.getFilter(), collection),
      {image, filter, bias, residual, outView},
      [&](OpBuilder &b) { return fallback.build(b, module.getLoc()); },
      fallback.getName());
}

namespace {
struct ConvertLibraryToRuntime
    : public bev::impl::ConvertLibraryToRuntimePassBase<
          ConvertLibraryToRuntime> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    bool broken = false;
    getOperation().walk([&](Operation *op) {
      if (!isa<library::MatMulOp, library::ConvolutionOp>(op))
        return;
      if (op->getNumResults() != 0) {
        op->emitError("expected a library op on buffers; bufferize first");
        broken = true;
      }
      ops.push_back(op);
    });
    if (broken)
      return signalPassFailure();
    if (ops.empty())
      return;
    Converter converter(getOperation(), ops.size());
    converter.emitSlots();
    for (Operation *op : ops) {
      if (auto matmul = dyn_cast<library::MatMulOp>(op))
        converter.convert(matmul);
      else
        converter.convert(cast<library::ConvolutionOp>(op));
    }
  }
};
} // namespace
