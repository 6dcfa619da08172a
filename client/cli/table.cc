#include "client/cli/table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace netstackd::cli {
namespace {

constexpr char kEmpty[] = "--";
constexpr std::size_t kLineMax = 80;

const std::string& Shown(const std::string& cell) {
  static const auto& empty = *new std::string(kEmpty);
  return cell.empty() ? empty : cell;
}

// A line in which every cell begins where its column does, or one blank behind the cell before.
std::string Line(const Cells& cells, const std::vector<std::size_t>& starts) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(line.size() < starts[i] ? starts[i] - line.size() : 1, ' ');
    line += cells[i];
  }
  return line + "\n";
}

Cells ShownCells(const Cells& row) {
  Cells shown;
  for (const std::string& cell : row) shown.push_back(Shown(cell));
  return shown;
}

std::string Escaped(const std::string& cell) {
  std::string out;
  for (const char c : cell) {
    if (c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string WideEnoughTable(const Cells& heads, const std::vector<Cells>& rows) {
  std::vector<std::size_t> starts;
  std::size_t start = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    starts.push_back(start);
    std::size_t width = heads[i].size();
    for (const Cells& row : rows) width = std::max(width, Shown(row[i]).size());
    start += width + 2;
  }
  std::string out = Line(heads, starts);
  for (const Cells& row : rows) out += Line(ShownCells(row), starts);
  return out;
}

std::string FixedTable(const std::vector<Field>& fields, const std::vector<Cells>& rows,
                       std::size_t screen_rows, std::size_t printed) {
  Cells heads;
  std::vector<std::size_t> starts;
  std::size_t start = 0;
  for (const Field& field : fields) {
    heads.emplace_back(field.name);
    starts.push_back(start);
    start += field.width;
  }
  const std::size_t rows_per_head = std::max<std::size_t>(screen_rows, 2) - 1;
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if ((printed + i) % rows_per_head == 0) out += Line(heads, starts);
    out += Line(ShownCells(rows[i]), starts);
  }
  return out;
}

std::string ParsableTable(const std::vector<Cells>& rows) {
  std::string out;
  for (const Cells& row : rows) {
    if (row.size() == 1) {
      out += row[0];
    } else {
      Cells escaped;
      for (const std::string& cell : row) escaped.push_back(Escaped(cell));
      out += absl::StrJoin(escaped, ":");
    }
    out += '\n';
  }
  return out;
}

std::vector<std::size_t> DefaultFields(const std::vector<Field>& fields) {
  std::vector<std::size_t> chosen;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    sum += fields[i].width;
    if (sum > kLineMax) break;
    chosen.push_back(i);
  }
  return chosen;
}

FieldChoice ChooseFields(const std::vector<Field>& fields, const std::string& list) {
  FieldChoice choice;
  if (absl::AsciiStrToLower(list) == "all") {
    for (std::size_t i = 0; i < fields.size(); ++i) choice.fields.push_back(i);
    return choice;
  }
  const std::vector<std::string> names = absl::StrSplit(list, ',');
  for (const std::string& name : names) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
      return absl::AsciiStrToUpper(name) == field.name;
    });
    if (found == fields.end()) {
      choice.unknown.push_back(name);
    } else {
      choice.fields.push_back(static_cast<std::size_t>(found - fields.begin()));
    }
  }
  return choice;
}

Cells Pick(const Cells& row, const std::vector<std::size_t>& fields) {
  Cells picked;
  for (const std::size_t field : fields) picked.push_back(row[field]);
  return picked;
}

}  // namespace netstackd::cli
