#include "server/daemon/options.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "server/executor/options.h"

namespace netstackd::daemon {
namespace {

// An absl::Duration option, such as 5s or 1h30m.
CLI::Option* AddDuration(CLI::App* app, const std::string& name, absl::Duration* to,
                         const std::string& help) {
  CLI::Option* option = app->add_option_function<std::string>(
      name,
      [name, to](const std::string& text) {
        if (!absl::ParseDuration(text, to) || *to < absl::ZeroDuration()) {
          throw CLI::ValidationError(name, text + " is not a duration such as 5s or 1h30m");
        }
      },
      help + " (" + absl::FormatDuration(*to) + ")");
  return option->type_name("DURATION");
}

void AddServeOptions(CLI::App* app, Serve* serve) {
  app->add_option("--state_dir", serve->state_dir, "directory of the journal; made if it is absent")
      ->type_name("DIR");
  app->add_option("--listen", serve->listen,
                  "unix:PATH (mode 0660), tcp:127.0.0.1:PORT or tcp:[::1]:PORT; port 0 takes a "
                  "free one; may be given several times (unix:STATE_DIR/netstackd.sock)")
      ->type_name("ADDRESS");
  app->add_option("--ready_file", serve->ready_file,
                  "written when the server serves: one address a line; removed when it stops")
      ->type_name("FILE");
  AddDuration(app, "--shutdown_deadline", &serve->shutdown_deadline,
              "longest wait for calls that run at SIGTERM");
  app->add_option("--history_max", serve->history_max, "transactions kept")->capture_default_str();
  app->add_option("--history_bytes_max", serve->history_bytes_max, "bytes of transactions kept")
      ->capture_default_str();
  AddDuration(app, "--history_age_max", &serve->history_age_max, "age of transactions kept");
  app->add_option("--log_level", serve->log_level, "debug, info, warning or error")
      ->capture_default_str()
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

Serve Defaults() {
  const executor::Options executor;
  Serve serve;
  serve.shutdown_deadline = absl::Seconds(5);
  serve.history_max = executor.history_max;
  serve.history_bytes_max = executor.history_bytes_max;
  serve.history_age_max = executor.history_age_max;
  serve.log_level = "info";
  return serve;
}

}  // namespace

Command ParseCommand(int argc, char** argv) {
  Serve serve = Defaults();
  Restore restore;
  AcceptLoss loss;

  CLI::App app("Keeps IPMP groups, their interfaces and addresses, and serves them over gRPC.",
               "netstackd");
  app.footer(
      "Exit status: 0 stopped as asked; 1 failed, the reason is on stderr; 2 usage; 3 another\n"
      "server holds the directory; 4 the store is damaged or has lost what it acknowledged.");
  app.set_version_flag("--version", "netstackd " NETSTACKD_VERSION);
  AddServeOptions(&app, &serve);
  CLI::App* serve_app = app.add_subcommand("serve", "serve until SIGTERM or SIGINT (the default)");
  AddServeOptions(serve_app, &serve);
  CLI::App* restore_app =
      app.add_subcommand("restore", "make a new journal directory from a backup");
  restore_app->add_option("file", restore.file, "the backup")->required();
  restore_app->add_option("dir", restore.state_dir, "absent or empty")->required();
  CLI::App* loss_app = app.add_subcommand(
      "accept-loss", "give up acknowledged transactions that the journal has lost");
  loss_app->add_option("dir", loss.state_dir, "directory of the journal")->required();
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return Done{code == 0 ? 0 : 2};
  }
  if (restore_app->parsed()) return restore;
  if (loss_app->parsed()) return loss;
  if (serve.state_dir.empty()) {
    std::cerr << "netstackd: --state_dir DIR is required; see --help\n";
    return Done{2};
  }
  return serve;
}

}  // namespace netstackd::daemon
