// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "WeightTable.h"

#include "bev/Import/MappedFiles.h"
#include "bev/Pipelines/Constants.h"
#include "bev/Runtime/ModelFormat.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::bev;
namespace ELF = llvm::ELF;

unsigned WeightTable::add(ArrayRef<char> bytes) {
  SmallVector<unsigned, 1> &indices = byHash[hashConstant(bytes)];
  for (unsigned index : indices)
    if (constants[index].bytes == bytes)
      return index;
  uint64_t offset = llvm::alignTo(sectionBytes, kConstantAlignment);
  sectionBytes = offset + bytes.size();
  indices.push_back(constants.size());
  constants.push_back({bytes, offset});
  return constants.size() - 1;
}

std::string WeightTable::getSymbol(unsigned index) {
  return "bev.weight." + std::to_string(index);
}

namespace {
/// A table of strings: a null character, and strings that end with one.
class StringTable {
public:
  unsigned add(StringRef string) {
    unsigned offset = text.size();
    text += string;
    text += '\0';
    return offset;
  }
  std::string text = std::string(1, '\0');
};
} // namespace

template <typename T>
static void writeRaw(raw_ostream &os, const T &value) {
  os.write(reinterpret_cast<const char *>(&value), sizeof value);
}

static ELF::Elf64_Sym makeSymbol(unsigned name, unsigned section,
                                 uint64_t offset, uint64_t size) {
  ELF::Elf64_Sym symbol = {};
  symbol.st_name = name;
  symbol.setBindingAndType(ELF::STB_GLOBAL, ELF::STT_OBJECT);
  symbol.st_other = ELF::STV_HIDDEN;
  symbol.st_shndx = section;
  symbol.st_value = offset;
  symbol.st_size = size;
  return symbol;
}

llvm::Error WeightTable::writeObject(raw_ostream &os) const {
  llvm::Triple triple(llvm::sys::getProcessTriple());
  if (!triple.isOSBinFormatELF() || !triple.isLittleEndian() ||
      !(triple.isX86() || triple.isAArch64()) || !triple.isArch64Bit())
    return llvm::createStringError("no object files can be written for %s",
                                   triple.str().c_str());

  enum Section { Null, Weights, Stack, Symbols, Strings, Names, NumSections };
  StringTable names, strings;
  ELF::Elf64_Shdr sections[NumSections] = {};
  sections[Weights].sh_name = names.add(BEV_MODEL_WEIGHTS_SECTION);
  sections[Weights].sh_type = ELF::SHT_PROGBITS;
  sections[Weights].sh_flags = ELF::SHF_ALLOC;
  // Placed such that distances between other sections stay small.
  if (triple.isX86())
    sections[Weights].sh_flags |= ELF::SHF_X86_64_LARGE;
  sections[Weights].sh_size = sectionBytes;
  sections[Weights].sh_addralign = kConstantAlignment;

  // Says that the stack need not be executable.
  sections[Stack].sh_name = names.add(".note.GNU-stack");
  sections[Stack].sh_type = ELF::SHT_PROGBITS;
  sections[Stack].sh_addralign = 1;

  SmallVector<ELF::Elf64_Sym> symbols = {ELF::Elf64_Sym{}};
  symbols.push_back(
      makeSymbol(strings.add(kBeginSymbol), Weights, 0, sectionBytes));
  for (auto [index, constant] : llvm::enumerate(constants))
    symbols.push_back(makeSymbol(strings.add(getSymbol(index)), Weights,
                                 constant.offset, constant.bytes.size()));
  sections[Symbols].sh_name = names.add(".symtab");
  sections[Symbols].sh_type = ELF::SHT_SYMTAB;
  sections[Symbols].sh_size = symbols.size() * sizeof(ELF::Elf64_Sym);
  sections[Symbols].sh_link = Strings;
  sections[Symbols].sh_info = 1; // The first that is not local.
  sections[Symbols].sh_addralign = 8;
  sections[Symbols].sh_entsize = sizeof(ELF::Elf64_Sym);

  sections[Strings].sh_name = names.add(".strtab");
  sections[Strings].sh_type = ELF::SHT_STRTAB;
  sections[Strings].sh_size = strings.text.size();
  sections[Strings].sh_addralign = 1;

  sections[Names].sh_name = names.add(".shstrtab");
  sections[Names].sh_type = ELF::SHT_STRTAB;
  sections[Names].sh_size = names.text.size();
  sections[Names].sh_addralign = 1;

  uint64_t end = sizeof(ELF::Elf64_Ehdr);
  for (unsigned i = 1; i < NumSections; ++i) {
    sections[i].sh_offset = llvm::alignTo(end, sections[i].sh_addralign);
    end = sections[i].sh_offset + sections[i].sh_size;
  }
  uint64_t headersOffset = llvm::alignTo(end, 8);

  ELF::Elf64_Ehdr header = {};
  std::copy_n(ELF::ElfMagic, 4, header.e_ident);
  header.e_ident[ELF::EI_CLASS] = ELF::ELFCLASS64;
  header.e_ident[ELF::EI_DATA] = ELF::ELFDATA2LSB;
  header.e_ident[ELF::EI_VERSION] = ELF::EV_CURRENT;
  header.e_type = ELF::ET_REL;
  header.e_machine = triple.isX86() ? ELF::EM_X86_64 : ELF::EM_AARCH64;
  header.e_version = ELF::EV_CURRENT;
  header.e_shoff = headersOffset;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(ELF::Elf64_Shdr);
  header.e_shnum = NumSections;
  header.e_shstrndx = Names;

  uint64_t start = os.tell();
  auto seek = [&](uint64_t offset) {
    os.write_zeros(start + offset - os.tell());
  };
  writeRaw(os, header);
  for (const Constant &constant : constants) {
    seek(sections[Weights].sh_offset + constant.offset);
    os.write(constant.bytes.data(), constant.bytes.size());
    // Not all of them at a time.
    releaseMappedBytes(constant.bytes);
  }
  seek(sections[Symbols].sh_offset);
  for (const ELF::Elf64_Sym &symbol : symbols)
    writeRaw(os, symbol);
  os << strings.text << names.text;
  seek(headersOffset);
  for (const ELF::Elf64_Shdr &section : sections)
    writeRaw(os, section);
  return llvm::Error::success();
}
