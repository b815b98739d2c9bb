# SPDX-License-Identifier: MPL-2.0
"""Every kind of client, message and option 55, relayed and direct, with and without threads, with
and without options of Kea's own: what the hook makes of a response, against the table of
libdhcp_ucprov(7). Beside each Kea with the hook runs one without; all but our options must be the same."""

import contextlib
import itertools
import json

import pytest

import kea
import namespaces
import phone
import sites

VENDOR_CLASSES = {
    "ms-uc": b"MS-UC-Client",
    "ocphone-upper": b"CPE-OCPHONE",
    "ocphone-mixed": b"CPE-OCPhone",
    "wrong-case": b"ms-uc-client",
    "yealink": b"yealink",
    "none": None,
}
REQUESTED = {
    "ours": [1, 3, 43, 120, 15, 42, 119],
    "no-list": None,
    "not-ours": [1, 3, 6],
}
VLANS = {
    kea.PHONES: sites.HQ_VOICE,
    kea.MIXED: sites.HQ_MIXED,
    kea.DATA: sites.HQ_DATA,
    kea.ELSEWHERE: None,
}
PATHS = ("relayed", "direct")
YEALINK_43 = b"http://phones.example/"

# Kea's own options: none of ours, or all of ours at several levels.
KEA_PLAIN = {"option-data": [kea.option("domain-name-servers", "10.3.0.1")]}
KEA_RICH = {
    "client-classes": [{
        "name": "yealink",
        "test": "option[60].text == 'yealink'",
        "option-def": [{"name": "vendor-encapsulated-options", "code": 43, "type": "binary"}],
        "option-data": [{"code": 43, "csv-format": False, "always-send": True,
                         "data": YEALINK_43.hex()}],
    }],
    "option-data": [
        kea.option("domain-name-servers", "10.3.0.1", **{"always-send": True}),
        kea.option("domain-name", "kea.example"),
        {"code": 120, "csv-format": False, "always-send": True, "data": "00036b656100"},
    ],
}
SUBNET_OPTIONS = {
    kea.PHONES: [kea.option("domain-search", "subnet.example")],
    kea.MIXED: [kea.option("ntp-servers", "10.9.9.9", **{"always-send": True}),
                {"code": 43, "csv-format": False, "always-send": True, "data": "fe0141"}],
    kea.DATA: [kea.option("domain-name", "data.example", **{"always-send": True})],
    kea.ELSEWHERE: [kea.option("domain-name", "else.example", **{"always-send": True})],
}
# What the rich Kea has of 15, 42 and 119 for clients of phone vlans, and so sends to all of them.
RICH_OWN = {
    kea.PHONES: {15: b"kea.example", 119: phone.search("subnet.example")},
    kea.MIXED: {15: b"kea.example", 42: phone.addresses("10.9.9.9")},
}


class World:
    """A Kea with the hook and one without, both configured alike, and ways to reach them."""

    def __init__(self, stack, path, threads, rich, directory):
        self.path = path
        self.own = RICH_OWN if rich else {}  # by subnet
        text = sites.SITE if path == "relayed" else sites.SITE.replace('"127.', '"10.')
        site_file = sites.write(directory / "site.conf", text)
        self.hooked = self._server(stack, path, threads, rich, [kea.hook(site_file)])
        self.bare = self._server(stack, path, 0, rich, [])
        self.hosts = itertools.count(1)

    @staticmethod
    def _server(stack, path, threads, rich, hooks):
        more = dict(KEA_RICH if rich else KEA_PLAIN)
        subnets = [kea.subnet(each, **({"option-data": SUBNET_OPTIONS[each]} if rich else {}))
                   for each in kea.SUBNETS]
        if path == "relayed":
            running = stack.enter_context(kea.Kea(
                kea.configuration(subnets, hooks=hooks, threads=threads, **more)))
            return dict.fromkeys(kea.SUBNETS, phone.LoopbackLink(running))
        subnets = json.loads(json.dumps(subnets).replace('"127.', '"10.').replace(" 127.", " 10."))
        links = {f"v{each.id}": f"10.{each.id}.0.1/16" for each in kea.SUBNETS}
        network = stack.enter_context(namespaces.Network(links))
        stack.enter_context(kea.Kea(
            kea.configuration(subnets, hooks=hooks, threads=threads, interfaces=links, raw=True,
                              **more), namespace=network.server))
        return {each: stack.enter_context(contextlib.closing(
            phone.VethLink(network, f"v{each.id}"))) for each in kea.SUBNETS}

    def ask(self, subnet, kind, vendor_class, requested):
        """One message to both servers; for a REQUEST, after a DISCOVER. Returns two replies."""
        network = ("127" if self.path == "relayed" else "10") + f".{subnet.id}"
        host = next(self.hosts)
        about = {
            "vendor_class": vendor_class,
            "requested": requested,
            "mac": phone.hardware_address(),
            "giaddr": f"{network}.0.1" if self.path == "relayed" else "0.0.0.0",
        }
        address = f"{network}.{128 + host // 250}.{1 + host % 250}"
        if kind == "INFORM":
            query = phone.message(kind, ciaddr=address, **about)
            return self.ask_both(subnet, query)
        offers = self.ask_both(subnet, phone.message("DISCOVER", hint=address, **about))
        if kind == "DISCOVER":
            return offers
        assert offers[0].options[54] == offers[1].options[54]
        return self.ask_both(subnet, phone.message("REQUEST", hint=offers[0].yiaddr,
                                                server=offers[0].options[54], **about))

    def ask_both(self, subnet, query):
        replies = self.hooked[subnet].exchange(query), self.bare[subnet].exchange(query)
        assert None not in replies, "no answer"
        return replies


