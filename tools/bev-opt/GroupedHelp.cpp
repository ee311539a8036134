// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "GroupedHelp.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Support/Timing.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <vector>

using namespace mlir;

/// Where a pass or pipeline is listed; groups are printed in this order.
enum class Group {
  BEVPipelines,
  BEVPasses,
  Conversions,
  Bufferization,
  Linalg,
  SCF,
  Vector,
  MemRef,
  Arith,
  GPU,
  LLVM,
  Transform,
  General,
  UpstreamPipelines
};

static llvm::StringRef getTitle(Group group) {
  switch (group) {
  case Group::BEVPipelines:
    return "Pipelines";
  case Group::BEVPasses:
    return "Passes of this project";
  case Group::Conversions:
    return "Upstream: conversions";
  case Group::Bufferization:
    return "Upstream: bufferization";
  case Group::Linalg:
    return "Upstream: linalg and tensor";
  case Group::SCF:
    return "Upstream: loops (scf, affine)";
  case Group::Vector:
    return "Upstream: vector";
  case Group::MemRef:
    return "Upstream: memref";
  case Group::Arith:
    return "Upstream: arith and math";
  case Group::GPU:
    return "Upstream: gpu and nvvm";
  case Group::LLVM:
    return "Upstream: llvm";
  case Group::Transform:
    return "Upstream: transform dialect";
  case Group::General:
    return "Upstream: any IR";
  case Group::UpstreamPipelines:
    return "Upstream: pipelines";
  }
  return "";
}

/// Whether `name`, with a conversion's prefix, is a conversion of upstream's.
/// This project's have the same prefix; what is not in this list is one of
/// them.
static bool isUpstreamConversion(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases({"convert-arith-to-llvm",
              "convert-bufferization-to-memref",
              "convert-cf-to-llvm",
              "convert-elementwise-to-linalg",
              "convert-func-to-llvm",
              "convert-gpu-to-nvvm",
              "convert-index-to-llvm",
              "convert-linalg-to-affine-loops",
              "convert-linalg-to-loops",
              "convert-linalg-to-parallel-loops",
              "convert-math-to-funcs",
              "convert-math-to-libm",
              "convert-math-to-llvm",
              "convert-nvgpu-to-nvvm",
              "convert-nvvm-to-llvm",
              "convert-openmp-to-llvm",
              "convert-parallel-loops-to-gpu",
              "convert-scf-to-cf",
              "convert-scf-to-openmp",
              "convert-tensor-to-linalg",
              "convert-to-llvm",
              "convert-ub-to-llvm",
              "convert-vector-to-gpu",
              "convert-vector-to-llvm",
              "convert-vector-to-scf"},
             true)
      .Default(false);
}

/// Upstream prefixes its passes with the dialect they act on, with exceptions.
static Group getPassGroup(llvm::StringRef name) {
  return llvm::StringSwitch<Group>(name)
      .Cases({"reconcile-unrealized-casts", "set-llvm-module-datalayout",
              "gpu-to-llvm"},
             Group::Conversions)
      .StartsWith("bev-", Group::BEVPasses)
      .EndsWith("-bev", Group::BEVPasses)
      .StartsWith("convert-", isUpstreamConversion(name) ? Group::Conversions
                                                         : Group::BEVPasses)
      .StartsWith("finalize-", Group::Conversions)
      .StartsWith("lower-", Group::Conversions)
      .Cases({"eliminate-empty-tensors", "promote-buffers-to-stack"},
             Group::Bufferization)
      .StartsWith("one-shot", Group::Bufferization)
      .StartsWith("empty-tensor", Group::Bufferization)
      .StartsWith("ownership-", Group::Bufferization)
      .StartsWith("optimize-allocation", Group::Bufferization)
      .StartsWith("buffer", Group::Bufferization)
      .StartsWith("drop-equivalent-buffer", Group::Bufferization)
      .StartsWith("linalg-", Group::Linalg)
      .EndsWith("-linalg", Group::Linalg)
      .StartsWith("fold-tensor", Group::Linalg)
      .StartsWith("simplify-depthwise", Group::Linalg)
      .StartsWith("scf-", Group::SCF)
      .StartsWith("affine-", Group::SCF)
      .StartsWith("test-scf", Group::SCF)
      .StartsWith("raise-", Group::SCF)
      .StartsWith("vector-", Group::Vector)
      .EndsWith("vector-form", Group::Vector)
      .EndsWith("-transfers", Group::Vector)
      .StartsWith("memref-", Group::MemRef)
      .Cases({"flatten-memref", "reify-result-shapes"}, Group::MemRef)
      .StartsWith("expand-strided", Group::MemRef)
      .StartsWith("expand-realloc", Group::MemRef)
      .StartsWith("fold-memref", Group::MemRef)
      .StartsWith("normalize-memrefs", Group::MemRef)
      .StartsWith("resolve-", Group::MemRef)
      .StartsWith("arith-", Group::Arith)
      .StartsWith("int-range", Group::Arith)
      .StartsWith("math-", Group::Arith)
      .StartsWith("gpu-", Group::GPU)
      .StartsWith("nvvm-", Group::GPU)
      .StartsWith("spirv-", Group::GPU)
      .StartsWith("rocdl-", Group::GPU)
      .StartsWith("xevm-", Group::GPU)
      .StartsWith("llvm-", Group::LLVM)
      .StartsWith("ensure-debug-info", Group::LLVM)
      .StartsWith("transform-", Group::Transform)
      .Default(Group::General);
}

