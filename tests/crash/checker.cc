#include "tests/crash/checker.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "netstackd/list_all.h"

namespace netstackd::crash {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(20);
constexpr int kPageMax = 1000;
// Plans compared with the history after each life.
constexpr std::size_t kSamples = 2;

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether the object of this full name was made by the writer with this prefix.
bool IsOf(const std::string& prefix, const std::string& name) {
  return absl::StrContains(name, absl::StrCat("/", prefix));
}

// Without the names of other objects, which may have changed meanwhile.
std::string StepsOf(const v1::Plan& plan) {
  std::string steps;
  for (const v1::Plan::Step& step : plan.steps()) {
    absl::StrAppend(&steps, v1::Plan::Action_Name(step.action()), " ", step.resource(), "; ");
  }
  return steps;
}

}  // namespace

absl::Status Checker::Check(Stub* stub) {
  NSD_ASSIGN_OR_RETURN(const Found found, Look(stub));
  if (found.head < told_->revision()) {
    findings_->Add(Wrong::kLost, absl::StrCat("clients were told of revision ", told_->revision(),
                                              ", the server ends at ", found.head));
  }
  TakeRows(found);
  for (std::size_t i = 0; i < writers_->size(); ++i) TakeAnswers(i);
  for (std::size_t i = 0; i < writers_->size(); ++i) CheckWriter(i, found);
  ConfigClient config(stub, kDeadline);
  return CheckPlans(&config);
}

absl::StatusOr<Checker::Found> Checker::Look(Stub* stub) const {
  Found found;
  AdminClient admin(stub, kDeadline);
  NSD_ASSIGN_OR_RETURN(const auto info, admin.GetServerInfo());
  found.head = info.revision();
  if (info.read_only()) {
    findings_->Add(Wrong::kNotServing, "the store is read-only: " + info.read_only_reason());
  }
  ConfigClient config(stub, kDeadline);
  NSD_RETURN_IF_ERROR(ReadRows(&config, &found));
  IpmpClient ipmp(stub, kDeadline);
  NSD_RETURN_IF_ERROR(ReadImages(&ipmp, &found));
  return found;
}

absl::Status Checker::ReadRows(ConfigClient* config, Found* found) const {
  if (found->head <= checked_) return absl::OkStatus();
  ListOptions page;
  page.page_size = static_cast<int>(std::min<std::int64_t>(kPageMax, found->head - checked_));
  return ForEach<v1::Transaction>(
      [config](const ListOptions& options) { return config->ListTransactions(options); }, page,
      [&](const v1::Transaction& row) {
        if (row.revision() <= checked_) return false;
        found->rows.push_back(row);
        return row.revision() > checked_ + 1;
      });
}

absl::Status Checker::ReadImages(IpmpClient* ipmp, Found* found) const {
  ListOptions page;
  page.page_size = kPageMax;
  const auto keep = [found](const auto& object) {
    Image image = ImageOf(object);
    found->images[image.name] = std::move(image);
    return true;
  };
  const std::string zone = "zones/global";
  NSD_RETURN_IF_ERROR(ForEach<v1::Group>(
      [&](const ListOptions& options) { return ipmp->ListGroups(zone, options); }, page, keep));
  NSD_RETURN_IF_ERROR(ForEach<v1::Interface>(
      [&](const ListOptions& options) { return ipmp->ListInterfaces(zone, options); }, page, keep));
  return ForEach<v1::Address>(
      [&](const ListOptions& options) { return ipmp->ListAddresses(zone, options); }, page, keep);
}

void Checker::TakeRows(const Found& found) {
  for (std::size_t i = 0; i < writers_->size(); ++i) {
    for (std::string& id : (*writers_)[i]->TakeBegun()) asked_[std::move(id)] = {i, Fate::kOpen, 0};
  }
  for (auto row = found.rows.rbegin(); row != found.rows.rend(); ++row) {
    TakeRow(*row, checked_ + 1);
  }
  if (checked_ != std::max<std::int64_t>(found.head, checked_)) {
    findings_->Add(Wrong::kHistory,
                   absl::StrCat("the history ends at ", checked_, ", the server at ", found.head));
  }
}

void Checker::TakeRow(const v1::Transaction& row, std::int64_t revision) {
  if (row.revision() != revision) {
    findings_->Add(Wrong::kHistory,
                   absl::StrCat("row ", row.revision(), " stands in place of row ", revision));
  }
  checked_ = revision;
  ids_.push_back(row.request_id());
  if (absl::StartsWith(row.principal(), "system:")) {
    own_.insert(revision);
    return;
  }
  const auto asked = asked_.find(row.request_id());
  if (asked == asked_.end()) {
    findings_->Add(Wrong::kUnasked, "nobody asked for this: " + row.ShortDebugString());
    return;
  }
  if (asked->second.revision != 0) {
    findings_->Add(Wrong::kTwice, absl::StrCat("request ", row.request_id(), " is revision ",
                                               asked->second.revision, " and ", revision));
  }
  if (asked->second.fate == Fate::kNotDone) {
    findings_->Add(Wrong::kHalf, absl::StrCat("request ", row.request_id(),
                                              " changed nothing, and is revision ", revision));
  }
  asked->second.revision = revision;
}

