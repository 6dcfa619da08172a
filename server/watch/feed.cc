#include "server/watch/feed.h"

#include <utility>

#include "server/watch/wire.h"

namespace netstackd::watch {
namespace {

using Batch = v1::WatchResponse::Batch;

EncodedBatch Wrap(const std::string& header, const std::string& events, std::size_t count,
                  bool more) {
  std::string batch = header;
  batch += events;
  if (more) AppendNumber(Batch::kMoreFieldNumber, 1, &batch);
  EncodedBatch encoded;
  AppendBytes(v1::WatchResponse::kBatchesFieldNumber, batch, &encoded.bytes);
  encoded.events = count;
  encoded.more = more;
  return encoded;
}

}  // namespace

std::vector<EncodedBatch> EncodeRevision(const Selection& selection, RevisionEvents& revision,
                                         std::size_t part_bytes,
                                         std::vector<RevisionEvents::Seen>* seen) {
  std::vector<EncodedBatch> batches;
  std::string events;
  std::size_t count = 0;
  const auto add = [&](const std::string& event) {
    if (events.size() >= part_bytes) {
      batches.push_back(Wrap(revision.header(), events, count, true));
      events.clear();
      count = 0;
    }
    events += event;
    ++count;
  };
  if (selection.transactions) add(revision.EncodeTransaction());
  std::vector<RevisionEvents::Seen> all = revision.SeenBy(selection);
  for (const RevisionEvents::Seen& one : all) add(revision.Encode(one, selection));
  if (count > 0) batches.push_back(Wrap(revision.header(), events, count, false));
  if (seen != nullptr) {
    for (RevisionEvents::Seen& one : all) seen->push_back(std::move(one));
  }
  return batches;
}

std::size_t Feed::Append(RevisionEvents& revision) {
  const std::size_t before = bytes_;
  std::vector<RevisionEvents::Seen> seen;
  const std::vector<EncodedBatch> batches = EncodeRevision(
      selection_, revision, options_.part_bytes_max, selection_.latest_only ? &seen : nullptr);
  for (const EncodedBatch& batch : batches) {
    if (open_ != nullptr && open_->size() >= options_.part_bytes_max) Seal();
    if (open_ == nullptr) {
      open_ = std::make_shared<std::string>();
      runs_.push_back({{open_, 0, 0, {}}, bytes_, events_});
    }
    *open_ += batch.bytes;
    Run& run = runs_.back().run;
    run.events += batch.events;
    if (!batch.more) run.whole = revision.revision();
    bytes_ += batch.bytes.size();
    events_ += batch.events;
  }
  if (!batches.empty()) {
    Run& run = runs_.back().run;
    for (RevisionEvents::Seen& one : seen) run.seen.push_back(std::move(one));
  }
  return bytes_ - before;
}

void Feed::Seal() { open_.reset(); }

std::size_t Feed::BytesFrom(std::uint64_t number) const {
  return number >= end() ? 0 : bytes_ - runs_[number - first_].bytes_before;
}

std::size_t Feed::EventsFrom(std::uint64_t number) const {
  return number >= end() ? 0 : events_ - runs_[number - first_].events_before;
}

void Feed::DropBefore(std::uint64_t number) {
  while (first_ < number && !runs_.empty()) {
    runs_.pop_front();
    ++first_;
  }
}

}  // namespace netstackd::watch
