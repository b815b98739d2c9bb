/* SPDX-License-Identifier: MPL-2.0 */
/* Writes HTML with everything escaped, no script and no outside resource. The large constant part
 * is made once, when a publication is loaded; only the visitors and remaining days are new for each
 * request. */
#include "daemon/page.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option/name.h"
#include "site/site_domains.h"

#define POOLS_SHOWN   16 /* a page is no site file */
#define DOMAINS_SHOWN 32

#define SECONDS_A_DAY (INT64_C(24) * 60 * 60)
#define DAYS_A_YEAR   365.2425
#define DAYS_TO_WORRY 60 /* time to make a new certificate, and to bring it to the phones */
#define TIME_SIZE     sizeof("2026-11-22T19:06:27Z")

/* No script, no image, nothing from elsewhere: it works where the content security policy is
 * "default-src 'none'; style-src 'unsafe-inline'". */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6876;--line:#dbe1e8;--card:#fff;"
    "--ground:#f4f6f8;--link:#0b5d7a;--tint:#e6f0f4;--warn:#8a4b00}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e3e8ee;--soft:#9aa7b4;--line:#313a45;"
    "--card:#1b2129;--ground:#13181e;--link:#7cc4de;--tint:#20323b;--warn:#f0b565}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--ground);color:var(--ink);"
    "font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;"
    "overflow-wrap:anywhere}"
    "header,main,footer{max-width:52rem;margin:0 auto;padding:0 1rem}"
    "header{padding-top:2.5rem}"
    "h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem;font-weight:650}"
    "h2{font-size:1.2rem;margin:2.5rem 0 .75rem;font-weight:650}"
    "h3{font-size:1.05rem;margin:0;font-weight:650}"
    "p{margin:.5rem 0}.soft,dt,th,footer{color:var(--soft)}"
    "a{color:var(--link)}"
    "code,.digits{font-family:ui-monospace,'Cascadia Mono','DejaVu Sans Mono',monospace;"
    "font-size:.875em}"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;"
    "padding:1rem 1.15rem;margin:.75rem 0}"
    ".card>p:first-child{margin-top:0}"
    ".card>section+section{border-top:1px solid var(--line);margin-top:1.15rem;"
    "padding-top:1.15rem}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.45rem 1rem;margin:.75rem 0 0}"
    "dt,dd{margin:0;min-width:0}dt{white-space:nowrap;min-width:7rem}"
    "dd+dd{grid-column:2}"
    "ul.files{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;margin:1rem 0 0;padding:0}"
    "ul.files a{display:block;padding:.4rem .8rem;border-radius:.4rem;background:var(--tint);"
    "text-decoration:none}"
    "ul.files a:hover,ul.files a:focus{text-decoration:underline}"
    ".warn{color:var(--warn);font-weight:600}"
    "table{width:100%;border-collapse:collapse}"
    "th{text-align:left;font-weight:400;white-space:nowrap}td .soft{display:inline-block}"
    "th,td{padding:.4rem 1rem .4rem 0;vertical-align:top}"
    "td{border-top:1px solid var(--line)}td:nth-child(n+3){white-space:nowrap}"
    "footer{padding-top:1rem;padding-bottom:3rem;font-size:.875rem}"
    "@media(max-width:38rem){"
    "header{padding-top:1.5rem}h1{font-size:1.45rem}"
    "dl{grid-template-columns:1fr;gap:.1rem}dd+dd{grid-column:1}dd+dt{margin-top:.6rem}"
    "thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}"
    "tbody,tr,td{display:block}"
    "tr+tr{border-top:1px solid var(--line);margin-top:.6rem;padding-top:.6rem}"
    "td{border:0;padding:.05rem 0}td:nth-child(n+3){display:inline}"
    "td:nth-child(4)::before{content:', '}}";

/* Text as HTML's character data or attribute value. NULL is shown as nothing, since a failed
 * allocation is found out by others. */
static void
put_escaped(FILE *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            putc(*text, out);
        }
    }
}

