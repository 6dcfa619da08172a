#include "client/cli/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "client/sdk/testing/fake_stub.h"

namespace netstackd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// ipmpctl with streams and an environment of the test, against a fake server that knows nothing.
class AppTest : public ::testing::Test {
 protected:
  AppTest() {
    io_.in = &in_;
    io_.out = &out_;
    io_.err = &err_;
    io_.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    };
    io_.connect = [this](const ConnectOptions& options) {
      endpoint_ = options.endpoint;
      return std::make_unique<Client>(server_.NewStub(), options.deadline);
    };
    io_.before_change = [this](const std::string& id) { request_ids_.push_back(id); };
  }

  int Run(const std::vector<std::string>& words) {
    out_.str("");
    err_.str("");
    in_.clear();
    return cli::Run(words, &io_);
  }

  std::map<std::string, std::string> environment_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  std::string endpoint_;
  std::vector<std::string> request_ids_;
  sdk::FakeServer server_;
  Io io_;
};

TEST_F(AppTest, TyposOfNounVerbAndFlagGetASuggestion) {
  EXPECT_EQ(Run({"grup", "list"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean group?"));
  EXPECT_EQ(Run({"interface", "ofline", "net0"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean offline?"));
  EXPECT_EQ(Run({"group", "delete", "g", "--allow-mising"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean --allow-missing?"));
  EXPECT_THAT(server_.calls(), IsEmpty());
}

TEST_F(AppTest, WrongCommandLinesAreUsageErrors) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"group"},
      {"group", "create"},
      {"group", "create", "a", "b"},
      {"group", "list", "-o", "xml"},
      {"group", "list", "--fields", "colour"},
      {"group", "create", "a", "--detect", "soon"},
      {"group", "create", "a", "--announce", "-1"},
      {"group", "set", "a/b/c"},
      {"interface", "report", "net0", "--link", "sideways"},
      {"interface", "report", "net0"},
      {"group", "delete", "a", "b", "--request-id", "x"},
      {"group", "list", "--context", "nowhere"},
      {"stat"},
      {"stat", "-a", "-g"},
      {"stat", "-aP"},
      {"stat", "-aP", "-o", "all"},
      {"stat", "-aP", "-o", "address,colour"},
      {"stat", "-a", "-o", "colour"}};
  server_.On<v1::ListGroupsRequest, v1::ListGroupsResponse>(
      "ListGroups", [](const auto&, auto*) { return absl::OkStatus(); });
  for (const auto& words : wrong) {
    EXPECT_EQ(Run(words), 2) << ::testing::PrintToString(words);
    EXPECT_THAT(out_.str(), IsEmpty()) << ::testing::PrintToString(words);
    EXPECT_THAT(err_.str(), StartsWith("error: ")) << ::testing::PrintToString(words);
  }
}

TEST_F(AppTest, AFailureIsADocumentToo) {
  EXPECT_EQ(Run({"grup", "list", "-o", "json"}), 2);
  EXPECT_EQ(Json::parse(out_.str())["error"]["code"], "INVALID_ARGUMENT");
  server_.OnOthers([](const std::string&) {
    return MakeError(ErrorReason::kMinRedundancyNotMet, "no", {{"usable", "1"}});
  });
  EXPECT_EQ(Run({"interface", "offline", "net0", "-o", "json"}), 5);
  const Json document = Json::parse(out_.str());
  EXPECT_EQ(document["error"]["reason"], "MIN_REDUNDANCY_NOT_MET");
  EXPECT_EQ(document["error"]["metadata"]["usable"], "1");
  EXPECT_EQ(Run({"interface", "offline", "net0", "-o", "yaml"}), 5);
  EXPECT_THAT(out_.str(), StartsWith("error:\n  code: FAILED_PRECONDITION\n"));
}

TEST_F(AppTest, WhatWasDoneBeforeAFailureIsInTheDocument) {
  server_.On<v1::LeaveGroupRequest, v1::LeaveGroupResponse>(
      "LeaveGroup", [](const auto& request, auto* response) {
        response->mutable_result()->set_revision(5);
        return request.name().back() == '0'
                   ? absl::OkStatus()
                   : MakeError(ErrorReason::kInterfaceNotFound, "no such interface");
      });
  EXPECT_EQ(Run({"interface", "leave", "net0", "net1", "net2", "-o", "json"}), 3);
  const Json document = Json::parse(out_.str());
  ASSERT_EQ(document["items"].size(), 1U);
  EXPECT_EQ(document["items"][0]["name"], "zones/global/interfaces/net0");
  EXPECT_EQ(document["items"][0]["result"]["revision"], 5);
  EXPECT_EQ(document["error"]["reason"], "INTERFACE_NOT_FOUND");
}

TEST_F(AppTest, DryRunSaysWhatWouldBeDoneAndWhetherSomethingWould) {
  server_.On<v1::OfflineInterfaceRequest, v1::OfflineInterfaceResponse>(
      "OfflineInterface", [](const auto& request, auto* response) {
        EXPECT_TRUE(request.options().validate_only());
        if (request.name().back() == '1') return absl::OkStatus();
        auto* step = response->mutable_result()->mutable_plan()->add_steps();
        step->set_action(v1::Plan::ACTION_MOVE_ADDRESS);
        step->set_resource("zones/global/groups/g/addresses/192.0.2.11");
        step->set_from_interface("net0");
        step->set_to_interface("net1");
        step->set_disruptive(true);
        return absl::OkStatus();
      });
  EXPECT_EQ(Run({"interface", "offline", "net0", "--dry-run"}), 1);
  EXPECT_EQ(out_.str(), "would move    192.0.2.11  net0 -> net1   (traffic may notice)\n");
  EXPECT_EQ(Run({"interface", "offline", "net1", "--dry-run"}), 0);
  EXPECT_EQ(out_.str(), "no change\n");
}

TEST_F(AppTest, EveryChangeHasARequestIdThatIsKnownBefore) {
  server_.On<v1::OnlineInterfaceRequest, v1::OnlineInterfaceResponse>(
      "OnlineInterface", [&](const auto& request, auto*) {
        EXPECT_EQ(request.options().request_id(), request_ids_.back());
        return absl::OkStatus();
      });
  EXPECT_EQ(Run({"interface", "online", "net0", "net1"}), 0);
  ASSERT_EQ(request_ids_.size(), 2U);
  EXPECT_NE(request_ids_[0], request_ids_[1]);
  EXPECT_EQ(Run({"interface", "online", "net0", "--request-id", "again", "--if-etag", "7-1",
                 "--comment", "why", "--timeout", "5s"}),
            0);
  const auto request = server_.LastRequest<v1::OnlineInterfaceRequest>();
  EXPECT_EQ(request.options().request_id(), "again");
  EXPECT_EQ(request.options().etag(), "7-1");
  EXPECT_EQ(request.options().comment(), "why");
  EXPECT_EQ(server_.calls().back().timeout, absl::Seconds(5));
}

TEST_F(AppTest, ADashReadsNamesFromStdin) {
  in_.str("net0\n\n  group-of/net1\n");
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"interface", "online", "-"}), 0);
  EXPECT_EQ(out_.str(), "interface/net0\ninterface/group-of/net1\n");
}

TEST_F(AppTest, ATypoInANameGetsASuggestion) {
  server_.On<v1::GetGroupRequest, v1::GetGroupResponse>("GetGroup", [](const auto& request, auto*) {
    return MakeError(ErrorReason::kGroupNotFound, "no such group", {{"resource", request.name()}});
  });
  server_.On<v1::ListGroupsRequest, v1::ListGroupsResponse>(
      "ListGroups", [](const auto&, auto* response) {
        response->add_groups()->set_name("zones/global/groups/mgmt0");
        response->add_groups()->set_name("zones/global/groups/ipmp0");
        return absl::OkStatus();
      });
  EXPECT_EQ(Run({"group", "show", "impm0"}), 3);
  EXPECT_THAT(err_.str(), HasSubstr("did you mean ipmp0?"));
}

TEST_F(AppTest, TheEndpointIsFlagThenEnvironmentThenContextThenDefault) {
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  std::string home = (std::filesystem::temp_directory_path() / "nsd-home-XXXXXX").string();
  ASSERT_NE(mkdtemp(home.data()), nullptr);
  EXPECT_EQ(Run({"group", "list"}), 0);
  EXPECT_EQ(endpoint_, "unix:/run/netstackd/netstackd.sock");
  std::filesystem::create_directories(home + "/.config/ipmpctl");
  std::ofstream(home + "/.config/ipmpctl/config.yaml")
      << "current: lab\ncontexts:\n  lab: {server: \"lab:7470\", zone: web}\n"
         "  other: {server: \"other:7470\"}\n";
  environment_["HOME"] = home;
  EXPECT_EQ(Run({"group", "list"}), 0);
  EXPECT_EQ(endpoint_, "lab:7470");
  EXPECT_EQ(server_.LastRequest<v1::ListGroupsRequest>().parent(), "zones/web");
  EXPECT_EQ(Run({"group", "list", "--context", "other"}), 0);
  EXPECT_EQ(endpoint_, "other:7470");
  environment_["IPMPCTL_SERVER"] = "env:1";
  EXPECT_EQ(Run({"group", "list"}), 0);
  EXPECT_EQ(endpoint_, "env:1");
  EXPECT_EQ(Run({"--server", "flag:1", "group", "list"}), 0);
  EXPECT_EQ(endpoint_, "flag:1");
  EXPECT_EQ(Run({"group", "list", "--context", "nowhere"}), 2);
  std::filesystem::remove_all(home);
}

TEST_F(AppTest, AnInterfaceWithATestAddressIsOneTransaction) {
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"interface", "create", "net1", "--group", "ipmp0", "--standby", "--test",
                 "192.0.2.21/24"}),
            0);
  EXPECT_EQ(out_.str(), "interface/net1\naddress/net1/192.0.2.21\n");
  const auto request = server_.LastRequest<v1::TransactRequest>();
  ASSERT_EQ(request.operations_size(), 2);
  const auto& spec = request.operations(0).create().ip_interface().spec();
  EXPECT_TRUE(spec.ipv4());
  EXPECT_FALSE(spec.ipv6());
  EXPECT_TRUE(spec.standby());
  EXPECT_EQ(spec.group(), "ipmp0");
  EXPECT_TRUE(request.operations(1).create().address().spec().test());
}

