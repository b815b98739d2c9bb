# SPDX-License-Identifier: MPL-2.0
"""ucprov-ca: what it makes, read by openssl and certtool; what it judges, made by openssl."""

import contextlib
import datetime
import json
import os
import re
import resource
import shlex
import shutil
import socket
import ssl
import stat
import subprocess
import threading
import time

import pytest

import certificates
import kea

PROGRAM = kea.BUILD / "ucprov-ca"
DAY = certificates.DAY
NOW = datetime.datetime.now(datetime.timezone.utc)

SITE = """
pools = {{
  hq = {{ sip_server = "Pool01.contoso.com"; addresses = [ "10.1.1.10" ]; }};
  dr = {{ sip_server = "pool02.contoso.com"; web_server = "web02.contoso.com";
         addresses = [ "10.2.1.10" ]; }};
}};
defaults = {{ ntp = [ "10.1.0.1" ]; domain = "no-phones-here.contoso.com"; }};
vlans = (
  {{ name = "hq-voice"; subnet = "10.20.0.0/16"; pool = "hq"; domain = "contoso.com";
    search = [ "CONTOSO.com", "emea.contoso.com" ]; }},
  {{ name = "dr-voice"; subnet = "10.21.0.0/16"; pool = "dr"; domain = "Emea.contoso.com"; }},
  {{ name = "hq-data"; subnet = "10.30.0.0/16"; voice_vlan_id = 20; }}
);
dns = {{ sip_domains = [ "contoso.com", "fabrikam.com" ];
        domains = ( {{ name = "emea.contoso.com"; pool = "dr"; }} ); }};
ca = {{ chain = "{chain}"; http = [ "0.0.0.0:80" ]; }};
"""
NAMES = ["pool01.contoso.com", "web02.contoso.com", "pool02.contoso.com",
         "ucupdates-r2.contoso.com", "ucupdates-r2.emea.contoso.com",
         "ucupdates-r2.fabrikam.com", "ucupdates-r2"]
MADE = {"root.pem": 0o644, "root.key": 0o600, "issuing.pem": 0o644, "issuing.key": 0o600,
        "chain.pem": 0o644}


def run(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=60,
                          check=False, text=True, **options)


