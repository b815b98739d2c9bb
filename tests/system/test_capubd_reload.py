# SPDX-License-Identifier: MPL-2.0
"""ucprov-capubd: what it refuses to serve, at a start and at a reload; and reloads under load."""

import datetime
import os
import re
import threading
import time

import pytest

import certificates
import publisher
from loopback import free_port
from processes import wait_until
from publisher import SOAP_MESSAGE, Wire, message

DAY = certificates.DAY
EC = "ec:prime256v1"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Bad:
    """What can be wrong; made once, of keys that cost nothing."""

    def __init__(self, directory):
        made = publisher.authorities()
        self.made = made
        self.expired = certificates.Authority(directory, "Old Root CA", key=EC,
                                              begin=now() - 90 * DAY, end=now() - DAY)
        self.future = certificates.Authority(directory, "New Root CA", key=EC,
                                             begin=now() + DAY, end=now() + 90 * DAY)
        # Two CAs of one name, with different keys.
        self.twin = certificates.Authority(directory, "Contoso Root CA", key=EC)
        self.late = made.issuing.server(publisher.HOST, names=[publisher.HOST], key=EC,
                                        begin=now() + DAY, end=now() + 9 * DAY)
        self.stale = made.issuing.server(publisher.HOST, names=[publisher.HOST], key=EC,
                                         begin=now() - 9 * DAY, end=now() - DAY)
        self.encrypted = certificates.openssl("pkey", "-in", made.server.key, "-aes128",
                                              "-passout", "pass:secret").decode()
        self.parameters = certificates.openssl("ecparam", "-name", "prime256v1").decode()


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    return Bad(tmp_path_factory.mktemp("bad"))


# Each puts something wrong beside the site file, and returns what the message must name.

def expired_chain(server, bad):
    server.copy("chain.pem", bad.expired.chain.read_text())
    ends = (now() - DAY).strftime("%Y-%m-%d")
    return "ca.chain", '"Old Root CA" expired on', ends, "replace it"


def chain_of_the_future(server, bad):
    server.copy("chain.pem", bad.future.chain.read_text())
    return "ca.chain", '"New Root CA" is not valid before', "is the clock right"


def no_root(server, bad):
    server.copy("chain.pem", bad.made.issuing.certificate.read_text())
    return "ca.chain", "no root", "add the root CA's"


def wrong_root(server, bad):
    server.copy("chain.pem", bad.made.issuing.certificate.read_text()
                + bad.made.second.certificate.read_text())
    return "ca.chain", '"Contoso Issuing CA 1" leads to no root here', "Contoso Root CA"


def root_of_the_same_name(server, bad):
    server.copy("chain.pem", bad.made.issuing.certificate.read_text()
                + bad.twin.certificate.read_text())
    return "ca.chain", '"Contoso Issuing CA 1"', "issuer"


def server_certificate_in_the_chain(server, bad):
    server.copy("chain.pem", bad.made.server.certificate.read_text()
                + bad.made.issuing.chain.read_text())
    return "ca.chain", "is no CA", "leave it out"


def damaged_chain(server, bad):
    text = bad.made.issuing.chain.read_text()
    at = text.index("-----END") - 12  # in the signature
    server.copy("chain.pem", text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:])
    return "ca.chain", '"Contoso Issuing CA 1" has a bad signature', "damaged"


def empty_chain(server, _):
    server.copy("chain.pem", "")
    return ("ca.chain", "chain.pem")


def no_chain_file(server, _):
    (server.directory / "chain.pem").unlink()
    return ("ca.chain", "chain.pem: No such file or directory")


def other_key(server, bad):
    server.copy("server.key", bad.made.other.key.read_text(), 0o600)
    return "ca.key", "server.key: is not the key of", "server.pem"


def chain_before_the_server(server, bad):
    server.copy("server.pem", bad.made.issuing.certificate.read_text()
                + bad.made.server.certificate.read_text())
    return "ca.key", "server's certificate is not the first there"


def key_that_others_read(server, bad):
    server.copy("server.key", bad.made.server.key.read_text(), 0o644)
    return "ca.key", "server.key: has mode 0644", "chmod 0640"


