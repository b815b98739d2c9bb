/* SPDX-License-Identifier: MPL-2.0 */
/* A reader for each kind of value. Each writes its result into memory of the size that the kind
 * has, and knows nothing of where that lies. */
#include "base/command_value.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"

#define HARDWARE_LENGTH 6
#define GROUP_BIT       1 /* IEEE 802: in the first octet of a multicast address */

typedef int value_reader(const struct ucprov_setting *setting, void *field, const char *value,
                         struct ucprov_problem *problem);

/* Fields of every size that an integer has. */
static void
store_integer(void *field, size_t size, uint64_t number)
{
    uint8_t of_8 = (uint8_t)number;
    uint16_t of_16 = (uint16_t)number;
    uint32_t of_32 = (uint32_t)number;
    const void *source = size == sizeof(of_8)    ? (const void *)&of_8
                         : size == sizeof(of_16) ? (const void *)&of_16
                         : size == sizeof(of_32) ? (const void *)&of_32
                                                 : (const void *)&number;
    assert(size == 1 || size == 2 || size == 4 || size == 8);
    memcpy(field, source, size);
}

static int
take_flag(const struct ucprov_setting *setting, void *field, const char *value,
          struct ucprov_problem *problem)
{
    (void)value;
    (void)problem;
    if (setting->field.size > 0) {
        store_integer(field, setting->field.size,
                      setting->value != 0 ? (uint64_t)setting->value : 1);
    }
    return 0;
}

static void
store_text(const struct ucprov_setting *setting, void *field, const char *value)
{
    assert(setting->field.size == sizeof(value));
    memcpy(field, &value, sizeof(value));
}

static int
take_text(const struct ucprov_setting *setting, void *field, const char *value,
          struct ucprov_problem *problem)
{
    size_t length = strlen(value);
    int error = setting->check == NULL ? UCPROV_OK : setting->check(value);
    store_text(setting, field, value);
    if (error != UCPROV_OK) {
        return ucprov_problem_set(problem, "%s", ucprov_strerror(error));
    }
    if (setting->max > 0 && ((double)length < setting->min || (double)length > setting->max)) {
        return ucprov_problem_set(problem, "write %.15g to %.15g octets", setting->min,
                                  setting->max);
    }
    return 0;
}

static int
take_path(const struct ucprov_setting *setting, void *field, const char *value,
          struct ucprov_problem *problem)
{
    bool folder = setting->kind == UCPROV_SETTING_FOLDER;
    store_text(setting, field, value);
    return *value != '\0' ? 0 : ucprov_problem_set(problem, folder ? "not a folder" : "not a file");
}

static int
take_choice(const struct ucprov_setting *setting, void *field, const char *value,
            struct ucprov_problem *problem)
{
    size_t place = ucprov_words_find(setting->choices, value);
    if (place < SIZE_MAX) {
        store_integer(field, setting->field.size, place);
        return 0;
    }
    char all[UCPROV_PROBLEM_SIZE / 2];
    struct ucprov_suggestion near;
    ucprov_words_join(all, sizeof(all), setting->choices, NULL);
    bool is_number = value[strspn(value, "0123456789")] == '\0'; /* of which any is near another */
    const char *suggestion =
        is_number ? NULL : ucprov_suggest(&near, value, setting->choices, NULL);
    return suggestion != NULL ? ucprov_problem_set(problem, "not %s%s", setting->unit, suggestion)
                              : ucprov_problem_set(problem, "not %s; write %s", setting->unit, all);
}

/* Digits alone: strtoull(3) would take more. */
static bool
read_number(const char *text, double min, double max, uint64_t *number)
{
    char *end;
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && (double)*number >= min && (double)*number <= max;
}

static int
take_number(const struct ucprov_setting *setting, void *field, const char *value,
            struct ucprov_problem *problem)
{
    uint64_t number;
    if (!read_number(value, setting->min, setting->max, &number)) {
        return ucprov_problem_set(
            problem, "write a number%s%s from %.15g to %.15g", setting->unit != NULL ? " of " : "",
            setting->unit != NULL ? setting->unit : "", setting->min, setting->max);
    }
    store_integer(field, setting->field.size, number);
    return 0;
}

static int
take_seconds(const struct ucprov_setting *setting, void *field, const char *value,
             struct ucprov_problem *problem)
{
    char *end;
    bool decimal = value[0] != '\0' && value[strspn(value, "0123456789.")] == '\0';
    double seconds = strtod(value, &end);
    if (!decimal || *end != '\0' || seconds < setting->min || seconds > setting->max) {
        return ucprov_problem_set(problem, "write a number of seconds from %.15g to %.15g",
                                  setting->min, setting->max);
    }
    store_integer(field, setting->field.size, (uint64_t)(seconds * 1000 + 0.5));
    return 0;
}

#define PORT_PROBLEM "write a number from 1 to 65535"

