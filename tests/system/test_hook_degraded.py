# SPDX-License-Identifier: MPL-2.0
"""A site file that is no good when Kea starts: DHCP goes on, loudly, with the copy of the last accepted
site, or with nothing of ours."""

import os
import stat
import time

import pytest

import kea
import phone
import sites
from phone import served
from sites import NEW, OLD, SITE_NEW


def discover(server):
    """Everybody's first question, which Kea answers by itself."""
    return phone.LoopbackLink(server).exchange(
        phone.message("DISCOVER", None, [1, 3], giaddr="127.20.0.1"))


def degraded(server):
    return server.ask("ucprov-status-get")["degraded"]


def assert_loud(server):
    lines = [line for line in server.log().splitlines() if "UCPROV_DEGRADED" in line]
    assert lines and all(line.startswith("ERROR") for line in lines)
    assert server.command("ucprov-status-get")["text"].startswith("degraded: ")
    assert server.statistic("ucprov-degraded") == 1


def break_file(site_file, how):
    if how == "broken":
        sites.write(site_file, sites.BROKEN)
    elif how == "missing":
        site_file.unlink()
    elif how == "directory":
        site_file.unlink()
        site_file.mkdir()
    elif how == "fifo":
        site_file.unlink()
        os.mkfifo(site_file)


@pytest.mark.parametrize("how", ["broken", "missing", "directory", "fifo"])
def test_start_without_a_copy(hook_library, site_file, how):
    break_file(site_file, how)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)])) as server:
        if how == "broken":
            assert sites.missing_errors(server.log()) == []
        assert str(site_file) in server.log()
        assert_loud(server)
        state = degraded(server)
        assert state["serves"] == "nothing" and state["errors"]
        offer = discover(server)
        assert offer is not None and offer.ours() == {}
        assert served(server) == {}
        assert server.command("ucprov-pool-set", {"vlan": "*", "pool": "dr"})["result"] == 1
        assert server.command("ucprov-options-get", {"subnet": "127.20.0.0/16"})["result"] == 1
        if how == "directory":
            site_file.rmdir()
        elif how == "fifo":
            site_file.unlink()
        sites.write(site_file, SITE_NEW)
        assert server.command("ucprov-reload")["result"] == 0
        assert degraded(server) is None and server.statistic("ucprov-degraded") == 0
        assert served(server) == NEW


@pytest.mark.parametrize("how", ["broken", "missing"])
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_start_with_a_copy(hook_library, site_file, directory, how, end):
    """Start with a good site, break it, end, start: served as before, and chosen pools hold."""
    state = directory / "state"
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, state)])) as server:
        copy = directory / "state.site"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert copy.read_text().endswith(site_file.read_text())
        digest = server.ask("ucprov-status-get")["digest"]
        server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
        break_file(site_file, how)
        kept = copy.read_bytes()
        (server.crash if end == "kill" else server.restart)()
        assert_loud(server)
        assert degraded(server)["serves"] == "copy"
        assert server.ask("ucprov-status-get")["digest"] == digest
        assert served(server) == NEW
        assert copy.read_bytes() == kept
        assert server.command("ucprov-reload")["result"] == 1
        assert degraded(server)["serves"] == "copy"
        sites.write(site_file, sites.SITE)
        assert server.command("ucprov-reload")["result"] == 0
        assert degraded(server) is None
        assert served(server) == NEW, "the pool that was chosen"


def touch(copy):
    copy.write_text(copy.read_text().replace("pool01.contoso.com", "pool66.contoso.com"))


def open_to_others(copy):
    copy.chmod(0o666)


def link(copy):
    copy.rename(copy.with_name("elsewhere"))
    copy.symlink_to(copy.with_name("elsewhere"))


def cut(copy):
    copy.write_bytes(copy.read_bytes()[:-1])


def empty(copy):
    copy.write_bytes(b"")


def give_away(copy):
    os.chown(copy, 65534, 65534)


@pytest.mark.parametrize("spoil", [touch, open_to_others, link, cut, empty, give_away],
                         ids=lambda function: function.__name__)
def test_copy_that_is_not_as_it_was(hook_library, site_file, directory, spoil):
    if spoil is give_away and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        spoil(directory / "state.site")
        break_file(site_file, "broken")
        server.restart()
        assert degraded(server)["serves"] == "nothing"
        assert "state.site: not used" in server.log()
        assert served(server) == {}


def test_copy_of_another_site_file(hook_library, site_file, directory):
    other = sites.write(directory / "other.conf", sites.BROKEN)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        server.restart(kea.configuration(hooks=[kea.hook(other, directory / "state")]))
        assert degraded(server)["serves"] == "nothing"
        assert f"no untouched copy of {other}" in server.log()


def test_copy_follows_every_accepted_file(hook_library, site_file, directory):
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        copy = directory / "state.site"
        sites.write(site_file, SITE_NEW)
        assert server.command("ucprov-reload")["result"] == 0
        assert copy.read_text().endswith(SITE_NEW)
        sites.write(site_file, sites.BROKEN)
        assert server.command("ucprov-reload")["result"] == 1
        assert copy.read_text().endswith(SITE_NEW)


