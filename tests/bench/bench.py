#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Instructions that Kea spends on an answered DHCPINFORM: alone, with the client-class recipe, and
with the hook; the same with a large site; and how long a large site takes to load.

Each variant runs under callgrind; after a warm-up the counters are zeroed, a known number of
queries is answered, and the counters are dumped. Writes build/bench/*.txt. Exit 1 when a figure is
over its limit, or the variants' replies differ."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import kea
import phone

OUT = kea.BUILD / "bench"
WARM_UP = 300
QUERIES = 2000
REQUEST = "15,42,43,119,120"
ANSWERED = 5
LARGE = 10000  # vlans

HOOK_TO_RECIPE_MAX = 0.80
HOOK_TO_BARE_MAX = 1.25
LARGE_TO_SMALL_MAX = 1.05

POOL = "pool01.contoso.com"
CERT_PROV_PATH = "/CertProv/CertProvisioningService.svc"
EXPECTED = {
    15: b"contoso.com",
    42: phone.addresses("10.1.0.1"),
    43: phone.cert_prov(POOL),
    119: phone.search("contoso.com", "emea.contoso.com"),
    120: phone.sip_server(POOL),
}

SITE_HEAD = f"""
pools = {{ hq = {{ sip_server = "{POOL}"; addresses = [ "10.1.1.10" ]; }}; }};
defaults = {{ ntp = [ "10.1.0.1" ]; domain = "contoso.com";
              search = [ "contoso.com", "emea.contoso.com" ]; }};
"""


def site(directory, vlans):
    """A site file whose first vlan is the one that the queries come from."""
    file = pathlib.Path(directory, f"site-{vlans}.conf")
    subnets = ["127.20.0.0/16"] + [f"10.{n >> 8}.{n & 255}.0/24" for n in range(vlans - 1)]
    lines = [f'  {{ name = "vlan-{n}"; subnet = "{subnet}"; pool = "hq"; }}'
             for n, subnet in enumerate(subnets)]
    file.write_text(SITE_HEAD + "vlans = (\n" + ",\n".join(lines)
                    + "\n);\n")
    return file


def recipe():
    """What people configure without the hook."""
    suboptions = [(1, "identifier", "MS-UC-Client"), (2, "scheme", "https"), (3, "server", POOL),
                  (4, "port", "443"), (5, "path", CERT_PROV_PATH)]
    return {
        "option-def": [
            {"name": "sip-server", "code": 120, "space": "dhcp4", "type": "record",
             "record-types": "uint8, fqdn"},
            *({"name": name, "code": code, "space": "uc", "type": "string"}
              for code, name, _ in suboptions),
        ],
        "client-classes": [{
            "name": "uc",
            "test": "option[60].text == 'MS-UC-Client'",
            "option-def": [{"name": "vendor-encapsulated-options", "code": 43, "type": "empty",
                            "encapsulate": "uc"}],
            "option-data": [
                {"name": "vendor-encapsulated-options"},
                *({"name": name, "space": "uc", "data": data} for _, name, data in suboptions),
                {"name": "sip-server", "data": f"0, {POOL}"},
            ],
        }],
        "option-data": [
            {"name": "domain-name", "data": "contoso.com"},
            {"name": "ntp-servers", "data": "10.1.0.1"},
            {"name": "domain-search", "data": "contoso.com, emea.contoso.com"},
        ],
    }


def octets():
    """The same five as finished octets at global level, for every client: what Kea's own packing
    of five options costs."""
    return {"option-data": [{"code": code, "csv-format": False, "data": value.hex(),
                             "always-send": True} for code, value in EXPECTED.items()]}


def own():
    """Kea has 15, 42 and 119 of its own, as the recipe has, and sends them to those that ask."""
    return {"option-data": recipe()["option-data"]}


def control(server, *arguments):
    subprocess.run(["callgrind_control", *arguments, str(server.process.pid)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(name, more, answered, hooks=(), asked=REQUEST):
    """Instructions per query; leaves the profile in OUT."""
    profile = OUT / f"{name}.callgrind"
    for old in OUT.glob(f"{name}.callgrind*"):
        old.unlink()
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
               "--separate-threads=no", "--quiet"]
    config = kea.configuration([kea.subnet(kea.PHONES)], hooks=hooks, **more)
    started = time.monotonic()
    with kea.Kea(config, wrapper=wrapper, severity="ERROR") as server:
        reply = phone.LoopbackLink(server).exchange(
            phone.message("INFORM", phone.MS_UC, [int(code) for code in asked.split(",")],
                          ciaddr="127.20.1.1"), timeout=30)
        assert reply is not None, f"{name}: no answer"
        assert reply.ours() == answered, f"{name}: {reply.ours()}"
        settings = {"request": asked, "window": 4, "timeout_ms": 60000}
        server.load(WARM_UP, **settings)
        control(server, "-z")
        load = server.load(QUERIES, **settings)
        control(server, "-d")
        assert load["answered"] == QUERIES and len(load["kinds"]) == 1, load
    dump = OUT / f"{name}.callgrind.1"
    dump.replace(profile)
    for rest in OUT.glob(f"{name}.callgrind.*"):
        rest.unlink()
    instructions = total(profile) / QUERIES
    print(f"  {name:<22}{instructions:>10,.0f}   ({time.monotonic() - started:.0f} s)", flush=True)
    return instructions


def total(profile):
    for line in profile.read_text(errors="replace").splitlines():
        if line.startswith(("totals:", "summary:")):
            return int(line.split()[1])
    raise ValueError(f"{profile}: no totals")


def annotate(profile, *arguments):
    """callgrind_annotate's functions: [(instructions, function, object)], but for those that all
    runs through (main(), and its like: annotate takes what is still running for their own)."""
    everything = 0.9 * total(profile)
    done = subprocess.run(["callgrind_annotate", "--auto=no", "--threshold=100", *arguments,
                           str(profile)], capture_output=True, text=True, check=True)
    functions = []
    for line in done.stdout.splitlines():
        found = re.match(r"\s*([\d,]+) \([ \d.]+%\)\s+(?:\S*?:)(.+?)(?: \[(.*)\])?$", line)
        if found and (count := int(found[1].replace(",", ""))) < everything:
            functions.append((count, found[2], found[3] or ""))
    return functions


def by_object(profile):
    """Instructions per query within each library."""
    objects = {}
    for instructions, _, library in annotate(profile):
        name = os.path.basename(library) or "unknown"
        objects[name] = objects.get(name, 0) + instructions
    return {name: count / QUERIES for name, count in objects.items()}


def where_the_rest_goes(base, variant):
    """What a variant costs more than bare Kea: by library, by function alone, by function with all
    it calls."""
    lines = []
    before, after = by_object(OUT / f"{base}.callgrind"), by_object(OUT / f"{variant}.callgrind")
    lines.append(f"\n{variant}, more than {base}, instructions per query, by library:")
    more = {name: count - before.get(name, 0) for name, count in after.items()}
    for name, count in sorted(more.items(), key=lambda item: -item[1]):
        if abs(count) >= 100:
            lines.append(f"  {count:>8,.0f}  {name}")
    for title, arguments in (("by function, itself", ()),
                             ("by function, with what it calls", ("--inclusive=yes",))):
        lines.append(f"{variant}, more than {base}, {title}:")
        old = {}
        for count, function, _ in annotate(OUT / f"{base}.callgrind", *arguments):
            old[function] = old.get(function, 0) + count
        new = {}
        for count, function, _ in annotate(OUT / f"{variant}.callgrind", *arguments):
            new[function] = new.get(function, 0) + count
        grown = sorted(((count - old.get(function, 0)) / QUERIES, function)
                       for function, count in new.items())
        for count, function in reversed(grown[-25:]):
            lines.append(f"  {count:>8,.0f}  {function[:110]}")
    return "\n".join(lines)


def inclusive(profile, function):
    """Instructions per query of a function with all it calls; 0 where it does not run."""
    return max((count for count, name, _ in annotate(profile, "--inclusive=yes")
                if name.startswith(function)), default=0) / QUERIES


def parts_of_the_hook():
    """The hook's share, by who spends it: lines of (name, instructions)."""
    bare, hook = OUT / "bare.callgrind", OUT / "hook.callgrind"

    def more(function):
        return inclusive(hook, function) - inclusive(bare, function)

    everything = (total(hook) - total(bare)) / QUERIES
    pack = more("isc::dhcp::Pkt4::pack()")
    dispatch = more("isc::hooks::HooksManager::callCallouts(")
    ours = inclusive(hook, "pkt4_send")
    statistics = more("isc::stats::StatsMgr::addValue(")
    return [
        ("Kea packs five more options", pack),
        ("Kea calls the callout", dispatch - ours),
        ("our callout, but for statistics", ours - statistics),
        ("Kea's statistics, which it counts in", statistics),
        ("the rest (handles, freeing)", everything - pack - dispatch),
        ("together", everything),
    ]


def time_to_load(file, repeats):
    """Seconds that ucprov-checkconf needs, the best of several."""
    best = None
    for _ in range(repeats):
        started = time.monotonic()
        subprocess.run([kea.BUILD / "ucprov-checkconf", file], check=True, capture_output=True)
        seconds = time.monotonic() - started
        best = seconds if best is None else min(best, seconds)
    return best


def verdict(name, figure, limit):
    print(f"  {name:<34}{figure:>7.3f}   limit {limit:.2f}   {'ok' if figure <= limit else 'OVER'}")
    return figure <= limit


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    print(f"Instructions per answered INFORM, {QUERIES} queries after {WARM_UP}, single thread")
    figures = {
        "bare": measure("bare", {}, {}),
        "octets": measure("octets", octets(), EXPECTED),
        "recipe": measure("recipe", recipe(), EXPECTED),
        "own": measure("own", own(), {code: EXPECTED[code] for code in (15, 42, 119)}),
    }
    fine = True
    if kea.HOOK.exists():
        for name, vlans in (("hook", 10), (f"hook-{LARGE}", LARGE)):
            figures[name] = measure(name, {}, EXPECTED, [kea.hook(site(OUT, vlans))])
        # Kea has to be prompted for its own then, in a callout more.
        figures["hook-own"] = measure("hook-own", own(), EXPECTED, [kea.hook(site(OUT, 10))])
        figures["hook-prompting"] = measure("hook-prompting", own(), EXPECTED,
                                            [kea.hook(site(OUT, 10))], asked="43,120")
        fine = all([
            verdict("hook-own / own", figures["hook-own"] / figures["own"], HOOK_TO_BARE_MAX),
            verdict("hook / recipe", figures["hook"] / figures["recipe"], HOOK_TO_RECIPE_MAX),
            verdict("hook / bare", figures["hook"] / figures["bare"], HOOK_TO_BARE_MAX),
            verdict(f"{LARGE} vlans / 10 vlans", figures[f"hook-{LARGE}"] / figures["hook"],
                    LARGE_TO_SMALL_MAX),
        ])
    else:
        print(f"  {kea.HOOK} is not there: hook not measured")
        fine = False
    if (kea.BUILD / "ucprov-checkconf").exists():
        for vlans, repeats in ((10, 10), (LARGE, 5)):
            file = site(OUT, vlans)
            print(f"  loading {vlans:>6} vlans {time_to_load(file, repeats) * 1000:>10.1f} ms"
                  f"   ({file.stat().st_size:,} octets)")
    lines = [f"{name:<22}{count:>10,.0f}{count / figures['bare']:>8.3f} x bare"
             f"{count / figures['recipe']:>8.3f} x recipe" for name, count in figures.items()]
    table = "\n".join(lines)
    rest = "\n".join(where_the_rest_goes("bare", name) for name in figures
                     if name in ("octets", "recipe", "hook"))
    if "hook" in figures:
        parts = "\n".join(f"  {name:<38}{count:>8,.0f}" for name, count in parts_of_the_hook())
        table += "\nWhat the hook costs more than bare Kea:\n" + parts
    (OUT / "instructions.txt").write_text(table + "\n")
    (OUT / "where-the-rest-goes.txt").write_text(rest.lstrip() + "\n")
    print(table)
    print(f"Where the rest goes: {OUT / 'where-the-rest-goes.txt'}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
