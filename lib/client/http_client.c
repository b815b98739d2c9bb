/* SPDX-License-Identifier: MPL-2.0 */
/* Makes one request and tells precisely how far it came: no connection, no handshake, no answer, or
 * an answer that is no HTTP. That distinction is what a phone's status depends on. No redirects, no
 * proxies, no reuse: phones do none of it here. */
#include "client/http_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "certificate/phone_status.h"
#include "client/transfer.h"

#define HEADERS_MAX (64 << 10) /* octets, of 1xx responses, too; more than any server sends */
#define STATUS_MIN  200        /* 1xx are no answers: RFC 9110 section 15.2 */

/* A request on its way. */
struct fetch {
    const struct http_request *request;
    struct http_answer *answer;
    struct transfer transfer;
    struct curl_slist *headers;
    size_t headers_length; /* received */
    bool headers_ended;    /* the last response's, by an empty line */
    bool out_of_memory;
};

/* Notes why there is no answer. */
__attribute__((format(printf, 4, 5))) static void
fail_fetch(struct fetch *fetch, enum tls_outcome outcome, unsigned phone_error, const char *format,
           ...)
{
    struct http_answer *answer = fetch->answer;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(answer->error, sizeof(answer->error), format, arguments);
    va_end(arguments);
    answer->outcome = outcome;
    answer->phone_error = phone_error;
    free(answer->body);
    answer->body = NULL;
    answer->body_length = 0;
}

/* What comes. libcurl ends the transfer when less is taken than there was. */

/* A line, the first and the empty one included; of chunks' trailers, too. */
static size_t
take_header(char *line, size_t size, size_t length, void *context)
{
    struct fetch *fetch = context;
    (void)size; /* is 1 */
    fetch->headers_length += length;
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        fetch->headers_ended = false;
    } else if (line[0] == '\r' || line[0] == '\n') {
        fetch->headers_ended = true;
    }
    return fetch->headers_length <= HEADERS_MAX ? length : 0;
}

static size_t
take_body(char *octets, size_t size, size_t length, void *context)
{
    struct fetch *fetch = context;
    struct http_answer *answer = fetch->answer;
    (void)size;
    if (length > fetch->request->body_max - answer->body_length) {
        return 0;
    }
    char *body = realloc(answer->body, answer->body_length + length + 1);
    if (body == NULL) {
        fetch->out_of_memory = true;
        return 0;
    }
    memcpy(body + answer->body_length, octets, length);
    answer->body = body;
    answer->body_length += length;
    body[answer->body_length] = '\0';
    return length;
}

/* Setting up */

/* libcurl puts the target and headers into the request as they are. */
static bool
is_one_word(const char *text)
{
    for (const char *octet = text; *octet != '\0'; octet++) {
        if (*octet <= ' ' || *octet >= 0x7f) {
            return false;
        }
    }
    return *text != '\0';
}

/* Appends a header; "Name:" alone is one that libcurl then does not send. */
__attribute__((format(printf, 2, 3))) static bool
add_header(struct fetch *fetch, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return false;
    }
    struct curl_slist *headers = curl_slist_append(fetch->headers, text);
    free(text);
    fetch->headers = headers != NULL ? headers : fetch->headers;
    return headers != NULL;
}

static bool
add_headers(struct fetch *fetch)
{
    const struct http_request *request = fetch->request;
    return add_header(fetch, "Host: %s", request->host) && add_header(fetch, "Connection: close") &&
           add_header(fetch, "Accept:") && add_header(fetch, "Expect:") &&
           (request->body == NULL ||
            add_header(fetch, "Content-Type: %s", request->content_type)) &&
           (request->soap_action == NULL || /* SOAP 1.1 section 6.1.1: a URI in quotes */
            add_header(fetch, "SOAPAction: \"%s\"", request->soap_action)) &&
           curl_easy_setopt(fetch->transfer.handle, CURLOPT_HTTPHEADER, fetch->headers) == CURLE_OK;
}

