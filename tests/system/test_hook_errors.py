# SPDX-License-Identifier: MPL-2.0
"""A site file with mistakes, in every way it can reach Kea: refused with every error, and what
served before serves on."""

import json

import pytest

import kea
import sites
from phone import served
from sites import NEW, OLD, SITE_NEW

# Kea 2.2 says so whenever it refuses a configuration while it runs. It means it: where Kea itself
# finds the fault it has closed its sockets, and answers nobody until it gets a good configuration.
REFUSED_WHILE_RUNNING = ("DHCP4_CONFIG_UNRECOVERABLE_ERROR", "DHCP4_DYNAMIC_RECONFIGURATION_FAIL")


# At start

@pytest.mark.parametrize("parameters, what", [
    ({"site-file": "{file}", "site-fil": "x"}, "site-fil"),
    ({"site-file": "{file}", "statefile": "/nowhere"}, "state-file"),
    ({"site-file": 7}, "site-file"),
    ({"site-file": ""}, "site-file"),
], ids=["unknown", "nearest-name", "not-text", "empty"])
def test_start_is_refused_for_wrong_parameters(hook_library, site_file, parameters, what):
    text = json.dumps(parameters).replace("{file}", str(site_file))
    said = kea.refused_start(kea.configuration(
        hooks=[{"library": str(hook_library), "parameters": json.loads(text)}]))
    ours = [line for line in said.splitlines() if "UCPROV_" in line]
    assert any(what in line for line in ours), said


# While it runs

def test_reload_is_refused_with_every_error(server, site_file):
    sites.write(site_file, sites.BROKEN)
    answer = server.command("ucprov-reload")
    assert answer["result"] == 1
    assert sites.missing_errors(answer["text"]) == []
    assert sites.missing_errors(server.log()) == []
    assert served(server) == OLD

    status = server.ask("ucprov-status-get")
    assert sites.missing_errors("\n".join(map(str, status["refused"]["errors"]))) == []

    sites.write(site_file, SITE_NEW)
    assert server.command("ucprov-reload")["result"] == 0
    assert served(server) == NEW
    assert server.ask("ucprov-status-get")["refused"] is None


def test_reload_of_many_vlans_with_one_error(server, site_file):
    """The error is there, however many warnings there are, and warnings are few in the log."""
    line = '{ name = "v%d"; subnet = "10.%d.%d.0/24"; pool = "hq"; domain = "contoso.com"; },\n'
    site_file.write_text('pools = { hq = { sip_server = "p.contoso.com"; }; };\nvlans = (\n' +
                         "".join(line % (i, i >> 8, i & 255) for i in range(10000)) +
                         '{ name = "x"; subnet = "192.0.2.0/24"; pool = "hg"; } );\n')
    typo = f'{site_file}:10003: vlans[10000].pool: no pool named "hg"; did you mean "hq"?'
    answer = server.command("ucprov-reload")
    assert answer["result"] == 1 and answer["arguments"]["errors"] == [typo]
    assert server.ask("ucprov-status-get")["refused"]["errors"] == [typo]
    assert server.log().count(typo) == 1 and server.log().count("UCPROV_SITE_WARNING") < 5
    assert served(server) == OLD


def test_reload_without_the_file(server, site_file):
    site_file.unlink()
    answer = server.command("ucprov-reload")
    assert answer["result"] == 1 and str(site_file) in answer["text"]
    assert served(server) == OLD


@pytest.mark.parametrize("command", ["config-reload", "config-set"])
def test_new_configuration_is_refused_with_every_error(server, site_file, threads, command):
    config = kea.configuration(hooks=[kea.hook(site_file)], threads=threads)

    def configure():
        return (server.reload(config) if command == "config-reload"
                else server.set_configuration(config))

    sites.write(site_file, sites.BROKEN)
    answer = configure()
    assert answer["result"] == 0, answer
    assert "Kea's configuration is in force, but what served phones serves on" in answer["text"]
    assert sites.missing_errors(answer["text"]) == []
    assert sites.missing_errors(server.log()) == []
    assert served(server) == OLD
    assert server.ask("ucprov-status-get")["refused"] is not None

    sites.write(site_file, SITE_NEW)
    assert configure()["result"] == 0
    assert served(server) == NEW


