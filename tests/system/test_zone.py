# SPDX-License-Identifier: MPL-2.0
"""ucprov-zone: what it prints, read by real tools and served by a real named."""

import contextlib
import hashlib
import json
import os
import re
import stat
import subprocess
import time

import pytest

from kea import BUILD, ROOT
from loopback import free_port
from processes import die_with_parent, running


POOLS = """
pools = {
  hq = { sip_server = "pool01.contoso.com"; addresses = [ "10.1.1.10", "10.1.1.11" ]; };
  dr = { sip_server = "pool02.contoso.com"; web_server = "web02.contoso.com";
         addresses = [ "10.2.1.10" ]; };
};
"""
SITE = POOLS + """
defaults = { ntp = [ "10.1.0.1" ]; };
vlans = (
  { name = "hq-voice"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "Contoso.com";
    search = [ "contoso.com", "emea.contoso.com" ]; },
  { name = "dr-voice"; subnet = "10.21.0.0/16"; pool = "dr"; domain = "dr.contoso.com"; }
);
dns = {
  sip_domains = [ "CONTOSO.com", "fabrikam.com" ];
  ntp_host = "ntp.contoso.com";
  domains = ( { name = "fabrikam.com"; pool = "dr"; } );
  hosts = ( { name = "ntp.contoso.com"; addresses = "10.1.0.1"; },
            { name = "ns1.contoso.com"; addresses = "127.0.0.1"; } );
  nameservers = [ "ns1.contoso.com" ];
};
"""
HQ = ["10.1.1.10", "10.1.1.11"]
DR = ["10.2.1.10"]
# By hand: every name that is to be found, and what it is.
EXPECTED = {
    "contoso.com": {
        ("_ntp._udp", "SRV"): ["0 0 123 ntp.contoso.com."],
        ("_sipinternaltls._tcp", "SRV"): ["0 0 5061 pool01.contoso.com."],
        ("lyncdiscoverinternal", "A"): HQ,
        ("ns1", "A"): ["127.0.0.1"],
        ("ntp", "A"): ["10.1.0.1"],
        ("pool01", "A"): HQ,
        ("pool02", "A"): DR,
        ("sip", "A"): HQ,
        ("sipinternal", "A"): HQ,
        ("ucupdates-r2", "A"): HQ,
        ("web02", "A"): DR,
    },
    "dr.contoso.com": {("ucupdates-r2", "A"): DR},
    "emea.contoso.com": {("ucupdates-r2", "A"): HQ},
    "fabrikam.com": {
        ("_ntp._udp", "SRV"): ["0 0 123 ntp.contoso.com."],
        ("_sipinternaltls._tcp", "SRV"): ["0 0 5061 pool02.contoso.com."],
        ("lyncdiscoverinternal", "A"): DR,
        ("sip", "A"): DR,
        ("sipinternal", "A"): DR,
        ("ucupdates-r2", "A"): DR,
    },
}
SUFFIXES = {"bind": "inc", "zone": "zone", "nsupdate": "nsupdate", "unbound": "conf",
            "dnsmasq": "dnsmasq", "powershell": "ps1", "json": "json"}
APEX = """$TTL 300
@ SOA ns1.contoso.com. hostmaster 1 3600 900 1209600 300
@ NS ns1.contoso.com.
"""


def zone(*arguments, **settings):
    return subprocess.run([BUILD / "ucprov-zone", *map(str, arguments)], text=True, timeout=120,
                          capture_output=True, check=False, **settings)


