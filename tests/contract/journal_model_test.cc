// Random sequences of calls on every journal and on the simplest model of one.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/testing/journal_content.h"
#include "tests/contract/backends.h"

namespace netstackd::storage {
namespace {

using testing_support::Content;
using testing_support::ContentOf;
using testing_support::MakeRecord;

constexpr int kSeeds = 4;
constexpr int kSteps = 120;

// A journal as its interface describes it, in the fewest words.
struct Model {
  Content content;
  Extent extent;

  void Append(const std::vector<Record>& records) {
    content.records.insert(content.records.end(), records.begin(), records.end());
    extent.head += static_cast<Revision>(records.size());
  }
  void Checkpoint(const std::vector<Object>& objects, Revision floor) {
    for (const Object& object : objects) {
      Content::Image& image = content.objects[object.key];
      if (image.first < object.revision) image = {object.revision, object.body};
    }
    extent.floor = floor;
  }
  // With a limit that is never reached.
  void Compact(Revision keep_from) {
    const Revision keep = std::max(extent.first, std::min(keep_from, extent.floor + 1));
    content.records.erase(content.records.begin(), content.records.begin() + (keep - extent.first));
    extent.first = keep;
    std::erase_if(content.objects, [this](const auto& entry) {
      return !entry.second.second && entry.second.first <= extent.floor;
    });
  }
};

class Play {
 public:
  Play(Backend* backend, unsigned seed) : backend_(backend), random_(seed) {}

  void Step() {
    switch (Pick(0, 9)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return Append();
      case 4:
      case 5:
        return Checkpoint();
      case 6:
        return Compact();
      case 7:
        return backend_->Restart();
      case 8:
        EXPECT_TRUE(backend_->journal().Reopen().ok());
        return;
      case 9:
        EXPECT_TRUE(backend_->journal().Idle().ok());
        return;
    }
  }

  void Compare() {
    const auto content = ContentOf(backend_->journal());
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_EQ(content->objects, model_.content.objects);
    EXPECT_EQ(content->records, model_.content.records);
    const Extent extent = backend_->journal().extent();
    EXPECT_EQ(extent.first, model_.extent.first);
    EXPECT_EQ(extent.floor, model_.extent.floor);
    EXPECT_EQ(extent.head, model_.extent.head);
  }

 private:
  Revision Pick(Revision low, Revision high) {
    return std::uniform_int_distribution<Revision>(low, high)(random_);
  }

  void Append() {
    std::vector<Record> records;
    const Revision count = Pick(1, 12);
    for (Revision i = 1; i <= count; ++i) {
      records.push_back(MakeRecord(model_.extent.head + i, std::to_string(Pick(0, 1000))));
      records.back().deltas.resize(static_cast<std::size_t>(Pick(0, 3) == 0 ? Pick(0, 20000) : 5));
    }
    EXPECT_TRUE(backend_->journal().Append(model_.extent.head, records).ok());
    model_.Append(records);
  }

  void Checkpoint() {
    if (model_.extent.head == 0) return;
    std::vector<Object> objects;
    const Revision count = Pick(0, 30);
    for (Revision i = 0; i < count; ++i) {
      Object object{"key" + std::to_string(Pick(0, 40)), Pick(1, model_.extent.head), std::nullopt};
      if (Pick(0, 3) > 0) object.body = std::string(static_cast<std::size_t>(Pick(0, 3000)), 'b');
      objects.push_back(object);
    }
    const Revision floor = Pick(model_.extent.floor, model_.extent.head);
    EXPECT_TRUE(backend_->journal().Checkpoint(objects, floor).ok());
    model_.Checkpoint(objects, floor);
  }

  void Compact() {
    const Revision keep_from = Pick(0, model_.extent.head + 5);
    EXPECT_TRUE(backend_->journal().Compact(keep_from, 100'000).ok());
    model_.Compact(keep_from);
  }

  Backend* const backend_;
  std::mt19937 random_;
  Model model_;
};

class JournalModelTest : public testing::TestWithParam<BackendKind> {};

INSTANTIATE_TEST_SUITE_P(All, JournalModelTest, testing::ValuesIn(AllBackends()),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(JournalModelTest, BehavesAsTheModelAfterEveryFewSteps) {
  for (unsigned seed = 1; seed <= kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const std::unique_ptr<Backend> backend = GetParam().make();
    Play play(backend.get(), seed);
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      play.Step();
      if (step % 5 == 0) play.Compare();
    }
    play.Compare();
  }
}

}  // namespace
}  // namespace netstackd::storage
