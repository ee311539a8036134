// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "GraphImporter.h"

#include "ElementTypes.h"

#include "llvm/ADT/ScopeExit.h"

using namespace mlir;
using namespace mlir::bev::onnx;
using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;
using ::onnx::ValueInfoProto;

/// Graphs and calls in each other; a real model has a few.
static constexpr unsigned kMaxDepth = 100;

/// Functions that call functions can stand for any number of nodes.
static constexpr int64_t kMaxInlinedNodes = int64_t(1) << 18;

/// A node's name, or what stands for it.
static StringRef getNodeName(const NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  for (const std::string &output : node.output())
    if (!output.empty())
      return output;
  return "";
}

Location GraphImporter::getLoc(const NodeProto &node, const Frame &frame) {
  std::string name = frame.prefix + getNodeName(node).str();
  return name.empty() ? fileLoc
                      : NameLoc::get(builder.getStringAttr(name), fileLoc);
}

InFlightDiagnostic GraphImporter::emitNodeError(const NodeProto &node,
                                                Location loc) {
  InFlightDiagnostic diagnostic = emitError(loc, "ONNX node ");
  if (auto named = dyn_cast<NameLoc>(loc))
    diagnostic << "'" << named.getName().getValue() << "' ";
  diagnostic << "(";
  if (!normalizeDomain(node.domain()).empty())
    diagnostic << node.domain() << ".";
  diagnostic << node.op_type() << "): ";
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::import(ModuleOp module) {
  GraphProto &graph = *model.mutable_graph();
  if (model.opset_import().empty())
    return emitError(fileLoc) << "the model imports no operator set, so that "
                                 "nothing says what its "
                                 "nodes mean: expected an opset_import";
  if (failed(getOperatorSets(model.opset_import(), fileLoc, "the model",
                             operatorSets)) ||
      failed(functions.add(model, fileLoc)) || failed(bindDims(graph)))
    return failure();
  if (graph.output().empty())
    return emitError(fileLoc) << "the model's graph has no outputs";

  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(builder, fileLoc, "main",
                                       builder.getFunctionType({}, {}));
  body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  Scope scope;
  scope.graphName = graph.name();
  Frame frame;
  frame.operatorSets = &operatorSets;
  if (failed(addArguments(function, graph, scope)) ||
      failed(importStatedTypes(graph, scope)) ||
      failed(importInitializers(graph, scope)) ||
      failed(importNodes(*graph.mutable_node(), frame, scope)))
    return failure();
  return addResults(function, graph, scope);
}

/// The dictionaries of a function's arguments or results.
static DictionaryAttr getBoundaryAttrs(OpBuilder &builder, StringRef name,
                                       ArrayAttr dimNames) {
  SmallVector<NamedAttribute> attributes = {
      builder.getNamedAttr("bev.name", builder.getStringAttr(name))};
  if (dimNames)
    attributes.push_back(builder.getNamedAttr("onnx.dim_names", dimNames));
  return builder.getDictionaryAttr(attributes);
}

LogicalResult GraphImporter::addArguments(func::FuncOp function,
                                          const GraphProto &graph,
                                          Scope &scope) {
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attributes;
  llvm::StringSet<> names;
  for (const ValueInfoProto &input : graph.input()) {
    if (input.name().empty())
      return emitError(fileLoc) << "an input of the model has no name";
    if (!names.insert(input.name()).second)
      return emitError(fileLoc)
             << "the model has two inputs named '" << input.name() << "'";
    if (!isArgument(graph, input.name()))
      continue;
    FailureOr<Type> type = importBoundaryType(input, "input");
    if (failed(type))
      return failure();
    types.push_back(*type);
    attributes.push_back(getBoundaryAttrs(builder, input.name(),
                                          getDimNames(input.type(), *type)));
    scope.values[input.name()] = body->addArgument(
        *type, NameLoc::get(builder.getStringAttr(input.name()), fileLoc));
  }
  function.setFunctionType(builder.getFunctionType(types, {}));
  function.setAllArgAttrs(attributes);
  return success();
}

LogicalResult GraphImporter::addResults(func::FuncOp function,
                                        const GraphProto &graph, Scope &scope) {
  SmallVector<Value> values;
  if (failed(getOutputs(graph, scope, "the model", values)))
    return failure();
  SmallVector<DictionaryAttr> attributes;
  llvm::StringSet<> names;
  for (auto [output, value] : llvm::zip_equal(graph.output(), values)) {
    if (!names.insert(output.name()).second)
      return emitError(fileLoc)
             << "the model has two outputs named '" << output.name() << "'";
    // A type may be left to type inference; sequences and the like cannot.
    if (output.has_type() && !output.type().has_tensor_type() &&
        failed(importBoundaryType(output, "output")))
      return failure();
    attributes.push_back(getBoundaryAttrs(
        builder, output.name(), getDimNames(output.type(), value.getType())));
  }
  builder.setInsertionPointToEnd(body);
  func::ReturnOp::create(builder, fileLoc, values);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), ValueRange(values).getTypes()));
  function.setAllResultAttrs(attributes);
  return success();
}

