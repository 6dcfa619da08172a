#include "client/cli/flags.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/json.h"

namespace netstackd::cli {

std::vector<Flag> LabelFlags() {
  return {{"--label", FlagKind::kList, "KEY=VALUE", "set a label; may be repeated"},
          {"--unlabel", FlagKind::kList, "KEY", "remove a label; may be repeated"}};
}

absl::StatusOr<bool> ApplyLabels(const Arguments& arguments, v1::Meta* meta) {
  for (const std::string& key : arguments.List("unlabel")) meta->mutable_labels()->erase(key);
  for (const std::string& label : arguments.List("label")) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos || equals == 0) {
      return UsageError(absl::StrCat("--label: '", label, "' is not KEY=VALUE"));
    }
    (*meta->mutable_labels())[label.substr(0, equals)] = label.substr(equals + 1);
  }
  return arguments.Has("label") || arguments.Has("unlabel");
}

Flag FamilyFlag() { return {"--family", FlagKind::kText, "FAMILY", "ipv4 or ipv6"}; }

absl::StatusOr<v1::Family> FamilyOf(const Arguments& arguments) {
  NSD_ASSIGN_OR_RETURN(const int number, EnumFlag(arguments, "family", *v1::Family_descriptor()));
  return static_cast<v1::Family>(number);
}

std::vector<Flag> ListFlags() {
  return {{"--filter", FlagKind::kText, "EXPRESSION",
           "such as 'spec.standby = true AND labels.rack = \"a\"'"}};
}

absl::StatusOr<int> EnumFlag(const Arguments& arguments, const std::string& flag,
                             const google::protobuf::EnumDescriptor& type) {
  if (!arguments.Has(flag)) return 0;
  const std::string text = arguments.Text(flag);
  const auto* value = EnumByText(type, text);
  if (value == nullptr) {
    return UsageError(absl::StrCat("--", flag, ": there is no '", text, "'"),
                      absl::StrCat("there are: ", EnumTexts(type)));
  }
  return value->number();
}

}  // namespace netstackd::cli
