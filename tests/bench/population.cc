#include "tests/bench/population.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "server/executor/executor.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::bench {
namespace {

constexpr std::size_t kCommandsMax = 1000;
constexpr std::int64_t kChangesInFlight = 1000;

executor::Request RequestOf(core::Transaction transaction) {
  executor::Request request;
  request.transaction = std::move(transaction);
  request.principal = "uid:0";
  request.method = "/netstackd.v1.ConfigService/Transact";
  return request;
}

executor::Request ChangeNumber(const Population& population, std::int64_t number) {
  core::UpdateAddress update;
  update.labels = core::Labels{{"round", std::to_string(number)}};
  const int address = static_cast<int>(number % population.addresses);
  core::Transaction transaction;
  transaction.commands.push_back({population.AddressName(address), "", std::move(update)});
  executor::Request request = RequestOf(std::move(transaction));
  request.method = "/netstackd.v1.IpmpService/UpdateAddress";
  request.request_id = absl::StrFormat("00000000-0000-4000-8000-%012x", number);
  request.hash = std::string(32, 'h');
  return request;
}

absl::Status Change(executor::Executor* executor, const Population& population,
                    std::int64_t changes) {
  for (std::int64_t i = 0; i < changes;) {
    // They are done in order: the last one answers for all.
    const std::int64_t last = std::min(i + kChangesInFlight, changes) - 1;
    for (; i < last; ++i) {
      NSD_RETURN_IF_ERROR(executor->Submit(ChangeNumber(population, i), [](const auto&) {}));
    }
    NSD_RETURN_IF_ERROR(executor->Execute(ChangeNumber(population, i++)).status());
  }
  return absl::OkStatus();
}

}  // namespace

core::Name Population::GroupName(int group) const {
  core::Name name;
  name.group = absl::StrCat("g", group);
  return name;
}

core::Name Population::AddressName(int number) const {
  core::Name name = GroupName(number % groups);
  core::IpAddress ip;
  ip.bytes = {10, static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
              static_cast<std::uint8_t>(number)};
  name.address = ip;
  return name;
}

std::vector<core::Transaction> Population::Transactions() const {
  std::vector<core::Transaction> made;
  const auto add = [&made](core::Name target, core::Op op) {
    if (made.empty() || made.back().commands.size() == kCommandsMax) made.emplace_back();
    made.back().commands.push_back({std::move(target), "", std::move(op)});
  };
  for (int g = 0; g < groups; ++g) {
    core::CreateGroup create;
    create.spec.ipv4 = true;
    add(GroupName(g), create);
    for (int i = 0; i < members; ++i) {
      core::CreateInterface member;
      member.spec.ipv4 = true;
      member.group = absl::StrCat("g", g);
      core::Name name;
      name.interface = absl::StrCat("n", g * members + i);
      add(std::move(name), std::move(member));
    }
  }
  core::CreateAddress create;
  create.prefix_length = 8;
  for (int n = 0; n < addresses; ++n) add(AddressName(n), create);
  return made;
}

absl::Status FillJournal(const std::string& directory, const Population& population,
                         std::int64_t changes) {
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Journal> journal,
                       storage::sqlite::Open(directory + "/state"));
  executor::Options options;
  options.limits.addresses_per_group = 0;
  NSD_ASSIGN_OR_RETURN(const std::unique_ptr<executor::Executor> executor,
                       executor::Executor::Start(options, journal.get()));
  for (core::Transaction& transaction : population.Transactions()) {
    NSD_RETURN_IF_ERROR(executor->Execute(RequestOf(std::move(transaction))).status());
  }
  NSD_RETURN_IF_ERROR(Change(executor.get(), population, changes));
  executor->Flush();
  executor->Stop(absl::InfiniteDuration());
  return absl::OkStatus();
}

}  // namespace netstackd::bench
