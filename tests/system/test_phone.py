# SPDX-License-Identifier: MPL-2.0
"""The tests' own client and decoder, against samples that others made (tests/vectors)."""

import json
import pathlib

import pytest

import phone
import sites

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors" / "vectors.json"


def sound_vectors():
    return [each for each in json.loads(VECTORS.read_text()) if "means" in each]


def encode(option, means):
    if option == 43:
        return phone.cert_prov(means["web_server"], means["scheme"], str(means["port"]),
                               means["cert_prov_path"])
    if option == 119:
        return phone.search(*means["search"])
    return phone.sip_server(means["sip_server"])


@pytest.mark.parametrize("vector", sound_vectors(), ids=lambda vector: vector["name"])
def test_encoder_agrees_with_published_samples(vector):
    assert encode(vector["option"], vector["means"]).hex() == vector["hex"]


def test_hand_written_octets():
    assert sites.CERT_PROV_HQ == phone.cert_prov("pool01.contoso.com")
    assert sites.CERT_PROV_DR == phone.cert_prov("web02.contoso.com")
    assert sites.SIP_SERVER_HQ == phone.sip_server("pool01.contoso.com")
    assert sites.HQ_VOICE.search == phone.search("contoso.com", "emea.contoso.com")
    assert sites.HQ_VOICE.ntp == phone.addresses("10.1.0.1", "10.1.0.2")


def test_names_follow_pointers_backwards_only():
    assert phone.names(b"\x01a\x01b\x00\x01c\xc0\x02") == ["a.b", "c.b"]
    with pytest.raises(AssertionError):
        phone.names(b"\xc0\x00")
