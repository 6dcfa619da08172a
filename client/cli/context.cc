#include "client/cli/context.h"

#include <algorithm>
#include <istream>
#include <ostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/failure.h"
#include "client/cli/plan.h"
#include "client/cli/suggest.h"

namespace netstackd::cli {
namespace {

constexpr std::size_t kStdinNamesMax = 100'000;

bool TakesMany(const Command& command) {
  return !command.operands.empty() && command.operands.back().many;
}

// Last segments of the groups, interfaces or addresses that are there, at most one page.
std::vector<std::string> KnownNames(Context& context, ErrorReason reason) {
  ListOptions options = context.List();
  options.page_size = 1000;
  std::vector<std::string> names;
  const auto add = [&](const auto& listed) {
    if (!listed.ok()) return;
    for (const auto& item : listed->items) names.push_back(LastSegment(item.name()));
  };
  if (reason == ErrorReason::kGroupNotFound) {
    add(context.ipmp().ListGroups(context.ZoneName(), options));
  } else if (reason == ErrorReason::kInterfaceNotFound) {
    add(context.ipmp().ListInterfaces(context.ZoneName(), options));
  } else if (reason == ErrorReason::kAddressNotFound) {
    add(context.ipmp().ListAddresses(context.ZoneName(), options));
  }
  return names;
}

}  // namespace

Context::Context(const Command& command, Arguments arguments, Settings settings, Format format,
                 Io* io)
    : command_(command),
      arguments_(std::move(arguments)),
      settings_(std::move(settings)),
      format_(format),
      io_(io) {}

absl::Status Context::Connect() {
  ConnectOptions options{.endpoint = settings_.endpoint, .user_agent = "ipmpctl"};
  if (const auto timeout = arguments_.Duration("timeout")) options.deadline = *timeout;
  NSD_ASSIGN_OR_RETURN(client_, io_->connect(options));
  return absl::OkStatus();
}

ReadOptions Context::Read() const { return {.deadline = arguments_.Duration("timeout")}; }

ListOptions Context::List(const std::string& filter) const {
  return {.deadline = arguments_.Duration("timeout"), .filter = filter};
}

CallOptions Context::Change() {
  CallOptions options{.deadline = arguments_.Duration("timeout"),
                      .request_id = arguments_.Text("request-id"),
                      .etag = arguments_.Text("if-etag"),
                      .comment = arguments_.Text("comment"),
                      .validate_only = arguments_.Has("dry-run")};
  if (options.request_id.empty()) options.request_id = NewRequestId();
  if (io_->before_change) io_->before_change(options.request_id);
  return options;
}

DeleteOptions Context::Delete() {
  return {.allow_missing = arguments_.Has("allow-missing"), .call = Change()};
}

absl::StatusOr<std::vector<std::string>> Context::Words(std::size_t from) {
  std::vector<std::string> words;
  for (const std::string& word : arguments_.OperandsFrom(from)) {
    if (word != "-") {
      words.push_back(word);
      continue;
    }
    for (std::string line; std::getline(*io_->in, line);) {
      absl::StripAsciiWhitespace(&line);
      if (!line.empty()) words.push_back(line);
      if (words.size() > kStdinNamesMax) return UsageError("too many names");
    }
  }
  if (words.empty()) return UsageError("no name is given");
  if (words.size() > 1 && (arguments_.Has("request-id") || arguments_.Has("if-etag"))) {
    return UsageError("--request-id and --if-etag are for one object at a time");
  }
  return words;
}

absl::StatusOr<std::vector<std::string>> Context::FullNames(Kind kind, std::size_t from) {
  NSD_ASSIGN_OR_RETURN(std::vector<std::string> names, Words(from));
  for (std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(name, FullName(kind, name, settings_.zone));
  }
  return names;
}

absl::StatusOr<std::string> Context::ResolveOwner(const std::string& text) {
  if (text.rfind("interface/", 0) == 0 || text.find("/interfaces/") != std::string::npos) {
    return FullName(Kind::kInterface, text, settings_.zone);
  }
  NSD_ASSIGN_OR_RETURN(const std::string group, FullName(Kind::kGroup, text, settings_.zone));
  const auto found = ipmp().GetGroup(group, Read());
  if (found.ok()) return group;
  if (ReasonOf(found.status()) != ErrorReason::kGroupNotFound || text.rfind("group/", 0) == 0 ||
      text.rfind("zones/", 0) == 0) {
    return found.status();
  }
  NSD_ASSIGN_OR_RETURN(const std::string owner, FullName(Kind::kInterface, text, settings_.zone));
  const auto other = ipmp().GetInterface(owner, Read());
  if (other.ok()) return owner;
  return ReasonOf(other.status()) == ErrorReason::kInterfaceNotFound ? found.status()
                                                                     : other.status();
}

absl::StatusOr<std::string> Context::ResolveAddress(const std::string& text) {
  NSD_ASSIGN_OR_RETURN(const AddressName name, ParseAddressName(text, settings_.zone));
  if (!name.full.empty()) return name.full;
  NSD_ASSIGN_OR_RETURN(const std::string owner,
                       ResolveOwner(absl::StrCat(name.zone, "/", name.owner)));
  return absl::StrCat(owner, "/addresses/", name.id);
}

Outcome Context::Print(const Listing& listing) {
  NSD_ASSIGN_OR_RETURN(const std::string text, Render(listing, format_, arguments_.Text("fields")));
  *io_->out << text;
  return kExitDone;
}

void Context::Talk(const v1::WriteResult& result) {
  for (const std::string& warning : result.warnings()) *io_->err << "warning: " << warning << "\n";
  if (IsDocument(format_) || arguments_.Has("dry-run")) return;
  if (result.replayed()) *io_->err << "this was done before\n";
  if (!result.changed() && !result.replayed()) *io_->err << "nothing to change, ";
  *io_->err << "revision " << result.revision() << "\n" << MovesText(result.plan());
}

void Context::Changed(const std::string& full_name, const v1::WriteResult& result, Json object) {
  const bool dry = arguments_.Has("dry-run");
  would_change_ = would_change_ || (dry && result.plan().steps_size() > 0);
  if (IsDocument(format_)) {
    Json change = {{"name", full_name}, {"result", ToJson(result)}};
    if (!object.is_null()) change["object"] = std::move(object);
    if (format_ == Format::kJsonLines) {
      *io_->out << change.dump() << "\n" << std::flush;
    } else {
      changes_.push_back(std::move(change));
    }
  } else if (dry) {
    *io_->out << (result.plan().steps_size() > 0 ? PlanText(result.plan()) : "no change\n");
  } else {
    *io_->out << DisplayName(full_name) << "\n" << std::flush;
  }
  Talk(result);
}

void Context::Created(const std::vector<std::string>& full_names, const v1::WriteResult& result) {
  if (IsDocument(format_) || arguments_.Has("dry-run") || full_names.empty()) {
    Changed(full_names.empty() ? "" : full_names[0], result, nullptr);
    return;
  }
  for (const std::string& name : full_names) *io_->out << DisplayName(name) << "\n";
  *io_->out << std::flush;
  Talk(result);
}

std::string Context::Suggestion(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details || details->reason == ErrorReason::kTransactionNotFound || client_ == nullptr) {
    return "";
  }
  const std::vector<std::string> known = KnownNames(*this, details->reason);
  std::vector<std::string> typed;
  for (const char* key : {"resource", "name", "group"}) {
    if (const auto found = details->metadata.find(key); found != details->metadata.end()) {
      typed.push_back(LastSegment(found->second));
    }
  }
  for (const std::string& word : arguments_.operands) typed.push_back(LastSegment(word));
  for (const std::string& word : typed) {
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    const std::string near = Nearest(word, known);
    if (!near.empty()) return near;
  }
  return "";
}