def fine(*arguments, **options):
    done = run(*arguments, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PRIVATE" not in done.stdout + done.stderr
    return done.stdout


def openssl(*arguments):
    return certificates.openssl(*arguments).decode()


def modes(directory):
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What init, issue and csr make."""
    directory = tmp_path_factory.mktemp("made") / "ca"
    fine("init", "-o", directory, "--name", "Contoso Büro")
    site = directory / "site.conf"
    site.write_text(SITE.format(chain=directory / "chain.pem"))
    fine("issue", "-c", site, "--ca", directory, "-o", directory)
    fine("csr", "-c", site, "-o", directory / "request")
    return directory


@pytest.fixture(scope="module")
def root(workshop):
    return certificates.Authority(workshop, "Test root")


@pytest.fixture(scope="module")
def issuing(root):
    return root.authority("Test issuing CA")


@pytest.fixture(scope="module")
def server(issuing):
    return issuing.server("pool01.contoso.com", names=NAMES)


@pytest.fixture(name="site")
def make_site(tmp_path, issuing):
    file = tmp_path / "site.conf"
    file.write_text(SITE.format(chain=issuing.chain))
    return file


# init


def test_init_says_what_it_wrote(tmp_path):
    directory = tmp_path / "ca"
    said = fine("init", "-o", directory)
    assert modes(directory) == MADE
    assert all(f"{directory}/{name}\n" in said for name in MADE)
    assert f'ca = {{ chain = "{directory}/chain.pem"; http = ' in said
    assert all(len(line) <= 80 for line in said.splitlines() if str(directory) not in line)


@pytest.mark.parametrize("name", ["ca", "a ca"])
def test_the_next_step_that_init_prints_works(tmp_path, name):
    said = fine("init", "-o", tmp_path / name)
    step = shlex.split(said.splitlines()[-1])
    assert step[:2] == ["ucprov-ca", "issue"] and str(tmp_path / name) in step
    fine(*step[1:], "--name", "pool01.contoso.com")
    assert (tmp_path / name / "server.pem").exists()


def test_init_makes_cas_that_openssl_verifies(made):
    openssl("verify", "-x509_strict", "-check_ss_sig", "-CAfile", made / "root.pem",
            made / "root.pem", made / "issuing.pem")
    for name, length in (("root", None), ("issuing", 0)):
        text = openssl("x509", "-in", made / f"{name}.pem", "-noout", "-text")
        constraints = "CA:TRUE" + (f", pathlen:{length}" if length is not None else "")
        assert re.search(rf"Basic Constraints: critical\n\s+{constraints}\n", text)
        assert re.search(r"Key Usage: critical\n\s+Certificate Sign, CRL Sign\n", text)
        assert "Subject Key Identifier" in text and "Authority Key Identifier" in text
        assert text.count("sha256WithRSAEncryption") == 2 and "(2048 bit)" in text
        public = openssl("pkey", "-in", made / f"{name}.key", "-pubout")
        assert public == openssl("x509", "-in", made / f"{name}.pem", "-noout", "-pubkey")
    chain = (made / "chain.pem").read_text()
    assert chain == (made / "issuing.pem").read_text() + (made / "root.pem").read_text()
    subject = openssl("x509", "-in", made / "root.pem", "-noout", "-subject", "-nameopt",
                      "RFC2253,-esc_msb")
    assert subject == "subject=CN=Contoso Büro root CA\n"


def test_certtool_verifies_the_whole_chain(made):
    """GnuTLS, which shares no code with OpenSSL."""
    chain = made / "whole.pem"
    chain.write_text((made / "server.pem").read_text() + (made / "root.pem").read_text())
    done = subprocess.run(["certtool", "--verify", "--load-ca-certificate", made / "root.pem",
                           "--verify-hostname", "ucupdates-r2", "--infile", made / "server.pem"],
                          capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(["certtool", "--verify-chain", "--infile", chain],
                          capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr


def days_of(file):
    """The first and the last second."""
    text = openssl("x509", "-in", file, "-noout", "-dates", "-dateopt", "iso_8601")
    return [datetime.datetime.fromisoformat(line.split("=")[1].replace("Z", "+00:00"))
            for line in text.splitlines()]


def test_days(made, tmp_path):
    for name, days in (("root", 3650), ("issuing", 1825), ("server", 730)):
        first, last = days_of(made / f"{name}.pem")
        assert abs(NOW - DAY - first) < datetime.timedelta(minutes=10)
        assert abs(NOW + days * DAY - last) < datetime.timedelta(minutes=10)
    fine("init", "-o", tmp_path, "--days", 30)
    assert abs(NOW + 30 * DAY - days_of(tmp_path / "root.pem")[1]) < DAY / 24
    issuing_end = days_of(tmp_path / "issuing.pem")[1]
    assert abs(NOW + 15 * DAY - issuing_end) < DAY / 24
    said = fine("issue", "--name", "pool01.contoso.com", "--ca", tmp_path, "-o", tmp_path)
    assert days_of(tmp_path / "server.pem")[1] == issuing_end
    assert "the last day of the issuing CA" in said


def test_dates_after_2049_are_generalized(tmp_path):
    """RFC 5280 4.1.2.5."""
    fine("init", "-o", tmp_path, "--days", 36500)
    parsed = openssl("asn1parse", "-in", tmp_path / "root.pem")
    assert re.search(r"UTCTIME.*\n.*GENERALIZEDTIME *:21", parsed)
    assert days_of(tmp_path / "root.pem")[1].year > 2100


def test_serials_differ_and_are_long(made, tmp_path):
    fine("init", "-o", tmp_path)
    serials = {openssl("x509", "-in", file, "-noout", "-serial").strip().split("=")[1]
               for file in (made / "root.pem", made / "issuing.pem", made / "server.pem",
                            tmp_path / "root.pem", tmp_path / "issuing.pem")}
    assert len(serials) == 5
    assert all(len(serial) == 32 and int(serial[0], 16) in range(4, 8) for serial in serials)


# issue and csr


def alternatives(text):
    [line] = re.findall(r"Subject Alternative Name: *\n *(.*)\n", text)
    assert all(entry.startswith("DNS:") for entry in line.split(", "))
    return [entry.removeprefix("DNS:") for entry in line.split(", ")]


def test_server_certificate(made):
    text = openssl("x509", "-in", made / "server.pem", "-noout", "-text")
    assert sorted(alternatives(text)) == sorted(NAMES)
    assert "Subject: CN = pool01.contoso.com\n" in text
    assert re.search(r"Basic Constraints: critical\n\s+CA:FALSE\n", text)
    assert re.search(r"Key Usage: critical\n\s+Digital Signature, Key Encipherment\n", text)
    assert re.search(r"Extended Key Usage: *\n\s+TLS Web Server Authentication\n", text)
    assert text.count("sha256WithRSAEncryption") == 2 and "(2048 bit)" in text
    openssl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "ucupdates-r2",
            "-CAfile", made / "root.pem", "-untrusted", made / "server.pem", made / "server.pem")
    assert modes(made)["server.key"] == 0o600 and modes(made)["server.pem"] == 0o644
    parts = (made / "server.pem").read_text().split("-----BEGIN")
    assert len(parts) == 3
    assert "-----BEGIN" + parts[2] == (made / "issuing.pem").read_text()


def test_request(made):
    directory = made / "request"
    text = openssl("req", "-in", directory / "server.csr", "-noout", "-verify", "-text")
    assert sorted(alternatives(text)) == sorted(NAMES)
    assert "Subject: CN = pool01.contoso.com\n" in text
    assert re.search(r"Key Usage: critical\n\s+Digital Signature, Key Encipherment\n", text)
    assert "TLS Web Server Authentication" in text
    assert "Signature Algorithm: sha256WithRSAEncryption" in text
    assert modes(directory) == {"server.csr": 0o644, "server.key": 0o600}
    done = subprocess.run(["certtool", "--crq-info", "--infile", directory / "server.csr"],
                          capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0 and "ucupdates-r2.fabrikam.com" in done.stdout
    public = openssl("pkey", "-in", directory / "server.key", "-pubout")
    assert public == openssl("req", "-in", directory / "server.csr", "-noout", "-pubkey")


def test_a_signed_request_is_what_phones_take(made, issuing, site, tmp_path):
    """As a CA does that copies the extensions of requests."""
    signed = tmp_path / "signed.pem"
    certificates.openssl("x509", "-req", "-in", made / "request/server.csr", "-CA",
                         issuing.certificate, "-CAkey", issuing.key, "-copy_extensions", "copyall",
                         "-days", 90, "-set_serial", 7, "-out", signed)
    chained = tmp_path / "chained.pem"
    chained.write_text(issuing.certificate.read_text() + signed.read_text())  # in any order
    assert "Nothing here keeps Lync phones away" in fine("check", chained, "-c", site)


def test_names_besides_the_sites(site, made, tmp_path):
    fine("issue", "-c", site, "--ca", made, "-o", tmp_path, "--name", "Web.fabrikam.com",
         "--name", "POOL01.contoso.com")
    text = openssl("x509", "-in", tmp_path / "server.pem", "-noout", "-text")
    assert sorted(alternatives(text)) == sorted([*NAMES, "web.fabrikam.com"])


def test_names_without_a_site_file(made, tmp_path):
    fine("issue", "--ca", made, "-o", tmp_path, "--name", "lab.contoso.com")
    text = openssl("x509", "-in", tmp_path / "server.pem", "-noout", "-text")
    assert sorted(alternatives(text)) == ["lab.contoso.com", "ucupdates-r2"]
    done = run("issue", "--ca", made, "-o", tmp_path / "other")
    assert done.returncode == 2 and "/etc/kea/ucprov.conf" in done.stderr


@pytest.mark.parametrize("length", [63, 64, 65, 200])
def test_long_names_are_no_common_names(made, tmp_path, length):
    """ub-common-name is 64 (RFC 5280 appendix A.1)."""
    labels = "a" * 50 + "." + ("b" * 49 + ".") * 4
    host = (labels[:length - 4] + ".com").replace("..", "x.")
    assert len(host) == length
    fine("issue", "--ca", made, "-o", tmp_path, "--name", host)
    text = openssl("x509", "-in", tmp_path / "server.pem", "-noout", "-text")
    common = host if length <= 64 else "ucupdates-r2"
    assert f"Subject: CN = {common}\n" in text
    assert host in alternatives(text)


def test_too_many_names_are_refused(made, tmp_path):
    names = [word for i in range(255) for word in ("--name", f"host{i}.contoso.com")]
    fine("csr", "-o", tmp_path / "most", *names)
    done = run("csr", "-o", tmp_path / "more", *names, "--name", "one-more.contoso.com")
    assert done.returncode == 1
    assert "more than 256 names" in done.stderr
    assert not (tmp_path / "more").exists()


def test_a_domain_that_leaves_no_room_is_refused(tmp_path, made):
    domain = ".".join(["a" * 60] * 3 + ["b" * 59])
    assert len(domain) == 242
    file = tmp_path / "site.conf"
    file.write_text(SITE.format(chain="/x").replace('"fabrikam.com"', f'"{domain}"'))
    done = run("csr", "-c", file, "-o", tmp_path / "new")
    assert done.returncode == 1 and "253" in done.stderr
    assert not (tmp_path / "new").exists()


def test_wrong_authorities_are_refused(made, server, workshop, tmp_path):
    def refused(certificate, key, words):
        directory = tmp_path / "authority"
        directory.mkdir(exist_ok=True)
        (directory / "issuing.pem").write_bytes(certificate)
        (directory / "issuing.key").write_bytes(key)
        done = run("issue", "--ca", directory, "-o", tmp_path / "new", "--name", "a.contoso.com")
        assert done.returncode == 2 and words in done.stderr, done.stderr
        assert str(directory) in done.stderr
        assert not (tmp_path / "new").exists()

    issuing_pem = (made / "issuing.pem").read_bytes()
    refused(issuing_pem, (made / "root.key").read_bytes(), "is not its key")
    refused(server.certificate.read_bytes(), server.key.read_bytes(), "not the certificate of a CA")
    refused(issuing_pem, b"", "no private key")
    refused(b"", b"", "no certificate")
    curve = certificates.Authority(workshop, "Curve", key="ec:prime256v1")
    refused(curve.certificate.read_bytes(), curve.key.read_bytes(), "RSA alone")
    old = certificates.Authority(workshop, "Old", begin=NOW - 9 * DAY, end=NOW - DAY)
    refused(old.certificate.read_bytes(), old.key.read_bytes(), "expired on")
    locked = certificates.openssl("rsa", "-aes128", "-passout", "pass:secret", "-in",
                                  made / "issuing.key")
    refused(issuing_pem, locked, "password")


# Files


def snapshot(directory):
    return {file.name: file.read_bytes() for file in directory.iterdir()}


@pytest.mark.parametrize("name", MADE)
def test_init_never_overwrites(tmp_path, name):
    (tmp_path / name).write_text("precious")
    done = run("init", "-o", tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path}/{name}: exists; ucprov-ca never overwrites" in done.stderr
    assert snapshot(tmp_path) == {name: b"precious"}


@pytest.mark.parametrize("command,name", [("issue", "server.pem"), ("issue", "server.key"),
                                          ("csr", "server.csr"), ("csr", "server.key")])
def test_servers_files_are_never_overwritten(made, tmp_path, command, name):
    (tmp_path / name).write_text("precious")
    authority = ["--ca", made] if command == "issue" else []
    done = run(command, *authority, "-o", tmp_path, "--name", "a.contoso.com")
    assert done.returncode == 1 and f"{tmp_path}/{name}: exists" in done.stderr
    assert snapshot(tmp_path) == {name: b"precious"}


def test_links_are_not_followed(tmp_path):
    directory = tmp_path / "ca"
    directory.mkdir()
    (directory / "issuing.key").symlink_to(tmp_path / "elsewhere")
    done = run("init", "-o", directory)
    assert done.returncode == 1 and "issuing.key: exists" in done.stderr
    assert not (tmp_path / "elsewhere").exists()
    assert [file.name for file in directory.iterdir()] == ["issuing.key"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path, umask):
    directory = tmp_path / "ca"
    directory.mkdir()
    fine("init", "-o", directory, preexec_fn=lambda: os.umask(umask))
    assert modes(directory) == MADE


def test_the_folder_is_made_but_not_its_parents(tmp_path):
    directory = tmp_path / "new"
    fine("init", "-o", directory, preexec_fn=lambda: os.umask(0))
    assert stat.S_IMODE(directory.stat().st_mode) == 0o755
    done = run("init", "-o", tmp_path / "a/b")
    assert done.returncode == 2 and f"{tmp_path}/a/b: No such file" in done.stderr
    assert not (tmp_path / "a").exists()
    (tmp_path / "file").write_text("")
    done = run("init", "-o", tmp_path / "file")
    assert done.returncode == 2 and "Not a directory" in done.stderr


def test_one_of_several_at_a_time_wins(tmp_path):
    """Each has seen an empty folder; what the winner has written must stay."""
    directory = tmp_path / "ca"
    command = [PROGRAM, "init", "-o", directory]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
               for _ in range(4)]
    said = [process.communicate(timeout=60)[1] for process in running]
    assert sorted(process.returncode == 0 for process in running) == [False] * 3 + [True]
    assert sum("exists; ucprov-ca never overwrites" in text for text in said) == 3
    assert modes(directory) == MADE
    for name in ("root", "issuing"):
        public = openssl("pkey", "-in", directory / f"{name}.key", "-pubout")
        assert public == openssl("x509", "-in", directory / f"{name}.pem", "-noout", "-pubkey")


def limit_file_size():
    """More than a certificate has, less than a chain: the last file fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_nothing_half_done_stays(tmp_path):
    done = run("init", "-o", tmp_path / "new", preexec_fn=limit_file_size)
    assert done.returncode == 2 and "chain.pem: File too large" in done.stderr
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine").write_text("precious")
    done = run("init", "-o", tmp_path, preexec_fn=limit_file_size)
    assert done.returncode == 2
    assert snapshot(tmp_path) == {"mine": b"precious"}


def test_a_full_disk_leaves_nothing(tmp_path):
    """A file system of two blocks, in a mount namespace of our own."""
    script = (f"mount -t tmpfs -o size=8k none {tmp_path} && {PROGRAM} init -o {tmp_path}/ca; "
              f"echo status $?; ls {tmp_path}")
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
                          capture_output=True, text=True, timeout=30, check=False)
    if "status" not in done.stdout or "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("no mount namespace of our own here")
    assert "No space left" in done.stderr
    assert done.stdout == "status 2\n"


