#include "server/rpc/watch_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/codec/api_validate.h"
#include "server/codec/api_values.h"
#include "server/rpc/filter.h"
#include "server/rpc/methods.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

using Shared = std::shared_ptr<const std::string>;

// A slice that keeps what it shows alive.
grpc::Slice SliceOf(const Shared& bytes) {
  auto* owner = new Shared(bytes);
  // gRPC never writes into a slice.
  return grpc::Slice(
      const_cast<char*>((*owner)->data()), (*owner)->size(),
      [](void* shared) { delete static_cast<Shared*>(shared); }, owner);
}

// One watch of one caller.
//
// Ownership  Deletes itself when gRPC is done with it.
// Threads    The fan-out thread makes every call that writes or finishes; gRPC reports back.
// Bounds     One message under way.
class WatchStream final : public transport::StreamReactor, public watch::Sink {
 public:
  WatchStream(transport::StreamCall* call, watch::Hub* hub)
      : transport::StreamReactor(call), hub_(hub), id_(hub->NewId()) {}

  void Open(watch::WatchRequest request) { hub_->Open(id_, std::move(request), this); }

  void Send(watch::Message message) override {
    std::vector<grpc::Slice> slices;
    slices.reserve(message.size());
    for (const Shared& bytes : message) slices.push_back(SliceOf(bytes));
    StartWrite(grpc::ByteBuffer(slices.data(), slices.size()));
  }
  void Abort() override { TryCancel(); }
  void End(const absl::Status& status) override { Finish(ToGrpc(status)); }

  void OnWriteDone(bool ok) override { hub_->Sent(id_, ok); }
  void OnCancel() override { hub_->Close(id_); }
  void OnDone() override { delete this; }

 private:
  watch::Hub* const hub_;
  const watch::WatchId id_;
};

void SetKinds(const v1::WatchRequest& request, watch::Selection* selection) {
  if (request.kinds().empty()) return;
  selection->groups = selection->interfaces = selection->addresses = false;
  for (const int kind : request.kinds()) {
    if (kind == v1::WatchRequest::KIND_GROUP) selection->groups = true;
    if (kind == v1::WatchRequest::KIND_INTERFACE) selection->interfaces = true;
    if (kind == v1::WatchRequest::KIND_ADDRESS) selection->addresses = true;
    if (kind == v1::WatchRequest::KIND_TRANSACTION) selection->transactions = true;
  }
}

// The expression for each kind that has its fields.
absl::Status SetFilter(const v1::WatchRequest& request, watch::Selection* selection) {
  if (request.filter().find_first_not_of(" \t\n") == std::string::npos) return absl::OkStatus();
  auto filters =
      std::make_shared<std::vector<std::pair<const google::protobuf::Descriptor*, Filter>>>();
  absl::Status wrong;
  const auto parse = [&](const google::protobuf::Descriptor* type, bool* wanted) {
    if (!*wanted) return;
    auto filter = Filter::Parse(request.filter(), type);
    *wanted = filter.ok();
    if (filter.ok()) filters->emplace_back(type, *std::move(filter));
    if (!filter.ok()) wrong = filter.status();
  };
  parse(v1::Group::descriptor(), &selection->groups);
  parse(v1::Interface::descriptor(), &selection->interfaces);
  parse(v1::Address::descriptor(), &selection->addresses);
  if (filters->empty() || (!wrong.ok() && !request.kinds().empty())) return wrong;
  selection->expression = request.filter();
  selection->fits = [filters](const google::protobuf::Message& message) {
    for (const auto& [type, filter] : *filters) {
      if (type == message.GetDescriptor()) return filter.Matches(message);
    }
    return false;
  };
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<watch::WatchRequest> ToWatchRequest(const v1::WatchRequest& request) {
  watch::WatchRequest wanted;
  SetKinds(request, &wanted.selection);
  NSD_RETURN_IF_ERROR(SetFilter(request, &wanted.selection));
  for (std::string prefix : request.name_prefixes()) {
    while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
    wanted.selection.prefixes.push_back(std::move(prefix));
  }
  wanted.selection.latest_only = request.latest_only();
  wanted.selection.with_previous = request.with_previous();
  wanted.store_id = request.store_id();
  wanted.after_revision = request.after_revision();
  wanted.skip_snapshot = request.skip_snapshot();
  wanted.fail_when_compacted = request.fail_when_compacted();
  if (request.has_bookmark_interval()) {
    wanted.bookmark_interval = codec::FromProto(request.bookmark_interval());
  }
  return wanted;
}

void WatchService::Register(transport::MethodTable* methods) {
  methods->Add(MethodOf(*v1::WatchRequest::descriptor()), this, &WatchService::Watch);
}

void WatchService::Watch(transport::StreamCall* call, const v1::WatchRequest& request) {
  const auto prepare = [&]() -> absl::StatusOr<watch::WatchRequest> {
    NSD_ASSIGN_OR_RETURN(const Caller caller,
                         backend_.gate->Admit(call->context(), MethodOf(*request.GetDescriptor())));
    NSD_RETURN_IF_ERROR(codec::Validate(request));
    return ToWatchRequest(request);
  };
  auto wanted = prepare();
  if (!wanted.ok()) return call->Refuse(ToGrpc(wanted.status()));
  auto* stream = new WatchStream(call, hub_);
  stream->Open(*std::move(wanted));
}

}  // namespace netstackd::rpc
