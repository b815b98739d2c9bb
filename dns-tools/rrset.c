/* SPDX-License-Identifier: MPL-2.0 */
/* The bridge from a site's records to libldns, and set arithmetic on RRsets. Names compare without
 * case, TTLs where that is asked for. */
#include "rrset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "option/name.h"

size_t
rrset_length(const struct zone *zone, size_t first)
{
    const struct record *record = &zone->records[first];
    size_t end = first;

    while (end < zone->count && zone->records[end].type == record->type &&
           strcmp(zone->records[end].owner, record->owner) == 0) {
        end++;
    }
    return end - first;
}

size_t
rrset_count(const struct zones *zones)
{
    size_t count = 0;
    for (size_t i = 0; i < zones->count; i++) {
        const struct zone *zone = &zones->items[i];
        for (size_t j = 0; j < zone->count; j += rrset_length(zone, j)) {
            count++;
        }
    }
    return count;
}

ldns_rdf *
rrset_dname_new(const char *name)
{
    struct ucprov_name wire;

    if (ucprov_name_from_text(&wire, name) != 0) {
        assert(!"a name of a site that has not been checked");
        return NULL;
    }
    return ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, wire.length, wire.wire);
}

ldns_rr_type
rrset_type(enum record_type type)
{
    return type == RECORD_A ? LDNS_RR_TYPE_A : LDNS_RR_TYPE_SRV;
}

const char *
rrset_type_name(enum record_type type)
{
    return type == RECORD_A ? "A" : "SRV";
}

/* Gives a field to a record. False: out of memory. */
static bool
push_field(ldns_rr *rr, ldns_rdf *field)
{
    if (field == NULL || !ldns_rr_push_rdf(rr, field)) {
        ldns_rdf_deep_free(field);
        return false;
    }
    return true;
}

static bool
push_value(ldns_rr *rr, const struct record *record)
{
    if (record->type == RECORD_A) {
        return push_field(
            rr, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_A, sizeof(record->address), &record->address));
    }
    return push_field(rr, ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, record->srv.priority)) &&
           push_field(rr, ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, record->srv.weight)) &&
           push_field(rr, ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, record->srv.port)) &&
           push_field(rr, rrset_dname_new(record->srv.target));
}

static ldns_rr *
record_new(const struct record *record)
{
    ldns_rr *rr = ldns_rr_new();
    ldns_rdf *owner = rrset_dname_new(record->owner);

    if (rr == NULL || owner == NULL) {
        ldns_rr_free(rr);
        ldns_rdf_deep_free(owner);
        return NULL;
    }
    ldns_rr_set_owner(rr, owner);
    ldns_rr_set_type(rr, rrset_type(record->type));
    ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
    ldns_rr_set_ttl(rr, record->ttl);
    if (!push_value(rr, record)) {
        ldns_rr_free(rr);
        return NULL;
    }
    return rr;
}

/* Gives a record to a list. */
static bool
push(ldns_rr_list *list, ldns_rr *record)
{
    if (record == NULL || !ldns_rr_list_push_rr(list, record)) {
        ldns_rr_free(record);
        return false;
    }
    return true;
}

bool
rrset_push_clone(ldns_rr_list *list, const ldns_rr *record)
{
    return push(list, ldns_rr_clone(record));
}

ldns_rr_list *
rrset_new(const struct record *records, size_t count)
{
    ldns_rr_list *list = ldns_rr_list_new();

    for (size_t i = 0; list != NULL && i < count; i++) {
        if (!push(list, record_new(&records[i]))) {
            ldns_rr_list_deep_free(list);
            return NULL;
        }
    }
    return list;
}

static bool
same_field(const ldns_rdf *a, const ldns_rdf *b)
{
    if (ldns_rdf_get_type(a) == LDNS_RDF_TYPE_DNAME &&
        ldns_rdf_get_type(b) == LDNS_RDF_TYPE_DNAME) {
        return ldns_dname_compare(a, b) == 0; /* whatever the case */
    }
    return ldns_rdf_compare(a, b) == 0;
}

static bool
same_value(const ldns_rr *a, const ldns_rr *b)
{
    if (ldns_rr_get_type(a) != ldns_rr_get_type(b) || ldns_rr_rd_count(a) != ldns_rr_rd_count(b)) {
        return false;
    }
    for (size_t i = 0; i < ldns_rr_rd_count(a); i++) {
        if (!same_field(ldns_rr_rdf(a, i), ldns_rr_rdf(b, i))) {
            return false;
        }
    }
    return true;
}

static bool
has(const ldns_rr_list *list, const ldns_rr *record, bool with_ttl)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        const ldns_rr *other = ldns_rr_list_rr(list, i);

        if (same_value(other, record) && (!with_ttl || ldns_rr_ttl(other) == ldns_rr_ttl(record))) {
            return true;
        }
    }
    return false;
}

/* Clones of the records of `a` of which it is `wanted` that `b` has them. */
static ldns_rr_list *
choose_records(const ldns_rr_list *a, const ldns_rr_list *b, bool with_ttl, bool wanted)
{
    ldns_rr_list *list = ldns_rr_list_new();

    for (size_t i = 0; list != NULL && i < ldns_rr_list_rr_count(a); i++) {
        const ldns_rr *record = ldns_rr_list_rr(a, i);

        if (has(b, record, with_ttl) == wanted && !rrset_push_clone(list, record)) {
            ldns_rr_list_deep_free(list);
            return NULL;
        }
    }
    return list;
}

ldns_rr_list *
rrset_difference(const ldns_rr_list *a, const ldns_rr_list *b, bool with_ttl)
{
    return choose_records(a, b, with_ttl, false);
}

ldns_rr_list *
rrset_intersection(const ldns_rr_list *a, const ldns_rr_list *b)
{
    return choose_records(a, b, false, true);
}

char *
rrset_record_text(const ldns_rr *record)
{
    char *text = ldns_rr2str(record);

    for (char *c = text; c != NULL && *c != '\0'; c++) {
        if (*c == '\t') {
            *c = ' ';
        } else if (*c == '\n') {
            *c = '\0';
            break;
        }
    }
    return text;
}

/* Takes the trailing dot off a name, or a value that ends in one, unless it is the root. */
static char *
without_dot(char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;

    if (length > 1 && text[length - 1] == '.' && text[length - 2] != ' ') {
        text[length - 1] = '\0';
    }
    return text;
}

char *
rrset_name_text(const ldns_rdf *name)
{
    return without_dot(ldns_rdf2str(name));
}

char *
rrset_value_text(const ldns_rr *record)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);

    if (stream == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < ldns_rr_rd_count(record); i++) {
        char *field = ldns_rdf2str(ldns_rr_rdf(record, i));

        fprintf(stream, "%s%s", i > 0 ? " " : "", field != NULL ? field : "?");
        free(field);
    }
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return without_dot(text);
}
