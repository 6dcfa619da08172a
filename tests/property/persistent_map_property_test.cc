// PersistentMap against std::map: whatever is done to which copy, each holds what it should.
#include "base/persistent_map.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/copy_on_write.h"

namespace netstackd {
namespace {

// Long enough to live outside of the string, so that a sanitizer sees every slip.
std::string TextOf(std::uint32_t number) {
  std::string digits = std::to_string(number);
  return "a key of more than 15 bytes " + std::string(10 - digits.size(), '0') + digits;
}

struct Pair {
  PersistentMap<std::string, std::string> map;
  std::map<std::string, std::string> model;
};

void CheckWhole(const Pair& pair) {
  RC_ASSERT(pair.map.size() == pair.model.size());
  RC_ASSERT(pair.map.empty() == pair.model.empty());
  auto at = pair.map.begin();
  for (const auto& [key, value] : pair.model) {
    RC_ASSERT(at != pair.map.end());
    RC_ASSERT(at->first == key && at->second == value);
    ++at;
  }
  RC_ASSERT(at == pair.map.end());
  auto back = pair.map.rbegin();
  for (auto entry = pair.model.rbegin(); entry != pair.model.rend(); ++entry, ++back) {
    RC_ASSERT(back != pair.map.rend());
    RC_ASSERT(back->first == entry->first && (*back).second == entry->second);
  }
  RC_ASSERT(back == pair.map.rend());
}

void CheckAround(const Pair& pair, const std::string& key) {
  const auto same = [&](const auto& at, const auto& expected) {
    if (expected == pair.model.end()) return at == pair.map.end();
    return at != pair.map.end() && at->first == expected->first && at->second == expected->second;
  };
  RC_ASSERT(same(pair.map.find(key), pair.model.find(key)));
  RC_ASSERT(same(pair.map.lower_bound(key), pair.model.lower_bound(key)));
  RC_ASSERT(same(pair.map.upper_bound(key), pair.model.upper_bound(key)));
  RC_ASSERT(pair.map.contains(key) == (pair.model.count(key) > 0));
  if (pair.model.lower_bound(key) != pair.model.begin()) {
    RC_ASSERT(std::prev(pair.map.lower_bound(key))->first ==
              std::prev(pair.model.lower_bound(key))->first);
  }
}

class Steps {
 public:
  Steps(std::uint32_t seed, std::uint32_t keys) : random_(seed), keys_(keys), pairs_(1) {}

  // Grows for a while, then shrinks.
  void Run(int count) {
    for (int i = 0; i < count; ++i) {
      Step(Pick(100) < (i < count / 2 ? 70u : 25u));
      if (i % 256 == 0) {
        for (const Pair& pair : pairs_) CheckWhole(pair);
      }
    }
    for (const Pair& pair : pairs_) CheckWhole(pair);
  }

 private:
  std::uint32_t Pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  void Step(bool put) {
    Pair& pair = pairs_[Pick(static_cast<std::uint32_t>(pairs_.size()))];
    // Half of them in ascending order: that is how uids come.
    const std::string key = TextOf(put && Pick(2) == 0 ? ++newest_ : Pick(keys_));
    const std::string value = TextOf(Pick(1'000'000));
    if (put) {
      pair.map.Put(key, value);
      pair.model[key] = value;
    } else if (std::string* found = Pick(4) == 0 ? pair.map.Mutable(key) : nullptr) {
      *found = value;
      pair.model[key] = value;
    } else {
      RC_ASSERT(pair.map.Erase(key) == (pair.model.erase(key) > 0));
    }
    CheckAround(pair, TextOf(Pick(keys_)));
    CheckAround(pair, key);
    if (Pick(64) == 0) Copy(pair);
  }

  void Copy(Pair copy) {
    if (pairs_.size() < 4) {
      pairs_.push_back(std::move(copy));
    } else {
      pairs_[Pick(4)] = std::move(copy);
    }
  }

  std::mt19937 random_;
  const std::uint32_t keys_;
  std::uint32_t newest_ = 0;
  std::vector<Pair> pairs_;
};

RC_GTEST_PROP(PersistentMapTest, CopiesHoldWhatTheyShould, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  const auto keys = *rc::gen::element<std::uint32_t>(8, 200, 5'000);
  Steps(seed, keys).Run(1'000);
}

// Counts how often two are compared.
struct Counted {
  int number = 0;
  static inline std::int64_t compared = 0;
  friend bool operator<(const Counted& a, const Counted& b) {
    ++compared;
    return a.number < b.number;
  }
};

TEST(PersistentMapTest, AnOperationComparesALogarithmOfKeys) {
  for (const int size : {100, 1'000, 10'000, 100'000}) {
    PersistentMap<Counted, int> map;
    for (int i = 0; i < size; ++i) map.Put({(i * 7919) % size}, i);
    ASSERT_EQ(map.size(), static_cast<std::size_t>(size));
    const double bound = 8 * std::log2(size);
    for (int i = 0; i < size; i += size / 50) {
      Counted::compared = 0;
      EXPECT_TRUE(map.Erase({i}));
      EXPECT_LT(static_cast<double>(Counted::compared), bound) << size;
      Counted::compared = 0;
      map.Put({i}, i);
      EXPECT_LT(static_cast<double>(Counted::compared), bound) << size;
      Counted::compared = 0;
      EXPECT_EQ(map.lower_bound({i})->second, i);
      EXPECT_LT(static_cast<double>(Counted::compared), bound) << size;
    }
  }
}

// Counts how often it is copied.
struct Copied {
  static inline std::int64_t copies = 0;
  Copied() = default;
  Copied(const Copied&) { ++copies; }
  Copied& operator=(const Copied&) = default;
  Copied(Copied&&) = default;
  Copied& operator=(Copied&&) = default;
};

struct CopiedValue {
  Copied copied;
  int number = 0;
};

TEST(PersistentMapTest, ACopySharesEverythingButTheWayToWhatChanges) {
  PersistentMap<int, CopiedValue> map;
  for (int i = 0; i < 100'000; ++i) map.Put(i, {{}, i});
  const PersistentMap<int, CopiedValue> copy = map;
  Copied::copies = 0;
  for (int i = 50'000; i < 50'010; ++i) map.Mutable(i)->number = -1;
  EXPECT_LE(Copied::copies, 3 * 64) << "more than the leaves of ten neighbours";
  EXPECT_GT(Copied::copies, 0);
  const std::int64_t before = Copied::copies;
  for (int i = 50'000; i < 50'010; ++i) map.Mutable(i)->number = -2;
  EXPECT_EQ(Copied::copies, before) << "they are not shared any more";
  EXPECT_EQ(copy.Find(50'005)->number, 50'005);
  EXPECT_EQ(map.Find(50'005)->number, -2);
}

TEST(CopyOnWriteTest, ACopyKeepsWhatItHad) {
  CopyOnWrite<std::vector<int>> one;
  EXPECT_TRUE(one->empty());
  one.Mutable().push_back(1);
  CopyOnWrite<std::vector<int>> two = one;
  EXPECT_EQ(&*one, &*two);
  two.Mutable().push_back(2);
  EXPECT_EQ(*one, std::vector<int>({1}));
  EXPECT_EQ(*two, std::vector<int>({1, 2}));
  EXPECT_FALSE(one == two);
  one = two;
  EXPECT_TRUE(one == two);
  EXPECT_TRUE(CopyOnWrite<std::vector<int>>(std::vector<int>()) == CopyOnWrite<std::vector<int>>());
}

}  // namespace
}  // namespace netstackd
