// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dialects and passes as a plugin for any opt tool that runs on the shared MLIR
// library: mlir-opt --load-dialect-plugin=BEVPlugin.so
// --load-pass-plugin=BEVPlugin.so --pass-pipeline=...

#include "bev/InitAllDialects.h"
#include "bev/InitAllExtensions.h"
#include "bev/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

static constexpr const char *pluginName = "BEV";
static constexpr const char *pluginVersion = "0.1.0";

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, pluginName, pluginVersion,
          [](mlir::DialectRegistry *registry) {
            mlir::bev::registerBEVDialects(*registry);
            mlir::bev::registerBEVExtensions(*registry);
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, pluginName, pluginVersion,
          [] { mlir::bev::registerBEVPasses(); }};
}
