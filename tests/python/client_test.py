#!/usr/bin/python3
"""A client in another language, written against the protos alone.

usage: client_test.py NETSTACKD GENERATED_DIR [UNITTEST-ARGUMENTS]
"""
import os
import sys
import unittest
import uuid

# What these change is how gRPC talks to a server on the same machine.
for name in ("http_proxy", "https_proxy", "grpc_proxy", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"):
    os.environ.pop(name, None)
    os.environ.pop(name.upper(), None)

NETSTACKD, GENERATED = sys.argv[1:3]
sys.path.insert(0, GENERATED)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from netstackd.v1 import (address_pb2, admin_pb2, admin_pb2_grpc, common_pb2, config_pb2,  # noqa: E402
                          config_pb2_grpc, group_pb2, interface_pb2, ipmp_service_pb2_grpc)
from netstackd_process import Netstackd  # noqa: E402

ZONE = "zones/global"
DEADLINE_S = 20


def options(**fields) -> common_pb2.WriteOptions:
    return common_pb2.WriteOptions(request_id=str(uuid.uuid4()), **fields)


def unpack(error: grpc.RpcError) -> tuple:
    """ErrorInfo and PreconditionFailure of a refused call."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            status.ParseFromString(value)
    info = error_details_pb2.ErrorInfo()
    failure = error_details_pb2.PreconditionFailure()
    for detail in status.details:
        for message in (info, failure):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    return info, failure


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.server = Netstackd(NETSTACKD)
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.connect()

    def connect(self):
        channel = grpc.insecure_channel(self.server.endpoint)
        self.addCleanup(channel.close)
        grpc.channel_ready_future(channel).result(timeout=DEADLINE_S)
        self.ipmp = ipmp_service_pb2_grpc.IpmpServiceStub(channel)
        self.config = config_pb2_grpc.ConfigServiceStub(channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(channel)

    def create_group(self, name, **spec):
        request = group_pb2.CreateGroupRequest(
            parent=ZONE, group_id=name, group=group_pb2.Group(spec=group_pb2.Group.Spec(**spec)),
            options=options())
        return self.ipmp.CreateGroup(request, timeout=DEADLINE_S)

    def create_interface(self, name, **spec):
        request = interface_pb2.CreateInterfaceRequest(
            parent=ZONE, interface_id=name,
            ip_interface=interface_pb2.Interface(spec=interface_pb2.Interface.Spec(**spec)),
            options=options())
        return self.ipmp.CreateInterface(request, timeout=DEADLINE_S)

    def test_a_group_is_created_and_read_back(self):
        created = self.create_group("ipmp0", ipv4=True)
        self.assertTrue(created.result.changed)
        name = f"{ZONE}/groups/ipmp0"
        read = self.ipmp.GetGroup(
            group_pb2.GetGroupRequest(name=name, min_revision=created.result.revision),
            timeout=DEADLINE_S)
        self.assertEqual(read.group.name, name)
        self.assertTrue(read.group.spec.ipv4)
        self.assertFalse(read.group.spec.ipv6)
        self.assertEqual(read.group.status.state, group_pb2.Group.STATE_FAILED)  # no member

    def test_a_refused_join_says_why(self):
        self.create_group("ipmp0", ipv4=True)
        self.create_interface("net0", ipv4=True)  # its auto address is up
        name = f"{ZONE}/interfaces/net0"
        with self.assertRaises(grpc.RpcError) as refused:
            self.ipmp.JoinGroup(
                interface_pb2.JoinGroupRequest(name=name, group="ipmp0", options=options()),
                timeout=DEADLINE_S)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
        info, failure = unpack(refused.exception)
        self.assertEqual(info.domain, "netstackd")
        self.assertEqual(info.reason, "INTERFACE_HAS_UP_ADDRESSES")
        self.assertEqual(info.metadata["resource"], name)
        self.assertEqual(info.metadata["group"], f"{ZONE}/groups/ipmp0")
        self.assertIn("INTERFACE_HAS_UP_ADDRESSES", [v.type for v in failure.violations])
        # Nothing was changed by the refusal.
        read = self.ipmp.GetInterface(interface_pb2.GetInterfaceRequest(name=name),
                                      timeout=DEADLINE_S)
        self.assertEqual(read.ip_interface.status.group, "")

    def test_a_request_id_is_done_once_also_across_a_crash(self):
        request = group_pb2.CreateGroupRequest(
            parent=ZONE, group_id="ipmp0",
            group=group_pb2.Group(spec=group_pb2.Group.Spec(ipv4=True)), options=options())
        first = self.ipmp.CreateGroup(request, timeout=DEADLINE_S)
        self.assertFalse(first.result.replayed)
        self.server.kill()
        self.server.start()
        self.connect()
        again = self.ipmp.CreateGroup(request, timeout=DEADLINE_S)
        self.assertTrue(again.result.replayed)
        self.assertEqual(again.result.revision, first.result.revision)
        self.assertEqual(again.group.meta.uid, first.group.meta.uid)
        request.group.spec.ipv6 = True
        with self.assertRaises(grpc.RpcError) as refused:
            self.ipmp.CreateGroup(request, timeout=DEADLINE_S)
        self.assertEqual(unpack(refused.exception)[0].reason, "REQUEST_ID_REUSED")

    def test_a_transaction_is_all_or_nothing(self):
        group = group_pb2.Group(name=f"{ZONE}/groups/ipmp0",
                                spec=group_pb2.Group.Spec(ipv4=True))
        member = interface_pb2.Interface(
            name=f"{ZONE}/interfaces/net0",
            spec=interface_pb2.Interface.Spec(ipv4=True, group="ipmp0"))
        address = address_pb2.Address(name=f"{group.name}/addresses/192.0.2.10",
                                      spec=address_pb2.Address.Spec(cidr="192.0.2.10/24"))
        operations = [config_pb2.Operation(create=config_pb2.Resource(**resource))
                      for resource in ({"group": group}, {"ip_interface": member},
                                       {"address": address})]
        with self.assertRaises(grpc.RpcError) as refused:
            self.config.Transact(config_pb2.TransactRequest(
                operations=operations + operations[:1], options=options()), timeout=DEADLINE_S)
        info, _ = unpack(refused.exception)
        self.assertEqual(info.reason, "GROUP_EXISTS")
        self.assertEqual(info.metadata["operation"], "3")
        listed = self.ipmp.ListGroups(group_pb2.ListGroupsRequest(parent=ZONE),
                                      timeout=DEADLINE_S)
        self.assertEqual(len(listed.groups), 0)

        self.config.Transact(config_pb2.TransactRequest(operations=operations, options=options()),
                             timeout=DEADLINE_S)
        read = self.ipmp.GetAddress(address_pb2.GetAddressRequest(name=address.name),
                                    timeout=DEADLINE_S)
        self.assertEqual(read.address.status.bound_interface, "net0")

    def test_a_graceful_stop_ends_with_status_0(self):
        self.create_group("ipmp0", ipv4=True)
        self.assertEqual(self.server.stop(), 0, self.server.log())
        self.server.start()
        self.connect()
        info = self.admin.GetServerInfo(admin_pb2.GetServerInfoRequest(), timeout=DEADLINE_S)
        self.assertEqual(info.counts.groups, 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
