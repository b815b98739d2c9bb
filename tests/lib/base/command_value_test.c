/* SPDX-License-Identifier: MPL-2.0 */
/* Each kind of value at its limits and beyond them, and where it goes. */
#include "unit.h"

#include <arpa/inet.h>

#include "base/command_value.h"
#include "base/error.h"

struct arguments {
    int before;
    bool flag;
    int constant;
    const char *text;
    enum { NO_CHOICE = 7 } choice;
    uint8_t octet;
    uint16_t port;
    int number;
    uint64_t large;
    int milliseconds;
    struct in_addr address;
    struct sockaddr_in server;
    uint8_t hardware[6];
    size_t count;
    uint16_t list[3];
    unsigned after;
};

#define AT(member) UCPROV_FIELD(struct arguments, member)

/* Takes a value that is right, with what it becomes in `arguments`. */
static struct arguments
take(const struct ucprov_setting *setting, const char *value)
{
    struct arguments arguments = {.before = 0x55555555, .after = 0xaaaaaaaa};
    struct ucprov_problem problem = {""};
    int status = command_value_take(setting, &arguments, value, &problem);
    assert_string_equal(problem.text, "");
    assert_int_equal(status, 0);
    assert_int_equal(arguments.before, 0x55555555);
    assert_int_equal(arguments.after, 0xaaaaaaaa);
    return arguments;
}

static void
refuse(const struct ucprov_setting *setting, const char *value, const char *problem)
{
    struct arguments arguments = {0};
    struct ucprov_problem found = {""};
    assert_int_equal(command_value_take(setting, &arguments, value, &found), -1);
    assert_string_equal(found.text, problem);
}

static void
test_flags(void **state)
{
    (void)state;
    const struct ucprov_setting flag = {.name = "flag", .field = AT(flag)};
    const struct ucprov_setting constant = {.name = "json", .field = AT(constant), .value = 5};
    const struct ucprov_setting none = {.name = "none"};
    assert_true(take(&flag, NULL).flag);
    assert_int_equal(take(&constant, NULL).constant, 5);
    take(&none, NULL);
}

static int
check_text(const char *text)
{
    return strcmp(text, "a..b") == 0 ? UCPROV_ENAME_EMPTY_LABEL : UCPROV_OK;
}

static void
test_text(void **state)
{
    (void)state;
    const struct ucprov_setting any = {.kind = UCPROV_SETTING_TEXT, .field = AT(text)};
    const struct ucprov_setting checked = {
        .kind = UCPROV_SETTING_TEXT, .field = AT(text), .check = check_text};
    const struct ucprov_setting bounded = {
        .kind = UCPROV_SETTING_TEXT, .field = AT(text), .min = 1, .max = 4};
    assert_string_equal(take(&any, "").text, "");
    assert_string_equal(take(&checked, "a.b").text, "a.b");
    refuse(&checked, "a..b", ucprov_strerror(UCPROV_ENAME_EMPTY_LABEL));
    assert_string_equal(take(&bounded, "a").text, "a");
    assert_string_equal(take(&bounded, "abcd").text, "abcd");
    refuse(&bounded, "", "write 1 to 4 octets");
    refuse(&bounded, "abcde", "write 1 to 4 octets");
}

static void
test_paths(void **state)
{
    (void)state;
    const struct ucprov_setting file = {.kind = UCPROV_SETTING_FILE, .field = AT(text)};
    const struct ucprov_setting folder = {.kind = UCPROV_SETTING_FOLDER, .field = AT(text)};
    assert_string_equal(take(&file, "-").text, "-");
    assert_string_equal(take(&folder, "/").text, "/");
    refuse(&file, "", "not a file");
    refuse(&folder, "", "not a folder");
}

