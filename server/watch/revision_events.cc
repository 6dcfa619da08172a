#include "server/watch/revision_events.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "server/codec/api_values.h"
#include "server/watch/transaction_view.h"
#include "server/watch/wire.h"

namespace netstackd::watch {
namespace {

using EventType = v1::Event::Type;

// "/netstackd.v1.IpmpService/ReportInterface" -> "ReportInterface", "system:FireTimers" ->
// "FireTimers".
std::string CauseOf(const std::string& method) {
  return method.substr(method.find_last_of("/:") + 1);
}

std::size_t Estimate(const ObjectEvents& events, const std::vector<Renamed>& renames) {
  constexpr std::size_t kEvent = 1200;  // two views with what is rendered of them
  constexpr std::size_t kImage = 64;
  std::size_t bytes = 400;
  for (const auto& event : events) {
    bytes += kEvent + kImage * (CostOf(event->before.view()) + CostOf(event->after.view()));
  }
  for (const Renamed& renamed : renames) bytes += kEvent * renamed.dependents.size();
  return bytes;
}

}  // namespace

const v1::Resource& Rendering::message() {
  if (message_ == nullptr) {
    message_ = std::make_unique<v1::Resource>();
    Render(view_, message_.get());
  }
  return *message_;
}

const std::string& Rendering::bytes() {
  NSD_CHECK(exists());
  if (!bytes_.empty()) return bytes_;
  if (message_ != nullptr) {
    AppendBytes(v1::Object::kResourceFieldNumber, message_->SerializeAsString(), &bytes_);
  } else {
    v1::Resource resource;
    Render(view_, &resource);
    AppendBytes(v1::Object::kResourceFieldNumber, resource.SerializeAsString(), &bytes_);
  }
  return bytes_;
}

const std::string& Rendering::name() {
  if (name_.empty()) name_ = NameOf(view_);
  return name_;
}

bool Rendering::Fits(Kind kind, const Selection& selection) {
  if (!exists() || !selection.Wants(kind)) return false;
  if (!selection.prefixes.empty() && !selection.Covers(name())) return false;
  if (selection.fits == nullptr) return true;
  switch (kind) {
    case Kind::kGroup:
      return selection.fits(message().group());
    case Kind::kInterface:
      return selection.fits(message().ip_interface());
    case Kind::kAddress:
      break;
  }
  return selection.fits(message().address());
}

std::optional<EventType> ObjectEvent::TypeFor(const Selection& selection) {
  const bool was = before.Fits(key.kind, selection);
  const bool is = after.Fits(key.kind, selection);
  if (was && is) return v1::Event::TYPE_UPDATED;
  if (is) return v1::Event::TYPE_CREATED;
  if (was) return v1::Event::TYPE_DELETED;
  return std::nullopt;
}

bool NeedsDependents(const Selection& selection) {
  return selection.fits != nullptr || !selection.prefixes.empty() || !selection.groups;
}

void AppendEvent(EventType type, const std::string& object, const std::string* previous,
                 const std::string& cause, const std::string& old_name, std::string* to) {
  std::string event;
  event.reserve(object.size() + cause.size() + old_name.size() +
                (previous == nullptr ? 0 : previous->size()) + 32);
  AppendNumber(v1::Event::kTypeFieldNumber, type, &event);
  AppendBytes(v1::Event::kObjectFieldNumber, object, &event);
  if (previous != nullptr) AppendBytes(v1::Event::kPreviousFieldNumber, *previous, &event);
  if (!cause.empty()) AppendBytes(v1::Event::kCauseFieldNumber, cause, &event);
  if (!old_name.empty()) AppendBytes(v1::Event::kOldNameFieldNumber, old_name, &event);
  AppendBytes(v1::WatchResponse::Batch::kEventsFieldNumber, event, to);
}

RevisionEvents::RevisionEvents(std::shared_ptr<const storage::Record> record, std::size_t changed,
                               ObjectEvents events, std::vector<Renamed> renames,
                               bool dependents_known)
    : record_(std::move(record)),
      changed_(changed),
      events_(std::move(events)),
      renames_(std::move(renames)),
      dependents_known_(dependents_known),
      cause_(CauseOf(record_->method)),
      bytes_(Estimate(events_, renames_)) {}

bool RevisionEvents::Suffices(const Selection& selection) const {
  return renames_.empty() || dependents_known_ || !NeedsDependents(selection);
}

std::vector<RevisionEvents::Seen> RevisionEvents::SeenBy(const Selection& selection) const {
  std::vector<Seen> seen;
  for (const auto& event : events_) {
    if (const auto type = event->TypeFor(selection)) seen.push_back({*type, event});
  }
  if (!NeedsDependents(selection)) return seen;
  for (const Renamed& renamed : renames_) {
    const bool sees = renamed.group->TypeFor(selection) == v1::Event::TYPE_UPDATED;
    if (sees && selection.fits == nullptr) continue;  // a prefix of both names is one of all names
    for (const auto& event : renamed.dependents) {
      const auto type = event->TypeFor(selection);
      if (type && !(sees && *type == v1::Event::TYPE_UPDATED)) seen.push_back({*type, event});
    }
  }
  return seen;
}

std::string RevisionEvents::EncodeTransaction() {
  v1::Transaction transaction;
  RenderTransaction(*record_, changed_, &transaction);
  std::string object;
  AppendBytes(v1::Object::kTransactionFieldNumber, transaction.SerializeAsString(), &object);
  std::string event;
  AppendEvent(v1::Event::TYPE_CREATED, object, nullptr, cause_, "", &event);
  return event;
}

std::string RevisionEvents::Encode(const Seen& seen, const Selection& selection) const {
  ObjectEvent& event = *seen.event;
  Rendering& shown = seen.type == v1::Event::TYPE_DELETED ? event.before : event.after;
  const bool updated = seen.type == v1::Event::TYPE_UPDATED;
  std::string old_name;
  if (updated && !renames_.empty() && event.before.name() != event.after.name()) {
    old_name = event.before.name();
  }
  std::string bytes;
  AppendEvent(seen.type, shown.bytes(),
              updated && selection.with_previous ? &event.before.bytes() : nullptr, cause_,
              old_name, &bytes);
  return bytes;
}

const std::string& RevisionEvents::header() {
  if (!header_.empty()) return header_;
  AppendNumber(v1::WatchResponse::Batch::kRevisionFieldNumber, revision(), &header_);
  AppendBytes(v1::WatchResponse::Batch::kCommitTimeFieldNumber,
              codec::ToProto(record_->time).SerializeAsString(), &header_);
  AppendBytes(v1::WatchResponse::Batch::kPrincipalFieldNumber, record_->principal, &header_);
  return header_;
}

void RevisionEvents::Settle() {
  const auto settle = [](const ObjectEvents& events) {
    for (const auto& event : events) {
      event->before.Settle();
      event->after.Settle();
    }
  };
  settle(events_);
  for (const Renamed& renamed : renames_) settle(renamed.dependents);
}

}  // namespace netstackd::watch