LogicalResult GraphImporter::importInitializers(GraphProto &graph,
                                                Scope &scope) {
  llvm::StringSet<> names;
  auto importOne = [&](const std::string &name, auto &tensor) -> LogicalResult {
    if (name.empty())
      return emitError(fileLoc) << "an initializer has no name";
    if (!names.insert(name).second)
      return emitError(fileLoc)
             << "graph '" << scope.graphName << "' has two initializers named '"
             << name << "'";
    // An argument's value comes from the caller.
    if (scope.values.contains(name))
      return success();
    Location loc = NameLoc::get(builder.getStringAttr(name), fileLoc);
    llvm::Expected<ElementsAttr> value = tensors.import(tensor, name);
    if (!value)
      return emitError(loc) << "tensor '" << name
                            << "': " << llvm::toString(value.takeError());
    scope.values[name] =
        ConstantOp::create(builder, loc, value->getType(), *value);
    return success();
  };
  for (::onnx::TensorProto &tensor : *graph.mutable_initializer())
    if (failed(importOne(tensor.name(), tensor)))
      return failure();
  for (::onnx::SparseTensorProto &tensor : *graph.mutable_sparse_initializer())
    if (failed(importOne(tensor.values().name(), tensor)))
      return failure();
  return success();
}

LogicalResult GraphImporter::getOutputs(const GraphProto &graph, Scope &scope,
                                        StringRef what,
                                        SmallVectorImpl<Value> &values) {
  for (const ValueInfoProto &output : graph.output()) {
    Value value = lookUp(output.name(), scope);
    if (!value)
      return emitError(fileLoc)
             << what << " has the output '" << output.name()
             << "', which is no input, initializer or output of a node";
    values.push_back(value);
  }
  return success();
}

LogicalResult GraphImporter::importSubgraph(GraphProto &graph, Region &region,
                                            Frame &frame, Scope &parent,
                                            const NodeProto &node,
                                            Location loc) {
  if (++depth > kMaxDepth)
    return emitNodeError(node, loc)
           << "graphs and functions are in each other more than " << kMaxDepth
           << " times";
  llvm::scope_exit restoreDepth([&] { --depth; });
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&region);
  Scope scope;
  scope.parent = &parent;
  scope.graphName = graph.name();
  for (const ValueInfoProto &input : graph.input()) {
    std::string what =
        "input '" + input.name() + "' of graph '" + graph.name() + "'";
    FailureOr<Type> type = importType(input.type(), what);
    if (failed(type))
      return failure();
    if (scope.values.contains(input.name()))
      return emitNodeError(node, loc)
             << "graph '" << graph.name() << "' has two inputs named '"
             << input.name() << "'";
    scope.values[input.name()] = block->addArgument(
        *type, NameLoc::get(builder.getStringAttr(input.name()), fileLoc));
  }
  if (failed(importStatedTypes(graph, scope)) ||
      failed(importInitializers(graph, scope)) ||
      failed(importNodes(*graph.mutable_node(), frame, scope)))
    return failure();
  SmallVector<Value> values;
  if (failed(getOutputs(graph, scope, "graph '" + graph.name() + "'", values)))
    return failure();
  YieldOp::create(builder, loc, values);
  return success();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

Value GraphImporter::lookUp(StringRef name, Scope &scope) {
  for (Scope *s = &scope; s; s = s->parent) {
    auto known = s->values.find(name);
    if (known != s->values.end())
      return known->second;
    // What this graph makes later hides what the graphs around have.
    if (s->laterNodes.contains(name))
      return Value();
  }
  return Value();
}

Value GraphImporter::getNone() {
  if (!none) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(body);
    none = NoneOp::create(builder, fileLoc, builder.getNoneType(),
                          builder.getUnitAttr());
  }
  return none;
}

