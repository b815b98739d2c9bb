/* SPDX-License-Identifier: MPL-2.0 */
/* Octets as other programs print them. The dumps are the output of the program that each names. */
#include "unit.h"

#include "base/octet_text.h"

/* "MS-UC-Client" and a little more, 21 octets. */
#define SAMPLE "\x01\x0cMS-UC-Client\x02\x05https"

struct text_case {
    const char *text;
    const char *octets;
    size_t length;
};

#define IS(literal) literal, sizeof(literal) - 1

static const struct text_case cases[] = {
    {"", IS("")},
    {" \n", IS("")},
    {"010cff", IS("\x01\x0c\xff")},
    {"0x010CFF", IS("\x01\x0c\xff")},
    {"01:0c:ff", IS("\x01\x0c\xff")},
    {"01-0C-FF", IS("\x01\x0c\xff")},
    {"01 0c ff\n", IS("\x01\x0c\xff")},
    {"010c.ff", IS("\x01\x0c\xff")},
    {"010c.4d53.2d55", IS("\x01\x0cMS-U")},
    {"01.0c.ff", IS("\x01\x0c\xff")},
    {"01,0c,ff", IS("\x01\x0c\xff")},
    /* PowerShell, netsh, C, Python. */
    {"0x00,0x06,0x70", IS("\x00\x06p")},
    {"0x00, 0x06, 0x70", IS("\x00\x06p")},
    {"0x00 0x06 0x70", IS("\x00\x06p")},
    {"0X0 0X6 0X70", IS("\x00\x06p")},
    {"{0x00, 0x06,\n 0x70};", IS("\x00\x06p")},
    {"\\x00\\x06\\x70", IS("\x00\x06p")},
    {"\"\\x00\\x06\" \\\n\"\\x70\"", IS("\x00\x06p")},
    {"00,06,\\\r\n  70", IS("\x00\x06p")},
    {"{1, 0xc}", IS("\x01\x0c")},
    {"{}", IS("")},
    /* Wireshark, "Copy ... as C Array"; xxd -i. */
    {"unsigned char x_bin[] = {\n  0x00, 0x06,\n  0x70\n};\nunsigned int x_bin_len = 3;\n",
     IS("\x00\x06p")},
    {"option 43 hex 0006.70", IS("\x00\x06p")},
    {" option ext 43 HEX 0006.70\n", IS("\x00\x06p")},
    {"hex:00,06,\\\n  70", IS("\x00\x06p")},
    /* ISC dhcpd writes 0:6:70 (dhcp-options(5)). */
    {"0:6:70:6", IS("\x00\x06p\x06")},
    {"0-6-70", IS("\x00\x06p")},
    {"1,c,4d", IS("\x01\x0cM")},
    /* Wrapped in the middle of an octet. */
    {"0006706f6 f6c", IS("\x00\x06pool")},
    {"0006706f6f6\nc", IS("\x00\x06pool")},
    {"0006706f6f6\r\nc", IS("\x00\x06pool")},
    {"0x0006706f6f6 c", IS("\x00\x06pool")},
    {"0 006706f6f6c", IS("\x00\x06pool")},
    {"00 06 7\n0 6f 6f 6c", IS("\x00\x06pool")},
    {"00:06:7\n0:6f:6f:6c", IS("\x00\x06pool")},
    {"0006.706\nf.6f6c", IS("\x00\x06pool")},
    {"000670 6f6 f6 c", IS("\x00\x06pool")},
    /* Wireshark, "Copy ... as Hex Dump". */
    {"0000   01 0c 4d 53 2d 55 43 2d 43 6c 69 65 6e 74 02 05   ..MS-UC-Client..\n"
     "0010   68 74 74 70 73                                    https\n",
     IS(SAMPLE)},
    {"0000  01 0c 4d 53 2d 55 43 2d  43 6c 69 65 6e 74 02 05   ..MS-UC- Client..\n"
     "0010  68 74 74 70 73                                     https",
     IS(SAMPLE)},
    {"0000  01 0c 4d 53\n0004  2d 55 43\n", IS("\x01\x0cMS-UC")},
    {"0000   be ef   be\n", IS("\xbe\xef")},
    {"0000  ca fe", IS("\xca\xfe")},
    /* One that begins within a packet. */
    {"0120  01 0c 4d 53\r\n0124  2d 55\r\n", IS("\x01\x0cMS-U")},
    /* hexdump -C */
    {"00000000  01 0c 4d 53 2d 55 43 2d  43 6c 69 65 6e 74 02 05  |..MS-UC-Client..|\n"
     "00000010  68 74 74 70 73                                    |https|\n"
     "00000015\n",
     IS(SAMPLE)},
    {"00000000  61 62 63 64 65 66 61 62                           |abcdefab|\n00000008\n",
     IS("abcdefab")},
    /* xxd */
    {"00000000: 010c 4d53 2d55 432d 436c 6965 6e74 0205  ..MS-UC-Client..\n"
     "00000010: 6874 7470 73                             https\n",
     IS(SAMPLE)},
    {"00000000: 6162 6364 6566 6162                      abcdefab\n", IS("abcdefab")},
    /* tcpdump -X */
    {"\t0x0000:  010c 4d53 2d55 432d 436c 6965 6e74 0205  ..MS-UC-Client..\n"
     "\t0x0010:  6874 7470 73                             https\n",
     IS(SAMPLE)},
    /* No offsets: their octets belong to the value. */
    {"0000 0102", IS("\x00\x00\x01\x02")},
    {"0006 706f\n6f6c 0000", IS("\x00\x06pool\x00\x00")},
    {"0000\n0000", IS("\x00\x00\x00\x00")},
};

