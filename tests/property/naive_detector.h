// The policy of failure detection once more, from its description alone: lists, loops, nothing
// shared with the rules. One group whose members all have an address; times in seconds.
#ifndef NETSTACKD_TESTS_PROPERTY_NAIVE_DETECTOR_H_
#define NETSTACKD_TESTS_PROPERTY_NAIVE_DETECTOR_H_

#include <string>
#include <vector>

namespace netstackd::naive {

struct Member {
  std::string name{};
  bool standby = false;
  bool failed = false;
  bool inactive = false;
  bool offline = false;
  bool twin = false;       // offline because of its hardware address
  bool by_probes = false;  // why it is failed
  bool link_down = false;
  bool probes = false;  // it has a test address and a target
  int hardware = 0;     // 0: not known
  std::vector<int> link_ups{};
  int repair_at = -1;
  int use_at = -1;
  int repaired_at = -1;
  bool answered = false;
  int appeared = 0;
  int last_answer = -1;
  std::vector<bool> lost{};  // finished probes
  std::vector<int> ended{};

  bool Works() const { return !failed && !offline; }
  bool Used() const { return Works() && !inactive; }
};

class Detector {
 public:
  void Join(const Member& member);  // name, standby, link, hardware and probes are set
  void Leave(const std::string& name);
  void LinkDown(const std::string& name);
  void LinkUp(const std::string& name);
  void Probe(const std::string& name, bool lost);
  bool Offline(const std::string& name, int others);  // false: refused
  bool Online(const std::string& name);
  bool Standby(const std::string& name, bool standby);
  void Hardware(const std::string& name, int address);
  void Failback(bool on, int hold);
  void Time(int now);  // and everything that is due by then

  Member* Find(const std::string& name);
  const std::vector<Member>& members() const { return members_; }
  bool failback() const { return failback_; }
  int hold() const { return hold_; }

 private:
  enum class Why { kAppeared, kRepaired, kUndone, kHeld };

  int Used(const Member* except) const;
  int Ordinary() const;
  bool GroupFailed() const;
  void ActivateOne();
  void RestOne(const Member* except);
  void Begin(Member& member, Why why, int at);
  void FailOne(Member& member, bool by_probes);
  void FailAll(bool by_probes);
  void LookAtLink(Member& member);
  void Repair(Member& member, int at);
  void Back(Member& member);
  bool HasTwin(const Member& member) const;
  void Reunite();

  std::vector<Member> members_;  // the newest first
  bool failback_ = true;
  int hold_ = 0;
  int now_ = 0;
};

}  // namespace netstackd::naive

#endif  // NETSTACKD_TESTS_PROPERTY_NAIVE_DETECTOR_H_
