# SPDX-License-Identifier: MPL-2.0
"""Settings of a vlan, and which vlan a client belongs to: octets on the wire of a real Kea."""

import pytest

import kea
import phone
import sites
from phone import inform

LONG = tuple(f"department-number-{number:02}.emea.contoso.com" for number in range(10))

# Each vlan tries one setting. Kea's subnet ids are the third number of the first octets.
SITE = """
pools = {
  hq = { sip_server = "pool01.contoso.com"; };
  http = { sip_server = "pool01.contoso.com"; web_server = "web.contoso.com"; scheme = "http";
           port = 8080; cert_prov_path = "/other/Service.svc"; };
};
defaults = { domain = "contoso.com"; ntp = [ "10.1.0.1" ]; };
vlans = (
  { name = "if-requested"; subnet = "127.51.0.0/16"; pool = "hq"; only_if_requested = true; },
  { name = "classes"; subnet = "127.52.0.0/16"; pool = "hq";
    vendor_classes = [ "yealink", "Polycom-VVX" ]; },
  { name = "ascii"; subnet = "127.53.0.0/16"; pool = "hq"; voice_vlan_id = 300;
    voice_vlan_encoding = "ascii"; },
  { name = "uint32"; subnet = "127.54.0.0/16"; voice_vlan_id = 300;
    voice_vlan_encoding = "uint32"; },
  { name = "in-ms-uc"; subnet = "127.55.0.0/16"; pool = "hq"; voice_vlan_id = 4094;
    voice_vlan_in_ms_uc = true; },
  { name = "outer"; subnet = "127.56.0.0/16"; pool = "hq"; domain = "outer.example"; },
  { name = "inner"; subnet = "127.56.7.0/24"; pool = "hq"; domain = "inner.example"; },
  { name = "innermost"; subnet = "127.56.7.9/32"; pool = "hq"; domain = "innermost.example"; },
  { name = "several"; subnet = [ "127.57.0.0/16", "127.58.0.0/16" ]; pool = "hq";
    domain = "several.example"; },
  { name = "long"; subnet = "127.59.0.0/16"; pool = "hq"; search = [ %s ]; },
  { name = "http"; subnet = "127.60.0.0/16"; pool = "http"; }
);
""" % ", ".join(f'"{name}"' for name in LONG)

FIRST, LAST = 51, 60
CERT_PROV = sites.CERT_PROV_HQ


@pytest.fixture(scope="module")
def link(hook_library, tmp_path_factory):
    site_file = sites.write(tmp_path_factory.mktemp("site") / "site.conf", SITE)
    subnets = [kea.subnet(kea.Subnet(number, f"127.{number}.0.0/16"))
               for number in (*range(FIRST, LAST + 1), kea.ELSEWHERE.id)]
    with kea.Kea(kea.configuration(subnets, hooks=[kea.hook(site_file)])) as running:
        yield phone.LoopbackLink(running)


def domain_at(link, address, **more):
    return inform(link, address, **more).get(15)


@pytest.mark.parametrize("asked", [[], [15], [42, 119], [15, 42, 119], None])
def test_only_if_requested(link, asked):
    requested = None if asked is None else [1, *asked]
    codes = set(inform(link, "127.51.0.9", requested=requested))
    assert codes == {43, 120} | set(asked or ())


def test_vendor_classes_are_served_as_ms_uc_client(link):
    for vendor_class in (b"yealink", b"Polycom-VVX", b"MS-UC-Client"):
        options = inform(link, "127.52.0.9", vendor_class, requested=[1])
        assert options[43] == CERT_PROV and options[120] == sites.SIP_SERVER_HQ
    for vendor_class in (b"Yealink", b"yealink ", b"yealin", b"Polycom"):
        assert set(inform(link, "127.52.0.9", vendor_class, requested=[1])) == {15, 42, 119}


def test_vendor_classes_of_one_vlan_are_nothing_in_another(link):
    assert 43 not in inform(link, "127.51.0.9", b"yealink")


@pytest.mark.parametrize("vendor_class", [b"MS-UC-Clien", b"MS-UC-Client2", b"\0MS-UC-Client", b"",
                                          b"MS-UC-Client\0x", b"CPE-OCPHON",
                                          b"CPE-OCPHONE1"])
def test_almost_a_known_class_is_another_vendor(link, vendor_class):
    assert 43 not in inform(link, "127.55.0.9", vendor_class)


def test_a_terminating_nul_is_kea_s_to_take_off(link):
    """Kea trims text options when it reads them, so the hook sees the class without."""
    assert inform(link, "127.55.0.9", phone.MS_UC + b"\0")[43].startswith(CERT_PROV)


