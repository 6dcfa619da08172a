#include "tests/power/ledger.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace netstackd::power {
namespace {

constexpr std::size_t kFindingsMax = 20;
// One in so many of the requests that are settled is repeated.
constexpr std::uint64_t kRepeatOneIn = 16;

bool IsSystem(const storage::Record& record) {
  return record.request_id.empty() && record.principal.rfind("system:", 0) == 0;
}

bool SameImage(const codec::AnyImage& one, const codec::AnyImage& other) {
  if (one.index() != other.index()) return false;
  return std::visit(
      [&other](const auto& left) {
        const auto& right = std::get<std::decay_t<decltype(left)>>(other);
        if (left == nullptr || right == nullptr) return left == right;
        return *left == *right;
      },
      one);
}

bool IsNull(const codec::AnyImage& image) {
  return std::visit([](const auto& pointer) { return pointer == nullptr; }, image);
}

// The rules have answered, so they knew what is there.
bool Decided(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  return reason != ErrorReason::kOutcomeUnknown && reason != ErrorReason::kStoreReadOnly &&
         reason != ErrorReason::kResourceExhausted;
}

}  // namespace

Objects ObjectsOf(const core::State& state) {
  Objects objects;
  const auto add = [&objects](const auto& table) {
    for (const auto& row : table) {
      const codec::AnyImage image = row.second;
      objects.emplace(codec::KeyOf(image), image);
    }
  };
  add(state.table<core::Group>());
  add(state.table<core::Interface>());
  add(state.table<core::Address>());
  add(state.table<core::ArpEntry>());
  return objects;
}

absl::StatusOr<Found> Look(storage::Journal& journal, const executor::Executor& executor) {
  Found found;
  found.extent = journal.extent();
  if (found.extent.head >= found.extent.first) {
    NSD_ASSIGN_OR_RETURN(found.records, journal.History(found.extent.first, found.extent.head,
                                                        std::numeric_limits<std::int64_t>::max()));
  }
  executor.Read([&found](const core::State& state, Revision revision) {
    found.objects = ObjectsOf(state);
    found.published = revision;
  });
  return found;
}

Ledger::Ledger(const Ledger& other) : own_(other.content()) {}

Ledger::Content Ledger::content() const {
  MutexLock lock(&mu_);
  return own_;
}

void Ledger::Add(const std::string& what) {
  if (own_.findings.size() < kFindingsMax) own_.findings.push_back(what);
}

void Ledger::Complain(const std::string& what) {
  MutexLock lock(&mu_);
  Add(what);
}

std::vector<std::string> Ledger::findings() const {
  MutexLock lock(&mu_);
  return own_.findings;
}

bool Ledger::promised() const {
  MutexLock lock(&mu_);
  return own_.promised > 0;
}

std::size_t Ledger::asked() const {
  MutexLock lock(&mu_);
  return own_.asked.size();
}

Revision Ledger::head() const {
  MutexLock lock(&mu_);
  return own_.attempts.empty() ? 0 : own_.attempts.rbegin()->first;
}

void Ledger::Promise(Revision revision) {
  MutexLock lock(&mu_);
  own_.promised = std::max(own_.promised, revision);
}

void Ledger::Ask(const std::shared_ptr<const executor::Request>& request) {
  MutexLock lock(&mu_);
  own_.asked[request->request_id].request = request;
}

void Ledger::TellDone(const executor::Outcome& outcome, const std::string& id, Asked* asked) {
  const auto row = own_.rows.find(id);
  if (row != own_.rows.end() && row->second >= own_.first_kept) {
    if (!outcome.replayed || outcome.revision != row->second) {
      Add(absl::StrCat("request ", id, " was done twice: in revision ", row->second, ", and ",
                       outcome.replayed ? "replayed as " : "again in ", outcome.revision));
    }
  }
  if (asked->told == Asked::Told::kDone) {
    if (outcome.revision != asked->revision || outcome.answer != asked->answer) {
      Add(absl::StrCat("request ", id, " was answered with revision ", asked->revision,
                       ", and repeated with ", outcome.revision));
    }
    return;
  }
  asked->told = Asked::Told::kDone;
  asked->revision = outcome.revision;
  asked->answer = outcome.answer;
}

void Ledger::Tell(const std::string& request_id, const absl::StatusOr<executor::Outcome>& outcome) {
  MutexLock lock(&mu_);
  Asked& asked = own_.asked[request_id];
  if (outcome.ok()) own_.promised = std::max(own_.promised, outcome->revision);
  if (outcome.ok() && outcome->changed) {
    TellDone(*outcome, request_id, &asked);
  } else if (ReasonOf(outcome.status()) == ErrorReason::kOutcomeUnknown) {
    asked.unknown = true;
    if (asked.told == Asked::Told::kNotDone) asked.told = Asked::Told::kNothing;
  } else if (asked.told == Asked::Told::kNothing) {
    if (outcome.ok() || Decided(outcome.status())) asked.unknown = false;
    if (!asked.unknown) asked.told = Asked::Told::kNotDone;
  }
}

