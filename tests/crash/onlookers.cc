#include "tests/crash/onlookers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "netstackd/admin_client.h"
#include "netstackd/errors.h"
#include "netstackd/ipmp_client.h"

namespace netstackd::crash {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(20);

}  // namespace

Reader::Reader(std::uint64_t seed, int writers, Gate* gate, Told* told, Findings* findings)
    : writers_(writers), gate_(gate), told_(told), findings_(findings), random_(seed) {}

void Reader::Run() {
  while (const auto life = gate_->Enter()) {
    // Another connection each time: what one was told holds for all.
    std::size_t next = 0;
    while (!life->last && Read(life->stubs[next++ % life->stubs.size()].get())) {
    }
  }
}

bool Reader::Read(Stub* stub) {
  const std::int64_t before = told_->revision();
  IpmpClient ipmp(stub, kDeadline);
  const std::string group = absl::StrFormat("zones/global/groups/w%02d",
                                            random_() % static_cast<std::uint64_t>(writers_));
  std::int64_t seen = 0;
  absl::Status status;
  if (random_() % 2 == 0) {
    const auto read = ipmp.GetGroup(group, {.min_revision = before});
    status = read.status();
    if (read.ok()) seen = read->revision;
  } else {
    const auto listed = ipmp.ListAddresses(group, {.min_revision = before});
    status = listed.status();
    if (listed.ok()) seen = listed->revision;
  }
  if (IsOutage(status)) return false;
  ++reads_;
  gate_->Progress();
  if (absl::IsNotFound(status)) return true;  // its writer did not come so far
  if (!status.ok()) {
    findings_->Add(Wrong::kLost,
                   absl::StrCat("a read that wants at least revision ", before,
                                ", which somebody was told of, gets ", status.ToString()));
    return true;
  }
  if (seen < before) {
    findings_->Add(Wrong::kLost, absl::StrCat("a read is of revision ", seen,
                                              " although somebody was told of ", before));
  }
  told_->Raise(seen);
  return true;
}

Operator::Operator(std::uint64_t seed, bool surely, Gate* gate, Told* told, Findings* findings)
    : surely_(surely), gate_(gate), told_(told), findings_(findings), random_(seed) {}

void Operator::Run() {
  while (const auto life = gate_->Enter()) {
    // Twice, or not at all in half of the lives.
    int left = 2;
    while (!life->last && (surely_ ? left-- > 0 : random_() % 2 == 0) && Act(*life)) {
    }
  }
}

bool Operator::Act(const Connections& life) {
  Stub* const stub = life.stubs.back().get();
  if (life.keep_from <= 1 || random_() % 2 == 0) return Backup(stub);
  AdminClient admin(stub, kDeadline);
  const auto compacted = admin.Compact(life.keep_from);
  if (!compacted.ok()) {
    if (!IsOutage(compacted.status())) {
      findings_->Add(Wrong::kNotServing, "Compact: " + compacted.status().ToString());
    }
    return false;
  }
  ++compactions_;
  if (compacted->first_kept_revision() > life.keep_from) {
    findings_->Add(Wrong::kLost, absl::StrCat("Compact was to keep ", life.keep_from,
                                              ", the oldest that is there is ",
                                              compacted->first_kept_revision()));
  }
  return true;
}

bool Operator::Backup(Stub* stub) {
  const std::int64_t before = told_->revision();
  AdminClient admin(stub, kDeadline);
  const auto made = admin.Backup([](const std::string&) { return absl::OkStatus(); });
  if (!made.ok()) {
    // The one before may not have left quite.
    if (RetryDelayOf(made.status())) return true;
    if (!IsOutage(made.status())) {
      findings_->Add(Wrong::kNotServing, "Backup: " + made.status().ToString());
    }
    return false;
  }
  ++backups_;
  if (made->revision < before) {
    findings_->Add(Wrong::kLost, absl::StrCat("a backup ends at revision ", made->revision,
                                              " although somebody was told of ", before));
  }
  return true;
}

}  // namespace netstackd::crash
