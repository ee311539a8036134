// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Target/NPZ.h"
#include "gtest/gtest.h"

using namespace mlir::bev;

/// A version 1.0 file with the given dictionary.
static std::string makeFile(llvm::StringRef dict) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file.push_back(char(dict.size() & 0xff));
  file.push_back(char(dict.size() >> 8));
  return file + dict.str();
}

static std::string parseError(llvm::StringRef file) {
  llvm::Expected<NPYHeader> header = parseNPYHeader(file);
  return header ? "" : llvm::toString(header.takeError());
}

static std::string dictError(llvm::StringRef dict) {
  return parseError(makeFile(dict));
}

/// The error for an array with the given element type.
static std::string descrError(llvm::StringRef descr) {
  return dictError("{'descr': " + descr.str() +
                   ", 'fortran_order': False, 'shape': (2,), }");
}

static std::string shapeError(llvm::StringRef shape) {
  return dictError("{'descr': '<f4', 'fortran_order': False, 'shape': " +
                   shape.str() + ", }");
}

TEST(NPYHeaderTest, RoundTrips) {
  for (DType type : {DType::Bool, DType::I8, DType::I16, DType::I32, DType::I64,
                     DType::U8, DType::U16, DType::U32, DType::U64, DType::F16,
                     DType::F32, DType::F64}) {
    const std::vector<int64_t> shapes[] = {{}, {7}, {0, 2, 123456789}};
    for (llvm::ArrayRef<int64_t> shape : shapes) {
      std::string file = formatNPYHeader(type, shape);
      EXPECT_EQ(file.size() % 64, 0u);
      llvm::Expected<NPYHeader> header = parseNPYHeader(file);
      ASSERT_TRUE(bool(header)) << llvm::toString(header.takeError());
      EXPECT_EQ(header->type, type);
      EXPECT_EQ(llvm::ArrayRef(header->shape), shape);
      EXPECT_FALSE(header->fortranOrder);
      EXPECT_EQ(size_t(header->dataOffset), file.size());
    }
  }
}

TEST(NPYHeaderTest, AcceptsWhatNumPyWrites) {
  llvm::Expected<NPYHeader> header = parseNPYHeader(makeFile(
      "{'descr': '<f2', 'fortran_order': True, 'shape': (3, 4), }        \n"));
  ASSERT_TRUE(bool(header));
  EXPECT_TRUE(header->fortranOrder);
  EXPECT_EQ(header->type, DType::F16);
  // Python 2, and other writers.
  EXPECT_EQ(dictError("{\"shape\": (3L, 4L), \"descr\": \"=f4\", "
                      "\"fortran_order\": False}"),
            "");
  EXPECT_EQ(descrError("'|i1'"), "");
  EXPECT_EQ(descrError("'>u1'"), "");
  llvm::Expected<NPYHeader> voids = parseNPYHeader(
      makeFile("{'descr': '<V2', 'fortran_order': False, 'shape': ()}"));
  ASSERT_TRUE(bool(voids));
  EXPECT_EQ(voids->type, DType::BF16);
}

TEST(NPYHeaderTest, Version2And3) {
  std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
  for (char major : {2, 3}) {
    std::string file("\x93NUMPY", 6);
    file += {major, '\0', char(dict.size()), '\0', '\0', '\0'};
    llvm::Expected<NPYHeader> header = parseNPYHeader(file + dict);
    ASSERT_TRUE(bool(header)) << llvm::toString(header.takeError());
    EXPECT_EQ(size_t(header->dataOffset), 12 + dict.size());
  }
}

TEST(NPYHeaderTest, EveryTruncationIsAnError) {
  std::string file = formatNPYHeader(DType::F32, {2, 3});
  for (size_t length = 0; length < file.size(); ++length)
    EXPECT_NE(parseError(llvm::StringRef(file).take_front(length))
                  .find("is truncated"),
              std::string::npos)
        << length;
}

TEST(NPYHeaderTest, EveryFlippedByteIsHandled) {
  // No particular outcome, but one without a sanitizer's complaint.
  std::string file = formatNPYHeader(DType::F32, {2, 3});
  for (size_t i = 0; i < file.size(); ++i)
    for (int value = 0; value < 256; ++value) {
      std::string changed = file;
      changed[i] = char(value);
      (void)parseError(changed);
    }
}