/* The same of text that was made for it; false: it could not be made. */
static bool
put_made(FILE *out, char *text)
{
    put_escaped(out, text);
    bool fine = text != NULL;
    free(text);
    return fine;
}

static bool
put_name(FILE *out, const X509 *certificate)
{
    return put_made(out, ucprov_certificate_name(certificate));
}

/* Certificates */

static bool
put_fingerprint(FILE *out, const X509 *certificate, const char *title, const EVP_MD *digest)
{
    char *digits = ucprov_certificate_fingerprint(certificate, digest);
    fprintf(out, "<dt>%s</dt><dd class=\"digits\">", title);
    for (const char *digit = digits; digit != NULL && *digit != '\0'; digit++) {
        putc(*digit, out);
        fputs(*digit == ':' ? "<wbr>" : "", out); /* lines break between octets */
    }
    fputs("</dd>", out);
    bool fine = digits != NULL;
    free(digits);
    return fine;
}

static bool
put_details(FILE *out, X509 *certificate)
{
    char from[UCPROV_DATE_SIZE], to[UCPROV_DATE_SIZE];
    ucprov_certificate_date(from, X509_get0_notBefore(certificate));
    ucprov_certificate_date(to, X509_get0_notAfter(certificate));
    fputs("<dl><dt>Subject</dt><dd>", out);
    bool fine = put_made(out, ucprov_certificate_subject(certificate));
    if (X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) != 0) {
        fputs("</dd><dt>Issuer</dt><dd>", out);
        fine = put_made(out, ucprov_certificate_issuer(certificate)) && fine;
    }
    fprintf(out, "</dd><dt>Valid</dt><dd>%s to %s</dd>", from, to);
    fine = put_fingerprint(out, certificate, "SHA-1", EVP_sha1()) && fine;
    fine = put_fingerprint(out, certificate, "SHA-256", EVP_sha256()) && fine;
    fputs("</dl>", out);
    return fine;
}

static void
put_root_file(FILE *out, size_t number)
{
    char suffix[24] = ""; /* the first root is /root.cer, the second /root-2.cer */
    if (number > 1) {
        snprintf(suffix, sizeof(suffix), "-%zu", number);
    }
    fprintf(out, "<ul class=\"files\"><li><a href=\"/root%s.cer\">root%s.cer</a></li></ul>", suffix,
            suffix);
}

/* From the root down, as people think of it. */
static bool
put_chain(FILE *out, const struct ucprov_chain *chain, size_t number)
{
    bool fine = true;
    fputs("<article class=\"card\">", out);
    for (int i = sk_X509_num(chain->certificates) - 1; i >= 0; i--) {
        X509 *certificate = sk_X509_value(chain->certificates, i);
        bool is_root = certificate == ucprov_chain_root(chain);
        fputs("<section><h3>", out);
        fine = put_name(out, certificate) && fine;
        fprintf(out, "</h3><p class=\"soft\">%s</p>",
                is_root ? "Root: what a phone trusts" : "Issuing CA below it");
        fine = put_details(out, certificate) && fine;
        if (is_root) {
            put_root_file(out, number);
        }
        fputs("</section>", out);
    }
    fputs("</article>\n", out);
    return fine;
}

static bool
put_chains(FILE *out, const struct ucprov_chains *chains)
{
    bool fine = true;
    fprintf(out, "<h2>Certificate%s</h2>\n", sk_X509_num(chains->all) == 1 ? "" : "s");
    for (size_t i = 0; i < chains->count; i++) {
        fine = put_chain(out, &chains->items[i], i + 1) && fine;
    }
    fprintf(out,
            "<p>The root%s alone: <a href=\"/root.pem\">root.pem</a>. All of it in one file: "
            "<a href=\"/chain.pem\">chain.pem</a>, or <a href=\"/chain.p7b\">chain.p7b</a> for "
            "Windows.</p>\n",
            chains->count == 1 ? "" : "s");
    return fine;
}

/* What phones need */

static void
put_more(FILE *out, size_t count, size_t shown)
{
    if (count > shown) {
        fprintf(out, "<dd class=\"soft\">and %zu more</dd>", count - shown);
    }
}

