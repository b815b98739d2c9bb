# SPDX-License-Identifier: MPL-2.0
"""Kea's own options 15, 42 and 119 beside the site's: whoever wins, every answer to a phone says the
same, whatever that message asks for; and what differs is told."""

import json
import pathlib

import pytest

import kea
import phone
import sites
from phone import LoopbackLink, inform, served

KEA_HOOKS = next(pathlib.Path("/usr/lib").glob("*/kea/hooks"))

# Each kind of place in Kea's configuration has a subnet of its own. In each, phones are told "keep"
# in the lower half, and "replace" in the upper one.
SCOPES = ("global", "network", "subnet", "class", "reservation", "pool", "nothing")
FIRST = 71  # the subnet of the first is 127.71.0.0/16
RULES = ("keep", "replace")
THIRD = {"keep": 10, "replace": 200}  # octet of addresses that are given out
OURS = {15: b"contoso.com", 42: phone.addresses("10.1.0.1"), 119: phone.search("contoso.com")}
KEA_DATA = {15: ("domain-name", "{}.example"), 42: ("ntp-servers", "10.9.{}.1"),
            119: ("domain-search", "{}.example, more.example")}


def number(scope):
    return FIRST + SCOPES.index(scope)


def kea_options(scope):
    return [kea.option(name, text.format(number(scope) if code == 42 else scope))
            for code, (name, text) in KEA_DATA.items()]


def kea_values(scope):
    return {15: f"{scope}.example".encode(), 42: phone.addresses(f"10.9.{number(scope)}.1"),
            119: phone.search(f"{scope}.example", "more.example")}


def hardware(scope, rule):
    return bytes([0, 4, 0xf2, 0, number(scope), RULES.index(rule)])


def address(scope, rule):
    return f"127.{number(scope)}.{THIRD[rule]}.9"


def write_site(path):
    vlans = ",\n".join(
        f'{{ name = "{scope}-{rule}"; subnet = "127.{number(scope)}.{half}.0/17"; pool = "hq";'
        f' kea_options = "{rule}"; }}'
        for scope in SCOPES for rule, half in (("keep", 0), ("replace", 128)))
    return sites.write(path, f"""
        pools = {{ hq = {{ sip_server = "pool01.contoso.com"; }}; }};
        defaults = {{ domain = "contoso.com"; ntp = [ "10.1.0.1" ]; }};
        vlans = ( {vlans} );""")


def reservation(scope, rule, **more):
    return {"hw-address": hardware(scope, rule).hex(":"), "ip-address": address(scope, rule), **more}


def kea_subnet(scope, **more):
    return {"id": number(scope), "subnet": f"127.{number(scope)}.0.0/16",
            "pools": [{"pool": f"127.{number(scope)}.{THIRD[rule]}.1 - "
                               f"127.{number(scope)}.{THIRD[rule]}.99"} for rule in RULES],
            "reservations": [reservation(scope, rule) for rule in RULES], **more}


def configuration(scope, site_file, threads):
    subnet = kea_subnet(scope)
    more = {}
    if scope == "global":
        more["option-data"] = kea_options(scope)
    elif scope == "subnet":
        subnet["option-data"] = kea_options(scope)
    elif scope == "class":
        more["client-classes"] = [{"name": "phones", "test": "option[60].text == 'MS-UC-Client'",
                                   "option-data": kea_options(scope)}]
    elif scope == "reservation":
        subnet["reservations"] = [reservation(scope, rule, **{"option-data": kea_options(scope)})
                                  for rule in RULES]
    elif scope == "pool":
        for pool in subnet["pools"]:
            pool["option-data"] = kea_options(scope)
    if scope == "network":
        more["shared-networks"] = [{"name": "floor", "option-data": kea_options(scope),
                                    "subnet4": [subnet]}]
    subnets = [] if scope == "network" else [subnet]
    return kea.configuration(subnets, hooks=[kea.hook(site_file)], threads=threads, **more)


def common(reply):
    return {code: reply.options.get(code) for code in OURS}


