/* SPDX-License-Identifier: MPL-2.0 */
/* One option asks for a mode, or none does and it is the default; the others have to go with it. */
#include "base/command_mode.h"

#include <stdio.h>

#define NAME_SIZE 80
#define LIST_SIZE 256

bool
ucprov_is_given(const struct ucprov_given *given, unsigned place)
{
    return (given->settings >> place & 1) != 0;
}

static const char *
mode_name(const struct ucprov_command_line *line, size_t place, char name[NAME_SIZE])
{
    const struct ucprov_mode *mode = &line->modes[place];
    snprintf(name, NAME_SIZE, "%s", mode->name != NULL ? mode->name : "");
    if (mode->name == NULL && mode->setting >= 0) {
        snprintf(name, NAME_SIZE, "--%s", line->settings[mode->setting].name);
    }
    return name;
}

/* Looks on from a place for a mode that is asked for. Returns its place; mode_count: there is none.
 */
static size_t
find_asked(const struct ucprov_command_line *line, const struct ucprov_given *given, size_t from)
{
    size_t place = from;
    while (place < line->mode_count &&
           (line->modes[place].setting < 0 ||
            !ucprov_is_given(given, (unsigned)line->modes[place].setting))) {
        place++;
    }
    return place;
}

static size_t
find_default(const struct ucprov_command_line *line)
{
    size_t place = 0;
    while (place < line->mode_count && line->modes[place].setting >= 0) {
        place++;
    }
    return place;
}

static int
find_mode(const struct ucprov_command_line *line, struct ucprov_given *given,
          struct ucprov_problem *problem)
{
    size_t place = find_asked(line, given, 0);
    size_t other = find_asked(line, given, place + 1);
    if (other < line->mode_count) {
        return ucprov_problem_set(problem, "--%s and --%s: give one or the other",
                                  line->settings[line->modes[place].setting].name,
                                  line->settings[line->modes[other].setting].name);
    }
    place = place < line->mode_count ? place : find_default(line);
    if (place == line->mode_count) {
        return ucprov_problem_set(problem, "%s; try --help", line->mode_missing);
    }
    given->mode = 1U << place;
    return 0;
}

/* "--check", or "--sip-server or --vlan": what a row goes with. */
static const char *
list_modes(const struct ucprov_command_line *line, unsigned modes, char list[LIST_SIZE])
{
    char name[NAME_SIZE];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < line->mode_count && used < LIST_SIZE; i++) {
        if ((modes & 1U << i) != 0) {
            used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", used == 0 ? "" : " or ",
                                     mode_name(line, i, name));
        }
    }
    return list;
}

static int
refuse_setting(const struct ucprov_command_line *line, const struct ucprov_setting *setting,
               const struct ucprov_given *given, struct ucprov_problem *problem)
{
    char allowed[LIST_SIZE];
    char actual[LIST_SIZE];
    list_modes(line, setting->modes, allowed);
    list_modes(line, given->mode, actual);
    return ucprov_problem_set(problem, "%s%s: goes with %s%s%s", setting->name != NULL ? "--" : "",
                              setting->name != NULL ? setting->name : setting->metavar, allowed,
                              *actual != '\0' ? ", not with " : "", actual);
}

static bool
goes_with(const struct ucprov_setting *setting, unsigned mode)
{
    return setting->modes == 0 || (setting->modes & mode) != 0;
}

int
command_mode_check(const struct ucprov_command_line *line, struct ucprov_given *given,
                   struct ucprov_problem *problem)
{
    if (line->mode_count == 0) {
        return 0;
    }
    if (find_mode(line, given, problem) != 0) {
        return -1;
    }
    for (size_t i = 0; i < line->setting_count; i++) {
        const struct ucprov_setting *setting = &line->settings[i];
        if (ucprov_is_given(given, (unsigned)i) && !goes_with(setting, given->mode)) {
            return refuse_setting(line, setting, given, problem);
        }
    }
    if (given->operands > 0 && !goes_with(line->operand, given->mode)) {
        return refuse_setting(line, line->operand, given, problem);
    }
    return 0;
}
