// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Conversion/ONNXToBEV/RaiseReport.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::bev;

static std::string describe(onnx::NodeOp node) {
  std::string name = node.getNodeName();
  if (name.empty())
    name = "unnamed";
  return name + " (" + node.getOpType().str() + ")";
}

void RaiseReport::raised(onnx::NodeOp node, StringRef op) {
  entries.push_back({describe(node), op.str(), "", node.getLoc()});
}

void RaiseReport::refused(onnx::NodeOp node, StringRef op,
                          const Twine &reason) {
  entries.push_back({describe(node), op.str(), reason.str(), node.getLoc()});
}

void RaiseReport::absorbed(Location node, StringRef op) {
  auto entry = llvm::find_if(entries, [&](const Entry &entry) {
    return entry.location == node && entry.op == op && entry.reason.empty();
  });
  if (entry != entries.end())
    entries.erase(entry);
}

void RaiseReport::print(llvm::raw_ostream &os) const {
  struct Counts {
    unsigned raised = 0, refused = 0;
  };
  llvm::MapVector<StringRef, Counts> counts;
  for (const Entry &entry : entries) {
    Counts &count = counts[entry.op];
    if (entry.reason.empty()) {
      ++count.raised;
      os << "raised      " << entry.node << " -> " << entry.op << "\n";
    } else {
      ++count.refused;
      os << "not raised  " << entry.node << " -> " << entry.op << ": "
         << entry.reason << "\n";
    }
  }
  for (auto &[op, count] : counts) {
    os << "total       " << op << ": " << count.raised << " raised";
    if (count.refused)
      os << ", " << count.refused << " not raised";
    os << "\n";
  }
  if (entries.empty())
    os << "total       nothing was found that a bev op stands for\n";
}
