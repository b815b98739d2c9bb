# SPDX-License-Identifier: MPL-2.0
"""Many phones at once, four threads."""

import pytest

import kea
import phone
import sites

QUERIES = 100_000


@pytest.mark.parametrize("relay", [None, "127.20.0.1"], ids=["direct", "relayed"])
def test_hundred_thousand_informs(hook_library, site_file, relay):
    config = kea.configuration(hooks=[kea.hook(site_file)], threads=4)
    with kea.Kea(config, severity="WARN") as running:
        settings = {"giaddr": relay} if relay else {}
        load = running.load(QUERIES, timeout_ms=10000, **settings)
        running.check()
        running.wait_for_statistic("ucprov-ms-uc-client", QUERIES)
    assert load["sent"] == load["answered"] == QUERIES
    assert load["stray"] == load["late"] == 0
    assert [kind["count"] for kind in load["kinds"]] == [QUERIES], "replies differ"
    options = dict(phone.split_options(bytes.fromhex(load["kinds"][0]["options"]))[0])
    want = sites.expected(sites.HQ_VOICE, phone.MS_UC, [120, 43], {})
    assert {code: options[code] for code in phone.OURS} == want
