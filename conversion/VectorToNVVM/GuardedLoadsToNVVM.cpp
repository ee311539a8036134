// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads of read-only memory: a branch around one becomes a predicated load, and
// of the addresses behind branches only what is new there is computed there.

#include "bev/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::bev {
#define GEN_PASS_DEF_CONVERTGUARDEDLOADSTONVVMPASS
#include "bev/Conversion/Passes.h.inc"
} // namespace mlir::bev

using namespace mlir;

/// Whether nothing writes the buffer while the kernel runs.
static bool isReadOnly(Value buffer, gpu::GPUFuncOp kernel) {
  while (Operation *op = buffer.getDefiningOp()) {
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      return false;
    buffer = view.getViewSource();
  }
  auto argument = cast<BlockArgument>(buffer);
  unsigned number = argument.getArgNumber();
  // What follows the arguments is the kernel's own memory.
  if (argument.getOwner() != &kernel.getBody().front() ||
      number >= kernel.getFunctionType().getNumInputs())
    return false;
  return kernel.getArgAttr(number, LLVM::LLVMDialect::getNoAliasAttrName()) &&
         kernel.getArgAttr(number, LLVM::LLVMDialect::getReadonlyAttrName());
}

/// Bits of the signed offset that a load adds to its address.
static constexpr unsigned kOffsetBits = 24;

/// Widest load of one instruction, in bytes.
static constexpr int64_t kWidestLoad = 16;

/// Whether a load is of 4, 8, 16 or a multiple of 16 aligned bytes, of elements
/// whose width is known.
static bool isWide(vector::LoadOp load) {
  VectorType type = load.getVectorType();
  if (type.getRank() != 1 || type.isScalable() ||
      !type.getElementType().isIntOrFloat() ||
      load.getMemRefType().getElementType() != type.getElementType() ||
      type.getElementTypeBitWidth() < 16)
    return false;
  int64_t bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  return (bytes == 4 || bytes == 8 || bytes % kWidestLoad == 0) &&
         load.getAlignment().value_or(1) >=
             uint64_t(std::min(bytes, kWidestLoad));
}

/// The load of `branch`, where it does nothing else: 4, 8, 16 or a multiple of
/// 16 aligned bytes of read-only memory, or else zeros.
static vector::LoadOp getGuardedLoad(scf::IfOp branch, gpu::GPUFuncOp kernel) {
  if (branch.getNumResults() != 1 || !branch.elseBlock())
    return {};
  auto otherwise = cast<scf::YieldOp>(branch.elseBlock()->getTerminator());
  if (!matchPattern(otherwise.getOperand(0), m_Zero()) &&
      !matchPattern(otherwise.getOperand(0), m_AnyZeroFloat()))
    return {};
  auto type = dyn_cast<VectorType>(branch.getResult(0).getType());
  if (!type || type.getRank() != 1 || type.isScalable())
    return {};

  vector::LoadOp load;
  for (Operation &op : branch.thenBlock()->without_terminator()) {
    if (auto found = dyn_cast<vector::LoadOp>(op)) {
      if (load)
        return {};
      load = found;
    } else if (!isPure(&op)) {
      return {};
    }
  }
  if (!load)
    return {};
  // The load's bits are what the branch gives.
  Value yielded =
      cast<scf::YieldOp>(branch.thenBlock()->getTerminator()).getOperand(0);
  if (auto cast = yielded.getDefiningOp<vector::BitCastOp>())
    yielded = cast.getSource();
  if (yielded != load.getResult() || !isWide(load) ||
      !isReadOnly(load.getBase(), kernel))
    return {};
  return load;
}

/// `index` less the constants that are added to it, which go to `constant`;
/// null where nothing is left.
static Value splitConstant(Value index, int64_t &constant) {
  APInt value;
  while (auto add = index.getDefiningOp<arith::AddIOp>()) {
    // Constants are canonicalised to the right.
    if (!matchPattern(add.getRhs(), m_ConstantInt(&value)))
      return index;
    constant += value.getSExtValue();
    index = add.getLhs();
  }
  if (!matchPattern(index, m_ConstantInt(&value)))
    return index;
  constant += value.getSExtValue();
  return {};
}

