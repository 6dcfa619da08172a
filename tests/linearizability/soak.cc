// linearizability_soak: histories of a server that is killed, for as long as it is told to.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/linearizability/run.h"

int main(int argc, char** argv) {
  using namespace netstackd::linearizability;
  RunOptions options;
  options.seed = std::random_device{}();
  options.rounds_max = 1'000'000'000;
  double minutes = 1.0;
  CLI::App app("Lets clients work on a few objects, kills the server, and explains the answers.",
               "linearizability_soak");
  app.add_option("--minutes", minutes, "how long")->capture_default_str();
  app.add_option("--seed", options.seed, "of requests and deaths (random)");
  app.add_option("--early_ack_ms", options.life.early_ack_ms,
                 "plant a bug: answer before the commit, which follows so much later");
  CLI11_PARSE(app, argc, argv);
  options.time_max = absl::Minutes(minutes);

  const std::string repeat = absl::StrCat(
      argv[0], " --seed ", options.seed, " --minutes ", minutes,
      options.life.early_ack_ms < 0 ? ""
                                    : absl::StrCat(" --early_ack_ms ", options.life.early_ack_ms));
  std::printf("%s\n", repeat.c_str());
  std::fflush(stdout);
  const RunReport report = RunHistories(options);
  std::printf("%s", ToText(report).c_str());
  if (report.findings.empty()) return 0;
  std::printf("again with: %s\n", repeat.c_str());
  return 1;
}
