// From exec of the server to its first answer, and what a read costs, over what there is.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "netstackd/v1/ipmp_service.grpc.pb.h"
#include "tests/bench/load.h"
#include "tests/bench/population.h"
#include "tests/bench/rows.h"
#include "tests/support/server_process.h"

namespace netstackd::bench {
namespace {

using testing_support::ServerProcess;

constexpr int kGroups = 16;
constexpr int kMembers = 4;
constexpr int kSizes[] = {100, 1'000, 10'000, 100'000};
constexpr int kReads = 500;

std::string NameOf(int group) { return absl::StrCat("zones/global/groups/g", group); }

// One client, one call at a time.
class Reader {
 public:
  explicit Reader(const std::string& target)
      : stub_(v1::IpmpService::NewStub(
            grpc::CreateChannel(target, grpc::InsecureChannelCredentials()))) {}

  absl::Status GetGroup(int group) {
    v1::GetGroupRequest request;
    request.set_name(NameOf(group));
    v1::GetGroupResponse response;
    grpc::ClientContext context;
    return Ended(stub_->GetGroup(&context, request, &response));
  }
  absl::Status GetAddress(int number) {
    v1::GetAddressRequest request;
    request.set_name(absl::StrCat(NameOf(number % kGroups), "/addresses/10.", number >> 16, ".",
                                  (number >> 8) & 255, ".", number & 255));
    v1::GetAddressResponse response;
    grpc::ClientContext context;
    return Ended(stub_->GetAddress(&context, request, &response));
  }
  // The page of at most five that `token` stands for; moves it to the next one.
  absl::Status ListAddresses(std::string* token) {
    v1::ListAddressesRequest request;
    request.set_parent(NameOf(0));
    request.mutable_page()->set_page_size(5);
    request.mutable_page()->set_page_token(*token);
    v1::ListAddressesResponse response;
    grpc::ClientContext context;
    NSD_RETURN_IF_ERROR(Ended(stub_->ListAddresses(&context, request, &response)));
    *token = response.page().next_page_token();
    return absl::OkStatus();
  }

 private:
  static absl::Status Ended(const grpc::Status& status) {
    if (status.ok()) return absl::OkStatus();
    return absl::UnknownError("cannot read: " + status.error_message());
  }

  const std::unique_ptr<v1::IpmpService::Stub> stub_;
};

// Milliseconds from exec to the first read, median of the rounds.
absl::StatusOr<double> RestartMs(const std::string& directory, int rounds) {
  std::vector<double> took;
  for (int i = 0; i < rounds; ++i) {
    const absl::Duration begin = Clock::Real().Steady();
    NSD_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(directory));
    NSD_RETURN_IF_ERROR(Reader(server->address()).GetGroup(0));
    took.push_back(absl::ToDoubleMilliseconds(Clock::Real().Steady() - begin));
    if (server->Stop() != 0) return absl::UnknownError("the server did not stop by itself");
  }
  return Median(std::move(took));
}

absl::StatusOr<Row> RestartRow(const Setup& setup, const std::string& name, int addresses,
                               std::int64_t changes) {
  const std::string directory = setup.directory + "/" + name;
  std::filesystem::create_directories(directory);
  const Population population{.groups = kGroups, .members = kMembers, .addresses = addresses};
  NSD_RETURN_IF_ERROR(FillJournal(directory, population, changes));
  NSD_ASSIGN_OR_RETURN(const double took_ms, RestartMs(directory, setup.rounds));
  std::filesystem::remove_all(directory);
  return ValueRow(name, took_ms, "ms");
}

absl::StatusOr<Row> Timed(const std::string& name, const std::function<absl::Status(int)>& read) {
  std::vector<double> took;
  for (int i = 0; i < kReads; ++i) {
    const absl::Duration begin = Clock::Real().Steady();
    NSD_RETURN_IF_ERROR(read(i));
    took.push_back(absl::ToDoubleMicroseconds(Clock::Real().Steady() - begin));
  }
  Row row;
  row.name = name;
  row.p50_us = Median(std::move(took));
  return row;
}

}  // namespace

absl::StatusOr<std::vector<Row>> RestartRows(const Setup& setup) {
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, int addresses,
                       std::int64_t changes) -> absl::Status {
    if (!setup.only.Has(name)) return absl::OkStatus();
    NSD_ASSIGN_OR_RETURN(Row row, RestartRow(setup, name, addresses, changes));
    rows.push_back(std::move(row));
    return absl::OkStatus();
  };
  for (const int size : kSizes) {
    NSD_RETURN_IF_ERROR(add(absl::StrCat("restart.", size), size, 0));
  }
  for (const std::int64_t revisions : {10'000, 100'000, 1'000'000}) {
    NSD_RETURN_IF_ERROR(add(absl::StrCat("restart.revisions.", revisions), 1'000, revisions));
  }
  return rows;
}

absl::StatusOr<std::vector<Row>> ReadRows(const Setup& setup) {
  std::vector<Row> rows;
  for (const int size : kSizes) {
    const std::string get = absl::StrCat("read.get.", size);
    const std::string list = absl::StrCat("read.list_page.", size);
    if (!setup.only.HasAny({get, list})) continue;
    const std::string directory = absl::StrCat(setup.directory, "/read.", size);
    std::filesystem::create_directories(directory);
    NSD_RETURN_IF_ERROR(
        FillJournal(directory, {.groups = kGroups, .members = kMembers, .addresses = size}, 0));
    NSD_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(directory));
    Reader reader(server->address());
    NSD_ASSIGN_OR_RETURN(Row got, Timed(get, [&](int i) {
                           return reader.GetAddress(static_cast<int>(i * 7919LL % size));
                         }));
    std::string token;
    NSD_ASSIGN_OR_RETURN(Row listed,
                         Timed(list, [&](int) { return reader.ListAddresses(&token); }));
    if (setup.only.Has(get)) rows.push_back(std::move(got));
    if (setup.only.Has(list)) rows.push_back(std::move(listed));
  }
  return rows;
}

}  // namespace netstackd::bench
