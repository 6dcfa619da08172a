#include "server/codec/api_plan.h"

#include <set>
#include <string>
#include <utility>

#include "core/command.h"
#include "server/codec/api_diff.h"

namespace netstackd::codec {
namespace {

constexpr int kStepsMax = 2000;
constexpr std::size_t kBytesMax = 256 << 10;

// Stamps say nothing about what was done.
bool IsStamp(const std::string& path) {
  return (path.compare(0, 5, "meta.") == 0 && path != "meta.labels") ||
         path == "status.last_transition";
}

// What a move of an address changes, and the step of the move tells.
bool IsOfMove(const std::string& path) {
  return path == "status.bound_interface" || path == "status.binding" ||
         path == "status.announced" || path == "status.moves" ||
         path.compare(0, 14, "status.placed_") == 0;
}

// Differs in nothing but where it is bound.
bool OnlyMoved(const core::Address& before, const core::Address& after) {
  core::Address moved = before;
  moved.meta = after.meta;
  moved.bound = after.bound;
  moved.binding = after.binding;
  moved.announced = after.announced;
  moved.announce_initial = after.announce_initial;
  moved.placement = after.placement;
  return moved == after && before.meta.labels == after.meta.labels;
}

class Planner {
 public:
  Planner(const Names& names, v1::Plan* plan) : names_(names), plan_(plan) {}

  void Add(const core::Change<core::Group>& change) {
    AddObject<v1::Group>(change, change.after ? FullName(*change.after) : FullName(*change.before),
                         false);
  }

  void Add(const core::Change<core::Interface>& change) {
    AddObject<v1::Interface>(
        change, change.after ? FullName(*change.after) : FullName(*change.before), false);
  }

  void Add(const core::Change<core::Address>& change) {
    const core::Address& shown = change.after ? *change.after : *change.before;
    const std::string name = FullName(shown, names_);
    const core::InterfaceUid from = change.before ? change.before->bound : core::InterfaceUid();
    const core::InterfaceUid to = change.after ? change.after->bound : core::InterfaceUid();
    const bool moved = from != to && change.after != nullptr;
    const bool went_down =
        change.before && change.before->up && !(change.after && change.after->up);
    if (!(moved && change.before && OnlyMoved(*change.before, *change.after))) {
      AddObject<v1::Address>(change, name, went_down, moved);
    }
    if (!moved) return;
    v1::Plan::Step& step = Begin(v1::Plan::ACTION_MOVE_ADDRESS, name);
    step.set_from_interface(names_.Of(from));
    step.set_to_interface(names_.Of(to));
    step.set_disruptive(static_cast<bool>(from));
    End();
  }

  void Add(const core::Change<core::ArpEntry>& change) {
    const core::ArpEntry& shown = change.after ? *change.after : *change.before;
    std::string before = JsonOf(change.before);
    std::string after = JsonOf(change.after);
    if (before == after) return;
    v1::Plan::Step& step =
        Begin(v1::Plan::ACTION_UPDATE, core::ToString(core::Name{.group = names_.Of(shown.group)}));
    auto* field = step.add_changes();
    field->set_path("status.ipv4.arp_entries");
    field->set_before(std::move(before));
    field->set_after(std::move(after));
    End();
  }

  bool full() const { return full_; }
  void Omit() { plan_->set_steps_omitted(plan_->steps_omitted() + 1); }

 private:
  static std::string JsonOf(const core::Image<core::ArpEntry>& image) {
    if (!image) return {};
    v1::ArpEntry entry;
    RenderImage(*image, &entry);
    return codec::JsonOf(entry);
  }

  template <typename Resource, typename T>
  void AddObject(const core::Change<T>& change, const std::string& name, bool disruptive,
                 bool moved = false) {
    if (!change.before || !change.after) {
      const auto action = change.before ? v1::Plan::ACTION_DELETE : v1::Plan::ACTION_CREATE;
      Begin(action, name).set_disruptive(disruptive);
      return End();
    }
    Resource before;
    Resource after;
    RenderImage(*change.before, names_, &before);
    RenderImage(*change.after, names_, &after);
    const auto skip = [moved](const std::string& path) {
      return IsStamp(path) || (moved && IsOfMove(path));
    };
    std::vector<Difference> differences = Diff(before, after, skip);
    if (differences.empty()) return;
    v1::Plan::Step& step = Begin(v1::Plan::ACTION_UPDATE, name);
    step.set_disruptive(disruptive);
    for (Difference& difference : differences) {
      auto* field = step.add_changes();
      field->set_path(std::move(difference.path));
      field->set_before(std::move(difference.before));
      field->set_after(std::move(difference.after));
    }
    End();
  }

  // A step is filled in between; End takes it back if there is no room for it.
  v1::Plan::Step& Begin(v1::Plan::Action action, const std::string& resource) {
    v1::Plan::Step& step = *plan_->add_steps();
    step.set_action(action);
    step.set_resource(resource);
    return step;
  }
  void End() {
    bytes_ += plan_->steps().rbegin()->ByteSizeLong() + 4;
    full_ = full_ || plan_->steps_size() > kStepsMax || bytes_ > kBytesMax;
    if (!full_) return;
    plan_->mutable_steps()->RemoveLast();
    Omit();
  }

  const Names& names_;
  v1::Plan* const plan_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

void RenderPlan(const std::vector<core::Delta>& deltas, Names names, v1::Plan* plan) {
  names.Add(deltas);
  Planner planner(names, plan);
  for (const core::Delta& delta : deltas) {
    if (planner.full()) {
      planner.Omit();
    } else {
      std::visit([&](const auto& change) { planner.Add(change); }, delta);
    }
  }
}

std::vector<std::uint64_t> UidsIn(const std::vector<core::Delta>& deltas) {
  std::set<std::uint64_t> uids;
  const auto add = [&uids](auto uid) {
    if (uid) uids.insert(uid.value());
  };
  const auto of_address = [&](const core::Image<core::Address>& image) {
    if (!image) return;
    add(image->group);
    add(image->interface);
    add(image->bound);
  };
  const auto of_group = [&](const core::Image<core::Group>& image) {
    if (!image) return;
    for (const auto& side : image->sides) {
      if (!side) continue;
      add(side->cast);
      add(side->next);
    }
  };
  for (const core::Delta& delta : deltas) {
    if (const auto* group = std::get_if<core::Change<core::Group>>(&delta)) {
      of_group(group->before);
      of_group(group->after);
    } else if (const auto* interface = std::get_if<core::Change<core::Interface>>(&delta)) {
      if (interface->before) add(interface->before->group);
      if (interface->after) add(interface->after->group);
    } else if (const auto* address = std::get_if<core::Change<core::Address>>(&delta)) {
      of_address(address->before);
      of_address(address->after);
    } else {
      const auto& arp = std::get<core::Change<core::ArpEntry>>(delta);
      add((arp.after ? arp.after : arp.before)->group);
    }
  }
  return {uids.begin(), uids.end()};
}

}  // namespace netstackd::codec