def test_a_folder_that_cannot_be_written_to(tmp_path):
    done = run("init", "-o", "/proc/self/fd")
    assert done.returncode == 2 and "/proc/self/fd/root" in done.stderr
    if os.getuid() != 0:
        tmp_path.chmod(0o555)
        done = run("init", "-o", tmp_path)
        assert done.returncode == 2 and "Permission denied" in done.stderr


def test_standard_output_that_is_full(tmp_path):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([PROGRAM, "init", "-o", tmp_path / "ca"], stdout=full, timeout=30,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2 and "standard output" in done.stderr


# Command lines


@pytest.mark.parametrize("arguments,status,words", [
    ([], 2, "which command"),
    (["chek"], 2, 'did you mean "check"'),
    (["\x1b[31m"], 2, "\\x1b"),
    (["-x"], 2, "--help"),
    (["check"], 2, "check what"),
    (["check", "a", "b"], 2, "one file or host at a time"),
    (["check", "./no-such-file"], 2, "No such file"),
    (["check", "no-such-host.invalid"], 2, "no-such-host.invalid"),
    (["check", "127.0.0.1:0"], 2, "HOST[:PORT]"),
    (["check", "127.0.0.1:65536"], 2, "HOST[:PORT]"),
    (["check", "127.0.0.1:"], 2, "HOST[:PORT]"),
    (["check", ":443"], 2, "HOST[:PORT]"),
    (["check", "x", "--timeout", "0"], 2, "1 to 600"),
    (["check", "x", "--timeout", "601"], 2, "1 to 600"),
    (["check", "x", "--name", "a..b"], 2, "empty label"),
    (["check", "x", "-c", "/no/such/site"], 2, "/no/such/site"),
    (["init", "--days", "0"], 2, "1 to 36500"),
    (["init", "--days", "36501"], 2, "1 to 36500"),
    (["init", "--days", "-1"], 2, "1 to 36500"),
    (["init", "--days", "1x"], 2, "1 to 36500"),
    (["init", "--name", ""], 2, "printable"),
    (["init", "--name", "a\nb"], 2, "printable"),
    (["init", "--name", "a" * 54], 2, "1 to 53"),
    (["init", "-o", ""], 2, "not a folder"),
    (["init", "more"], 2, "needs its option"),
    (["init", "-o", "/dev/null"], 2, "/dev/null: Not a directory"),
    (["csr", "--name", "a.contoso.com", "-o", "/dev/null"], 2, "/dev/null: Not a directory"),
    (["learn", ""], 2, 'ucprov-ca: "": not a file'),
    (["check", ""], 2, 'ucprov-ca: "": no such file'),
    (["issue", "--name", "*.contoso.com"], 2, "--name"),
    (["issue", "--frob"], 2, "frob"),
])
def test_wrong_command_lines(arguments, status, words):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_the_longest_name(tmp_path):
    fine("init", "-o", tmp_path, "--name", "a" * 53)
    subject = openssl("x509", "-in", tmp_path / "issuing.pem", "-noout", "-subject")
    assert subject == f"subject=CN = {'a' * 53} issuing CA\n"


@pytest.mark.parametrize("command", [[], ["init"], ["issue"], ["csr"], ["check"], ["learn"]])
def test_help_and_version(command):
    said = fine(*command, "--help")
    assert "Usage: ucprov-ca" in said and all(len(line) <= 100 for line in said.splitlines())
    assert fine(*command, "--version").startswith("ucprov-ca")


def test_a_site_file_with_errors(tmp_path):
    file = tmp_path / "site.conf"
    file.write_text("pools = 1;")
    for command in (["issue"], ["csr"], ["check", file]):
        done = run(*command, "-c", file)
        assert done.returncode == 1 and "1 error" in done.stderr or "errors" in done.stderr


# check: files


def check(*arguments, status=None):
    """The report as JSON; its text, too, must fit and have the same sense."""
    done = run("check", *arguments, "--json")
    assert done.stderr == "" and done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert done.returncode == (report["status"] == "fail")
    if status is not None:
        assert done.returncode == status, done.stdout
    return report


def finding(report, identifier):
    return next((item for item in report["findings"] if item["id"] == identifier), None)


def verdicts(report):
    """{id: severity} of what is worse than a note."""
    return {item["id"]: item["severity"] for item in report["findings"]
            if item["severity"] in ("warn", "fail")}


def assert_text(*arguments, words=()):
    text = run("check", *arguments).stdout
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith("/")), text
    joined = " ".join(text.split())
    assert all(word in joined for word in words), text
    return text