def key_that_the_group_writes(server, bad):
    server.copy("server.key", bad.made.server.key.read_text(), 0o660)
    return "ca.key", "server.key: has mode 0660", "chmod 0640"


def encrypted_key(server, bad):
    server.copy("server.key", bad.encrypted, 0o600)
    return "ca.key", "server.key: the key is encrypted", "openssl pkey -in OLD -out NEW"


def no_key_in_the_file(server, bad):
    server.copy("server.key", bad.parameters, 0o600)
    return "ca.key", "server.key: no private key"


def expired_server(server, bad):
    server.copy("server.pem", bad.stale.chain.read_text())
    server.copy("server.key", bad.stale.key.read_text(), 0o600)
    return "ca.certificate", "server.pem: expired on", "renew it"


def server_of_the_future(server, bad):
    server.copy("server.pem", bad.late.chain.read_text())
    server.copy("server.key", bad.late.key.read_text(), 0o600)
    return "ca.certificate", "server.pem: is not valid before", "look at the clock"


def syntax_error(server, _):
    server.copy("ucprov.conf", server.site + "ca = {\n  chain = ;\n};\n")
    line = server.site.count("\n") + 2
    return (f"ucprov.conf:{line}: ",)


def unknown_setting(server, _):
    server.write(chian="x")
    del server.settings["chian"]
    return "ca.chian", "chain"


def nothing_of_ours(server, _):
    server.copy("ucprov.conf", server.site)
    return "ca: is missing", "chain = "


def template_without_placeholder(server, _):
    server.settings["response_template"] = server.copy("response", "<x>nothing</x>\n")
    server.write()
    del server.settings["response_template"]
    return "ca.response_template", "placeholder"


def template_with_an_unknown_placeholder(server, _):
    server.settings["response_template"] = server.copy("response", "<x>\n{{pkcs12}}</x>\n")
    server.write()
    del server.settings["response_template"]
    return "ca.response_template", "pkcs12", "line 2"


def fifo(server, name):
    """Nobody writes into it: who waits for it, waits for ever."""
    server.directory.joinpath(name).unlink()
    os.mkfifo(server.directory / name, 0o600)


def fifo_for_a_chain(server, _):
    fifo(server, "chain.pem")
    return "ca.chain", "chain.pem", "not a regular file"


def fifo_for_a_certificate(server, _):
    fifo(server, "server.pem")
    return "ca.certificate", "server.pem", "not a regular file"


def fifo_for_a_key(server, _):
    fifo(server, "server.key")
    return "ca.key", "server.key", "not a regular file"


WRONG = (expired_chain, chain_of_the_future, no_root, wrong_root, root_of_the_same_name,
         server_certificate_in_the_chain, damaged_chain, empty_chain, no_chain_file, other_key,
         chain_before_the_server, key_that_others_read, key_that_the_group_writes, encrypted_key,
         no_key_in_the_file, expired_server, server_of_the_future, syntax_error, unknown_setting,
         nothing_of_ours, template_without_placeholder, template_with_an_unknown_placeholder,
         fifo_for_a_chain, fifo_for_a_certificate, fifo_for_a_key)
parametrize_wrong = pytest.mark.parametrize("wrong", WRONG, ids=lambda each: each.__name__)


def restore(server, made):
    server.copy("chain.pem", made.issuing.chain.read_text())
    server.copy("server.pem", made.server.chain.read_text())
    server.copy("server.key", made.server.key.read_text(), 0o600)
    server.write()


@parametrize_wrong
def test_refused_at_start(tmp_path, bad, wrong):
    """And by -n, with the same words."""
    with publisher.Publisher(tmp_path, start=False) as server:
        words = wrong(server, bad)
        done = server.run("-d")
        assert done.returncode == 1 and done.stdout == ""
        assert any(all(word in line for word in words) for line in done.stderr.splitlines()), \
            (words, done.stderr)
        assert all(re.match(r"\S+Z (error|warning): ", line) for line in done.stderr.splitlines())
        checked = server.run("-n")
        assert checked.returncode == 1 and checked.stdout == ""
        assert any(all(word in line for word in words) for line in checked.stderr.splitlines())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with publisher.Publisher(tmp_path_factory.mktemp("reload")) as running:
        yield running
        running.end()