static void
test_choices(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "hex", "json"};
    static const char *const codes[] = {"42", "120"};
    const struct ucprov_setting code = {.kind = UCPROV_SETTING_CHOICE,
                                        .field = AT(choice),
                                        .unit = "an option",
                                        .choices = UCPROV_WORDS(codes, 2)};
    const struct ucprov_setting format = {.kind = UCPROV_SETTING_CHOICE,
                                          .field = AT(choice),
                                          .unit = "a format",
                                          .choices = UCPROV_WORDS(names, 3)};
    assert_int_equal(take(&format, "text").choice, 0);
    assert_int_equal(take(&format, "json").choice, 2);
    refuse(&format, "jsno", "not a format; did you mean \"json\"?");
    refuse(&format, "protobuf", "not a format; write text, hex or json");
    refuse(&code, "121", "not an option; write 42 or 120");
    refuse(&format, "JSON!!!", "not a format; write text, hex or json");
}

static void
test_numbers(void **state)
{
    (void)state;
    const struct ucprov_setting octet = {
        .kind = UCPROV_SETTING_NUMBER, .field = AT(octet), .min = 1, .max = 255};
    const struct ucprov_setting number = {.kind = UCPROV_SETTING_NUMBER,
                                          .field = AT(number),
                                          .min = 1,
                                          .max = 1000000,
                                          .unit = "days"};
    const struct ucprov_setting large = {
        .kind = UCPROV_SETTING_NUMBER, .field = AT(large), .max = 1e15};
    assert_int_equal(take(&octet, "1").octet, 1);
    assert_int_equal(take(&octet, "255").octet, 255);
    refuse(&octet, "0", "write a number from 1 to 255");
    refuse(&octet, "256", "write a number from 1 to 255");
    assert_int_equal(take(&number, "1000000").number, 1000000);
    assert_int_equal(take(&number, "007").number, 7);
    assert_int_equal(take(&large, "1000000000000000").large, UINT64_C(1000000000000000));
    static const char *const wrong[] = {
        "", "1000001", "-1", "+1", " 1", "1 ", "1x", "0x1", "1e3", "1.5", "99999999999999999999"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        refuse(&number, wrong[i], "write a number of days from 1 to 1000000");
    }
}

static void
test_seconds(void **state)
{
    (void)state;
    const struct ucprov_setting seconds = {
        .kind = UCPROV_SETTING_SECONDS, .field = AT(milliseconds), .min = 0.1, .max = 60};
    assert_int_equal(take(&seconds, "0.1").milliseconds, 100);
    assert_int_equal(take(&seconds, "1.2345").milliseconds, 1235);
    assert_int_equal(take(&seconds, ".5").milliseconds, 500);
    assert_int_equal(take(&seconds, "60").milliseconds, 60000);
    static const char *const wrong[] = {"",    "0.09", "60.1",  "nan", "inf", "-1",
                                        "1e1", "0x1",  "1.2.3", ".",   " 1",  "1s"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        refuse(&seconds, wrong[i], "write a number of seconds from 0.1 to 60");
    }
}

static void
test_ports(void **state)
{
    (void)state;
    const struct ucprov_setting port = {.kind = UCPROV_SETTING_PORT, .field = AT(port)};
    assert_int_equal(take(&port, "1").port, 1);
    assert_int_equal(take(&port, "65535").port, 65535);
    refuse(&port, "0", "not a port; write a number from 1 to 65535");
    refuse(&port, "65536", "not a port; write a number from 1 to 65535");
    refuse(&port, "http", "not a port; write a number from 1 to 65535");
}

static void
test_addresses(void **state)
{
    (void)state;
    static const char problem[] = "not an IPv4 address; write one such as 10.1.0.1";
    const struct ucprov_setting address = {.kind = UCPROV_SETTING_ADDRESS, .field = AT(address)};
    assert_int_equal(ntohl(take(&address, "10.1.0.5").address.s_addr), 0x0a010005);
    static const char *const wrong[] = {"",           "0.0.0.0", "255.255.255.255", "10.1.0",
                                        "10.1.0.256", "::1",     "10.1.0.5 ",       "localhost"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        refuse(&address, wrong[i], problem);
    }
}