def test_other_site_file_is_refused_mended_and_reloaded(server, site_file, directory):
    """The configuration names another site file, and that is no good: it is the one to mend."""
    other = sites.write(directory / "other.conf", sites.BROKEN)
    config = kea.configuration(hooks=[kea.hook(other)])
    assert "refused" in server.set_configuration(config)["text"]
    assert served(server) == OLD
    assert server.command("ucprov-reload")["result"] == 1
    sites.write(other, SITE_NEW)
    assert server.command("ucprov-reload")["result"] == 0
    assert served(server) == NEW
    assert server.ask("ucprov-status-get")["site-file"] == str(other)


@pytest.mark.parametrize("command", ["config-reload", "config-set"])
def test_new_configuration_with_wrong_parameters(server, site_file, command):
    wrong = kea.hook(site_file)
    wrong["parameters"]["site-fil"] = "x"
    config = kea.configuration(hooks=[wrong])
    answer = (server.reload(config) if command == "config-reload"
              else server.set_configuration(config))
    assert answer["result"] == 0 and "site-fil" in answer["text"], answer
    assert served(server) == OLD
    assert "site-fil" in str(server.ask("ucprov-status-get")["refused"]["errors"])


def test_config_test_reports_every_error_and_changes_nothing(server, site_file, threads):
    sites.write(site_file, sites.BROKEN)
    config = kea.configuration(hooks=[kea.hook(site_file)], threads=threads)
    answer = server.command("config-test", server.complete(config))
    assert answer["result"] == 1, answer
    assert sites.missing_errors(answer["text"]) == []
    assert served(server) == OLD

    sites.write(site_file, SITE_NEW)
    answer = server.command("config-test", server.complete(config))
    assert answer["result"] == 0, answer
    assert served(server) == OLD


def test_configuration_that_kea_refuses_keeps_the_old_policy(server, site_file, threads):
    server.expected_fatal = REFUSED_WHILE_RUNNING
    digest = server.ask("ucprov-status-get")["digest"]
    sites.write(site_file, SITE_NEW)
    config = kea.configuration(hooks=[kea.hook(site_file)], threads=threads)
    config["subnet4"][0]["pools"] = [{"pool": "192.0.2.1 - 192.0.2.9"}]
    assert server.set_configuration(config)["result"] == 1
    assert server.ask("ucprov-status-get")["digest"] == digest

    config = kea.configuration(hooks=[kea.hook(site_file)], threads=threads)
    assert server.set_configuration(config)["result"] == 0
    assert served(server) == NEW


def test_vlan_whose_subnet_kea_lacks_is_named(hook_library, site_file):
    subnets = [kea.subnet(each) for each in kea.SUBNETS if each != kea.MIXED]
    with kea.Kea(kea.configuration(subnets, hooks=[kea.hook(site_file)])) as running:
        warnings = [line for line in running.log().splitlines()
                    if line.startswith("WARN") and "UCPROV_" in line]
    assert len(warnings) == 1
    assert "hq-mixed" in warnings[0] and "127.25.0.0/16" in warnings[0]


# The state file

def test_pool_set_survives_a_restart(hook_library, site_file, directory):
    config = kea.configuration(hooks=[kea.hook(site_file, directory / "state")])
    with kea.Kea(config) as running:
        running.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
        running.restart()
        assert served(running) == NEW
        running.ask("ucprov-pool-set", {"vlan": "hq-voice", "reset": True})
        running.restart()
        assert served(running) == OLD


def test_pool_set_without_a_state_file_is_forgotten(simple_server):
    simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
    assert served(simple_server) == NEW
    simple_server.restart()
    assert served(simple_server) == OLD


@pytest.mark.parametrize("command", ["config-reload", "ucprov-reload"])
def test_pool_set_survives_a_reload(simple_server, command):
    simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
    assert simple_server.command(command)["result"] == 0
    assert served(simple_server) == NEW


@pytest.mark.parametrize("state", ["", "nonsense {", '{"vlans": 7}',
                                   '{"overrides": [{"vlan": "gone", "pool": "dr"}]}'])
def test_damaged_state_file_does_not_stop_kea(hook_library, site_file, directory, state):
    """Phones must be served whatever became of a file that we wrote ourselves."""
    (directory / "state").write_text(state)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as running:
        assert served(running) == OLD