@pytest.fixture(scope="module",
                params=itertools.product(PATHS, (0, 4), (False, True)),
                ids=lambda param: "-".join((param[0], "threads" if param[1] else "one-thread",
                                            "kea-rich" if param[2] else "kea-plain")))
def world(request, hook_library, tmp_path_factory):
    path, threads, rich = request.param
    with contextlib.ExitStack() as stack:
        yield World(stack, path, threads, rich, tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize("requested", REQUESTED)
@pytest.mark.parametrize("client", VENDOR_CLASSES)
@pytest.mark.parametrize("kind", ["DISCOVER", "REQUEST", "INFORM"])
def test_policy(world, kind, client, requested):
    vendor_class, codes = VENDOR_CLASSES[client], REQUESTED[requested]
    for subnet, vlan in VLANS.items():
        hooked, bare = world.ask(subnet, kind, vendor_class, codes)
        assert hooked.type == (phone.TYPES["OFFER"] if kind == "DISCOVER" else phone.TYPES["ACK"])
        if vlan is None:
            assert hooked.octets == bare.octets
        want = sites.expected(vlan, vendor_class, codes,
                              {**bare.ours(), **world.own.get(subnet, {})})
        assert hooked.ours() == want, f"in {subnet.prefix}"
        assert hooked.fixed == bare.fixed
        assert hooked.without(phone.OURS) == bare.without(phone.OURS)
        every_code = [code for code, _ in hooked.parts]
        assert len(set(every_code)) == len(every_code), "an option is there twice"
        assert hooked.trailer.strip(b"\0") == b""


def test_refusal_is_untouched(world):
    """A DHCPNAK, to a phone that asks for an address of another link."""
    network = "127" if world.path == "relayed" else "10"
    query = phone.message("REQUEST", phone.MS_UC, REQUESTED["ours"], hint="192.0.2.1",
                          giaddr=f"{network}.20.0.1" if world.path == "relayed" else "0.0.0.0")
    hooked, bare = world.ask_both(kea.PHONES, query)
    assert hooked.type == phone.TYPES["NAK"]
    assert hooked.octets == bare.octets


def test_the_two_keas_are_configured_as_the_matrix_needs(world, request):
    """Guards the test itself: the rich Kea really sets options of ours, the plain one none."""
    rich = request.node.callspec.params["world"][2]
    _, bare = world.ask(kea.PHONES, "DISCOVER", b"yealink", REQUESTED["ours"])
    if rich:
        assert bare.ours() == {15: b"kea.example", 43: YEALINK_43, 120: b"\0\3kea\0",
                               119: b"\6subnet\7example\0"}
    else:
        assert bare.ours() == {}
    assert bare.options[6] == phone.addresses("10.3.0.1")


def test_other_decoders_read_the_same(world):
    """What scapy and Wireshark make of a reply to a phone."""
    reply, _ = world.ask(kea.MIXED, "DISCOVER", phone.MS_UC, REQUESTED["ours"])
    read = phone.scapy_options(reply.octets)
    assert read["vendor_specific"] == (sites.CERT_PROV_DR,)
    tree = phone.tshark_options(reply.octets)
    trees = dict(zip(tree["dhcp.option.type"], tree["dhcp.option.type_tree"]))
    assert octets(trees["43"]) == sites.CERT_PROV_DR
    assert octets(trees["120"]) == sites.SIP_SERVER_DR
    assert "pool02.contoso.com" in json.dumps(trees["120"])
    assert "_ws.malformed" not in json.dumps(tree) and "_ws.expert" not in json.dumps(tree)


def octets(tree):
    return bytes.fromhex(tree["dhcp.option.value"].replace(":", ""))
