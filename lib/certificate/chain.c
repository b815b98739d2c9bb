/* SPDX-License-Identifier: MPL-2.0 */
/* Sorts a heap of CA certificates into chains with OpenSSL's verification, and refuses all of it
 * for one that fails: phones would be handed something that helps none of them. */
#include "certificate/chain.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a verification ended. */
struct outcome {
    int error;     /* X509_V_... */
    X509 *culprit; /* borrowed; NULL: not known */
    X509 *root;    /* borrowed; NULL unless it is fine */
    int depth;     /* certificates from it to the root, both counted */
};

/* Verifies up to one of the roots. Purposes and OpenSSL's security levels are not looked at: an
 * old enterprise CA signs with SHA-1, and is the one that phones have to trust. */
static bool
set_up(X509_STORE_CTX *context, X509 *certificate, STACK_OF(X509) * others, STACK_OF(X509) * roots,
       time_t now)
{
    if (!X509_STORE_CTX_init(context, NULL, certificate, others)) {
        return false;
    }
    X509_STORE_CTX_set0_trusted_stack(context, roots);
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_auth_level(parameters, 0);
    X509_VERIFY_PARAM_set_time(parameters, now);
    return X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CHECK_SS_SIGNATURE);
}

static void
verify(struct outcome *outcome, X509 *certificate, STACK_OF(X509) * others, STACK_OF(X509) * roots,
       time_t now)
{
    *outcome = (struct outcome){.error = X509_V_ERR_OUT_OF_MEM};
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (context != NULL && set_up(context, certificate, others, roots, now)) {
        bool fine = X509_verify_cert(context) > 0;
        outcome->error = X509_STORE_CTX_get_error(context);
        outcome->culprit = X509_STORE_CTX_get_current_cert(context);
        const STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(context);
        if (fine) {
            outcome->error = X509_V_OK;
            outcome->depth = sk_X509_num(path);
            outcome->root = sk_X509_value(path, outcome->depth - 1);
        } else if (outcome->error == X509_V_OK) {
            outcome->error = X509_V_ERR_UNSPECIFIED;
        }
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
}

/* A certificate on its way into a chain. */
struct member {
    X509 *certificate; /* borrowed */
    X509 *root;        /* borrowed */
    int depth;
};

struct sorting {
    time_t now;
    struct ucprov_problem *problem;
    STACK_OF(X509) * roots;  /* both: borrowed certificates */
    STACK_OF(X509) * others; /* without the roots */
    size_t count;
    struct member members[UCPROV_CERTIFICATES_MAX]; /* each once, in the order they came in */
};

/* Sets the problem, behind the certificate's name. Always false. */
static bool
refuse_certificate(struct sorting *sorting, const X509 *certificate, const char *reason,
                   const char *detail)
{
    char *name = ucprov_certificate_name(certificate);
    ucprov_problem_set(sorting->problem, "\"%s\" %s%s", name == NULL ? "?" : name, reason, detail);
    free(name);
    return false;
}

static bool
out_of_memory(struct sorting *sorting)
{
    ucprov_problem_set(sorting->problem, "out of memory");
    return false;
}

static bool
refuse_by_date(struct sorting *sorting, const X509 *certificate, bool expired)
{
    char date[UCPROV_DATE_SIZE];
    char detail[64];
    ucprov_certificate_date(date, expired ? X509_get0_notAfter(certificate)
                                          : X509_get0_notBefore(certificate));
    snprintf(detail, sizeof(detail), "%s; %s", date,
             expired ? "replace it, or leave it out" : "is the clock right?");
    return refuse_certificate(sorting, certificate,
                              expired ? "expired on " : "is not valid before ", detail);
}

static bool
refuse_by_outcome(struct sorting *sorting, X509 *certificate, const struct outcome *outcome)
{
    X509 *culprit = outcome->culprit == NULL ? certificate : outcome->culprit;
    switch (outcome->error) {
    case X509_V_ERR_OUT_OF_MEM:
        return out_of_memory(sorting);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return refuse_by_date(sorting, culprit, true);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return refuse_by_date(sorting, culprit, false);
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return refuse_certificate(sorting, culprit, "has a bad signature",
                                  ": it is damaged, or its issuer is another CA of the same name");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: {
        char *issuer = ucprov_certificate_issuer(culprit);
        refuse_certificate(sorting, culprit,
                           "leads to no root here; add the certificate of its issuer, ",
                           issuer == NULL ? "?" : issuer);
        free(issuer);
        return false;
    }
    default:
        return refuse_certificate(
            sorting, culprit, "does not verify: ", X509_verify_cert_error_string(outcome->error));
    }
}

/* A root is one that signs itself; whether its signature is good, verify() sees. */
static bool
sort_out(struct sorting *sorting, X509 *certificate)
{
    bool root = X509_self_signed(certificate, 0) == 1;
    int authority =
        X509_check_ca(certificate); /* 1: by basicConstraints; 3: X.509v1, self-signed */
    if (authority != 1 && !(root && authority == 3)) {
        return refuse_certificate(
            sorting, certificate,
            "is no CA: a chain holds roots and issuing CAs alone; leave it out", "");
    }
    sorting->members[sorting->count++] = (struct member){.certificate = certificate};
    return sk_X509_push(root ? sorting->roots : sorting->others, certificate) > 0 ||
           out_of_memory(sorting);
}

static bool
is_known(const struct sorting *sorting, const X509 *certificate)
{
    for (size_t i = 0; i < sorting->count; i++) {
        if (X509_cmp(sorting->members[i].certificate, certificate) == 0) {
            return true;
        }
    }
    return false;
}

static bool
sort_all_out(struct sorting *sorting, const STACK_OF(X509) * certificates)
{
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *certificate = sk_X509_value(certificates, i);
        if (is_known(sorting, certificate)) {
            continue;
        }
        if (sorting->count == UCPROV_CERTIFICATES_MAX) {
            ucprov_problem_set(sorting->problem, "more than %d certificates, which are no chains",
                               UCPROV_CERTIFICATES_MAX);
            return false;
        }
        if (!sort_out(sorting, certificate)) {
            return false;
        }
    }
    if (sk_X509_num(sorting->roots) == 0) {
        ucprov_problem_set(sorting->problem,
                           "no root: phones trust self-signed CA certificates; add the root CA's");
        return false;
    }
    if (sk_X509_num(sorting->roots) > UCPROV_CHAINS_MAX) {
        ucprov_problem_set(sorting->problem,
                           "more than %d roots: phones need those of the servers "
                           "that they talk to, and no others",
                           UCPROV_CHAINS_MAX);
        return false;
    }
    return true;
}