def answers(server, scope, rule, asked):
    """DISCOVER, REQUEST, and INFORM, of one phone that asks for the same in each."""
    link = LoopbackLink(server)
    about = {"vendor_class": phone.MS_UC, "requested": asked, "mac": hardware(scope, rule)}
    offer = link.exchange(phone.message("DISCOVER", giaddr=f"127.{number(scope)}.0.1", **about))
    assert offer.yiaddr == address(scope, rule)
    ack = link.exchange(phone.message("REQUEST", giaddr=f"127.{number(scope)}.0.1",
                                      hint=offer.yiaddr, server=offer.options[54], **about))
    assert ack.type == phone.TYPES["ACK"]
    informed = link.exchange(phone.message("INFORM", ciaddr=offer.yiaddr, **about))
    return {"OFFER": common(offer), "ACK": common(ack), "ACK to INFORM": common(informed)}


@pytest.fixture(scope="module", params=[0, 4], ids=["one-thread", "four-threads"])
def run_of_threads(request):
    return request.param


@pytest.fixture(scope="module", params=SCOPES)
def scope(request):
    return request.param


@pytest.fixture(scope="module")
def world(hook_library, tmp_path_factory, scope, run_of_threads):
    site_file = write_site(tmp_path_factory.mktemp("site") / "site.conf")
    with kea.Kea(configuration(scope, site_file, run_of_threads)) as server:
        yield server


@pytest.mark.parametrize("asked", [None, [1, 3], [15], [42, 119], [15, 42, 119, 43, 120]],
                         ids=str)
@pytest.mark.parametrize("rule", RULES)
def test_every_answer_says_the_same(world, scope, rule, asked):
    kea_has_it = scope != "nothing" and rule == "keep"
    expected = kea_values(scope) if kea_has_it else OURS
    got = answers(world, scope, rule, asked)
    if scope == "pool" and kea_has_it:
        # Kea does not look into pools for an INFORM, which has no lease: none rather than ours.
        assert got.pop("ACK to INFORM") == dict.fromkeys(OURS)
    assert got == {kind: expected for kind in got}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("asked", [[1, 3], [15], [15, 42, 119]], ids=str)
def test_one_that_asks_differently_each_time(world, scope, rule, asked):
    """What is learned from the OFFER holds for the INFORM, which asks for something else."""
    if scope == "pool":
        pytest.skip("no pool is known for an INFORM")
    first = answers(world, scope, rule, asked)["OFFER"]
    for other in (None, [120, 43], [119]):
        assert answers(world, scope, rule, other)["ACK to INFORM"] == first


def test_the_query_is_what_the_client_sent_again(hook_library, directory):
    """flex_option, listed behind us, looks at option 55 when the response goes out."""
    for library in (hook_library, KEA_HOOKS / "libdhcp_flex_option.so"):
        (directory / library.name).symlink_to(library)
    hooks = [kea.hook(write_site(directory / "site.conf"), library=directory / hook_library.name),
             {"library": f"{directory}/libdhcp_flex_option.so", "parameters": {
                 "options": [{"code": 66, "add": "hexstring(option[55].hex, '')"}]}}]
    config = kea.configuration([kea_subnet("nothing")], hooks=hooks)
    with kea.Kea(config, environment={"KEA_HOOKS_PATH": str(directory)}) as server:
        link = LoopbackLink(server)
        for asked in ([43, 120], [15, 42], [119, 15, 42]):
            reply = link.exchange(phone.message("INFORM", phone.MS_UC, asked,
                                                ciaddr=address("nothing", "keep")))
            assert reply.options[66].decode().lower() == bytes(asked).hex()
        reply = link.exchange(phone.message("INFORM", phone.MS_UC,
                                            ciaddr=address("nothing", "keep")))
        assert 66 not in reply.options and common(reply) == OURS


def test_shared_network_with_a_lease_in_the_other_subnet(hook_library, directory):
    """Relayed from a subnet that is no vlan, leased an address of one that is."""
    here = {"id": 1, "subnet": "127.90.0.0/16"}
    config = kea.configuration([], hooks=[kea.hook(write_site(directory / "site.conf"))], **{
        "shared-networks": [{"name": "floor", "option-data": kea_options("network"),
                             "subnet4": [here, kea_subnet("network")]}]})
    with kea.Kea(config) as server:
        reply = LoopbackLink(server).exchange(
            phone.message("DISCOVER", phone.MS_UC, [43], giaddr="127.90.0.1",
                          mac=hardware("network", "keep")))
        assert reply.yiaddr == address("network", "keep")
        assert common(reply) == kea_values("network")


