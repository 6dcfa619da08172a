#include "tests/vectors/rules_target.h"

#include <map>

#include "base/error.h"
#include "base/status_macros.h"
#include "core/queries.h"
#include "core/trace.h"
#include "tests/vectors/quirks.h"
#include "tests/vectors/render.h"
#include "tests/vectors/translate.h"

namespace netstackd::vectors {
namespace {

using core::Family;
using core::kFamilies;

// Collects the events of a step; those of a refused decision are forgotten.
class Recorder : public core::Trace {
 public:
  void On(const core::Event& event) override { events_.push_back(RenderEvent(event)); }
  void Discard() override { events_ = Json::array(); }
  Json Take() { return std::exchange(events_, Json::array()); }

 private:
  Json events_ = Json::array();
};

std::string ErrnoOf(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return status.ToString();
  const auto found = details->metadata.find("errno");
  return found == details->metadata.end() ? RowOf(details->reason).name : found->second;
}

class RulesTarget : public Target {
 public:
  explicit RulesTarget(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  std::optional<std::string> LeftOut(const Scenario& scenario) const override {
    return FixedQuirk(scenario);
  }
  absl::Status Reset() override {
    now_ = absl::UnixEpoch();
    plan_.Clear();
    recorder_.Take();
    return engine_->Reset(&plan_, &recorder_);
  }
  absl::StatusOr<Outcome> Perform(const Json& step) override;
  absl::StatusOr<Json> State() override {
    Json state;
    engine_->Read([&](const core::State& live) { state = RenderState(live, now_); });
    return state;
  }
  void Reduce(Json&, Json&) const override {}

 private:
  absl::StatusOr<Outcome> Question(const Json& step);
  absl::StatusOr<Json> Answer(const core::State& state, const Json& step);
  absl::StatusOr<Json> SetBusy(const core::State& state, const Json& step);
  Json Interface(const core::State& state, core::InterfaceUid uid, bool unless_busy, Family family);
  // Runs one command; false if it was refused, with the errno in `outcome`.
  bool Run(const Json& step, Outcome* outcome);

  const std::unique_ptr<Engine> engine_;
  FaultPlan plan_;
  Recorder recorder_;
  absl::Time now_;
};

bool RulesTarget::Run(const Json& step, Outcome* outcome) {
  const auto command = CommandOf(step);
  if (!command) {
    outcome->error = "EADDRNOTAVAIL";  // an owner has no address that is none
    return false;
  }
  const auto result = engine_->Run(core::Transaction{{}, {*command}}, now_);
  Json events = recorder_.Take();
  for (Json& event : events) outcome->events.push_back(std::move(event));
  if (!result.ok()) {
    outcome->error = ErrnoOf(result.status());
    return false;
  }
  if (result->slot) outcome->result["slot"] = *result->slot;
  if (result->chosen) {
    engine_->Read([&](const core::State& state) {
      outcome->result["interface"] = Interface(state, *result->chosen, false, Family::kIpv4);
    });
  }
  return true;
}

absl::StatusOr<Outcome> RulesTarget::Perform(const Json& step) {
  const std::string op = step["op"];
  Outcome outcome;
  if (op == "inject") {
    if (!plan_.Inject(step["point"], step["count"], step.value("skip", 0)))
      return absl::UnimplementedError("unknown point " + step["point"].dump());
    return outcome;
  }
  if (op == "advance") now_ += absl::Seconds(step["seconds"].get<std::int64_t>());
  if (CommandOf(step) || op.starts_with("address_")) {
    if (Run(step, &outcome) && op == "address_add" && step.value("up", false)) {
      Json raise = step;
      raise["op"] = "address_up";
      Run(raise, &outcome);
    }
    NSD_RETURN_IF_ERROR(engine_->Verify(now_));
    return outcome;
  }
  return Question(step);
}

absl::StatusOr<Outcome> RulesTarget::Question(const Json& step) {
  Outcome outcome;
  absl::StatusOr<Json> answer = Json();
  engine_->Read([&](const core::State& state) { answer = Answer(state, step); });
  if (answer.ok()) {
    outcome.result = *std::move(answer);
  } else if (absl::IsUnimplemented(answer.status())) {
    return answer.status();
  } else {
    outcome.error = ErrnoOf(answer.status());
  }
  return outcome;
}

Json RulesTarget::Interface(const core::State& state, core::InterfaceUid uid, bool unless_busy,
                            Family family) {
  const core::Interface* interface = state.interface(uid);
  if (interface == nullptr || (unless_busy && plan_.Busy(uid, family))) return nullptr;
  return interface->name;
}

Json GroupInfo(const core::State& state, const core::Group& group) {
  Json info = {{"group_interface", group.interface_name},
               {"mac_type", group.mac_type ? NameOf(*group.mac_type) : "ipmp"}};
  for (const Family family : kFamilies) {
    const auto& side = group.sides[IndexOf(family)];
    const core::SideIndex& index = state.index().side(group.uid, family);
    const std::string name = NameOf(family);
    info[name] = side.has_value();
    info[name + "_interfaces"] = index.members.size() + index.pending;
    const core::Interface* cast = side ? state.interface(side->cast) : nullptr;
    const Json nominated = cast == nullptr ? Json() : Json(cast->name);
    info[name + "_multicast"] = nominated;
    if (family == Family::kIpv4) info["ipv4_broadcast"] = nominated;
  }
  return info;
}

absl::StatusOr<Json> RulesTarget::SetBusy(const core::State& state, const Json& step) {
  const core::Name target = TargetOf(step);
  std::uint64_t owner = 0;
  if (target.interface.empty()) {
    NSD_ASSIGN_OR_RETURN(const core::Group* group, GetGroup(state, target));
    owner = group->uid.value();
  } else {
    NSD_ASSIGN_OR_RETURN(const core::Interface* interface, GetInterface(state, target));
    owner = interface->uid.value();
  }
  plan_.SetBusy(owner, FamilyOf(step), step["busy"]);
  return Json::object();
}

absl::StatusOr<Json> RulesTarget::Answer(const core::State& state, const Json& step) {
  const std::string op = step["op"];
  const core::Name target = TargetOf(step);
  if (op == "interface_busy") return SetBusy(state, step);
  if (op == "group_of") {
    NSD_ASSIGN_OR_RETURN(const core::Interface* interface, GetInterface(state, target));
    const core::Group* group = state.group(interface->group);
    Json json = {{"group", group == nullptr ? Json() : Json(group->name)}};
    for (const Family family : kFamilies) {
      const auto& side = interface->sides[IndexOf(family)];
      json[std::string(NameOf(family)) + "_member"] =
          side && side->joined != 0 && !plan_.Busy(interface->group, family);
    }
    return json;
  }
  if (op == "bound_interface") {
    core::Name name = target;
    name.address = core::ParseIpAddress(step["address"]);
    if (!name.address)
      return MakeError(ErrorReason::kAddressNotFound, "", {{"errno", "EADDRNOTAVAIL"}});
    NSD_ASSIGN_OR_RETURN(const core::Address* address, GetAddress(state, name));
    if (!address->group)
      return MakeError(ErrorReason::kNotAnIpmpInterface, "", {{"errno", "EINVAL"}});
    const Json bound = Interface(state, address->bound, false, address->ip.family);
    return Json{{"interface", bound},
                {"available", address->bound && !plan_.Busy(address->bound, address->ip.family)}};
  }
  if (op == "group_info" || op == "group_stats") {
    NSD_ASSIGN_OR_RETURN(const core::Group* group, GetGroup(state, target));
    if (op == "group_info") return GroupInfo(state, *group);
    if (step.value("write", false))
      return MakeError(ErrorReason::kPermissionDenied, "", {{"errno", "EACCES"}});
    return RenderStats(GroupStats(state, *group), LinkUp(state, *group));
  }
  if (op == "cast_interface" || op == "hold_cast_interface") {
    NSD_ASSIGN_OR_RETURN(const core::InterfaceUid uid,
                         CastInterface(state, target, FamilyOf(step)));
    return Json{{"interface", Interface(state, uid, op == "hold_cast_interface", FamilyOf(step))}};
  }
  if (op == "find_interface") {
    const auto address = core::ParseHardwareAddress(step["hwaddr"]);
    NSD_ASSIGN_OR_RETURN(const core::InterfaceUid uid,
                         FindInterface(state, target, FamilyOf(step), address.value_or("?")));
    return Json{{"interface", Interface(state, uid, false, FamilyOf(step))}};
  }
  return absl::UnimplementedError("unknown operation " + op);
}

class CoreEngine : public Engine {
 public:
  absl::Status Reset(core::Hooks* hooks, core::Trace* trace) override {
    state_ = std::make_unique<core::State>();
    revision_ = 0;
    hooks_ = hooks;
    trace_ = trace;
    return absl::OkStatus();
  }
  absl::StatusOr<core::Result> Run(const core::Transaction& transaction, absl::Time now) override {
    core::Context context{.revision = revision_ + 1, .now = now, .limits = {}};
    context.hooks = hooks_;
    context.trace = trace_;
    NSD_ASSIGN_OR_RETURN(const core::Transition transition, Apply(*state_, transaction, context));
    if (!transition.deltas.empty()) ++revision_;
    return transition.results.front();
  }
  void Read(const std::function<void(const core::State&)>& read) const override { read(*state_); }
  absl::Status Verify(absl::Time) override {
    const std::vector<std::string> broken = CheckInvariants(*state_);
    return broken.empty() ? absl::OkStatus() : absl::InternalError(broken.front());
  }

 private:
  std::unique_ptr<core::State> state_;
  std::int64_t revision_ = 0;
  core::Hooks* hooks_ = nullptr;
  core::Trace* trace_ = nullptr;
};

}  // namespace

std::unique_ptr<Target> MakeRulesTarget(std::unique_ptr<Engine> engine) {
  return std::make_unique<RulesTarget>(std::move(engine));
}
std::unique_ptr<Engine> MakeCoreEngine() { return std::make_unique<CoreEngine>(); }

}  // namespace netstackd::vectors