static int
take_port(const struct ucprov_setting *setting, void *field, const char *value,
          struct ucprov_problem *problem)
{
    uint64_t number;
    if (!read_number(value, 1, UINT16_MAX, &number)) {
        return ucprov_problem_set(problem, "not a port; " PORT_PROBLEM);
    }
    store_integer(field, setting->field.size, number);
    return 0;
}

static bool
read_address(const char *text, struct in_addr *address)
{
    return inet_pton(AF_INET, text, address) == 1 && address->s_addr != INADDR_ANY &&
           address->s_addr != INADDR_BROADCAST;
}

static int
take_address(const struct ucprov_setting *setting, void *field, const char *value,
             struct ucprov_problem *problem)
{
    struct in_addr address;
    assert(setting->field.size == sizeof(address));
    if (!read_address(value, &address)) {
        return ucprov_problem_set(problem, "not an IPv4 address; write one such as 10.1.0.1");
    }
    memcpy(field, &address, sizeof(address));
    return 0;
}

static int
take_socket(const struct ucprov_setting *setting, void *field, const char *value,
            struct ucprov_problem *problem)
{
    char text[INET_ADDRSTRLEN] = "";
    const char *mark = strchr(value, setting->mark);
    size_t length = mark != NULL ? (size_t)(mark - value) : strlen(value);
    uint64_t port = setting->port;
    struct sockaddr_in server = {.sin_family = AF_INET};
    assert(setting->field.size == sizeof(server));
    memcpy(text, value, length < sizeof(text) ? length : 0);
    if (!read_address(text, &server.sin_addr)) {
        return ucprov_problem_set(problem,
                                  "not an IPv4 address; write one such as 10.1.0.1 or "
                                  "10.1.0.1%c%u",
                                  setting->mark, setting->port);
    }
    if (mark != NULL && !read_number(mark + 1, 1, UINT16_MAX, &port)) {
        return ucprov_problem_set(problem, "not a port behind the \"%c\"; " PORT_PROBLEM,
                                  setting->mark);
    }
    server.sin_port = htons((uint16_t)port);
    memcpy(field, &server, sizeof(server));
    return 0;
}

static int
take_hardware(const struct ucprov_setting *setting, void *field, const char *value,
              struct ucprov_problem *problem)
{
    uint8_t hardware[HARDWARE_LENGTH];
    assert(setting->field.size == sizeof(hardware));
    if (ucprov_hex_decode(hardware, sizeof(hardware), value) != HARDWARE_LENGTH ||
        (hardware[0] & GROUP_BIT) != 0) {
        return ucprov_problem_set(problem, "not the hardware address of one Ethernet interface");
    }
    memcpy(field, hardware, sizeof(hardware));
    return 0;
}

static int
take_special(const struct ucprov_setting *setting, void *field, const char *value,
             struct ucprov_problem *problem)
{
    return setting->take(field, value, problem);
}

static value_reader *const readers[] = {
    [UCPROV_SETTING_FLAG] = take_flag,         [UCPROV_SETTING_TEXT] = take_text,
    [UCPROV_SETTING_FILE] = take_path,         [UCPROV_SETTING_FOLDER] = take_path,
    [UCPROV_SETTING_CHOICE] = take_choice,     [UCPROV_SETTING_NUMBER] = take_number,
    [UCPROV_SETTING_SECONDS] = take_seconds,   [UCPROV_SETTING_PORT] = take_port,
    [UCPROV_SETTING_ADDRESS] = take_address,   [UCPROV_SETTING_SOCKET] = take_socket,
    [UCPROV_SETTING_HARDWARE] = take_hardware, [UCPROV_SETTING_SPECIAL] = take_special,
};

/* "-" is standard input, which is at its end after the first time. */
static bool
has_input(const struct ucprov_setting *setting, const char *list, size_t count)
{
    const char *const *files = (const char *const *)list;
    if (setting->kind != UCPROV_SETTING_FILE) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i], "-") == 0) {
            return true;
        }
    }
    return false;
}

int
command_value_take(const struct ucprov_setting *setting, void *arguments, const char *value,
                   struct ucprov_problem *problem)
{
    const struct ucprov_field *at = &setting->field;
    char *field = (char *)arguments + at->offset;
    size_t count = 0;
    if (at->capacity > 0) {
        memcpy(&count, (char *)arguments + at->count_offset, sizeof(count));
        if (count == at->capacity) {
            return ucprov_problem_set(problem, "one too many: %zu at the most", count);
        }
        if (strcmp(value, "-") == 0 && has_input(setting, field, count)) {
            return ucprov_problem_set(problem, "given twice; standard input can be read once");
        }
        field += count * at->size;
    }
    if (readers[setting->kind](setting, field, value, problem) != 0) {
        return -1;
    }
    if (at->capacity > 0) {
        count++;
        memcpy((char *)arguments + at->count_offset, &count, sizeof(count));
    }
    return 0;
}
