// Transactions and their history over gRPC.
#ifndef NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_
#define NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_

#include "netstackd/v1/config.pb.h"
#include "server/rpc/backend.h"
#include "server/transport/method_table.h"

namespace netstackd::rpc {

// Thread-safe; no call blocks: history is read and decoded on the worker.
class ConfigService final {
 public:
  explicit ConfigService(const Backend& backend) : backend_(backend) {}

  // The handlers, which live as long as this.
  void Register(transport::MethodTable* methods);

 private:
  void ListTransactions(transport::UnaryCall* call, const v1::ListTransactionsRequest* request,
                        v1::ListTransactionsResponse* response);
  void GetTransaction(transport::UnaryCall* call, const v1::GetTransactionRequest* request,
                      v1::GetTransactionResponse* response);

  const Backend backend_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_CONFIG_SERVICE_H_