static Group getPipelineGroup(llvm::StringRef name) {
  if (name == "lower-to-llvm" || name == "lower-to-nvvm" ||
      name.starts_with("bev-"))
    return Group::BEVPipelines;
  return Group::UpstreamPipelines;
}

void bev::printGroupedHelp(DialectRegistry &registry) {
  // What is registered before comes with LLVM's code generators; it works, but
  // would bury the options that matter.
  llvm::StringSet<> backendOptions;
  for (auto &entry : llvm::cl::getRegisteredOptions())
    backendOptions.insert(entry.first);

  MlirOptMainConfig::registerCLOptions(registry);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  registerDefaultTimingManagerCLOptions();

  std::map<Group, std::vector<const PassRegistryEntry *>> groups;
  std::vector<const llvm::cl::Option *> options;
  size_t width = 0;
  for (auto &entry : llvm::cl::getRegisteredOptions()) {
    llvm::StringRef name = entry.first;
    if (const auto *pipeline = PassPipelineInfo::lookup(name)) {
      groups[getPipelineGroup(name)].push_back(pipeline);
      width = std::max(width, pipeline->getOptionWidth());
    } else if (const auto *pass = PassInfo::lookup(name)) {
      groups[getPassGroup(name)].push_back(pass);
      width = std::max(width, pass->getOptionWidth());
    } else if (entry.second->ArgStr == name && !backendOptions.contains(name) &&
               entry.second->getOptionHiddenFlag() == llvm::cl::NotHidden) {
      options.push_back(entry.second);
      width = std::max(width, entry.second->getOptionWidth());
    }
  }

  llvm::raw_ostream &os = llvm::outs();
  os << "OVERVIEW: bird's-eye-view compiler driver\n"
     << "USAGE: bev-opt [passes, pipelines and options in order] "
        "[module.mlir or model.onnx, or - for standard input]\n\n"
     << "  bev-opt module.mlir --lower-to-nvvm='chip=sm_90 format=isa'\n"
     << "  bev-opt module.mlir --pass-pipeline='builtin.module(canonicalize)'\n"
     << "  bev-opt module.mlir --lower-to-llvm --mlir-print-ir-after-all\n";
  for (auto &[group, entries] : groups) {
    llvm::sort(entries, [](const auto *lhs, const auto *rhs) {
      return lhs->getPassArgument() < rhs->getPassArgument();
    });
    os << "\n" << getTitle(group) << ":\n\n";
    for (const PassRegistryEntry *entry : entries)
      entry->printHelpStr(/*indent=*/2, width);
  }

  llvm::sort(options, [](const auto *lhs, const auto *rhs) {
    return lhs->ArgStr < rhs->ArgStr;
  });
  os << "\nOptions (--help-hidden lists all):\n\n";
  for (const llvm::cl::Option *option : options)
    option->printOptionInfo(width);
}
