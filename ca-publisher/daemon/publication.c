/* SPDX-License-Identifier: MPL-2.0 */
/* Reads chain, key and template of a site, and refuses all of it if a part is bad, so that neither
 * a start nor a reload ever serves half. The answers are rendered here, ahead of any request. */
#include "daemon/publication.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "daemon/page.h"
#include "daemon/soap_answer.h"
#include "daemon/tls_server.h"
#include "response_template.h"

#define SOON (30 * 24 * 3600) /* before a certificate's end a warning helps */

struct publication *
publication_hold(struct publication *publication)
{
    atomic_fetch_add_explicit(&publication->references, 1, memory_order_relaxed);
    return publication;
}

static void
publication_free(struct publication *publication)
{
    for (size_t i = 0; i < publication->download_count; i++) {
        free(publication->downloads[i].octets);
    }
    free(publication->response.octets);
    free(publication->page.octets);
    for (size_t i = 0; i < LISTENER_KINDS; i++) {
        SSL_CTX_free(publication->contexts[i]);
    }
    ucprov_chains_clear(&publication->chains);
    ucprov_site_free(publication->site);
    free(publication);
}

void
publication_release(struct publication *publication)
{
    if (publication != NULL &&
        atomic_fetch_sub_explicit(&publication->references, 1, memory_order_acq_rel) == 1) {
        publication_free(publication);
    }
}

/* Loading: what it is done with. */
struct loading {
    struct publication *publication;
    struct ucprov_diagnostics *diagnostics;
    struct ucprov_problem problem;
};

static int
loading_failed(struct loading *loading, unsigned line, const char *setting)
{
    ucprov_diagnostics_add(loading->diagnostics, UCPROV_FAULT_CA_FILE, line, setting, "%s",
                           loading->problem.text);
    return -1;
}

static int
out_of_memory(struct loading *loading)
{
    ucprov_problem_set(&loading->problem, "out of memory");
    return loading_failed(loading, 0, NULL);
}

/* Documents */

static void
make_etag(struct document *document)
{
    char digest[UCPROV_DIGEST_TEXT_SIZE];
    ucprov_digest(digest, document->octets, document->length);
    snprintf(document->etag, sizeof(document->etag), "\"%.32s\"", digest);
}

/* Takes what was written to a BIO. */
static int
take_octets(struct loading *loading, struct document *document, BIO *bio, bool written)
{
    char *octets = NULL;
    long length = bio != NULL && written ? BIO_get_mem_data(bio, &octets) : 0;
    if (length > 0 && octets != NULL) {
        document->octets = malloc((size_t)length);
    }
    if (document->octets == NULL || octets == NULL) {
        return out_of_memory(loading);
    }
    memcpy(document->octets, octets, (size_t)length);
    document->length = (size_t)length;
    make_etag(document);
    return 0;
}

static struct document *
add_download(struct publication *publication, const char *content_type)
{
    struct document *document = &publication->downloads[publication->download_count++];
    document->content_type = content_type;
    return document;
}

/* "/root.cer", "/root-2.cer", ...: one file of this kind holds one certificate (RFC 5280 4.2.2.1,
 * media type of RFC 2585). */
static int
add_root(struct loading *loading, size_t index)
{
    struct publication *publication = loading->publication;
    struct document *document = add_download(publication, "application/pkix-cert");
    BIO *bio = BIO_new(BIO_s_mem());
    if (index == 0) {
        strcpy(document->path, "/root.cer");
    } else {
        snprintf(document->path, sizeof(document->path), "/root-%u.cer", (unsigned)index + 1);
    }
    bool written =
        bio != NULL && i2d_X509_bio(bio, ucprov_chain_root(&publication->chains.items[index])) == 1;
    int result = take_octets(loading, document, bio, written);
    BIO_free(bio);
    return result;
}

/* RFC 8555 9.1 has the media type of PEM with several certificates. */
static int
add_pem(struct loading *loading, const char *path, bool roots_only)
{
    const struct ucprov_chains *chains = &loading->publication->chains;
    struct document *document =
        add_download(loading->publication, "application/pem-certificate-chain");
    BIO *bio = BIO_new(BIO_s_mem());
    bool written = bio != NULL;
    int count = roots_only ? (int)chains->count : sk_X509_num(chains->all);
    strcpy(document->path, path);
    for (int i = 0; i < count && written; i++) {
        X509 *certificate =
            roots_only ? ucprov_chain_root(&chains->items[i]) : sk_X509_value(chains->all, i);
        written = PEM_write_bio_X509(bio, certificate) == 1;
    }
    int result = take_octets(loading, document, bio, written);
    BIO_free(bio);
    return result;
}

/* RFC 5273 section 3: "certs-only". */
static int
add_pkcs7(struct loading *loading)
{
    struct document *document =
        add_download(loading->publication, "application/pkcs7-mime; smime-type=certs-only");
    strcpy(document->path, "/chain.p7b");
    document->octets =
        (char *)ucprov_certificates_pkcs7(loading->publication->chains.all, &document->length);
    if (document->octets == NULL) {
        return out_of_memory(loading);
    }
    make_etag(document);
    return 0;
}

