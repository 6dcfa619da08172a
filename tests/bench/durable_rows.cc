// Durable changes, one by one and in batches, beside an empty RPC, the disk and etcd.
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "netstackd/v1/ipmp_service.pb.h"
#include "tests/bench/load.h"
#include "tests/bench/rows.h"
#include "tests/bench/servers.h"

namespace netstackd::bench {
namespace {

constexpr int kCallers[] = {1, 8, 64, 256};
constexpr int kBatch = 64;
constexpr int kBatchCallers = 8;
constexpr int kLargeBatch = 1000;

// One load on our server, and the same on others, in turns.
struct Rounds {
  std::vector<Figures> ours;
  std::vector<Figures> empty_rpc;
  std::vector<Figures> fdatasync;
  std::vector<Figures> etcd;
};

Load Make(const Server& server, int callers, const Setup& setup, std::function<Call(int)> next) {
  Load load;
  load.target = server.target;
  load.server = server.pid;
  load.callers = callers;
  load.length = setup.round;
  load.next = std::move(next);
  return load;
}

Load EmptyRpc(const Servers& servers, int callers, const Setup& setup) {
  static const std::string kPing = "/netstackd.v1.AdminService/Ping";
  return Make(servers.ours, callers, setup, [](int) { return Call{&kPing, ""}; });
}

Call GetInterface(int caller) {
  static const std::string kGet = "/netstackd.v1.IpmpService/GetInterface";
  v1::GetInterfaceRequest request;
  request.set_name(
      absl::StrCat("zones/global/interfaces/net", caller % (Changes::kGroups * Changes::kMembers)));
  return {&kGet, request.SerializeAsString()};
}

double Rate(const Figures& a, const Figures& b) { return a.ops_s / b.ops_s; }

// How long one change takes, measured by what it cannot do without: one flush and one call.
double ByItsLimit(const Rounds& rounds) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < rounds.ours.size(); ++i) {
    ratios.push_back(rounds.ours[i].p50_us /
                     (rounds.fdatasync[i].p50_us + rounds.empty_rpc[i].p50_us));
  }
  return Median(std::move(ratios));
}

void AddRatios(const Rounds& rounds, Row* row) {
  if (!rounds.empty_rpc.empty()) {
    row->ratios["empty_rpc"] = MedianRatio(rounds.ours, rounds.empty_rpc, Rate);
  }
  if (!rounds.fdatasync.empty()) {
    row->ratios["fdatasync"] = MedianRatio(rounds.ours, rounds.fdatasync, Rate);
  }
  if (!rounds.etcd.empty()) row->ratios["etcd"] = MedianRatio(rounds.ours, rounds.etcd, Rate);
}

