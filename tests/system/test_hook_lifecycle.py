# SPDX-License-Identifier: MPL-2.0
"""Loaded and unloaded again and again: nothing leaks, nothing of it stays behind."""

import re

import kea
import phone
import sites
from phone import served
from sites import OLD

CYCLES = 10
WARM_UP = 5
GROWTH_MAX = 200  # kB in ten cycles; a policy or a table that stays behind is seen in bare Kea's 0


def set_hooks(server, threads, hooks):
    answer = server.set_configuration(kea.configuration(threads=threads, hooks=hooks))
    assert answer["result"] == 0, answer


def cycle(server, threads, hooks):
    set_hooks(server, threads, hooks)
    assert served(server, timeout=30) == OLD
    set_hooks(server, threads, [])
    assert served(server, timeout=30) == {}


def test_load_and_unload(server, site_file, threads):
    hooks = [kea.hook(site_file)]
    for _ in range(WARM_UP):
        cycle(server, threads, hooks)
    before = server.rss()
    for _ in range(CYCLES):
        cycle(server, threads, hooks)
    growth = server.rss() - before
    print(f"{growth} kB in {CYCLES} cycles")
    assert growth <= GROWTH_MAX


def test_unloaded_kea_knows_nothing_of_us(server, threads):
    set_hooks(server, threads, [])
    names = [name for name in server.ask("list-commands") if name.startswith("ucprov-")]
    assert names == []
    load = server.load(5000)
    assert load["answered"] == 5000 and len(load["kinds"]) == 1


def test_configuration_without_the_key_unloads_the_hook(simple_server):
    """Kea 2.2 takes a missing "hooks-libraries" for an empty list."""
    config = kea.configuration()
    del config["hooks-libraries"]
    assert simple_server.set_configuration(config)["result"] == 0
    assert served(simple_server, timeout=30) == {}


def test_reload_again_and_again(simple_server, site_file):
    """ucprov-reload and ucprov-pool-set free what they replace."""
    def change():
        simple_server.ask("ucprov-reload")
        simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "pool": "dr"})
        simple_server.ask("ucprov-pool-set", {"vlan": "hq-voice", "reset": True})
        assert served(simple_server, timeout=30) == OLD

    for _ in range(300):
        change()
    before = simple_server.rss()
    for _ in range(500):
        change()
    growth = simple_server.rss() - before
    print(f"{growth} kB in 500 changes")
    assert growth <= GROWTH_MAX


def test_valgrind_finds_no_fault(hook_library, site_file):
    """Under memcheck, all of the hook's life: loaded, asked, told, reloaded, refused, unloaded."""
    wrapper = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite",
               "--errors-for-leak-kinds=definite", "--num-callers=40", "--keep-debuginfo=yes",
               "--log-file=valgrind.log"]
    hooks = [kea.hook(site_file)]
    with kea.Kea(kea.configuration(hooks=hooks), wrapper=wrapper) as running:
        for vendor_class in (phone.MS_UC, b"CPE-OCPHONE", b"other", None):
            phone.LoopbackLink(running).exchange(
                phone.message("INFORM", vendor_class, [120], ciaddr="127.25.0.9"), timeout=30)
        running.ask("ucprov-status-get")
        running.ask("ucprov-options-get", {"subnet": "127.20.0.1", "vendor-class": "MS-UC-Client"})
        running.ask("ucprov-pool-set", {"vlan": "*", "pool": "dr"})
        running.ask("ucprov-pool-set", {"vlan": "*", "reset": True})
        sites.write(site_file, sites.BROKEN)
        assert running.command("ucprov-reload")["result"] == 1
        assert running.set_configuration(kea.configuration(hooks=hooks))["result"] == 0
        sites.write(site_file, sites.SITE)
        running.ask("ucprov-reload")
        for _ in range(2):
            cycle(running, 0, hooks)
        running._end()
        report = (running.directory / "valgrind.log").read_text()
    assert "ERROR SUMMARY" in report
    sources = "|".join(re.escape(path.name) for folder in ("kea-hooks", "lib")
                       for path in (kea.ROOT / folder).glob("*.c*"))
    ours = [block for block in re.split(r"^==\d+== \n", report, flags=re.M)
            if re.search(rf"\(({sources}):\d+\)|libdhcp_ucprov", block)]
    assert ours == [], "\n".join(ours)
