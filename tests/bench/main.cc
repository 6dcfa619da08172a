// netstackd_bench: measures, and prints one table.
#include <stdlib.h>
#include <sys/statfs.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "base/status_macros.h"
#include "tests/bench/rows.h"

namespace netstackd::bench {
namespace {

using RowsFunction = absl::StatusOr<std::vector<Row>> (*)(const Setup&);
constexpr RowsFunction kSources[] = {DiskRows,   DurableRows, WatchRows, CoreRows,
                                     MemoryRows, RestartRows, ReadRows};

struct Options {
  std::string json;
  std::string only;
  std::string directory = "/var/tmp";
  double seconds = 1.0;
  int rounds = 3;
};

// Removes the directory and what is in it.
class Scratch {
 public:
  static absl::StatusOr<std::string> Make(const std::string& parent) {
    constexpr long kTmpfs = 0x01021994;
    struct statfs disk = {};
    if (statfs(parent.c_str(), &disk) == 0 && disk.f_type == kTmpfs) {
      return absl::InvalidArgumentError(parent + " is memory, not a disk; give --dir");
    }
    std::string path = parent + "/netstackd_bench.XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return absl::InvalidArgumentError("cannot make a directory in " + parent);
    }
    return path;
  }
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

absl::Status Measure(const Options& options) {
  NSD_ASSIGN_OR_RETURN(Selection only, Selection::Parse(options.only));
  NSD_ASSIGN_OR_RETURN(std::string path, Scratch::Make(options.directory));
  const Scratch scratch(std::move(path));
  std::vector<Row> rows;
  for (const RowsFunction source : kSources) {
    NSD_ASSIGN_OR_RETURN(const std::vector<Row> more,
                         source({.only = only,
                                 .directory = scratch.path(),
                                 .round = absl::Seconds(options.seconds),
                                 .rounds = options.rounds}));
    rows.insert(rows.end(), more.begin(), more.end());
  }
  if (rows.empty()) return absl::NotFoundError("no row is called like " + options.only);
  PrintTable(rows, std::cout);
  if (options.json.empty()) return absl::OkStatus();
  std::ofstream out(options.json);
  out << ToJson(rows);
  out.close();
  if (!out) return absl::UnavailableError("cannot write " + options.json);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures netstackd, and what limits it, in one run.", "netstackd_bench");
  app.add_option("--json", options.json, "also write the rows to this file")->type_name("FILE");
  app.add_option("--only", options.only, "only rows whose name matches")->type_name("REGEX");
  app.add_option("--dir", options.directory, "where the servers keep their files; a real disk")
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "length of one measurement")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 60.0));
  app.add_option("--rounds", options.rounds, "measurements of each load; the median counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 99));
  CLI11_PARSE(app, argc, argv);
  const absl::Status measured = Measure(options);
  if (measured.ok()) return 0;
  std::cerr << "netstackd_bench: " << measured.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace netstackd::bench

int main(int argc, char** argv) {
  // As the server does: the client must not be what is measured.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return netstackd::bench::Main(argc, argv);
}
