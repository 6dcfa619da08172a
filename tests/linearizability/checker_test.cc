#include "tests/linearizability/checker.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace netstackd::linearizability {
namespace {

using Kind = Verdict::Kind;

Operation Made(Action action, std::int64_t invoked, std::int64_t returned) {
  Operation operation;
  operation.action = action;
  operation.outcome = Outcome::kDone;
  operation.invoked = invoked;
  operation.returned = returned;
  return operation;
}

Operation Create(const std::string& value, const std::string& etag, std::int64_t invoked,
                 std::int64_t returned) {
  Operation operation = Made(Action::kCreate, invoked, returned);
  operation.value = value;
  operation.etag = etag;
  return operation;
}

Operation Update(const std::string& if_etag, const std::string& value, const std::string& etag,
                 std::int64_t invoked, std::int64_t returned) {
  Operation operation = Made(Action::kUpdate, invoked, returned);
  operation.if_etag = if_etag;
  operation.value = value;
  operation.etag = etag;
  return operation;
}

Operation Read(const std::string& value, const std::string& etag, std::int64_t invoked,
               std::int64_t returned) {
  Operation operation = Made(Action::kRead, invoked, returned);
  operation.value = value;
  operation.etag = etag;
  return operation;
}

Operation Delete(const std::string& if_etag, std::int64_t invoked, std::int64_t returned) {
  Operation operation = Made(Action::kDelete, invoked, returned);
  operation.if_etag = if_etag;
  return operation;
}

Operation Refused(Operation operation) {
  operation.outcome = Outcome::kRefused;
  operation.etag.clear();
  return operation;
}

Operation Unanswered(Operation operation) {
  operation.outcome = Outcome::kUnknown;
  operation.etag.clear();
  operation.returned = kNever;
  return operation;
}

Kind KindOf(const History& history) { return Check(history).kind; }

TEST(CheckerTest, OneAfterTheOther) {
  EXPECT_EQ(KindOf({}), Kind::kYes);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Read("a", "7-1", 3, 4),
                    Update("7-1", "b", "7-2", 5, 6), Read("b", "7-2", 7, 8), Delete("7-2", 9, 10),
                    Refused(Read("", "", 11, 12)), Create("c", "8-1", 13, 14)}),
            Kind::kYes);
}

TEST(CheckerTest, WhatOverlapsMayComeInEitherOrder) {
  for (const char* seen : {"7-1", "7-2"}) {
    const std::string value = seen == std::string("7-1") ? "a" : "b";
    EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Update("7-1", "b", "7-2", 3, 9),
                      Read(value, seen, 4, 8)}),
              Kind::kYes);
  }
}

TEST(CheckerTest, StaleReadIsRejected) {
  const Verdict verdict =
      Check({Create("a", "7-1", 1, 2), Update("7-1", "b", "7-2", 3, 4), Read("a", "7-1", 5, 6)});
  EXPECT_EQ(verdict.kind, Kind::kNo);
  EXPECT_NE(verdict.why.find("read a: done 7-1"), std::string::npos) << verdict.why;
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Delete("", 3, 4), Read("a", "7-1", 5, 6)}),
            Kind::kNo);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Refused(Read("", "", 3, 4))}), Kind::kNo);
}

TEST(CheckerTest, ReadThatGoesBackIsRejectedWhileTheUpdateRuns) {
  const Operation create = Create("a", "7-1", 1, 2);
  const Operation update = Update("7-1", "b", "7-2", 3, 20);
  EXPECT_EQ(KindOf({create, update, Read("a", "7-1", 4, 5), Read("b", "7-2", 6, 7)}), Kind::kYes);
  EXPECT_EQ(KindOf({create, update, Read("b", "7-2", 4, 5), Read("a", "7-1", 6, 7)}), Kind::kNo);
}

TEST(CheckerTest, LostUpdateIsRejected) {
  // Both were told that they followed 7-1.
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Update("7-1", "b", "7-2", 3, 9),
                    Update("7-1", "c", "7-2", 4, 8)}),
            Kind::kNo);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Update("7-1", "b", "7-2", 3, 9),
                    Refused(Update("7-1", "c", "", 4, 8))}),
            Kind::kYes);
  // Acknowledged, and gone.
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Update("", "b", "7-2", 3, 4),
                    Update("", "c", "7-2", 5, 6)}),
            Kind::kNo);
}