static void
put_service_url(FILE *out, const struct ucprov_pool *pool)
{
    fputs("<dd><code>", out);
    put_escaped(out, pool->scheme);
    fputs("://", out);
    put_escaped(out, pool->web_server);
    fprintf(out, ":%u<wbr>", pool->port);
    put_escaped(out, pool->cert_prov_path);
    fputs("</code></dd>", out);
}

/* False when out of memory. */
static bool
put_update_names(FILE *out, const struct ucprov_site *site)
{
    struct domains domains;
    struct ucprov_arena *arena = ucprov_arena_new();
    bool fine = arena != NULL && domains_find(&domains, site, arena);
    size_t count = fine ? domains.count : 0;
    fputs(count == 0 ? "" : "<dt>DNS, for updates</dt>", out);
    for (size_t i = 0; i < count && i < DOMAINS_SHOWN; i++) {
        fputs("<dd><code>" UCPROV_UPDATE_NAME ".", out);
        put_escaped(out, domains.items[i].name);
        fputs("</code></dd>", out);
    }
    fputs(count > DOMAINS_SHOWN ? "<dd class=\"soft\">and in more domains</dd>" : "", out);
    ucprov_arena_free(arena);
    return fine;
}

static bool
put_needs(FILE *out, const struct ucprov_site *site)
{
    fputs("<h2>What a phone needs</h2>\n<div class=\"card\"><p>Before anybody can sign in, a "
          "phone learns these from DHCP and DNS. It comes here only when somebody starts a PIN "
          "sign-in; a made-up number will do.</p><dl><dt>DHCP option 43</dt>",
          out);
    size_t pools = site->pool_count < POOLS_SHOWN ? site->pool_count : POOLS_SHOWN;
    for (size_t i = 0; i < pools; i++) {
        put_service_url(out, &site->pools[i]);
    }
    put_more(out, site->pool_count, pools);
    fputs("<dt>DHCP option 120</dt>", out);
    for (size_t i = 0; i < pools; i++) {
        fputs("<dd><code>", out);
        put_escaped(out, site->pools[i].sip_server);
        fputs("</code></dd>", out);
    }
    put_more(out, site->pool_count, pools);
    bool fine = put_update_names(out, site);
    fputs("</dl></div>\n", out);
    return fine;
}

static void
put_template(FILE *out, bool is_ours)
{
    fputs("<p class=\"soft\">", out);
    fputs(is_ours ? "Phones get the chain in our own response, a reconstruction of the genuine "
                    "one, which is not public. <code>ucprov-ca learn</code> makes a template of a "
                    "genuine response."
                  : "Phones get the chain in a response that was learned from a genuine one.",
          out);
    fputs("</p>\n", out);
}

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Root certificates for phones</title>\n<style>%s</style>\n</head>\n<body>\n"
    "<header><h1>Root certificates for phones</h1>\n"
    "<p class=\"soft\">Desk phones fetch these certificates from here, and trust the servers "
    "that they sign in to from then on. Compare the fingerprints before you trust them "
    "elsewhere.</p></header>\n<main>\n";

char *
page_head(const struct ucprov_site *site, const struct ucprov_chains *chains, bool template_is_ours,
          size_t *length)
{
    char *page = NULL;
    FILE *out = open_memstream(&page, length);
    if (out == NULL) {
        return NULL;
    }
    fprintf(out, head, style);
    bool fine = put_needs(out, site);
    put_template(out, template_is_ours);
    fine = put_chains(out, chains) && fine && ferror(out) == 0;
    if (fclose(out) != 0 || !fine) {
        free(page);
        return NULL;
    }
    return page;
}

/* What changes */

static const char *
plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* "3 minutes", in the largest unit that fits. */
static void
put_duration(FILE *out, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{SECONDS_A_DAY, "day"}, {60 * 60, "hour"}, {60, "minute"}, {1, "second"}};
    int64_t days = seconds / SECONDS_A_DAY;
    if ((double)days >= 2 * DAYS_A_YEAR) {
        fprintf(out, "%d years", (int)((double)days / DAYS_A_YEAR));
        return;
    }
    size_t unit = 0;
    while (unit < sizeof(units) / sizeof(units[0]) - 1 && seconds < units[unit].seconds) {
        unit++;
    }
    int64_t count = seconds / units[unit].seconds;
    fprintf(out, "%" PRId64 " %s%s", count, units[unit].name, plural(count));
}

