// Transactions and their history over gRPC.
#ifndef NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_
#define NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_

#include "netstackd/v1/config.grpc.pb.h"
#include "server/rpc/backend.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks: history is read and decoded on the worker.
class ConfigService final : public v1::ConfigService::CallbackService {
 public:
  explicit ConfigService(const Backend& backend) : backend_(backend) {}

  grpc::ServerUnaryReactor* Transact(grpc::CallbackServerContext* context,
                                     const v1::TransactRequest* request,
                                     v1::TransactResponse* response) override;
  grpc::ServerBidiReactor<v1::TransactRequest, v1::TransactStreamResponse>* TransactStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListTransactions(grpc::CallbackServerContext* context,
                                             const v1::ListTransactionsRequest* request,
                                             v1::ListTransactionsResponse* response) override;
  grpc::ServerUnaryReactor* GetTransaction(grpc::CallbackServerContext* context,
                                           const v1::GetTransactionRequest* request,
                                           v1::GetTransactionResponse* response) override;

 private:
  const Backend backend_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_