LogicalResult GraphImporter::reportUndefined(const NodeProto &node,
                                             StringRef input, Scope &scope,
                                             Location loc) {
  const NodeProto *later = nullptr;
  Scope *owner = &scope;
  for (; owner && !later; owner = later ? owner : owner->parent)
    later = owner->laterNodes.lookup(input);
  if (!later)
    return emitNodeError(node, loc)
           << "input '" << input
           << "' is no input, initializer or output of a node";

  // Follow the inputs of the later node: they may lead back here.
  llvm::MapVector<const NodeProto *, const NodeProto *> users;
  users[later] = &node;
  SmallVector<const NodeProto *> worklist = {later};
  while (!worklist.empty()) {
    const NodeProto *current = worklist.pop_back_val();
    if (current == &node) {
      // The way back, from the last node found.
      SmallVector<StringRef> names;
      const NodeProto *user = &node;
      do {
        names.push_back(getNodeName(*user));
        user = users.lookup(user);
      } while (user != &node && names.size() < users.size() + 1);
      InFlightDiagnostic diagnostic = emitNodeError(node, loc)
                                      << "it is part of a cycle: '"
                                      << getNodeName(node) << "' uses '";
      for (StringRef name : llvm::reverse(ArrayRef(names).drop_front()))
        diagnostic << name << "', which uses '";
      return diagnostic << getNodeName(node) << "'";
    }
    for (const std::string &name : current->input()) {
      const NodeProto *maker = owner->laterNodes.lookup(name);
      if (maker && users.insert({maker, current}).second)
        worklist.push_back(maker);
    }
  }
  return emitNodeError(node, loc)
         << "input '" << input << "' is made by node '" << getNodeName(*later)
         << "', which comes later: nodes must be sorted, each after those "
            "whose outputs it uses";
}

LogicalResult GraphImporter::getInputs(const NodeProto &node, Scope &scope,
                                       Location loc,
                                       SmallVectorImpl<Value> &inputs) {
  for (const std::string &name : node.input()) {
    Value value = name.empty() ? getNone() : lookUp(name, scope);
    if (!value)
      return reportUndefined(node, name, scope, loc);
    inputs.push_back(value);
  }
  return success();
}

LogicalResult GraphImporter::defineOutput(const NodeProto &node, int index,
                                          Value value, Scope &scope,
                                          Location loc) {
  const std::string &name = node.output(index);
  if (name.empty())
    return success();
  if (!scope.values.try_emplace(name, value).second)
    return emitNodeError(node, loc)
           << "its output '" << name
           << "' is the name of another value too; names must be unique";
  return success();
}

LogicalResult GraphImporter::importNodes(Nodes &nodes, Frame &frame,
                                         Scope &scope) {
  for (const NodeProto &node : nodes)
    for (const std::string &output : node.output())
      if (!output.empty())
        scope.laterNodes.try_emplace(output, &node);
  for (NodeProto &node : nodes) {
    if (frame.function && ++numInlinedNodes > kMaxInlinedNodes)
      return emitError(fileLoc)
             << "the functions that the model calls have more than "
             << kMaxInlinedNodes << " nodes when they are inlined";
    if (failed(importNode(node, frame, scope)))
      return failure();
    for (const std::string &output : node.output())
      scope.laterNodes.erase(output);
  }
  return success();
}

LogicalResult GraphImporter::importNode(NodeProto &node, Frame &frame,
                                        Scope &scope) {
  Location loc = getLoc(node, frame);
  if (node.op_type().empty())
    return emitNodeError(node, loc) << "it has no operator";
  SmallVector<Value> inputs;
  llvm::MapVector<StringRef, Binding> bindings;
  if (failed(getInputs(node, scope, loc, inputs)) ||
      failed(resolveAttributes(node, frame, scope, loc, bindings)))
    return failure();
  if (LocalFunction *function = functions.find(node))
    return inlineCall(node, *function, bindings, inputs, frame, scope, loc);

  StringRef domain = normalizeDomain(node.domain());
  auto version = frame.operatorSets->find(domain);
  if (version == frame.operatorSets->end()) {
    version = operatorSets.find(domain);
    if (version == operatorSets.end())
      return emitNodeError(node, loc)
             << "the model imports no operator set of domain '"
             << (domain.empty() ? StringRef("ai.onnx") : domain)
             << "', so that nothing says what the node means: expected an "
                "opset_import";
  }

  SmallVector<NamedAttribute> attributes;
  SmallVector<StringRef> subgraphNames;
  SmallVector<Binding> subgraphs;
  for (auto &[name, binding] : bindings) {
    if (isGraph(*binding.attribute)) {
      subgraphNames.push_back(name);
      subgraphs.push_back(binding);
      continue;
    }
    FailureOr<Attribute> value =
        importAttribute(node, name, *binding.attribute, loc);
    if (failed(value))
      return failure();
    attributes.push_back(builder.getNamedAttr(name, *value));
  }

  if (domain.empty() && node.op_type() == "Constant" && subgraphs.empty()) {
    if (node.output_size() != 1 || !inputs.empty())
      return emitNodeError(node, loc) << "expected no inputs and one output";
    FailureOr<ElementsAttr> value = importConstant(node, attributes, loc);
    if (failed(value))
      return failure();
    return defineOutput(
        node, 0, ConstantOp::create(builder, loc, value->getType(), *value),
        scope, loc);
  }

  SmallVector<Type> types;
  for (const std::string &output : node.output()) {
    auto stated = scope.statedTypes.find(output);
    types.push_back(output.empty() ? Type(builder.getNoneType())
                    : stated == scope.statedTypes.end()
                        ? getUnknownType(context)
                        : stated->second);
  }
  auto op = NodeOp::create(
      builder, loc, types, builder.getStringAttr(node.op_type()),
      domain.empty() ? StringAttr() : builder.getStringAttr(domain),
      builder.getI64IntegerAttr(version->second),
      attributes.empty() ? DictionaryAttr()
                         : builder.getDictionaryAttr(attributes),
      subgraphNames.empty() ? ArrayAttr()
                            : builder.getStrArrayAttr(subgraphNames),
      inputs, subgraphs.size());
  for (auto [binding, region] : llvm::zip_equal(subgraphs, op.getSubgraphs()))
    if (failed(importSubgraph(*binding.attribute->mutable_g(), region,
                              *binding.frame, *binding.scope, node, loc)))
      return failure();
  for (int i = 0, e = node.output_size(); i < e; ++i)
    if (failed(defineOutput(node, i, op.getResult(i), scope, loc)))
      return failure();
  return success();
}

