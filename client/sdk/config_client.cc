#include "netstackd/config_client.h"

#include "client/sdk/unary.h"

namespace netstackd {

ChangeSet& ChangeSet::IfEtag(const std::string& name, const std::string& etag) {
  v1::Guard* guard = request_.add_guards();
  guard->set_name(name);
  guard->set_etag(etag);
  return *this;
}

ChangeSet& ChangeSet::IfExists(const std::string& name) {
  v1::Guard* guard = request_.add_guards();
  guard->set_name(name);
  guard->set_exists(true);
  return *this;
}

ChangeSet& ChangeSet::IfMissing(const std::string& name) {
  v1::Guard* guard = request_.add_guards();
  guard->set_name(name);
  guard->set_exists(false);
  return *this;
}

ChangeSet& ChangeSet::Create(const v1::Group& group) {
  *request_.add_operations()->mutable_create()->mutable_group() = group;
  return *this;
}

ChangeSet& ChangeSet::Create(const v1::Interface& ip_interface) {
  *request_.add_operations()->mutable_create()->mutable_ip_interface() = ip_interface;
  return *this;
}

ChangeSet& ChangeSet::Create(const v1::Address& address) {
  *request_.add_operations()->mutable_create()->mutable_address() = address;
  return *this;
}

ChangeSet& ChangeSet::Update(const v1::Group& group) {
  *request_.add_operations()->mutable_update()->mutable_group() = group;
  return *this;
}

ChangeSet& ChangeSet::Update(const v1::Interface& ip_interface) {
  *request_.add_operations()->mutable_update()->mutable_ip_interface() = ip_interface;
  return *this;
}

ChangeSet& ChangeSet::Update(const v1::Address& address) {
  *request_.add_operations()->mutable_update()->mutable_address() = address;
  return *this;
}

ChangeSet& ChangeSet::Remove(const std::string& name) {
  request_.add_operations()->set_remove(name);
  return *this;
}

ChangeSet& ChangeSet::Join(const std::string& name, const std::string& group) {
  v1::Operation::Join* join = request_.add_operations()->mutable_join();
  join->set_ip_interface(name);
  join->set_group(group);
  return *this;
}

ChangeSet& ChangeSet::Leave(const std::string& name) {
  request_.add_operations()->set_leave(name);
  return *this;
}

ChangeSet& ChangeSet::Offline(const std::string& name) {
  request_.add_operations()->set_offline(name);
  return *this;
}

ChangeSet& ChangeSet::Online(const std::string& name) {
  request_.add_operations()->set_online(name);
  return *this;
}

ChangeSet& ChangeSet::Report(const std::string& name, const v1::InterfaceReport& report) {
  v1::Operation::Report* operation = request_.add_operations()->mutable_report();
  operation->set_name(name);
  *operation->mutable_report() = report;
  return *this;
}

absl::StatusOr<v1::WriteResult> ConfigClient::Transact(const ChangeSet& changes,
                                                       const CallOptions& options) {
  auto answer = sdk::Mutate<v1::TransactResponse>(
      {stub_, deadline_}, "/netstackd.v1.ConfigService/Transact", changes.request(), options);
  if (!answer.ok()) return answer.status();
  return answer->result();
}

std::unique_ptr<ChangeStream> ConfigClient::OpenStream(const ChangeStreamOptions& options) {
  return std::make_unique<ChangeStream>(stub_, options);
}

absl::StatusOr<Listed<v1::Transaction>> ConfigClient::ListTransactions(const ListOptions& options,
                                                                       bool with_plans) {
  v1::ListTransactionsRequest request;
  request.set_with_plans(with_plans);
  sdk::SetPage(options, request.mutable_page());
  auto answer = sdk::Unary<v1::ListTransactionsResponse>(
      {stub_, deadline_}, "/netstackd.v1.ConfigService/ListTransactions", request,
      options.deadline);
  if (!answer.ok()) return answer.status();
  return sdk::ListedOf<v1::Transaction>(answer->transactions(), answer->page());
}

absl::StatusOr<Read<v1::Transaction>> ConfigClient::GetTransaction(std::int64_t revision,
                                                                   const ReadOptions& options) {
  v1::GetTransactionRequest request;
  request.set_revision(revision);
  auto answer = sdk::Unary<v1::GetTransactionResponse>(
      {stub_, deadline_}, "/netstackd.v1.ConfigService/GetTransaction", request, options.deadline);
  if (!answer.ok()) return answer.status();
  return Read<v1::Transaction>{answer->transaction(), answer->revision()};
}

}  // namespace netstackd
