// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C headers for compiled models: a struct for the inputs, one for the outputs,
// and functions that take them.

#include "bev/Target/CompiledModel.h"
#include "bev/Target/OutputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::bev;

static StringRef getCType(DType type) {
  switch (type) {
  case DType::Bool:
  case DType::U8:
    return "uint8_t";
  case DType::I8:
    return "int8_t";
  case DType::I16:
    return "int16_t";
  case DType::I32:
    return "int32_t";
  case DType::I64:
    return "int64_t";
  case DType::U16:
  case DType::F16:
  case DType::BF16:
    return "uint16_t";
  case DType::U32:
    return "uint32_t";
  case DType::U64:
    return "uint64_t";
  case DType::F32:
    return "float";
  case DType::F64:
    return "double";
  }
  llvm_unreachable("unknown element type");
}

/// A name that is an identifier of C and C++, and that `taken` lacks; it and
/// what is derived from it are added there.
static std::string makeIdentifier(StringRef name, llvm::StringSet<> &taken) {
  static const llvm::StringSet<> keywords = {
      "alignas",       "alignof",      "and",
      "asm",           "auto",         "bool",
      "break",         "case",         "catch",
      "char",          "class",        "const",
      "continue",      "constexpr",    "decltype",
      "default",       "delete",       "do",
      "double",        "else",         "enum",
      "explicit",      "export",       "extern",
      "false",         "float",        "for",
      "friend",        "goto",         "if",
      "inline",        "int",          "long",
      "mutable",       "namespace",    "new",
      "noexcept",      "not",          "nullptr",
      "operator",      "or",           "private",
      "protected",     "public",       "register",
      "restrict",      "return",       "short",
      "signed",        "sizeof",       "static",
      "struct",        "switch",       "template",
      "this",          "throw",        "true",
      "try",           "typedef",      "typeid",
      "typename",      "typeof",       "union",
      "unsigned",      "using",        "virtual",
      "void",          "volatile",     "while",
      "xor",           "concept",      "requires",
      "static_assert", "thread_local", "unix",
      "linux",         "errno"};
  std::string base;
  for (char c : name)
    base += llvm::isAlnum(c) ? c : '_';
  if (base.empty() || llvm::isDigit(base.front()) || base.front() == '_')
    base.insert(0, "v");
  if (keywords.contains(base))
    base += '_';
  std::string identifier = base;
  for (unsigned i = 2;
       taken.contains(identifier) || taken.contains(identifier + "_sizes") ||
       taken.contains(identifier + "_allocation");
       ++i)
    identifier = base + "_" + std::to_string(i);
  taken.insert(identifier);
  taken.insert(identifier + "_sizes");
  taken.insert(identifier + "_allocation");
  return identifier;
}

/// Names come from files of others, and must not end a comment.
static std::string forComment(StringRef text) {
  std::string safe;
  for (char c : text)
    safe += c == '*' || !llvm::isPrint(c) ? '?' : c;
  return safe;
}

static bool isDynamic(const Parameter &parameter) {
  return llvm::any_of(parameter.shape, [](int64_t size) { return size < 0; });
}

namespace {
class HeaderWriter {
public:
  HeaderWriter(const ModelDescription &description, StringRef modelPath,
               raw_ostream &os)
      : description(description), os(os) {
    llvm::StringSet<> taken;
    fileName = llvm::sys::path::filename(modelPath).str();
    prefix = makeIdentifier(llvm::sys::path::stem(modelPath), taken);
    const Signature &signature = description.signature;
    for (bool isInput : {true, false}) {
      llvm::StringSet<> fields;
      for (const Parameter &parameter :
           isInput ? signature.arguments : signature.results)
        (isInput ? inputNames : outputNames)
            .push_back(makeIdentifier(parameter.name, fields));
    }
  }

