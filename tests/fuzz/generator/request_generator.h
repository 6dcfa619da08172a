// Messages made of a fuzzer's bytes: requests that are mostly valid, and anything.
#ifndef NETSTACKD_TESTS_FUZZ_GENERATOR_REQUEST_GENERATOR_H_
#define NETSTACKD_TESTS_FUZZ_GENERATOR_REQUEST_GENERATOR_H_

#include <map>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "server/codec/api_rules.h"
#include "tests/fuzz/input.h"

namespace netstackd::fuzz {

// Fills requests by reflection and by the table of what is valid (server/codec/api_rules.h), now
// and then with a value that is not. A message type without rows gets values by the types of its
// fields. Borrows the input.
class RequestGenerator {
 public:
  explicit RequestGenerator(Input* input) : input_(input) {}

  // `request` is empty.
  void Fill(google::protobuf::Message* request);
  // Clears one field somewhere in `message`, or gives it a value that no rule asks for.
  void Disturb(google::protobuf::Message* message);
  // Etags and page tokens of an answer are used in requests that follow.
  void Learn(const google::protobuf::Message& answer);

 private:
  using Message = google::protobuf::Message;
  using Field = google::protobuf::FieldDescriptor;
  // Rows that reach into a message from above it, by the path that is left.
  using Overrides = std::map<std::string, const codec::Rule*>;

  void FillMessage(Message* message, const Overrides& overrides, int depth);
  void FillField(Message* message, const Field* field, const codec::Rule& rule,
                 const Overrides& below, bool chosen, int depth);
  void FillElements(Message* message, const Field* field, const codec::Rule& rule, int depth);
  void FillValue(Message* message, const Field* field, const codec::Rule& rule);
  void FillDuration(Message* message, const Field* field, const codec::Rule& rule);
  void FillMask(Message* message, const Field* field);
  void FillLabels(Message* message, const Field* field);
  // What no row describes.
  void FillAny(Message* message, const Field* field, int depth);

  std::string TextFor(const Field* field, const codec::Rule& rule);
  std::string AnyTextFor(const Field* field);
  std::int64_t AnyNumberFor(const Field* field);
  std::string CidrFor();
  std::string EtagFor();

  Input* const input_;
  const google::protobuf::Descriptor* listed_ = nullptr;  // what the request asks for
  std::string address_;  // the last name of an address: the one that a cidr belongs to
  std::vector<std::string> etags_;
  std::vector<std::string> tokens_;
};

}  // namespace netstackd::fuzz

#endif  // NETSTACKD_TESTS_FUZZ_GENERATOR_REQUEST_GENERATOR_H_