static int
make_downloads(struct loading *loading)
{
    for (size_t i = 0; i < loading->publication->chains.count; i++) {
        if (add_root(loading, i) != 0) {
            return -1;
        }
    }
    if (add_pem(loading, "/root.pem", true) != 0 || add_pem(loading, "/chain.pem", false) != 0) {
        return -1;
    }
    return add_pkcs7(loading);
}

static int
make_response(struct loading *loading)
{
    struct publication *publication = loading->publication;
    const char *file = publication->site->ca.response_template;
    size_t length = strlen(response_template_builtin);
    char *learned = NULL;
    if (file != NULL) {
        learned = response_template_read(file, &length, &loading->problem);
        if (learned == NULL) {
            return loading_failed(loading, 0, "ca.response_template");
        }
    }
    struct document *response = &publication->response;
    response->octets = response_render(file != NULL ? learned : response_template_builtin, length,
                                       &publication->chains, &response->length, &loading->problem);
    response->content_type = SOAP_CONTENT_TYPE;
    free(learned);
    return response->octets != NULL ? 0 : loading_failed(loading, 0, "ca.response_template");
}

static int
make_page(struct loading *loading)
{
    struct publication *publication = loading->publication;
    struct document *page = &publication->page;
    page->content_type = PAGE_CONTENT_TYPE;
    page->octets = page_head(publication->site, &publication->chains,
                             publication->site->ca.response_template == NULL, &page->length);
    return page->octets != NULL ? 0 : out_of_memory(loading);
}

/* Certificates */

static void
note_modified(struct publication *publication, const char *file)
{
    struct stat status;
    if (stat(file, &status) == 0 && status.st_mtime > publication->modified) {
        publication->modified = status.st_mtime;
    }
}

/* Adds the certificates of one file to `all`. */
static int
read_chain_file(struct loading *loading, size_t index, STACK_OF(X509) * all)
{
    const struct ucprov_strings *files = &loading->publication->site->ca.chains;
    STACK_OF(X509) *some =
        ucprov_certificates_read(files->items[index], UCPROV_FILE_REGULAR, &loading->problem);
    if (some == NULL) {
        return loading_failed(loading, files->lines != NULL ? files->lines[index] : 0, "ca.chain");
    }
    note_modified(loading->publication, files->items[index]);
    int added = X509_add_certs(all, some, X509_ADD_FLAG_UP_REF);
    ucprov_certificates_free(some);
    return added == 1 ? 0 : out_of_memory(loading);
}

static void
warn_of_end(struct loading *loading, const char *setting, const char *what, time_t end)
{
    if (end - loading->publication->loaded < SOON) {
        long days = (long)((end - loading->publication->loaded) / (24 * 3600));
        ucprov_diagnostics_add(loading->diagnostics, UCPROV_FAULT_CA_EXPIRES, 0, setting,
                               "%s expires in %ld day%s: renew it", what, days,
                               days == 1 ? "" : "s");
    }
}

static int
read_chains(struct loading *loading)
{
    struct publication *publication = loading->publication;
    const struct ucprov_strings *files = &publication->site->ca.chains;
    STACK_OF(X509) *all = sk_X509_new_null();
    int result = all != NULL ? 0 : out_of_memory(loading);
    for (size_t i = 0; i < files->count && result == 0; i++) {
        result = read_chain_file(loading, i, all);
    }
    if (result == 0 && ucprov_chains_build(&publication->chains, all, publication->loaded,
                                           &loading->problem) != 0) {
        result = loading_failed(loading, files->lines != NULL ? files->lines[0] : 0, "ca.chain");
    }
    ucprov_certificates_free(all);
    if (result == 0) {
        warn_of_end(loading, "ca.chain", "a certificate of the chain", publication->chains.expires);
    }
    return result;
}

static int
check_dates(struct loading *loading, const char *file, X509 *certificate)
{
    char date[UCPROV_DATE_SIZE];
    time_t now = loading->publication->loaded;
    int64_t begin = ucprov_certificate_time(X509_get0_notBefore(certificate));
    int64_t end = ucprov_certificate_time(X509_get0_notAfter(certificate));
    if (begin < 0 || now < begin) {
        ucprov_problem_set(&loading->problem, "%s: is not valid before %s; look at the clock", file,
                           ucprov_certificate_date(date, X509_get0_notBefore(certificate)));
        return loading_failed(loading, 0, "ca.certificate");
    }
    if (now >= end) {
        ucprov_problem_set(&loading->problem, "%s: expired on %s; renew it", file,
                           ucprov_certificate_date(date, X509_get0_notAfter(certificate)));
        return loading_failed(loading, 0, "ca.certificate");
    }
    warn_of_end(loading, "ca.certificate", file, (time_t)end);
    return 0;
}

