// What the rules cost over the size of what they do not touch, without a server.
#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "core/apply.h"
#include "core/queries.h"
#include "core/state.h"
#include "tests/bench/population.h"
#include "tests/bench/rows.h"

namespace netstackd::bench {
namespace {

constexpr int kSizes[] = {100, 1'000, 10'000, 100'000};
constexpr int kRounds = 15;  // the fastest counts: the others were interrupted

// One group on 64 interfaces, and everything else in it.
class World {
 public:
  explicit World(int addresses) : population_{.addresses = addresses} {
    limits_.addresses_per_group = 0;
    for (const core::Transaction& transaction : population_.Transactions()) Do(transaction);
    std::mt19937 random(1);
    for (int i = 0; i < 50; ++i) {
      const int number = static_cast<int>(random() % static_cast<unsigned>(addresses));
      const core::Name name = population_.AddressName(number);
      if (state_.FindAddress(Group().uid, *name.address) == nullptr) continue;
      names_.push_back(name);
      Do(Of(name, core::DeleteAddress{}));
    }
    for (const core::Name& name : names_) Do(Create(name));
  }

  static core::Transaction Of(core::Name name, core::Op op) {
    core::Transaction transaction;
    transaction.commands.push_back({std::move(name), "", std::move(op)});
    return transaction;
  }
  static core::Transaction Create(core::Name name) {
    core::CreateAddress create;
    create.prefix_length = 8;
    return Of(std::move(name), create);
  }
  static core::Transaction Link(core::LinkState link) {
    core::Name name;
    name.interface = "n7";
    core::ReportInterface report;
    report.link = link;
    return Of(std::move(name), std::move(report));
  }
  static core::Transaction Rename(const std::string& from, const std::string& to) {
    core::Name name;
    name.group = from;
    return Of(std::move(name), core::RenameGroup{to});
  }

  // Returns how many addresses moved.
  std::size_t Do(const core::Transaction& transaction) {
    core::Context context;
    context.revision = ++revision_;
    context.now = absl::UnixEpoch();
    context.limits = limits_;
    const auto done = core::Apply(state_, transaction, context);
    NSD_CHECK(done.ok());
    if (kept_) published_ = state_;
    return core::MovesOf(done->deltas).size();
  }
  // From now on every state is held by a reader until the next one is there.
  void Publish() {
    kept_ = true;
    published_ = state_;
  }
  const core::Group& Group() const { return *state_.FindGroup(core::kGlobalZone, "g0"); }
  const core::State& state() const { return state_; }
  // Some that exist, in random order.
  const std::vector<core::Name>& names() const { return names_; }

 private:
  const Population population_;
  core::Limits limits_;
  core::State state_;
  core::State published_;
  bool kept_ = false;
  std::int64_t revision_ = 0;
  std::vector<core::Name> names_;
};

// Adds up the time between Begin and End of one round; keeps that of the fastest round.
class Fastest {
 public:
  void Begin() { begin_ = Clock::Real().Steady(); }
  void End(std::size_t operations) {
    if (operations == 0) return;
    const absl::Duration spent = Clock::Real().Steady() - begin_;
    best_ns_ =
        std::min(best_ns_, absl::ToDoubleNanoseconds(spent) / static_cast<double>(operations));
  }
  double ns() const { return best_ns_; }

 private:
  absl::Duration begin_;
  double best_ns_ = std::numeric_limits<double>::infinity();
};

struct Costs {
  Fastest remove;
  Fastest bind;
};

Costs BindAndRemove(World* world) {
  std::vector<core::Transaction> remove;
  std::vector<core::Transaction> create;
  for (const core::Name& name : world->names()) {
    remove.push_back(World::Of(name, core::DeleteAddress{}));
    create.push_back(World::Create(name));
  }
  Costs costs;
  for (int round = 0; round < kRounds; ++round) {
    costs.remove.Begin();
    for (const core::Transaction& transaction : remove) world->Do(transaction);
    costs.remove.End(remove.size());
    costs.bind.Begin();
    for (const core::Transaction& transaction : create) world->Do(transaction);
    costs.bind.End(create.size());
  }
  return costs;
}

double RenameNs(World* world) {
  const core::Transaction there = World::Rename("g0", "h");
  const core::Transaction back = World::Rename("h", "g0");
  Fastest fastest;
  for (int round = 0; round < kRounds; ++round) {
    fastest.Begin();
    for (int i = 0; i < 50; ++i) {
      world->Do(there);
      world->Do(back);
    }
    fastest.End(100);
  }
  return fastest.ns();
}

// Of one address that moves.
double FailoverNs(World* world) {
  const core::Transaction down = World::Link(core::LinkState::kDown);
  const core::Transaction up = World::Link(core::LinkState::kUp);
  Fastest fastest;
  for (int round = 0; round < kRounds; ++round) {
    fastest.Begin();
    const std::size_t moved = world->Do(down) + world->Do(up);
    fastest.End(moved);
  }
  return fastest.ns();
}

double GetNs(const World& world) {
  Fastest fastest;
  std::size_t found = 0;
  for (int round = 0; round < kRounds; ++round) {
    fastest.Begin();
    for (const core::Name& name : world.names()) {
      found += core::GetAddress(world.state(), name).ok() ? 1 : 0;
    }
    fastest.End(world.names().size());
  }
  NSD_CHECK(found == world.names().size() * kRounds);
  return fastest.ns();
}

// 50 addresses in the order of their text, from somewhere in the middle on.
double ListPageNs(const World& world) {
  constexpr int kPage = 50;
  Fastest fastest;
  std::size_t up = 0;
  for (int round = 0; round < kRounds; ++round) {
    fastest.Begin();
    for (const core::Name& name : world.names()) {
      const auto& by_ip = world.state().index().side(world.Group().uid, core::Family::kIpv4).by_ip;
      auto at = by_ip.lower_bound(*name.address);
      for (int i = 0; i < kPage && at != by_ip.end(); ++i, ++at) {
        up += world.state().address(at->second)->up ? 1 : 0;
      }
    }
    fastest.End(world.names().size());
  }
  NSD_CHECK(up > 0);
  return fastest.ns();
}

}  // namespace

absl::StatusOr<std::vector<Row>> CoreRows(const Setup& setup) {
  std::vector<Row> rows;
  for (const int size : kSizes) {
    const auto name = [size](const char* what) { return absl::StrCat("core.", what, ".", size); };
    const std::vector<std::string> names = {
        name("remove_address"), name("bind"), name("bind_published"), name("rename"),
        name("failover"),       name("get"),  name("list_page")};
    if (!setup.only.HasAny(names)) continue;
    World world(size);
    const auto add = [&](const std::string& row, double ns) {
      if (setup.only.Has(row)) rows.push_back(ValueRow(row, ns, "ns"));
    };
    const Costs costs = BindAndRemove(&world);
    add(names[0], costs.remove.ns());
    add(names[1], costs.bind.ns());
    add(names[3], RenameNs(&world));
    add(names[4], FailoverNs(&world));
    add(names[5], GetNs(world));
    add(names[6], ListPageNs(world));
    world.Publish();
    add(names[2], BindAndRemove(&world).bind.ns());
  }
  return rows;
}

}  // namespace netstackd::bench
