// The policy of failure detection against a second, naive telling of it, fed the same sequence.
// RC_PARAMS="seed=N" repeats a failure.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/testing/lab.h"
#include "tests/property/naive_detector.h"

namespace netstackd {
namespace {

using core::InterfaceName;

constexpr int kNames = 4;

enum class Kind {
  kLinkDown,
  kLinkUp,
  kLost,
  kAnswered,
  kOffline,
  kOnline,
  kStandby,
  kOrdinary,
  kHardware,
  kFailback,
  kLeave,
  kJoin,
  kTime,
};

struct Step {
  Kind kind{};
  int member = 0;
  int number = 0;
};

void showValue(const Step& step, std::ostream& out) {
  static const char* const kWords[] = {"down",   "up",      "lost",     "answered", "offline",
                                       "online", "standby", "ordinary", "hardware", "failback",
                                       "leave",  "join",    "time"};
  out << kWords[static_cast<int>(step.kind)] << " " << step.member << " " << step.number;
}

rc::Gen<Step> AnyStep() {
  return rc::gen::exec([] {
    Step step;
    step.kind = *rc::gen::weightedElement<Kind>({{6, Kind::kLinkDown},
                                                 {8, Kind::kLinkUp},
                                                 {6, Kind::kLost},
                                                 {6, Kind::kAnswered},
                                                 {2, Kind::kOffline},
                                                 {3, Kind::kOnline},
                                                 {2, Kind::kStandby},
                                                 {2, Kind::kOrdinary},
                                                 {2, Kind::kHardware},
                                                 {2, Kind::kFailback},
                                                 {1, Kind::kLeave},
                                                 {2, Kind::kJoin},
                                                 {4, Kind::kTime}});
    step.member = *rc::gen::inRange(0, kNames);
    step.number = *rc::gen::inRange(0, 100);
    return step;
  });
}

// Both detectors, and what they are told. Members 0 and 1 probe, the others do not.
class Both {
 public:
  Both() {
    lab_.now = Now();
    naive_.Time(now_);
    RC_ASSERT(lab_.AddGroup("g").ok());
    RC_ASSERT(lab_.AddAddress("g", "192.0.2.10").ok());
    core::UpdateGroup targets;
    targets.targets = std::vector<std::string>{"192.0.2.1"};
    RC_ASSERT(lab_.Do(core::GroupName("g"), targets).ok());
    for (int i = 0; i < kNames; ++i) Join(i, i == 3);
  }

  void Do(const Step& step) {
    const std::string name = NameOf(step.member);
    const bool there = naive_.Find(name) != nullptr;
    if (step.kind == Kind::kTime) return Pass(step.number);
    Pass(1);
    switch (step.kind) {
      case Kind::kJoin:
        if (!there) Join(step.member, step.number % 3 == 0);
        return;
      case Kind::kFailback:
        return Failback(step.number % 4 != 0, step.number % 3 == 0 ? 30 : 0);
      default:
        if (there) DoMember(step, name);
    }
  }

  std::string Difference() {
    std::string text;
    for (const naive::Member& member : naive_.members()) {
      const core::Interface& is = lab_.interface(member.name);
      const core::Detection& detection = is.detection;
      const std::string naive = Show(member.failed, member.inactive, member.offline, member.standby,
                                     member.twin, member.repair_at, member.use_at);
      const std::string ours =
          Show(is.flags.failed, is.flags.inactive, is.flags.offline, is.flags.standby,
               detection.duplicate_hardware, SecondsOf(detection.repair_at),
               SecondsOf(detection.failback_at));
      if (naive != ours) text += member.name + ": " + ours + ", naively " + naive + "\n";
    }
    return text;
  }
  // With failback on and nothing offline: as many work in use as there are ordinary members.
  bool MeetsTheAim() {
    int works = 0;
    int used = 0;
    int ordinary = 0;
    for (const naive::Member& member : naive_.members()) {
      const core::InterfaceFlags& flags = lab_.interface(member.name).flags;
      if (flags.offline) return true;
      if (!flags.standby) ++ordinary;
      if (flags.failed) continue;
      ++works;
      if (!flags.inactive) ++used;
    }
    if (left_ || !naive_.failback() || held_) return true;
    return used == std::min(works, std::max(1, ordinary));
  }
  const core::Lab& lab() const { return lab_; }