def fine(*arguments, **settings):
    done = zone(*arguments, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def tool(*command):
    done = subprocess.run([*map(str, command)], text=True, timeout=120, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def loads(domain, file):
    """Both servers' checkers take the zone, and have nothing to say against it."""
    said = tool("named-checkzone", "-i", "full", domain, file)
    assert "warning" not in said and "ignoring" not in said, said
    tool("nsd-checkzone", domain, file)


@pytest.fixture
def site(directory):
    (directory / "site.conf").write_text(SITE)
    return directory / "site.conf"


@contextlib.contextmanager
def named(directory, zones, statement=""):
    """A named on loopback; `zones`: file names by domain, each with the statement. Gives its port."""
    port = free_port()
    text = f"""options {{ directory "{directory}"; pid-file none; session-keyfile none;
  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no;
  dnssec-validation no; notify no; }};
controls {{ }};
"""
    for domain, file in zones.items():
        text += f'zone "{domain}" {{ type primary; file "{file}"; {statement} }};\n'
    (directory / "named.conf").write_text(text)
    with running("named", "-g", "-c", directory / "named.conf", ready=" running\n"):
        yield port


def asking(port):
    """A function that asks the server at a port."""
    def ask(name, kind):
        return sorted(tool("dig", "@127.0.0.1", "-p", port, "+short", "+tries=2", "+norecurse", name,
                           kind).split("\n")[:-1])
    return ask


def check_answers(ask):
    for domain, records in EXPECTED.items():
        for (owner, kind), values in records.items():
            assert ask(f"{owner}.{domain}", kind) == values, (owner, domain)


def test_snippets_in_a_real_named(site, directory):
    fine("-c", site, "-o", directory)
    for domain in EXPECTED:
        snippet = directory / f"{domain}.inc"
        # The zone's own records behind: the origin is the zone's again.
        text = f'{APEX}$INCLUDE {snippet}\nwww A 127.0.0.9\n'
        (directory / f"{domain}.zone").write_text(text)
        loads(domain, directory / f"{domain}.zone")
    with named(directory, {domain: f"{domain}.zone" for domain in EXPECTED}) as port:
        ask = asking(port)
        check_answers(ask)
        assert ask("www.fabrikam.com", "A") == ["127.0.0.9"]
        assert ask("UCUPDATES-R2.Contoso.COM", "A") == HQ


def test_rewritten_files_stay_the_name_servers(site, directory):
    """Mode and owner are the operator's business: named goes on reading what it could read."""
    fine("-c", site, "-o", directory)
    snippet = directory / "contoso.com.inc"
    assert snippet.stat().st_mode & 0o777 == 0o644
    snippet.write_text("; of an older site\n")
    snippet.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(snippet, 1234, 2345)
    (directory / "contoso.com.inc.new").write_text("half of what a killed process wrote")
    before = snippet.stat()
    fine("-c", site, "-o", directory, umask=0o077)
    after = snippet.stat()
    assert "ucupdates-r2" in snippet.read_text()
    assert (after.st_mode, after.st_uid, after.st_gid) == \
        (before.st_mode, before.st_uid, before.st_gid)
    assert list(directory.glob("*.new")) == [] and list(directory.glob(".*")) == []


def test_subdomains_in_their_parents_zone(site, directory):
    """One zone, several snippets: each means the same wherever it is included."""
    fine("-c", site, "-o", directory)
    snippets = [f'$INCLUDE {directory}/{name}.inc\n' for name in EXPECTED if "contoso" in name]
    (directory / "db").write_text(APEX + "".join(snippets))
    loads("contoso.com", directory / "db")
    with named(directory, {"contoso.com": "db"}) as port:
        ask = asking(port)
        assert ask("ucupdates-r2.emea.contoso.com", "A") == HQ
        assert ask("ucupdates-r2.dr.contoso.com", "A") == DR


def test_complete_zones_in_a_real_named(site, directory):
    fine("-c", site, "-o", directory, "--format", "zone")
    for domain in EXPECTED:
        loads(domain, directory / f"{domain}.zone")
        stdout = fine("-c", site, "--format", "zone", "--domain", domain.upper())
        assert stdout == (directory / f"{domain}.zone").read_text()
    with named(directory, {domain: f"{domain}.zone" for domain in EXPECTED}) as port:
        ask = asking(port)
        check_answers(ask)
        assert ask("emea.contoso.com", "NS") == ["ns1.contoso.com."]
        assert re.fullmatch(r"ns1.contoso.com. hostmaster.emea.contoso.com. \d+ 3600 900 1209600 300",
                            ask("emea.contoso.com", "SOA")[0])


def test_zone_of_a_site_without_nameservers(directory):
    (directory / "site.conf").write_text(re.sub(r"nameservers = .*;", "", SITE))
    fine("-c", directory / "site.conf", "-o", directory, "--format", "zone")
    loads("fabrikam.com", directory / "fabrikam.com.zone")


def test_sample_site(directory):
    fine("-c", ROOT / "conf" / "ucprov.conf", "-o", directory)
    assert sorted(os.listdir(directory)) == ["contoso.com.inc", "emea.contoso.com.inc"]


def serial_of(file):
    return int(re.search(r" SOA \S+ \S+ (\d+) ", file.read_text())[1])


def test_serials(site, directory):
    os.utime(site, (0, 1795305600))  # 2026-11-22
    run = ("-c", site, "-o", directory, "--format", "zone")
    file = directory / "emea.contoso.com.zone"
    fine(*run)
    assert serial_of(file) == 2026112200
    before = {name: (directory / name).stat() for name in os.listdir(directory)}
    fine(*run)  # nothing is written
    for name, status in before.items():
        again = (directory / name).stat()
        assert (again.st_ino, again.st_mtime_ns) == (status.st_ino, status.st_mtime_ns)
    site.write_text(site.read_text() + "# another digest\n")
    fine(*run)
    assert serial_of(file) == 2026112200
    assert hashlib.sha256(site.read_bytes()).hexdigest() in file.read_text()

    site.write_text(site.read_text().replace("10.2.1.10", "10.2.1.12"))
    os.utime(site, (0, 1795305600))
    fine(*run)
    assert serial_of(file) == 2026112200  # its records are the same
    assert serial_of(directory / "dr.contoso.com.zone") == 2026112201
    site.write_text(site.read_text().replace("10.2.1.12", "10.2.1.10"))
    os.utime(site, (0, 1795305600 + 86400))
    fine(*run)
    assert serial_of(directory / "dr.contoso.com.zone") == 2026112300


def test_previous(site, directory):
    run = ("-c", site, "--format", "zone", "--domain", "fabrikam.com", "--previous")
    old = directory / "old.zone"
    old.write_text("@ 1 IN SOA a. b. 4000000000 1 1 1 1\n")
    os.utime(site, (0, 1795305600 + 86400 * 3))
    text = fine(*run, old)
    assert " 2026112500 " in text or " 4000000001 " in text
    old.write_text(text)
    assert fine(*run, old) == text
    old.write_text("nothing of ours\n")
    done = zone(*run, old)
    assert done.returncode == 1 and "has no SOA record as ucprov-zone writes it" in done.stderr
    assert done.stdout == ""
    done = zone(*run, directory / "absent")
    assert done.returncode == 2 and "No such file" in done.stderr


def test_previous_that_cannot_be_read(site):
    unreadable = "/sys/class/net/lo/speed"  # a regular file that answers every read with EINVAL
    if not os.path.isfile(unreadable):
        pytest.skip("no /sys here")
    done = zone("-c", site, "--format", "zone", "--domain", "fabrikam.com", "--previous", unreadable)
    assert done.returncode == 2
    assert done.stderr == f"ucprov-zone: --previous: {unreadable}: Invalid argument\n"


def test_unbound(site, directory):
    (directory / "phones.conf").write_text(fine("-c", site, "--format", "unbound"))
    (directory / "unbound.conf").write_text(
        f'server:\n    chroot: ""\n    username: ""\n    directory: "{directory}"\n'
        f'    pidfile: ""\n    use-syslog: no\ninclude: "{directory}/phones.conf"\n')
    said = tool("unbound-checkconf", directory / "unbound.conf")
    assert "no errors" in said and "warning" not in said


def test_dnsmasq(site, directory):
    port = free_port()
    (directory / "phones.conf").write_text(fine("-c", site, "--format", "dnsmasq"))
    with subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts",
                           "--conf-file=" + str(directory / "phones.conf"), f"--port={port}",
                           "--listen-address=127.0.0.1", "--bind-interfaces", "--user=",
                           "--pid-file="], stderr=subprocess.DEVNULL,
                          preexec_fn=die_with_parent) as process:
        try:
            def ask(name, kind):
                return sorted(tool("dig", "@127.0.0.1", "-p", port, "+short", "+tries=5",
                                   "+timeout=2", name, kind).split("\n")[:-1])

            time.sleep(0.5)
            check_answers(ask)
            # address= would have answered this.
            assert ask("below.sip.contoso.com", "A") == []
        finally:
            process.kill()