absl::Status Measure(const Load& load, std::vector<Figures>* to) {
  NSD_ASSIGN_OR_RETURN(const Figures figures, Run(load));
  to->push_back(figures);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Row>> UnaryRows(const Setup& setup, const Servers& servers,
                                           int callers) {
  const std::string suffix = absl::StrCat(".", callers);
  const std::string name = "durable.unary" + suffix;
  const std::string read_name = "read.get" + suffix;
  std::vector<Row> rows;
  if (!setup.only.HasAny({name, read_name, "empty_rpc" + suffix, "etcd.put" + suffix})) return rows;
  Changes changes(callers, 1);
  const Puts puts(1);
  Rounds rounds;
  std::vector<Figures> reads;
  for (int i = 0; i < setup.rounds; ++i) {
    NSD_RETURN_IF_ERROR(Measure(EmptyRpc(servers, callers, setup), &rounds.empty_rpc));
    NSD_RETURN_IF_ERROR(Measure(
        Make(servers.ours, callers, setup, [&](int caller) { return changes.Unary(caller); }),
        &rounds.ours));
    NSD_RETURN_IF_ERROR(Measure(Make(servers.ours, callers, setup, GetInterface), &reads));
    NSD_ASSIGN_OR_RETURN(const Figures disk, Fdatasync(setup.directory, setup.round / 4));
    rounds.fdatasync.push_back(disk);
    if (!servers.etcd.there()) continue;
    NSD_RETURN_IF_ERROR(
        Measure(Make(servers.etcd, callers, setup, [&](int caller) { return puts.Put(caller); }),
                &rounds.etcd));
  }
  rows.push_back(RowOf("empty_rpc" + suffix, rounds.empty_rpc));
  if (!rounds.etcd.empty()) rows.push_back(RowOf("etcd.put" + suffix, rounds.etcd));
  rows.push_back(RowOf(name, rounds.ours));
  AddRatios(rounds, &rows.back());
  if (callers == 1) {
    rows.back().value = ByItsLimit(rounds);
    rows.back().unit = "p50/(fsync+rpc)";
  }
  rows.push_back(RowOf(read_name, reads));
  rows.back().ratios["empty_rpc"] = MedianRatio(reads, rounds.empty_rpc, Rate);
  return rows;
}

absl::StatusOr<std::vector<Row>> BatchRows(const Setup& setup, const Servers& servers, int batch,
                                           int callers) {
  const std::string name = batch == kBatch ? absl::StrCat("durable.batch", batch, ".", callers)
                                           : absl::StrCat("durable.addresses", batch, ".", callers);
  const std::string etcd_name = absl::StrCat("etcd.txn", batch, ".", callers);
  std::vector<Row> rows;
  if (!setup.only.HasAny({name, etcd_name})) return rows;
  Changes changes(callers, batch);
  const Puts puts(batch);
  Rounds rounds;
  for (int i = 0; i < setup.rounds; ++i) {
    Load ours =
        Make(servers.ours, callers, setup, [&](int caller) { return changes.Transact(caller); });
    ours.operations = batch;
    NSD_RETURN_IF_ERROR(Measure(ours, &rounds.ours));
    if (!servers.etcd.there() || batch > 128) continue;  // etcd takes no more in a Txn
    Load etcd = Make(servers.etcd, callers, setup, [&](int caller) { return puts.Txn(caller); });
    etcd.operations = batch;
    NSD_RETURN_IF_ERROR(Measure(etcd, &rounds.etcd));
  }
  if (!rounds.etcd.empty()) rows.push_back(RowOf(etcd_name, rounds.etcd));
  rows.push_back(RowOf(name, rounds.ours));
  AddRatios(rounds, &rows.back());
  return rows;
}

absl::StatusOr<std::vector<Row>> StreamRows(const Setup& setup, const Servers& servers,
                                            int in_flight) {
  const std::string name = absl::StrCat("durable.stream.", in_flight);
  if (!setup.only.Has(name)) return std::vector<Row>();
  Changes changes(in_flight, 1);
  const Puts puts(1);
  Rounds rounds;
  for (int i = 0; i < setup.rounds; ++i) {
    NSD_RETURN_IF_ERROR(Measure(EmptyRpc(servers, in_flight, setup), &rounds.empty_rpc));
    StreamLoad ours;
    ours.target = servers.ours.target;
    ours.server = servers.ours.pid;
    ours.in_flight = in_flight;
    ours.length = setup.round;
    ours.next = [&](int number) { return changes.TransactBytes(number); };
    NSD_ASSIGN_OR_RETURN(const Figures figures, Run(ours));
    rounds.ours.push_back(figures);
    if (!servers.etcd.there()) continue;
    NSD_RETURN_IF_ERROR(
        Measure(Make(servers.etcd, in_flight, setup, [&](int caller) { return puts.Put(caller); }),
                &rounds.etcd));
  }
  std::vector<Row> rows = {RowOf(name, rounds.ours)};
  AddRatios(rounds, &rows.back());
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<Row>> DurableRows(const Setup& setup) {
  NSD_ASSIGN_OR_RETURN(const Servers servers, Servers::Start(setup, "durable"));
  std::vector<Row> rows;
  const auto add = [&rows](absl::StatusOr<std::vector<Row>> more) {
    if (more.ok()) rows.insert(rows.end(), more->begin(), more->end());
    return more.status();
  };
  for (const int callers : kCallers) {
    NSD_RETURN_IF_ERROR(add(UnaryRows(setup, servers, callers)));
  }
  NSD_RETURN_IF_ERROR(add(BatchRows(setup, servers, kBatch, kBatchCallers)));
  NSD_RETURN_IF_ERROR(add(BatchRows(setup, servers, kLargeBatch, 1)));
  NSD_RETURN_IF_ERROR(add(StreamRows(setup, servers, 64)));
  return rows;
}

}  // namespace netstackd::bench
