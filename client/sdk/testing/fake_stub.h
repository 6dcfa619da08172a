// A stub that a test programs: it answers by functions and remembers what it was asked.
#ifndef NETSTACKD_CLIENT_SDK_TESTING_FAKE_STUB_H_
#define NETSTACKD_CLIENT_SDK_TESTING_FAKE_STUB_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "netstackd/stub.h"

namespace netstackd::sdk {

// What was asked and what is answered; lives longer than the stub that a client owns. One thread.
class FakeServer {
 public:
  struct Call {
    std::string method;   // the last segment of the path: "GetGroup"
    std::string path;     // "/netstackd.v1.IpmpService/GetGroup"
    std::string request;  // serialised
    absl::Duration timeout;
  };

  // Answers calls of `method` (the last segment) from now on. `Request` and `Response` are those
  // of the call.
  template <typename Request, typename Response>
  void On(const std::string& method,
          std::function<absl::Status(const Request&, Response*)> handler) {
    handlers_[method] = [handler = std::move(handler)](const google::protobuf::Message& request,
                                                       google::protobuf::Message* response) {
      return handler(dynamic_cast<const Request&>(request), dynamic_cast<Response*>(response));
    };
  }
  // Answers everything that has no handler of its own.
  void OnOthers(std::function<absl::Status(const std::string& method)> handler) {
    others_ = std::move(handler);
  }
  // The messages of a stream, one-way or both ways, and how it ends.
  void OnStream(const std::string& method, std::vector<std::string> messages, absl::Status end) {
    streams_[method] = {std::move(messages), std::move(end)};
  }

  // One more stream without an end of its own: what comes until it breaks. Behind the last one the
  // call is stopped.
  void OnFollow(const std::string& method, std::vector<std::string> messages, absl::Status end) {
    follows_[method].push_back({std::move(messages), std::move(end)});
  }

  const std::vector<Call>& calls() const { return calls_; }
  // The last request, which must be one of `Request`.
  template <typename Request>
  Request LastRequest() const {
    Request request;
    request.ParseFromString(calls_.back().request);
    return request;
  }

  std::unique_ptr<Stub> NewStub();

 private:
  friend class FakeStub;
  using Handler =
      std::function<absl::Status(const google::protobuf::Message&, google::protobuf::Message*)>;
  struct StreamAnswer {
    std::vector<std::string> messages;
    absl::Status end;
  };

  std::map<std::string, Handler> handlers_;
  std::map<std::string, StreamAnswer> streams_;
  std::map<std::string, std::deque<StreamAnswer>> follows_;
  std::function<absl::Status(const std::string& method)> others_;
  std::vector<Call> calls_;
};

}  // namespace netstackd::sdk

#endif  // NETSTACKD_CLIENT_SDK_TESTING_FAKE_STUB_H_
