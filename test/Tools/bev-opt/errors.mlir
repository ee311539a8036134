// What a user can get wrong gives one diagnostic and exit status 1.

// RUN: not bev-opt %s --no-such-pass 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: not bev-opt %s --pass-pipeline='builtin.module(no-such-pass)' 2>&1 | FileCheck %s --check-prefix=PASS
// RUN: not bev-opt %s --lower-to-nvvm='chip=sm_90 no-such-option=1' 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not bev-opt %t.absent.mlir 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: not bev-opt %s --lower-to-nvvm=chip=sm_1 2>&1 | FileCheck %s --check-prefix=CHIP --implicit-check-not="LLVM ERROR" --implicit-check-not="Stack dump"
// RUN: not bev-opt %s --lower-to-nvvm=chip=toaster 2>&1 | FileCheck %s --check-prefix=CHIP --implicit-check-not="LLVM ERROR" --implicit-check-not="Stack dump"
// RUN: not bev-opt %s --lower-to-nvvm=format=tape 2>&1 | FileCheck %s --check-prefix=FORMAT --implicit-check-not="LLVM ERROR" --implicit-check-not="Stack dump"

// FLAG: Unknown command line argument '--no-such-pass'
// PASS: error: 'no-such-pass' does not refer to a registered pass or pass pipeline
// OPTION: no such option no-such-option
// FILE: cannot open input file '{{.*}}absent.mlir': No such file or directory
// CHIP: error: unknown chip '{{sm_1|toaster}}'; expected native or one of sm_75,
// CHIP-NOT: {{error|note}}:
// FORMAT: error: {{.*}}format{{.*}}'tape'

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %init = tensor.empty() : tensor<4xf32>
  %0 = linalg.abs ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
