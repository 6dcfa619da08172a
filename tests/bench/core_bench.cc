// What the rules cost, over groups of 100 to 10,000 addresses on 64 interfaces: the time of one
// bind, one rename and one failover must follow what they touch, not the size of the group.
#include <string>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "core/testing/lab.h"

namespace netstackd::core {
namespace {

constexpr int kInterfaces = 64;

IpAddress AddressNumber(std::int64_t n) {
  IpAddress ip;
  ip.bytes = {10, static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
              static_cast<std::uint8_t>(n)};
  return ip;
}

Name DataAddress(std::int64_t n) {
  Name name = GroupName("g");
  name.address = AddressNumber(n);
  return name;
}

void Must(benchmark::State& bench, const absl::Status& status) {
  if (!status.ok()) bench.SkipWithError(std::string(status.message()).c_str());
}

void Fill(benchmark::State& bench, Lab& lab) {
  lab.limits = Limits{.addresses_per_group = 0};
  Must(bench, lab.AddGroup("g"));
  for (int i = 0; i < kInterfaces; ++i) Must(bench, lab.AddInterface(absl::StrCat("n", i), "g"));
  for (std::int64_t n = 1; n <= bench.range(0); ++n)
    Must(bench, lab.Do(DataAddress(n), CreateAddress{}));
}

void BindAndUnbindOne(benchmark::State& bench) {
  Lab lab;
  Fill(bench, lab);
  const Name extra = DataAddress(bench.range(0) + 1);
  for (auto _ : bench) {
    Must(bench, lab.Do(extra, CreateAddress{}));
    Must(bench, lab.Do(extra, DeleteAddress{}));
  }
  bench.SetItemsProcessed(2 * bench.iterations());
}

void RenameGroupOnce(benchmark::State& bench) {
  Lab lab;
  Fill(bench, lab);
  bool renamed = false;
  for (auto _ : bench) {
    Must(bench, lab.Do(GroupName(renamed ? "h" : "g"), RenameGroup{renamed ? "g" : "h"}));
    renamed = !renamed;
  }
}

// Items are addresses that moved, so that items per second compare between sizes.
void FailOverAndBack(benchmark::State& bench) {
  Lab lab;
  Fill(bench, lab);
  std::int64_t moved = 0;
  for (auto _ : bench) {
    Must(bench, lab.Link("n7", LinkState::kDown));
    moved += static_cast<std::int64_t>(MovesOf(lab.last.deltas).size());
    Must(bench, lab.Link("n7", LinkState::kUp));
    moved += static_cast<std::int64_t>(MovesOf(lab.last.deltas).size());
  }
  bench.SetItemsProcessed(moved);
}

BENCHMARK(BindAndUnbindOne)->RangeMultiplier(10)->Range(100, 100'000);
BENCHMARK(RenameGroupOnce)->RangeMultiplier(10)->Range(100, 100'000);
BENCHMARK(FailOverAndBack)->RangeMultiplier(10)->Range(100, 100'000);

}  // namespace
}  // namespace netstackd::core
