// Sequences of calls of every method of every service, over gRPC, to a server in this process.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "core/apply.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/grpcpp.h"
#include "netstackd/v1/admin.pb.h"
#include "netstackd/v1/common.pb.h"
#include "server/executor/executor.h"
#include "server/executor/recovery.h"
#include "server/executor/testing/requests.h"
#include "server/rpc/methods.h"
#include "server/rpc/server.h"
#include "storage/memory/memory_journal.h"
#include "storage/testing/temporary_directory.h"
#include "tests/fuzz/generator/request_generator.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/world.h"
#include "tests/integration/failure.h"
#include "tests/integration/raw_call.h"

namespace netstackd::fuzz {
namespace {

using executor::testing_support::BytesOf;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr int kCallsMax = 24;
constexpr std::chrono::milliseconds kPatience(10);  // with a stream that has nothing to say

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

const MethodDescriptor& MethodNamed(const std::string& name) {
  for (const MethodDescriptor* method : AllMethods()) {
    if (method->name() == name) return *method;
  }
  Fail("there is no method " + name);
}

// What is said about a mutation in its answer; null for other answers.
const v1::WriteResult* ResultOf(const Message& answer) {
  const auto* field = answer.GetDescriptor()->FindFieldByName("result");
  if (field == nullptr || field->message_type() != v1::WriteResult::descriptor()) return nullptr;
  return static_cast<const v1::WriteResult*>(&answer.GetReflection()->GetMessage(answer, field));
}

const v1::WriteOptions& OptionsOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("options");
  if (field == nullptr) return v1::WriteOptions::default_instance();
  return static_cast<const v1::WriteOptions&>(request.GetReflection()->GetMessage(request, field));
}

// A fresh server on a fresh store, and a connection to it.
class Session {
 public:
  Session() {
    static const storage::testing_support::TemporaryDirectory kDirectory;
    auto started = executor::Executor::Start(executor_options_, &journal_);
    Require(started.ok(), "an executor starts on an empty journal");
    executor_ = *std::move(started);
    rpc::ServerOptions options;
    options.listeners.push_back(
        {.text = "unix", .path = kDirectory.path() + "/socket", .host = {}});
    options.version = "1.2.3";
    options.scratch_dir = kDirectory.path();
    options.executor = executor_options_;
    auto server = rpc::Server::Start(options, executor_.get());
    if (!server.ok()) Fail("a server does not start: " + server.status().ToString());
    server_ = *std::move(server);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel(server_->addresses().front(),
                                         grpc::InsecureChannelCredentials(), arguments);
    for (const WorldRequest& world : WorldRequests()) {
      const MethodDescriptor& method = MethodNamed(world.method);
      const auto request = NewMessage(method.input_type());
      ParseText(world.request, request.get());
      Require(Call(method, request->SerializeAsString()) != nullptr, "the world can be made");
    }
  }

  // The answer if the call succeeds; checks it, or the refusal.
  std::unique_ptr<Message> Call(const MethodDescriptor& method, const std::string& bytes) {
    std::vector<std::string> answers;
    const bool streams = method.client_streaming() || method.server_streaming();
    const grpc::Status status = integration::BriefCall(
        channel_, rpc::FullName(method), {bytes}, streams ? 8 : 2, PatienceWith(streams), &answers);
    if (!status.ok()) {
      RequireRefused(method, bytes, status, streams);
      return nullptr;
    }
    Require(streams || answers.size() == 1, "a unary call has one answer");
    auto answer = NewMessage(method.output_type());
    for (const std::string& one : answers) {
      Require(answer->ParseFromString(one), "an answer can be parsed");
    }
    RequireNewest(*answer);
    return answer;
  }

  // A change that was acknowledged is answered the same again, and done once.
  void RequireRepeatable(const MethodDescriptor& method, const Message& request,
                         const Message& answer) {
    const v1::WriteResult* result = ResultOf(answer);
    const v1::WriteOptions& options = OptionsOf(request);
    if (result == nullptr || !result->changed()) return;
    if (options.request_id().empty() || options.validate_only()) return;
    const auto again = Call(method, request.SerializeAsString());
    Require(again != nullptr, "a retry succeeds");
    Require(ResultOf(*again)->replayed(), "a retry is known");
    Require(ResultOf(*again)->revision() == result->revision(), "a retry changes nothing");
  }

