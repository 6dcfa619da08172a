// What a server needs in memory for what it holds.
#include <grpcpp/grpcpp.h>
#include <malloc.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "core/apply.h"
#include "netstackd/v1/config.grpc.pb.h"
#include "tests/bench/population.h"
#include "tests/bench/rows.h"
#include "tests/support/server_process.h"

namespace netstackd::bench {
namespace {

using testing_support::ServerProcess;

constexpr int kAddresses = 100'000;
constexpr int kGroups = 16;
constexpr int kMembers = 4;
constexpr int kOperationsMax = 1000;

absl::StatusOr<double> ResidentMb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    std::int64_t kb = 0;
    if (line.compare(0, 6, "VmRSS:") != 0) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    if (!absl::SimpleAtoi(line.substr(digits, line.find(' ', digits) - digits), &kb)) break;
    return static_cast<double>(kb) / 1024;
  }
  return absl::UnknownError("the system does not tell how much memory the server has");
}

// Sends operations, as many in a call as it may carry.
class Writer {
 public:
  explicit Writer(const std::string& target)
      : stub_(v1::ConfigService::NewStub(
            grpc::CreateChannel(target, grpc::InsecureChannelCredentials()))) {}

  absl::StatusOr<v1::Operation*> Add() {
    if (request_.operations_size() == kOperationsMax) NSD_RETURN_IF_ERROR(Send());
    return request_.add_operations();
  }
  absl::Status Send() {
    v1::TransactResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Transact(&context, request_, &response);
    request_.Clear();
    if (status.ok()) return absl::OkStatus();
    return absl::UnknownError("cannot write: " + status.error_message());
  }

 private:
  const std::unique_ptr<v1::ConfigService::Stub> stub_;
  v1::TransactRequest request_;
};

absl::Status AddGroups(Writer* writer) {
  for (int g = 0; g < kGroups; ++g) {
    NSD_ASSIGN_OR_RETURN(v1::Operation * create, writer->Add());
    v1::Group* group = create->mutable_create()->mutable_group();
    group->set_name(absl::StrCat("zones/global/groups/g", g));
    group->mutable_spec()->set_ipv4(true);
    for (int i = 0; i < kMembers; ++i) {
      NSD_ASSIGN_OR_RETURN(v1::Operation * join, writer->Add());
      v1::Interface* member = join->mutable_create()->mutable_ip_interface();
      member->set_name(absl::StrCat("zones/global/interfaces/n", g * kMembers + i));
      member->mutable_spec()->set_ipv4(true);
      member->mutable_spec()->set_group(absl::StrCat("g", g));
    }
  }
  return writer->Send();
}

absl::Status AddAddresses(Writer* writer) {
  for (int n = 0; n < kAddresses; ++n) {
    NSD_ASSIGN_OR_RETURN(v1::Operation * create, writer->Add());
    v1::Address* address = create->mutable_create()->mutable_address();
    const std::string ip = absl::StrCat("10.", n >> 16, ".", (n >> 8) & 255, ".", n & 255);
    address->set_name(absl::StrCat("zones/global/groups/g", n % kGroups, "/addresses/", ip));
    address->mutable_spec()->set_cidr(ip + "/8");
  }
  return writer->Send();
}

// Growth of a server from a few groups to all addresses: in the process that took them, and in one
// that has read them back.
absl::StatusOr<std::vector<Row>> ServerRows(const Setup& setup) {
  const std::string name = absl::StrCat("memory.addresses.", kAddresses);
  const std::string restarted = absl::StrCat("memory.restarted.", kAddresses);
  std::vector<Row> rows;
  if (!setup.only.HasAny({name, restarted})) return rows;
  const std::string directory = setup.directory + "/memory";
  std::filesystem::create_directories(directory);
  NSD_ASSIGN_OR_RETURN(auto server, ServerProcess::Start(directory));
  Writer writer(server->address());
  NSD_RETURN_IF_ERROR(AddGroups(&writer));
  NSD_ASSIGN_OR_RETURN(const double empty_mb, ResidentMb(server->pid()));
  NSD_RETURN_IF_ERROR(AddAddresses(&writer));
  NSD_ASSIGN_OR_RETURN(const double full_mb, ResidentMb(server->pid()));
  if (server->Stop() != 0) return absl::UnknownError("the server did not stop by itself");
  NSD_ASSIGN_OR_RETURN(server, ServerProcess::Start(directory));
  NSD_ASSIGN_OR_RETURN(const double restarted_mb, ResidentMb(server->pid()));
  if (setup.only.Has(name)) rows.push_back(ValueRow(name, full_mb - empty_mb, "MB"));
  if (setup.only.Has(restarted)) rows.push_back(ValueRow(restarted, restarted_mb - empty_mb, "MB"));
  return rows;
}

// Bytes of the heap that one more object takes in a state.
double HeapBytes(const Population& less, const Population& more, int objects) {
  std::vector<std::size_t> used;
  for (const Population* population : {&less, &more}) {
    core::State state;
    core::Context context;
    context.limits.addresses_per_group = 0;
    context.limits.members_per_group = 0;
    const std::size_t before = mallinfo2().uordblks;
    for (const core::Transaction& transaction : population->Transactions()) {
      ++context.revision;
      NSD_CHECK(core::Apply(state, transaction, context).ok());
    }
    used.push_back(mallinfo2().uordblks - before);
  }
  return static_cast<double>(used[1] - used[0]) / objects;
}

}  // namespace

absl::StatusOr<std::vector<Row>> MemoryRows(const Setup& setup) {
  NSD_ASSIGN_OR_RETURN(std::vector<Row> rows, ServerRows(setup));
  const auto add = [&](const std::string& name, const Population& less, const Population& more,
                       int objects) {
    if (setup.only.Has(name)) {
      rows.push_back(ValueRow(name, HeapBytes(less, more, objects), "bytes"));
    }
  };
  add("memory.address", {.groups = 1, .members = 4, .addresses = 10'000},
      {.groups = 1, .members = 4, .addresses = 20'000}, 10'000);
  add("memory.interface", {.groups = 100, .members = 4}, {.groups = 100, .members = 14}, 1'000);
  add("memory.group", {.groups = 100, .members = 0}, {.groups = 600, .members = 0}, 500);
  return rows;
}

}  // namespace netstackd::bench
