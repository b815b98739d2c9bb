/* SPDX-License-Identifier: MPL-2.0 */
/* JSON, a zone a line: one at a time, since all of them would not fit the memory that the other
 * formats are content with. */
#include "format.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/program.h"

static void
write_string(FILE *out, const char *text)
{
    json_t *string = text == NULL ? json_null() : json_string(text);
    if (string == NULL) { /* no UTF-8 */
        string = json_string("");
    }
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

void
format_json_begin(FILE *out, const struct emission *emission)
{
    ucprov_json_begun();
    fprintf(out, "{\"schema\": %d, \"site_file\": ", UCPROV_JSON_SCHEMA);
    write_string(out, emission->site->file);
    fprintf(out, ", \"digest\": \"%s\", \"pool\": ", emission->site->digest);
    write_string(out, emission->pool);
    fputs(", \"zones\": [", out);
}

static json_t *
record_json(const struct record *record)
{
    char address[INET_ADDRSTRLEN];
    json_t *object = json_object();
    json_object_set_new_nocheck(object, "owner", json_string_nocheck(record->owner));
    json_object_set_new_nocheck(object, "ttl", json_integer(record->ttl));
    if (record->type == RECORD_A) {
        json_object_set_new_nocheck(object, "type", json_string_nocheck("A"));
        json_object_set_new_nocheck(object, "address",
                                    json_string_nocheck(format_address(record, address)));
        return object;
    }
    json_object_set_new_nocheck(object, "type", json_string_nocheck("SRV"));
    json_object_set_new_nocheck(object, "priority", json_integer(record->srv.priority));
    json_object_set_new_nocheck(object, "weight", json_integer(record->srv.weight));
    json_object_set_new_nocheck(object, "port", json_integer(record->srv.port));
    json_object_set_new_nocheck(object, "target", json_string_nocheck(record->srv.target));
    return object;
}

void
format_json_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)emission;
    json_t *object = json_object();
    json_t *records = json_array();
    for (size_t i = 0; i < zone->count; i++) {
        json_array_append_new(records, record_json(&zone->records[i]));
    }
    json_object_set_new_nocheck(object, "domain", json_string_nocheck(zone->domain));
    json_object_set_new_nocheck(object, "records", records);
    char *text = json_dumps(object, JSON_PRESERVE_ORDER);
    json_decref(object);
    fputs(first ? "\n" : ",\n", out);
    fputs(text == NULL ? "(out of memory)" : text, out); /* which no reader takes for JSON */
    free(text);
}

void
format_json_end(FILE *out)
{
    fputs("\n]}\n", out);
}
