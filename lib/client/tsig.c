/* SPDX-License-Identifier: MPL-2.0 */
/* Signs a message, and checks the signature of its answer including all that libldns leaves
 * unchecked. Keys come from tsig_key.c. */
#include "client/tsig.h"

#include <stdlib.h>
#include <time.h>

#define FUDGE 300 /* seconds, RFC 8945 section 10 */

/* Error codes of RFC 8945 section 3. */
enum { BADSIG = 16, BADKEY = 17, BADTIME = 18, BADTRUNC = 22 };

/* The fields of a TSIG record, RFC 8945 section 4.2. */
enum {
    FIELD_ALGORITHM,
    FIELD_TIME,
    FIELD_FUDGE,
    FIELD_MAC,
    FIELD_ORIGINAL_ID,
    FIELD_ERROR,
    FIELD_OTHER,
    FIELD_COUNT
};

bool
tsig_sign(const struct tsig_key *key, ldns_pkt *message)
{
    ldns_rr_free(ldns_pkt_tsig(message));
    ldns_pkt_set_tsig(message, NULL);
    return ldns_pkt_tsig_sign(message, key->text, key->secret, FUDGE, key->algorithm, NULL) ==
               LDNS_STATUS_OK &&
           ldns_pkt_tsig(message) != NULL;
}

static bool
is_name(const ldns_rdf *name, const char *text)
{
    ldns_rdf *other = ldns_dname_new_frm_str(text);
    bool is = other != NULL && ldns_dname_compare(name, other) == 0;

    ldns_rdf_deep_free(other);
    return is;
}

static uint16_t
number(const ldns_rr *tsig, size_t field)
{
    return ldns_rdf2native_int16(ldns_rr_rdf(tsig, field));
}

/* Key and algorithm first: libldns does not look at the one, and takes any of the other. It does
 * demand a MAC of full length. */
static bool
mac_is_right(const struct tsig_key *key, ldns_pkt *answer, uint8_t *octets, size_t length,
             const ldns_rdf *request_mac)
{
    const ldns_rr *tsig = ldns_pkt_tsig(answer);

    if (!is_name(ldns_rr_owner(tsig), key->text) ||
        !is_name(ldns_rr_rdf(tsig, FIELD_ALGORITHM), key->algorithm)) {
        return false;
    }
    ldns_write_uint16(octets, number(tsig, FIELD_ORIGINAL_ID)); /* RFC 8945 section 4.3.2 */
    return ldns_pkt_tsig_verify(answer, octets, length, key->text, key->secret, request_mac);
}

static bool
time_is_right(const ldns_rr *tsig)
{
    const uint8_t *octets = ldns_rdf_data(ldns_rr_rdf(tsig, FIELD_TIME)); /* 48 bits */
    int64_t signed_at = (int64_t)ldns_read_uint16(octets) << 32 | ldns_read_uint32(octets + 2);
    int64_t difference = (int64_t)time(NULL) - signed_at;

    return llabs(difference) <= number(tsig, FIELD_FUDGE);
}

struct tsig_finding
tsig_verify(const struct tsig_key *key, ldns_pkt *answer, uint8_t *octets, size_t length,
            const ldns_rr *request)
{
    const ldns_rr *tsig = ldns_pkt_tsig(answer);

    if (tsig == NULL || ldns_rr_rd_count(tsig) != FIELD_COUNT) {
        return (struct tsig_finding){TSIG_MISSING, (unsigned)ldns_pkt_get_rcode(answer)};
    }
    if (number(tsig, FIELD_ERROR) != 0) {
        return (struct tsig_finding){TSIG_REPORTED, number(tsig, FIELD_ERROR)};
    }
    if (length > TSIG_MESSAGE_MAX) {
        return (struct tsig_finding){TSIG_TOO_LONG, (unsigned)length};
    }
    if (!mac_is_right(key, answer, octets, length, ldns_rr_rdf(request, FIELD_MAC))) {
        return (struct tsig_finding){TSIG_WRONG, 0};
    }
    return (struct tsig_finding){time_is_right(tsig) ? TSIG_AUTHENTIC : TSIG_OTHER_TIME, 0};
}

/* The sentence for a TSIG error that the server reports. */
static void
explain_error(const struct tsig_key *key, const char *server, unsigned error,
              struct ucprov_problem *problem)
{
    switch (error) {
    case BADKEY:
        ucprov_problem_set(problem,
                           "%s does not know the key \"%s\" with %s (BADKEY): put the same key "
                           "statement into its configuration",
                           server, key->text, key->algorithm);
        break;
    case BADSIG:
        ucprov_problem_set(problem,
                           "%s has another secret for the key \"%s\" (BADSIG): copy the key file "
                           "from the server again",
                           server, key->text);
        break;
    case BADTIME:
        ucprov_problem_set(problem,
                           "%s has another time than this machine (BADTIME): set both clocks, "
                           "best by NTP",
                           server);
        break;
    case BADTRUNC:
        ucprov_problem_set(problem,
                           "%s demands a longer TSIG of the key \"%s\" (BADTRUNC): make the "
                           "algorithm the same on both sides",
                           server, key->text);
        break;
    default:
        ucprov_problem_set(problem, "%s refuses the key \"%s\" with TSIG error %u: look in its log",
                           server, key->text, error);
    }
}

void
tsig_explain(const struct tsig_key *key, const char *server, struct tsig_finding finding,
             struct ucprov_problem *problem)
{
    switch (finding.verdict) {
    case TSIG_MISSING:
        ucprov_problem_set(problem,
                           "%s does not sign its answer with the key \"%s\" (response code %u): "
                           "it knows no TSIG, or something between changes messages",
                           server, key->text, finding.number);
        break;
    case TSIG_REPORTED:
        explain_error(key, server, finding.number, problem);
        break;
    case TSIG_TOO_LONG:
        ucprov_problem_set(problem, "%s: its answer has %u octets; more than %d cannot be verified",
                           server, finding.number, TSIG_MESSAGE_MAX);
        break;
    case TSIG_OTHER_TIME:
        explain_error(key, server, BADTIME, problem);
        break;
    case TSIG_AUTHENTIC:
    case TSIG_WRONG:
        ucprov_problem_set(problem,
                           "the signature of %s's answer is wrong: somebody else answered, or "
                           "changed the answer",
                           server);
    }
}
