// What the completion queue of gRPC gives back.
#ifndef NETSTACKD_SERVER_TRANSPORT_EVENT_H_
#define NETSTACKD_SERVER_TRANSPORT_EVENT_H_

namespace netstackd::transport {

// An operation that was handed to gRPC; its address is the tag. It outlives the operation.
class Event {
 public:
  // On the polling thread. False: the operation failed, or will never happen.
  virtual void Done(bool ok) = 0;

 protected:
  ~Event() = default;
};

}  // namespace netstackd::transport

#endif  // NETSTACKD_SERVER_TRANSPORT_EVENT_H_