 private:
  static std::string NameOf(int index) { return "net" + std::to_string(index); }
  absl::Time Now() const { return absl::FromUnixSeconds(1'700'000'000 + now_); }
  static int SecondsOf(const std::optional<absl::Time>& time) {
    return time ? static_cast<int>(absl::ToUnixSeconds(*time) - 1'700'000'000) : -1;
  }
  static std::string Show(bool failed, bool inactive, bool offline, bool standby, bool twin,
                          int repair_at, int use_at) {
    std::string text = failed ? "failed " : inactive ? "inactive " : "";
    text += std::string(offline ? "offline " : "") + (standby ? "standby " : "") +
            (twin ? "twin " : "");
    if (repair_at >= 0) text += "repair at " + std::to_string(repair_at) + " ";
    if (use_at >= 0) text += "use at " + std::to_string(use_at);
    return text;
  }

  void Pass(int seconds) {
    now_ += seconds;
    lab_.now = Now();
    naive_.Time(now_);
    RC_ASSERT(lab_.Do(core::Name{}, core::FireTimers{}).ok());
  }

  void Join(int index, bool standby) {
    const std::string name = NameOf(index);
    RC_ASSERT(lab_.AddInterface(name, "", standby).ok());
    naive::Member member{.name = name, .standby = standby, .probes = index < 2};
    if (member.probes) {
      core::CreateAddress test;
      test.prefix_length = 24;
      test.test = true;
      RC_ASSERT(
          lab_.Do(core::At(InterfaceName(name), "192.0.2." + std::to_string(100 + index)), test)
              .ok());
    }
    core::UpdateInterface join;
    join.group = "g";
    RC_ASSERT(lab_.Do(InterfaceName(name), join).ok());
    naive_.Join(member);
  }

  void Failback(bool on, int hold) {
    core::UpdateGroup op;
    op.failback = std::optional<bool>(on);
    op.failback_hold = std::optional<absl::Duration>(absl::Seconds(hold));
    RC_ASSERT(lab_.Do(core::GroupName("g"), op).ok());
    naive_.Failback(on, hold);
    held_ = hold != 0;
  }

  void Probe(const std::string& name, bool lost) {
    core::ReportInterface op;
    core::ProbeResult& probe = op.sides[0].emplace().probing.emplace().probes.emplace_back();
    probe.sequence = ++sequence_;
    probe.target = *core::ParseIpAddress("192.0.2.1");
    probe.start = lab_.now - absl::Milliseconds(1);
    probe.lost = lost;
    probe.rtt = absl::Milliseconds(lost ? 0 : 1);
    probe.end = lab_.now;
    RC_ASSERT(lab_.Do(InterfaceName(name), op).ok());
    naive_.Probe(name, lost);
  }

  void DoMember(const Step& step, const std::string& name) {
    const core::Name target = InterfaceName(name);
    switch (step.kind) {
      case Kind::kLinkDown:
        RC_ASSERT(lab_.Link(name, core::LinkState::kDown).ok());
        return naive_.LinkDown(name);
      case Kind::kLinkUp:
        RC_ASSERT(lab_.Link(name, core::LinkState::kUp).ok());
        return naive_.LinkUp(name);
      case Kind::kLost:
      case Kind::kAnswered:
        // Mostly whole series: single ones seldom decide anything.
        for (int i = 0; i < 1 + step.number % 12; ++i) {
          if (i > 0) Pass(1);
          Probe(name, step.kind == Kind::kLost);
        }
        return;
      case Kind::kOffline: {
        const core::OfflineInterface op{.min_redundancy = step.number % 3};
        RC_ASSERT(lab_.Do(target, op).ok() == naive_.Offline(name, step.number % 3));
        return;
      }
      case Kind::kOnline:
        RC_ASSERT(lab_.Do(target, core::OnlineInterface{}).ok() == naive_.Online(name));
        return;
      case Kind::kStandby:
      case Kind::kOrdinary: {
        core::UpdateInterface op;
        op.standby = step.kind == Kind::kStandby;
        RC_ASSERT(lab_.Do(target, op).ok() == naive_.Standby(name, *op.standby));
        return;
      }
      case Kind::kHardware: {
        core::ReportInterface op;
        op.hardware_address = core::HardwareAddress(6, static_cast<char>(1 + step.number % 3));
        RC_ASSERT(lab_.Do(target, op).ok());
        return naive_.Hardware(name, 1 + step.number % 3);
      }
      default:
        RC_ASSERT(step.kind == Kind::kLeave);
        RC_ASSERT(lab_.Do(target, core::DeleteInterface{}).ok());
        left_ = true;
        return naive_.Leave(name);
    }
  }

  core::Lab lab_;
  naive::Detector naive_;
  int now_ = 100;
  std::uint16_t sequence_ = 0;
  bool left_ = false;
  bool held_ = false;
};

RC_GTEST_PROP(DetectorTest, DecidesAsTheNaiveOneDoes, ()) {
  const auto steps = *rc::gen::container<std::vector<Step>>(AnyStep());
  Both both;
  for (const Step& step : steps) {
    both.Do(step);
    RC_ASSERT(both.Difference() == std::string());
    RC_ASSERT(core::CheckInvariants(both.lab().state) == std::vector<std::string>());
    RC_ASSERT(both.MeetsTheAim());
  }
}

}  // namespace
}  // namespace netstackd
