#include "client/sdk/testing/fake_stub.h"

#include "absl/strings/str_cat.h"

namespace netstackd::sdk {

// What is written is noted; the messages of FakeServer::OnStream come when somebody waits for them.
class FakeDuplex final : public Duplex {
 public:
  FakeDuplex(std::vector<std::string> messages, absl::Status end,
             google::protobuf::Message* message, std::function<void()> visit,
             std::function<void(const google::protobuf::Message&)> note)
      : messages_(std::move(messages)),
        end_(std::move(end)),
        message_(message),
        visit_(std::move(visit)),
        note_(std::move(note)) {}

  bool Write(const google::protobuf::Message& message) override {
    note_(message);
    return true;
  }
  bool WaitUntil(const std::function<bool()>& enough) override {
    while (!enough()) {
      if (next_ == messages_.size()) return false;
      message_->ParseFromString(messages_[next_++]);
      visit_();
    }
    return true;
  }
  absl::Status End() override {
    WaitUntil([] { return false; });
    return end_;
  }

 private:
  const std::vector<std::string> messages_;
  const absl::Status end_;
  google::protobuf::Message* const message_;
  const std::function<void()> visit_;
  const std::function<void(const google::protobuf::Message&)> note_;
  std::size_t next_ = 0;
};

class FakeStub final : public Stub {
 public:
  explicit FakeStub(FakeServer* server) : server_(server) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    absl::Duration timeout, google::protobuf::Message* response) override {
    const std::string name = Note(method, request, timeout);
    const auto handler = server_->handlers_.find(name);
    if (handler != server_->handlers_.end()) return handler->second(request, response);
    if (server_->others_) return server_->others_(name);
    return absl::UnimplementedError(absl::StrCat("the test has no answer for ", name));
  }

  absl::Status Stream(const std::string& method, const google::protobuf::Message& request,
                      absl::Duration timeout, google::protobuf::Message* message,
                      const std::function<absl::Status()>& visit) override {
    const auto answer = server_->streams_.find(Note(method, request, timeout));
    if (answer == server_->streams_.end()) {
      return server_->others_ ? server_->others_(method) : absl::UnimplementedError(method);
    }
    for (const std::string& bytes : answer->second.messages) {
      message->ParseFromString(bytes);
      absl::Status visited = visit();
      if (!visited.ok()) return visited;
    }
    return answer->second.end;
  }

  absl::Status Follow(const std::string& method, const google::protobuf::Message& request,
                      absl::Duration silence_max, Stopper* stopper,
                      google::protobuf::Message* message,
                      const std::function<absl::Status()>& visit) override {
    auto& answers = server_->follows_[Note(method, request, silence_max)];
    if (answers.empty()) {
      stopper->Stop();  // the test has nothing more to say
      return absl::CancelledError("stopped");
    }
    const FakeServer::StreamAnswer answer = std::move(answers.front());
    answers.pop_front();
    for (const std::string& bytes : answer.messages) {
      message->ParseFromString(bytes);
      absl::Status visited = visit();
      if (!visited.ok()) return visited;
    }
    return answer.end;
  }

  std::unique_ptr<Duplex> Open(const std::string& method, absl::Duration timeout,
                               google::protobuf::Message* message,
                               std::function<void()> visit) override {
    const FakeServer::StreamAnswer& answer =
        server_->streams_[method.substr(method.rfind('/') + 1)];
    return std::make_unique<FakeDuplex>(
        answer.messages, answer.end, message, std::move(visit),
        [this, method, timeout](const google::protobuf::Message& written) {
          Note(method, written, timeout);
        });
  }

 private:
  // Returns the last segment of `method`.
  std::string Note(const std::string& method, const google::protobuf::Message& request,
                   absl::Duration timeout) {
    std::string name = method.substr(method.rfind('/') + 1);
    server_->calls_.push_back({name, method, request.SerializeAsString(), timeout});
    return name;
  }

  FakeServer* const server_;
};

std::unique_ptr<Stub> FakeServer::NewStub() { return std::make_unique<FakeStub>(this); }

}  // namespace netstackd::sdk
