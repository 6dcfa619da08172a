// watch: what changes, as it changes.
#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "client/cli/context.h"
#include "client/cli/failure.h"
#include "client/cli/flags.h"
#include "client/cli/json.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

std::string TimeOfDay(absl::Time time) {
  return absl::FormatTime("%H:%M:%E3S", time, absl::UTCTimeZone());
}

std::string Padded(const std::string& text, std::size_t width) {
  return absl::StrCat(text, std::string(text.size() < width ? width - text.size() : 1, ' '));
}

std::string KindOf(const v1::Resource& resource) {
  if (resource.has_group()) return "group";
  return resource.has_ip_interface() ? "interface" : "address";
}

// How an object stands, in one word.
std::string StateOf(const v1::Resource& resource) {
  if (resource.has_group()) {
    return EnumText(*v1::Group::State_descriptor(), resource.group().status().state());
  }
  if (resource.has_address()) {
    const v1::Address::Status& status = resource.address().status();
    if (!status.bound_interface().empty()) return status.bound_interface();
    return status.duplicate() ? "duplicate" : status.up() ? "up" : "down";
  }
  const v1::Interface& one = resource.ip_interface();
  for (const int flag : one.status().flags()) {
    if (flag == v1::Interface::FLAG_INACTIVE) return "inactive";
  }
  if (one.status().state() == v1::Interface::STATE_OK && one.spec().standby()) return "active";
  return EnumText(*v1::Interface::State_descriptor(), one.status().state());
}

std::int64_t GenerationOf(const v1::Resource& resource) {
  if (resource.has_group()) return resource.group().meta().generation();
  if (resource.has_ip_interface()) return resource.ip_interface().meta().generation();
  return resource.address().meta().generation();
}

// What happened to the object; empty: nothing that a person looks for.
std::string WhatOf(const WatchedChange& change) {
  if (!change.after) return "deleted";
  const std::string now = StateOf(*change.after);
  if (!change.before) {
    return change.type == v1::Event::TYPE_CREATED ? absl::StrCat("created, ", now) : now;
  }
  const std::string then = StateOf(*change.before);
  if (then != now) return absl::StrCat(then, " -> ", now);
  if (!change.old_name.empty()) return absl::StrCat("was ", LastSegment(change.old_name));
  return GenerationOf(*change.before) == GenerationOf(*change.after) ? "" : "changed";
}

// The object is `wanted`, is below it, or is a member of it.
bool Concerns(const v1::Resource& resource, const std::string& wanted) {
  const std::string& name = netstackd::NameOf(resource);
  if (name == wanted || name.rfind(wanted + "/", 0) == 0) return true;
  return resource.has_ip_interface() && wanted.find("/groups/") != std::string::npos &&
         resource.ip_interface().status().group() == LastSegment(wanted);
}

class Printer {
 public:
  Printer(Context* context, std::vector<std::string> wanted, std::int64_t limit)
      : context_(*context), wanted_(std::move(wanted)), limit_(limit) {}

  // CANCELLED when the limit is reached.
  absl::Status Take(const v1::WatchResponse& message) {
    if (message.has_reset()) {
      *context_.io().err << "# reset: "
                         << EnumText(*v1::WatchResponse::Reset::Reason_descriptor(),
                                     message.reset().reason())
                         << "\n";
    }
    const bool synced = message.has_synced();
    for (const WatchedChange& change : mirror_.Apply(message, Clock::Real().Steady())) {
      if (!IsWanted(change)) continue;
      if (Print(change) && limit_ > 0 && ++printed_ >= limit_)
        return absl::CancelledError("enough");
    }
    if (synced && !IsDocument(context_.format())) {
      *context_.io().err << "synced at revision " << message.synced().revision() << ", "
                         << mirror_.objects().size() << " objects\n";
    }
    context_.io().out->flush();
    return context_.io().out->good() ? absl::OkStatus()
                                     : absl::UnknownError("the output could not be written");
  }
  void Broken(const absl::Status& why) {
    *context_.io().err << "# the stream is broken, trying again: " << why.message() << "\n";
  }

 private:
  bool IsWanted(const WatchedChange& change) const {
    if (wanted_.empty()) return true;
    for (const std::string& wanted : wanted_) {
      if (change.after && Concerns(*change.after, wanted)) return true;
      if (change.before && Concerns(*change.before, wanted)) return true;
    }
    return false;
  }