TEST(CheckerTest, DoubledRetryIsRejected) {
  // One update, sent twice and done twice: the generation rose by two.
  EXPECT_EQ(
      KindOf({Create("a", "7-1", 1, 2), Update("", "b", "7-2", 3, 8), Read("b", "7-3", 9, 10)}),
      Kind::kNo);
  // One create, done again after somebody else removed what it had made.
  EXPECT_EQ(KindOf({Create("a", "8-1", 1, 20), Read("a", "7-1", 3, 4), Delete("7-1", 5, 6),
                    Read("a", "8-1", 21, 22)}),
            Kind::kNo);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Delete("", 3, 4), Create("b", "7-1", 5, 6)}),
            Kind::kNo);
}

TEST(CheckerTest, UnansweredMayHaveBeenDoneAtAnyLaterTimeOrNever) {
  const Operation create = Create("a", "7-1", 1, 2);
  const Operation lost = Unanswered(Update("7-1", "b", "", 3, 0));
  EXPECT_EQ(KindOf({create, lost}), Kind::kYes);
  EXPECT_EQ(KindOf({create, lost, Read("a", "7-1", 10, 11)}), Kind::kYes);
  EXPECT_EQ(KindOf({create, lost, Read("b", "7-2", 10, 11)}), Kind::kYes);
  EXPECT_EQ(KindOf({create, lost, Read("a", "7-1", 10, 11), Read("b", "7-2", 12, 13)}), Kind::kYes);
  EXPECT_EQ(KindOf({create, lost, Read("b", "7-2", 10, 11), Read("a", "7-1", 12, 13)}), Kind::kNo);
  // Not before it was asked for, and not twice.
  EXPECT_EQ(KindOf({create, Read("b", "7-2", 3, 4), Unanswered(Update("", "b", "", 5, 0))}),
            Kind::kNo);
  EXPECT_EQ(KindOf({create, Unanswered(Update("", "b", "", 3, 0)), Read("b", "7-2", 4, 5),
                    Read("b", "7-3", 6, 7)}),
            Kind::kNo);
}

TEST(CheckerTest, UidOfAnUnansweredCreationIsFixedByTheFirstWhoSeesIt) {
  const Operation lost = Unanswered(Create("a", "", 1, 0));
  EXPECT_EQ(KindOf({lost, Read("a", "7-1", 2, 3), Update("7-1", "b", "7-2", 4, 5)}), Kind::kYes);
  EXPECT_EQ(KindOf({lost, Read("a", "7-1", 2, 3), Read("a", "8-1", 4, 5)}), Kind::kNo);
  EXPECT_EQ(KindOf({lost, Refused(Update("5-1", "b", "", 2, 3)), Read("a", "7-1", 4, 5)}),
            Kind::kYes);
}

TEST(CheckerTest, RefusalNeedsAReason) {
  EXPECT_EQ(KindOf({Refused(Create("a", "", 1, 2))}), Kind::kNo);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Refused(Delete("7-1", 3, 4))}), Kind::kNo);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Refused(Delete("7-9", 3, 4))}), Kind::kYes);
  EXPECT_EQ(KindOf({Create("a", "7-1", 1, 2), Refused(Create("b", "", 3, 4))}), Kind::kYes);
}

