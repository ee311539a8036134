// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pipelines: passes in sequence, from model IR to code.

#ifndef BEV_PIPELINES_PIPELINES_H
#define BEV_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir::bev {

/// Facts of a CPU target.
struct LowerToLLVMOptions : public PassPipelineOptions<LowerToLLVMOptions> {
  PassOptions::Option<int64_t> vectorBytes{
      *this, "vector-bytes",
      llvm::cl::desc("width of the target's vectors in bytes (16: SSE, 32: "
                     "AVX2, 64: AVX-512)"),
      llvm::cl::init(32)};
  PassOptions::Option<int64_t> externalConstantBytes{
      *this, "external-constants",
      llvm::cl::desc("take constants of at least so many bytes out of the code "
                     "(0: none)"),
      llvm::cl::init(0)};
  PassOptions::Option<std::string> scheduleFile{
      *this, "schedule-file",
      llvm::cl::desc("file of schedules that bev-tune has found"),
      llvm::cl::init("")};
};

/// Facts of an NVIDIA GPU target.
struct LowerToNVVMOptions : public PassPipelineOptions<LowerToNVVMOptions> {
  PassOptions::Option<std::string> chip{
      *this, "chip",
      llvm::cl::desc(
          "the GPU to generate code for: sm_75 ... sm_121, or native"),
      llvm::cl::init("sm_90")};
  PassOptions::Option<std::string> format{
      *this, "format",
      llvm::cl::desc("what the device code becomes: llvm (nvvm dialect), isa "
                     "(PTX), bin (cubin) or fatbin"),
      llvm::cl::init("isa")};
  PassOptions::Option<int64_t> externalConstantBytes{
      *this, "external-constants",
      llvm::cl::desc("take constants of at least so many bytes out of the code "
                     "(0: none)"),
      llvm::cl::init(0)};
  PassOptions::Option<std::string> scheduleFile{
      *this, "schedule-file",
      llvm::cl::desc("file of schedules that bev-tune has found"),
      llvm::cl::init("")};
  PassOptions::Option<std::string> headMajorValues{
      *this, "head-major-values",
      llvm::cl::desc(
          "which attentions get a head-major value: never, absorbed, "
          "pays or always"),
      llvm::cl::init("never")};
  PassOptions::Option<bool> overlapLaunches{
      *this, "overlap-launches",
      llvm::cl::desc("let kernels start before what they depend on has ended, "
                     "and wait for it, on chips that can"),
      llvm::cl::init(true)};
};

/// How ONNX graphs become model IR.
struct ONNXToModelIROptions : public PassPipelineOptions<ONNXToModelIROptions> {
  PassOptions::Option<bool> raise{
      *this, "raise",
      llvm::cl::desc("turn groups of nodes into the bev ops that they spell"),
      llvm::cl::init(true)};
};

/// What an imported ONNX graph goes through on its way to model IR.
enum class ONNXStage {
  Imported,   ///< As the file has it.
  Simplified, ///< Ranked types everywhere; what is constant is folded.
  Raised,     ///< Groups of nodes are bev ops.
  ModelIR,    ///< No onnx ops.
};

/// An imported ONNX graph to model IR: bev and upstream ops, no onnx ops. Fails
/// with one error that lists all nodes that cannot be lowered. Ends early after
/// another `last` stage, and begins with what `first` lacks.
void buildONNXToModelIRPipeline(OpPassManager &pm,
                                const ONNXToModelIROptions &options,
                                ONNXStage last = ONNXStage::ModelIR,
                                ONNXStage first = ONNXStage::Imported);

/// Model IR to IR whose ops with channels carry schedules: what
/// `buildLowerToNVVMPipeline` begins with.
void buildScheduleForNVVMPipeline(OpPassManager &pm,
                                  const LowerToNVVMOptions &options);

/// Model IR to the llvm dialect for the CPU.
void buildLowerToLLVMPipeline(OpPassManager &pm,
                              const LowerToLLVMOptions &options);

/// Model IR to device code for an NVIDIA GPU and llvm-dialect host code.
void buildLowerToNVVMPipeline(OpPassManager &pm,
                              const LowerToNVVMOptions &options);

/// Registers `--onnx-to-model-ir`, `--lower-to-llvm` and `--lower-to-nvvm`.
void registerPipelines();

} // namespace mlir::bev

#endif // BEV_PIPELINES_PIPELINES_H
