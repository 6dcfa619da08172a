#include "tests/fuzz/mutations.h"

#include <algorithm>

#include "netstackd/v1/admin.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"
#include "server/codec/api_requests.h"
#include "server/codec/journal_codec.h"
#include "server/rpc/methods.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/world.h"

namespace netstackd::fuzz {
namespace {

using google::protobuf::Message;

template <typename Request, typename Response>
MutationKind Kind() {
  MutationKind kind;
  kind.make = []() -> std::unique_ptr<Message> { return std::make_unique<Request>(); };
  kind.validate_only = [](const Message& request) {
    return static_cast<const Request&>(request).options().validate_only();
  };
  kind.translate = [](const Message& request) {
    return codec::ToTransaction(static_cast<const Request&>(request));
  };
  kind.answer = [](const Message& request, const core::State& state,
                   const core::Transition& transition,
                   const codec::Written& written) -> std::unique_ptr<Message> {
    auto response = std::make_unique<Response>();
    codec::FillResult(state, transition, written, response->mutable_result());
    codec::FillAnswer(static_cast<const Request&>(request), state, transition, response.get());
    return response;
  };
  return kind;
}

#define NSD_KIND(Name) Kind<v1::Name##Request, v1::Name##Response>()
const MutationKind kKinds[] = {
    NSD_KIND(CreateGroup),      NSD_KIND(UpdateGroup),     NSD_KIND(DeleteGroup),
    NSD_KIND(RenameGroup),      NSD_KIND(CreateInterface), NSD_KIND(UpdateInterface),
    NSD_KIND(DeleteInterface),  NSD_KIND(JoinGroup),       NSD_KIND(LeaveGroup),
    NSD_KIND(OfflineInterface), NSD_KIND(OnlineInterface), NSD_KIND(ReportInterface),
    NSD_KIND(CreateAddress),    NSD_KIND(UpdateAddress),   NSD_KIND(DeleteAddress),
    NSD_KIND(BringUp),          NSD_KIND(BringDown),       NSD_KIND(SetForwarding),
    NSD_KIND(SetArpEntry),      NSD_KIND(DeleteArpEntry),  NSD_KIND(NextInterface),
    NSD_KIND(Transact)};
#undef NSD_KIND

// A mutation has write options and one answer. Compact is none: no rule decides it.
void RequireAll() {
  for (const auto* service : rpc::Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const auto* request = method.input_type();
      if (method.client_streaming() || method.server_streaming()) continue;
      if (request->FindFieldByName("options") == nullptr) continue;
      if (request == v1::CompactRequest::descriptor()) continue;
      const bool known = std::any_of(
          std::begin(kKinds), std::end(kKinds),
          [&](const MutationKind& kind) { return kind.make()->GetDescriptor() == request; });
      if (!known) Fail(method.full_name() + " has no row in tests/fuzz/mutations.cc");
    }
  }
}

}  // namespace

std::span<const MutationKind> Mutations() {
  static const bool kChecked = (RequireAll(), true);
  static_cast<void>(kChecked);
  return kKinds;
}

const MutationKind& MutationOf(const std::string& method) {
  for (const MutationKind& kind : Mutations()) {
    if (kind.make()->GetDescriptor()->name() == method + "Request") return kind;
  }
  Fail("there is no mutation " + method);
}

std::vector<std::string> WorldDeltas() {
  core::State state;
  std::vector<std::string> all;
  for (const WorldRequest& world : WorldRequests()) {
    const MutationKind& kind = MutationOf(world.method);
    const auto request = kind.make();
    ParseText(world.request, request.get());
    core::Context context;
    context.revision = static_cast<std::int64_t>(all.size()) + 1;
    context.now = absl::FromUnixSeconds(1'700'000'000);
    const auto transition = core::Apply(state, kind.translate(*request), context);
    Require(transition.ok(), "every request makes a part of the world");
    all.push_back(codec::EncodeDeltas(transition->deltas));
  }
  return all;
}

}  // namespace netstackd::fuzz
