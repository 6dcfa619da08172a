// ipmpctl backup, ipmpctl compact.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"

namespace netstackd::cli {
namespace {

void Tell(Context& context, const BackupSummary& summary) {
  *context.io().err << "backup of revision " << summary.revision << ", " << summary.bytes
                    << " bytes, sha256 " << summary.sha256 << "\n";
}

// Under another name until it is complete, so that a file of this name is always a backup.
Outcome BackupToFile(Context& context, const std::string& path) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  if (!out) return absl::UnknownError(absl::StrCat(part, " cannot be written"));
  const auto summary = context.client().admin().Backup(out, context.Read());
  out.close();
  if (!summary.ok() || !out) {
    std::remove(part.c_str());
    return summary.ok() ? absl::UnknownError(absl::StrCat(part, " could not be written"))
                        : summary.status();
  }
  if (std::rename(part.c_str(), path.c_str()) != 0) {
    std::remove(part.c_str());
    return absl::UnknownError(absl::StrCat(path, " cannot be written"));
  }
  *context.io().out << path << "\n";
  Tell(context, *summary);
  return 0;
}

Outcome Backup(Context& context) {
  const std::string path = context.args().Operand(0);
  if (!path.empty() && path != "-") return BackupToFile(context, path);
  if (context.io().out_is_terminal) {
    return UsageError("a backup is no text", "ipmpctl backup FILE, or redirect it");
  }
  NSD_ASSIGN_OR_RETURN(const BackupSummary summary,
                       context.client().admin().Backup(*context.io().out, context.Read()));
  Tell(context, summary);
  return 0;
}

Outcome Compact(Context& context) {
  std::int64_t keep_from = context.args().Number("keep-from").value_or(0);
  if (keep_from == 0) {
    NSD_ASSIGN_OR_RETURN(const auto info, context.client().admin().GetServerInfo(context.Read()));
    keep_from = std::max<std::int64_t>(info.revision(), 1);
  }
  NSD_ASSIGN_OR_RETURN(const auto compacted,
                       context.client().admin().Compact(keep_from, context.Change()));
  if (!IsDocument(context.format())) {
    *context.io().out << "kept from revision " << compacted.first_kept_revision() << "\n";
    return 0;
  }
  context.Changed("history", compacted.result(),
                  Json{{"first_kept_revision", compacted.first_kept_revision()}});
  return 0;
}

}  // namespace

std::vector<Command> StoreCommands() {
  return {{"backup",
           "",
           CommandKind::kPlain,
           "copy the store while it runs; netstackd restore takes it",
           {{"FILE", "where to (default: stdout)", false}},
           {},
           Backup,
           "It is verified: exit status 0 means that what was written is what the server read.\n"},
          {"compact",
           "",
           CommandKind::kChange,
           "remove old transactions from the kept history",
           {},
           {{"--keep-from", FlagKind::kNumber, "REVISION", "oldest to keep (default: the newest)"}},
           Compact,
           "What is younger than 10 minutes stays in any case. Objects are not touched.\n"}};
}

}  // namespace netstackd::cli