static void
reads_what_people_paste(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ucprov_problem problem = {""};
        uint8_t octets[64];
        print_message("    \"%s\"\n", cases[i].text);
        int count = ucprov_octets_read(octets, sizeof(octets), cases[i].text, &problem);
        assert_string_equal(problem.text, "");
        assert_int_equal(count, cases[i].length);
        assert_memory_equal(octets, cases[i].octets, cases[i].length);
    }
}

static const struct {
    const char *text;
    const char *problem;
} refused[] = {
    {"xyz", "not hex: \"x\" at character 1"},
    {"010cg4", "not hex: \"g\" at character 5, behind \"010c\""},
    {"010c 4d53 zz", "not hex: \"z\" at character 11, behind \"0c 4d53 \""},
    {"010c\n4dzz", "not hex: \"z\" at line 2, character 3, behind \"010c\\x0a4d\""},
    {"01\xe2\x80\x93 0c", "not hex: \"\xe2\x80\x93\" at character 3, behind \"01\""},
    {"0", "a single digit; write two digits for each octet: \"0\" at character 1"},
    {"010", "a single digit; write two digits for each octet: \"0\" at character 3, behind \"01\""},
    {"0 1", "a single digit; write two digits for each octet: \"0\" at character 1"},
    {"00 6 70 6f",
     "a single digit; write two digits for each octet: \"6\" at character 4, behind \"00 \""},
    {"4d5.32d",
     "a single digit; write two digits for each octet: \"5\" at character 3, behind \"4d\""},
    {"hex", "not hex: \"h\" at character 1"},
    {"01 hex 02", "not hex: \"h\" at character 4, behind \"01 \""},
    {"01 {02}", "not hex: \"{\" at character 4, behind \"01 \""},
    {"{01} 02", "not hex: \"}\" at character 4, behind \"{01\""},
    {"01 }", "not hex: \"}\" at character 4, behind \"01 \""},
    {"hex 01}", "not hex: \"}\" at character 7, behind \"hex 01\""},
    {"hexa 00", "not hex: \"h\" at character 1"},
    {"option 43 hex 00zz", "not hex: \"z\" at character 17, behind \"3 hex 00\""},
    {"0x", "not hex: \"\" at character 3, behind \"0x\""},
    {"0x10c", "a single digit; write two digits for each octet: \"c\" at character 5, behind "
              "\"0x10\""},
    {"01\\0c", "not hex: \"\\\" at character 3, behind \"01\""},
    /* Dumps: one whose lines were joined, so that some would be lost; a digit that is none. */
    {"0000   01 0c 4d 53   ..MS   0004   2d 55   -U",
     "not a line of a dump: \".\" at character 22, behind \"4d 53   \""},
    {"0000   01 0c 4d 53   ..MS\n0004   2d zz 2d   -U-\n",
     "not a line of a dump: \"z\" at line 2, character 11, behind \"04   2d \""},
    {"0006x0x", "not hex: \"x\" at character 5, behind \"0006\""},
};

static void
shows_the_place_of_what_it_does_not_take(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct ucprov_problem problem = {""};
        uint8_t octets[64];
        print_message("    \"%s\"\n", refused[i].text);
        assert_int_equal(ucprov_octets_read(octets, sizeof(octets), refused[i].text, &problem), -1);
        assert_string_equal(problem.text, refused[i].problem);
    }
}

static void
reads_up_to_the_buffer(void **state)
{
    (void)state;
    static const char *const texts[] = {"010203", "01:02:03", "0000  01 02 03\n"};
    struct ucprov_problem problem;
    uint8_t octets[3];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(ucprov_octets_read(octets, 3, texts[i], &problem), 3);
        assert_int_equal(ucprov_octets_read(octets, 2, texts[i], &problem), -1);
        assert_string_equal(problem.text, "more than 2 octets");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_people_paste),
        cmocka_unit_test(shows_the_place_of_what_it_does_not_take),
        cmocka_unit_test(reads_up_to_the_buffer),
    };
    return cmocka_run_group_tests_name("octet_text", tests, NULL, NULL);
}
