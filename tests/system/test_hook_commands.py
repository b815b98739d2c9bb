# SPDX-License-Identifier: MPL-2.0
"""The hook's commands and statistics on Kea's control channel."""

import hashlib

import pytest

import kea
import phone
import sites
from phone import served
from sites import NEW, OLD


def refused(server, name, arguments=None):
    """The sentence with which a command is refused."""
    answer = server.command(name, arguments)
    assert answer["result"] == 1, answer
    assert answer["text"].strip()
    return answer["text"]


def test_commands_are_known(simple_server):
    assert {"ucprov-status-get", "ucprov-options-get", "ucprov-pool-set", "ucprov-reload"} <= set(
        simple_server.ask("list-commands"))


# ucprov-status-get

def test_status(simple_server, site_file):
    status = simple_server.ask("ucprov-status-get")
    assert status["site-file"] == str(site_file)
    assert status["digest"] == hashlib.sha256(site_file.read_bytes()).hexdigest()
    assert status["overrides"] == [] and status["refused"] is None
    assert status["version"]


def test_status_after_a_refusal_tells_the_digest_that_serves(simple_server, site_file):
    digest = hashlib.sha256(site_file.read_bytes()).hexdigest()
    sites.write(site_file, sites.BROKEN)
    refused(simple_server, "ucprov-reload")
    assert simple_server.ask("ucprov-status-get")["digest"] == digest


def test_status_lists_overrides(simple_server):
    simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
    (override,) = simple_server.ask("ucprov-status-get")["overrides"]
    assert override["vlan"] == "hq-voice" and override["pool"] == "dr"
    simple_server.ask("ucprov-pool-set", {"vlan": "*", "reset": True})
    assert simple_server.ask("ucprov-status-get")["overrides"] == []


# ucprov-options-get

@pytest.mark.parametrize("subnet", ["127.20.0.0/16", "127.20.0.9"])
def test_options_get_tells_what_is_sent(simple_server, subnet):
    arguments = simple_server.ask("ucprov-options-get",
                                  {"subnet": subnet, "vendor-class": "MS-UC-Client"})
    assert arguments["vlan"] == "hq-voice" and arguments["pool"] == "hq"
    told = {each["code"]: each for each in arguments["options"]}
    sent = served(simple_server)
    assert {code: bytes.fromhex(each["hex"]) for code, each in told.items()} == sent
    for code, each in told.items():
        assert each["length"] == len(sent[code])
        assert not each["findings"]
    assert "pool01.contoso.com" in str(told[43]["means"])
    assert "pool01.contoso.com" in str(told[120]["means"])


def test_options_get_for_other_clients(simple_server):
    def codes(subnet, vendor_class):
        arguments = simple_server.ask("ucprov-options-get",
                                      {"subnet": subnet, "vendor-class": vendor_class})
        return {each["code"]: bytes.fromhex(each["hex"]) for each in arguments["options"]}

    assert codes("127.30.0.0/16", "cpe-ocphone") == {43: sites.HQ_DATA.voice_vlan}
    assert codes("127.30.0.0/16", "MS-UC-Client") == {}
    assert 43 not in codes("127.20.0.0/16", "yealink")


@pytest.mark.parametrize("arguments", [
    None, {}, {"subnet": "127.99.0.1", "vendor-class": "MS-UC-Client"},
    {"subnet": "nonsense", "vendor-class": "MS-UC-Client"}, {"subnet": 7}, [], "text",
    {"subnet": "127.20.0.1", "vendor-class": 7}, {"subnet": "127.20.0.1", "vendor-clas": "x"},
], ids=str)
def test_options_get_is_refused(simple_server, arguments):
    refused(simple_server, "ucprov-options-get", arguments)
    assert served(simple_server) == OLD


# ucprov-pool-set

def test_pool_set_and_reset(server):
    server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
    assert served(server) == NEW
    server.ask("ucprov-pool-set", {"vlan": "hq-voice", "reset": True})
    assert served(server) == OLD


def test_pool_set_to_the_backup(simple_server):
    simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "backup": True})
    assert served(simple_server) == NEW


def test_pool_set_of_all_vlans(simple_server):
    simple_server.ask("ucprov-pool-set", {"vlan": "*", "pool": "hq"})
    assert served(simple_server) == OLD
    assert served(simple_server, address="127.25.0.9")[43] == sites.CERT_PROV_HQ
    # A vlan without phones stays without.
    assert served(simple_server, address="127.30.0.9") == {}
    simple_server.ask("ucprov-pool-set", {"vlan": "*", "reset": True})
    assert served(simple_server, address="127.25.0.9")[43] == sites.CERT_PROV_DR


