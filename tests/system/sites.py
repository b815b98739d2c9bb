# SPDX-License-Identifier: MPL-2.0
"""Site files of the tests, and what they mean, by hand: the octets that each vlan's clients get."""

import collections
import os

import phone

SITE = """
pools = {
  hq = { sip_server = "pool01.contoso.com"; addresses = [ "10.1.1.10", "10.1.1.11" ]; };
  dr = { sip_server = "pool02.contoso.com"; web_server = "web02.contoso.com";
         addresses = [ "10.2.1.10" ]; };
};
vlans = (
  { name = "hq-voice"; subnet = "127.20.0.0/16"; pool = "hq"; backup_pool = "dr";
    domain = "contoso.com"; search = [ "contoso.com", "emea.contoso.com" ];
    ntp = [ "10.1.0.1", "10.1.0.2" ]; },
  { name = "hq-mixed"; subnet = "127.25.0.0/16"; pool = "dr"; voice_vlan_id = 300;
    domain = "emea.contoso.com"; ntp = [ "10.1.0.1" ]; },
  { name = "hq-data"; subnet = "127.30.0.0/16"; voice_vlan_id = 20; }
);
"""

# The same, with the phones of hq-voice on the other pool.
SITE_NEW = SITE.replace('pool = "hq"; backup_pool = "dr"', 'pool = "dr"; backup_pool = "hq"')

# What a client of a vlan gets. None: nothing of ours.
Vlan = collections.namedtuple("Vlan", "cert_prov voice_vlan sip_server domain ntp search",
                              defaults=[None] * 6)

# Octet by octet; the tests' own encoder must agree (test_phone.py).
CERT_PROV_HQ = bytes.fromhex(
    "010c" "4d532d55432d436c69656e74"  # UCIdentifier MS-UC-Client
    "0205" "6874747073"  # URLScheme https
    "0312" "706f6f6c30312e636f6e746f736f2e636f6d"  # WebServerFqdn pool01.contoso.com
    "0403" "343433"  # WebServerPort 443, as text
    "0525" "2f4365727450726f762f4365727450726f766973696f6e696e67536572766963652e737663")
CERT_PROV_DR = bytes.fromhex(
    "010c" "4d532d55432d436c69656e74"
    "0205" "6874747073"
    "0311" "77656230322e636f6e746f736f2e636f6d"  # web02.contoso.com
    "0403" "343433"
    "0525" "2f4365727450726f762f4365727450726f766973696f6e696e67536572766963652e737663")
SIP_SERVER_HQ = bytes.fromhex("00" "06706f6f6c3031" "07636f6e746f736f" "03636f6d" "00")
SIP_SERVER_DR = bytes.fromhex("00" "06706f6f6c3032" "07636f6e746f736f" "03636f6d" "00")

HQ_VOICE = Vlan(
    cert_prov=CERT_PROV_HQ, sip_server=SIP_SERVER_HQ, domain=b"contoso.com",
    ntp=bytes.fromhex("0a010001" "0a010002"),
    search=bytes.fromhex("07636f6e746f736f03636f6d00" "04656d656107636f6e746f736f03636f6d00"))
HQ_MIXED = Vlan(
    cert_prov=CERT_PROV_DR, sip_server=SIP_SERVER_DR, domain=b"emea.contoso.com",
    voice_vlan=bytes.fromhex("0a02" "012c"), ntp=bytes.fromhex("0a010001"),
    search=bytes.fromhex("04656d656107636f6e746f736f03636f6d00"))
HQ_DATA = Vlan(voice_vlan=bytes.fromhex("0a02" "0014"))

# After ucprov-pool-set hq-voice to dr.
HQ_VOICE_DR = HQ_VOICE._replace(cert_prov=CERT_PROV_DR, sip_server=SIP_SERVER_DR)

# Wrong in five places. Each error must be reported: where, and something of what.
BROKEN = """
pools = {
  hq = { sip_server = "pool01..contoso.com"; };
};
vlans = (
  { name = "hq-voice"; subnet = "127.20.0.5/16"; pool = "hg"; domain = "contoso.com";
    serch = [ "contoso.com" ]; ntp = [ "10.1.0.256" ]; }
);
"""
BROKEN_ERRORS = (
    (":3: pools.hq.sip_server", "pool01..contoso.com"),
    (":6: vlans[0].subnet", "127.20.0.0/16"),
    (":6: vlans[0].pool", "hq"),
    (":7: vlans[0].serch", "search"),
    (":7: vlans[0].ntp", "10.1.0.256"),
)


def write(file, text):
    """Replaces a file at once, as an operator's tools do."""
    new = file.with_suffix(".new")
    new.write_text(text)
    os.replace(new, file)
    return file


def missing_errors(text):
    """Which of BROKEN's errors the text does not report."""
    return [(place, what) for place, what in BROKEN_ERRORS
            if not any(place in line and what in line for line in text.splitlines())]


def expected(vlan, vendor_class, requested, bare):
    """Of options 15, 42, 43, 119, 120, what a client gets where Kea
    alone would send `bare`. A vlan of None is none of the site's."""
    options = dict(bare)
    if vlan is None:
        return options
    is_phone = vendor_class == phone.MS_UC
    is_discovery = (vendor_class or b"").upper() == b"CPE-OCPHONE"
    if is_phone and vlan.cert_prov:
        options[43] = vlan.cert_prov
    if is_discovery and vlan.voice_vlan:
        options[43] = vlan.voice_vlan
    if vlan.sip_server and (is_phone or 120 in (requested or ())):
        options[120] = vlan.sip_server
    for code, value in ((15, vlan.domain), (42, vlan.ntp), (119, vlan.search)):
        if value is not None:
            options.setdefault(code, value)
    return options


# What a phone of hq-voice gets from a Kea that sends nothing itself: of SITE, and of SITE_NEW.
OLD = expected(HQ_VOICE, phone.MS_UC, [120, 43], {})
NEW = expected(HQ_VOICE_DR, phone.MS_UC, [120, 43], {})
