// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens between two frames: the previous map is turned into the current
// heading of the vehicle (or cleared, where a new scene begins), and its motion
// becomes a shift in units of the map.  Any batch.
//
//   python3 examples/make_inputs.py align_previous_bev
//   build/bin/bev-run examples/align_previous_bev.mlir --inputs examples/align_previous_bev.inputs.npz
//     --expected examples/align_previous_bev.expected.npz

func.func @align_previous_bev(
    %prev_bev: tensor<?x50x50x256xf32> {bev.name = "prev_bev"},
    %angle: tensor<?xf32> {bev.name = "angle"},
    %new_scene: tensor<?xi1> {bev.name = "new_scene"},
    %can_bus: tensor<?x18xf32> {bev.name = "can_bus"})
    -> (tensor<?x50x50x256xf32> {bev.name = "turned"}, tensor<?x2xf32> {bev.name = "shift"}) {
  %zero = arith.constant 0 : index
  %batch = tensor.dim %prev_bev, %zero : tensor<?x50x50x256xf32>
  %turned_empty = tensor.empty(%batch) : tensor<?x50x50x256xf32>
  %turned = bev.warp_bev bilinear center([25.0, 25.0])
      ins(%prev_bev, %angle : tensor<?x50x50x256xf32>, tensor<?xf32>) reset(%new_scene : tensor<?xi1>)
      outs(%turned_empty : tensor<?x50x50x256xf32>) -> tensor<?x50x50x256xf32>
  %shift_empty = tensor.empty(%batch) : tensor<?x2xf32>
  %shift = bev.ego_shift grid_length([2.048, 2.048]) bev_size([50, 50])
      ins(%can_bus : tensor<?x18xf32>) outs(%shift_empty : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %turned, %shift : tensor<?x50x50x256xf32>, tensor<?x2xf32>
}
