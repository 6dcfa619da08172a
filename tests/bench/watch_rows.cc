// Watchers: events a second when they take all they can, what a writer notices, and how late an
// event comes; beside the same on etcd.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "etcdserverpb/rpc.pb.h"
#include "progress/watch.pb.h"
#include "tests/bench/rows.h"
#include "tests/bench/servers.h"
#include "tests/bench/watch_load.h"

namespace netstackd::bench {
namespace {

constexpr int kWatchers[] = {1, 100, 1000};
constexpr int kAddresses = 5;  // WatchRequest.Kind
constexpr int kManyWriters = 64;
constexpr int kBehindMax = 1000;  // far from where a server calls a watcher slow

// Addresses only: a change is one event, as it is for etcd.
WatchLoad OnOurs(const Server& server, Changes* changes) {
  WatchLoad load;
  load.target = server.target;
  load.server = server.pid;
  load.method = "/netstackd.v1.WatchService/Watch";
  WatchKinds request;
  request.add_kinds(kAddresses);
  load.request = request.SerializeAsString();
  load.half_close = true;
  load.look = [](const char* bytes, std::size_t size) {
    WatchProgress progress;
    Seen seen;
    if (!progress.ParseFromArray(bytes, static_cast<int>(size))) return seen;
    seen.ready = !progress.synced().empty();
    for (const auto& batch : progress.batches()) seen.events += batch.events_size();
    return seen;
  };
  load.next = [changes](int writer) { return changes->Unary(writer); };
  return load;
}

WatchLoad OnEtcd(const Server& server, const Puts* puts) {
  WatchLoad load;
  load.target = server.target;
  load.server = server.pid;
  load.method = "/etcdserverpb.Watch/Watch";
  etcdserverpb::WatchRequest request;
  request.mutable_create_request()->set_key("zones/");
  request.mutable_create_request()->set_range_end("zones0");
  load.request = request.SerializeAsString();
  load.look = [](const char* bytes, std::size_t size) {
    etcdserverpb::WatchResponse response;
    if (!response.ParseFromArray(bytes, static_cast<int>(size))) return Seen();
    return Seen{response.created(), response.events_size()};
  };
  load.next = [puts](int writer) { return puts->Put(writer); };
  return load;
}

struct WatchRounds {
  std::vector<WatchFigures> ours;
  std::vector<WatchFigures> etcd;
};

absl::StatusOr<WatchRounds> Measure(const Setup& setup, const Servers& servers, int watchers,
                                    int writers, int behind_max) {
  Changes changes(writers, 1);
  const Puts puts(1);
  WatchRounds rounds;
  const auto run = [&](WatchLoad load, std::vector<WatchFigures>* to) -> absl::Status {
    load.watchers = watchers;
    load.writers = writers;
    load.behind_max = behind_max;
    load.length = setup.round;
    NSD_ASSIGN_OR_RETURN(const WatchFigures figures, Run(load));
    to->push_back(figures);
    return absl::OkStatus();
  };
  for (int i = 0; i < setup.rounds; ++i) {
    NSD_RETURN_IF_ERROR(run(OnOurs(servers.ours, &changes), &rounds.ours));
    if (servers.etcd.there()) NSD_RETURN_IF_ERROR(run(OnEtcd(servers.etcd, &puts), &rounds.etcd));
  }
  return rounds;
}

using Part = Figures WatchFigures::*;

std::vector<Figures> PartOf(const std::vector<WatchFigures>& rounds, Part part) {
  std::vector<Figures> figures;
  for (const WatchFigures& round : rounds) figures.push_back(round.*part);
  return figures;
}

// One row for us and one for etcd; `ratio` of a round of ours and one of etcd.
template <typename F>
void AddRows(const std::string& name, const WatchRounds& rounds, Part part, const F& ratio,
             std::vector<Row>* rows) {
  const std::vector<Figures> ours = PartOf(rounds.ours, part);
  const std::vector<Figures> etcd = PartOf(rounds.etcd, part);
  if (!etcd.empty()) rows->push_back(RowOf("etcd." + name, etcd));
  rows->push_back(RowOf(name, ours));
  if (!etcd.empty()) rows->back().ratios["etcd"] = MedianRatio(ours, etcd, ratio);
}

double Rate(const Figures& a, const Figures& b) { return a.ops_s / b.ops_s; }
double Latency(const Figures& a, const Figures& b) { return a.p50_us / b.p50_us; }

}  // namespace

absl::StatusOr<std::vector<Row>> WatchRows(const Setup& setup) {
  std::vector<Row> rows;
  std::vector<std::string> names;
  for (const int watchers : kWatchers) {
    for (const char* figure : {"saturated.", "delay.", "writer_p50."}) {
      names.push_back(absl::StrCat("watch.", figure, watchers));
    }
  }
  if (!setup.only.HasAny(names)) return rows;
  NSD_ASSIGN_OR_RETURN(const Servers servers, Servers::Start(setup, "watch"));
  for (const int watchers : kWatchers) {
    const auto name = [watchers](const char* figure) {
      return absl::StrCat("watch.", figure, ".", watchers);
    };
    if (setup.only.Has(name("saturated"))) {
      NSD_ASSIGN_OR_RETURN(const WatchRounds rounds,
                           Measure(setup, servers, watchers, kManyWriters, kBehindMax));
      AddRows(name("saturated"), rounds, &WatchFigures::events, Rate, &rows);
    }
    if (setup.only.Has(name("writer_p50"))) {
      NSD_ASSIGN_OR_RETURN(const WatchRounds rounds,
                           Measure(setup, servers, watchers, 1, kBehindMax));
      AddRows(name("writer_p50"), rounds, &WatchFigures::writers, Latency, &rows);
    }
    if (setup.only.Has(name("delay"))) {
      NSD_ASSIGN_OR_RETURN(const WatchRounds rounds, Measure(setup, servers, watchers, 1, 1));
      AddRows(name("delay"), rounds, &WatchFigures::events, Latency, &rows);
    }
  }
  return rows;
}

}  // namespace netstackd::bench