TEST_F(AppTest, AnInterfaceTakesTheSidesOfItsGroup) {
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  server_.On<v1::GetGroupRequest, v1::GetGroupResponse>(
      "GetGroup", [](const auto&, auto* response) {
        response->mutable_group()->mutable_spec()->set_ipv6(true);
        return absl::OkStatus();
      });
  EXPECT_EQ(Run({"interface", "create", "net1", "--group", "ipmp0"}), 0);
  const auto spec = server_.LastRequest<v1::CreateInterfaceRequest>().ip_interface().spec();
  EXPECT_FALSE(spec.ipv4());
  EXPECT_TRUE(spec.ipv6());
}

TEST_F(AppTest, JoinSetsTheGroupAndStepJoinsAsItIs) {
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"interface", "join", "net0", "ipmp0"}), 0);
  const auto update = server_.LastRequest<v1::UpdateInterfaceRequest>();
  EXPECT_EQ(update.ip_interface().spec().group(), "ipmp0");
  EXPECT_THAT(update.update_mask().paths(), ElementsAre("spec.group"));
  EXPECT_EQ(Run({"interface", "join", "net0", "ipmp0", "--step"}), 0);
  EXPECT_EQ(server_.calls().back().method, "JoinGroup");
}

TEST_F(AppTest, SetChangesOnlyWhatIsNamedAndOnlyIfItIsStillTheSame) {
  server_.On<v1::GetInterfaceRequest, v1::GetInterfaceResponse>(
      "GetInterface", [](const auto& request, auto* response) {
        response->mutable_ip_interface()->set_name(request.name());
        response->mutable_ip_interface()->mutable_meta()->set_etag("7-3");
        return absl::OkStatus();
      });
  server_.On<v1::UpdateInterfaceRequest, v1::UpdateInterfaceResponse>(
      "UpdateInterface", [](const auto&, auto*) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"interface", "set", "net0", "--standby=false", "--label", "rack=a"}), 0);
  const auto request = server_.LastRequest<v1::UpdateInterfaceRequest>();
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("spec.standby", "meta.labels"));
  EXPECT_EQ(request.options().etag(), "7-3");
  EXPECT_FALSE(request.ip_interface().spec().standby());
  EXPECT_EQ(Run({"interface", "set", "net0"}), 2);
}

