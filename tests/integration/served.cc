#include "tests/integration/served.h"

#include <chrono>
#include <cstdlib>

#include "google/protobuf/text_format.h"
#include "storage/memory/memory_journal.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::integration {

void ParseText(const std::string& text, google::protobuf::Message* message) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message)) << text;
}

Served::Served(Store store) : store_(store) {
  // They change how gRPC talks to a server on the same machine.
  for (const char* name : {"http_proxy", "https_proxy", "grpc_proxy"}) unsetenv(name);
  server_options_.listeners.push_back(
      {.text = "unix", .path = directory_.path() + "/socket", .host = {}});
  server_options_.version = "1.2.3";
  server_options_.scratch_dir = directory_.path();
  OpenJournal();
  Start();
}

Served::~Served() { StopAll(); }

void Served::OpenJournal() {
  if (store_ == Store::kMemory) {
    if (journal_ == nullptr) journal_ = std::make_unique<storage::MemoryJournal>();
    return;
  }
  journal_.reset();
  auto journal = storage::sqlite::Open(directory_.path() + "/state");
  ASSERT_TRUE(journal.ok()) << journal.status();
  journal_ = std::move(*journal);
}

void Served::Start() {
  auto executor = executor::Executor::Start(executor_options_, journal_.get());
  ASSERT_TRUE(executor.ok()) << executor.status();
  executor_ = std::move(*executor);
  server_options_.executor = executor_options_;
  auto server = rpc::Server::Start(server_options_, executor_.get());
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = std::move(*server);
  // Channels with the same target share a connection, and with it the one to a server that is gone.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel_ = grpc::CreateCustomChannel(server_->addresses().front(),
                                       grpc::InsecureChannelCredentials(), arguments);
  ipmp_ = v1::IpmpService::NewStub(channel_);
  config_ = v1::ConfigService::NewStub(channel_);
  admin_ = v1::AdminService::NewStub(channel_);
}

void Served::StopAll() {
  server_.reset();
  executor_.reset();
}

void Served::Restart() {
  StopAll();
  OpenJournal();
  Start();
}

void Served::SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  context->set_wait_for_ready(true);
}

void Served::MakeGroup(const std::string& group, const std::string& spec) {
  const auto made = Ipmp(&IpmpStub::CreateGroup, "parent: 'zones/global' group_id: '" + group +
                                                     "' group { spec { " + spec + " } }");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
}

void Served::MakeInterface(const std::string& interface, const std::string& spec) {
  const auto made =
      Ipmp(&IpmpStub::CreateInterface, "parent: 'zones/global' interface_id: '" + interface +
                                           "' ip_interface { spec { " + spec + " } }");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
}

void Served::MakeAddress(const std::string& parent, const std::string& cidr) {
  const auto made =
      Ipmp(&IpmpStub::CreateAddress,
           "parent: 'zones/global/" + parent + "' address { spec { cidr: '" + cidr + "' } }");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
}

v1::Group Served::Group(const std::string& group) {
  const auto got = Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/" + group + "'");
  EXPECT_TRUE(got.ok()) << got.status.error_message();
  return got.response.group();
}

v1::Interface Served::Interface(const std::string& interface) {
  const auto got =
      Ipmp(&IpmpStub::GetInterface, "name: 'zones/global/interfaces/" + interface + "'");
  EXPECT_TRUE(got.ok()) << got.status.error_message();
  return got.response.ip_interface();
}

std::int64_t Served::Revision() { return Admin(&AdminStub::GetServerInfo, "").response.revision(); }

}  // namespace netstackd::integration
