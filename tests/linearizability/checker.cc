#include "tests/linearizability/checker.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace netstackd::linearizability {
namespace {

// The object between two operations.
struct State {
  bool present = false;
  std::string uid;  // empty: not seen yet, for its creation had no answer
  std::int64_t generation = 0;
  std::string value;
};

struct Etag {
  std::string uid;
  std::int64_t generation = 0;
};

// "<uid>-<generation>".
std::optional<Etag> Parse(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  Etag etag;
  if (parts.size() != 2 || parts[0].empty() || !absl::SimpleAtoi(parts[1], &etag.generation)) {
    return std::nullopt;
  }
  etag.uid = parts[0];
  return etag;
}

// Whether the state may have this etag; fixes the uid if it was not known.
bool Matches(const std::string& text, State* state) {
  const auto etag = Parse(text);
  if (!etag || etag->generation != state->generation) return false;
  if (state->uid.empty()) state->uid = etag->uid;
  return state->uid == etag->uid;
}

// The precondition of an update or a delete holds.
bool Holds(const Operation& operation, State* state) {
  return state->present && (operation.if_etag.empty() || Matches(operation.if_etag, state));
}

// It does not: surely, or because the uid that is not known is another one.
bool Fails(const Operation& operation, const State& state) {
  if (!state.present) return true;
  if (operation.if_etag.empty()) return false;
  State copy = state;
  return !Matches(operation.if_etag, &copy) || state.uid.empty();
}

bool Create(const Operation& operation, State* state) {
  if (operation.outcome == Outcome::kRefused) return state->present;
  if (state->present) return false;
  *state = {true, "", 1, operation.value};
  return operation.outcome == Outcome::kUnknown || Matches(operation.etag, state);
}

bool Update(const Operation& operation, State* state) {
  if (operation.outcome == Outcome::kRefused) return Fails(operation, *state);
  if (!Holds(operation, state)) return false;
  ++state->generation;
  state->value = operation.value;
  return operation.outcome == Outcome::kUnknown || Matches(operation.etag, state);
}

bool Delete(const Operation& operation, State* state) {
  if (operation.outcome == Outcome::kRefused) return Fails(operation, *state);
  if (!Holds(operation, state)) return false;
  *state = {};
  return true;
}

bool Read(const Operation& operation, State* state) {
  if (operation.outcome == Outcome::kRefused) return !state->present;
  return state->present && state->value == operation.value && Matches(operation.etag, state);
}

// Does the operation; false if the object would not answer so.
bool Apply(const Operation& operation, State* state) {
  switch (operation.action) {
    case Action::kCreate:
      return Create(operation, state);
    case Action::kUpdate:
      return Update(operation, state);
    case Action::kDelete:
      return Delete(operation, state);
    case Action::kRead:
      break;
  }
  return Read(operation, state);
}

class Search {
 public:
  explicit Search(const History& history);
  Verdict Run();

 private:
  // One step of the order.
  struct Place {
    std::size_t operation;  // put last
    std::size_t next;       // to be tried in its stead
    State before;
  };

  // The first from `from` on that may come next and leads somewhere new.
  std::optional<std::size_t> Next(std::size_t from, State* after);
  std::int64_t EarliestReturn() const;
  bool Remember(const State& state);
  void Put(std::size_t i, bool done);
  std::string Why() const;