@parametrize_wrong
def test_refused_at_reload(server, bad, wrong):
    chains = [publisher.fingerprints(bad.made.issuing, bad.made.root)]
    refused = server.metrics()["ucprov_reloads_refused_total", ()]
    server.notices.clear()
    try:
        words = wrong(server, bad)
        with server.connect("https") as wire:
            said = server.reload()
            assert any(all(word in line for word in words) and "error: " in line
                       for line in said.splitlines()), (words, said)
            assert "the reload is refused; what was served before serves on" in said
            wire.send(SOAP_MESSAGE)
            assert publisher.chains_in(wire.answer().body) == chains
        for kind in ("http", "https", "legacy_https"):
            assert server.fetch_chains(kind) == chains
        assert server.metrics()["ucprov_reloads_refused_total", ()] == refused + 1
        assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", server.notices[0])
        assert re.fullmatch(r"READY=1\nSTATUS=Serving 1 chain, 2 certificates, the first expires "
                            r"on \d{4}-\d\d-\d\d", server.notices[1])
    finally:
        restore(server, bad.made)
    assert "reloaded " in server.reload()


def test_no_words_about_what_is_fine(tmp_path, bad):
    """The server's certificate is fine; the chain that it leads to is not there."""
    with publisher.Publisher(tmp_path, start=False) as server:
        expired_chain(server, bad)
        assert "ca.certificate" not in server.run("-n").stderr


def test_every_error_is_reported_at_once(tmp_path, bad):
    with publisher.Publisher(tmp_path, start=False) as server:
        words = [*no_root(server, bad), *other_key(server, bad)]
        done = server.run("-n")
        assert done.returncode == 1
        assert all(word in done.stderr for word in words), done.stderr


# Reloads

def test_a_reload_replaces_everything(tmp_path):
    made = publisher.authorities()
    with publisher.Publisher(tmp_path) as server:
        tag = server.ask("/chain.pem").headers["ETag"]
        before = server.connect("https")
        server.copy("chain.pem", made.second.chain.read_text() + made.issuing.chain.read_text())
        server.copy("server.pem", made.other.chain.read_text())
        server.copy("server.key", made.other.key.read_text(), 0o600)
        server.site = server.site.replace(publisher.PATH_DR, "/New/Path.svc")
        server.write(max_body_size=1000, log_requests=False)
        said = server.reload()
        assert "2 chains, 3 certificates" in said
        chains = [publisher.fingerprints(made.second),
                  publisher.fingerprints(made.issuing, made.root)]
        for kind in ("http", "https"):
            assert server.fetch_chains(kind) == chains
        with before:  # a connection that was there before
            before.send(SOAP_MESSAGE)
            assert publisher.chains_in(before.answer().body) == chains
        assert server.ask("/New/Path.svc", publisher.REQUEST).status == 200
        assert server.ask(publisher.PATH_DR, publisher.REQUEST).status == 405
        assert server.ask(publisher.PATH, b" " * 1001).status == 413
        assert server.ask("/chain.pem").headers["ETag"] != tag
        assert server.ask("/root.cer").body == made.second.der()
        assert "Fabrikam" in server.ask("/").body.decode()
        with server.connect("https") as wire:
            assert wire.socket.getpeercert(True) == made.other.der()


def test_what_takes_a_restart_is_said(tmp_path):
    with publisher.Publisher(tmp_path) as server:
        server.write(workers=3)
        assert "come into force at a restart" in server.reload()
        server.write(http=[f"127.0.0.1:{server.ports['http']}",
                           f"127.0.0.1:{free_port()}"])
        assert "come into force at a restart" in server.reload()
        server.write(https=None)
        said = server.reload()
        assert "ca.https: has no listener any more, which takes a restart" in said
        assert "the reload is refused" in said
        assert len(server.fetch_chains("https")) == 1


