#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Time and memory that ucprov-zone takes for many SIP domains: in each format, best of three; then to
check them at a named far away, and to update it.

  zone_bench.py            all of it
  zone_bench.py --servers  the servers alone

Exit 1 when something takes more than it may, or the default format does not grow linearly."""

import contextlib
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import loopback
from kea import BUILD, die_with_parent, wait_until
from relay import Relay

FORMATS = ["bind", "nsupdate", "unbound", "dnsmasq", "powershell", "json"]
MANY = 100000
SECONDS_MAX = 1.0
MEGABYTES_MAX = 150
GROWTH_MAX = 15  # of the time, for ten times the domains

SITE = """
pools = {{ hq = {{ sip_server = "pool01.contoso.com";
                addresses = [ "10.1.1.10", "10.1.1.11" ]; }}; }};
vlans = ( {{ name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
            ntp = [ "10.1.0.1" ]; }} );
dns = {{ ntp_host = "ntp.contoso.com"; sip_domains = [
{}
]; }};
"""

# Servers: far away, and the way there is bad.
DOMAINS = 3000
DELAY = 0.02  # seconds, there and back
LOSS = 0.01  # of the datagrams, each way
CHECK_SECONDS_MAX = 10
UPDATE_SECONDS_MAX = 20
MOVE_SECONDS_MAX = 30  # what is there already has to be told from a wildcard's
SECRET = "c2l4dGVlbiBvY3RldHMgYW5kIG1vcmUgb2YgdGhlbQ=="
KEY = f'key "phones" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n'
EMPTY_ZONE = "@ 300 IN SOA ns h 1 3600 900 1209600 300\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n"
SERVED_SITE = """
pools = {{ hq = {{ sip_server = "pool01.contoso.com"; addresses = [ "10.1.1.10", "10.1.1.11" ]; }};
          dr = {{ sip_server = "pool02.contoso.com"; addresses = [ "10.2.1.10" ]; }}; }};
vlans = ( {{ name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "site-0.test"; ntp = [ ]; }} );
dns = {{ servers = false; sip_domains = [ {domains} ]; {more} }};
"""
KINDS = {"one record set": "sign_in = false;", "six record sets": 'ntp_host = "ntp.contoso.com";'}


def measure(site, format_, output):
    """Seconds and the largest resident set in megabytes, of the fastest of three runs."""
    best = None
    for _ in range(3):
        with open(output, "wb") as out:
            started = time.monotonic()
            process = subprocess.Popen([BUILD / "ucprov-zone", "-c", site, "--format", format_],
                                       stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"ucprov-zone: exit status {process.returncode}")
        if best is None or seconds < best[0]:
            best = seconds, usage.ru_maxrss / 1024
    return best


@contextlib.contextmanager
def served(directory, names):
    """A named with these zones; its port."""
    port = loopback.free_port()
    zones = "".join(f'zone "{name}" {{ type primary; file "{name}.zone"; '
                    "allow-update { key phones; }; };\n" for name in names)
    (directory / "named.conf").write_text(
        f'{KEY}options {{ directory "."; pid-file none; session-keyfile none; recursion no;\n'
        f"  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};\n"
        f"  dnssec-validation no; notify no; }};\ncontrols {{ }};\n{zones}")
    log = directory / "named.log"
    with log.open("w") as out, \
            subprocess.Popen(["/usr/sbin/named", "-g", "-c", "named.conf"], cwd=directory, stdout=out,
                             stderr=out, preexec_fn=die_with_parent) as process:
        try:
            wait_until(lambda: re.search(r" running$", log.read_text(), re.M), 120, "named runs")
            yield port
        finally:
            process.kill()


@contextlib.contextmanager
def far_away(port):
    """The same server behind a bad network; as SERVER#PORT."""
    relay = Relay(port, DELAY, LOSS)
    process = multiprocessing.get_context("fork").Process(target=relay.run, daemon=True)
    process.start()
    time.sleep(0.5)
    try:
        yield relay.server
    finally:
        process.kill()
        process.join()


def timed(what, *arguments, limit):
    """Runs ucprov-zone, and says what it took. False: too long, or failed."""
    started = time.monotonic()
    done = subprocess.run([BUILD / "ucprov-zone", *map(str, arguments)], text=True,
                          capture_output=True, check=False)
    seconds = time.monotonic() - started
    lines = done.stdout.splitlines()
    print(f"{what:38} {seconds:6.1f} s  exit {done.returncode}  {len(lines)} lines, the last: "
          f"{lines[-1] if lines else ''} {done.stderr[:300].strip()}", flush=True)
    return done.returncode == 0 and seconds <= limit


def act_on_server(kind):
    """Updates zones that are empty, checks them, and moves them to another pool."""
    names = [f"site-{number}.test" for number in range(DOMAINS)]
    with tempfile.TemporaryDirectory(dir=BUILD / "tmp") as name:
        directory = pathlib.Path(name)
        site, key = directory / "site.conf", directory / "phones.key"
        site.write_text(SERVED_SITE.format(more=KINDS[kind],
                                           domains=",\n".join(f'"{each}"' for each in names)))
        key.write_text(KEY)
        key.chmod(0o600)
        for each in names:
            (directory / f"{each}.zone").write_text(EMPTY_ZONE)
        with served(directory, names) as port, far_away(port) as server:
            update = ("-c", site, "--update", server, "--tsig", key)
            what = f"{DOMAINS} domains, {kind}: "
            return all([
                timed(what + "update", *update, limit=UPDATE_SECONDS_MAX),
                timed(what + "check", "-c", site, "--check", server, limit=CHECK_SECONDS_MAX),
                timed(what + "move", *update, "--pool", "dr", limit=MOVE_SECONDS_MAX)])


def measure_servers():
    return all([act_on_server(kind) for kind in KINDS])


def measure_formats():
    with tempfile.TemporaryDirectory(dir=BUILD / "tmp") as name:
        site, output = pathlib.Path(name, "site.conf"), pathlib.Path(name, "out")
        figures = {}
        for count in (MANY // 100, MANY // 10, MANY):
            site.write_text(SITE.format(",\n".join(f'  "site-{n}.contoso.com"'
                                                   for n in range(count))))
            for format_ in FORMATS if count == MANY else ["bind"]:
                seconds, megabytes = figures[count, format_] = measure(site, format_, output)
                print(f"{count:7} domains, {format_:10} {seconds:6.3f} s {megabytes:6.1f} MB "
                      f"{output.stat().st_size / 1e6:7.1f} MB written")
    seconds, megabytes = figures[MANY, "bind"]
    growth = seconds / figures[MANY // 10, "bind"][0]
    print(f"ten times the domains take {growth:.1f} times as long")
    return seconds <= SECONDS_MAX and megabytes <= MEGABYTES_MAX and growth <= GROWTH_MAX


def main():
    loopback.enter()
    (BUILD / "tmp").mkdir(parents=True, exist_ok=True)
    formats_are_fine = "--servers" in sys.argv[1:] or measure_formats()
    return 0 if measure_servers() and formats_are_fine else 1


if __name__ == "__main__":
    sys.exit(main())