static int
check_certificate(struct loading *loading, STACK_OF(X509) * certificates, EVP_PKEY *key,
                  bool chains_known)
{
    const struct ucprov_ca *ca = &loading->publication->site->ca;
    X509 *certificate = sk_X509_value(certificates, 0);
    if (X509_check_private_key(certificate, key) != 1) {
        ERR_clear_error();
        ucprov_problem_set(&loading->problem,
                           "%s: is not the key of %s, or the server's certificate is not the "
                           "first there",
                           ca->key, ca->certificate);
        return loading_failed(loading, 0, "ca.key");
    }
    if (check_dates(loading, ca->certificate, certificate) != 0) {
        return -1;
    }
    if (!chains_known) {
        return 0;
    }
    int error = ucprov_chains_verify(&loading->publication->chains, certificate, certificates,
                                     loading->publication->loaded);
    if (error != X509_V_OK) {
        ucprov_diagnostics_add(loading->diagnostics, UCPROV_FAULT_CA_CHAIN, 0, "ca.certificate",
                               "%s: does not lead to a root that phones are given (%s): they "
                               "will refuse this server's TLS",
                               ca->certificate, X509_verify_cert_error_string(error));
    }
    return 0;
}

static int
make_context(struct loading *loading, enum listener_kind kind, STACK_OF(X509) * certificates,
             EVP_PKEY *key)
{
    struct publication *publication = loading->publication;
    if (listener_settings(&publication->site->ca, kind)->count == 0) {
        return 0;
    }
    publication->contexts[kind] =
        tls_server_context_new(certificates, key, kind == LISTENER_LEGACY_HTTPS, &loading->problem);
    return publication->contexts[kind] != NULL ? 0 : loading_failed(loading, 0, "ca.certificate");
}

static int
read_tls(struct loading *loading, bool chains_known)
{
    const struct ucprov_ca *ca = &loading->publication->site->ca;
    if (ca->https.count == 0 && ca->legacy_https.count == 0) {
        return 0;
    }
    STACK_OF(X509) *certificates =
        ucprov_certificates_read(ca->certificate, UCPROV_FILE_REGULAR, &loading->problem);
    if (certificates == NULL) {
        return loading_failed(loading, 0, "ca.certificate");
    }
    int result = -1;
    EVP_PKEY *key = tls_server_key_read(ca->key, &loading->problem);
    if (key == NULL) {
        loading_failed(loading, 0, "ca.key");
    } else if (check_certificate(loading, certificates, key, chains_known) == 0 &&
               make_context(loading, LISTENER_HTTPS, certificates, key) == 0) {
        result = make_context(loading, LISTENER_LEGACY_HTTPS, certificates, key);
    }
    EVP_PKEY_free(key);
    ucprov_certificates_free(certificates);
    return result;
}

/* All of it, as far as each part can be looked at when another is wrong. */
static int
load_publication(struct loading *loading)
{
    struct publication *publication = loading->publication;
    if (publication->site->ca.chains.count == 0) {
        ucprov_problem_set(&loading->problem,
                           "is missing: ca = { chain = \"FILE\"; http = \"0.0.0.0:80\"; }; says "
                           "what to publish, and where");
        return loading_failed(loading, 0, "ca");
    }
    int chains = read_chains(loading);
    int tls = read_tls(loading, chains == 0);
    if (chains != 0 || tls != 0 || make_response(loading) != 0 || make_downloads(loading) != 0) {
        return -1;
    }
    struct tm parts;
    strftime(publication->last_modified, sizeof(publication->last_modified),
             "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&publication->modified, &parts));
    return make_page(loading);
}

struct publication *
publication_new(struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    struct publication *publication = calloc(1, sizeof(*publication));
    if (publication == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
        ucprov_site_free(site);
        return NULL;
    }
    struct loading loading = {publication, diagnostics, {""}};
    atomic_init(&publication->references, 1);
    publication->loaded = time(NULL);
    publication->site = site;
    if (load_publication(&loading) != 0) {
        publication_release(publication);
        return NULL;
    }
    return publication;
}

/* Finding */

bool
publication_is_service(const struct publication *publication, const char *path, const char **rest)
{
    for (size_t i = 0; i < publication->site->pool_count; i++) {
        const char *service = publication->site->pools[i].cert_prov_path;
        size_t length = strlen(service);
        if (strncasecmp(path, service, length) == 0 &&
            (path[length] == '\0' || path[length] == '/')) {
            *rest = path + length;
            return true;
        }
    }
    return false;
}

const struct document *
publication_find(const struct publication *publication, const char *path)
{
    for (size_t i = 0; i < publication->download_count; i++) {
        if (strcmp(publication->downloads[i].path, path) == 0) {
            return &publication->downloads[i];
        }
    }
    return NULL;
}

static void
release_reference(const void *octets, size_t length, void *publication)
{
    (void)octets;
    (void)length;
    publication_release(publication);
}

int
publication_add(struct publication *publication, const struct document *document,
                struct evbuffer *out)
{
    publication_hold(publication);
    if (evbuffer_add_reference(out, document->octets, document->length, release_reference,
                               publication) != 0) {
        publication_release(publication);
        return -1;
    }
    return 0;
}
