// RUN: bev-opt %s -split-input-file -verify-diagnostics

func.func @no_name(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected a non-empty operator name}}
  %y = onnx.node "" 16 (%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @no_yield(%x: tensor<i1>) {
  // expected-error @+1 {{expected subgraph 'then_branch' to be one block that ends in onnx.yield}}
  onnx.node "If" 16 (%x) then_branch {
    %y = onnx.node "Not" 16 (%x) : (tensor<i1>) -> tensor<i1>
  } : (tensor<i1>) -> ()
  return
}

// -----

func.func @names(%x: tensor<i1>) {
  // expected-error @+1 {{expected a name for each of the 1 subgraphs, but got 0}}
  "onnx.node"(%x) <{op_type = "If", version = 16 : i64}> ({
    onnx.yield
  }) : (tensor<i1>) -> ()
  return
}
