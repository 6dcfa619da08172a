// Probes are reported, judged, and streamed to whoever looks.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "server/rpc/probe_feed.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// eth1 has a test address and a target; eth2 has none, and is in use; eth3 is the standby.
class ProbesTest : public Served {
 protected:
  ProbesTest() {
    MakeGroup("ipmp0", "ipv4: true");
    for (const char* name : {"eth1", "eth2"}) MakeInterface(name, "ipv4: true group: 'ipmp0'");
    MakeInterface("eth3", "ipv4: true group: 'ipmp0' standby: true");
    const auto test = Ipmp(&IpmpStub::CreateAddress,
                           "parent: 'zones/global/interfaces/eth1' address { spec { cidr: "
                           "'192.0.2.21/24' test: true } }");
    EXPECT_TRUE(test.ok()) << test.status.error_message();
    MakeAddress("groups/ipmp0", "192.0.2.10/24");
    v1::ReportInterfaceRequest request;
    auto* targets = SideOf(&request)->mutable_targets();
    targets->set_mode(v1::TARGET_MODE_ROUTES);
    targets->add_addresses("192.0.2.1");
    Report(&request);
  }

  static v1::ProbeReport* SideOf(v1::ReportInterfaceRequest* request) {
    return request->mutable_report()->mutable_ipv4()->mutable_probing();
  }

  // One finished probe a tenth of a second after the one before.
  void AddProbe(v1::ReportInterfaceRequest* request, bool lost) {
    v1::Probe* probe = SideOf(request)->add_probes();
    probe->set_sequence(++sequence_ % 65536);  // 16 bits on the wire
    probe->set_target("192.0.2.1");
    probe->set_lost(lost);
    const absl::Time start = begun_ + absl::Milliseconds(100) * sequence_;
    probe->mutable_start_time()->set_seconds(absl::ToUnixSeconds(start));
    probe->mutable_start_time()->set_nanos(static_cast<std::int32_t>(
        absl::ToInt64Nanoseconds(start - absl::FromUnixSeconds(absl::ToUnixSeconds(start)))));
    if (!lost) probe->mutable_rtt()->set_nanos(400'000);
  }

  std::int64_t Report(v1::ReportInterfaceRequest* request, const std::string& name = "eth1") {
    request->set_name("zones/global/interfaces/" + name);
    const auto reported = Send(*ipmp_, &IpmpStub::ReportInterface, *request);
    EXPECT_TRUE(reported.ok()) << reported.status.error_message();
    return reported.response.result().revision();
  }

  std::int64_t ReportProbe(bool lost) {
    v1::ReportInterfaceRequest request;
    AddProbe(&request, lost);
    return Report(&request);
  }

  std::uint32_t sequence_ = 0;
  const absl::Time begun_ = absl::Now() - absl::Seconds(30);
};

// A stream that has begun.
struct Streaming {
  Streaming(v1::IpmpService::Stub* stub, const std::string& request) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    reader = stub->StreamProbes(&context, Text<v1::StreamProbesRequest>(request));
    reader->WaitForInitialMetadata();
  }
  // The numbers of the next message.
  std::vector<std::uint32_t> Next() {
    std::vector<std::uint32_t> sequences;
    EXPECT_TRUE(reader->Read(&message));
    for (const auto& probe : message.probes()) sequences.push_back(probe.probe().sequence());
    return sequences;
  }
  Failure End() {
    while (reader->Read(&message)) ++rest;
    return TakeApart(reader->Finish());
  }

  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<v1::StreamProbesResponse>> reader;
  v1::StreamProbesResponse message;
  int rest = 0;
};

TEST_F(ProbesTest, FiveLossesInARowFailTheInterface) {
  ReportProbe(false);  // ends the quiet period
  EXPECT_EQ(Interface("eth1").status().probe(), v1::Interface::PROBE_OK);
  for (int i = 0; i < 4; ++i) ReportProbe(true);
  EXPECT_EQ(Interface("eth1").status().state(), v1::Interface::STATE_OK);
  const std::int64_t revision = ReportProbe(true);
  const v1::Interface::Status status = Interface("eth1").status();
  EXPECT_EQ(status.state(), v1::Interface::STATE_FAILED);
  EXPECT_EQ(status.probe(), v1::Interface::PROBE_FAILED);
  EXPECT_EQ(status.last_cause(), v1::CAUSE_PROBE);
  EXPECT_EQ(status.ipv4().probing().test_address(), "192.0.2.21");

  const auto why =
      Ipmp(&IpmpStub::ExplainAddress, "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'");
  ASSERT_TRUE(why.ok()) << why.status.error_message();
  const v1::Move& move = why.response.moves(0);
  EXPECT_EQ(move.from_interface(), "eth1");
  EXPECT_EQ(move.cause(), v1::CAUSE_PROBE);
  EXPECT_EQ(move.revision(), revision);
  EXPECT_EQ(move.cause_detail(),
            "at least 5 probes of eth1 in a row were lost, the last one to 192.0.2.1");
  EXPECT_THAT(why.response.next(0), HasSubstr("eth1"));
}