/* A root has to verify by itself: one that was renewed with its key has a twin, which OpenSSL takes
 * for its issuer, and then finds the twin's own signer untrusted. */
static void
verify_member(struct outcome *outcome, const struct sorting *sorting, X509 *certificate)
{
    if (X509_self_signed(certificate, 0) != 1) {
        verify(outcome, certificate, sorting->others, sorting->roots, sorting->now);
        return;
    }
    STACK_OF(X509) *itself = sk_X509_new_null();
    *outcome = (struct outcome){.error = X509_V_ERR_OUT_OF_MEM};
    if (itself != NULL && sk_X509_push(itself, certificate) > 0) {
        verify(outcome, certificate, NULL, itself, sorting->now);
    }
    sk_X509_free(itself);
}

static bool
verify_all(struct sorting *sorting)
{
    for (size_t i = 0; i < sorting->count; i++) {
        struct member *member = &sorting->members[i];
        struct outcome outcome;
        verify_member(&outcome, sorting, member->certificate);
        if (outcome.error != X509_V_OK) {
            return refuse_by_outcome(sorting, member->certificate, &outcome);
        }
        member->root = outcome.root;
        member->depth = outcome.depth;
    }
    return true;
}

static bool
push(STACK_OF(X509) * stack, X509 *certificate)
{
    if (sk_X509_push(stack, certificate) <= 0) {
        return false;
    }
    X509_up_ref(certificate);
    return true;
}

