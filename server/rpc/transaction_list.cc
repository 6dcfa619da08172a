#include "server/rpc/transaction_list.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "server/rpc/methods.h"
#include "server/rpc/transactions.h"

namespace netstackd::rpc {
namespace {

constexpr std::int64_t kSlice = 100;

absl::StatusOr<std::int64_t> RevisionIn(const Position& position) {
  std::int64_t revision = 0;
  if (position.size() != 1) return InvalidToken();
  const char* const end = position[0].data() + position[0].size();
  const auto [stop, error] = std::from_chars(position[0].data(), end, revision);
  if (error != std::errc() || stop != end || revision < 1) return InvalidToken();
  return revision;
}

}  // namespace

absl::StatusOr<std::shared_ptr<TransactionList>> TransactionList::Make(
    const Backend& backend, const v1::ListTransactionsRequest& request,
    v1::ListTransactionsResponse* response, Done done) {
  const v1::Page& page = request.page();
  std::shared_ptr<TransactionList> list(new TransactionList(backend, response, std::move(done)));
  list->arguments_ = {MethodOf(*request.GetDescriptor()), page.filter()};
  NSD_ASSIGN_OR_RETURN(list->filter_, Filter::Parse(page.filter(), v1::Transaction::descriptor()));
  NSD_ASSIGN_OR_RETURN(const Position from, DecodeToken(list->arguments_, page.page_token()));
  list->size_ = PageSize(page);
  list->with_plans_ = request.with_plans();
  const executor::Status status = backend.executor->GetStatus();
  const std::int64_t revision = backend.executor->Read(
      [](const core::State&, executor::Revision published) { return published; });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, page.min_revision(), revision));
  list->first_ = status.extent.first;
  list->next_ = revision;
  if (!from.empty()) {
    NSD_ASSIGN_OR_RETURN(list->next_, RevisionIn(from));
    if (list->next_ > revision) return InvalidToken();
    if (list->next_ < list->first_) {
      return MakeError(ErrorReason::kWatchCompacted,
                       "the next page is no longer in the kept history; start again",
                       {{"firstRevision", std::to_string(list->first_)}});
    }
  }
  response->mutable_page()->set_revision(revision);
  response->mutable_page()->set_total_size(std::max<std::int64_t>(0, revision - list->first_ + 1));
  return list;
}

void TransactionList::Step() {
  if (full_ || next_ < first_ || looked_at_ >= kPageCostMax) return Finish();
  const std::int64_t count = std::min<std::int64_t>(kSlice, next_ - first_ + 1);
  auto self = shared_from_this();
  backend_.executor->History(next_ - count + 1, next_, count,
                             [self](absl::StatusOr<std::vector<storage::Record>> records) {
                               self->Take(std::move(records));
                             });
}

void TransactionList::Take(absl::StatusOr<std::vector<storage::Record>> records) {
  if (!records.ok()) return done_(records.status());
  if (records->empty()) return Finish();
  waiting_ = std::move(*records);
  backend_.worker->Continue([self = shared_from_this()] { self->AddNext(); });
}

void TransactionList::AddNext() {
  while (!waiting_.empty() && !full_) {
    const auto transaction = std::make_shared<v1::Transaction>();
    const storage::Record record = std::move(waiting_.back());
    waiting_.pop_back();
    const absl::Status rendered = RenderTransaction(record, transaction.get());
    if (!rendered.ok()) return done_(rendered);
    if (!with_plans_) {
      full_ = !Add(std::move(*transaction));
      continue;
    }
    const auto found = [self = shared_from_this(), transaction](const absl::Status& status) {
      if (!status.ok()) return self->done_(status);
      self->full_ = !self->Add(std::move(*transaction));
      self->backend_.worker->Continue([self] { self->AddNext(); });
    };
    return FindPlanOf(record, backend_, transaction->mutable_plan(), found);
  }
  Step();
}

bool TransactionList::Add(v1::Transaction transaction) {
  ++looked_at_;
  const executor::Revision revision = transaction.revision();
  if (filter_.Matches(transaction)) {
    bytes_ += transaction.ByteSizeLong() + 8;
    const bool room = response_->transactions_size() < size_ &&
                      (response_->transactions().empty() || bytes_ <= kPageBytesMax);
    if (!room) return false;
    *response_->add_transactions() = std::move(transaction);
  }
  next_ = revision - 1;
  return true;
}

void TransactionList::Finish() {
  if (next_ >= first_) {
    response_->mutable_page()->set_next_page_token(
        EncodeToken(arguments_, {std::to_string(next_)}));
  }
  done_(absl::OkStatus());
}

}  // namespace netstackd::rpc
