#include "client/cli/output.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "client/cli/arguments.h"

namespace netstackd::cli {
namespace {

constexpr const char* kFormats[] = {"table", "wide", "json", "jsonl", "yaml", "name"};

// Positions of the columns that are shown.
absl::StatusOr<std::vector<std::size_t>> ShownColumns(const Listing& listing, Format format,
                                                      const std::string& fields) {
  std::vector<std::size_t> shown;
  if (fields.empty()) {
    for (std::size_t i = 0; i < listing.columns.size(); ++i) {
      if (!listing.columns[i].wide || format == Format::kWide) shown.push_back(i);
    }
    return shown;
  }
  const std::vector<std::string> names = absl::StrSplit(fields, ',');
  for (const std::string& name : names) {
    const auto found = std::find_if(
        listing.columns.begin(), listing.columns.end(),
        [&](const Column& column) { return absl::AsciiStrToUpper(name) == column.head; });
    if (found == listing.columns.end()) {
      const std::string known =
          absl::StrJoin(listing.columns, ",", [](std::string* out, const Column& column) {
            absl::StrAppend(out, absl::AsciiStrToLower(column.head));
          });
      return UsageError(absl::StrCat("--fields: there is no field '", name, "'"),
                        absl::StrCat("there are: ", known));
    }
    shown.push_back(static_cast<std::size_t>(std::distance(listing.columns.begin(), found)));
  }
  return shown;
}

// Leaves of a document as rows of path and value.
void Flatten(const Json& value, const std::string& path, std::vector<Cells>* rows) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      Flatten(member, path.empty() ? key : absl::StrCat(path, ".", key), rows);
    }
  } else if (value.is_array() && !value.empty() && value[0].is_object()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      Flatten(value[i], absl::StrCat(path, "[", i, "]"), rows);
    }
  } else if (value.is_array()) {
    rows->push_back({path, absl::StrJoin(value, " ", [](std::string* out, const Json& element) {
                       absl::StrAppend(
                           out, element.is_string() ? element.get<std::string>() : element.dump());
                     })});
  } else {
    rows->push_back({path, value.is_string() ? value.get<std::string>() : value.dump()});
  }
}

std::string AsTable(const Listing& listing, const std::vector<std::size_t>& shown) {
  Cells heads;
  for (const std::size_t i : shown) heads.push_back(listing.columns[i].head);
  std::vector<Cells> rows;
  for (const Item& item : listing.items) rows.push_back(Pick(item.cells, shown));
  return WideEnoughTable(heads, rows);
}

std::string AsFieldsAndValues(const Item& item) {
  std::vector<Cells> rows;
  Flatten(item.json, "", &rows);
  return WideEnoughTable({"FIELD", "VALUE"}, rows);
}

// The chosen columns of an item; empty cells are absent.
Json ChosenJson(const Listing& listing, const Item& item, const std::vector<std::size_t>& shown) {
  Json out = Json::object();
  for (const std::size_t i : shown) {
    if (!item.cells[i].empty()) {
      out[absl::AsciiStrToLower(listing.columns[i].head)] = item.cells[i];
    }
  }
  return out;
}

}  // namespace

absl::StatusOr<Format> FormatOf(const std::string& text) {
  if (text.empty()) return Format::kTable;
  const auto found = std::find(std::begin(kFormats), std::end(kFormats), text);
  if (found == std::end(kFormats)) {
    return UsageError(absl::StrCat("--output: there is no format '", text, "'"),
                      absl::StrCat("there are: ", absl::StrJoin(kFormats, " ")));
  }
  return static_cast<Format>(found - std::begin(kFormats));
}

bool IsDocument(Format format) {
  return format == Format::kJson || format == Format::kJsonLines || format == Format::kYaml;
}

absl::StatusOr<std::string> Render(const Listing& listing, Format format,
                                   const std::string& fields) {
  NSD_ASSIGN_OR_RETURN(const std::vector<std::size_t> shown, ShownColumns(listing, format, fields));
  const auto json_of = [&](const Item& item) {
    return fields.empty() ? item.json : ChosenJson(listing, item, shown);
  };
  std::string out;
  switch (format) {
    case Format::kTable:
      if (listing.single && fields.empty()) return AsFieldsAndValues(listing.items[0]);
      return AsTable(listing, shown);
    case Format::kWide:
      return AsTable(listing, shown);
    case Format::kName:
      for (const Item& item : listing.items) absl::StrAppend(&out, item.name, "\n");
      return out;
    case Format::kJsonLines:
      for (const Item& item : listing.items) absl::StrAppend(&out, json_of(item).dump(), "\n");
      return out;
    case Format::kJson:
    case Format::kYaml:
      break;
  }
  if (listing.single) return RenderDocument(json_of(listing.items[0]), format);
  Json document = {{"items", Json::array()}};
  for (const Item& item : listing.items) document["items"].push_back(json_of(item));
  if (listing.revision > 0) document["revision"] = listing.revision;
  return RenderDocument(document, format);
}

std::string RenderDocument(const Json& document, Format format) {
  if (format == Format::kYaml) return ToYaml(document);
  return document.dump(format == Format::kJsonLines ? -1 : 2) + "\n";
}

}  // namespace netstackd::cli