int Context::Finish(const Outcome& outcome) {
  const bool one_document = IsDocument(format_) && format_ != Format::kJsonLines;
  if (outcome.ok()) {
    if (one_document && command_.kind == CommandKind::kChange) {
      *io_->out << RenderDocument(TakesMany(command_) ? Json{{"items", changes_}}
                                  : changes_.empty()  ? Json::object()
                                                      : changes_[0],
                                  format_);
    }
    return would_change_ ? kExitWouldChange : *outcome;
  }
  const absl::Status& status = outcome.status();
  const std::string near = Suggestion(status);
  *io_->err << FailureText(status);
  if (!near.empty()) *io_->err << "  hint   did you mean " << near << "?\n";
  if (!DetailsOf(status) && status.code() == absl::StatusCode::kUnavailable) {
    *io_->err << "  hint   is netstackd running? the endpoint is " << settings_.endpoint
              << " (--server, IPMPCTL_SERVER)\n";
  }
  if (status.code() == absl::StatusCode::kDeadlineExceeded &&
      command_.kind == CommandKind::kChange) {
    *io_->err << "  hint   it may have been done; the same command with --request-id finds out\n";
  }
  if (IsDocument(format_)) {
    Json document = Json::object();
    if (one_document && !changes_.empty()) document["items"] = changes_;
    document["error"] = FailureJson(status);
    if (!near.empty()) document["error"]["did_you_mean"] = near;
    *io_->out << RenderDocument(document, format_);
  }
  return ExitStatusOf(status);
}

}  // namespace netstackd::cli
