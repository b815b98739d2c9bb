/* SPDX-License-Identifier: MPL-2.0 */
/* What the unit tests share. Known answers are written by hand, never made by the library. */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka.h needs these four before it. In C++ this comes last: it has macros such as "fail". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#include <cmocka.h>
#ifdef __cplusplus
}
#endif

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Octets written as a string literal: "\x01\x0c" "MS-UC-Client". */
#define OCTETS(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* Compares an option's value with a string literal. */
#define assert_octets_equal(octets, length, literal)                                               \
    do {                                                                                           \
        assert_int_equal(length, sizeof(literal) - 1);                                             \
        assert_memory_equal(octets, literal, sizeof(literal) - 1);                                 \
    } while (0)

/* `count` times one character, in a static buffer that the next call overwrites. */
static inline const char *
repeat(char character, size_t count)
{
    static char text[1024];
    assert_true(count < sizeof(text));
    memset(text, character, count);
    text[count] = '\0';
    return text;
}

/* A name of exactly `length` characters: labels of 63, and a shorter last one. */
static inline const char *
name_of_length(size_t length)
{
    static char text[1024];
    assert_true(length < sizeof(text));
    for (size_t i = 0; i < length; i++) {
        text[i] = i % 64 == 63 ? '.' : 'a';
    }
    text[length] = '\0';
    return text;
}

/* snprintf() that fails the test when the text does not fit. */
__attribute__((format(printf, 3, 4))) static inline void
print_to(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    assert_in_range(length, 0, size - 1);
}

/* The same into memory that fits; the caller's to free. */
__attribute__((format(printf, 1, 2))) static inline char *
print_new(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    assert_true(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    return text;
}

/* A copy with nothing behind it, so that sanitizers see what reads on; the caller's to free. */
static inline char *
copy_exactly(const char *octets, size_t length)
{
    char *copy = (char *)malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, octets, length);
    return copy;
}

/* Shows both, where strstr() alone would say that NULL is NULL. */
static inline void
assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", text, part);
    }
}

#endif