  // It still answers, and what it has is what it wrote.
  void RequireHealthy() {
    Require(Call(MethodNamed("GetServerInfo"), "") != nullptr, "the server answers at the end");
    const auto copy = [](const core::State& state, executor::Revision) { return state; };
    const core::State state = executor_->Read(copy);
    for (const std::string& broken : core::CheckInvariants(state)) Fail(broken);
    server_.reset();
    executor_.reset();
    const auto found = executor::Recover(journal_);
    if (!found.ok()) Fail("the journal cannot be recovered: " + found.status().ToString());
    Require(BytesOf(found->state) == BytesOf(state), "what is recovered is what was there");
  }

 private:
  static std::chrono::milliseconds PatienceWith(bool streams) {
    return streams ? kPatience : std::chrono::milliseconds(30'000);
  }

  static void RequireRefused(const MethodDescriptor& method, const std::string& bytes,
                             const grpc::Status& status, bool streams) {
    const std::string call = CallOf(rpc::FullName(method));
    // Of a stream we have had enough.
    if (streams && status.error_code() == grpc::StatusCode::CANCELLED) return;
    // gRPC refuses what is no message, and has no better word.
    if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED &&
        !NewMessage(method.input_type())->ParseFromString(bytes)) {
      return;
    }
    const integration::Failure failure = integration::TakeApart(status);
    const auto reason = ReasonByName(failure.reason);
    if (!reason) {
      Fail(call + " answers " + std::to_string(status.error_code()) +
           " without a reason: " + status.error_message());
    }
    RequireDocumented(call, *reason, status.error_message());
    Require(static_cast<int>(status.error_code()) == static_cast<int>(RowOf(*reason).code),
            "the reason decides the code");
  }

  // No answer is older than one before it.
  void RequireNewest(const Message& answer) {
    const v1::WriteResult* result = ResultOf(answer);
    if (result == nullptr || result->replayed() || !result->changed()) return;
    Require(result->revision() > revision_, "a change has a revision of its own");
    revision_ = result->revision();
  }

  executor::Options executor_options_;
  storage::MemoryJournal journal_;
  std::unique_ptr<executor::Executor> executor_;
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::int64_t revision_ = 0;
};

std::string Damaged(std::string bytes, Input* input) {
  for (unsigned n = input->Below(4) + 1; n > 0 && !bytes.empty(); --n) {
    const std::size_t at = input->Number() % bytes.size();
    bytes[at] = static_cast<char>(input->Byte());
  }
  return bytes;
}

void Play(Input* input) {
  static const auto* const kMethods = new std::vector<const MethodDescriptor*>(AllMethods());
  Session session;
  RequestGenerator generator(input);
  for (int i = 0; i < kCallsMax && !input->empty(); ++i) {
    const MethodDescriptor& method = *input->Pick(*kMethods);
    const auto request = NewMessage(method.input_type());
    const unsigned how = input->Byte();
    if (how >= 252) {
      session.Call(method, input->Bytes(input->Byte()));
      continue;
    }
    generator.Fill(request.get());
    if (how >= 240) {
      session.Call(method, Damaged(request->SerializeAsString(), input));
      continue;
    }
    const auto answer = session.Call(method, request->SerializeAsString());
    if (answer == nullptr) continue;
    generator.Learn(*answer);
    if (how >= 160) session.RequireRepeatable(method, *request, *answer);
  }
  session.RequireHealthy();
}

}  // namespace
}  // namespace netstackd::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  // They change how gRPC talks to a server on the same machine.
  for (const char* name : {"http_proxy", "https_proxy", "grpc_proxy"}) unsetenv(name);
  // Texts that are no UTF-8 are meant.
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstackd::fuzz::Input input(data, size);
  netstackd::fuzz::Play(&input);
  return 0;
}
