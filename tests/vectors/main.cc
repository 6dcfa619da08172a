// ipmp_vectors [--journal | --live] DIR: plays every scenario of a directory.
//
// Prints one line for each (pass, fail with the first difference, left out with the reason) and a
// summary. Exit status 0 only if none failed and at least one passed.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/vectors/rules_target.h"
#include "tests/vectors/scenario.h"
#include "tests/vectors/targets.h"

namespace netstackd::vectors {
namespace {

using MakeTarget = std::function<std::unique_ptr<Target>()>;

const std::map<std::string, MakeTarget>& Modes() {
  static const auto* const modes = new std::map<std::string, MakeTarget>{
      {"--core", [] { return MakeRulesTarget(MakeCoreEngine()); }},
      {"--journal", [] { return MakeRulesTarget(MakeJournalEngine()); }},
      {"--live", [] { return MakeLiveTarget(); }},
  };
  return *modes;
}

std::vector<std::string> Scenarios(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".jsonl") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

int Usage() {
  std::fprintf(stderr, "usage: ipmp_vectors [--core | --journal | --live] DIR\n");
  return 2;
}

int Main(const std::vector<std::string>& args) {
  std::string mode = "--core";
  std::string directory;
  for (const std::string& arg : args) {
    if (Modes().contains(arg)) {
      mode = arg;
    } else if (arg.starts_with("-") || !directory.empty()) {
      return Usage();
    } else {
      directory = arg;
    }
  }
  if (directory.empty()) return Usage();
  const std::vector<std::string> paths = Scenarios(directory);
  const std::unique_ptr<Target> target = Modes().at(mode)();
  int passed = 0;
  int failed = 0;
  int left_out = 0;
  for (const std::string& path : paths) {
    const auto scenario = ReadScenario(path);
    if (!scenario.ok()) {
      ++failed;
      std::printf("fail      %s\n", scenario.status().ToString().c_str());
    } else if (const auto reason = target->LeftOut(*scenario)) {
      ++left_out;
      std::printf("left out  %s: %s\n", scenario->name.c_str(), reason->c_str());
    } else if (const std::string difference = Play(*target, *scenario); !difference.empty()) {
      ++failed;
      std::printf("fail      %s: %s\n", scenario->name.c_str(), difference.c_str());
    } else {
      ++passed;
      std::printf("pass      %s (%zu steps)\n", scenario->name.c_str(), scenario->steps.size());
    }
    std::fflush(stdout);
  }
  std::printf("%s %s: %d passed, %d failed, %d left out\n", mode.c_str() + 2, directory.c_str(),
              passed, failed, left_out);
  if (passed == 0)
    std::fprintf(stderr, "no scenario passed: is %s the right directory?\n", directory.c_str());
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace netstackd::vectors

int main(int argc, char** argv) {
  return netstackd::vectors::Main(std::vector<std::string>(argv + 1, argv + argc));
}