  std::vector<Operation> operations_;  // by request
  std::vector<bool> done_;
  std::size_t answered_left_ = 0;
  std::size_t first_left_ = 0;  // all before are done
  State state_;
  std::vector<Place> order_;
  std::vector<std::size_t> longest_;
  std::unordered_set<std::string> seen_;
};

Search::Search(const History& history) {
  for (const Operation& operation : history) {
    // A read without an answer says nothing.
    if (operation.outcome == Outcome::kUnknown && operation.action == Action::kRead) continue;
    operations_.push_back(operation);
    if (operation.outcome == Outcome::kUnknown) operations_.back().returned = kNever;
    if (operation.outcome != Outcome::kUnknown) ++answered_left_;
  }
  std::stable_sort(operations_.begin(), operations_.end(),
                   [](const Operation& a, const Operation& b) { return a.invoked < b.invoked; });
  done_.resize(operations_.size(), false);
}

std::int64_t Search::EarliestReturn() const {
  std::int64_t earliest = kNever;
  for (std::size_t i = first_left_; i < operations_.size(); ++i) {
    if (operations_[i].invoked > earliest) break;
    if (!done_[i]) earliest = std::min(earliest, operations_[i].returned);
  }
  return earliest;
}

// The key is the window of operations that are not all done, and the state.
bool Search::Remember(const State& state) {
  std::string key = absl::StrCat(first_left_, ":");
  std::size_t last = operations_.size();
  while (last > first_left_ && !done_[last - 1]) --last;
  for (std::size_t i = first_left_; i < last; ++i) key.push_back(done_[i] ? '1' : '0');
  absl::StrAppend(&key, "|", state.present ? "+" : "-", state.uid, "-", state.generation, "|",
                  state.value);
  return seen_.insert(std::move(key)).second;
}

void Search::Put(std::size_t i, bool done) {
  done_[i] = done;
  if (operations_[i].outcome != Outcome::kUnknown) {
    if (done) {
      --answered_left_;
    } else {
      ++answered_left_;
    }
  }
  if (!done) first_left_ = std::min(first_left_, i);
  while (first_left_ < operations_.size() && done_[first_left_]) ++first_left_;
}

std::optional<std::size_t> Search::Next(std::size_t from, State* after) {
  const std::int64_t earliest = EarliestReturn();
  for (std::size_t i = std::max(from, first_left_); i < operations_.size(); ++i) {
    // One that was answered before this one was asked for comes first.
    if (operations_[i].invoked > earliest) break;
    if (done_[i]) continue;
    *after = state_;
    if (!Apply(operations_[i], after)) continue;
    Put(i, true);
    const bool is_new = Remember(*after);
    if (is_new) return i;
    Put(i, false);
  }
  return std::nullopt;
}

Verdict Search::Run() {
  std::size_t from = 0;
  while (answered_left_ > 0) {
    if (static_cast<std::int64_t>(seen_.size()) > kStatesMax) {
      return {Verdict::Kind::kTooLong, "too many operations overlap"};
    }
    State after;
    if (const auto next = Next(from, &after)) {
      order_.push_back({*next, *next + 1, std::exchange(state_, std::move(after))});
      from = 0;
      if (order_.size() > longest_.size()) {
        longest_.clear();
        for (const Place& place : order_) longest_.push_back(place.operation);
      }
      continue;
    }
    if (order_.empty()) return {Verdict::Kind::kNo, Why()};
    Put(order_.back().operation, false);
    state_ = std::move(order_.back().before);
    from = order_.back().next;
    order_.pop_back();
  }
  return {};
}

std::string Search::Why() const {
  constexpr std::size_t kShown = 12;
  const std::set<std::size_t> in(longest_.begin(), longest_.end());
  std::string why = absl::StrCat(longest_.size(), " of ", operations_.size(),
                                 " operations can be put in order; the last of them:\n");
  const std::size_t begin = longest_.size() > kShown ? longest_.size() - kShown : 0;
  for (std::size_t i = begin; i < longest_.size(); ++i) {
    absl::StrAppend(&why, "  ", ToText(operations_[longest_[i]]), "\n");
  }
  absl::StrAppend(&why, "and not:\n");
  std::size_t shown = 0;
  for (std::size_t i = 0; i < operations_.size() && shown < kShown; ++i) {
    if (in.contains(i)) continue;
    ++shown;
    absl::StrAppend(&why, "  ", ToText(operations_[i]), "\n");
  }
  return why;
}

// Two creations that were answered with the same uid, if there are such.
std::string TwinsOf(const History& history) {
  std::map<std::string, const Operation*> creations;
  for (const Operation& operation : history) {
    if (operation.action != Action::kCreate || operation.outcome != Outcome::kDone) continue;
    const auto etag = Parse(operation.etag);
    if (!etag) return "no etag: " + ToText(operation);
    const auto [twin, is_new] = creations.emplace(etag->uid, &operation);
    if (!is_new) return absl::StrCat(ToText(*twin->second), "\n", ToText(operation));
  }
  return {};
}

}  // namespace

Verdict Check(const History& history) {
  const std::string twins = TwinsOf(history);
  if (!twins.empty()) return {Verdict::Kind::kNo, "one uid, two objects:\n" + twins};
  return Search(history).Run();
}

}  // namespace netstackd::linearizability