@pytest.mark.parametrize("address, octets", [
    ("127.53.0.9", b"\x0a\x03300"),
    ("127.54.0.9", b"\x0a\x04\0\0\x01\x2c"),
    ("127.55.0.9", b"\x0a\x02\x0f\xfe"),
])
def test_voice_vlan_encodings(link, address, octets):
    assert inform(link, address, b"CPE-OCPHONE", [43])[43] == octets


def test_voice_vlan_in_the_ms_uc_set(link):
    assert inform(link, "127.55.0.9")[43] == CERT_PROV + b"\x0a\x02\x0f\xfe"
    assert inform(link, "127.53.0.9")[43] == CERT_PROV


def test_settings_of_a_pool(link):
    assert inform(link, "127.60.0.9")[43] == phone.cert_prov("web.contoso.com", "http", "8080",
                                                             "/other/Service.svc")


def test_most_specific_subnet_wins(link):
    assert domain_at(link, "127.56.1.1") == b"outer.example"
    assert domain_at(link, "127.56.7.8") == b"inner.example"
    assert domain_at(link, "127.56.7.9") == b"innermost.example"
    assert domain_at(link, "127.56.7.255") == b"inner.example"
    assert domain_at(link, "127.56.8.0") == b"outer.example"


def test_vlan_with_several_subnets(link):
    for address in ("127.57.0.0", "127.57.255.255", "127.58.1.1"):
        assert domain_at(link, address.replace(".255.255", ".255.254")) == b"several.example"


def test_addresses_just_outside_have_no_vlan(link):
    assert inform(link, "127.40.0.1") == {}


def test_long_search_list_is_compressed_into_one_option(link):
    reply = link.exchange(phone.message("INFORM", phone.MS_UC, [119], ciaddr="127.59.0.9"))
    parts = [value for code, value in reply.parts if code == 119]
    assert len(parts) == 1 and len(parts[0]) <= 253 < len(phone.search(*LONG))
    assert phone.names(parts[0]) == list(LONG)
    tree = phone.tshark_options(reply.octets)
    place = tree["dhcp.option.type"].index("119")
    assert (tree["dhcp.option.type_tree"][place]["dhcp.option.dhcp_dns_domain_search_list_fqdn"]
            == list(LONG))


def test_short_search_list_is_not_compressed(link):
    assert inform(link, "127.51.0.9", requested=[119])[119] == phone.labels("contoso.com")


# Which address decides

def discover(link, giaddr, options=()):
    reply = link.exchange(phone.message("DISCOVER", phone.MS_UC, [43, 120], giaddr=giaddr,
                                        options=options))
    assert reply is not None
    return reply


def link_selection(address):
    """Relay agent information with sub-option 5 (RFC 3527)."""
    return [(82, phone.suboptions((1, b"port-1"), (5, phone.addresses(address))))]


def test_relayed_inform_without_ciaddr_is_placed_by_its_relay(link):
    assert domain_at(link, "0.0.0.0", giaddr="127.57.0.1") == b"several.example"


def test_own_address_counts_before_the_relays(link):
    assert domain_at(link, "127.56.7.8", giaddr="127.57.0.1") == b"inner.example"


def test_link_selection_counts_before_giaddr(link):
    assert domain_at(link, "0.0.0.0", giaddr="127.40.0.1",
                     options=link_selection("127.57.0.1")) == b"several.example"
    reply = discover(link, "127.40.0.1", link_selection("127.57.0.1"))
    assert reply.yiaddr.startswith("127.57.") and reply.options[15] == b"several.example"


def test_leased_address_counts_before_the_relays(link):
    """127.56.7.0/24 is a vlan of its own inside the subnet that Kea leases from."""
    reply = discover(link, "127.56.7.9")
    assert reply.yiaddr.startswith("127.56.128.") and reply.options[15] == b"outer.example"


# Octets that are no proper query

EMPTY_LINK_SELECTION = [(82, b"\x05\x00")]


@pytest.mark.parametrize("options", [
    [(60, b"")], [(82, b"")], [(82, b"\x05")], [(82, b"\x05\x04\x7f\x39")],
    EMPTY_LINK_SELECTION, [(60, b"\xff" * 255)], [(55, bytes(range(1, 255)))],
    [(43, b"\x01\x0cMS-UC-Client")], [(124, b"\0\0\x01\x37\x0dMS-UC-Client\0")],
], ids=lambda options: f"{options[0][0]}-{options[0][1][:6].hex() or 'empty'}")
def test_odd_options_are_answered_as_usual(link, options):
    if options == EMPTY_LINK_SELECTION and kea.version() >= (2, 6):
        pytest.skip("this Kea drops it before any hook sees it")
    reply = link.exchange(phone.message("INFORM", ciaddr="127.56.1.1", giaddr="127.56.0.1",
                                        options=options))
    assert reply is not None
    asked = 120 in options[0][1] if options[0][0] == 55 else False
    assert set(reply.ours()) == {15, 42, 119} | ({120} if asked else set())
    assert reply.options[15] == b"outer.example"
