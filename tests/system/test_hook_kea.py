# SPDX-License-Identifier: MPL-2.0
"""The hook beside what else a Kea may be configured with."""

import pathlib

import pytest

import kea
import phone
import sites
from phone import served
from sites import OLD

KEA_HOOKS = next(pathlib.Path("/usr/lib").glob("*/kea/hooks"))


def warnings(server):
    return [line for line in server.log().splitlines()
            if "UCPROV_" in line and not line.startswith("INFO")]


def test_shared_network(hook_library, site_file):
    subnets = [kea.subnet(each) for each in kea.SUBNETS]
    config = kea.configuration([], hooks=[kea.hook(site_file)],
                               **{"shared-networks": [{"name": "hq", "subnet4": subnets}]})
    with kea.Kea(config) as server:
        assert served(server) == OLD
        server.wait_for_statistic("subnet[20].ucprov-ms-uc-client", 1)
        assert warnings(server) == []


def test_lease_in_the_other_subnet_of_a_shared_network(hook_library, site_file):
    """Relayed from one subnet, leased an address of the other: the lease decides."""
    phones = kea.subnet(kea.PHONES)
    phones["pools"] = []
    config = kea.configuration([], hooks=[kea.hook(site_file)], **{
        "shared-networks": [{"name": "hq", "subnet4": [phones, kea.subnet(kea.MIXED)]}]})
    with kea.Kea(config) as server:
        reply = phone.LoopbackLink(server).exchange(
            phone.message("DISCOVER", phone.MS_UC, [120, 43], giaddr="127.20.0.1"))
    assert reply.yiaddr.startswith("127.25.")
    assert reply.ours() == sites.expected(sites.HQ_MIXED, phone.MS_UC, [120, 43], {})


def test_subnets_without_id(hook_library, site_file):
    """Kea 2.2 numbers them itself, and does not tell us how."""
    if kea.version() >= (2, 6):
        pytest.skip("this Kea wants an id of each subnet")
    subnets = [kea.subnet(each) for each in kea.SUBNETS]
    for each in subnets:
        del each["id"]
    with kea.Kea(kea.configuration(subnets, hooks=[kea.hook(site_file)])) as server:
        assert served(server) == OLD
        server.wait_for_statistic("ucprov-ms-uc-client", 1)


def test_other_libraries_beside(hook_library, site_file, directory):
    """flex_option works at the same hook point: it may add, and remove, what it is told to."""
    # All in one folder: since 2.4.2 Kea knows but one.
    for library in (hook_library, KEA_HOOKS / "libdhcp_lease_cmds.so",
                    KEA_HOOKS / "libdhcp_flex_option.so"):
        (directory / library.name).symlink_to(library)
    ours = kea.hook(site_file, library=directory / hook_library.name)
    others = [
        {"library": f"{directory}/libdhcp_lease_cmds.so"},
        {"library": f"{directory}/libdhcp_flex_option.so", "parameters": {
            "options": [{"code": 66, "add": "'tftp.example'"}]}},
    ]
    for hooks in ([ours, *others], [*others, ours]):
        with kea.Kea(kea.configuration(hooks=hooks),
                     environment={"KEA_HOOKS_PATH": str(directory)}) as server:
            reply = phone.LoopbackLink(server).exchange(
                phone.message("INFORM", phone.MS_UC, [120, 43], ciaddr="127.20.0.9"))
            assert reply.ours() == OLD and reply.options[66] == b"tftp.example"
            assert "lease4-add" in server.ask("list-commands")


def test_client_classes_see_the_query_as_it_was(hook_library, site_file):
    config = kea.configuration(hooks=[kea.hook(site_file)], **{
        "client-classes": [{"name": "phones", "test": "option[60].text == 'MS-UC-Client'",
                            "option-data": [kea.option("domain-name", "class.example",
                                                       **{"always-send": True})]}]})
    with kea.Kea(config) as server:
        assert served(server) == OLD | {15: b"class.example"}