def test_check_of_a_good_certificate(server, site):
    report = check(server.chain, "-c", site, status=0)
    assert report["status"] == "note" and verdicts(report) == {}
    assert sorted(report["names"]) == sorted(NAMES)
    assert report["certificate"]["name"] == "pool01.contoso.com"
    assert report["certificate"]["issuer"] == "CN=Test issuing CA"
    fingerprint = openssl("x509", "-in", server.certificate, "-noout", "-fingerprint", "-sha256")
    assert fingerprint.strip().endswith(report["certificate"]["sha256"])
    assert report["tls"] is None and report["address"] is None
    assert "Test root" in finding(report, "chain")["text"]
    assert_text(server.chain, "-c", site, words=["Nothing here keeps Lync phones away."])


def test_check_of_every_form(server, issuing, site, tmp_path):
    der = tmp_path / "server.der"
    der.write_bytes(server.der())
    # Without its issuing CA: that phones take it from the published chain is not known.
    assert verdicts(check(der, "-c", site, status=0)) == {"chain": "warn"}
    assert run("check", der, "-c", site, "--strict").returncode == 1
    assert run("check", server.chain, "-c", site, "--strict").returncode == 0, "notes are fine"
    for form in ("PEM", "DER"):
        file = tmp_path / f"{form}.p7b"
        file.write_bytes(certificates.pkcs7(issuing.certificate, server.certificate, form=form))
        assert verdicts(check(file, "-c", site, status=0)) == {}