/// `index`, if it is the lower half of a word, as bytes that an instruction
/// picks. As bits of the word, LLVM would pick them after it has multiplied the
/// word, and the device compiler could no longer multiply and add at once.
static Value pickBytes(OpBuilder &b, Value index) {
  Operation *cast = index.getDefiningOp();
  if (!isa_and_nonnull<arith::IndexCastOp, arith::IndexCastUIOp>(cast))
    return index;
  auto half = cast->getOperand(0).getDefiningOp<arith::AndIOp>();
  APInt mask;
  if (!half || !half.getType().isInteger(32) ||
      !matchPattern(half.getRhs(), m_ConstantInt(&mask)) || mask != 0xffff)
    return index;
  Location loc = half.getLoc();
  auto word = [&](int64_t value) {
    return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
  };
  // Bytes 0 and 1 of the one, 0 of the other.
  constexpr int64_t kSelector = 0x4410;
  Value picked =
      NVVM::PermuteOp::create(b, loc, b.getI32Type(), half.getLhs(), word(0),
                              word(kSelector), NVVM::PermuteMode::DEFAULT);
  return arith::IndexCastUIOp::create(b, cast->getLoc(), index.getType(),
                                      picked);
}

/// Whether `lhs` is known before `rhs`, of two values that are used together.
static bool isKnownBefore(Value lhs, Value rhs) {
  Operation *before = lhs.getDefiningOp(), *after = rhs.getDefiningOp();
  if (lhs.getParentBlock() != rhs.getParentBlock())
    return lhs.getParentBlock()->findAncestorOpInBlock(
               *rhs.getParentBlock()->getParentOp()) != nullptr;
  return after && (!before || before->isBeforeInBlock(after));
}

/// Address of the first element that `load` reads, as an i64 and `offset` bytes
/// from there. Loads whose indices differ by constants have the same i64: one
/// register for all corners of a sample. What is known first is added first,
/// where it is known, so that samples share all but the last addition.
static Value getAddress(OpBuilder &b, vector::LoadOp load, int64_t &offset) {
  OpBuilder::InsertionGuard insertion(b);
  Location loc = load.getLoc();
  MemRefType type = load.getMemRefType();
  auto [strides, start] = type.getStridesAndOffset();
  memref::ExtractStridedMetadataOp metadata;
  auto dynamic = [&]() {
    if (!metadata)
      metadata =
          memref::ExtractStridedMetadataOp::create(b, loc, load.getBase());
    return metadata;
  };
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  int64_t width = type.getElementTypeBitWidth() / 8;

  struct Term {
    Value index;
    int64_t dim;
  };
  SmallVector<Term> terms;
  offset = 0;
  for (auto [i, index, stride] : llvm::enumerate(load.getIndices(), strides)) {
    Value rest = index;
    int64_t added = 0, bytes;
    if (!ShapedType::isDynamic(stride)) {
      Value split = splitConstant(index, added);
      if (!llvm::MulOverflow(added, stride * width, bytes) &&
          llvm::isInt<kOffsetBits>(offset + bytes)) {
        rest = split;
        offset += bytes;
      }
    }
    if (rest)
      terms.push_back({rest, static_cast<int64_t>(i)});
  }
  llvm::stable_sort(terms, [](const Term &lhs, const Term &rhs) {
    return isKnownBefore(lhs.index, rhs.index);
  });

  OpBuilder::InsertPoint before = b.saveInsertionPoint();
  b.setInsertionPointAfterValue(load.getBase());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, load.getBase());
  auto add = [&](Value elements, Value size) {
    address = arith::AddIOp::create(
        b, loc, address, arith::MulIOp::create(b, loc, elements, size));
  };
  if (ShapedType::isDynamic(start))
    add(dynamic().getOffset(), constant(width));
  else if (start != 0)
    address = arith::AddIOp::create(b, loc, address, constant(start * width));
  for (auto [index, dim] : terms) {
    if (isKnownBefore(address, index))
      b.setInsertionPointAfterValue(index);
    Value size = ShapedType::isDynamic(strides[dim])
                     ? arith::MulIOp::create(
                           b, loc, dynamic().getStrides()[dim], constant(width))
                           .getResult()
                     : constant(strides[dim] * width);
    add(pickBytes(b, index), size);
  }
  b.restoreInsertionPoint(before);
  return arith::IndexCastOp::create(b, loc, b.getI64Type(), address);
}