@pytest.mark.parametrize("setting", ["chain", "certificate", "key"])
def test_a_link_to_a_file_elsewhere(tmp_path, setting):
    """As certbot lays files out: a reload has to find what a start found."""
    made = publisher.authorities()
    (tmp_path / "site").mkdir()
    (tmp_path / "archive").mkdir()
    with publisher.Publisher(tmp_path / "site", start=False) as server:
        file = server.settings[setting]
        real = tmp_path / "archive" / file.name
        os.replace(file, real)
        file.symlink_to(real)
        server.start()
        said = server.reload()
        assert "reloaded " in said, said
        renewed = real.with_name("renewed")
        renewed.write_text(real.read_text())
        renewed.chmod(0o600)
        file.unlink()
        file.symlink_to(os.path.relpath(renewed, file.parent))
        said = server.reload()
        assert "reloaded " in said, said
        assert server.fetch_chains() == [publisher.fingerprints(made.issuing, made.root)]


def test_many_reloads_leave_nothing_behind(tmp_path):
    """Neither memory nor descriptors, also while answers of old chains are still on their way."""
    made = publisher.authorities()
    with publisher.Publisher(tmp_path) as server:
        for _ in range(20):
            server.reload()
        descriptors = server.descriptors()
        before = server.rss()
        for number in range(150):
            server.copy("chain.pem", (made.issuing if number % 2 else made.second)
                        .chain.read_text())
            server.process.send_signal(1)
            server.wait_for_notice(lambda notice: notice.startswith("READY=1"))
            if number % 10 == 0:
                server.fetch_chains("https")
        wait_until(lambda: server.metrics()["ucprov_connections", ()] == 0, 5, "closed")
        assert server.descriptors() <= descriptors + 1
        assert server.rss() < before + 3072


class Client(threading.Thread):
    """Asks until it is told to stop; counts answers, and keeps what went wrong."""

    def __init__(self, server, kind, keep, stop):
        super().__init__(daemon=True)
        self.server, self.kind, self.keep, self.stop = server, kind, keep, stop
        self.bodies = {}
        self.last = None
        self.error = None

    def run(self):
        try:
            while not self.stop.is_set():
                with self.server.connect(self.kind) as wire:
                    self._talk(wire)
        except Exception as error:  # whatever it is: the test shows it
            self.error = error

    def _talk(self, wire: Wire):
        for _ in range(200 if self.keep else 1):
            wire.send(SOAP_MESSAGE + message("GET", "/chain.pem"))
            answer, other = wire.answer(), wire.answer()
            assert (answer.status, other.status) == (200, 200)
            self.bodies[answer.body] = self.bodies.get(answer.body, 0) + 1
            self.last = answer.body
            if self.stop.is_set():
                return


def test_reloads_under_load_lose_nothing(tmp_path):
    made = publisher.authorities()
    with publisher.Publisher(tmp_path, {"log_requests": False, "workers": 2}) as server:
        first = server.exchange(SOAP_MESSAGE).body
        stop = threading.Event()
        clients = [Client(server, kind, keep, stop)
                   for kind in ("http", "https") for keep in (True, False)]
        for client in clients:
            client.start()
        end = time.monotonic() + 3
        number = 0
        while time.monotonic() < end or number % 2 == 0:
            number += 1
            server.copy("chain.pem", (made.second if number % 2 else made.issuing)
                        .chain.read_text())
            server.process.send_signal(1)
            server.wait_for_notice(lambda notice: notice.startswith("READY=1"))
        second = server.exchange(SOAP_MESSAGE).body
        time.sleep(0.2)
        stop.set()
        for client in clients:
            client.join(10)
            assert client.error is None, repr(client.error)
            assert set(client.bodies) == {first, second}
            assert client.last == second
        assert publisher.chains_in(second) == [publisher.fingerprints(made.second)]
        assert sum(sum(client.bodies.values()) for client in clients) > 500
        assert number > 10
        counted = server.metrics()
        assert counted["ucprov_reloads_total", ()] == number
        assert server.failures() == {}