TEST_F(ProbesTest, EachFinishedProbeIsStreamedOnceAndInOrder) {
  ReportProbe(false);  // before anybody looks
  Streaming all(ipmp_.get(), "parent: 'zones/global'");
  Streaming others(ipmp_.get(), "parent: 'zones/global' interfaces: 'eth2'");
  const std::int64_t first = ReportProbe(false);
  v1::ReportInterfaceRequest link;
  link.mutable_report()->set_link_mtu(9000);  // changes the interface, and brings no probe
  Report(&link);
  v1::ReportInterfaceRequest two;
  AddProbe(&two, true);
  AddProbe(&two, false);
  const std::int64_t second = Report(&two);

  EXPECT_THAT(all.Next(), ElementsAre(2u));
  EXPECT_EQ(all.message.revision(), first);
  EXPECT_EQ(all.message.probes(0).ip_interface(), "eth1");
  EXPECT_EQ(all.message.probes(0).probe().target(), "192.0.2.1");
  EXPECT_EQ(all.message.probes(0).probe().rtt().nanos(), 400'000);
  EXPECT_EQ(all.message.probes(0).rtt_avg().nanos(), 400'000);
  EXPECT_THAT(all.Next(), ElementsAre(3u, 4u));
  EXPECT_EQ(all.message.revision(), second);
  EXPECT_TRUE(all.message.probes(0).probe().lost());

  server_->Close();
  for (Streaming* stream : {&all, &others}) {
    EXPECT_EQ(stream->End().reason, "SERVER_DRAINING");
    EXPECT_EQ(stream->rest, 0);
  }
}

TEST_F(ProbesTest, WhoeverIsTooSlowIsToldAndOthersAreNotDisturbed) {
  Streaming slow(ipmp_.get(), "parent: 'zones/global'");
  Streaming fast(ipmp_.get(), "parent: 'zones/global'");
  // Far more than what is kept for one who does not read, and what gRPC keeps besides.
  constexpr std::uint32_t kReports = 2 * rpc::ProbeOutbox::kMessagesMax;
  std::vector<std::uint32_t> seen;
  std::thread reads([&] {
    while (seen.size() < std::size_t{100} * kReports) {
      const auto next = fast.Next();
      if (next.empty()) return;
      seen.insert(seen.end(), next.begin(), next.end());
    }
  });
  for (std::uint32_t i = 0; i < kReports; ++i) {
    v1::ReportInterfaceRequest request;
    for (int k = 0; k < 100; ++k) AddProbe(&request, false);
    Report(&request);
  }
  reads.join();
  ASSERT_EQ(seen.size(), std::size_t{100} * kReports);
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], (i + 1) % 65536) << i;
  const Failure end = slow.End();
  EXPECT_EQ(end.reason, "WATCHER_TOO_SLOW");
  EXPECT_LT(slow.rest, static_cast<int>(kReports));
}

TEST_F(ProbesTest, RefusesWhatIsNotThere) {
  const struct {
    const char* request;
    const char* reason;
  } kCases[] = {
      {"parent: 'zones/global' interfaces: 'eth9'", "INTERFACE_NOT_FOUND"},
      {"parent: 'zones/other'", "ZONE_NOT_FOUND"},
      {"parent: 'zones/global/groups/ipmp0'", "INVALID_REQUEST"},
      {"parent: 'zones/global' interfaces: '-'", "FIELD_INVALID"},
  };
  for (const auto& one : kCases) {
    Streaming stream(ipmp_.get(), one.request);
    EXPECT_EQ(stream.End().reason, one.reason) << one.request;
  }
}

TEST_F(ProbesTest, ManyComeAndGoWhileProbesAreReported) {
  std::vector<std::thread> lookers;
  for (int i = 0; i < 4; ++i) {
    lookers.emplace_back([this] {
      for (int k = 0; k < 5; ++k) {
        Streaming stream(ipmp_.get(), "parent: 'zones/global'");
        std::uint32_t last = stream.Next().back();
        for (int n = 0; n < 3; ++n) {
          const std::uint32_t next = stream.Next().front();
          EXPECT_EQ(next, last + 1);
          last = next;
        }
        stream.context.TryCancel();
        EXPECT_EQ(stream.End().status.error_code(), grpc::StatusCode::CANCELLED);
      }
    });
  }
  std::atomic<bool> done{false};
  std::thread reports([&] {
    while (!done) ReportProbe(false);
  });
  for (std::thread& looker : lookers) looker.join();
  done = true;
  reports.join();
  EXPECT_EQ(Interface("eth1").status().probe(), v1::Interface::PROBE_OK);
}

}  // namespace
}  // namespace netstackd::integration
