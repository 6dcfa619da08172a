// Rows and columns as text.
#ifndef NETSTACKD_CLIENT_CLI_TABLE_H_
#define NETSTACKD_CLIENT_CLI_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace netstackd::cli {

using Cells = std::vector<std::string>;

// Columns as wide as what is in them, two blanks between them; an empty cell is "--". `rows` have
// as many cells as `heads`.
std::string WideEnoughTable(const Cells& heads, const std::vector<Cells>& rows);

// A column of the fixed layout.
struct Field {
  const char* name;
  std::size_t width;
};

// The layout of ipmpstat for people: a head before the first row and again after every screen of
// `screen_rows` lines; cells are padded to their width, the last one is not. A cell that fills its
// width or more is followed by one blank, and those after it give up padding until the columns line
// up again. An empty cell is "--". `printed`: rows that stand above already.
std::string FixedTable(const std::vector<Field>& fields, const std::vector<Cells>& rows,
                       std::size_t screen_rows, std::size_t printed = 0);

// The layout for programs: no head, no padding, ':' between fields; with two fields or more ':'
// and '\' are written '\:' and '\\'.
std::string ParsableTable(const std::vector<Cells>& rows);

// The fields that fit into 80 columns, from the left, counted until the sum exceeds it.
std::vector<std::size_t> DefaultFields(const std::vector<Field>& fields);

// Positions of the fields of a list such as "group,FDT"; "all" is all of them.
struct FieldChoice {
  std::vector<std::size_t> fields;
  std::vector<std::string> unknown;  // names that no field has
};
FieldChoice ChooseFields(const std::vector<Field>& fields, const std::string& list);

// The cells of `fields`, in their order.
Cells Pick(const Cells& row, const std::vector<std::size_t>& fields);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_TABLE_H_
