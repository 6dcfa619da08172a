#include "server/rpc/admin_service.h"

#include <limits>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "core/state.h"
#include "server/codec/api_validate.h"
#include "server/codec/api_values.h"
#include "server/rpc/backup_stream.h"
#include "server/rpc/limits.h"
#include "server/rpc/methods.h"
#include "server/rpc/paging.h"
#include "server/rpc/read_call.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

void FillLimits(const executor::Options& options, v1::GetServerInfoResponse::Limits* to) {
  to->set_message_bytes(kMessageBytesMax);
  to->set_page_size(kPageMax);
  to->set_transaction_operations(kOperationsMax);
  to->set_queue_commands(static_cast<std::int32_t>(options.queue_max));
  to->set_groups_per_zone(options.limits.groups_per_zone);
  to->set_interfaces_per_zone(options.limits.interfaces_per_zone);
  to->set_members_per_group(options.limits.members_per_group);
  to->set_addresses_per_group(options.limits.addresses_per_group);
  to->set_addresses_per_interface(options.limits.addresses_per_interface);
  to->set_arp_entries_per_group(options.limits.arp_entries_per_group);
  *to->mutable_kept_history_age() = codec::ToProto(options.history_age_max);
  to->set_kept_history_transactions(options.history_max);
  to->set_kept_history_bytes(options.history_bytes_max);
}

void FillCounts(const executor::Executor& executor, v1::GetServerInfoResponse* to) {
  executor.Read([to](const core::State& state, executor::Revision revision) {
    to->set_revision(revision);
    v1::GetServerInfoResponse::Counts* counts = to->mutable_counts();
    counts->set_groups(static_cast<std::int64_t>(state.table<core::Group>().size()));
    counts->set_interfaces(static_cast<std::int64_t>(state.table<core::Interface>().size()));
    counts->set_addresses(static_cast<std::int64_t>(state.table<core::Address>().size()));
    counts->set_arp_entries(static_cast<std::int64_t>(state.table<core::ArpEntry>().size()));
  });
}

// What refuses everybody while one backup runs.
absl::Status BackupRuns() {
  return MakeError(ErrorReason::kQuotaExceeded, "another backup runs; try again when it is done",
                   {{"limit", "backups"}, {"max", "1"}});
}

}  // namespace

void AdminService::Register(transport::MethodTable* methods) {
#define NSD_CALL(Name) \
  methods->Add(MethodOf(*v1::Name##Request::descriptor()), this, &AdminService::Name);
  NSD_CALL(Ping)
  NSD_CALL(GetServerInfo)
  NSD_CALL(Backup)
  NSD_CALL(Compact)
#undef NSD_CALL
}

void AdminService::Ping(transport::UnaryCall* call, const v1::PingRequest* request,
                        v1::PingResponse* response) {
  Read(backend_, call, request, response,
       [](const v1::PingRequest&, v1::PingResponse*) { return absl::OkStatus(); });
}

void AdminService::GetServerInfo(transport::UnaryCall* call,
                                 const v1::GetServerInfoRequest* request,
                                 v1::GetServerInfoResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::GetServerInfoRequest&, v1::GetServerInfoResponse* out) {
         const executor::Status status = backend_.executor->GetStatus();
         out->set_version(options_.version);
         out->set_store_id(status.store_id);
         FillCounts(*backend_.executor, out);
         out->set_first_kept_revision(status.extent.first);
         *out->mutable_start_time() = codec::ToProto(status.started);
         *out->mutable_recovery()->mutable_duration() = codec::ToProto(status.recovery);
         out->mutable_recovery()->set_objects(status.recovered_objects);
         out->mutable_recovery()->set_transactions(status.recovered_records);
         out->set_read_only(!status.writable);
         out->set_read_only_reason(status.read_only_reason);
         FillLimits(options_.executor, out->mutable_limits());
         out->mutable_counts()->set_kept_history_transactions(status.usage.records);
         out->mutable_counts()->set_kept_history_bytes(status.usage.bytes);
         return absl::OkStatus();
       });
}

void AdminService::Backup(transport::StreamCall* call, const v1::BackupRequest& request) {
  const auto caller = backend_.gate->Admit(call->context(), MethodOf(*request.GetDescriptor()));
  if (!caller.ok()) return call->Refuse(ToGrpc(caller.status()));
  if (backup_runs_.exchange(true)) return call->Refuse(ToGrpc(BackupRuns()));
  const std::string path =
      options_.scratch_dir + "/" + kBackupPrefix + std::to_string(++backups_) + ".db";
  auto* stream = new BackupStream(call, backend_, path, [this] { backup_runs_ = false; });
  stream->Start();
}

void AdminService::Compact(transport::UnaryCall* call, const v1::CompactRequest* request,
                           v1::CompactResponse* response) {
  const auto start = [&]() -> absl::Status {
    NSD_ASSIGN_OR_RETURN(
        const Caller caller,
        backend_.gate->Admit(call->context(), MethodOf(*request->GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(*request));
    executor::Executor* executor = backend_.executor;
    const executor::Revision newest =
        executor->Read([](const core::State&, executor::Revision revision) { return revision; });
    NSD_RETURN_IF_ERROR(CheckRevision(backend_, request->keep_from(), newest));
    const std::int64_t before = executor->GetStatus().extent.first;
    const auto fill = [response, newest, before](std::int64_t first, bool validate_only) {
      response->set_first_kept_revision(first);
      response->mutable_result()->set_revision(validate_only ? 0 : newest);
      response->mutable_result()->set_changed(first > before);
      response->mutable_result()->mutable_plan();
    };
    if (request->options().validate_only()) {
      fill(before, true);
      call->Finish(grpc::Status::OK);
      return absl::OkStatus();
    }
    executor->Compact(request->keep_from(), [call, fill](absl::StatusOr<executor::Revision> first) {
      if (first.ok()) fill(*first, false);
      call->Finish(ToGrpc(first.status()));
    });
    return absl::OkStatus();
  };
  const absl::Status status = start();
  if (!status.ok()) call->Finish(ToGrpc(status));
}

}  // namespace netstackd::rpc