TEST_F(AppTest, ABackupFileAppearsOnlyWhenItIsComplete) {
  std::string home = (std::filesystem::temp_directory_path() / "nsd-backup-XXXXXX").string();
  ASSERT_NE(mkdtemp(home.data()), nullptr);
  const std::string path = home + "/b.nsb";
  v1::BackupResponse part;
  part.set_chunk("abc");
  server_.OnStream("Backup", {part.SerializeAsString()}, absl::OkStatus());
  EXPECT_EQ(Run({"backup", path}), 9);
  EXPECT_TRUE(std::filesystem::is_empty(home));
  part.set_total_bytes(3);
  part.set_sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  server_.OnStream("Backup", {part.SerializeAsString()}, absl::OkStatus());
  EXPECT_EQ(Run({"backup", path}), 0);
  EXPECT_EQ(std::filesystem::file_size(path), 3U);
  EXPECT_EQ(Run({"backup"}), 0);
  EXPECT_EQ(out_.str(), "abc");
  io_.out_is_terminal = true;
  EXPECT_EQ(Run({"backup"}), 2);
  std::filesystem::remove_all(home);
}

TEST_F(AppTest, HelpIsThereForEveryCommand) {
  for (const Command& command : AllCommands()) {
    std::vector<std::string> words = {command.noun};
    if (!command.verb.empty()) words.push_back(command.verb);
    words.push_back("--help");
    EXPECT_EQ(Run(words), 0);
    EXPECT_THAT(out_.str(), StartsWith("usage: " + FullName(command)));
    EXPECT_THAT(out_.str(), HasSubstr(command.summary));
  }
  EXPECT_EQ(Run({"--help"}), 0);
  EXPECT_EQ(Run({"group", "--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("rename"));
}

TEST_F(AppTest, StdoutThatCannotBeWrittenIsAFailure) {
  server_.OnOthers([](const std::string&) { return absl::OkStatus(); });
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(cli::Run({"group", "list"}, &io_), 9);
}

}  // namespace
}  // namespace netstackd::cli
