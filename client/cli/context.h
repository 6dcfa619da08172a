// What a running command has at hand.
#ifndef NETSTACKD_CLIENT_CLI_CONTEXT_H_
#define NETSTACKD_CLIENT_CLI_CONTEXT_H_

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "client/cli/arguments.h"
#include "client/cli/names.h"
#include "client/cli/output.h"
#include "client/cli/settings.h"
#include "netstackd/client.h"

namespace netstackd::cli {

// The world of one run; a test has its own. Everything outlives the run.
struct Io {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;  // the result
  std::ostream* err = nullptr;  // talk
  bool out_is_terminal = false;
  std::size_t screen_rows = 24;
  const Clock* clock = &Clock::Real();
  absl::TimeZone time_zone = absl::LocalTimeZone();  // of times for people
  GetEnvironment environment;
  std::function<absl::StatusOr<std::unique_ptr<Client>>(const ConnectOptions&)> connect;
  // Called with the request id before every change; may be empty.
  std::function<void(const std::string& request_id)> before_change;
};

// One run of one command. Used by one thread.
class Context {
 public:
  Context(const Command& command, Arguments arguments, Settings settings, Format format, Io* io);

  // Errors: those of Client::Connect. Nothing is sent yet.
  absl::Status Connect();

  const Command& command() const { return command_; }
  const Arguments& args() const { return arguments_; }
  const Settings& settings() const { return settings_; }
  Format format() const { return format_; }
  Io& io() { return *io_; }
  Client& client() { return *client_; }
  IpmpClient& ipmp() { return client_->ipmp(); }
  std::string ZoneName() const { return "zones/" + settings_.zone; }

  // Options of calls, from the flags. A change gets a request id of its own.
  ReadOptions Read() const;
  ListOptions List(const std::string& filter = "") const;
  CallOptions Change();
  DeleteOptions Delete();

  // The operands from the nth on; "-" stands for the lines of stdin. Errors: a usage error if there
  // is none, or if --request-id or --if-etag is given for more than one.
  absl::StatusOr<std::vector<std::string>> Words(std::size_t from = 0);
  // The same as full names.
  absl::StatusOr<std::vector<std::string>> FullNames(Kind kind, std::size_t from = 0);

  // The group or interface of this name; a short name is looked up, groups first.
  // Errors: GROUP_NOT_FOUND if it is neither.
  absl::StatusOr<std::string> ResolveOwner(const std::string& text);
  // The full name of an address; the owner of a short one is looked up.
  absl::StatusOr<std::string> ResolveAddress(const std::string& text);

  // Prints what was found. Returns 0.
  Outcome Print(const Listing& listing);

  // Tells what a change did: its name or plan at once, documents at the end. `object` may be null.
  void Changed(const std::string& full_name, const v1::WriteResult& result, Json object);
  // The names of what one transaction has made, in its place.
  void Created(const std::vector<std::string>& full_names, const v1::WriteResult& result);
  // Ends the output: documents, the failure if there is one. Returns the exit status.
  int Finish(const Outcome& outcome);

 private:
  void Talk(const v1::WriteResult& result);
  std::string Suggestion(const absl::Status& status);

  const Command& command_;
  const Arguments arguments_;
  const Settings settings_;
  const Format format_;
  Io* const io_;
  std::unique_ptr<Client> client_;
  Json changes_ = Json::array();
  bool would_change_ = false;
};

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_CONTEXT_H_