/* Makes the chain of one root: the deepest come first, those of one depth as they came in. */
static bool
fill_chain(struct ucprov_chains *chains, const struct sorting *sorting, const X509 *root)
{
    struct ucprov_chain *chain = &chains->items[chains->count++];
    chain->certificates = sk_X509_new_null();
    for (int depth = UCPROV_CERTIFICATES_MAX; chain->certificates != NULL && depth > 0; depth--) {
        for (size_t i = 0; i < sorting->count; i++) {
            const struct member *member = &sorting->members[i];
            if (member->root == root && member->depth == depth &&
                (!push(chain->certificates, member->certificate) ||
                 !push(chains->all, member->certificate))) {
                return false;
            }
        }
    }
    return chain->certificates != NULL;
}

static bool
has_chain(const struct ucprov_chains *chains, const X509 *root)
{
    for (size_t i = 0; i < chains->count; i++) {
        if (ucprov_chain_root(&chains->items[i]) == root) {
            return true;
        }
    }
    return false;
}

static bool
fill_all(struct ucprov_chains *chains, struct sorting *sorting)
{
    chains->all = sk_X509_new_null();
    bool fine = chains->all != NULL;
    for (size_t i = 0; fine && i < sorting->count; i++) {
        const struct member *member = &sorting->members[i];
        time_t end = (time_t)ucprov_certificate_time(X509_get0_notAfter(member->certificate));
        chains->expires = i == 0 || end < chains->expires ? end : chains->expires;
        fine = has_chain(chains, member->root) || fill_chain(chains, sorting, member->root);
    }
    return fine || out_of_memory(sorting);
}

int
ucprov_chains_build(struct ucprov_chains *chains, STACK_OF(X509) * certificates, time_t now,
                    struct ucprov_problem *problem)
{
    struct sorting sorting = {
        .now = now, .problem = problem, .roots = sk_X509_new_null(), .others = sk_X509_new_null()};
    *chains = (struct ucprov_chains){0};
    bool fine = (sorting.roots != NULL && sorting.others != NULL) || out_of_memory(&sorting);
    fine = fine && sort_all_out(&sorting, certificates) && verify_all(&sorting) &&
           fill_all(chains, &sorting);
    sk_X509_free(sorting.roots);
    sk_X509_free(sorting.others);
    if (!fine) {
        ucprov_chains_clear(chains);
    }
    ERR_clear_error();
    return fine ? 0 : -1;
}

void
ucprov_chains_clear(struct ucprov_chains *chains)
{
    for (size_t i = 0; i < chains->count; i++) {
        ucprov_certificates_free(chains->items[i].certificates);
    }
    ucprov_certificates_free(chains->all);
    *chains = (struct ucprov_chains){0};
}

X509 *
ucprov_chain_root(const struct ucprov_chain *chain)
{
    return sk_X509_value(chain->certificates, sk_X509_num(chain->certificates) - 1);
}

int
ucprov_chains_verify(const struct ucprov_chains *chains, X509 *certificate, STACK_OF(X509) * others,
                     time_t now)
{
    struct outcome outcome = {.error = X509_V_ERR_OUT_OF_MEM};
    STACK_OF(X509) *roots = sk_X509_new_null();
    bool fine = roots != NULL;
    for (size_t i = 0; fine && i < chains->count; i++) {
        fine = sk_X509_push(roots, ucprov_chain_root(&chains->items[i])) > 0;
    }
    if (fine) {
        verify(&outcome, certificate, others, roots, now);
    }
    sk_X509_free(roots);
    ERR_clear_error();
    return outcome.error;
}
