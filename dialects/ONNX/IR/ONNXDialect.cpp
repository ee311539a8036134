// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the onnx dialect, and its ops.

#include "bev/Dialect/ONNX/IR/ONNX.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bev::onnx;

#include "bev/Dialect/ONNX/IR/ONNXDialect.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "bev/Dialect/ONNX/IR/ONNXTypes.cpp.inc"

/// The regions, each after the name of the attribute that it is.
static ParseResult
parseSubgraphs(OpAsmParser &parser, ArrayAttr &names,
               SmallVectorImpl<std::unique_ptr<Region>> &subgraphs) {
  SmallVector<Attribute> list;
  std::string name;
  while (succeeded(parser.parseOptionalKeywordOrString(&name))) {
    list.push_back(parser.getBuilder().getStringAttr(name));
    if (succeeded(parser.parseOptionalLParen())) {
      SmallVector<OpAsmParser::Argument> arguments;
      if (parser.parseArgumentList(arguments, OpAsmParser::Delimiter::None,
                                   /*allowType=*/true) ||
          parser.parseRParen())
        return failure();
      subgraphs.push_back(std::make_unique<Region>());
      if (parser.parseRegion(*subgraphs.back(), arguments))
        return failure();
      continue;
    }
    subgraphs.push_back(std::make_unique<Region>());
    if (parser.parseRegion(*subgraphs.back()))
      return failure();
  }
  if (!list.empty())
    names = parser.getBuilder().getArrayAttr(list);
  return success();
}

static void printSubgraphs(OpAsmPrinter &printer, Operation *, ArrayAttr names,
                           MutableArrayRef<Region> subgraphs) {
  if (!names)
    return;
  for (auto [name, subgraph] :
       llvm::zip_equal(names.getAsRange<StringAttr>(), subgraphs)) {
    printer << ' ';
    printer.printKeywordOrString(name.getValue());
    printer << ' ';
    if (!subgraph.empty() && subgraph.front().getNumArguments() != 0) {
      printer << '(';
      llvm::interleaveComma(subgraph.front().getArguments(), printer,
                            [&](BlockArgument argument) {
                              printer.printRegionArgument(argument);
                            });
      printer << ") ";
    }
    printer.printRegion(subgraph, /*printEntryBlockArgs=*/false);
  }
}

#define GET_OP_CLASSES
#include "bev/Dialect/ONNX/IR/ONNXOps.cpp.inc"

void ONNXDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "bev/Dialect/ONNX/IR/ONNXTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "bev/Dialect/ONNX/IR/ONNXOps.cpp.inc"
      >();
}

Operation *ONNXDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  if (isa<NoneType>(type))
    return NoneOp::create(builder, loc, type, builder.getUnitAttr());
  if (auto elements = dyn_cast<ElementsAttr>(value))
    if (elements.getType() == type)
      return ConstantOp::create(builder, loc, type, elements);
  return nullptr;
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }
OpFoldResult NoneOp::fold(FoldAdaptor) { return getValueAttr(); }

LogicalResult NodeOp::verify() {
  if (getOpType().empty())
    return emitOpError("expected a non-empty operator name");
  size_t numNames = getSubgraphNames() ? getSubgraphNames()->size() : 0;
  if (numNames != getSubgraphs().size())
    return emitOpError("expected a name for each of the ")
           << getSubgraphs().size() << " subgraphs, but got " << numNames;
  for (auto [index, subgraph] : llvm::enumerate(getSubgraphs())) {
    auto name = cast<StringAttr>((*getSubgraphNames())[index]);
    if (!subgraph.hasOneBlock() || subgraph.front().empty() ||
        !isa<YieldOp>(subgraph.front().back()))
      return emitOpError("expected subgraph '")
             << name.getValue() << "' to be one block that ends in onnx.yield";
  }
  return success();
}

void NodeOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  // Two nodes that draw random numbers are not the same.
  bool isRandom =
      llvm::is_contained({"RandomNormal", "RandomNormalLike", "RandomUniform",
                          "RandomUniformLike", "Multinomial", "Bernoulli"},
                         getOpType());
  if (isRandom)
    effects.emplace_back(MemoryEffects::Read::get()),
        effects.emplace_back(MemoryEffects::Write::get());
}

Attribute NodeOp::attr(StringRef name) {
  return getNodeAttributes() ? getNodeAttributes()->get(name) : Attribute();
}

int64_t NodeOp::intAttr(StringRef name, int64_t otherwise) {
  auto integer = dyn_cast_if_present<IntegerAttr>(attr(name));
  return integer ? integer.getInt() : otherwise;
}

float NodeOp::floatAttr(StringRef name, float otherwise) {
  auto number = dyn_cast_if_present<FloatAttr>(attr(name));
  return number ? float(number.getValueAsDouble()) : otherwise;
}

StringRef NodeOp::stringAttr(StringRef name, StringRef otherwise) {
  auto text = dyn_cast_if_present<StringAttr>(attr(name));
  return text ? text.getValue() : otherwise;
}

std::optional<SmallVector<int64_t>> NodeOp::intsAttr(StringRef name) {
  if (auto list = dyn_cast_if_present<DenseI64ArrayAttr>(attr(name)))
    return SmallVector<int64_t>(list.asArrayRef());
  return std::nullopt;
}

std::optional<SmallVector<float>> NodeOp::floatsAttr(StringRef name) {
  if (auto list = dyn_cast_if_present<DenseF32ArrayAttr>(attr(name)))
    return SmallVector<float>(list.asArrayRef());
  return std::nullopt;
}

unsigned NodeOp::getNumPresentInputs() {
  unsigned count = getInputs().size();
  while (count > 0 && isa<NoneType>(getInputs()[count - 1].getType()))
    --count;
  return count;
}

Value NodeOp::input(unsigned index) {
  if (index >= getInputs().size() ||
      isa<NoneType>(getInputs()[index].getType()))
    return Value();
  return getInputs()[index];
}

bool NodeOp::isOutputUsed(unsigned index) {
  return index < getOutputs().size() && !getOutputs()[index].use_empty();
}

std::string NodeOp::getNodeName() {
  std::string name;
  getLoc()->walk([&](Location loc) {
    auto named = dyn_cast<NameLoc>(loc);
    if (!named || named.getName().empty())
      return WalkResult::advance();
    name = named.getName().str();
    return WalkResult::interrupt();
  });
  return name;
}

InFlightDiagnostic NodeOp::emitNodeError() {
  InFlightDiagnostic diagnostic = emitError("ONNX node ");
  std::string name = getNodeName();
  if (!name.empty())
    diagnostic << "'" << name << "' ";
  diagnostic << "(";
  if (getDomain())
    diagnostic << *getDomain() << ".";
  diagnostic << getOpType() << "): ";
  return diagnostic;
}