def test_testing_a_configuration_writes_nothing(hook_library, site_file, directory):
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)])) as server:
        tested = server.complete(kea.configuration(hooks=[kea.hook(site_file, directory / "state")]))
        assert server.command("config-test", tested)["result"] == 0
        sites.write(site_file, sites.BROKEN)
        answer = server.command("config-test", tested)
        assert answer["result"] == 1 and sites.missing_errors(answer["text"]) == []
        assert not list(directory.glob("state*"))


def test_state_file_that_cannot_be_written(hook_library, site_file, directory):
    """Found when Kea starts, not when a pool has failed."""
    state = directory / "no-such-folder" / "state"
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, state)])) as server:
        lines = [line for line in server.log().splitlines() if "UCPROV_STATE_FILE" in line]
        assert len(lines) == 1 and lines[0].startswith("ERROR") and str(state) in lines[0]
        assert str(state) in server.ask("ucprov-status-get")["state-file-error"]
        assert served(server) == OLD
        state.parent.mkdir()
        assert server.command("config-reload")["result"] == 0
        assert server.ask("ucprov-status-get")["state-file-error"] is None


@pytest.mark.parametrize("name", ["state", "state.site", "state.new", "state.site.new"])
def test_state_file_that_would_write_over_the_site(hook_library, directory, name):
    """Refused as a wrong parameter is, and the site file stays as it is."""
    site_file = sites.write(directory / name, sites.SITE)
    said = kea.refused_start(kea.configuration(hooks=[kea.hook(site_file, directory / "state")]))
    assert "would be written to" in said
    assert site_file.read_text() == sites.SITE


def test_copy_in_the_place_of_something_else(hook_library, site_file, directory):
    """What lies under the copy's name and is none of ours goes, and what a link leads to stays."""
    copy = directory / "state.site"
    precious = directory / "precious"
    precious.write_text("precious")
    copy.symlink_to(precious)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        assert precious.read_text() == "precious" and not copy.is_symlink()
        copy.chmod(0o644)
        assert server.command("ucprov-reload")["result"] == 0
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        break_file(site_file, "broken")
        server.restart()
        assert degraded(server)["serves"] == "copy"


def test_empty_site_file(hook_library, site_file, directory):
    """What a full disk leaves: no site without a vlan, but one that was cut off."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        site_file.write_text("")
        answer = server.command("ucprov-reload")
        assert answer["result"] == 1 and "is empty" in answer["text"]
        assert served(server) == OLD
        server.restart()
        assert degraded(server)["serves"] == "copy" and served(server) == OLD


def test_state_file_that_is_a_directory(hook_library, site_file, directory):
    (directory / "state").mkdir()
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        assert "UCPROV_STATE_FILE" in server.log()
        assert "irectory" in server.ask("ucprov-status-get")["state-file-error"]


def test_state_file_that_others_can_write(hook_library, site_file, directory):
    state = directory / "state"
    state.write_text('{"version": 1, "pools": {"hq-voice": "dr"}}')
    state.chmod(0o666)
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, state)])) as server:
        assert "others could have written it" in server.log()
        assert served(server) == OLD


def test_wrong_parameters_while_it_runs(hook_library, site_file):
    """They do no harm now, and the text says what they will do."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)])) as server:
        wrong = kea.hook(site_file)
        wrong["parameters"]["site-fil"] = "x"
        answer = server.set_configuration(kea.configuration(hooks=[wrong]))
        assert answer["result"] == 0 and "Kea will not start" in answer["text"]
        assert served(server) == OLD


@pytest.mark.parametrize("text", ["# nothing yet\n", "vlans = ( );\n", sites.SITE.split("vlans")[0]],
                         ids=["comment", "no-vlan", "cut-off"])
def test_site_file_without_a_vlan(hook_library, site_file, directory, text):
    """Phones would lose everything, and the copy with them."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        kept = (directory / "state.site").read_bytes()
        site_file.write_text(text)
        assert server.command("ucprov-reload")["result"] == 1
        assert served(server) == OLD and (directory / "state.site").read_bytes() == kept


def test_very_many_errors(hook_library, site_file):
    """Kea waits for the reload: it must not take minutes."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file)])) as server:
        site_file.write_text("vlans = (" + ",".join(["{ x = 1; }"] * 300000) + ");\n")
        start = time.monotonic()
        answer = server.command("ucprov-reload")
        assert answer["result"] == 1 and time.monotonic() - start < 10
        assert served(server) == OLD


def test_pool_set_while_the_site_file_waits_for_its_reload(hook_library, site_file, directory):
    """The file was edited, and nobody has reloaded it yet: moving phones is no matter of the copy."""
    with kea.Kea(kea.configuration(hooks=[kea.hook(site_file, directory / "state")])) as server:
        kept = (directory / "state.site").stat()
        sites.write(site_file, SITE_NEW)
        server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
        assert (directory / "state.site").stat() == kept
        assert "UCPROV_STATE_FILE" not in server.log()
        assert server.ask("ucprov-status-get")["state-file-error"] is None
