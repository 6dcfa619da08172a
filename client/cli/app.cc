#include "client/cli/app.h"

#include <ostream>
#include <utility>

#include "client/cli/failure.h"

namespace netstackd::cli {
namespace {

// The format of a command line that could not be understood.
Format FormatIn(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string value;
    if ((words[i] == "-o" || words[i] == "--output") && i + 1 < words.size()) {
      value = words[i + 1];
    } else if (words[i].rfind("--output=", 0) == 0) {
      value = words[i].substr(9);
    }
    if (const auto format = FormatOf(value); !value.empty() && format.ok()) return *format;
  }
  return Format::kTable;
}

int FailEarly(const absl::Status& status, Format format, Io* io) {
  *io->err << FailureText(status);
  if (IsDocument(format)) {
    *io->out << RenderDocument(Json{{"error", FailureJson(status)}}, format);
  }
  return ExitStatusOf(status);
}

}  // namespace

int Run(const std::vector<std::string>& words, Io* io) {
  const auto parsed = Parse(words);
  if (!parsed.ok()) return FailEarly(parsed.status(), FormatIn(words), io);
  if (!parsed->help.empty()) {
    *io->out << parsed->help;
    return kExitDone;
  }
  const Command& command = *parsed->command;
  // Commands with an output of their own give -o another meaning.
  const auto format =
      FormatOf(command.kind == CommandKind::kPlain ? "" : parsed->arguments.Text("output"));
  if (!format.ok()) return FailEarly(format.status(), Format::kTable, io);
  auto settings = ResolveSettings(parsed->arguments, io->environment);
  if (!settings.ok()) return FailEarly(settings.status(), *format, io);

  Context context(command, parsed->arguments, *std::move(settings), *format, io);
  if (const absl::Status connected = context.Connect(); !connected.ok()) {
    return context.Finish(connected);
  }
  const int status = context.Finish(command.run(context));
  io->out->flush();
  if (status != kExitDone && status != kExitWouldChange) return status;
  if (!*io->out) {
    *io->err << "error: the output could not be written\n";
    return kExitOther;
  }
  return status;
}

}  // namespace netstackd::cli