  // False: there is nothing to tell of it.
  bool Print(const WatchedChange& change) {
    const v1::Resource& shown = change.after ? *change.after : *change.before;
    const std::string name = netstackd::NameOf(shown);
    if (IsDocument(context_.format())) {
      Json document = {
          {"revision", change.revision},
          {"time", absl::FormatTime(absl::RFC3339_full, change.time, absl::UTCTimeZone())},
          {"type", EnumText(*v1::Event::Type_descriptor(), change.type)},
          {"name", name}};
      if (!change.cause.empty()) document["cause"] = change.cause;
      if (!change.old_name.empty()) document["old_name"] = change.old_name;
      document["object"] = ToJson(shown);
      const bool yaml = context_.format() == Format::kYaml;
      *context_.io().out << (yaml ? "---\n" + ToYaml(document) : document.dump() + "\n");
      return true;
    }
    const std::string what = WhatOf(change);
    if (what.empty() && !context_.args().Has("all")) return false;
    *context_.io().out << absl::StrCat(
        TimeOfDay(change.time), "  ", Padded(KindOf(shown), 11), Padded(ShortName(name), 22),
        Padded(what.empty() ? "updated" : what, 24), change.cause, "\n");
    return true;
  }

  Context& context_;
  const std::vector<std::string> wanted_;
  const std::int64_t limit_;
  std::int64_t printed_ = 0;
  WatchMirror mirror_;
};

// "ipmp0/192.0.2.10" rather than "global/ipmp0".
bool IsAddress(const std::string& word) {
  const auto name = ParseAddressName(word, "");
  if (!name.ok()) return false;
  const auto count = [&](char c) { return std::count(name->id.begin(), name->id.end(), c); };
  return name->id.find_first_not_of("0123456789abcdefABCDEF.-") == std::string::npos &&
         (count('.') == 3 || count('-') >= 2);
}

absl::StatusOr<std::vector<std::string>> WantedNames(Context& context) {
  std::vector<std::string> wanted;
  if (context.args().operands.empty()) return wanted;
  NSD_ASSIGN_OR_RETURN(const std::vector<std::string> words, context.Words());
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(std::string name, IsAddress(word) ? context.ResolveAddress(word)
                                                           : context.ResolveOwner(word));
    wanted.push_back(std::move(name));
  }
  return wanted;
}

Outcome Watch(Context& context) {
  NSD_ASSIGN_OR_RETURN(std::vector<std::string> wanted, WantedNames(context));
  WatchOptions options;
  options.filter = context.args().Text("filter");
  for (const std::string& text : context.args().List("kind")) {
    const auto* value = EnumByText(*v1::WatchRequest::Kind_descriptor(), text);
    if (value == nullptr || value->number() == v1::WatchRequest::KIND_TRANSACTION) {
      return UsageError(absl::StrCat("--kind: there is no '", text, "'"),
                        "there are: group, interface, address; see also ipmpctl history");
    }
    options.kinds.push_back(static_cast<v1::WatchRequest::Kind>(value->number()));
  }
  Printer printer(&context, std::move(wanted), context.args().Number("limit").value_or(0));
  Stopper never;
  const absl::Status end = context.client().watch().Watch(
      options,
      {.message = [&](const v1::WatchResponse& message) { return printer.Take(message); },
       .broken = [&](const absl::Status& why) { printer.Broken(why); }},
      &never);
  if (end.ok() || absl::IsCancelled(end)) return kExitDone;
  return end;
}

}  // namespace

std::vector<Command> WatchCommands() {
  std::vector<Flag> flags = ListFlags();
  flags.push_back(
      {"--kind", FlagKind::kList, "KIND", "group, interface or address; may be repeated"});
  flags.push_back({"--all", FlagKind::kSwitch, "", "also what changes no state, such as counts"});
  flags.push_back({"--limit", FlagKind::kNumber, "N", "end after this many changes"});
  return {
      {"watch",
       "",
       CommandKind::kRead,
       "print what changes, as it changes",
       {{"NAME", "only this group with its interfaces, this interface or address", false, true}},
       flags,
       Watch,
       "Goes on by itself when the connection breaks or the server is restarted, and misses\n"
       "nothing: what changed meanwhile is printed first. Times are those of the server, UTC.\n"
       "With -o json or jsonl every change is one line, with -o yaml one document.\n"}};
}

}  // namespace netstackd::cli
