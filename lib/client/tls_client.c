/* SPDX-License-Identifier: MPL-2.0 */
/* Shakes hands with a server as a phone or a modern client would and reports the version, the
 * cipher suite and the certificates that came, even when the handshake failed afterwards. Whether
 * they are any good is lib/certificate/'s question. */
#include "client/tls_client.h"

#include "client/transfer.h"

const struct tls_profile tls_profile_phone = {
    .min_version = TLS1_VERSION,
    .max_version = TLS1_VERSION,
    .ciphers = "AES128-SHA:AES256-SHA:DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:"
               "ECDHE-RSA-AES256-SHA:@SECLEVEL=0",
};

const struct tls_profile tls_profile_modern = {
    .min_version = TLS1_2_VERSION,
    .max_version = TLS1_3_VERSION,
    .ciphers = "DEFAULT",
};

void
tls_view_clear(struct tls_result *view)
{
    ucprov_certificates_free(view->sent);
    *view = (struct tls_result){0};
}

const char *
tls_version_text(int version)
{
    switch (version) {
    case SSL3_VERSION:
        return "SSL 3.0";
    case TLS1_VERSION:
        return "TLS 1.0";
    case TLS1_1_VERSION:
        return "TLS 1.1";
    case TLS1_2_VERSION:
        return "TLS 1.2";
    case TLS1_3_VERSION:
        return "TLS 1.3";
    default:
        return "unknown version";
    }
}

void
tls_probe(struct tls_result *view, const struct sockaddr_in *server,
          const struct tls_profile *profile, int timeout)
{
    struct transfer transfer;
    CURLcode code;
    if (transfer_open(&transfer, view, server, profile, timeout, TRANSFER_HANDSHAKE_MAX) &&
        curl_easy_setopt(transfer.handle, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK) {
        transfer_run(&transfer, &code);
    }
    transfer_close(&transfer);
}
