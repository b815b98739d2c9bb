# SPDX-License-Identifier: MPL-2.0
"""Others' SOAP toolkits take our WSDL and our response; the HTTP between is Python's here."""

import http.server
import os
import pathlib
import subprocess
import threading
import xml.etree.ElementTree

import pytest

import certificates
import soap_clients

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("UCPROV_BUILD", ROOT / "build"))
PATH = "/CertProv/CertProvisioningService.svc"
GET_ROOT_CERT_CHAINS = 0  # enum soap_operation


def answer(*arguments, octets=b""):
    done = subprocess.run([BUILD / "tests/answer_driver", *map(str, arguments)], input=octets,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Service:
    """The publisher's answers at an address. `operations` are those it was asked for."""

    def __init__(self, chain):
        self.operations, self.actions = [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                self.reply(200, answer("wsdl", outer.url))

            def do_POST(self):  # pylint: disable=invalid-name
                octets = self.rfile.read(int(self.headers["Content-Length"]))
                operation, _, text = answer("request", octets=octets).partition(b"\n")
                outer.operations.append(int(operation))
                outer.actions.append(self.headers["SOAPAction"])
                if int(operation) == GET_ROOT_CERT_CHAINS:
                    self.reply(200, answer("response", chain))
                else:
                    self.reply(500, text)

            def reply(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{PATH}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two chains, and their certificates' DER, as sets."""
    directory = tmp_path_factory.mktemp("soap")
    root = certificates.Authority(directory, "Contoso Root CA")
    issuing = root.authority("Contoso Issuing CA")
    other = certificates.Authority(directory, "Fabrikam Root CA")
    chain = directory / "chain.pem"
    chain.write_text(issuing.chain.read_text() + other.certificate.read_text())
    return chain, [{root.der(), issuing.der()}, {other.der()}]


def members(directory, pkcs7):
    """The certificates in a PKCS#7, as openssl finds them."""
    file = directory / "got.p7b"
    file.write_bytes(pkcs7)
    text = certificates.openssl("pkcs7", "-inform", "DER", "-in", file, "-print_certs").decode()
    found = set()
    for part in text.split("-----BEGIN CERTIFICATE-----")[1:]:
        pem = "-----BEGIN CERTIFICATE-----" + part.partition("-----END")[0] + \
            "-----END CERTIFICATE-----\n"
        found.add(certificates.openssl("x509", "-outform", "DER", input=pem.encode()))
    return found


def test_zeep(made, directory):
    chain, expected = made
    with Service(chain) as service:
        for endpoint in (None, service.url):
            got = soap_clients.zeep_chains(service.url + "?wsdl", endpoint)
            assert [members(directory, pkcs7) for pkcs7 in got] == expected
    assert service.operations == [GET_ROOT_CERT_CHAINS] * 2
    assert service.actions == [
        '"http://schemas.microsoft.com/OCS/AuthWebServices/GetRootCertChains"'] * 2


def test_gsoap(made, directory):
    chain, expected = made
    with Service(chain) as service:
        for endpoint in (None, service.url):
            got = soap_clients.gsoap_chains(directory, service.url + "?wsdl", endpoint)
            assert [members(directory, pkcs7) for pkcs7 in got] == expected
    assert service.operations == [GET_ROOT_CERT_CHAINS] * 2


def test_mono(made, directory):
    chain, expected = made
    with Service(chain) as service:
        got = soap_clients.mono_chains(directory, service.url + "?wsdl", service.url)
        assert [members(directory, pkcs7) for pkcs7 in got] == expected
    assert service.operations == [GET_ROOT_CERT_CHAINS]


def test_a_fault_is_one_to_toolkits(made):
    chain, _ = made
    request = b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Hello/>" \
        b"</s:Body></s:Envelope>"
    operation, _, text = answer("request", octets=request).partition(b"\n")
    assert int(operation) != GET_ROOT_CERT_CHAINS
    fault = xml.etree.ElementTree.fromstring(text)[0][0]
    assert fault.find("faultcode").text == "s:Client"
    assert "Hello" in fault.find("faultstring").text
    assert answer("response", chain) == answer("response", chain)