static void
test_sockets(void **state)
{
    (void)state;
    const struct ucprov_setting server = {
        .kind = UCPROV_SETTING_SOCKET, .field = AT(server), .mark = '#', .port = 53};
    struct sockaddr_in taken = take(&server, "10.1.0.5").server;
    assert_int_equal(taken.sin_family, AF_INET);
    assert_int_equal(ntohl(taken.sin_addr.s_addr), 0x0a010005);
    assert_int_equal(ntohs(taken.sin_port), 53);
    assert_int_equal(ntohs(take(&server, "255.255.255.254#65535").server.sin_port), 65535);
    static const char *const wrong[] = {"",
                                        "#53",
                                        "0.0.0.0#53",
                                        "localhost",
                                        "10.1.0.5:53",
                                        "255.255.255.2555",
                                        "255.255.255.254 "};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        refuse(&server, wrong[i], "not an IPv4 address; write one such as 10.1.0.1 or 10.1.0.1#53");
    }
    static const char *const wrong_ports[] = {"10.1.0.5#", "10.1.0.5#0", "10.1.0.5#65536",
                                              "10.1.0.5#53#53"};
    for (size_t i = 0; i < sizeof(wrong_ports) / sizeof(wrong_ports[0]); i++) {
        refuse(&server, wrong_ports[i],
               "not a port behind the \"#\"; write a number from 1 to 65535");
    }
}

static void
test_hardware_addresses(void **state)
{
    (void)state;
    static const char problem[] = "not the hardware address of one Ethernet interface";
    const struct ucprov_setting mac = {.kind = UCPROV_SETTING_HARDWARE, .field = AT(hardware)};
    struct arguments taken = take(&mac, "00:04:F2:95-31a2");
    assert_octets_equal(taken.hardware, sizeof(taken.hardware), "\x00\x04\xf2\x95\x31\xa2");
    refuse(&mac, "", problem);
    refuse(&mac, "00:04:f2:95:31", problem);
    refuse(&mac, "00:04:f2:95:31:a2:00", problem);
    refuse(&mac, "01:00:5e:00:00:01", problem); /* a group's */
}

static int
take_sum(void *field, const char *value, struct ucprov_problem *problem)
{
    int sum = (int)strlen(value);
    memcpy(field, &sum, sizeof(sum));
    return sum > 0 ? 0 : ucprov_problem_set(problem, "too short");
}

static void
test_special_values(void **state)
{
    (void)state;
    const struct ucprov_setting special = {
        .kind = UCPROV_SETTING_SPECIAL, .field = AT(number), .take = take_sum};
    assert_int_equal(take(&special, "abc").number, 3);
    refuse(&special, "", "too short");
}

static void
test_lists(void **state)
{
    (void)state;
    const struct ucprov_setting ports = {.kind = UCPROV_SETTING_PORT,
                                         .field = UCPROV_FIELD_LIST(struct arguments, list, count)};
    struct arguments arguments = {0};
    struct ucprov_problem problem;
    assert_int_equal(command_value_take(&ports, &arguments, "1", &problem), 0);
    assert_int_equal(command_value_take(&ports, &arguments, "0", &problem), -1);
    assert_int_equal(command_value_take(&ports, &arguments, "2", &problem), 0);
    assert_int_equal(command_value_take(&ports, &arguments, "3", &problem), 0);
    assert_int_equal(command_value_take(&ports, &arguments, "4", &problem), -1);
    assert_string_equal(problem.text, "one too many: 3 at the most");
    assert_int_equal(arguments.count, 3);
    assert_memory_equal(arguments.list, ((uint16_t[]){1, 2, 3}), sizeof(arguments.list));
    assert_int_equal(arguments.after, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flags),          cmocka_unit_test(test_text),
        cmocka_unit_test(test_paths),          cmocka_unit_test(test_choices),
        cmocka_unit_test(test_numbers),        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_ports),          cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_sockets),        cmocka_unit_test(test_hardware_addresses),
        cmocka_unit_test(test_special_values), cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
