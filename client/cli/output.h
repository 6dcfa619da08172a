// What commands print, in every format.
#ifndef NETSTACKD_CLIENT_CLI_OUTPUT_H_
#define NETSTACKD_CLIENT_CLI_OUTPUT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/json.h"
#include "client/cli/table.h"

namespace netstackd::cli {

enum class Format : std::uint8_t { kTable, kWide, kJson, kJsonLines, kYaml, kName };

// Empty text: kTable. Errors: a usage error.
absl::StatusOr<Format> FormatOf(const std::string& text);
// JSON, one document or one a line, or YAML: failures are then documents as well.
bool IsDocument(Format format);

struct Column {
  std::string head;   // upper case; --fields takes it in lower case
  bool wide = false;  // only with -o wide
};

struct Item {
  std::string name;  // "group/ipmp0"
  Cells cells;       // one for each column
  Json json;
};

// What a command that reads has found.
struct Listing {
  std::vector<Column> columns;
  std::vector<Item> items;
  std::int64_t revision = 0;  // of the state that was read; 0: says nothing about it
  bool single = false;        // exactly one item was asked for; as a table: field and value
};

// The whole text for stdout. `fields` is the value of --fields, may be empty.
// Errors: a usage error if a field is not there.
absl::StatusOr<std::string> Render(const Listing& listing, Format format,
                                   const std::string& fields);

// One JSON or YAML document with a newline at the end.
std::string RenderDocument(const Json& document, Format format);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_OUTPUT_H_