@pytest.mark.parametrize("where", ["subnet", "network"])
def test_relay_with_an_address_of_its_own(hook_library, directory, where):
    relay = {"relay": {"ip-addresses": ["127.99.0.1"]}}
    subnet = kea_subnet("network", **(relay if where == "subnet" else {}))
    network = {"name": "floor", "option-data": kea_options("network"), "subnet4": [subnet],
               **(relay if where == "network" else {})}
    config = kea.configuration([], hooks=[kea.hook(write_site(directory / "site.conf"))],
                               **{"shared-networks": [network]})
    with kea.Kea(config) as server:
        reply = LoopbackLink(server).exchange(
            phone.message("DISCOVER", phone.MS_UC, [43], giaddr="127.99.0.1",
                          mac=hardware("network", "keep")))
        assert common(reply) == kea_values("network")


def test_broadcast_without_a_relay(network, hook_library, directory):
    """Nothing but the server's own address on the link tells where the phone is."""
    site_file = sites.write(directory / "site.conf", """
        pools = { hq = { sip_server = "pool01.contoso.com"; }; };
        vlans = ( { name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
                    ntp = [ "10.1.0.1" ]; } );""")
    subnet = {"id": 1, "subnet": "10.20.0.0/16", "pools": [{"pool": "10.20.1.0/24"}],
              "option-data": kea_options("subnet")}
    config = kea.configuration([subnet], hooks=[kea.hook(site_file)], raw=True,
                               interfaces=["voice0"])
    with kea.Kea(config, namespace=network.server) as server:
        link = phone.VethLink(network, "voice0")
        try:
            reply = link.exchange(phone.message("DISCOVER", phone.MS_UC, [43], broadcast=True))
        finally:
            link.close()
        assert common(reply) == kea_values("subnet")
        assert "UCPROV_OPTION_DIFFERS" in server.log()


@pytest.mark.parametrize("threads", [0, 4])
def test_kea_gets_and_loses_options_of_its_own(hook_library, directory, threads):
    """Kea is prompted from the moment on that there is something to prompt it for."""
    site_file = write_site(directory / "site.conf")
    without = kea.configuration([kea_subnet("subnet")], hooks=[kea.hook(site_file)],
                                threads=threads)
    having = configuration("subnet", site_file, threads)
    with kea.Kea(without, severity="DEBUG") as server:
        for config, expected in ((without, OURS), (having, kea_values("subnet")), (without, OURS),
                                 (having, kea_values("subnet")), (having, kea_values("subnet"))):
            assert server.set_configuration(config)["result"] == 0
            for kind in answers(server, "subnet", "keep", [43, 120]).values():
                assert kind == expected
        if kea.version() < (2, 6):
            assert server.command("libreload")["result"] == 0
            assert set(map(str, answers(server, "subnet", "keep", [43]).values())) == {
                str(kea_values("subnet"))}
        without_us = {**having, "hooks-libraries": []}
        assert server.set_configuration(without_us)["result"] == 0
        assert common(LoopbackLink(server).exchange(phone.message(
            "INFORM", phone.MS_UC, [43], ciaddr=address("subnet", "keep"))))[42] is None


# Telling of it

def differences(server):
    return [line.split("UCPROV_OPTION_DIFFERS ")[1] for line in server.log().splitlines()
            if "UCPROV_OPTION_DIFFERS" in line]


PLACES = {"global": "all of Kea", "network": "shared network floor", "subnet": "subnet 127.73.0.0/16",
          "class": "class phones", "reservation": "reservation of 00:04:f2:00:4b:00",
          "pool": "pool 127.76.10.1 - 127.76.10.99"}


def test_differences_are_told(world, scope):
    told = [text for text in differences(world)]
    if scope == "nothing":
        assert told == []
        return
    assert len(told) == 3
    for text, code, kea_s, site_s in zip(
            told, (15, 42, 119),
            (f"{scope}.example", f"10.9.{number(scope)}.1", f"{scope}.example, more.example"),
            ("contoso.com", "10.1.0.1", "contoso.com"), strict=True):
        first = "global" if scope == "class" else scope
        assert text.startswith(f"vlan {first}-keep")
        assert f"option {code}: Kea's configuration has {kea_s} ({PLACES[scope]})" in text
        assert f"the site file {site_s}," in text and 'kea_options = "replace"' in text
        assert (f"look for ucupdates-r2.{scope}.example" in text) == (code != 42)