TEST(NPYHeaderTest, Magic) {
  EXPECT_EQ(parseError("PK\x03\x04 and something more"),
            "is not a .npy array: it does not start with the magic string");
  EXPECT_EQ(
      parseError(llvm::StringRef("\x93NUMPY\x09\x00\x00\x00\x00\x00", 12)),
      "has .npy version 9.0; expected 1.0, 2.0 or 3.0");
}

TEST(NPYHeaderTest, ElementTypes) {
  EXPECT_EQ(descrError("'|O'"),
            "holds Python objects, which are not read; store a numeric array");
  EXPECT_EQ(descrError("'>f4'"), "is big-endian ('>f4'); convert it with "
                                 "a.astype(a.dtype.newbyteorder('<'))");
  EXPECT_EQ(
      descrError("'<c8'"),
      "has the unsupported element type '<c8'; expected bool, an integer, or a "
      "float of 16, 32 or 64 bits");
  EXPECT_EQ(descrError("[('x', '<f4'), ('y', '<f4')]"),
            "holds structures, which are not read; store one array per field");
  EXPECT_EQ(descrError("'f4'"), "has the unknown element type 'f4'");
  EXPECT_EQ(descrError("''"), "has the unknown element type ''");
  EXPECT_EQ(descrError("4"),
            "has a malformed .npy header: expected a quoted string as 'descr'");
}

TEST(NPYHeaderTest, Shapes) {
  EXPECT_EQ(shapeError("(2, 3)"), "");
  EXPECT_EQ(shapeError("(2, 3,)"), "");
  EXPECT_EQ(shapeError("(0, 1099511627776, 1099511627776)"), "");
  const char *malformed =
      "has a malformed .npy header: expected a tuple of sizes as 'shape'";
  for (const char *shape :
       {"(2)", "(-1,)", "2", "(,)", "(2,,3)", "(2.0,)", "(2 3)", "[2]", "("})
    EXPECT_EQ(shapeError(shape), malformed) << shape;
  const char *tooLarge = "declares a size that does not fit into 63 bits";
  EXPECT_EQ(shapeError("(99999999999999999999,)"), tooLarge);
  EXPECT_EQ(shapeError("(4611686018427387904, 4)"), tooLarge);
  std::string deep = "(";
  for (int i = 0; i < 65; ++i)
    deep += "1, ";
  EXPECT_EQ(shapeError(deep + ")"),
            "has 65 dimensions; at most 64 are supported");
}

TEST(NPYHeaderTest, Dictionaries) {
  EXPECT_EQ(dictError("[]"), "has a malformed .npy header: expected '{'");
  EXPECT_EQ(dictError("{}"), "has a malformed .npy header: no key 'descr'");
  EXPECT_EQ(dictError("{'descr': '<f4', 'shape': ()}"),
            "has a malformed .npy header: no key 'fortran_order'");
  EXPECT_EQ(dictError("{'descr': '<f4', 'fortran_order': False}"),
            "has a malformed .npy header: no key 'shape'");
  EXPECT_EQ(dictError("{'descr': '<f4', 'descr': '<f4'}"),
            "has a malformed .npy header: duplicate key 'descr'");
  EXPECT_EQ(dictError("{'fortran_order': False, 'fortran_order': False}"),
            "has a malformed .npy header: duplicate key 'fortran_order'");
  EXPECT_EQ(dictError("{'shape': (), 'shape': ()}"),
            "has a malformed .npy header: duplicate key 'shape'");
  EXPECT_EQ(
      dictError("{'fortran_order': 0}"),
      "has a malformed .npy header: expected True or False as 'fortran_order'");
  EXPECT_EQ(dictError("{'x': 0}"),
            "has a malformed .npy header: unexpected key 'x'");
  EXPECT_EQ(dictError("{descr: 0}"),
            "has a malformed .npy header: expected a quoted key and ':'");
  EXPECT_EQ(dictError("{'fortran_order': True 'shape': ()}"),
            "has a malformed .npy header: expected ',' or '}'");
  EXPECT_EQ(
      dictError("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x"),
      "has a malformed .npy header: text after '}'");
}
