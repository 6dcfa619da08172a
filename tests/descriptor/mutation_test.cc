// Which calls change something, and what every call of either kind has. From the descriptors that
// are linked into servers and clients.
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "netstackd/v1/admin.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::descriptor {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// Everything else is a mutation.
const std::set<std::string>& ReadOnly() {
  static const auto* const names = new std::set<std::string>{
      "netstackd.v1.AdminService.Backup",          "netstackd.v1.AdminService.GetServerInfo",
      "netstackd.v1.ConfigService.GetTransaction", "netstackd.v1.ConfigService.ListTransactions",
      "netstackd.v1.IpmpService.CastInterface",    "netstackd.v1.IpmpService.FindInterface",
      "netstackd.v1.IpmpService.GetAddress",       "netstackd.v1.IpmpService.GetGroup",
      "netstackd.v1.IpmpService.GetGroupStats",    "netstackd.v1.IpmpService.GetInterface",
      "netstackd.v1.IpmpService.ListAddresses",    "netstackd.v1.IpmpService.ListGroups",
      "netstackd.v1.IpmpService.ListInterfaces",   "netstackd.v1.AdminService.Ping",
      "netstackd.v1.IpmpService.ExplainAddress",   "netstackd.v1.IpmpService.ListMoves",
      "netstackd.v1.IpmpService.StreamProbes",
  };
  return *names;
}

// Mutations as a stream: their answers stand for many requests.
const std::set<std::string>& Streamed() {
  static const auto* const names =
      new std::set<std::string>{"netstackd.v1.ConfigService.TransactStream"};
  return *names;
}

// Reads that are about the server or about one transaction, not about the state at a revision.
const std::set<std::string>& WithoutMinRevision() {
  static const auto* const names = new std::set<std::string>{
      "netstackd.v1.AdminService.Backup",      "netstackd.v1.AdminService.GetServerInfo",
      "netstackd.v1.AdminService.Ping",        "netstackd.v1.ConfigService.GetTransaction",
      "netstackd.v1.IpmpService.StreamProbes",
  };
  return *names;
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const Descriptor* message :
       {v1::CreateGroupRequest::descriptor(), v1::BringUpRequest::descriptor(),
        v1::TransactRequest::descriptor(), v1::CompactRequest::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) {
      for (int j = 0; j < message->file()->service(i)->method_count(); ++j) {
        methods.push_back(message->file()->service(i)->method(j));
      }
    }
  }
  return methods;
}

bool Has(const Descriptor* message, const std::string& field, const std::string& type) {
  const FieldDescriptor* found = message->FindFieldByName(field);
  return found != nullptr && !found->is_repeated() &&
         found->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         found->message_type()->full_name() == "netstackd.v1." + type;
}

bool HasRevision(const Descriptor* message, const std::string& field) {
  const FieldDescriptor* found = message->FindFieldByName(field);
  return found != nullptr && !found->is_repeated() && found->type() == FieldDescriptor::TYPE_INT64;
}

TEST(MutationTest, EveryMutationHasOptionsAndResult) {
  int mutations = 0;
  for (const MethodDescriptor* method : Methods()) {
    const bool read = ReadOnly().contains(method->full_name());
    mutations += read ? 0 : 1;
    EXPECT_EQ(Has(method->input_type(), "options", "WriteOptions"), !read) << method->full_name();
    const bool streamed = Streamed().contains(method->full_name());
    EXPECT_EQ(Has(method->output_type(), "result", "WriteResult"), !read && !streamed)
        << method->full_name();
    EXPECT_EQ(method->client_streaming(), streamed) << method->full_name();
    EXPECT_TRUE(read || method->server_streaming() == streamed) << method->full_name();
  }
  EXPECT_GT(mutations, 20);
}

TEST(MutationTest, TheTableOfReadsNamesRpcsThatExist) {
  std::set<std::string> names;
  for (const MethodDescriptor* method : Methods()) {
    names.insert(method->full_name());
  }
  EXPECT_THAT(names, ::testing::IsSupersetOf(ReadOnly()));
  EXPECT_THAT(ReadOnly(), ::testing::IsSupersetOf(WithoutMinRevision()));
}

TEST(ReadTest, EveryReadSaysItsRevision) {
  for (const MethodDescriptor* method : Methods()) {
    // Ping does not look at the state.
    if (ReadOnly().contains(method->full_name()) && method->name() != "Ping") {
      EXPECT_TRUE(HasRevision(method->output_type(), "revision") ||
                  Has(method->output_type(), "page", "PageResult"))
          << method->full_name();
    }
  }
}

TEST(ReadTest, EveryReadCanAskForAStateThatIsNewEnough) {
  for (const MethodDescriptor* method : Methods()) {
    if (!ReadOnly().contains(method->full_name())) {
      continue;
    }
    const bool paged = method->name().starts_with("List");
    const bool asks = !paged && !WithoutMinRevision().contains(method->full_name());
    EXPECT_EQ(HasRevision(method->input_type(), "min_revision"), asks) << method->full_name();
    EXPECT_EQ(Has(method->input_type(), "page", "Page"), paged) << method->full_name();
    EXPECT_EQ(Has(method->output_type(), "page", "PageResult"), paged) << method->full_name();
  }
}

TEST(MutationTest, UpdatesTakeAMaskAndDeletesMayMiss) {
  for (const MethodDescriptor* method : Methods()) {
    if (method->name().starts_with("Update")) {
      const FieldDescriptor* mask = method->input_type()->FindFieldByName("update_mask");
      ASSERT_NE(mask, nullptr) << method->full_name();
      EXPECT_EQ(mask->message_type()->full_name(), "google.protobuf.FieldMask");
    }
    if (method->name().starts_with("Delete")) {
      const FieldDescriptor* missing = method->input_type()->FindFieldByName("allow_missing");
      ASSERT_NE(missing, nullptr) << method->full_name();
      EXPECT_EQ(missing->type(), FieldDescriptor::TYPE_BOOL);
    }
  }
}

TEST(OperationTest, EveryOperationOfATransactionIsThere) {
  std::set<std::string> names;
  const Descriptor* operation = v1::Operation::descriptor();
  for (int i = 0; i < operation->field_count(); ++i) {
    ASSERT_NE(operation->field(i)->real_containing_oneof(), nullptr);
    names.insert(operation->field(i)->name());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("create", "update", "remove", "offline",
                                                     "online", "join", "leave", "report"));
}

}  // namespace
}  // namespace netstackd::descriptor