def test_nsupdate(site, directory):
    """Real nsupdate takes the commands, and a real named has the records then."""
    for domain in EXPECTED:
        (directory / f"{domain}.db").write_text(APEX + "ns1 A 127.0.0.1\nsip A 10.9.9.9\n")
    with named(directory, {domain: f"{domain}.db" for domain in EXPECTED},
               "allow-update { 127.0.0.1; };") as port:
        commands = fine("-c", site, "--format", "nsupdate")
        done = subprocess.run(["nsupdate"], text=True, capture_output=True, timeout=60,
                              input=f"server 127.0.0.1 {port}\n{commands}", check=False)
        assert (done.returncode, done.stderr) == (0, "")
        check_answers(asking(port))


def test_json(site):
    result = json.loads(fine("-c", site, "-j"))
    assert result["site_file"] == str(site) and result["pool"] is None
    assert result["digest"] == hashlib.sha256(site.read_bytes()).hexdigest()
    found = {}
    for item in result["zones"]:
        records = found.setdefault(item["domain"], {})
        for record in item["records"]:
            owner = record["owner"].removesuffix("." + item["domain"])
            value = record.get("address") or \
                f'{record["priority"]} {record["weight"]} {record["port"]} {record["target"]}.'
            records.setdefault((owner, record["type"]), []).append(value)
            assert record["ttl"] == 3600
    assert found == EXPECTED


