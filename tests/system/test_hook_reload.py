# SPDX-License-Identifier: MPL-2.0
"""The policy changes while phones ask: none goes without an answer, and each answer is wholly of
the old policy or wholly of the new one."""

import itertools
import time

import pytest

import kea
import phone
import sites
from sites import SITE_NEW

QUERIES = 20_000
CHANGES_MIN = 5  # fewer would prove nothing

OLD, NEW = sites.HQ_VOICE, sites.HQ_VOICE_DR


def options_of(vlan):
    return sites.expected(vlan, phone.MS_UC, [120, 43], {})


def decoded(kind):
    options = dict(phone.split_options(bytes.fromhex(kind["options"]))[0])
    return {code: options[code] for code in phone.OURS if code in options}


def change_during_load(server, change, pause=0, **settings):
    """Changes again and again until the load is over. Returns its counts and how many changes."""
    load = server.start_load(QUERIES, **settings)
    changes = 0
    while load.poll() is None:
        change()
        changes += 1
        time.sleep(pause)
    return server.finish_load(load), changes


def assert_old_or_new(load, policies):
    found = [decoded(kind) for kind in load["kinds"]]
    for options in found:
        assert options in policies, f"neither wholly old nor wholly new: {options}"
    assert len(found) == len(policies), "the change did not happen during the load"


def test_pool_set(server):
    pools = itertools.cycle(["dr", "hq"])

    def change():
        server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": next(pools)})

    load, changes = change_during_load(server, change)
    assert load["answered"] == QUERIES and changes >= CHANGES_MIN
    assert_old_or_new(load, [options_of(OLD), options_of(NEW)])


def test_reload_of_a_swapped_file(server, site_file):
    texts = itertools.cycle([SITE_NEW, sites.SITE])

    def change():
        sites.write(site_file, next(texts))
        server.ask("ucprov-reload")

    load, changes = change_during_load(server, change)
    assert load["answered"] == QUERIES and changes >= CHANGES_MIN
    assert_old_or_new(load, [options_of(OLD), options_of(NEW)])


def test_refused_reload_changes_nothing(server, site_file):
    sites.write(site_file, sites.BROKEN)

    def change():
        assert server.command("ucprov-reload")["result"] == 1

    load, changes = change_during_load(server, change)
    assert load["answered"] == QUERIES and changes >= CHANGES_MIN
    assert_old_or_new(load, [options_of(OLD)])


@pytest.mark.parametrize("command", ["config-reload", "config-set"])
def test_new_configuration_of_kea(server, site_file, threads, command, record_property):
    """Kea closes its sockets for a moment: what waits in them is lost, with the hook or without.
    At most a window of queries can wait, so that is what each change may cost."""
    window = 16
    config = kea.configuration(hooks=[kea.hook(site_file)], threads=threads)
    bare_config = kea.configuration(threads=threads)
    texts = itertools.cycle([SITE_NEW, sites.SITE])

    def configure(which, what):
        answer = which.reload(what) if command == "config-reload" else which.set_configuration(what)
        assert answer["result"] == 0, answer

    def change():
        sites.write(site_file, next(texts))
        configure(server, config)

    # Long enough for the load to go on after what each change lost.
    settings = {"window": window, "timeout_ms": 100, "pause": 0.15}
    load, changes = change_during_load(server, change, **settings)
    with kea.Kea(bare_config) as bare:
        bare_load, bare_changes = change_during_load(
            bare, lambda: configure(bare, bare_config), **settings)
    figures = (f"lost {load['lost']} in {changes} changes; "
               f"bare Kea {bare_load['lost']} in {bare_changes}")
    record_property("losses", figures)
    print(figures)
    assert load["lost"] <= window * changes
    assert load["answered"] + load["lost"] == QUERIES and load["answered"] > QUERIES / 2
    assert_old_or_new(load, [options_of(OLD), options_of(NEW)])
