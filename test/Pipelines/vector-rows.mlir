// RUN: bev-opt %s --lower-to-llvm | FileCheck %s --check-prefix=CPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_90 | FileCheck %s --check-prefix=GPU
// RUN: bev-opt %s --lower-to-nvvm=chip=sm_75 | FileCheck %s --check-prefix=GPU

// Eight halves are one 128-bit load and store.
// CPU: omp.parallel
// GPU-NOT: .local
// GPU: ld.global.nc.v4.b32
// GPU: st.global.v4.b32

func.func @rows(%x: tensor<2x1000x8x32xf16>) -> tensor<2x1000x8x32xf16> {
  %e = tensor.empty() : tensor<2x1000x8x32xf16>
  %z = arith.constant 0.0 : f16
  %r = scf.forall (%b, %q, %m, %c) = (0, 0, 0, 0) to (2, 1000, 8, 32) step (1, 1, 1, 8) shared_outs(%o = %e) -> (tensor<2x1000x8x32xf16>) {
    %v = vector.transfer_read %x[%b, %q, %m, %c], %z {in_bounds = [true]} : tensor<2x1000x8x32xf16>, vector<8xf16>
    %w = arith.extf %v : vector<8xf16> to vector<8xf32>
    %s = math.exp %w : vector<8xf32>
    %t = arith.truncf %s : vector<8xf32> to vector<8xf16>
    %slice = tensor.extract_slice %o[%b, %q, %m, %c] [1, 1, 1, 8] [1, 1, 1, 1] : tensor<2x1000x8x32xf16> to tensor<1x1x1x8xf16>
    %c0 = arith.constant 0 : index
    %wr = vector.transfer_write %t, %slice[%c0, %c0, %c0, %c0] {in_bounds = [true]} : vector<8xf16>, tensor<1x1x1x8xf16>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %wr into %o[%b, %q, %m, %c] [1, 1, 1, 8] [1, 1, 1, 1] : tensor<1x1x1x8xf16> into tensor<2x1000x8x32xf16>
    }
  } {bev.threads = 128 : i64}
  return %r : tensor<2x1000x8x32xf16>
}
