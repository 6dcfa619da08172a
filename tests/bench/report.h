// What the benchmarks print: one row a figure, each beside its limits of the same run.
#ifndef NETSTACKD_TESTS_BENCH_REPORT_H_
#define NETSTACKD_TESTS_BENCH_REPORT_H_

#include <map>
#include <optional>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::bench {

struct Row {
  std::string name;  // "durable.unary.64"; stable, for programs that compare runs
  std::optional<double> ops_s;
  std::optional<double> p50_us;
  std::optional<double> p99_us;
  std::optional<double> value;  // in `unit`, of what is no rate and no latency
  std::string unit;
  // "empty_rpc", "fdatasync", "etcd" -> this row's rate divided by that of the limit, both of the
  // same run; of a row whose fact is a latency, its p50 divided by the limit's.
  std::map<std::string, double> ratios;
};

// A row of one figure.
Row ValueRow(const std::string& name, double value, const std::string& unit);

// Which rows somebody asked for.
class Selection {
 public:
  // `pattern`: a regular expression found anywhere in a name; empty selects all.
  static absl::StatusOr<Selection> Parse(const std::string& pattern);
  bool Has(const std::string& name) const;
  bool HasAny(const std::vector<std::string>& names) const;

 private:
  explicit Selection(std::regex pattern) : pattern_(std::move(pattern)) {}
  std::regex pattern_;
};

// A table for people.
void PrintTable(const std::vector<Row>& rows, std::ostream& out);
// An array of objects with the fields of Row; what is absent is null.
std::string ToJson(const std::vector<Row>& rows);

}  // namespace netstackd::bench

#endif  // NETSTACKD_TESTS_BENCH_REPORT_H_