void Checker::TakeAnswers(std::size_t writer) {
  for (Writer::Done& done : (*writers_)[writer]->TakeDone()) {
    Asked& asked = asked_[done.request_id];
    asked.fate = Fate::kDone;
    if (asked.revision != done.revision) {
      findings_->Add(
          asked.revision == 0 ? Wrong::kLost : Wrong::kTwice,
          absl::StrCat("request ", done.request_id, " was answered with revision ", done.revision,
                       "; in the history it is ", asked.revision, " (0: is not there)"));
    }
    if (samples_.size() < kSamples) samples_.push_back(std::move(done));
  }
  for (const std::string& id : (*writers_)[writer]->TakeNotDone()) {
    Asked& asked = asked_[id];
    asked.fate = Fate::kNotDone;
    if (asked.revision != 0) {
      findings_->Add(
          Wrong::kHalf,
          absl::StrCat("request ", id, " changed nothing, and is revision ", asked.revision));
    }
  }
}

void Checker::CheckWriter(std::size_t writer, const Found& found) {
  Writer& who = *(*writers_)[writer];
  std::int64_t pending = 0;
  if (who.pending() != nullptr) {
    pending = asked_[who.pending()->request_id].revision;
    who.ExpectPending(pending);
    if (pending != 0) CheckPending(*who.pending(), pending, found);
  }
  CheckKnown(writer, found, pending);
  for (const auto& [name, image] : found.images) {
    if (IsOf(who.prefix(), name)) CheckImage(writer, image, pending);
  }
}

void Checker::CheckPending(const Operation& operation, std::int64_t revision, const Found& found) {
  const auto half = [&](const std::string& what) {
    findings_->Add(Wrong::kHalf, absl::StrCat("revision ", revision, " is there, but ", what, ": ",
                                              operation.call.request->ShortDebugString()));
  };
  for (const auto* names : {&operation.created, &operation.written}) {
    for (const std::string& name : *names) {
      const auto image = found.images.find(name);
      if (image == found.images.end()) {
        half(name + " is not");
      } else if (image->second.update_revision != revision) {
        half(absl::StrCat(name, " is of revision ", image->second.update_revision));
      }
    }
  }
  for (const std::string& name : operation.deleted) {
    if (found.images.contains(name)) half(name + " is not gone");
  }
}

void Checker::CheckKnown(std::size_t writer, const Found& found, std::int64_t pending) {
  const Writer& who = *(*writers_)[writer];
  for (const auto& [name, known] : who.objects()) {
    if (found.images.contains(name)) continue;
    if (pending != 0 && Contains(who.pending()->deleted, name)) continue;
    findings_->Add(Wrong::kLost, absl::StrCat(name, ", of revision ", known.update_revision,
                                              ", is gone, and nobody removed it"));
  }
}

void Checker::CheckImage(std::size_t writer, const Image& image, std::int64_t pending) {
  Writer& who = *(*writers_)[writer];
  const auto is = absl::StrCat(image.name, " is of revision ", image.update_revision);
  if (pending != 0 && image.update_revision == pending) return;  // learnt from the retry
  const auto known = who.objects().find(image.name);
  if (known == who.objects().end()) {
    findings_->Add(Wrong::kHalf, is + ", but it was removed or never made");
    return;
  }
  if (image.update_revision < known->second.update_revision) {
    findings_->Add(Wrong::kLost,
                   absl::StrCat(is, ", but was of ", known->second.update_revision, " before"));
  } else if (image.update_revision > known->second.update_revision) {
    // A change beside what the plan tells, such as of a counter: of a request of this writer.
    const auto at = static_cast<std::size_t>(image.update_revision);
    const auto asked = at < ids_.size() ? asked_.find(ids_[at]) : asked_.end();
    // A timer of the server may have used an interface again, and have moved addresses.
    if (own_.contains(image.update_revision)) {
      who.Learn(image.name, {image.update_revision, image.etag, image.bytes});
      return;
    }
    if (asked == asked_.end() || asked->second.writer != writer) {
      findings_->Add(Wrong::kHistory, is + ", which is not one of its writer");
    }
  } else if (!known->second.bytes.empty() && known->second.bytes != image.bytes) {
    findings_->Add(Wrong::kHistory, absl::StrCat(is, " as before, but looks different: ",
                                                 TextOf(image.name, image.bytes), " instead of ",
                                                 TextOf(image.name, known->second.bytes)));
  }
  who.Learn(image.name, {image.update_revision, image.etag, image.bytes});
}

absl::Status Checker::CheckPlans(ConfigClient* config) {
  for (const Writer::Done& done : std::exchange(samples_, {})) {
    const auto row = config->GetTransaction(done.revision);
    if (!row.ok() && absl::IsNotFound(row.status())) continue;  // compacted
    if (!row.ok()) return row.status();
    if (StepsOf(row->object.plan()) != StepsOf(done.plan)) {
      findings_->Add(
          Wrong::kHistory,
          absl::StrCat("revision ", done.revision, " is ", StepsOf(row->object.plan()),
                       " in the history, and was ", StepsOf(done.plan), " in the answer"));
    }
  }
  return absl::OkStatus();
}

void Checker::CheckFinished() {
  for (const auto& [id, asked] : asked_) {
    if (asked.fate == Fate::kOpen) {
      findings_->Add(Wrong::kNotServing, "request " + id + " has no answer in the end");
    }
    if (asked.fate == Fate::kDone && asked.revision == 0) {
      findings_->Add(Wrong::kLost, "request " + id + " was done and is not in the history");
    }
  }
}

}  // namespace netstackd::crash
