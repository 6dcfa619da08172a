#include "tests/integration/documented_reasons.h"

#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/error.h"

namespace netstackd::integration {
namespace {

struct Section {
  std::set<std::string> reasons;
  std::vector<std::string> calls;  // those it takes over, by the name of the method
};
using Sections = std::map<std::string, Section>;

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      words.back().push_back(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

// The cells of a line of a table.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream in(line);
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t begin = cell.find_first_not_of(' ');
    const std::size_t end = cell.find_last_not_of(' ');
    cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
  }
  return cells;
}

Sections Read() {
  Sections sections;
  std::ifstream file(NETSTACKD_ERRORS_MD);
  std::string section;
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, 4, "### ") == 0) section = line.substr(4);
    const std::vector<std::string> cells = Cells(line);
    if (section.empty() || cells.size() < 3) continue;
    if (ReasonByName(cells[2])) sections[section].reasons.insert(cells[2]);
    if (cells[1].compare(0, 12, "and those of") != 0) continue;
    for (const std::string& word : Words(cells[1])) sections[section].calls.push_back(word);
  }
  return sections;
}

void Collect(const Sections& sections, const std::string& call, std::set<std::string>* reasons) {
  const auto found = sections.find(call);
  if (found == sections.end()) return;
  reasons->insert(found->second.reasons.begin(), found->second.reasons.end());
  for (const std::string& other : found->second.calls) {
    Collect(sections, "IpmpService." + other, reasons);
    Collect(sections, "ConfigService." + other, reasons);
  }
}

}  // namespace

std::set<std::string> DocumentedReasons(const std::string& call) {
  static const Sections* const kSections = new Sections(Read());
  std::set<std::string> reasons;
  for (const char* everybody : {"Every call", "Every mutation", "Every list"}) {
    Collect(*kSections, everybody, &reasons);
  }
  Collect(*kSections, call, &reasons);
  return reasons;
}

}  // namespace netstackd::integration