/// Gives a value the type that the model states of it, where that says more.
static void refineType(Value value, Type stated) {
  auto op = value.getDefiningOp<NodeOp>();
  auto type = dyn_cast<TensorType>(value.getType());
  if (!op || !type)
    return;
  auto tensor = cast<TensorType>(stated);
  bool isUnknown = isa<UnknownType>(type.getElementType());
  if (isUnknown ||
      (!type.hasRank() && type.getElementType() == tensor.getElementType()))
    value.setType(stated);
}

LogicalResult
GraphImporter::inlineCall(NodeProto &node, LocalFunction &function,
                          const llvm::MapVector<StringRef, Binding> &attributes,
                          ArrayRef<Value> inputs, Frame &frame, Scope &scope,
                          Location loc) {
  ::onnx::FunctionProto &proto = *function.proto;
  for (Frame *caller = &frame; caller; caller = caller->caller)
    if (caller->function == &function)
      return emitNodeError(node, loc)
             << "function '" << proto.name()
             << "' calls itself, and functions cannot be recursive";
  if (++depth > kMaxDepth)
    return emitNodeError(node, loc)
           << "graphs and functions are in each other more than " << kMaxDepth
           << " times";
  llvm::scope_exit restoreDepth([&] { --depth; });
  if (node.input_size() > proto.input_size() ||
      node.output_size() > proto.output_size())
    return emitNodeError(node, loc)
           << "it has " << node.input_size() << " inputs and "
           << node.output_size() << " outputs, but its function has "
           << proto.input_size() << " and " << proto.output_size();

  Frame callee;
  callee.operatorSets = &function.operatorSets;
  callee.function = &function;
  callee.caller = &frame;
  if (auto named = dyn_cast<NameLoc>(loc))
    callee.prefix = (named.getName().getValue() + "/").str();
  Scope inner;
  inner.graphName = proto.name();
  for (const auto &[name, binding] : attributes)
    callee.bindings[name] = binding;
  for (AttributeProto &attribute : function.defaults)
    callee.bindings.try_emplace(attribute.name(),
                                Binding{&attribute, &callee, &inner});
  for (int i = 0, e = proto.input_size(); i < e; ++i) {
    Value value = i < node.input_size() ? inputs[i] : getNone();
    if (!inner.values.try_emplace(proto.input(i), value).second)
      return emitNodeError(node, loc)
             << "function '" << proto.name() << "' has two inputs named '"
             << proto.input(i) << "'";
  }
  if (failed(importNodes(*proto.mutable_node(), callee, inner)))
    return failure();
  for (int i = 0, e = node.output_size(); i < e; ++i) {
    Value value = lookUp(proto.output(i), inner);
    if (!value)
      return emitNodeError(node, loc)
             << "function '" << proto.name() << "' has the output '"
             << proto.output(i)
             << "', which is no input or output of a node in it";
    auto stated = scope.statedTypes.find(node.output(i));
    if (stated != scope.statedTypes.end())
      refineType(value, stated->second);
    if (failed(defineOutput(node, i, value, scope, loc)))
      return failure();
  }
  return success();
}
