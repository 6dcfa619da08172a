// The outer wall: who is let in, what is refused before it is looked at, and how it ends.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "server/rpc/methods.h"
#include "tests/integration/raw_call.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;

class EdgeTest : public Served {
 protected:
  HealthCheckResponse::ServingStatus Health(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    std::string answer;
    const grpc::Status status =
        RawCall(channel_, "/grpc.health.v1.Health/Check", request.SerializeAsString(), &answer);
    HealthCheckResponse response;
    EXPECT_TRUE(status.ok() && response.ParseFromString(answer)) << status.error_message();
    return response.status();
  }
};

TEST_F(EdgeTest, HealthIsToldForTheProcessTheStoreAndEveryService) {
  EXPECT_EQ(Health(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Health("ready"), HealthCheckResponse::SERVING);
  for (const auto* service : rpc::Services()) {
    EXPECT_EQ(Health(service->full_name()), HealthCheckResponse::SERVING) << service->full_name();
  }
}

// Bytes of a ServerReflectionRequest: one string field.
std::string ReflectionRequest(char tag, const std::string& text) {
  return std::string(1, tag) + static_cast<char>(text.size()) + text;
}

TEST_F(EdgeTest, ReflectionListsAndDescribesEveryService) {
  constexpr char kFileContainingSymbol = 0x22;
  constexpr char kListServices = 0x3a;
  const auto ask = [&](char tag, const std::string& text) {
    std::string answer;
    const grpc::Status status =
        RawCall(channel_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                ReflectionRequest(tag, text), &answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answer;
  };
  const std::string list = ask(kListServices, "*");
  EXPECT_THAT(list, HasSubstr("grpc.health.v1.Health"));
  EXPECT_THAT(ask(kFileContainingSymbol, "grpc.health.v1.Health"), HasSubstr("HealthCheckRequest"));
  for (const auto* service : rpc::Services()) {
    EXPECT_THAT(list, HasSubstr(service->full_name()));
    EXPECT_THAT(ask(kFileContainingSymbol, service->full_name()),
                HasSubstr(service->method(0)->name()));
  }
}

TEST_F(EdgeTest, ReflectionKnowsFilesAndSaysWhatItDoesNotKnow) {
  using grpc::reflection::v1alpha::ServerReflectionRequest;
  using grpc::reflection::v1alpha::ServerReflectionResponse;
  const auto ask = [&](const ServerReflectionRequest& request) {
    std::string answer;
    const grpc::Status status =
        RawCall(channel_, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                request.SerializeAsString(), &answer);
    ServerReflectionResponse response;
    EXPECT_TRUE(status.ok() && response.ParseFromString(answer)) << status.error_message();
    return response;
  };
  ServerReflectionRequest request;
  request.set_file_by_filename("netstackd/v1/group.proto");
  google::protobuf::FileDescriptorProto file;
  // It comes first, then what it imports.
  const auto found = ask(request).file_descriptor_response();
  ASSERT_GT(found.file_descriptor_proto_size(), 1);
  ASSERT_TRUE(file.ParseFromString(found.file_descriptor_proto(0)));
  EXPECT_EQ(file.name(), "netstackd/v1/group.proto");

  request.set_file_by_filename("netstackd/v9/group.proto");
  EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_file_containing_symbol("netstackd.v1.Nothing");
  EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  request.mutable_file_containing_extension()->set_containing_type("netstackd.v1.Group");
  request.mutable_file_containing_extension()->set_extension_number(1);
  EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
  EXPECT_EQ(ask(request).all_extension_numbers_response().base_type_name(),
            "google.protobuf.FieldOptions");
  EXPECT_EQ(ask({}).error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

// Reads one stream of health.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
      : stub_(channel) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(nullptr);
    EXPECT_TRUE(Next());
    HealthCheckRequest request;
    request.set_service(service);
    const std::string bytes = request.SerializeAsString();
    const grpc::Slice slice(bytes);
    call_->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    EXPECT_TRUE(Next());
  }
  // The next status; UNKNOWN, which no server sends, at the end of the stream.
  HealthCheckResponse::ServingStatus Read() {
    grpc::ByteBuffer part;
    call_->Read(&part, nullptr);
    HealthCheckResponse response;
    grpc::Slice slice;
    if (Next() && part.DumpToSingleSlice(&slice).ok()) {
      EXPECT_TRUE(response.ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
    }
    return response.status();
  }
  grpc::StatusCode End() {
    grpc::Status status;
    call_->Finish(&status, nullptr);
    EXPECT_TRUE(Next());
    return status.error_code();
  }

 private:
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_F(EdgeTest, WatcherOfHealthIsToldOfEveryChangeAndOfTheEnd) {
  HealthWatch process(channel_, "");
  HealthWatch nobody(channel_, "no.such.Service");
  EXPECT_EQ(process.Read(), HealthCheckResponse::SERVING);
  EXPECT_EQ(nobody.Read(), HealthCheckResponse::SERVICE_UNKNOWN);
  server_->Close();
  EXPECT_EQ(process.Read(), HealthCheckResponse::NOT_SERVING);
  server_->Stop(absl::Seconds(5));
  EXPECT_EQ(process.Read(), HealthCheckResponse::UNKNOWN);
  EXPECT_EQ(process.End(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(nobody.Read(), HealthCheckResponse::UNKNOWN);
  EXPECT_EQ(nobody.End(), grpc::StatusCode::CANCELLED);
}

TEST_F(EdgeTest, HealthOfNothingKnownIsNotFound) {
  HealthCheckRequest request;
  request.set_service("no.such.Service");
  std::string answer;
  EXPECT_EQ(RawCall(channel_, "/grpc.health.v1.Health/Check", request.SerializeAsString(), &answer)
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(EdgeTest, UnknownMethodIsUnimplemented) {
  std::string answer;
  EXPECT_EQ(RawCall(channel_, "/netstackd.v1.IpmpService/NoSuchCall", "", &answer).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(EdgeTest, StoppingServerRefusesWithAReasonAndIsNotHealthy) {
  MakeGroup("ipmp0");
  server_->Close();
  const auto refused = Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/ipmp0'");
  EXPECT_EQ(refused.reason, "SERVER_DRAINING");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(refused.has_retry_info);
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteGroup, "name: 'zones/global/groups/ipmp0'").reason,
            "SERVER_DRAINING");
  EXPECT_EQ(Health(""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Health("ready"), HealthCheckResponse::NOT_SERVING);
}

TEST_F(EdgeTest, StopAnswersEveryCallThatRunsAndEndsInTime) {
  std::vector<std::thread> callers;
  std::atomic<int> answered{0};
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      while (true) {
        const std::string group = "g" + std::to_string(caller) + "x" + std::to_string(answered++);
        const auto made =
            Ipmp(&IpmpStub::CreateGroup,
                 "parent: 'zones/global' group_id: '" + group + "' group { spec { ipv4: true } }");
        if (made.ok() || made.reason == "QUOTA_EXCEEDED") continue;
        // Refused by the server, or by a connection that is closed.
        if (made.status.error_code() != grpc::StatusCode::UNAVAILABLE &&
            made.status.error_code() != grpc::StatusCode::CANCELLED) {
          ++wrong;
        }
        return;
      }
    });
  }
  while (Revision() < 20) {
  }
  const absl::Duration start = Clock::Real().Steady();
  // Callers that wait for a server that is gone would do so until their deadline.
  server_->Close();
  for (std::thread& caller : callers) caller.join();
  server_->Stop(absl::Seconds(5));
  EXPECT_LT(Clock::Real().Steady() - start, absl::Seconds(20));
  EXPECT_EQ(wrong, 0);
}

TEST_F(EdgeTest, OpenReflectionStreamDoesNotHoldUpAStop) {
  grpc::TemplatedGenericStub<grpc::reflection::v1alpha::ServerReflectionRequest,
                             grpc::reflection::v1alpha::ServerReflectionResponse>
      stub(channel_);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::reflection::v1alpha::ServerReflectionRequest request;
  request.set_list_services("*");
  call->Write(request, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::reflection::v1alpha::ServerReflectionResponse answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);

  server_->Stop(absl::Hours(1));  // else the test runs into its own limit
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  EXPECT_FALSE(status.ok());
}

TEST_F(EdgeTest, CallerThatGivesUpDisturbsNobody) {
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext context;
    const auto request =
        Text<v1::CreateGroupRequest>("parent: 'zones/global' group_id: 'g" + std::to_string(i) +
                                     "' group { spec { ipv4: true } }");
    grpc::CompletionQueue queue;
    v1::CreateGroupResponse response;
    grpc::Status status;
    const auto call = ipmp_->AsyncCreateGroup(&context, request, &queue);
    call->Finish(&response, &status, &queue);
    context.TryCancel();
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::CANCELLED);
  }
  MakeGroup("after");
  EXPECT_TRUE(core::CheckInvariants(executor_->Read([](const core::State& state, auto) {
                return state;
              })).empty());
}

TEST_F(EdgeTest, MessageBeyondTheLimitIsRefused) {
  v1::TransactRequest request;
  request.mutable_options()->set_comment(std::string(2 << 20, 'x'));
  const auto refused = Send(*config_, &ConfigStub::Transact, request);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  MakeGroup("after");
}

TEST_F(EdgeTest, CompressedMessageIsRefused) {
  grpc::ClientContext context;
  SetDeadline(&context);
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::TransactRequest request;
  request.mutable_options()->set_comment(std::string(100'000, 'x'));
  v1::TransactResponse response;
  EXPECT_EQ(config_->Transact(&context, request, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(EdgeTest, HeadersBeyondTheLimitAreRefused) {
  // A connection of its own: it may not survive.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto stub = v1::AdminService::NewStub(grpc::CreateCustomChannel(
      server_->addresses().front(), grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  context.AddMetadata("x-big", std::string(100'000, 'x'));
  v1::GetServerInfoResponse response;
  EXPECT_FALSE(stub->GetServerInfo(&context, {}, &response).ok());
  EXPECT_TRUE(Admin(&AdminStub::GetServerInfo, "").ok());
}

TEST_F(EdgeTest, HistoryTellsWhoAsked) {
  grpc::ClientContext context;
  SetDeadline(&context);
  const auto request = Text<v1::CreateGroupRequest>(
      "parent: 'zones/global' group_id: 'a' group { spec { ipv4: true } } options { comment: "
      "'why' request_id: '01234567-89ab-cdef-0123-456789abcdef' }");
  v1::CreateGroupResponse response;
  ASSERT_TRUE(ipmp_->CreateGroup(&context, request, &response).ok());
  const auto got = Config(&ConfigStub::GetTransaction, "revision: 1");
  const v1::Transaction& transaction = got.response.transaction();
  EXPECT_EQ(transaction.principal(), "local");
  EXPECT_THAT(transaction.peer(), HasSubstr("unix:"));
  EXPECT_THAT(transaction.user_agent(), HasSubstr("grpc-c++"));
  EXPECT_EQ(transaction.comment(), "why");
  EXPECT_EQ(transaction.request_id(), "01234567-89ab-cdef-0123-456789abcdef");
}

class LoopbackTest : public EdgeTest {
 protected:
  LoopbackTest() {
    server_options_.listeners = {
        {.text = "tcp:127.0.0.1:0", .path = {}, .host = "127.0.0.1", .port = 0}};
    Restart();
  }
};

TEST_F(LoopbackTest, PrincipalIsTheLoopbackAddress) {
  EXPECT_THAT(server_->addresses().front(), ::testing::StartsWith("127.0.0.1:"));
  EXPECT_NE(server_->addresses().front(), "127.0.0.1:0");
  MakeGroup("a");
  EXPECT_EQ(Config(&ConfigStub::GetTransaction, "revision: 1").response.transaction().principal(),
            "loopback:127.0.0.1");
}

class DeniedTest : public EdgeTest {
 protected:
  DeniedTest() {
    server_options_.access = {};
    Restart();
  }
};

TEST_F(DeniedTest, MethodWithoutARowIsDeniedWhateverIsSent) {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = rpc::FullName(*service->method(i));
      std::string answer;
      const Failure failure = TakeApart(RawCall(channel_, method, "", &answer));
      EXPECT_EQ(failure.reason, "PERMISSION_DENIED") << method;
      EXPECT_EQ(failure.status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method;
    }
  }
}

}  // namespace
}  // namespace netstackd::integration