def test_check_of_what_is_no_certificate(site, tmp_path):
    file = tmp_path / "file"
    for octets in (b"", b"rubbish", b"\x30\x82", os.urandom(5000),
                   b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        file.write_bytes(octets)
        done = run("check", file, "-c", site)
        assert done.returncode == 2 and str(file) in done.stderr and done.stdout == ""


BAD = {
    "wildcard": (dict(names=[*NAMES, "*.contoso.com"]), {"wildcard": "fail"}, None),
    "no-short-name": (dict(names=NAMES[:-1]), {"name.short": "fail"}, "0x2F06/0"),
    "no-full-name": (dict(names=NAMES[1:]), {"name.full": "fail"}, "0x2F06/0"),
    "expired": (dict(names=NAMES, begin=NOW - 9 * DAY, end=NOW - DAY), {"date": "fail"},
                "0x2F05/0"),
    "not-yet": (dict(names=NAMES, begin=NOW + DAY, end=NOW + 99 * DAY), {"date": "fail"},
                "0x2F05/0"),
    "soon": (dict(names=NAMES, end=NOW + 20 * DAY), {"date": "warn"}, None),
    "curve": (dict(names=NAMES, key="ec:prime256v1"), {"key.type": "fail"}, "0x2F7D/0"),
    "ed25519": (dict(names=NAMES, key="ed25519"), {"key.type": "fail"}, "0x2F7D/0"),
    "pss-key": (dict(names=NAMES, key="rsa-pss:2048"), {"key.type": "fail"}, "0x2F7D/0"),
    "pss": (dict(names=NAMES, pss=True), {"signature": "fail"}, None),
    "large": (dict(names=NAMES, key="rsa:4096"), {"key.size": "warn"}, None),
    "between": (dict(names=NAMES, key="rsa:3072"), {"key.size": "warn"}, None),
    "small": (dict(names=NAMES, key="rsa:1024"), {"key.size": "warn"}, None),
    "tiny": (dict(names=NAMES, key="rsa:768"), {"key.size": "fail"}, None),
    "sha1": (dict(names=NAMES, digest="sha1"), {}, None),
    "sha512": (dict(names=NAMES, digest="sha512"), {"signature": "warn"}, None),
}


@pytest.mark.parametrize("kind", BAD)
def test_check_finds_the_fault(issuing, site, kind):
    options, expected, status = BAD[kind]
    bad = issuing.server("pool01.contoso.com", **options)
    report = check(bad.chain, "-c", site)
    assert verdicts(report) == expected
    for identifier in expected:
        assert finding(report, identifier)["phone_status"] == status
        assert finding(report, identifier)["remedy"]
    assert_text(bad.chain, "-c", site, words=[status] if status else [])


def test_check_says_what_a_status_is(issuing, site):
    bad = issuing.server("pool01.contoso.com", names=NAMES[:-1])
    assert_text(bad.chain, "-c", site, words=[
        "FAIL 0x2F06/0 not good for ucupdates-r2;", "ERROR_WINHTTP_SECURE_CERT_CN_INVALID",
        "not seen on phones so far", "Lync phones cannot use this."])


def test_check_against_another_root(workshop, server, site):
    other = certificates.Authority(workshop, "Another root")
    report = check(server.chain, "-c", site, "--chain", other.certificate, status=1)
    assert verdicts(report) == {"chain": "fail"}
    assert finding(report, "chain")["phone_status"] == "0x2F0D/0"
    assert_text(server.chain, "-c", site, "--chain", other.certificate,
                words=["0x2F0D/0 is ERROR_WINHTTP_SECURE_INVALID_CA: The phone"])


def test_check_against_a_root_that_was_renewed_with_a_new_key(tmp_path, site):
    """AD CS renews a CA under its old name; certificates of the new key are no longer trusted."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old = certificates.Authority(tmp_path / "old", "Renewed root")
    new = certificates.Authority(tmp_path / "new", "Renewed root")
    for above in (new, new.authority("Issuing CA below it")):
        server = above.server("pool01.contoso.com", names=NAMES)
        report = check(server.chain, "-c", site, "--chain", old.certificate, status=1)
        assert verdicts(report) == {"chain": "fail"}
        found = finding(report, "chain")
        assert 'a root named "Renewed root" is published, with another key' in found["text"]
        assert "publish the new one, too" in found["remedy"]
        # Following it mends it.
        both = tmp_path / "both.pem"
        both.write_text(old.certificate.read_text() + new.certificate.read_text())
        assert verdicts(check(server.chain, "-c", site, "--chain", both, status=0)) == {}


def test_check_with_a_root_that_was_renewed_with_its_key(tmp_path, server, issuing, site):
    """As AD CS does by default: both are of use, in whatever order."""
    key, twins = tmp_path / "root.key", []
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
    for days in (100, 3000):
        twins.append(tmp_path / f"{days}.pem")
        openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=Renewed root", "-days", days,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", twins[-1])
    both = tmp_path / "both.pem"
    for order in (twins, twins[::-1]):
        both.write_text("".join(twin.read_text() for twin in order) + issuing.chain.read_text())
        text = SITE.format(chain="X").replace('"X"', f'[ "{both}", "{issuing.issuer.certificate}" ]')
        site.write_text(text)
        assert verdicts(check(server.chain, "-c", site, status=0)) == {}
    # A certificate below it leads to one of them.
    request, leaf = tmp_path / "leaf.csr", tmp_path / "leaf.pem"
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "leaf.key",
            "-subj", "/CN=pool01.contoso.com", "-out", request, "-addext",
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES))
    openssl("x509", "-req", "-in", request, "-CA", twins[0], "-CAkey", key, "-days", 60,
            "-copy_extensions", "copy", "-set_serial", 7, "-out", leaf)
    both.write_text("".join(twin.read_text() for twin in twins))
    assert verdicts(check(leaf, "-c", site, "--chain", both, status=0)) == {}


def test_check_without_the_issuing_ca(issuing, root, server, site):
    """Its root is published: it is not that which is missing."""
    report = check(server.certificate, "-c", site, "--chain", root.certificate, status=1)
    found = finding(report, "chain")
    assert 'issued by "CN=Test issuing CA", whose certificate is neither' in found["text"]
    assert 'to "CN=Test issuing CA"' not in found["text"]
    assert found["remedy"].startswith("If that is an issuing CA, have the server send its")
    assert verdicts(check(server.chain, "-c", site, "--chain", root.certificate, status=0)) == {}


@pytest.mark.parametrize("count,large", [(100, False), (101, True)])
def test_check_of_many_names(issuing, site, count, large):
    names = NAMES + [f"h{number}.contoso.com" for number in range(count - len(NAMES))]
    server = issuing.server("pool01.contoso.com", names=names)
    report = check(server.chain, "-c", site, status=0)
    assert verdicts(report) == ({"size": "warn"} if large else {})
    if large:
        assert f"{count} subjectAltNames" in finding(report, "size")["text"]


def test_check_with_a_chain_that_is_no_good(workshop, server, issuing, site, tmp_path):
    old = certificates.Authority(workshop, "Old root", begin=NOW - 9 * DAY, end=NOW - DAY)
    report = check(server.chain, "-c", site, "--chain", old.certificate, status=1)
    assert verdicts(report) == {"chain.file": "fail"}
    assert "Old root" in finding(report, "chain.file")["text"]
    report = check(server.chain, "-c", site, "--chain", issuing.certificate, status=1)
    assert "no root" in finding(report, "chain.file")["text"]
    done = run("check", server.chain, "-c", site, "--chain", tmp_path / "none")
    assert done.returncode == 2 and f"{tmp_path}/none: No such file" in done.stderr


def test_check_with_several_chains(workshop, server, issuing, tmp_path):
    """A site may publish more than one root."""
    other = certificates.Authority(workshop, "Another root")
    file = tmp_path / "site.conf"
    text = SITE.format(chain="X").replace('"X"', f'[ "{other.certificate}", "{issuing.chain}" ]')
    file.write_text(text)
    assert verdicts(check(server.chain, "-c", file, status=0)) == {}


def test_check_without_a_site_file(issuing, root):
    lab = issuing.server("lab.contoso.com", names=["lab.contoso.com", "ucupdates-r2"])
    report = check(lab.chain, "--name", "Lab.contoso.com", "--chain", root.certificate, status=0)
    assert sorted(report["names"]) == ["lab.contoso.com", "ucupdates-r2"]
    assert verdicts(report) == {}
    report = check(lab.chain, "--name", "lab.contoso.com", status=0)
    assert finding(report, "chain")["severity"] == "note"
    report = check(lab.chain, "--name", "other.contoso.com", status=1)
    assert verdicts(report) == {"name.full": "fail"}


def test_names_replace_those_of_the_site(issuing, site):
    one = issuing.server("x", names=["ucupdates-r2", "ucupdates-r2.contoso.com"])
    assert verdicts(check(one.chain, "-c", site, status=1)) == {"name.full": "fail"}
    assert verdicts(check(one.chain, "-c", site, "--name", "ucupdates-r2.contoso.com",
                          status=0)) == {}


def test_nothing_hostile_is_printed(workshop, site, tmp_path):
    key = certificates.make_key(workshop / "hostile.key", "rsa:1024")
    file = tmp_path / "hostile.pem"
    configuration = tmp_path / "hostile.cnf"
    configuration.write_text("[req]\ndistinguished_name = n\nutf8 = yes\nstring_mask = utf8only\n"
                             "[n]\n")
    certificates.openssl("req", "-x509", "-new", "-key", key, "-utf8", "-config", configuration,
                         "-subj", "/CN=a\x1b[2J\u202eb\x07", "-out", file)
    for arguments in ([], ["--json"]):
        text = run("check", file, "-c", site, *arguments).stdout
        assert "\x1b" not in text and "\u202e" not in text and "\x07" not in text
    assert "\\xe2\\x80\\xae" in check(file, "-c", site)["certificate"]["name"]


# check: servers


@contextlib.contextmanager
def s_server(certificate, *options, chain=None):
    """openssl s_server on a port of its own; yields "127.0.0.1:PORT"."""
    arguments = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.certificate,
                 "-key", certificate.key, *options]
    if chain is not None:
        arguments += ["-cert_chain", chain]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True,
                          env={**os.environ, "OPENSSL_CONF": "/dev/null"}) as process:
        try:
            for line in process.stdout:
                if line.startswith("ACCEPT"):
                    yield "127.0.0.1:" + line.strip().rpartition(":")[2]
                    break
            else:
                pytest.fail("openssl s_server did not start")
        finally:
            process.kill()


LEGACY = ("-min_protocol", "TLSv1", "-cipher", "ALL:@SECLEVEL=0")


def test_check_of_a_server_for_phones(server, issuing, site):
    with s_server(server, *LEGACY, chain=issuing.certificate) as address:
        report = check(address, "-c", site, status=0)
        assert_text(address, "-c", site, words=["speaks TLS 1.0, with AES128-SHA"])
    assert verdicts(report) == {}
    assert report["address"] == address
    assert [version["offered"] for version in report["tls"]["versions"]] == [True] * 4
    assert all(suite["accepted"] for suite in report["tls"]["suites"])
    assert finding(report, "tls.suites")["severity"] == "note"


@pytest.mark.parametrize("suites,verdict", [
    (["AES256-SHA"], "note"),
    (["DHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA"], "warn"),
])
def test_check_of_suites(server, issuing, site, suites, verdict):
    with s_server(server, "-min_protocol", "TLSv1", "-cipher", ":".join([*suites, "@SECLEVEL=0"]),
                  chain=issuing.certificate) as address:
        report = check(address, "-c", site, status=0)
    accepted = [suite["name"] for suite in report["tls"]["suites"] if suite["accepted"]]
    assert accepted == suites
    assert finding(report, "tls.suites")["severity"] == verdict


@pytest.mark.parametrize("options,offered", [
    (["-tls1_3"], [False, False, False, True]),
    (["-tls1_2"], [False, False, True, False]),
    (["-min_protocol", "TLSv1.1", "-cipher", "ALL:@SECLEVEL=0"], [False, True, True, True]),
])
def test_check_of_a_server_without_tls_1_0(server, issuing, site, options, offered):
    with s_server(server, *options, chain=issuing.certificate) as address:
        report = check(address, "-c", site, status=1)
        assert_text(address, "-c", site, words=["0x2F7D/0", "no Lync phone can connect with TLS"])
    assert verdicts(report) == {"tls.version": "fail"}  # and the certificate was judged
    assert [version["offered"] for version in report["tls"]["versions"]] == offered
    assert "plain HTTP still serves the chain" in finding(report, "tls.version")["text"]


def test_check_of_a_server_whose_security_level_forbids_tls_1_0(server, issuing, site):
    """OpenSSL 3 sends internal_error: TLS 1.0 is allowed, and there is nothing to sign with."""
    options = ["-min_protocol", "TLSv1", "-cipher", "DEFAULT@SECLEVEL=1"]
    with s_server(server, *options, chain=issuing.certificate) as address:
        report = check(address, "-c", site, status=1)
    found = finding(report, "tls.version")
    assert "internal_error" in found["text"] and "security level" in found["text"]
    assert "ssl_ciphers DEFAULT@SECLEVEL=0;" in found["remedy"]
    assert "SSLCipherSuite DEFAULT@SECLEVEL=0" in found["remedy"]
    # The remedy mends it.
    with s_server(server, "-min_protocol", "TLSv1", "-cipher", "DEFAULT@SECLEVEL=0",
                  chain=issuing.certificate) as address:
        assert verdicts(check(address, "-c", site, status=0)) == {}


def test_check_of_a_server_with_a_curve(issuing, site):
    curve = issuing.server("pool01.contoso.com", names=NAMES, key="ec:prime256v1")
    with s_server(curve, *LEGACY, chain=issuing.certificate) as address:
        report = check(address, "-c", site, status=1)
    assert verdicts(report) == {"tls.version": "fail", "key.type": "fail"}
    assert "none of the AES-CBC-SHA suites with RSA" in finding(report, "tls.version")["text"]


def test_check_of_an_incomplete_chain(server, site, root):
    with s_server(server, *LEGACY) as address:
        assert verdicts(check(address, "-c", site, status=0)) == {"chain": "warn"}
        report = check(address, "-c", site, "--chain", root.certificate, status=1)
    assert verdicts(report) == {"chain": "fail"}


@pytest.mark.parametrize("kind", ["wildcard", "no-short-name", "expired"])
def test_check_of_a_server_with_a_bad_certificate(issuing, site, kind):
    options, expected, _ = BAD[kind]
    bad = issuing.server("pool01.contoso.com", **options)
    with s_server(bad, *LEGACY, chain=issuing.certificate) as address:
        assert verdicts(check(address, "-c", site, status=1)) == expected


@contextlib.contextmanager
def listener(serve):
    """A server that calls serve(connection) for each client, in a thread each."""
    with socket.create_server(("127.0.0.1", 0)) as accepting:
        def loop():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = accepting.accept()
                    threading.Thread(target=guarded, args=(connection,), daemon=True).start()

        def guarded(connection):
            with connection, contextlib.suppress(OSError):
                serve(connection)

        threading.Thread(target=loop, daemon=True).start()
        yield f"127.0.0.1:{accepting.getsockname()[1]}"
        with contextlib.suppress(OSError):
            accepting.shutdown(socket.SHUT_RDWR)


def drip(connection):
    """One octet of a record that never ends at a time."""
    connection.sendall(b"\x16\x03\x01\x40\x00")
    while True:
        connection.sendall(b"\x02")
        time.sleep(0.2)


@pytest.mark.parametrize("serve", [lambda connection: connection.recv(1 << 20) and time.sleep(9),
                                   drip], ids=["silent", "drips"])
def test_check_of_a_server_that_hangs(site, serve):
    started = time.monotonic()
    with listener(serve) as address:
        report = check(address, "-c", site, "--timeout", 1, status=1)
    assert time.monotonic() - started < 4  # as a phone, and once more
    assert finding(report, "tls.connect")["phone_status"] == "0x2EE2/0"
    assert report["certificate"] is None


@pytest.mark.parametrize("octets", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.0 400 Bad Request\r\n\r\n",
                                    b"\x16\x03\x01\xff\xff" + b"x" * 70000, b"\x00" * 100, b"",
                                    b"\x15\x03\x01\x00\x02\x02\x28"],
                         ids=["ssh", "http", "record", "zeros", "nothing", "alert"])
def test_check_of_a_server_that_sends_rubbish(site, octets):
    def serve(connection):
        connection.recv(1 << 16)
        connection.sendall(octets)

    with listener(serve) as address:
        report = check(address, "-c", site, "--timeout", 3, status=1)
    assert finding(report, "tls.version")["phone_status"] == "0x2F7D/0"
    assert "no TLS at all" in finding(report, "tls.version")["text"]
    assert report["certificate"] is None
    assert all(version["offered"] is False for version in report["tls"]["versions"])


def test_check_of_nobody(site):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    report = check(address, "-c", site, status=1)
    assert finding(report, "tls.connect")["phone_status"] == "0x2EFD/0"
    assert_text(address, "-c", site, words=["no certificate came", "Connection refused"])
    # A port was given: nothing is said of another one.
    assert "443" not in run("check", address, "-c", site).stdout


def test_check_of_a_server_that_wants_a_name(server, site):
    """Phones, it is assumed, send no SNI."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.chain, server.key)
    refusal = ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    context.sni_callback = lambda _, name, __: None if name else refusal

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(1)

    with listener(serve) as address:
        report = check("localhost:" + address.rpartition(":")[2], "-c", site, status=1)
    assert "SNI" in finding(report, "tls.version")["text"]
    assert report["certificate"]["name"] == "pool01.contoso.com"
    assert report["address"] == address
    with listener(serve) as address:  # told by its address: a name of the site is tried
        report = check(address, "-c", site, status=1)
    assert "SNI" in finding(report, "tls.version")["text"]


def test_programs_are_there():
    """What this file relies on, so that no test passes for the lack of it."""
    assert shutil.which("openssl") and shutil.which("certtool")
