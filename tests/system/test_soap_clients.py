# SPDX-License-Identifier: MPL-2.0
"""Others' SOAP toolkits take our WSDL and our response; the HTTP between is Python's here."""

import subprocess
import xml.etree.ElementTree

import pytest

import certificates
import soap_clients
from kea import BUILD
from servers import HttpServer

PATH = "/CertProv/CertProvisioningService.svc"
GET_ROOT_CERT_CHAINS = 0  # enum soap_operation


def answer(*arguments, octets=b""):
    done = subprocess.run([BUILD / "tests/answer_driver", *map(str, arguments)], input=octets,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Service(HttpServer):
    """The publisher's answers at an address. `operations` are those it was asked for."""

    def __init__(self, chain):
        self.chain, self.operations, self.actions = chain, [], []
        super().__init__(self._answer)
        self.url = f"http://127.0.0.1:{self.port}{PATH}"

    def _answer(self, request):
        if request.method == "GET":
            return 200, answer("wsdl", self.url)
        operation, _, text = answer("request", octets=request.body).partition(b"\n")
        self.operations.append(int(operation))
        self.actions.append(request.headers["SOAPAction"])
        if int(operation) == GET_ROOT_CERT_CHAINS:
            return 200, answer("response", self.chain)
        return 500, text


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


def test_zeep(made, directory):
    chain, expected = made
    with Service(chain) as service:
        for endpoint in (None, service.url):
            got = soap_clients.zeep_chains(service.url + "?wsdl", endpoint)
            assert [set(certificates.read_pkcs7(pkcs7)) for pkcs7 in got] == expected
    assert service.operations == [GET_ROOT_CERT_CHAINS] * 2
    assert service.actions == [
        '"http://schemas.microsoft.com/OCS/AuthWebServices/GetRootCertChains"'] * 2


def test_gsoap(made, directory):
    chain, expected = made
    with Service(chain) as service:
        for endpoint in (None, service.url):
            got = soap_clients.gsoap_chains(directory, service.url + "?wsdl", endpoint)
            assert [set(certificates.read_pkcs7(pkcs7)) for pkcs7 in got] == expected
    assert service.operations == [GET_ROOT_CERT_CHAINS] * 2


def test_mono(made, directory):
    chain, expected = made
    with Service(chain) as service:
        got = soap_clients.mono_chains(directory, service.url + "?wsdl", service.url)
        assert [set(certificates.read_pkcs7(pkcs7)) for pkcs7 in got] == expected
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