/* The end of the chain is that of whichever of its certificates ends first. */
static int64_t
chain_end(const struct ucprov_chain *chain)
{
    int64_t end = INT64_MAX;
    for (int i = 0; i < sk_X509_num(chain->certificates); i++) {
        int64_t time =
            ucprov_certificate_time(X509_get0_notAfter(sk_X509_value(chain->certificates, i)));
        end = time < end ? time : end;
    }
    return end;
}

static bool
put_remaining(FILE *out, const struct ucprov_chains *chains, time_t now)
{
    bool fine = true;
    for (size_t i = 0; i < chains->count; i++) {
        int64_t left = chain_end(&chains->items[i]) - (int64_t)now;
        fprintf(out, "<p%s>", left < DAYS_TO_WORRY * SECONDS_A_DAY ? " class=\"warn\"" : "");
        fine = put_name(out, ucprov_chain_root(&chains->items[i])) && fine;
        if (left <= 0) {
            fputs(" has expired: phones accept nothing that depends on it.</p>\n", out);
            continue;
        }
        fputs(sk_X509_num(chains->items[i].certificates) > 1 ? ", with what is below it, lasts for "
                                                             : " lasts for ",
              out);
        put_duration(out, left);
        fputs(" more.</p>\n", out);
    }
    return fine;
}

static void
put_visitor(FILE *out, const struct recent_client *visitor, time_t now)
{
    struct tm fields;
    char time[TIME_SIZE] = "?", day[TIME_SIZE] = "?";
    if (gmtime_r(&visitor->last, &fields) != NULL) {
        strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%SZ", &fields);
        strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &fields);
    }
    fputs("<tr><td class=\"digits\">", out);
    put_escaped(out, visitor->address);
    fprintf(out, "</td><td><time datetime=\"%s\">%s UTC</time> <span class=\"soft\">", time, day);
    if (visitor->last < now) {
        put_duration(out, (int64_t)now - (int64_t)visitor->last);
        fputs(" ago", out);
    } else {
        fputs("just now", out);
    }
    fprintf(out, "</span></td><td>%lu time%s</td><td>", visitor->count,
            visitor->count == 1 ? "" : "s");
    put_escaped(out, visitor->protocol);
    fputs("</td></tr>\n", out);
}

static void
put_visitors(FILE *out, const struct recent_client *visitors, size_t count, size_t total,
             time_t now)
{
    fputs("<h2>Who fetched them lately</h2>\n", out);
    if (count == 0) {
        fputs("<p class=\"soft\">Nobody yet, since the service started.</p>\n", out);
        return;
    }
    fputs("<div class=\"card\"><table><thead><tr><th scope=\"col\">Address</th>"
          "<th scope=\"col\">Last</th><th scope=\"col\">How often</th>"
          "<th scope=\"col\">Over</th></tr></thead>\n<tbody>\n",
          out);
    for (size_t i = 0; i < count; i++) {
        put_visitor(out, &visitors[i], now);
    }
    fputs("</tbody></table></div>\n", out);
    if (total > count) {
        fprintf(out, "<p class=\"soft\">The latest %zu of %zu.</p>\n", count, total);
    }
}

int
page_finish(struct evbuffer *page, const struct ucprov_chains *chains,
            const struct recent_client *visitors, size_t count, size_t total, time_t now)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        return -1;
    }
    bool fine = put_remaining(out, chains, now);
    put_visitors(out, visitors, count, total, now);
    fputs("</main>\n<footer>ucprov " UCPROV_VERSION "</footer>\n</body>\n</html>\n", out);
    fine = ferror(out) == 0 && fine;
    fine = fclose(out) == 0 && fine && evbuffer_add(page, text, length) == 0;
    free(text);
    return fine ? 0 : -1;
}
