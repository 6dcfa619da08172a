#include "tests/bench/report.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"

namespace netstackd::bench {
namespace {

// Three digits that count; whole numbers from 100 on.
std::string Show(const std::optional<double>& number) {
  if (!number) return "-";
  if (std::abs(*number) >= 100) return absl::StrFormat("%.0f", *number);
  return absl::StrFormat("%.3g", *number);
}

std::string ShowRatio(const Row& row, const std::string& limit) {
  const auto found = row.ratios.find(limit);
  return found == row.ratios.end() ? "-" : absl::StrFormat("%.2f", found->second);
}

nlohmann::json OrNull(const std::optional<double>& number) {
  return number ? nlohmann::json(*number) : nlohmann::json();
}

nlohmann::json RatioOrNull(const Row& row, const std::string& limit) {
  const auto found = row.ratios.find(limit);
  return found == row.ratios.end() ? nlohmann::json() : nlohmann::json(found->second);
}

}  // namespace

Row ValueRow(const std::string& name, double value, const std::string& unit) {
  Row row;
  row.name = name;
  row.value = value;
  row.unit = unit;
  return row;
}

absl::StatusOr<Selection> Selection::Parse(const std::string& pattern) {
  try {
    return Selection(std::regex(pattern));
  } catch (const std::regex_error&) {
    return absl::InvalidArgumentError("not a regular expression: " + pattern);
  }
}

bool Selection::Has(const std::string& name) const { return std::regex_search(name, pattern_); }

bool Selection::HasAny(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (Has(name)) return true;
  }
  return false;
}

void PrintTable(const std::vector<Row>& rows, std::ostream& out) {
  const auto line = [&out](const auto&... cells) {
    out << absl::StrFormat("%-34s %10s %9s %9s %10s %-15s %9s %9s %9s\n", cells...);
  };
  line("figure", "per s", "p50 us", "p99 us", "value", "unit", "/emptyrpc", "/fdatasyn", "/etcd");
  for (const Row& row : rows) {
    line(row.name, Show(row.ops_s), Show(row.p50_us), Show(row.p99_us), Show(row.value), row.unit,
         ShowRatio(row, "empty_rpc"), ShowRatio(row, "fdatasync"), ShowRatio(row, "etcd"));
  }
}

std::string ToJson(const std::vector<Row>& rows) {
  nlohmann::json array = nlohmann::json::array();
  for (const Row& row : rows) {
    nlohmann::json ratios;
    for (const char* limit : {"empty_rpc", "fdatasync", "etcd"}) {
      ratios[limit] = RatioOrNull(row, limit);
    }
    for (const auto& [limit, ratio] : row.ratios) ratios[limit] = ratio;
    array.push_back({{"name", row.name},
                     {"ops_s", OrNull(row.ops_s)},
                     {"p50_us", OrNull(row.p50_us)},
                     {"p99_us", OrNull(row.p99_us)},
                     {"value", OrNull(row.value)},
                     {"unit", row.unit},
                     {"ratios", ratios}});
  }
  return array.dump(2) + "\n";
}

}  // namespace netstackd::bench
