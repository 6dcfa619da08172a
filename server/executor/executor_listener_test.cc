// Who listens hears every revision once, in order, before its caller is answered.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/executor/testing/executor_test_base.h"

namespace netstackd::executor {
namespace {

using namespace testing_support;

// Notes what it hears, and how many answers there were by then.
class Ear final : public Listener {
 public:
  explicit Ear(const Answers* answers) : answers_(answers) {}
  void Published(Changes changes) override {
    MutexLock lock(&mu_);
    answered_before_ = answers_->count();
    for (auto& change : changes) heard_.push_back(std::move(change));
  }
  Changes heard() const {
    MutexLock lock(&mu_);
    return heard_;
  }
  std::size_t answered_before() const {
    MutexLock lock(&mu_);
    return answered_before_;
  }

 private:
  const Answers* const answers_;
  mutable Mutex mu_;
  Changes heard_ ABSL_GUARDED_BY(mu_);
  std::size_t answered_before_ ABSL_GUARDED_BY(mu_) = 0;
};

class ListenerTest : public ExecutorTestBase {};

TEST_F(ListenerTest, HearsARevisionBeforeItsCallerIsAnswered) {
  Start();
  Must(AskGroup("before"));
  const auto ear = std::make_shared<Ear>(&answers_);
  executor_->Listen(ear);
  HoldAppends();
  Submit(AskGroup("g1"));
  barrier_.AwaitArrivals(1);
  Submit(AskGroup("g2"));  // these two are one batch
  Submit(AskGroup("g3"));
  barrier_.Open();
  answers_.Wait(3);

  const Changes heard = ear->heard();
  ASSERT_EQ(heard.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(heard[i]->record->revision, static_cast<Revision>(i + 2));
    EXPECT_EQ(codec::EncodeDeltas(heard[i]->deltas), heard[i]->record->deltas);
  }
  EXPECT_EQ(ear->answered_before(), 1u);  // only that of the batch before
}

TEST_F(ListenerTest, SeatsDoNotDisturbEachOther) {
  Start();
  const auto watch = std::make_shared<Ear>(&answers_);
  const auto probes = std::make_shared<Ear>(&answers_);
  executor_->Listen(watch);
  executor_->Listen(probes, Seat::kProbes);
  Must(AskGroup("g1"));
  executor_->Listen(nullptr);
  Must(AskGroup("g2"));
  ASSERT_EQ(watch->heard().size(), 1u);
  ASSERT_EQ(probes->heard().size(), 2u);
  EXPECT_EQ(watch->heard()[0], probes->heard()[0]);  // shared, not copied
}

TEST_F(ListenerTest, HearsNothingThatIsNotDurable) {
  Start();
  const auto ear = std::make_shared<Ear>(&answers_);
  executor_->Listen(ear);
  Must(AskGroup("g1"));
  EXPECT_FALSE(Execute(AskGroup("g1")).ok());  // a refusal
  Request tried = AskGroup("g2");
  tried.validate_only = true;
  Must(std::move(tried));
  EXPECT_EQ(ear->heard().size(), 1u);
}

TEST_F(ListenerTest, IsLetGo) {
  Start();
  auto ear = std::make_shared<Ear>(&answers_);
  executor_->Listen(ear);
  Must(AskGroup("g1"));
  executor_->Listen(nullptr);
  Must(AskGroup("g2"));
  EXPECT_EQ(ear->heard().size(), 1u);
  EXPECT_EQ(ear.use_count(), 1);
}

}  // namespace
}  // namespace netstackd::executor
