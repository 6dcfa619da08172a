// What happens to the files of a journal behind its back, for tests.
#ifndef NETSTACKD_STORAGE_TESTING_JOURNAL_FILES_H_
#define NETSTACKD_STORAGE_TESTING_JOURNAL_FILES_H_

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace netstackd::storage::testing_support {

inline std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

inline void WriteWhole(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The directory as a kill of the process at this moment would leave it: the log with the database,
// without the index of the log, which the next process builds anew.
inline void CopyAsAfterAKill(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::create_directory(to);
  for (const char* name : {"journal.db", "journal.db-wal", "REVISION"}) {
    if (std::filesystem::exists(from + "/" + name)) {
      std::filesystem::copy_file(from + "/" + name, to + "/" + name);
    }
  }
}

inline void FlipBit(const std::string& path, std::size_t offset, unsigned bit) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(offset));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(static_cast<char>(byte ^ (1 << bit)));
}

}  // namespace netstackd::storage::testing_support

#endif  // NETSTACKD_STORAGE_TESTING_JOURNAL_FILES_H_
