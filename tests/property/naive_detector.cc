#include "tests/property/naive_detector.h"

#include <algorithm>

namespace netstackd::naive {

Member* Detector::Find(const std::string& name) {
  for (Member& member : members_) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

int Detector::Used(const Member* except) const {
  int count = 0;
  for (const Member& member : members_) count += &member != except && member.Used() ? 1 : 0;
  return count;
}

int Detector::Ordinary() const {
  int count = 0;
  for (const Member& member : members_) count += member.standby ? 0 : 1;
  return count;
}

bool Detector::GroupFailed() const {
  for (const Member& member : members_) {
    if (member.Works()) return false;
  }
  return true;
}

// The first standby in list order, else the last of the others.
void Detector::ActivateOne() {
  Member* chosen = nullptr;
  for (Member& member : members_) {
    if (!member.Works() || !member.inactive) continue;
    if (member.standby) {
      chosen = &member;
      break;
    }
    chosen = &member;
  }
  if (chosen == nullptr) return;
  chosen->inactive = false;
  chosen->use_at = -1;
}

void Detector::RestOne(const Member* except) {
  for (Member& member : members_) {
    if (&member == except || !member.standby || !member.Used()) continue;
    member.inactive = true;
    return;
  }
}

void Detector::Begin(Member& member, Why why, int at) {
  const int used = Used(&member);
  if (member.standby) {
    member.inactive = used >= std::max(1, Ordinary());
    return;
  }
  if (why == Why::kRepaired && used > 0) {
    if (!failback_) {
      member.inactive = true;
      member.repaired_at = at;
      return;
    }
    if (at + hold_ > now_) {
      member.inactive = true;
      member.use_at = at + hold_;
      member.repaired_at = at;
      return;
    }
  }
  member.inactive = false;
  member.use_at = -1;
  const bool somebody_may_rest = why == Why::kUndone || failback_;
  if (somebody_may_rest && used >= Ordinary()) RestOne(&member);
}

void Detector::FailOne(Member& member, bool by_probes) {
  const bool was_used = member.Used();
  member.failed = true;
  member.by_probes = by_probes;
  member.inactive = false;
  member.use_at = -1;
  if (was_used) ActivateOne();
}

void Detector::FailAll(bool by_probes) {
  for (Member& member : members_) {
    if (!member.failed) member.by_probes = by_probes;
    member.failed = true;
    member.inactive = false;
    member.use_at = -1;
  }
}

void Detector::LookAtLink(Member& member) {
  if (!member.link_down || member.failed) return;
  bool another = member.offline;
  for (const Member& other : members_) {
    another |= &other != &member && other.Works() && !other.link_down;
  }
  if (another) {
    FailOne(member, false);
  } else {
    FailAll(false);
  }
}

void Detector::Repair(Member& member, int at) {
  member.failed = false;
  member.repair_at = -1;
  if (!member.offline) Begin(member, Why::kRepaired, at);
}

bool Detector::HasTwin(const Member& member) const {
  for (const Member& other : members_) {
    if (&other != &member && member.hardware != 0 && other.hardware == member.hardware &&
        !other.offline) {
      return true;
    }
  }
  return false;
}

void Detector::Back(Member& member) {
  member.offline = member.twin = false;
  if (!member.failed) {
    Begin(member, Why::kUndone, now_);
  } else if (!member.link_down && !member.probes && member.repair_at < 0) {
    Repair(member, now_);
  }
}

void Detector::Reunite() {
  for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
    if (member->twin && !HasTwin(*member)) Back(*member);
  }
}

void Detector::Join(const Member& member) {
  members_.insert(members_.begin(), member);
  Member& joined = members_.front();
  joined.appeared = now_;
  if (HasTwin(joined)) {
    joined.offline = joined.twin = true;
  } else {
    Begin(joined, Why::kAppeared, now_);
  }
  LookAtLink(joined);
}

void Detector::Leave(const std::string& name) {
  Member& leaving = *Find(name);
  if (leaving.Used() && (leaving.standby || Used(&leaving) == 0)) {
    leaving.offline = true;
    ActivateOne();
  }
  members_.erase(members_.begin() + (&leaving - members_.data()));
  Reunite();
}

void Detector::LinkDown(const std::string& name) {
  Member& member = *Find(name);
  member.link_down = true;
  member.repair_at = -1;
  member.lost.clear();
  member.ended.clear();
  LookAtLink(member);
}

void Detector::LinkUp(const std::string& name) {
  Member& member = *Find(name);
  if (!member.link_down) {
    if (member.failed && !member.probes && member.repair_at < 0) Repair(member, now_);
    return;
  }
  member.link_down = false;
  const std::size_t known = member.link_ups.size();
  const bool often = known >= 2 && now_ - member.link_ups[known - 2] < 60;
  member.link_ups.push_back(now_);
  if (!member.failed || member.probes) return;
  if (often) {
    member.repair_at = member.link_ups[known - 1] + 60;
  } else {
    Repair(member, now_);
  }
}

void Detector::Probe(const std::string& name, bool lost) {
  Member& member = *Find(name);
  if (!member.probes || member.offline || member.link_down) return;
  member.lost.push_back(lost);
  member.ended.push_back(now_);
  if (!lost) {
    member.answered = true;
    member.last_answer = now_;
  }
  std::size_t row = 0;
  while (row < member.lost.size() && member.lost[member.lost.size() - 1 - row] == lost) ++row;
  if (!lost) {
    if (member.failed && row >= 10) Repair(member, now_);
    return;
  }
  const bool quiet = !member.answered && now_ < member.appeared + 40;
  if (member.failed || quiet || row < 5) return;
  const int began = member.ended[member.ended.size() - row];
  bool alone = false;
  for (const Member& other : members_) {
    if (&other == &member || other.link_down) continue;
    alone |= !other.probes || (other.Works() && other.last_answer > began && !GroupFailed());
  }
  if (alone) {
    FailOne(member, true);
  } else {
    FailAll(true);
  }
}

bool Detector::Offline(const std::string& name, int others) {
  Member& member = *Find(name);
  if (member.offline && !member.twin) return true;
  int usable = 0;
  int not_offline = 0;
  for (const Member& other : members_) {
    if (&other == &member) continue;
    usable += other.Works() ? 1 : 0;
    not_offline += other.offline ? 0 : 1;
  }
  if ((GroupFailed() ? not_offline : usable) < others) return false;
  const bool was_used = member.Used();
  member.offline = true;
  member.twin = false;
  member.inactive = false;
  member.use_at = -1;
  member.lost.clear();
  member.ended.clear();
  if (was_used) ActivateOne();
  Reunite();
  return true;
}

bool Detector::Online(const std::string& name) {
  Member& member = *Find(name);
  if (!member.offline) return true;
  if (HasTwin(member)) return false;
  Back(member);
  return true;
}

bool Detector::Standby(const std::string& name, bool standby) {
  Member& member = *Find(name);
  if (member.standby == standby) return true;
  if (standby && member.inactive) return false;
  member.standby = standby;
  const int aim = std::max(1, Ordinary());
  if (member.Works() && standby) {
    member.inactive = Used(&member) >= aim;
  } else if (member.Works()) {
    member.inactive = false;
    if (Used(&member) >= Ordinary()) RestOne(&member);
  }
  if (Used(nullptr) < aim) {
    ActivateOne();
  } else if (Used(nullptr) > aim) {
    RestOne(nullptr);
  }
  return true;
}

void Detector::Hardware(const std::string& name, int address) {
  Member& member = *Find(name);
  if (member.hardware == address) return;
  member.hardware = address;
  Reunite();
  if (member.offline || !HasTwin(member)) return;
  const bool was_used = member.Used();
  member.offline = member.twin = true;
  member.inactive = false;
  member.use_at = -1;
  if (was_used) ActivateOne();
}

void Detector::Failback(bool on, int hold) {
  if (on == failback_ && hold == hold_) return;
  failback_ = on;
  hold_ = hold;
  for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
    if (member->standby || !member->inactive || !member->Works()) continue;
    member->use_at = on ? member->repaired_at + hold : -1;
    if (on && member->use_at <= now_) Begin(*member, Why::kHeld, now_);
  }
}

void Detector::Time(int now) {
  now_ = now;
  for (;;) {
    // The earliest; of one time the oldest member, and its repair before its use.
    Member* next = nullptr;
    bool repair = false;
    int due = now + 1;
    for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
      if (member->repair_at >= 0 && member->repair_at < due) {
        next = &*member;
        repair = true;
        due = member->repair_at;
      }
      if (member->use_at >= 0 && member->use_at < due) {
        next = &*member;
        repair = false;
        due = member->use_at;
      }
    }
    if (next == nullptr) return;
    if (repair) {
      Repair(*next, due);
    } else {
      Begin(*next, Why::kHeld, due);
    }
  }
}

}  // namespace netstackd::naive