  void write() {
    writeTop();
    writeStruct("inputs", description.signature.arguments, inputNames,
                /*isInput=*/true);
    writeStruct("outputs", description.signature.results, outputNames,
                /*isInput=*/false);
    writeRun();
    writeFree();
    os << "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  }

private:
  void writeTop();
  void writeStruct(StringRef kind, ArrayRef<Parameter> parameters,
                   ArrayRef<std::string> names, bool isInput);
  void writeRun();
  void writeFree();

  const ModelDescription &description;
  raw_ostream &os;
  std::string fileName, prefix;
  std::vector<std::string> inputNames, outputNames;
};
} // namespace

void HeaderWriter::writeTop() {
  std::string guard = StringRef(prefix).upper() + "_MODEL_H";
  SmallVector<StringRef> targets;
  for (const TargetDescription &target : description.targets)
    targets.push_back(target.name);
  os << "/* The model " << forComment(fileName) << ": function '"
     << forComment(description.signature.function) << "' compiled for "
     << llvm::join(targets, ", ") << ".\n * Written by " << description.producer
     << ".\n *\n"
     << " *   BevModel *model;\n"
     << " *   if (bevModelLoad(\"" << forComment(fileName)
     << "\", NULL, &model))\n"
     << " *     puts(bevrtLastError());\n"
     << " *   " << prefix << "_inputs inputs = {...};\n"
     << " *   " << prefix << "_outputs outputs;\n"
     << " *   if (" << prefix << "_run(model, &inputs, &outputs))\n"
     << " *     puts(bevrtLastError());\n"
     << " *   " << prefix << "_free(model, &outputs);\n"
     << " *   bevModelUnload(model);\n"
     << " *\n * Link with -lBEVRuntime. Tensors are contiguous and row-major; "
        "those of a model\n * that was loaded for CUDA are in device memory.\n"
     << " */\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include <bev-c/Model.h>\n\n#include <string.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
}

void HeaderWriter::writeStruct(StringRef kind, ArrayRef<Parameter> parameters,
                               ArrayRef<std::string> names, bool isInput) {
  os << "typedef struct " << prefix << "_" << kind << " {\n";
  for (auto [parameter, name] : llvm::zip_equal(parameters, names)) {
    StringRef type = getCType(parameter.type);
    os << "  /* " << forComment(parameter.format()) << " */\n";
    if (!parameter.isTensor) {
      os << "  " << type << " " << name << ";\n";
      continue;
    }
    os << "  " << (isInput ? "const " : "") << type << " *" << name << ";\n";
    size_t rank = parameter.shape.size();
    if (isInput ? isDynamic(parameter) : rank > 0)
      os << "  int64_t " << name << "_sizes[" << rank << "];\n";
    if (!isInput)
      os << "  void *" << name << "_allocation;\n";
  }
  if (parameters.empty())
    os << "  char unused;\n";
  os << "} " << prefix << "_" << kind << ";\n\n";
}

void HeaderWriter::writeRun() {
  const Signature &signature = description.signature;
  size_t numInputs = signature.arguments.size();
  size_t numOutputs = signature.results.size();
  os << "/* Runs the model. "
     << (numOutputs ? "What it returns belongs to the caller: " + prefix +
                          "_free frees it. "
                    : "")
     << "*/\nstatic inline bevrtStatus " << prefix
     << "_run(const BevModel *model, const " << prefix << "_inputs *inputs, "
     << prefix << "_outputs *outputs) {\n"
     << "  BevTensor in[" << std::max<size_t>(numInputs, 1) << "], out["
     << std::max<size_t>(numOutputs, 1) << "];\n"
     << "  bevrtStatus status;\n"
     << "  memset(in, 0, sizeof in);\n"
     << "  memset(out, 0, sizeof out);\n";
  if (numInputs == 0)
    os << "  (void)inputs;\n";
  for (size_t i = 0; i < numInputs; ++i) {
    const Parameter &parameter = signature.arguments[i];
    const std::string &name = inputNames[i];
    os << "  in[" << i << "].data = (void *)" << (parameter.isTensor ? "" : "&")
       << "inputs->" << name << ";\n"
       << "  in[" << i << "].rank = " << parameter.shape.size() << ";\n";
    for (auto [d, size] : llvm::enumerate(parameter.shape)) {
      os << "  in[" << i << "].sizes[" << d << "] = ";
      if (isDynamic(parameter))
        os << "inputs->" << name << "_sizes[" << d << "];\n";
      else
        os << size << ";\n";
    }
  }
  os << "  memset(outputs, 0, sizeof *outputs);\n";
  for (size_t i = 0; i < numOutputs; ++i)
    if (!signature.results[i].isTensor)
      os << "  out[" << i << "].data = &outputs->" << outputNames[i] << ";\n";
  os << "  status = bevModelRun(model, in, out);\n"
     << "  if (status != BEVRT_SUCCESS)\n    return status;\n";
  for (size_t i = 0; i < numOutputs; ++i) {
    const Parameter &parameter = signature.results[i];
    if (!parameter.isTensor)
      continue;
    const std::string &name = outputNames[i];
    os << "  outputs->" << name << " = (" << getCType(parameter.type)
       << " *)out[" << i << "].data;\n"
       << "  outputs->" << name << "_allocation = out[" << i
       << "].allocation;\n";
    if (!parameter.shape.empty())
      os << "  memcpy(outputs->" << name << "_sizes, out[" << i
         << "].sizes, sizeof outputs->" << name << "_sizes);\n";
  }
  os << "  return status;\n}\n\n";
}

void HeaderWriter::writeFree() {
  os << "static inline void " << prefix << "_free(const BevModel *model, "
     << prefix << "_outputs *outputs) {\n"
     << "  BevTensor tensor;\n"
     << "  memset(&tensor, 0, sizeof tensor);\n"
     << "  (void)model;\n";
  for (auto [parameter, name] :
       llvm::zip_equal(description.signature.results, outputNames))
    if (parameter.isTensor)
      os << "  tensor.allocation = outputs->" << name << "_allocation;\n"
         << "  bevModelFreeOutput(model, &tensor);\n";
  os << "  memset(outputs, 0, sizeof *outputs);\n}\n\n";
}

llvm::Error mlir::bev::writeModelHeader(const ModelDescription &description,
                                        StringRef modelPath,
                                        StringRef headerPath) {
  return writeFile(headerPath, [&](raw_ostream &os) {
    HeaderWriter(description, modelPath, os).write();
  });
}
