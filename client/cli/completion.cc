// ipmpctl completion bash: a script made from the table of commands.
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/command.h"
#include "client/cli/context.h"

namespace netstackd::cli {
namespace {

// Long flags of a command, blank-separated.
std::string FlagWords(const Command& command) {
  std::string words;
  std::vector<Flag> flags = FlagsOf(command);
  flags.insert(flags.end(), CommonFlags().begin(), CommonFlags().end());
  for (const Flag& flag : flags) {
    if (flag.names.find("--") == std::string::npos) continue;
    absl::StrAppend(&words, words.empty() ? "" : " ", "--", LongName(flag));
  }
  return words;
}

Outcome Bash(Context& context) {
  std::string nouns;
  std::map<std::string, std::string> verbs;  // of nouns
  std::string flags;                         // lines of a case statement
  for (const Command& command : AllCommands()) {
    if (verbs.count(command.noun) == 0) {
      absl::StrAppend(&nouns, nouns.empty() ? "" : " ", command.noun);
    }
    std::string& own = verbs[command.noun];
    absl::StrAppend(&own, own.empty() ? "" : " ", command.verb);
    // Without a verb anything may stand in its place.
    absl::StrAppend(&flags, "      '", command.noun, " '",
                    command.verb.empty() ? "*" : absl::StrCat("'", command.verb, "'"), ") words='",
                    FlagWords(command), "' ;;\n");
  }
  std::ostream& out = *context.io().out;
  out << "# bash completion of ipmpctl: source <(ipmpctl completion bash)\n"
         "_ipmpctl() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} noun=${COMP_WORDS[1]:-} verb= words=\n"
         "  if ((COMP_CWORD > 2)); then verb=${COMP_WORDS[2]}; fi\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    words='"
      << nouns
      << "'\n"
         "  elif [[ $word == -* ]]; then\n"
         "    case \"$noun $verb\" in\n";
  out << flags;
  out << "    esac\n"
         "  elif [[ $noun == why ]]; then\n"
         "    words=$(ipmpctl address list -o name --timeout 200ms 2>/dev/null |\n"
         "      sed 's|^address/||')\n"
         "  elif ((COMP_CWORD == 2)); then\n"
         "    case $noun in\n";
  for (const auto& [noun, own] : verbs) {
    if (!own.empty()) out << "      " << noun << ") words='" << own << "' ;;\n";
  }
  out << "    esac\n"
         "  elif [[ $noun == group || $noun == interface || $noun == address ]]; then\n"
         "    words=$(ipmpctl \"$noun\" list -o name --timeout 200ms 2>/dev/null |\n"
         "      sed \"s|^$noun/||\")\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "}\n"
         "complete -o default -F _ipmpctl ipmpctl\n";
  return 0;
}

}  // namespace

std::vector<Command> CompletionCommands() {
  return {{"completion",
           "bash",
           CommandKind::kPlain,
           "print a completion script for bash",
           {},
           {},
           Bash}};
}

}  // namespace netstackd::cli
