/* JSON, a record a line. Names and numbers need no escapes; what does is jansson's. */
#include "format.h"

#include <jansson.h>

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
    fputs("{\"site_file\": ", out);
    write_string(out, emission->site->file);
    fprintf(out, ", \"digest\": \"%s\", \"pool\": ", emission->site->digest);
    write_string(out, emission->pool);
    fputs(", \"zones\": [", out);
}

static void
write_record(FILE *out, const struct record *record)
{
    char address[INET_ADDRSTRLEN];
    fprintf(out, "    {\"owner\": \"%s\", \"ttl\": %u, ", record->owner, record->ttl);
    if (record->type == RECORD_A) {
        fprintf(out, "\"type\": \"A\", \"address\": \"%s\"}", format_address(record, address));
    } else {
        fprintf(out,
                "\"type\": \"SRV\", \"priority\": %u, \"weight\": %u, \"port\": %u, \"target\": "
                "\"%s\"}",
                record->srv.priority, record->srv.weight, record->srv.port, record->srv.target);
    }
}

void
format_json_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)emission;
    fprintf(out, "%s\n  {\"domain\": \"%s\", \"records\": [\n", first ? "" : ",", zone->domain);
    for (size_t i = 0; i < zone->count; i++) {
        fputs(i == 0 ? "" : ",\n", out);
        write_record(out, &zone->records[i]);
    }
    fputs("]}", out);
}

void
format_json_end(FILE *out)
{
    fputs("\n]}\n", out);
}
