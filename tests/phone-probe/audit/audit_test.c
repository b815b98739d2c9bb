/* SPDX-License-Identifier: MPL-2.0 */
/* Lines of an update server's log, whole, quoted and hostile, in each encoding. */
#include "unit.h"

#include <stdlib.h>

#include "audit/audit.h"

#define LINE                                                                                       \
    "7/23/2014 2:55:05 PM,10.20.1.17,UCPhone,00-04-F2-95-31-A2,64167F0001,Polycom,CX600,A,en-US,"  \
    "cpe.nbt;4.0.7577.4100;7/1/2012,cpe.nbt;4.0.7577.4444;3/2/2014,sip:a@contoso.com"

static struct audit_entry
read_line(const char *line)
{
    struct audit_entry entry;
    assert_true(audit_line_read(&entry, line, strlen(line)));
    return entry;
}

static void
line(void **state)
{
    struct audit_entry entry = read_line(LINE);
    (void)state;
    assert_string_equal(entry.time, "7/23/2014 2:55:05 PM");
    assert_string_equal(entry.address, "10.20.1.17");
    assert_string_equal(entry.type, "UCPhone");
    assert_string_equal(entry.mac, "00:04:f2:95:31:a2");
    assert_string_equal(entry.serial, "64167F0001");
    assert_string_equal(entry.vendor, "Polycom");
    assert_string_equal(entry.model, "CX600");
    assert_string_equal(entry.revision, "A");
    assert_string_equal(entry.user, "sip:a@contoso.com");
    assert_true(entry.has_firmware && entry.firmware.parts[3] == 4100);
    assert_true(entry.has_offered && entry.offered.parts[3] == 4444);
}

static void
quotes(void **state)
{
    struct audit_entry entry = read_line(
        "\"7/23/2014, 14:55\", 10.20.1.17 ,UCPhone,\"0004f29531a2\",\"a \"\"b\"\", c\",Polycom,"
        "CX600,A,en-US,\" cpe.nbt ; 4.0.7577.4100 ; x\",,");
    (void)state;
    assert_string_equal(entry.time, "7/23/2014, 14:55");
    assert_string_equal(entry.address, "10.20.1.17");
    assert_string_equal(entry.mac, "00:04:f2:95:31:a2");
    assert_string_equal(entry.serial, "a \"b\", c");
    assert_true(entry.has_firmware);
    assert_false(entry.has_offered);
}

static void
not_lines(void **state)
{
    static const char *const wrong[] = {
        "",
        ",",
        "hello",
        "a,b,c,d,e,f,g,h,i",
        "time,host,type,,,vendor,model,rev,loc,x;4.0.7577.1;t",
        "time,host,type,mac,serial,vendor,model,rev,loc,none",
        ",,,,,,,,,,,",
    };
    struct audit_entry entry;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(audit_line_read(&entry, wrong[i], strlen(wrong[i])));
    }
}

static void
hostile_lines(void **state)
{
    char *line = malloc(AUDIT_LINE_MAX + 1);
    struct audit_entry entry;
    (void)state;
    memset(line, ',', AUDIT_LINE_MAX + 1);
    assert_false(audit_line_read(&entry, line, AUDIT_LINE_MAX));
    memset(line, '"', AUDIT_LINE_MAX + 1);
    assert_false(audit_line_read(&entry, line, AUDIT_LINE_MAX));
    memset(line, 'x', AUDIT_LINE_MAX + 1);
    memcpy(line, LINE, sizeof(LINE) - 1);
    assert_true(audit_line_read(&entry, line, AUDIT_LINE_MAX));
    assert_false(audit_line_read(&entry, line, AUDIT_LINE_MAX + 1));
    free(line);
    entry = read_line("t\x1b[2J,\x07,UCPhone,\xff\xfe,s,v,m,r,l,c;4.0.7577.1;x");
    assert_string_equal(entry.time, "t\\x1b[2J");
    assert_string_equal(entry.address, "\\x07");
    assert_string_equal(entry.mac, "\\xff\\xfe");
}

static void
latest_wins(void **state)
{
    static const char log[] =
        "time,host,type,mac\r\n"
        "1,a,UCPhone,0004f29531a2,s1,P,CX600,A,en,c;4.0.7577.4100;x,c;4.0.7577.4444;x,\r\n"
        "2,b,UCPhone,0004f29531a3,s2,P,CX500,A,en,c;4.0.7577.4444;x\r\n"
        "broken\r\n\r\n"
        "3,c,UCPhone,00:04:F2:95:31:A2,s1,P,CX600,A,en,c;4.0.7577.4444;x\n"
        "4,d,UCPhone,,s9,P,CX600,A,en,c;4.0.7577.4101;x\n"
        "5,e,UCPhone,,s9,P,CX600,A,en,c;4.0.7577.4102;x\n"
        "6,f,UCPhone,,s9,P,CX600,A,en,,c;4.0.7577.4444;x"; /* what it has is known from before */
    struct audit audit = {0};
    (void)state;
    assert_true(audit_read(&audit, log, sizeof(log) - 1));
    assert_int_equal(audit.count, 3);
    assert_int_equal(audit.unreadable, 1);
    assert_string_equal(audit.phones[0]->time, "3");
    assert_int_equal(audit.phones[0]->firmware.parts[3], 4444);
    assert_false(audit.phones[0]->has_offered);
    assert_string_equal(audit.phones[1]->time, "2");
    assert_string_equal(audit.phones[2]->serial, "s9");
    assert_string_equal(audit.phones[2]->time, "6");
    assert_true(audit.phones[2]->has_firmware && audit.phones[2]->has_offered);
    assert_int_equal(audit.phones[2]->firmware.parts[3], 4102);
    audit_clear(&audit);
}

static void
encodings(void **state)
{
    struct audit audit = {0};
    char text[2 * sizeof(LINE) + 4] = "\xff\xfe";
    (void)state;
    for (size_t i = 0; i < sizeof(LINE) - 1; i++) {
        text[2 + 2 * i] = LINE[i];
    }
    size_t length = 2 + 2 * (sizeof(LINE) - 1);
    assert_true(audit_read(&audit, text, length));
    assert_int_equal(audit.count, 1);
    assert_string_equal(audit.phones[0]->user, "sip:a@contoso.com");
    assert_true(audit_read(&audit, text, length + 1)); /* half a character at the end */
    assert_int_equal(audit.count, 1);
    assert_true(audit_read(&audit, "\xef\xbb\xbf" LINE "\r\n", 3 + sizeof(LINE) + 1));
    assert_int_equal(audit.count, 1);
    assert_string_equal(audit.phones[0]->time, "7/23/2014 2:55:05 PM");
    assert_true(audit_read(&audit, "\xff\xfe", 2));
    assert_true(audit_read(&audit, "\xff", 1));
    assert_true(audit_read(&audit, "", 0));
    assert_int_equal(audit.count, 1);
    audit_clear(&audit);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line),          cmocka_unit_test(quotes),      cmocka_unit_test(not_lines),
        cmocka_unit_test(hostile_lines), cmocka_unit_test(latest_wins), cmocka_unit_test(encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
