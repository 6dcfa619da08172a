// ipmpctl: the world around Run().
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "client/cli/app.h"
#include "client/cli/failure.h"

namespace {

// The text that an interruption prints; written before a change, read by the signal handler.
char interrupted_text[128] = "";

void OnInterrupt(int) {
  // Only what is safe in a signal handler.
  const ssize_t written = write(STDERR_FILENO, interrupted_text, std::strlen(interrupted_text));
  _exit(written < 0 ? netstackd::cli::kExitOther : netstackd::cli::kExitInterrupted);
}

void NoteChange(const std::string& request_id) {
  const std::string text =
      "\ninterrupted; it may have been done: --request-id " + request_id + "\n";
  // Cleared first: a signal in between prints nothing rather than half of it.
  interrupted_text[0] = '\0';
  const std::size_t size = std::min(text.size(), sizeof(interrupted_text) - 1);
  std::memcpy(interrupted_text + 1, text.data() + 1, size - 1);
  interrupted_text[size] = '\0';
  interrupted_text[0] = text[0];
}

std::size_t ScreenRows() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 24;
  return size.ws_row;
}

std::optional<std::string> Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGPIPE, SIG_IGN);
  netstackd::cli::Io io;
  io.in = &std::cin;
  io.out = &std::cout;
  io.err = &std::cerr;
  io.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  io.screen_rows = ScreenRows();
  io.environment = Environment;
  io.connect = netstackd::Client::Connect;
  io.before_change = NoteChange;
  return netstackd::cli::Run({argv + 1, argv + argc}, &io);
}