static bool
add_request(struct fetch *fetch)
{
    const struct http_request *request = fetch->request;
    CURL *handle = fetch->transfer.handle;
    return add_headers(fetch) &&
           curl_easy_setopt(handle, CURLOPT_REQUEST_TARGET, request->target) == CURLE_OK &&
           (request->body == NULL || /* of an empty body, libcurl says that its length is 0 */
            curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body) == CURLE_OK) &&
           curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_HEADERDATA, fetch) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEDATA, fetch) == CURLE_OK;
}

/* How it ended */

static void
take_answer(struct fetch *fetch, long status)
{
    struct http_answer *answer = fetch->answer;
    const char *type = NULL;
    if (answer->body == NULL && (answer->body = calloc(1, 1)) == NULL) {
        fail_fetch(fetch, TLS_NOT_STARTED, 0, "out of memory");
        return;
    }
    curl_easy_getinfo(fetch->transfer.handle, CURLINFO_CONTENT_TYPE, &type);
    if (type != NULL) {
        ucprov_printable(answer->content_type, sizeof(answer->content_type), type, strlen(type));
    }
    answer->status = (int)status;
    answer->outcome = TLS_FINE;
}

/* The connection is fine, but libcurl refuses what came. */
static bool
is_not_http(const struct fetch *fetch, CURLcode code)
{
    long error = 0;
    curl_easy_getinfo(fetch->transfer.handle, CURLINFO_OS_ERRNO, &error);
    return code == CURLE_UNSUPPORTED_PROTOCOL || /* HTTP/0.9, which is to say anything */
           code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_BAD_CONTENT_ENCODING ||
           (code == CURLE_RECV_ERROR && error == 0 && fetch->request->tls == NULL);
}

static bool
is_cut(CURLcode code)
{
    return code == CURLE_OK || code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE ||
           code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
}

/* There is a connection. What ends for none of the reasons known ends by a limit: ours, or one of
 * libcurl's own. */
static void
judge_answer(struct fetch *fetch, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(fetch->transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    if (fetch->out_of_memory) {
        fail_fetch(fetch, TLS_NOT_STARTED, 0, "out of memory");
    } else if (code == CURLE_OK && fetch->headers_ended && status >= STATUS_MIN) {
        take_answer(fetch, status);
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        fail_fetch(fetch, TLS_TIMEOUT, UCPROV_PHONE_TIMEOUT, "no answer in time");
    } else if (is_not_http(fetch, code)) {
        fail_fetch(fetch, TLS_FAILED, 0, "what was answered is not HTTP");
    } else if (is_cut(code)) {
        fail_fetch(fetch, TLS_FAILED, 0, "the server closed the connection without a whole answer");
    } else {
        fail_fetch(fetch, TLS_FAILED, 0,
                   "the answer is longer than %zu octets, or has too many headers",
                   fetch->request->body_max);
    }
}

/* What comes besides the body: TLS has some octets for each record, chunks for each of them. */
static uint64_t
octets_max(const struct http_request *request)
{
    return TRANSFER_HANDSHAKE_MAX + HEADERS_MAX + 2 * (uint64_t)request->body_max;
}

void
http_fetch(struct http_answer *answer, const struct http_request *request)
{
    struct fetch fetch = {.request = request, .answer = answer};
    CURLcode code;
    *answer = (struct http_answer){.outcome = TLS_NOT_STARTED};
    bool opened = transfer_open(&fetch.transfer, &answer->tls, &request->server, request->tls,
                                request->timeout, octets_max(request));
    if (!is_one_word(request->host) || !is_one_word(request->target) || !opened ||
        !add_request(&fetch)) {
        fail_fetch(
            &fetch, TLS_NOT_STARTED, 0,
            "out of memory, or the request cannot be made: a header or path with blanks or line "
            "breaks");
    } else if (transfer_run(&fetch.transfer, &code)) {
        judge_answer(&fetch, code);
    } else {
        fail_fetch(&fetch, answer->tls.outcome, answer->tls.phone_error, "%s", answer->tls.error);
    }
    transfer_close(&fetch.transfer);
    curl_slist_free_all(fetch.headers);
}

void
http_answer_clear(struct http_answer *answer)
{
    free(answer->body);
    tls_view_clear(&answer->tls);
    *answer = (struct http_answer){.outcome = TLS_NOT_STARTED};
}
