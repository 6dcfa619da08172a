// A server in this process, on a unix socket in a directory of the test, and a client for it.
#ifndef NETSTACKD_TESTS_INTEGRATION_SERVED_H_
#define NETSTACKD_TESTS_INTEGRATION_SERVED_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "netstackd/v1/admin.grpc.pb.h"
#include "netstackd/v1/config.grpc.pb.h"
#include "netstackd/v1/ipmp_service.grpc.pb.h"
#include "server/executor/executor.h"
#include "server/rpc/server.h"
#include "storage/journal.h"
#include "storage/testing/temporary_directory.h"
#include "tests/integration/failure.h"

namespace netstackd::integration {

template <typename Response>
struct Answer : Failure {
  Response response;
  bool ok() const { return status.ok(); }
};

// A message from its text form; the test fails if it cannot be read.
void ParseText(const std::string& text, google::protobuf::Message* message);
template <typename T>
T Text(const std::string& text) {
  T message;
  ParseText(text, &message);
  return message;
}

enum class Store { kMemory, kSqlite };

class Served : public ::testing::Test {
 protected:
  explicit Served(Store store = Store::kMemory);
  ~Served() override;

  void Start();
  // Ends the server and the executor; the journal stays (SQLite: is closed and opened again).
  void Restart();

  template <typename Stub, typename Request, typename Response>
  Answer<Response> Send(Stub& stub,
                        grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request) {
    grpc::ClientContext context;
    SetDeadline(&context);
    Answer<Response> answer;
    const grpc::Status status = (stub.*method)(&context, request, &answer.response);
    static_cast<Failure&>(answer) = TakeApart(status);
    return answer;
  }
  // Request in text form.
  template <typename Request, typename Response>
  Answer<Response> Ipmp(grpc::Status (v1::IpmpService::Stub::*method)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                        const std::string& request) {
    return Send(*ipmp_, method, Text<Request>(request));
  }
  template <typename Request, typename Response>
  Answer<Response> Config(grpc::Status (v1::ConfigService::Stub::*method)(grpc::ClientContext*,
                                                                          const Request&,
                                                                          Response*),
                          const std::string& request) {
    return Send(*config_, method, Text<Request>(request));
  }
  template <typename Request, typename Response>
  Answer<Response> Admin(grpc::Status (v1::AdminService::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
                         const std::string& request) {
    return Send(*admin_, method, Text<Request>(request));
  }
  static void SetDeadline(grpc::ClientContext* context);

  // Short ways to a state; each fails the test if the call fails.
  void MakeGroup(const std::string& group, const std::string& spec = "ipv4: true");
  void MakeInterface(const std::string& interface, const std::string& spec = "ipv4: true");
  void MakeAddress(const std::string& parent, const std::string& cidr);
  v1::Group Group(const std::string& group);
  v1::Interface Interface(const std::string& interface);
  std::int64_t Revision();

  storage::testing_support::TemporaryDirectory directory_;
  rpc::ServerOptions server_options_;
  executor::Options executor_options_;
  std::unique_ptr<storage::Journal> journal_;
  std::unique_ptr<executor::Executor> executor_;
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::IpmpService::Stub> ipmp_;
  std::unique_ptr<v1::ConfigService::Stub> config_;
  std::unique_ptr<v1::AdminService::Stub> admin_;

 private:
  void OpenJournal();
  void StopAll();
  const Store store_;
};

using IpmpStub = v1::IpmpService::Stub;
using ConfigStub = v1::ConfigService::Stub;
using AdminStub = v1::AdminService::Stub;

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_SERVED_H_
