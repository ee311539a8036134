// RUN: bev-opt %s --pass-pipeline="builtin.module(gpu.module(gpu.func(convert-guarded-loads-to-nvvm)))" | FileCheck %s

gpu.module @kernels {
  // CHECK-LABEL: gpu.func @load
  //  CHECK-SAME:   %[[X:.+]]: memref<64xf32>{{.*}}, %[[I:.+]]: index, %[[INSIDE:.+]]: i1
  //   CHECK-NOT:   scf.if
  //       CHECK:   %[[BASE:.+]] = memref.extract_aligned_pointer_as_index %[[X]]
  //       CHECK:   %[[ADDRESS:.+]] = arith.index_cast %{{.+}} : index to i64
  //       CHECK:   %[[WORDS:.+]] = llvm.inline_asm "mov.b32 $0, 0; mov.b32 $1, 0; mov.b32 $2, 0; mov.b32 $3, 0; @$5 ld.global.nc.v4.b32 {$0, $1, $2, $3}, [$4];", "=&r,=&r,=&r,=&r,l,b" %[[ADDRESS]], %[[INSIDE]]
  //       CHECK:   %[[VECTOR:.+]] = vector.from_elements
  //       CHECK:   vector.bitcast %[[VECTOR]] : vector<4xi32> to vector<4xf32>
  gpu.func @load(%x: memref<64xf32> {llvm.noalias, llvm.readonly}, %i: index, %inside: i1, %out: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %r = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %x[%i] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    vector.store %r, %out[%c0] : memref<4xf32>, vector<4xf32>
    gpu.return
  }

  // Memory of the kernel's own stays as it is.
  // CHECK-LABEL: gpu.func @own
  //       CHECK:   scf.if
  //       CHECK:   vector.load %{{.+}} : memref<4xf32, #gpu.address_space<workgroup>>
  gpu.func @own(%inside: i1, %out: memref<4xf32>) workgroup(%own: memref<4xf32, #gpu.address_space<workgroup>>) kernel {
    %c0 = arith.constant 0 : index
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %r = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %own[%c0] {alignment = 16 : i64} : memref<4xf32, #gpu.address_space<workgroup>>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    vector.store %r, %out[%c0] : memref<4xf32>, vector<4xf32>
    gpu.return
  }

  // 32 bytes are two instructions; halves travel in words.
  // CHECK-LABEL: gpu.func @wide
  //       CHECK:   @$9 ld.global.nc.v4.b32 {$0, $1, $2, $3}, [$8]; @$9 ld.global.nc.v4.b32 {$4, $5, $6, $7}, [$8+16];
  gpu.func @wide(%x: memref<8x64xf16> {llvm.noalias, llvm.readonly}, %i: index, %inside: i1, %out: memref<8xi32>) kernel {
    %c0 = arith.constant 0 : index
    %zero = arith.constant dense<0> : vector<8xi32>
    %r = scf.if %inside -> (vector<8xi32>) {
      %v = vector.load %x[%i, %c0] {alignment = 16 : i64} : memref<8x64xf16>, vector<16xf16>
      %w = vector.bitcast %v : vector<16xf16> to vector<8xi32>
      scf.yield %w : vector<8xi32>
    } else {
      scf.yield %zero : vector<8xi32>
    }
    vector.store %r, %out[%c0] : memref<8xi32>, vector<8xi32>
    gpu.return
  }

  // An index that is half of a word is picked out of it.
  // CHECK-LABEL: gpu.func @half
  //  CHECK-SAME:   %[[X:.+]]: memref<8x64xf32>{{.*}}, %[[WORD:.+]]: i32, %[[INSIDE:.+]]: i1
  //   CHECK-DAG:   %[[ZERO:.+]] = arith.constant 0 : i32
  //   CHECK-DAG:   %[[BYTES:.+]] = arith.constant 17424 : i32
  //       CHECK:   %[[HALF:.+]] = nvvm.prmt <default> %[[BYTES]], %[[WORD]], %[[ZERO]] : i32
  //       CHECK:   %[[ROW:.+]] = arith.index_castui %[[HALF]] : i32 to index
  //       CHECK:   arith.muli %[[ROW]]
  gpu.func @half(%x: memref<8x64xf32> {llvm.noalias, llvm.readonly}, %word: i32, %inside: i1, %out: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    %mask = arith.constant 0xffff : i32
    %half = arith.andi %word, %mask : i32
    %row = arith.index_cast %half : i32 to index
    scf.if %inside {
      %v = vector.load %x[%row, %c0] {alignment = 16 : i64} : memref<8x64xf32>, vector<4xf32>
      vector.store %v, %out[%c0] : memref<4xf32>, vector<4xf32>
    }
    gpu.return
  }

  // Other bits are not.
  // CHECK-LABEL: gpu.func @bits
  //   CHECK-NOT:   nvvm.prmt
  //       CHECK:   gpu.return
  gpu.func @bits(%x: memref<8x64xf32> {llvm.noalias, llvm.readonly}, %word: i32, %inside: i1, %out: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    %mask = arith.constant 0xfff : i32
    %bits = arith.andi %word, %mask : i32
    %row = arith.index_cast %bits : i32 to index
    scf.if %inside {
      %v = vector.load %x[%row, %c0] {alignment = 16 : i64} : memref<8x64xf32>, vector<4xf32>
      vector.store %v, %out[%c0] : memref<4xf32>, vector<4xf32>
    }
    gpu.return
  }

  // Indices are as wide as the target says, and elements may be vectors.
  // CHECK-LABEL: gpu.func @indices
  //       CHECK:   vector.load
  //       CHECK:   vector.load
  gpu.func @indices(%x: memref<64xindex> {llvm.noalias, llvm.readonly}, %y: memref<64xvector<4xf32>> {llvm.noalias, llvm.readonly}, %i: index, %inside: i1, %out: memref<4xindex>, %other: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    scf.if %inside {
      %w = vector.load %y[%i] {alignment = 16 : i64} : memref<64xvector<4xf32>>, vector<4xf32>
      vector.store %w, %other[%c0] : memref<4xf32>, vector<4xf32>
      %v = vector.load %x[%i] {alignment = 16 : i64} : memref<64xindex>, vector<4xindex>
      vector.store %v, %out[%c0] : memref<4xindex>, vector<4xindex>
    }
    gpu.return
  }

  // What is known of an address before the branch is computed there; the load
  // itself stays behind it.
  // CHECK-LABEL: gpu.func @behind
  //  CHECK-SAME:   %[[X:.+]]: memref<8x64xf32>{{.*}}, %[[ROW:.+]]: memref<1xindex>{{.*}}, %[[J:.+]]: index, %[[INSIDE:.+]]: i1
  //       CHECK:   %[[BASE:.+]] = memref.extract_aligned_pointer_as_index %[[X]]
  //       CHECK:   %[[COLUMN:.+]] = arith.muli %[[J]], %{{.+}} : index
  //       CHECK:   %[[KNOWN:.+]] = arith.addi %[[BASE]], %[[COLUMN]] : index
  //       CHECK:   scf.if %[[INSIDE]]
  //       CHECK:     %[[I:.+]] = memref.load %[[ROW]]
  //       CHECK:     %[[BYTES:.+]] = arith.muli %[[I]], %{{.+}} : index
  //       CHECK:     %[[ADDRESS:.+]] = arith.addi %[[KNOWN]], %[[BYTES]] : index
  //       CHECK:     %[[NUMBER:.+]] = arith.index_cast %[[ADDRESS]] : index to i64
  //       CHECK:     %[[AT:.+]] = arith.addi %[[NUMBER]], %{{.+}} : i64
  //       CHECK:     %[[POINTER:.+]] = llvm.inttoptr %[[AT]] : i64 to !llvm.ptr<1>
  //       CHECK:     llvm.load %[[POINTER]] invariant {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
  gpu.func @behind(%x: memref<8x64xf32> {llvm.noalias, llvm.readonly}, %row: memref<1xindex>, %j: index, %inside: i1, %out: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    scf.if %inside {
      %i = memref.load %row[%c0] : memref<1xindex>
      %v = vector.load %x[%i, %j] {alignment = 16 : i64} : memref<8x64xf32>, vector<4xf32>
      vector.store %v, %out[%c0] : memref<4xf32>, vector<4xf32>
    }
    gpu.return
  }

  // Constants in the indices are the instruction's, also negative ones; what is
  // left is one address.
  // CHECK-LABEL: gpu.func @offsets
  //  CHECK-SAME:   %{{.+}}: memref<8x64xf16>{{.*}}, %[[I:.+]]: index, %[[J:.+]]: index
  //       CHECK:   %[[ROW:.+]] = arith.constant 128 : index
  //       CHECK:   arith.muli %[[I]], %[[ROW]]
  //       CHECK:   @$9 ld.global.nc.v4.b32 {$0, $1, $2, $3}, [$8+144]; @$9 ld.global.nc.v4.b32 {$4, $5, $6, $7}, [$8+160];
  //       CHECK:   @$5 ld.global.nc.v4.b32 {$0, $1, $2, $3}, [$4+-128];
  gpu.func @offsets(%x: memref<8x64xf16> {llvm.noalias, llvm.readonly}, %i: index, %j: index, %inside: i1, %out: memref<8xi32>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c-2 = arith.constant -2 : index
    %c8 = arith.constant 8 : index
    %i1 = arith.addi %i, %c1 : index
    %i-1 = arith.addi %i1, %c-2 : index
    %j8 = arith.addi %j, %c8 : index
    %zero = arith.constant dense<0> : vector<8xi32>
    %none = arith.constant dense<0> : vector<4xi32>
    %r = scf.if %inside -> (vector<8xi32>) {
      %v = vector.load %x[%i1, %j8] {alignment = 16 : i64} : memref<8x64xf16>, vector<16xf16>
      %w = vector.bitcast %v : vector<16xf16> to vector<8xi32>
      scf.yield %w : vector<8xi32>
    } else {
      scf.yield %zero : vector<8xi32>
    }
    %s = scf.if %inside -> (vector<4xi32>) {
      %v = vector.load %x[%i-1, %c0] {alignment = 16 : i64} : memref<8x64xf16>, vector<8xf16>
      %w = vector.bitcast %v : vector<8xf16> to vector<4xi32>
      scf.yield %w : vector<4xi32>
    } else {
      scf.yield %none : vector<4xi32>
    }
    vector.store %r, %out[%c0] : memref<8xi32>, vector<8xi32>
    vector.store %s, %out[%c0] : memref<8xi32>, vector<4xi32>
    gpu.return
  }

  // What does not fit the instruction is added before.
  // CHECK-LABEL: gpu.func @far
  //       CHECK:   ld.global.nc.b32 $0, [$1];
  gpu.func @far(%x: memref<8x4194304xf32> {llvm.noalias, llvm.readonly}, %i: index, %inside: i1, %out: memref<1xf32>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %i1 = arith.addi %i, %c1 : index
    %zero = arith.constant dense<0.0> : vector<1xf32>
    %r = scf.if %inside -> (vector<1xf32>) {
      %v = vector.load %x[%i1, %c0] {alignment = 4 : i64} : memref<8x4194304xf32>, vector<1xf32>
      scf.yield %v : vector<1xf32>
    } else {
      scf.yield %zero : vector<1xf32>
    }
    vector.store %r, %out[%c0] : memref<1xf32>, vector<1xf32>
    gpu.return
  }

  // Memory that the kernel may write, unaligned loads, other values than zeros
  // and branches that do more stay as they are.
  // CHECK-LABEL: gpu.func @kept
  // CHECK-COUNT-4: scf.if
  //   CHECK-NOT:   llvm.inline_asm
  gpu.func @kept(%x: memref<64xf32> {llvm.noalias, llvm.readonly}, %y: memref<64xf32>, %i: index, %inside: i1, %out: memref<4xf32>) kernel {
    %c0 = arith.constant 0 : index
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %one = arith.constant dense<1.0> : vector<4xf32>
    %written = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %y[%i] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    %unaligned = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %x[%i] : memref<64xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    %ones = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %x[%i] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %one : vector<4xf32>
    }
    %more = scf.if %inside -> (vector<4xf32>) {
      %v = vector.load %x[%i] {alignment = 16 : i64} : memref<64xf32>, vector<4xf32>
      vector.store %v, %out[%c0] : memref<4xf32>, vector<4xf32>
      scf.yield %v : vector<4xf32>
    } else {
      scf.yield %zero : vector<4xf32>
    }
    vector.store %written, %out[%c0] : memref<4xf32>, vector<4xf32>
    vector.store %unaligned, %out[%c0] : memref<4xf32>, vector<4xf32>
    vector.store %ones, %out[%c0] : memref<4xf32>, vector<4xf32>
    vector.store %more, %out[%c0] : memref<4xf32>, vector<4xf32>
    gpu.return
  }
}