def test_powershell(site):
    lines = fine("-c", site, "--format", "powershell").splitlines()
    assert ("Add-DnsServerResourceRecordA -ZoneName 'dr.contoso.com' -Name 'ucupdates-r2' "
            "-IPv4Address '10.2.1.10' -TimeToLive '0.01:00:00'") in lines
    assert ("Add-DnsServerResourceRecord -Srv -ZoneName 'fabrikam.com' -Name "
            "'_sipinternaltls._tcp' -DomainName 'pool02.contoso.com' -Priority '0' -Weight '0' "
            "-Port '5061' -TimeToLive '0.01:00:00'") in lines
    expected = sum(len(v) for records in EXPECTED.values() for v in records.values())
    assert len([line for line in lines if line.startswith("Add-")]) == expected


@pytest.mark.parametrize("format_", SUFFIXES)
def test_two_runs_give_identical_bytes(site, directory, format_):
    out = directory / "out"
    out.mkdir()
    run = ("-c", site, "--format", format_, "-o", out)
    fine(*run)
    first = {name: (out / name).read_bytes() for name in os.listdir(out)}
    assert set(first) == {f"{domain}.{SUFFIXES[format_]}" for domain in EXPECTED}
    for name in first:
        assert stat.S_IMODE((out / name).stat().st_mode) == 0o644
        (out / name).unlink()
    fine(*run)
    assert first == {name: (out / name).read_bytes() for name in os.listdir(out)}
    if format_ != "zone":
        assert fine(*run[:4]) == fine(*run[:4])
        assert fine(*run[:4], "--domain", "emea.contoso.com").encode() == \
            first[f"emea.contoso.com.{SUFFIXES[format_]}"]


def test_order_of_the_site_file_does_not_matter(site, directory):
    other = directory / "other.conf"
    other.write_text(SITE.replace('"CONTOSO.com", "fabrikam.com"', '"Fabrikam.COM", "contoso.com"')
                     .replace('"10.1.1.10", "10.1.1.11"', '"10.1.1.11", "10.1.1.10"'))

    def records(file):
        return [line for line in fine("-c", file).splitlines() if not line.startswith(";")]

    assert records(site) == records(other)


def test_fail_over(site):
    assert "ucupdates-r2             3600 IN A 10.2.1.10\n" in fine(
        "-c", site, "--pool", "dr", "--domain", "emea.contoso.com")
    text = fine("-c", site, "--pool", "dr")
    assert "; Every domain served by pool: dr\n" in text
    assert re.findall(r"^(\S+) +\d+ IN A 10\.1\.1\.1", text, re.M) == ["pool01", "pool01"]
    assert "pool01.contoso.com." not in text  # no SRV record to it


