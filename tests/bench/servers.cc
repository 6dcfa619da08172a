#include "tests/bench/servers.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "etcdserverpb/rpc.pb.h"
#include "netstackd/v1/config.grpc.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::bench {
namespace {

using testing_support::ChildProcess;
using testing_support::ServerProcess;

constexpr char kEtcd[] = "/usr/bin/etcd";
constexpr absl::Duration kSetUpMax = absl::Seconds(30);

std::string GroupName(int number) { return absl::StrCat("zones/global/groups/bench", number); }

std::string GroupOf(int caller) { return GroupName(caller % Changes::kGroups); }

// Distinct for 64 runs, 256 callers and 1,024 addresses of each.
std::string IpOf(std::uint64_t run, int caller, int number) {
  const int n = static_cast<int>(run % 64) << 18 | caller << 10 | number;
  return absl::StrCat("10.", n >> 16, ".", (n >> 8) & 255, ".", n & 255);
}

std::string NameOf(std::uint64_t run, int caller, int number) {
  return absl::StrCat(GroupOf(caller), "/addresses/", IpOf(run, caller, number));
}

v1::Address AddressOf(std::uint64_t run, int caller, int number) {
  v1::Address address;
  address.mutable_spec()->set_cidr(absl::StrCat(IpOf(run, caller, number), "/8"));
  return address;
}

absl::Status PrepareOurs(const std::string& target) {
  auto channel = grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
  auto stub = v1::ConfigService::NewStub(channel);
  v1::TransactRequest request;
  for (int g = 0; g < Changes::kGroups; ++g) {
    v1::Group* group = request.add_operations()->mutable_create()->mutable_group();
    group->set_name(GroupName(g));
    group->mutable_spec()->set_ipv4(true);
    for (int i = 0; i < Changes::kMembers; ++i) {
      v1::Interface* member = request.add_operations()->mutable_create()->mutable_ip_interface();
      member->set_name(absl::StrCat("zones/global/interfaces/net", g * Changes::kMembers + i));
      member->mutable_spec()->set_group(absl::StrCat("bench", g));
      member->mutable_spec()->set_ipv4(true);
    }
    // Stays, so that the group does not go up and down with the addresses of the callers.
    v1::Address* address = request.add_operations()->mutable_create()->mutable_address();
    *address = AddressOf(0, g, 0);
    address->set_name(NameOf(0, g, 0));
  }
  v1::TransactResponse response;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kSetUpMax));
  const grpc::Status status = stub->Transact(&context, request, &response);
  if (!status.ok()) return absl::UnknownError("cannot set up: " + status.error_message());
  return absl::OkStatus();
}

// etcd names a unix socket like an address: this file in its working directory.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartEtcd(const std::string& directory) {
  const std::string clients = "unix://localhost:1";
  const std::string peers = "unix://localhost:2";
  NSD_ASSIGN_OR_RETURN(
      ChildProcess etcd,
      ChildProcess::Start(
          {kEtcd, "--data-dir=data", "--listen-client-urls=" + clients,
           "--advertise-client-urls=" + clients, "--listen-peer-urls=" + peers,
           "--initial-advertise-peer-urls=" + peers, "--initial-cluster=default=" + peers},
          directory + "/log", directory));
  return std::make_unique<ChildProcess>(std::move(etcd));
}

}  // namespace

absl::StatusOr<Servers> Servers::Start(const Setup& setup, const std::string& name) {
  Servers servers;
  const std::string ours = absl::StrCat(setup.directory, "/", name);
  std::filesystem::create_directory(ours);
  NSD_ASSIGN_OR_RETURN(servers.our_process, ServerProcess::Start(ours));
  servers.ours = {servers.our_process->address(), servers.our_process->pid()};
  NSD_RETURN_IF_ERROR(PrepareOurs(servers.ours.target));
  if (!std::filesystem::exists(kEtcd)) return servers;
  const std::string etcd = absl::StrCat(setup.directory, "/", name, "_etcd");
  std::filesystem::create_directory(etcd);
  NSD_ASSIGN_OR_RETURN(servers.etcd_process, StartEtcd(etcd));
  servers.etcd = {absl::StrCat("unix:", etcd, "/localhost:1"), servers.etcd_process->pid()};
  return servers;
}

Changes::Changes(int callers, int batch)
    : batch_(batch),
      run_([] {
        static std::atomic<std::uint64_t> runs{0};
        return ++runs;
      }()),
      there_(static_cast<std::size_t>(callers), false) {}

std::string Changes::NextRequestId() {
  return absl::StrFormat("%08x-0000-4000-8000-%012x", run_, ++requests_);
}

Call Changes::Unary(int caller) {
  static const std::string kCreate = "/netstackd.v1.IpmpService/CreateAddress";
  static const std::string kDelete = "/netstackd.v1.IpmpService/DeleteAddress";
  const auto at = static_cast<std::size_t>(caller);
  there_[at] = !there_[at];
  if (!there_[at]) {
    v1::DeleteAddressRequest request;
    request.set_name(NameOf(run_, caller, 0));
    request.mutable_options()->set_request_id(NextRequestId());
    return {&kDelete, request.SerializeAsString()};
  }
  v1::CreateAddressRequest request;
  request.set_parent(GroupOf(caller));
  *request.mutable_address() = AddressOf(run_, caller, 0);
  request.mutable_options()->set_request_id(NextRequestId());
  return {&kCreate, request.SerializeAsString()};
}

std::string Changes::TransactBytes(int caller) {
  const auto at = static_cast<std::size_t>(caller);
  there_[at] = !there_[at];
  v1::TransactRequest request;
  request.mutable_options()->set_request_id(NextRequestId());
  for (int i = 0; i < batch_; ++i) {
    v1::Operation* operation = request.add_operations();
    if (there_[at]) {
      v1::Address* address = operation->mutable_create()->mutable_address();
      *address = AddressOf(run_, caller, i);
      address->set_name(NameOf(run_, caller, i));
    } else {
      operation->set_remove(NameOf(run_, caller, i));
    }
  }
  return request.SerializeAsString();
}

Call Changes::Transact(int caller) {
  static const std::string kTransact = "/netstackd.v1.ConfigService/Transact";
  return {&kTransact, TransactBytes(caller)};
}

namespace {

void FillPut(int caller, int number, etcdserverpb::PutRequest* put) {
  put->set_key(NameOf(0, caller, number));
  put->set_value(AddressOf(0, caller, number).SerializeAsString());
}

}  // namespace

Call Puts::Put(int caller) const {
  static const std::string kPut = "/etcdserverpb.KV/Put";
  etcdserverpb::PutRequest put;
  FillPut(caller, 0, &put);
  return {&kPut, put.SerializeAsString()};
}

Call Puts::Txn(int caller) const {
  static const std::string kTxn = "/etcdserverpb.KV/Txn";
  etcdserverpb::TxnRequest txn;
  for (int i = 0; i < batch_; ++i) FillPut(caller, i, txn.add_success()->mutable_request_put());
  return {&kTxn, txn.SerializeAsString()};
}

}  // namespace netstackd::bench
