// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What raising ONNX nodes to bev ops did, node by node.

#ifndef BEV_CONVERSION_ONNXTOBEV_RAISEREPORT_H
#define BEV_CONVERSION_ONNXTOBEV_RAISEREPORT_H

#include "bev/Dialect/ONNX/IR/ONNX.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace mlir::bev {

/// Collects which ONNX nodes became which bev ops, and which looked like one
/// and did not, with the reason.
class RaiseReport {
public:
  struct Entry {
    std::string node;   ///< The ONNX node's name, its operator in parentheses.
    std::string op;     ///< The bev op that it became or would have become.
    std::string reason; ///< Why not; empty where it was raised.
    LocationAttr location = {}; ///< The node's.
  };

  void raised(onnx::NodeOp node, StringRef op);
  /// One clause, lower case, no full stop.
  void refused(onnx::NodeOp node, StringRef op, const Twine &reason);
  /// Takes back that the node at that location was raised to `op`: it became
  /// part of a larger op.
  void absorbed(Location node, StringRef op);

  const std::vector<Entry> &getEntries() const { return entries; }
  /// One line for each node, then counts for each op.
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<Entry> entries;
};

/// Raises the module's ONNX nodes to bev ops.
void raiseONNXToBEV(ModuleOp module, RaiseReport &report);

} // namespace mlir::bev

#endif // BEV_CONVERSION_ONNXTOBEV_RAISEREPORT_H