static void convert(scf::IfOp branch, vector::LoadOp load) {
  OpBuilder b(branch);
  Location loc = load.getLoc();
  // What computes the address has no effects: it may run always.
  for (Operation &op :
       llvm::make_early_inc_range(branch.thenBlock()->without_terminator()))
    if (&op != load && !llvm::is_contained(load->getUsers(), &op))
      op.moveBefore(branch);

  int64_t offset;
  Value address = getAddress(b, load, offset);
  auto type = cast<VectorType>(branch.getResult(0).getType());
  unsigned words = type.getNumElements() * type.getElementTypeBitWidth() / 32;
  std::string text, constraints;
  llvm::raw_string_ostream os(text);
  for (unsigned word = 0; word < words; ++word) {
    os << "mov.b32 $" << word << ", 0; ";
    constraints += "=&r,";
  }
  // At most four words in one instruction.
  for (unsigned first = 0; first < words; first += 4) {
    unsigned count = std::min(words - first, 4u);
    os << (first ? " @$" : "@$") << words + 1 << " ld.global.nc";
    if (count > 1)
      os << ".v" << count;
    os << ".b32 " << (count > 1 ? "{" : "");
    for (unsigned word = first; word < first + count; ++word)
      os << (word > first ? ", $" : "$") << word;
    os << (count > 1 ? "}" : "") << ", [$" << words;
    if (int64_t at = offset + 4 * first)
      os << "+" << at;
    os << "];";
  }
  constraints += "l,b";

  Type i32 = b.getI32Type();
  Type returned = words == 1
                      ? i32
                      : Type(LLVM::LLVMStructType::getLiteral(
                            b.getContext(), SmallVector<Type>(words, i32)));
  auto code = LLVM::InlineAsmOp::create(
      b, loc, returned, ValueRange{address, branch.getCondition()}, text,
      constraints, /*has_side_effects=*/false, /*is_align_stack=*/false,
      LLVM::TailCallKind::None, /*asm_dialect=*/LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  SmallVector<Value> parts;
  for (unsigned word = 0; word < words; ++word)
    parts.push_back(words == 1 ? code.getResult(0)
                               : LLVM::ExtractValueOp::create(
                                     b, loc, code.getResult(0), word));
  Value vector = vector::FromElementsOp::create(
      b, loc, VectorType::get(words, i32), parts);
  if (vector.getType() != type)
    vector = vector::BitCastOp::create(b, loc, type, vector);
  branch.getResult(0).replaceAllUsesWith(vector);
  branch.erase();
}

/// Whether a load is behind a branch before which part of its address is known.
static bool isBehindBranch(vector::LoadOp load, gpu::GPUFuncOp kernel) {
  return isa<scf::IfOp>(load->getParentOp()) && isWide(load) &&
         isReadOnly(load.getBase(), kernel);
}

static void convert(vector::LoadOp load) {
  OpBuilder b(load);
  Location loc = load.getLoc();
  int64_t offset;
  Value address = getAddress(b, load, offset);
  address = arith::AddIOp::create(
      b, loc, address,
      arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(offset)));
  Type pointer = LLVM::LLVMPointerType::get(
      b.getContext(), unsigned(NVVM::NVVMMemorySpace::Global));
  VectorType type = load.getVectorType();
  Value read = LLVM::LoadOp::create(
      b, loc, type, LLVM::IntToPtrOp::create(b, loc, pointer, address),
      load.getAlignment().value_or(1), /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/true);
  load.replaceAllUsesWith(read);
  load.erase();
}

namespace {

struct ConvertGuardedLoadsToNVVM
    : public bev::impl::ConvertGuardedLoadsToNVVMPassBase<
          ConvertGuardedLoadsToNVVM> {
  void runOnOperation() override {
    gpu::GPUFuncOp kernel = getOperation();
    SmallVector<std::pair<scf::IfOp, vector::LoadOp>> guarded;
    kernel.walk([&](scf::IfOp branch) {
      if (vector::LoadOp load = getGuardedLoad(branch, kernel))
        guarded.push_back({branch, load});
    });
    for (auto [branch, load] : guarded)
      convert(branch, load);
    SmallVector<vector::LoadOp> known;
    kernel.walk([&](vector::LoadOp load) {
      if (isBehindBranch(load, kernel))
        known.push_back(load);
    });
    for (vector::LoadOp load : known)
      convert(load);
  }
};

} // namespace
