// Moves of addresses, out of the images of the transaction that did them.
#ifndef NETSTACKD_SERVER_CODEC_API_MOVES_H_
#define NETSTACKD_SERVER_CODEC_API_MOVES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/delta.h"
#include "netstackd/v1/moves.pb.h"
#include "server/codec/api_images.h"
#include "server/codec/api_sentences.h"

namespace netstackd::codec {

using AddressChange = core::Change<core::Address>;

// The change brings a data address to another interface, to its first one, or to none.
bool IsMove(const AddressChange& change);
// The uids whose names a move tells: group, interfaces, the interface that was the cause.
std::vector<std::uint64_t> UidsOf(const AddressChange& move);

// What a transaction says besides its deltas.
struct MoveOrigin {
  std::int64_t revision = 0;
  absl::Time time;
  std::string principal;
  std::string comment;
};

// Tells the moves of one transaction. Borrows the deltas.
class MoveTeller {
 public:
  // `names` knows what the deltas do not tell: what they do is found in them.
  MoveTeller(const std::vector<core::Delta>& deltas, MoveOrigin origin, const Names& names);

  // `move` is one of the deltas.
  MoveFacts FactsOf(const AddressChange& move) const;
  // `to` is empty.
  void Render(const AddressChange& move, v1::Move* to) const;

 private:
  const core::Change<core::Interface>* ChangeOf(core::InterfaceUid uid) const;

  const MoveOrigin origin_;
  Names names_;
  std::map<core::InterfaceUid, const core::Change<core::Interface>*> interfaces_;
};

// What the present place of an address tells without the transaction that did it.
MoveFacts FactsOf(const core::Placement& placement, core::InterfaceUid bound, const Names& names);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_MOVES_H_
