#include "client/cli/settings.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "netstackd/client.h"

namespace netstackd::cli {
namespace {

// The file as text; nullopt if it is not there.
std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The value of a scalar; empty if it is not there.
std::string ScalarOf(const YAML::Node& map, const char* key) {
  return map.IsMap() && map[key] && map[key].IsScalar() ? map[key].Scalar() : "";
}

// The context `name` of the file, or its current one if `name` is empty. yaml-cpp throws.
absl::StatusOr<Settings> ContextOf(const std::string& text, std::string name,
                                   const std::string& path) {
  const YAML::Node root = YAML::Load(text);
  if (name.empty()) name = ScalarOf(root, "current");
  if (name.empty()) return Settings{};
  if (!root.IsMap() || !root["contexts"].IsMap() || !root["contexts"][name]) {
    return UsageError(absl::StrCat("there is no context '", name, "' in ", path));
  }
  const YAML::Node context = root["contexts"][name];
  return Settings{ScalarOf(context, "server"), ScalarOf(context, "zone")};
}

absl::StatusOr<Settings> ContextSettings(const std::string& name, const GetEnvironment& get) {
  const std::string path = absl::StrCat(get("HOME").value_or(""), "/.config/ipmpctl/config.yaml");
  const std::optional<std::string> text = ReadFile(path);
  if (!text) {
    if (name.empty()) return Settings{};
    return UsageError(absl::StrCat("there is no context '", name, "': ", path, " is missing"));
  }
  try {
    return ContextOf(*text, name, path);
  } catch (const YAML::Exception& error) {
    return UsageError(absl::StrCat(path, ": ", error.what()));
  }
}

std::string FirstOf(std::initializer_list<std::string> choices) {
  for (const std::string& choice : choices) {
    if (!choice.empty()) return choice;
  }
  return "";
}

}  // namespace

absl::StatusOr<Settings> ResolveSettings(const Arguments& arguments, const GetEnvironment& get) {
  const std::string name =
      FirstOf({arguments.Text("context"), get("IPMPCTL_CONTEXT").value_or("")});
  NSD_ASSIGN_OR_RETURN(const Settings context, ContextSettings(name, get));
  return Settings{
      FirstOf({arguments.Text("server"), get("IPMPCTL_SERVER").value_or(""), context.endpoint,
               kDefaultEndpoint}),
      FirstOf({arguments.Text("zone"), get("IPMPCTL_ZONE").value_or(""), context.zone, "global"})};
}

}  // namespace netstackd::cli
