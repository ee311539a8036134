// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "bev/Dialect/BEV/Transforms/ScheduleFile.h"
#include "gtest/gtest.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;
using namespace mlir::bev;

namespace {

class ScheduleFileTest : public ::testing::Test {
protected:
  ScheduleFileTest() { context.loadDialect<BEVDialect>(); }

  ScheduleFile parse(StringRef text) {
    FailureOr<ScheduleFile> file = ScheduleFile::parse(text, "f", &context);
    EXPECT_TRUE(succeeded(file));
    return succeeded(file) ? *file : ScheduleFile();
  }

  ScheduleAttr schedule(StringRef text) {
    std::string message;
    FailureOr<ScheduleAttr> parsed = parseSchedule(text, &context, message);
    EXPECT_EQ(message, "");
    return succeeded(parsed) ? *parsed : ScheduleAttr();
  }

  static std::string print(const ScheduleFile &file) {
    std::string text;
    llvm::raw_string_ostream os(text);
    file.print(os);
    return text;
  }

  /// The error of a file, as "line: message".
  std::string error(StringRef text) {
    std::string message;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      auto place = cast<FileLineColLoc>(diagnostic.getLocation());
      EXPECT_EQ(message, "") << "more than one error";
      EXPECT_EQ(place.getFilename(), "f");
      message = std::to_string(place.getLine()) + ": " + diagnostic.str();
      return success();
    });
    EXPECT_TRUE(failed(ScheduleFile::parse(text, "f", &context)));
    return message;
  }

  MLIRContext context;
};

constexpr const char *kFile = R"(# what the file is for

# found by hand
# in two lines
sm_90 bev.warp_bev ins=a outs=b:
  lanes = 8, threads = 128

sm_80 bev.warp_bev ins=a outs=b:
  lanes = 4

# the last one
sm_90 bev.ms_deform_attn ins=c outs=d:
  lanes = 2

# the end
)";

TEST_F(ScheduleFileTest, WhatIsReadIsWritten) {
  EXPECT_EQ(print(parse(kFile)), kFile);
}

TEST_F(ScheduleFileTest, AnEntryTakesThePlaceOfItsKeyAlone) {
  ScheduleFile file = parse(kFile);
  file.set("sm_90 bev.warp_bev ins=a outs=b",
           schedule("lanes = 2, threads = 64"), {"# searched"});
  EXPECT_EQ(print(file), R"(# what the file is for

# searched
sm_90 bev.warp_bev ins=a outs=b:
  lanes = 2, threads = 64

sm_80 bev.warp_bev ins=a outs=b:
  lanes = 4

# the last one
sm_90 bev.ms_deform_attn ins=c outs=d:
  lanes = 2

# the end
)");
  EXPECT_EQ(file.getEntries().size(), 3u);
}

TEST_F(ScheduleFileTest, NewEntriesComeAfterThoseThatAreThere) {
  ScheduleFile file = parse("cpu bev.warp_bev ins=a outs=b:\n  lanes = 4\n");
  file.set("sm_90 bev.warp_bev ins=a outs=b", schedule("lanes = 2"), {});
  file.set("sm_90 bev.warp_bev ins=a outs=b", schedule("lanes = 8"), {"# x"});
  EXPECT_EQ(print(file), R"(# bev schedules

cpu bev.warp_bev ins=a outs=b:
  lanes = 4

# x
sm_90 bev.warp_bev ins=a outs=b:
  lanes = 8
)");
  const ScheduleFile::Entry *entry =
      file.lookUp("sm_90 bev.warp_bev ins=a outs=b");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->schedule, schedule("lanes = 8"));
  EXPECT_EQ(entry->line, 0u);
  EXPECT_EQ(file.lookUp("cpu bev.warp_bev ins=a outs=b")->line, 1u);
  EXPECT_EQ(file.lookUp("sm_80 bev.warp_bev ins=a outs=b"), nullptr);
}

TEST_F(ScheduleFileTest, CommentsInAnEntryComeAboveIt) {
  ScheduleFile file =
      parse("sm_90  bev.warp_bev\tins=a outs=b:  # of the model\n"
            "  # as wide as may be\n"
            "  lanes = 8, # in bytes: 16\n"
            "\tthreads = 64\n"
            "# not of it\n"
            "sm_80 bev.warp_bev ins=a outs=b:\n"
            "  lanes = 4");
  EXPECT_EQ(print(file), R"(# bev schedules

# of the model
# as wide as may be
# in bytes: 16
sm_90 bev.warp_bev ins=a outs=b:
  lanes = 8, threads = 64

# not of it
sm_80 bev.warp_bev ins=a outs=b:
  lanes = 4
)");
  EXPECT_EQ(print(parse(print(file))), print(file));
}

TEST_F(ScheduleFileTest, FilesWithoutEntries) {
  for (const char *text : {"", "\n\n", "# bev schedules\n", "# bev schedules"})
    EXPECT_EQ(print(parse(text)), "# bev schedules\n");
  EXPECT_EQ(print(parse("# mine\n\n\n# more\n")), "# mine\n\n# more\n");
}

TEST_F(ScheduleFileTest, LineEndsOfOtherSystems) {
  EXPECT_EQ(
      print(parse("# mine\r\n\r\ncpu bev.warp_bev ins=a:\r\n  lanes = 4\r\n")),
      "# mine\n\ncpu bev.warp_bev ins=a:\n  lanes = 4\n");
}

TEST_F(ScheduleFileTest, Errors) {
  EXPECT_EQ(error("cpu bev.warp_bev:\n  lanes = 1\n\ncpu  bev.warp_bev:\n"),
            "4: expected one schedule for each key, but 'cpu bev.warp_bev' has "
            "one in line 1");
  EXPECT_EQ(error("# x\n  lanes = 1\n"),
            "2: expected a key 'CHIP bev.OP ...:' in the first column before "
            "the schedule 'lanes = 1'");
  EXPECT_EQ(error("cpu bev.warp_bev:\nsm_90 bev.warp_bev:\n"),
            "1: expected an indented schedule, such as 'lanes = 8, threads = "
            "128', after the key 'cpu bev.warp_bev'");
  EXPECT_EQ(error("cpu warp_bev:\n"),
            "1: expected a key 'CHIP bev.OP ...:' that ends with a colon, or "
            "an indented schedule, but got 'cpu warp_bev:'");
  EXPECT_TRUE(StringRef(error("cpu bev.warp_bev:\n\n  lanes = 1,\n  no\n"))
                  .starts_with("3: expected a schedule, such as 'lanes = 8, "
                               "threads = 128', but got 'lanes = 1, no': "));
}

} // namespace