def test_differences_at_a_reload(hook_library, directory):
    site_file = write_site(directory / "site.conf")
    with kea.Kea(configuration("subnet", site_file, 0)) as server:
        assert len(differences(server)) == 3
        alike = site_file.read_text().replace('"contoso.com"; ntp = [ "10.1.0.1" ]',
                                              '"Subnet.Example"; ntp = [ "10.9.73.1" ]')
        site_file.write_text(alike)
        server.ask("ucprov-reload")
        # The search list is what the domain is by default.
        assert len(differences(server)) == 4 and "option 119" in differences(server)[3]
        site_file.write_text(alike.replace('"keep"', '"replace"'))
        server.ask("ucprov-reload")
        assert len(differences(server)) == 4


@pytest.mark.parametrize("data, csv, alike", [
    ("contoso.com.", True, True), ("CONTOSO.com", True, True), ("contoso.org", True, False),
    (b"contoso.com".hex(), False, True), ("0x" + b"contoso.com".hex(), False, True),
    (b"contoso.net".hex(), False, False)])
def test_the_same_in_other_words(hook_library, directory, data, csv, alike):
    subnet = kea_subnet("subnet", **{"option-data": [
        {"code": 15, "space": "dhcp4", "csv-format": csv, "data": data}]})
    config = kea.configuration([subnet],
                               hooks=[kea.hook(write_site(directory / "site.conf"))])
    with kea.Kea(config) as server:
        assert (differences(server) == []) == alike


def test_an_option_of_another_space_is_another_option(hook_library, directory):
    subnet = kea_subnet("subnet", **{"option-data": [
        {"code": 15, "space": "vendor-4491", "csv-format": False, "data": "41"}]})
    config = kea.configuration([subnet],
                               hooks=[kea.hook(write_site(directory / "site.conf"))])
    with kea.Kea(config) as server:
        assert differences(server) == []


def test_thousands_of_vlans_are_one_line(hook_library, directory):
    vlans = ",".join(f'{{ name = "v{i}"; subnet = "10.{i // 250}.{i % 250}.0/24"; pool = "hq"; }}'
                     for i in range(2000))
    site_file = sites.write(directory / "site.conf", f"""
        pools = {{ hq = {{ sip_server = "pool01.contoso.com"; }}; }};
        defaults = {{ domain = "contoso.com"; ntp = [ ]; }}; vlans = ( {vlans} );""")
    subnets = [{"id": i + 1, "subnet": f"10.{i // 250}.{i % 250}.0/24"} for i in range(2000)]
    config = kea.configuration(subnets, hooks=[kea.hook(site_file)],
                               **{"option-data": kea_options("global")[:1]})
    with kea.Kea(config) as server:
        assert len(differences(server)) == 1
        assert differences(server)[0].startswith("vlan v0 (and 1999 more): option 15:")


def test_options_get_says_whose(world, scope):
    for rule in RULES:
        answer = world.ask("ucprov-options-get", {"subnet": address(scope, rule),
                                                  "vendor-class": "MS-UC-Client"})
        options = {option["code"]: option for option in answer["options"]}
        everywhere = scope in ("global", "network", "subnet")
        for code, value in OURS.items():
            option = options[code]
            from_kea = everywhere and rule == "keep"
            assert option["from"] == ("kea" if from_kea else "site")
            assert option["hex"].lower() == (kea_values(scope)[code] if from_kea else value).hex()
            assert option["replaces-kea"] == (rule == "replace")
            some = option.get("kea-for-some", [])
            if rule == "keep" and scope in ("class", "reservation", "pool"):
                assert [each["where"] for each in some][:1] == [PLACES[scope]]
            else:
                assert some == []
        assert options[43]["from"] == options[120]["from"] == "site"


# A few phones first

