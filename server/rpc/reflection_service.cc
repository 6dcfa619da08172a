#include "server/rpc/reflection_service.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "google/protobuf/descriptor.pb.h"
#include "server/executor/endings.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

void AddWithImports(const FileDescriptor& file, std::set<const FileDescriptor*>* added,
                    ServerReflectionResponse* response) {
  if (!added->insert(&file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  response->mutable_file_descriptor_response()->add_file_descriptor_proto(
      proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) {
    AddWithImports(*file.dependency(i), added, response);
  }
}

void NotFound(const std::string& what, ServerReflectionResponse* response) {
  response->mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
  response->mutable_error_response()->set_error_message("there is no " + what);
}

void AnswerFile(const FileDescriptor* file, const std::string& what,
                ServerReflectionResponse* response) {
  if (file == nullptr) return NotFound(what, response);
  std::set<const FileDescriptor*> added;
  AddWithImports(*file, &added, response);
}

void AnswerExtension(const grpc::reflection::v1alpha::ExtensionRequest& request,
                     ServerReflectionResponse* response) {
  const auto* type =
      DescriptorPool::generated_pool()->FindMessageTypeByName(request.containing_type());
  const auto* extension = type == nullptr ? nullptr
                                          : DescriptorPool::generated_pool()->FindExtensionByNumber(
                                                type, request.extension_number());
  AnswerFile(extension == nullptr ? nullptr : extension->file(),
             "such extension of " + request.containing_type(), response);
}

void AnswerExtensionNumbers(const std::string& name, ServerReflectionResponse* response) {
  const auto* type = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (type == nullptr) return NotFound("type " + name, response);
  std::vector<const google::protobuf::FieldDescriptor*> extensions;
  DescriptorPool::generated_pool()->FindAllExtensions(type, &extensions);
  auto* answer = response->mutable_all_extension_numbers_response();
  answer->set_base_type_name(name);
  for (const auto* extension : extensions) answer->add_extension_number(extension->number());
}

void AnswerServices(const transport::MethodTable& methods, ServerReflectionResponse* response) {
  std::set<std::string> names;
  for (const transport::Method& method : methods.methods()) {
    names.insert(method.path.substr(1, method.path.rfind('/') - 1));
  }
  auto* answer = response->mutable_list_services_response();
  for (const std::string& name : names) answer->add_service()->set_name(name);
}

// One caller who asks one question after the other.
//
// Ownership  Of itself, until gRPC is done with it.
class ReflectionStream final : public transport::StreamReactor, public OpenStream {
 public:
  ReflectionStream(transport::StreamCall* call, const transport::MethodTable& methods,
                   OpenStreams* streams)
      : transport::StreamReactor(call), methods_(methods), streams_(streams) {}

  void Begin(std::shared_ptr<ReflectionStream> self) {
    self_ = std::move(self);
    if (!streams_->Add(self_)) return Finish(ToGrpc(executor::ServerStops()));
    StartRead(&request_);
  }
  // A question is as good asked elsewhere: nothing waits for the answer to this one.
  void Drain() override {
    MutexLock lock(&mu_);
    if (!over_) TryCancel();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartWrite(Reflect(methods_, request_));
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override {
    streams_->Remove(this);
    const std::shared_ptr<ReflectionStream> last = std::move(self_);
    MutexLock lock(&mu_);
    over_ = true;
  }

 private:
  const transport::MethodTable& methods_;
  OpenStreams* const streams_;
  std::shared_ptr<ReflectionStream> self_;
  Mutex mu_;
  bool over_ ABSL_GUARDED_BY(mu_) = false;  // the call is dead
  ServerReflectionRequest request_;
};

}  // namespace

ServerReflectionResponse Reflect(const transport::MethodTable& methods,
                                 const ServerReflectionRequest& request) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  if (request.has_file_by_filename()) {
    AnswerFile(pool.FindFileByName(request.file_by_filename()),
               "file " + request.file_by_filename(), &response);
  } else if (request.has_file_containing_symbol()) {
    AnswerFile(pool.FindFileContainingSymbol(request.file_containing_symbol()),
               "symbol " + request.file_containing_symbol(), &response);
  } else if (request.has_file_containing_extension()) {
    AnswerExtension(request.file_containing_extension(), &response);
  } else if (request.has_all_extension_numbers_of_type()) {
    AnswerExtensionNumbers(request.all_extension_numbers_of_type(), &response);
  } else if (request.has_list_services()) {
    AnswerServices(methods, &response);
  } else {
    response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
    response.mutable_error_response()->set_error_message("nothing is asked for");
  }
  return response;
}

void RegisterReflection(transport::MethodTable* methods, OpenStreams* streams) {
  static const char kPath[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  methods->Add(kPath, [methods, streams](transport::StreamCall* call) {
    const auto stream = std::make_shared<ReflectionStream>(call, *methods, streams);
    stream->Begin(stream);
  });
}

}  // namespace netstackd::rpc
