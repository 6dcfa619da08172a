// One call with streams of requests and answers.
#ifndef NETSTACKD_SERVER_TRANSPORT_STREAM_CALL_H_
#define NETSTACKD_SERVER_TRANSPORT_STREAM_CALL_H_

#include <atomic>
#include <optional>

#include "google/protobuf/message_lite.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/transport/event.h"

namespace netstackd::transport {

class CallServer;
class StreamCall;
struct Method;

// What a method does with one stream. At most one read, and one write, is under way at a time;
// after Finish nothing is begun. Finish is called exactly once, with no write under way.
//
// Ownership  Its own: OnDone is the last thing that is called, and may delete it. The call dies
//            right after that.
// Threads    The polling thread calls the On... functions, one after the other; the protected
//            ones may be called by any thread.
class StreamReactor {
 public:
  explicit StreamReactor(StreamCall* call);
  virtual ~StreamReactor() = default;
  StreamReactor(const StreamReactor&) = delete;
  StreamReactor& operator=(const StreamReactor&) = delete;

  virtual void OnSendInitialMetadataDone(bool) {}
  // False: no more requests come. If the last one could not be read the caller will be told, in
  // place of what Finish says.
  virtual void OnReadDone(bool) {}
  // False: nobody hears what is written.
  virtual void OnWriteDone(bool) {}
  // The caller is gone. Not if the call ended before.
  virtual void OnCancel() {}
  virtual void OnDone() = 0;

 protected:
  void StartSendInitialMetadata();
  // The message lives until OnReadDone.
  void StartRead(google::protobuf::MessageLite* request);
  void StartWrite(const google::protobuf::MessageLite& answer);
  void StartWrite(const grpc::ByteBuffer& encoded);
  void Finish(const grpc::Status& status);
  // Cuts the call: OnCancel follows, and what is under way fails.
  void TryCancel();

 private:
  StreamCall* const call_;
};

// Ownership  Deletes itself when nothing is under way, the stream is finished and gRPC said so.
class StreamCall final : public Event {
 public:
  const grpc::ServerContext& context() const { return context_; }
  // Ends a stream that no reactor was made for.
  void Refuse(const grpc::Status& status);

 private:
  friend class CallServer;
  friend class MethodTable;
  friend class StreamReactor;

  // One operation that may be under way.
  class Operation final : public Event {
   public:
    using Handler = void (StreamCall::*)(bool ok);
    Operation(StreamCall* call, Handler handler) : call_(call), handler_(handler) {}
    void Done(bool ok) override;

   private:
    StreamCall* const call_;
    const Handler handler_;
  };

  StreamCall(CallServer* server, const Method& method);
  ~StreamCall() = default;

  void Done(bool ok) override;  // of the wait for a caller
  void RequestRead(bool ok);
  void MetadataSent(bool ok);
  void ReadDone(bool ok);
  void WriteDone(bool ok);
  void Finished(bool ok);
  void Ended(bool ok);
  // False, and the call is refused: these bytes are no such message.
  bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* request);
  // Hands the call to its method.
  void Handle();
  // An operation begins; for each there is one Release.
  Event* Begin(Operation* operation);
  // After the last one the call is over.
  void Release();

  CallServer* const server_;
  const Method& method_;
  Operation request_read_{this, &StreamCall::RequestRead};
  Operation metadata_{this, &StreamCall::MetadataSent};
  Operation read_{this, &StreamCall::ReadDone};
  Operation write_{this, &StreamCall::WriteDone};
  Operation finish_{this, &StreamCall::Finished};
  Operation end_{this, &StreamCall::Ended};
  // Under way, or still to come: Finish and the end of the call are from the beginning.
  std::atomic<int> open_{2};
  grpc::ServerContext context_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{&context_};
  grpc::ByteBuffer incoming_;
  google::protobuf::MessageLite* reading_ = nullptr;
  StreamReactor* reactor_ = nullptr;
  bool cancelled_ = false;  // before there was a reactor to tell
  std::optional<grpc::Status> unreadable_;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_STREAM_CALL_H_