void Ledger::Attempted(std::span<const storage::Record> records) {
  MutexLock lock(&mu_);
  for (const storage::Record& record : records) {
    Attempt attempt;
    attempt.record = std::make_shared<const storage::Record>(record);
    const auto deltas = codec::DecodeDeltas(record.deltas);
    if (!deltas.ok()) {
      Add(absl::StrCat("revision ", record.revision, " cannot be decoded"));
      continue;
    }
    for (const core::Delta& delta : *deltas) {
      attempt.keys.push_back(codec::KeyOf(delta));
      attempt.after.push_back(
          std::visit([](const auto& change) { return codec::AnyImage(change.after); }, delta));
    }
    own_.attempts[record.revision] = std::move(attempt);
  }
}

void Ledger::CheckRows(const Found& found) {
  own_.rows.clear();
  own_.first_kept = found.extent.first;
  Revision next = found.extent.first;
  for (const storage::Record& record : found.records) {
    if (record.revision != next++) Add(absl::StrCat("revision ", record.revision, " is misplaced"));
    const auto attempt = own_.attempts.find(record.revision);
    if (attempt == own_.attempts.end() || !(*attempt->second.record == record)) {
      Add(absl::StrCat("revision ", record.revision, " is not what was written"));
    }
    if (IsSystem(record)) continue;
    if (own_.asked.count(record.request_id) == 0) {
      Add(absl::StrCat("nobody asked for revision ", record.revision));
    }
    if (!own_.rows.emplace(record.request_id, record.revision).second) {
      Add(absl::StrCat("request ", record.request_id, " made two revisions"));
    }
  }
  if (next != found.extent.head + 1) Add(absl::StrCat("the history ends before ", next));
}

void Ledger::CheckAsked(const Found& found) {
  for (auto& [id, asked] : own_.asked) {
    const auto row = own_.rows.find(id);
    const bool there = row != own_.rows.end();
    switch (asked.told) {
      case Asked::Told::kDone:
        if (asked.revision < found.extent.first) break;  // compacted
        if (!there || row->second != asked.revision) {
          Add(absl::StrCat("request ", id, " was acknowledged in revision ", asked.revision,
                           there ? " and is in another" : " and is lost"));
        }
        break;
      case Asked::Told::kNotDone:
        if (there) Add(absl::StrCat("request ", id, " was refused and is in ", row->second));
        break;
      case Asked::Told::kNothing:
        if (there) {
          asked.told = Asked::Told::kDone;
          asked.revision = row->second;
          const auto at = static_cast<std::size_t>(row->second - found.extent.first);
          asked.answer = found.records[at].answer;
        }
        break;
    }
  }
}

void Ledger::CheckObjects(const Found& found) {
  Objects expected;
  for (const auto& [revision, attempt] : own_.attempts) {
    if (revision > found.extent.head) break;
    for (std::size_t i = 0; i < attempt.keys.size(); ++i) {
      if (IsNull(attempt.after[i])) {
        expected.erase(attempt.keys[i]);
      } else {
        expected[attempt.keys[i]] = attempt.after[i];
      }
    }
  }
  const bool same =
      std::equal(expected.begin(), expected.end(), found.objects.begin(), found.objects.end(),
                 [](const auto& one, const auto& other) {
                   return one.first == other.first && SameImage(one.second, other.second);
                 });
  if (!same) {
    Add(absl::StrCat("the state is not that of revision ", found.extent.head, ": ",
                     found.objects.size(), " objects instead of ", expected.size(),
                     ", or other ones"));
  }
}

void Ledger::Check(const Found& found) {
  MutexLock lock(&mu_);
  if (found.published != found.extent.head) {
    Add(absl::StrCat("published is revision ", found.published, ", durable ", found.extent.head));
  }
  if (found.extent.head < own_.promised) {
    Add(absl::StrCat("the journal ends at revision ", found.extent.head, ", but ", own_.promised,
                     " was acknowledged"));
  }
  CheckRows(found);
  CheckAsked(found);
  CheckObjects(found);
  // What is above was never there.
  own_.attempts.erase(own_.attempts.upper_bound(found.extent.head), own_.attempts.end());
}

std::vector<std::shared_ptr<const executor::Request>> Ledger::ToRepeat(std::uint64_t salt) const {
  std::vector<std::shared_ptr<const executor::Request>> requests;
  MutexLock lock(&mu_);
  std::uint64_t i = salt;
  for (const auto& [id, asked] : own_.asked) {
    const bool open = asked.told == Asked::Told::kNothing || own_.rows.count(id) != 0;
    if (!open) continue;
    if (asked.told == Asked::Told::kNothing || ++i % kRepeatOneIn == 0) {
      requests.push_back(asked.request);
    }
  }
  return requests;
}

}  // namespace netstackd::power
