// Runs a fuzz target without libFuzzer: files first, then random inputs that a seed repeats.
//
// fuzz_NAME [--seed N] [--inputs N] [FILE | DIRECTORY]...
//
// If the process dies, the input that was running is in fuzz_NAME.crash of the current directory.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// A target may have it.
__attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
// A sanitizer may be there; it ends the process itself.
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());
}

namespace {

constexpr std::size_t kSizeMax = 1024;

struct Plan {
  std::uint64_t seed = 1;
  int inputs = 0;
  std::vector<std::filesystem::path> files;
};

void AddFiles(const std::filesystem::path& path, std::vector<std::filesystem::path>* files) {
  if (!std::filesystem::is_directory(path)) {
    files->push_back(path);
    return;
  }
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(path)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  files->insert(files->end(), found.begin(), found.end());
}

Plan Parse(int argc, char** argv) {
  Plan plan;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--seed" && i + 1 < argc) {
      plan.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--inputs" && i + 1 < argc) {
      plan.inputs = std::atoi(argv[++i]);
    } else {
      AddFiles(word, &plan.files);
    }
  }
  return plan;
}

// What runs now, for those who may look at it only: the process is dying.
std::string crash_file;
const std::uint8_t* running = nullptr;
std::size_t running_size = 0;

void KeepInput() {
  if (running == nullptr) return;
  const int fd = open(crash_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  const bool kept =
      fd >= 0 && write(fd, running, running_size) == static_cast<ssize_t>(running_size);
  const std::string_view said =
      kept ? "the input is in a file .crash of this directory; give it to the program to repeat\n"
           : "the input could not be kept\n";
  if (write(STDERR_FILENO, said.data(), said.size()) < 0) return;
}

void Died(int signal) {
  KeepInput();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// On a memory of its own: the reason may be that there is no room left for calls.
void KeepInputOfCrashes() {
  static std::uint8_t room[64 << 10];
  stack_t place = {};
  place.ss_sp = room;
  place.ss_size = sizeof(room);
  sigaltstack(&place, nullptr);
  struct sigaction action = {};
  action.sa_handler = Died;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGABRT, &action, nullptr);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(KeepInput);
    return;
  }
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
}

void Run(const std::string& bytes) {
  // A copy of exactly this size, so that a sanitizer sees who reads past its end.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  running = exact.data();
  running_size = exact.size();
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  running = nullptr;
}

// Anything; or one of the files with some bytes changed, cut or doubled.
std::string RandomInput(const std::vector<std::string>& corpus, std::mt19937_64* random) {
  const auto below = [random](std::size_t n) { return static_cast<std::size_t>((*random)() % n); };
  std::string bytes;
  if (corpus.empty() || below(2) == 0) {
    bytes.resize(below(kSizeMax));
    for (char& c : bytes) c = static_cast<char>((*random)());
    return bytes;
  }
  bytes = corpus[below(corpus.size())];
  for (std::size_t n = below(4) + 1; n > 0 && !bytes.empty(); --n) {
    const std::size_t at = below(bytes.size());
    switch (below(3)) {
      case 0:
        bytes[at] = static_cast<char>((*random)());
        break;
      case 1:
        bytes.resize(at);
        break;
      default:
        bytes.insert(at, bytes.substr(at, below(16)));
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const Plan plan = Parse(argc, argv);
  const std::string name = std::filesystem::path(argv[0]).filename().string();
  crash_file = name + ".crash";
  KeepInputOfCrashes();
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  std::printf("%s: %zu files, then %d inputs of seed %llu\n", name.c_str(), plan.files.size(),
              plan.inputs, static_cast<unsigned long long>(plan.seed));
  std::fflush(stdout);
  std::vector<std::string> corpus;
  for (const auto& file : plan.files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
      return 2;
    }
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    Run(corpus.back());
  }
  std::mt19937_64 random(plan.seed);
  for (int i = 0; i < plan.inputs; ++i) Run(RandomInput(corpus, &random));
  const std::size_t count = corpus.size() + static_cast<std::size_t>(plan.inputs);
  std::printf("%zu executions\n", count);
  return count > 0 ? 0 : 2;
}