// A real object that does one thing at a time, and clients whose calls overlap.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  History Make(int clients, int count) {
    History history;
    std::vector<std::int64_t> free_at(static_cast<std::size_t>(clients), 0);
    for (int i = 0; i < count; ++i) {
      // At now_ it is done; it was asked for before and is answered later, one call of a client
      // after the other.
      now_ += 10;
      const auto client = static_cast<std::size_t>(Pick(clients));
      if (free_at[client] >= now_) continue;
      Operation operation = Do(i);
      operation.client = static_cast<int>(client);
      operation.invoked = std::max(free_at[client] + 1, now_ - Pick(60));
      operation.returned = now_ + 1 + Pick(60);
      free_at[client] = operation.returned;
      if (Pick(8) == 0) operation = Forget(operation);
      history.push_back(operation);
    }
    return history;
  }

  int Pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

 private:
  std::string Etag() const { return absl::StrCat(uid_, "-", generation_); }

  Operation Do(int i) {
    Operation operation;
    operation.action = static_cast<Action>(Pick(4));
    operation.outcome = Outcome::kDone;
    const bool writes = operation.action == Action::kCreate || operation.action == Action::kUpdate;
    if (writes) operation.value = absl::StrCat("v", i);
    const bool changes = operation.action == Action::kUpdate || operation.action == Action::kDelete;
    if (changes && Pick(2) == 0) {
      operation.if_etag = Pick(3) == 0 ? absl::StrCat(uid_, "-", generation_ + 1) : Etag();
    }
    const bool refused =
        operation.action == Action::kCreate
            ? present_
            : !present_ || (!operation.if_etag.empty() && operation.if_etag != Etag());
    if (refused) {
      operation.outcome = Outcome::kRefused;
      return operation;
    }
    if (operation.action == Action::kCreate) ++uid_;
    if (operation.action == Action::kCreate) generation_ = 0;
    if (writes) {
      present_ = true;
      ++generation_;
      value_ = operation.value;
    }
    if (operation.action == Action::kDelete) {
      present_ = false;
    } else {
      operation.etag = Etag();
    }
    if (operation.action == Action::kRead) operation.value = value_;
    return operation;
  }

  // The client never got the answer.
  static Operation Forget(Operation operation) {
    if (operation.action == Action::kRead) operation.value.clear();
    operation.outcome = Outcome::kUnknown;
    operation.etag.clear();
    operation.returned = kNever;
    return operation;
  }

  std::mt19937_64 random_;
  std::int64_t now_ = 0;
  bool present_ = false;
  int uid_ = 5;
  int generation_ = 0;
  std::string value_;
};

std::uint64_t Seed() {
  std::uint64_t seed = std::random_device{}();
  const char* given = std::getenv("NETSTACKD_SEED");
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) seed = 0;
  std::cout << "NETSTACKD_SEED=" << seed << std::endl;
  return seed;
}

TEST(CheckerTest, WhatARealObjectAnswersIsAccepted) {
  const std::uint64_t seed = Seed();
  for (std::uint64_t round = 0; round < 60; ++round) {
    const Verdict verdict = Check(Generator(seed + round).Make(6, 120));
    ASSERT_EQ(verdict.kind, Kind::kYes) << "round " << round << "\n" << verdict.why;
  }
}

// Gives an answered read what was there before a write that was answered before it was asked.
bool MakeStale(History* history, Generator* generator) {
  const auto n = static_cast<int>(history->size());
  for (int tries = 0; tries < 10 * n; ++tries) {
    Operation& read = (*history)[static_cast<std::size_t>(generator->Pick(n))];
    if (read.action != Action::kRead || read.outcome != Outcome::kDone) continue;
    for (const Operation& old : *history) {
      // A later generation of the same object was answered before the read began.
      const bool is_write = old.outcome == Outcome::kDone &&
                            (old.action == Action::kCreate || old.action == Action::kUpdate);
      if (!is_write || old.returned >= read.invoked || old.etag == read.etag) continue;
      const bool overwritten =
          std::any_of(history->begin(), history->end(), [&](const Operation& later) {
            return later.action == Action::kUpdate && later.outcome == Outcome::kDone &&
                   later.invoked > old.returned && later.returned < read.invoked;
          });
      if (!overwritten) continue;
      read.value = old.value;
      read.etag = old.etag;
      return true;
    }
  }
  return false;
}

TEST(CheckerTest, PlantedStaleReadsAreRejected) {
  const std::uint64_t seed = Seed();
  int planted = 0;
  for (std::uint64_t round = 0; round < 100; ++round) {
    Generator generator(seed + round);
    History history = generator.Make(4, 50);
    if (!MakeStale(&history, &generator)) continue;
    ++planted;
    ASSERT_EQ(KindOf(history), Kind::kNo) << "round " << round;
  }
  EXPECT_GT(planted, 10);
}

}  // namespace
}  // namespace netstackd::linearizability