def test_200_domains(directory):
    names = [f"site-{n:03}.example" for n in range(200)]
    (directory / "site.conf").write_text(
        POOLS + 'vlans = ( { name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; ntp = [ ]; '
        'domain = "SITE-007.example"; } );\ndns = { sip_domains = ['
        + ", ".join(f'"{name}"' for name in names) + "]; };\n")
    out = directory / "out"
    out.mkdir()
    fine("-c", directory / "site.conf", "-o", out, "--format", "zone")
    assert sorted(os.listdir(out)) == sorted(f"{name}.zone" for name in names)
    for name in names[::20]:
        loads(name, out / f"{name}.zone")
    with named(out, {name: f"{name}.zone" for name in names}) as port:
        ask = asking(port)
        for name in names[::10]:
            assert ask(f"ucupdates-r2.{name}", "A") == HQ
            assert ask(f"_sipinternaltls._tcp.{name}", "SRV") == ["0 0 5061 pool01.contoso.com."]


def name_of(length, first="a"):
    """A domain name of that many octets as text, in labels of at most 63."""
    text = ""
    while length > 0:
        label = min(63, length if length <= 63 else max(1, min(63, length - 2)))
        text += ("." if text else "") + first * label
        length -= label + 1
        first = "a"
    return text


def one_domain(directory, domain, more=""):
    file = directory / "site.conf"
    file.write_text(POOLS + f'vlans = ( {{ name = "v"; subnet = "10.20.0.0/16"; pool = "hq"; '
                    f'ntp = [ ];\n  domain = "{domain}"; }} );\ndns = {{ {more} }};\n')
    return file


def test_label_of_63_and_64(directory):
    file = one_domain(directory, "a" * 63 + ".com")
    fine("-c", file, "--format", "zone", "-o", directory)
    loads("a" * 63 + ".com", directory / ("a" * 63 + ".com.zone"))
    done = zone("-c", one_domain(directory, "a" * 64 + ".com"))
    assert done.returncode == 1 and "site.conf:8: vlans[0].domain:" in done.stderr
    assert done.stdout == ""


def test_name_of_253_and_254(directory):
    longest = name_of(253 - len("ucupdates-r2."))
    assert len(longest) == 240
    fine("-c", one_domain(directory, longest), "--format", "zone", "-o", directory)
    loads(longest, directory / f"{longest}.zone")
    done = zone("-c", one_domain(directory, name_of(241)))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"site.conf:7: vlans\[0\].domain: \"ucupdates-r2\.a+.*would have 254 characters; "
                     r"a name has at most 253", done.stderr)
    done = zone("-c", one_domain(directory, name_of(241), "ucupdates = false; servers = false;"))
    assert done.returncode == 1 and "there are no records to make" in done.stderr


def test_two_pools_for_one_domain(directory):
    text = POOLS + """vlans = (
  { name = "one"; subnet = "10.20.0.0/16"; pool = "hq"; ntp = [ ]; domain = "contoso.com"; },
  { name = "two"; subnet = "10.21.0.0/16"; pool = "dr"; ntp = [ ]; search = [ "CONTOSO.com" ]; }
);
"""
    file = directory / "site.conf"
    file.write_text(text)
    done = zone("-c", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f'{file}:9: vlans[1].search[0]: "contoso.com" is served by pool "dr" in vlan "two", and by '
        'pool "hq" in vlan "one" (line 8)')
    file.write_text(text + 'dns = { domains = ( { name = "Contoso.com"; pool = "dr"; } ); };\n')
    assert "ucupdates-r2             3600 IN A 10.2.1.10\n" in fine("-c", file)


