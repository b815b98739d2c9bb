/* SPDX-License-Identifier: MPL-2.0 */
/* Prerequisites, deletions and additions of some changes, in a message that can be signed. */
#include "update_message.h"

#include <stdlib.h>

#include "client/tsig.h"

/* A message has at most 65535 octets, a record at least 11. libldns loops over the records of a
 * section with 16 bits. */
#define MESSAGE_RECORDS_MAX (65535 / 11)

/* Adds a record as an update or a prerequisite has it: of another class, without TTL. */
static bool
push_as(ldns_rr_list *list, const ldns_rr *record, ldns_rr_class class)
{
    if (!rrset_push_clone(list, record)) {
        return false;
    }
    ldns_rr *copy = ldns_rr_list_rr(list, ldns_rr_list_rr_count(list) - 1);
    ldns_rr_set_class(copy, class);
    ldns_rr_set_ttl(copy, 0);
    return true;
}

/* "RRset does not exist", RFC 2136 section 2.4.3. */
static bool
push_absence(ldns_rr_list *list, const ldns_rdf *owner, ldns_rr_type type)
{
    ldns_rr *record = ldns_rr_new();
    ldns_rdf *name = ldns_rdf_clone(owner);
    if (record == NULL || name == NULL) {
        ldns_rr_free(record);
        ldns_rdf_deep_free(name);
        return false;
    }
    ldns_rr_set_owner(record, name);
    ldns_rr_set_type(record, type);
    ldns_rr_set_class(record, LDNS_RR_CLASS_NONE);
    ldns_rr_set_ttl(record, 0);
    if (!ldns_rr_list_push_rr(list, record)) {
        ldns_rr_free(record);
        return false;
    }
    return true;
}

/* The record set is as we found it (RFC 2136 sections 2.4.2 and 2.4.3), and the owner no alias. */
static bool
push_prerequisites(ldns_rr_list *list, const struct rrset_change *change)
{
    size_t count = ldns_rr_list_rr_count(change->found);
    if (ldns_rr_list_rr_count(change->added) > 0 &&
        !push_absence(list, change->owner, LDNS_RR_TYPE_CNAME)) {
        return false;
    }
    if (count == 0) {
        return push_absence(list, change->owner, change->type);
    }
    for (size_t i = 0; i < count; i++) {
        if (!push_as(list, ldns_rr_list_rr(change->found, i), LDNS_RR_CLASS_IN)) {
            return false;
        }
    }
    return true;
}

/* Deletions of single records (RFC 2136 section 2.5.4) first: an addition with another TTL would
 * otherwise be deleted again. */
static bool
push_updates(ldns_rr_list *list, const struct rrset_change *change)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(change->deleted); i++) {
        if (!push_as(list, ldns_rr_list_rr(change->deleted, i), LDNS_RR_CLASS_NONE)) {
            return false;
        }
    }
    for (size_t i = 0; i < ldns_rr_list_rr_count(change->added); i++) {
        if (!rrset_push_clone(list, ldns_rr_list_rr(change->added, i))) {
            return false;
        }
    }
    return true;
}

/* NULL: out of memory. */
static ldns_pkt *
message_new(const struct changes *changes)
{
    ldns_rr_list *prerequisites = ldns_rr_list_new();
    ldns_rr_list *updates = ldns_rr_list_new();
    ldns_rdf *zone = ldns_rdf_clone(changes->items[0].zone);
    bool complete = prerequisites != NULL && updates != NULL && zone != NULL;
    ldns_pkt *message = NULL;
    for (size_t i = 0; i < changes->count && complete; i++) {
        complete = push_prerequisites(prerequisites, &changes->items[i]) &&
                   push_updates(updates, &changes->items[i]);
    }
    if (complete) {
        message = ldns_update_pkt_new(zone, LDNS_RR_CLASS_IN, prerequisites, updates, NULL);
    }
    if (message != NULL) {
        ldns_pkt_set_rd(message, false);
    } else {
        ldns_rdf_deep_free(zone);
    }
    ldns_rr_list_deep_free(prerequisites);
    ldns_rr_list_deep_free(updates);
    return message;
}

static size_t
count_records(const struct changes *changes)
{
    size_t records = 0;
    for (size_t i = 0; i < changes->count; i++) {
        const struct rrset_change *change = &changes->items[i];
        records += 2 + ldns_rr_list_rr_count(change->found) +
                   ldns_rr_list_rr_count(change->deleted) + ldns_rr_list_rr_count(change->added);
    }
    return records;
}

static bool
fits(const ldns_pkt *message)
{
    uint8_t *wire = NULL;
    size_t length = 0;
    bool made = ldns_pkt2wire(&wire, message, &length) == LDNS_STATUS_OK;
    free(wire);
    return made && length <= TSIG_MESSAGE_MAX;
}

enum update_message_result
update_message_make(const struct changes *changes, ldns_pkt **message)
{
    *message = NULL;
    if (count_records(changes) > MESSAGE_RECORDS_MAX) {
        return UPDATE_MESSAGE_TOO_LONG;
    }
    *message = message_new(changes);
    if (*message == NULL) {
        return UPDATE_MESSAGE_NO_MEMORY;
    }
    if (!fits(*message)) {
        ldns_pkt_free(*message);
        *message = NULL;
        return UPDATE_MESSAGE_TOO_LONG;
    }
    return UPDATE_MESSAGE_MADE;
}