PILOT = """
pools = { hq = { sip_server = "pool01.contoso.com"; }; };
defaults = { domain = "contoso.com"; ntp = [ "10.1.0.1" ]; };
vlans = (
  { name = "tried"; subnet = "127.20.0.0/16"; pool = "hq"; voice_vlan_id = 20;
    pilot = [ "00:04:f2:95:31:a2", "64:16:7F:*" ]; },
  { name = "watched"; subnet = "127.25.0.0/16"; pool = "hq"; observe = true; }
);
"""


@pytest.mark.parametrize("threads", [0, 4])
def test_pilot(hook_library, directory, threads):
    site_file = sites.write(directory / "site.conf", PILOT)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)], threads=threads)) as server:
        link = LoopbackLink(server)
        for mac in ("0004f29531a2", "64167f000001", "64167fffffff"):
            options = inform(link, "127.20.0.9", mac=bytes.fromhex(mac))
            assert set(options) == {15, 42, 43, 119, 120}
            assert set(inform(link, "127.20.0.9", b"CPE-OCPHONE", mac=bytes.fromhex(mac))) >= {43}
        for mac in ("0004f29531a3", "0004f29531a1", "641680000000", "64167e000000"):
            assert inform(link, "127.20.0.9", mac=bytes.fromhex(mac)) == {}
            assert inform(link, "127.20.0.9", b"CPE-OCPHONE", mac=bytes.fromhex(mac)) == {}
        server.wait_for_statistic("ucprov-outside-pilot", 8)
        server.wait_for_statistic("ucprov-ms-uc-client", 3)
        trials = server.ask("ucprov-status-get")["trials"]
        assert trials == [
            {"vlan": "tried", "observe": False, "pilot": ["00:04:f2:95:31:a2", "64:16:7f:*"]},
            {"vlan": "watched", "observe": True, "pilot": []}]
        assert server.command("ucprov-options-get", {"subnet": "127.20.0.0/16"})["text"].endswith(
            "vlan tried, if it is one of the pilot")


def test_outside_the_pilot_kea_answers_as_without_us(hook_library, directory):
    """Not even option 55 is touched: Kea sends its own to those that ask alone."""
    site_file = sites.write(directory / "site.conf", PILOT)
    config = kea.configuration(hooks=[kea.hook(site_file)],
                               **{"option-data": kea_options("global")})
    with kea.Kea(config) as server:
        for where in ("127.20.0.9", "127.25.0.9"):
            assert set(served(server, where, requested=[43])) == {15}  # always, when it has one
            assert set(served(server, where, requested=[42, 119])) == {15, 42, 119}


@pytest.mark.parametrize("severity", ["INFO", "DEBUG"])
def test_observe(hook_library, directory, severity):
    site_file = sites.write(directory / "site.conf", PILOT)
    config = kea.configuration(hooks=[kea.hook(site_file)],
                               **{"option-data": [kea.raw_option(43, b"\1\1x")]})
    with kea.Kea(config, severity=severity) as server:
        link = LoopbackLink(server)
        assert inform(link, "127.25.0.9") == {43: b"\1\1x"}
        assert inform(link, "127.25.0.9", b"other", requested=[1]) == {43: b"\1\1x"}
        server.wait_for_statistic("ucprov-observed", 2)
        assert server.statistic("ucprov-ms-uc-client") == 0
        lines = [line for line in server.log().splitlines() if "UCPROV_OBSERVED" in line]
        assert len(lines) == (2 if severity == "DEBUG" else 0)
        if lines:
            assert "would get option(s) 15, 42, 43 for Kea's, 119, 120 of vlan watched" in lines[0]
            assert "would get option(s) 15, 42, 119 of vlan watched" in lines[1]
        answer = server.command("ucprov-options-get", {"subnet": "127.25.0.0/16"})
        assert answer["text"].endswith("nothing is sent, it is only observed")


def test_a_pilot_that_is_none(hook_library, directory):
    site = PILOT.replace('"64:16:7F:*"', '"64:16:7F"')
    with kea.Kea(kea.configuration(hooks=[kea.hook(sites.write(directory / "site.conf", site))],
                                   )) as server:
        assert json.dumps(server.ask("ucprov-status-get")["degraded"]["errors"]).count(
            "is no hardware address; write it like 00:04:f2:95:31:a2, or like 00:04:f2:*") == 1