@pytest.mark.parametrize("dns, says", [
    ('domains = ( { name = "a.com"; pool = "hg"; } );', 'dns.domains[0].pool: no pool named "hg"'),
    ('domains = ( { name = "a.com"; } );', '"pool" is missing'),
    ('domains = { name = "a.com"; };', "has to be a list of groups"),
    ('domains = ( { name = "a.com"; pool = "hq"; }, { name = "A.com"; pool = "hq"; } );',
     '"A.com" is in the list already (line '),
    ('hosts = ( { name = "a.com"; addresses = "10.0.0.300"; } );', "is not an IPv4 address"),
    ('hosts = ( { name = "a.com"; adresses = "10.0.0.3"; } );', 'did you mean "addresses"?'),
    ('hosts = ( { name = "b.a.com"; addresses = "10.0.0.3"; }, '
     '{ name = "B.a.com"; addresses = "10.0.0.3"; } );', '"B.a.com" is in the list already'),
    ('nameservers = [ "ns1.a.com", "NS1.a.com" ];', "is in the list twice"),
    ('hostmaster = "root@a.com";', "dns.hostmaster:"),
    ("ucupdates = 1;", "write true or false"),
])
def test_settings_refused(directory, dns, says):
    done = zone("-c", one_domain(directory, "contoso.com", dns))
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr and "site.conf:9: dns" in done.stderr, done.stderr


def test_zone_that_no_server_would_load(directory):
    """named refuses SRV and NS records to names in the zone that have no address."""
    file = one_domain(directory, "contoso.com",
                      'ntp_host = "NTP.contoso.com"; sip_domains = "contoso.com";\n'
                      'nameservers = [ "ns1.contoso.com" ];')
    done = zone("-c", file, "--format", "zone", "-o", directory)
    assert done.returncode == 1
    assert 'site.conf:10: dns.nameservers: zone "contoso.com" has an NS record' in done.stderr
    assert 'has an SRV record to "ntp.contoso.com" and no address of it' in done.stderr
    assert os.listdir(directory) == ["site.conf"]
    fine("-c", file)


@pytest.mark.parametrize("arguments, status, says", [
    (["--format", "zone"], 2, "--format zone: a zone is one file, and there are 4 domains"),
    (["--format", "bond"], 2, '--format: "bond": not a format; did you mean "bind"?'),
    (["--format", "csv"], 2, '--format: "csv": not a format; write bind, zone,'),
    (["--tsig", "x"], 2, "--tsig: goes with --update, not with printing records"),
    (["--check", "a", "--update", "b"], 2, "--check and --update: give one or the other"),
    (["--previous", "x"], 2, "--previous: goes with --format zone"),
    (["--previous", "x", "--format", "zone", "-o", "."], 2, "give one or the other"),
    (["--domain", "a..b"], 2, '--domain: "a..b": empty label'),
    (["--domain", "fabricam.com"], 1, 'did you mean "fabrikam.com"?'),
    (["--pool", "hg"], 1, 'no pool named "hg"; did you mean "hq"?'),
    (["-o", "/nonexistent"], 2, "--output: /nonexistent: No such file"),
    (["stray"], 2, '"stray": every argument needs its option'),
    (["--what"], 2, '"--what": no such option; try --help'),
    (["--domian", "a.b"], 2, 'no such option; did you mean "--domain"?'),
])
def test_refusals(site, arguments, status, says):
    done = zone("-c", site, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr


def test_unreadable_site_file(directory):
    done = zone("-c", directory / "absent")
    assert done.returncode == 2 and "cannot be read: No such file" in done.stderr


def test_file_in_the_way(site, directory):
    (directory / "contoso.com.inc").mkdir()
    done = zone("-c", site, "-o", directory)
    assert done.returncode == 2 and "contoso.com.inc: cannot be read" in done.stderr
    assert not [name for name in os.listdir(directory) if name.startswith(".")]


def test_full_disk(site):
    with open("/dev/full", "w") as full:
        done = subprocess.run([BUILD / "ucprov-zone", "-c", site], stdout=full, timeout=60,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2 and "standard output: No space left" in done.stderr


def test_standard_input(site):
    assert "(standard input)" not in fine("-c", "-", "--domain", "emea.contoso.com",
                                          input=site.read_text())


def test_help_and_version():
    assert fine("--help").startswith("Usage: ucprov-zone ")
    assert re.fullmatch(r"ucprov-zone \d+\.\d+\.\d+\n", fine("--version"))
    page = (ROOT / "dns-tools" / "ucprov-zone.1.scd").read_text()
    for option in re.findall(r"--[a-z-]+", fine("--help")):
        assert f"*{option}*" in page or option in page, option