@pytest.mark.parametrize("arguments, what", [
    (None, ""), ({}, "vlan"), ({"vlan": "hq-voice"}, "pool"), ([], ""), ("text", ""),
    ({"vlan": "hq-voic", "pool": "dr"}, '"hq-voic"'),
    ({"vlan": "hq-voice", "pool": "dd"}, '"dd"'),
    ({"vlan": "hq-data", "pool": "dr"}, "hq-data"),
    ({"vlan": "hq-mixed", "backup": True}, "hq-mixed"),
    ({"vlan": "hq-voice", "pool": "dr", "reset": True}, ""),
    ({"vlan": "hq-voice", "pool": 7}, "pool"),
    ({"vlan": 7, "pool": "dr"}, "vlan"),
    ({"vlan": "hq-voice", "pol": "dr"}, '"pol"'),
], ids=str)
def test_pool_set_is_refused(simple_server, arguments, what):
    assert what in refused(simple_server, "ucprov-pool-set", arguments)
    assert served(simple_server) == OLD
    assert simple_server.ask("ucprov-status-get")["overrides"] == []


# Statistics

def counted(server):
    samples = server.ask("statistic-get-all")
    return {name: values[0][0] for name, values in samples.items() if "ucprov-" in name}


def test_statistics_count_exactly(server):
    before = counted(server)
    for _ in range(3):
        served(server)
    for _ in range(2):
        served(server, "127.30.0.9", b"CPE-OCPHONE")
    served(server, "127.20.0.9", b"yealink")
    served(server, "127.40.0.9", b"yealink")  # no vlan: not touched, not counted
    served(server, "127.25.0.9", phone.MS_UC)
    server.wait_for_statistic("ucprov-ms-uc-client", before["ucprov-ms-uc-client"] + 4)
    grown = {name: value - before.get(name, 0) for name, value in counted(server).items()}
    assert {name: count for name, count in grown.items() if count} == {
        "ucprov-ms-uc-client": 4,
        "ucprov-cpe-ocphone": 2,
        "ucprov-other": 1,
        "subnet[20].ucprov-ms-uc-client": 3,
        "subnet[20].ucprov-other": 1,
        "subnet[25].ucprov-ms-uc-client": 1,
        "subnet[30].ucprov-cpe-ocphone": 2,
    }


def test_statistics_of_reloads(simple_server, site_file):
    before = counted(simple_server)
    simple_server.ask("ucprov-reload")
    simple_server.ask("ucprov-reload")
    sites.write(site_file, sites.BROKEN)
    refused(simple_server, "ucprov-reload")
    after = counted(simple_server)
    assert after["ucprov-reloads"] - before["ucprov-reloads"] == 2
    assert after["ucprov-reload-failures"] - before["ucprov-reload-failures"] == 1
    assert after["ucprov-errors"] == before["ucprov-errors"] == 0


def test_untouched_responses_are_not_counted(simple_server):
    before = counted(simple_server)
    served(simple_server, "127.30.0.9", phone.MS_UC)  # a data vlan has nothing for this client
    served(simple_server, "127.40.0.9", b"yealink")  # no vlan
    served(simple_server, "127.30.0.9", b"CPE-OCPHONE")
    simple_server.wait_for_statistic("ucprov-cpe-ocphone", before["ucprov-cpe-ocphone"] + 1)
    after = counted(simple_server)
    assert after["ucprov-ms-uc-client"] == before["ucprov-ms-uc-client"]
    assert after["ucprov-other"] == before["ucprov-other"]


def test_counts_survive_reconfiguration_and_unloading(simple_server, site_file):
    served(simple_server)
    config = kea.configuration(hooks=[kea.hook(site_file)])
    assert simple_server.set_configuration(config)["result"] == 0
    served(simple_server)
    assert simple_server.set_configuration(kea.configuration())["result"] == 0
    simple_server.wait_for_statistic("ucprov-ms-uc-client", 2)


def test_counting_goes_on_after_libreload(simple_server):
    """Kea loads the library anew then, without telling it of a configuration."""
    if "libreload" not in simple_server.ask("list-commands"):
        pytest.skip("this Kea has no libreload any more")
    before = counted(simple_server)
    assert simple_server.command("libreload")["result"] == 0
    served(simple_server)
    simple_server.wait_for_statistic("subnet[20].ucprov-ms-uc-client",
                                     before.get("subnet[20].ucprov-ms-uc-client", 0) + 1)
