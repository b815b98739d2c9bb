/* SPDX-License-Identifier: MPL-2.0 */
/* The table of settings: each row fits its kind and its field, and its default is one that the file
 * could say. */
#include "unit.h"

#include "site/site_field.h"
#include "site/site_group.h"
#include "site/site_value.h"

typedef void row_check(const struct setting_definition *table,
                       const struct setting_definition *row);

static void
check_table(row_check *check, const struct setting_definition *table)
{
    for (const struct setting_definition *row = table; row->name != NULL; row++) {
        check(table, row);
        if (row->kind == SETTING_GROUP) {
            check_table(check, row->group->settings);
        }
    }
}

static void
check_rows(row_check *check)
{
    for (const struct setting_group *group = setting_groups; group->root != NULL; group++) {
        check_table(check, group->settings);
    }
}

static const struct setting_definition *
row_named(const struct setting_definition *table, const char *name)
{
    while (table->name != NULL && strcmp(table->name, name) != 0) {
        table++;
    }
    return table->name == NULL ? NULL : table;
}

static size_t
size_of_field(const struct setting_definition *row)
{
    if (!row->is_list) {
        return value_kinds[row->kind].size;
    }
    bool is_text = row->kind >= SETTING_WORD && row->kind <= SETTING_FILE;
    return is_text ? sizeof(struct ucprov_strings) : sizeof(struct ucprov_addresses);
}

/* A list of records; or one record, whose members lie inside it, and take the same words. */
static void
check_group(const struct setting_definition *row)
{
    if (row->is_list) {
        assert_true(row->group->size > 0);
        assert_int_equal(row->size, sizeof(struct ucprov_dns_domains));
        return;
    }
    for (const struct setting_definition *m = row->group->settings; m->name != NULL; m++) {
        assert_true(m->offset + m->size <= row->size);
        assert_ptr_equal(m->choices, row->choices);
    }
}

static void
check_field(const struct setting_definition *table, const struct setting_definition *row)
{
    assert_ptr_equal(row_named(table, row->name), row); /* no name twice */
    switch (row->kind) {
    case SETTING_BOOLEAN:
        assert_int_equal(row->size, sizeof(bool));
        break;
    case SETTING_NUMBER:
        assert_true(row->size == sizeof(uint32_t) ||
                    (row->size == sizeof(uint16_t) && row->max <= UINT16_MAX));
        break;
    case SETTING_ENUM:
        assert_int_equal(row->size, sizeof(uint32_t));
        break;
    case SETTING_CHOICE:
        assert_int_equal(row->size, sizeof(char *));
        break;
    case SETTING_GROUP:
        check_group(row);
        break;
    default:
        assert_int_equal(row->size, size_of_field(row));
        assert_non_null(value_kinds[row->kind].from_text);
    }
}

static void
fields_fit(void **state)
{
    (void)state;
    check_rows(check_field);
}

static void
check_columns(const struct setting_definition *table, const struct setting_definition *row)
{
    (void)table;
    bool has_words = row->kind == SETTING_CHOICE || row->kind == SETTING_ENUM ||
                     (row->kind == SETTING_GROUP && !row->is_list);
    assert_true((row->kind == SETTING_NUMBER) == (row->max > 0));
    assert_true(row->min <= row->max);
    assert_true(row->unit == NULL || row->kind == SETTING_NUMBER);
    assert_true((row->choices != NULL) == has_words);
    assert_true(row->is_list || (row->count_min == 0 && row->count_max == 0));
    assert_true(!row->is_list || value_kinds[row->kind].several != NULL);
    assert_false(row->required && row->fallback.is != DEFAULT_NONE);
    size_t length = strlen(row->help); /* it stands behind a colon, or begins a sentence */
    assert_true(length > 0 && row->help[length - 1] != '.');
}

static void
columns_go_together(void **state)
{
    (void)state;
    check_rows(check_columns);
}

static void
check_default(const struct setting_definition *table, const struct setting_definition *row)
{
    const struct setting_default *fallback = &row->fallback;
    if (fallback->is == DEFAULT_SETTING) {
        const struct setting_definition *other = row_named(table, fallback->text);
        assert_non_null(other);
        assert_int_equal(other->kind, row->kind);
        assert_int_equal(value_kinds[row->kind].size, sizeof(char *));
        assert_true(other->is_list ? row->is_list : true);
    } else if (fallback->is == DEFAULT_NUMBER && row->kind == SETTING_NUMBER) {
        assert_in_range(fallback->number, row->min, row->max);
    } else if (fallback->is == DEFAULT_NUMBER && row->kind == SETTING_ENUM) {
        assert_non_null(row->choices->word(fallback->number));
    } else if (fallback->is == DEFAULT_NUMBER) {
        assert_int_equal(row->kind, SETTING_BOOLEAN);
    } else if (row->kind == SETTING_GROUP && !row->is_list) {
        /* What all of its members are by default. */
        for (const struct setting_definition *m = row->group->settings; m->name != NULL; m++) {
            assert_string_equal(m->choices->word(m->fallback.number), fallback->text);
        }
    } else if (fallback->is == DEFAULT_TEXT) {
        /* A bad one would be reported about no setting at all, which crashes. */
        struct site_reader reader = {.arena = ucprov_arena_new()};
        struct ucprov_listeners field = {0}; /* any will do: none is larger */
        assert_true(row->size <= sizeof(field));
        field_set_default(&reader, row, &field);
        assert_memory_not_equal(&field, &(struct ucprov_listeners){0}, row->size);
        ucprov_arena_free(reader.arena);
    }
}

static void
defaults_could_be_said(void **state)
{
    (void)state;
    check_rows(check_default);
    assert_string_equal(default_settings->name, "pool"); /* name and subnet are not among them */
}

static void
records_become_what_the_table_says(void **state)
{
    (void)state;
    struct site_reader reader = {.arena = ucprov_arena_new()};
    struct ucprov_vlan vlan = {.domain = "contoso.com"};
    struct ucprov_ca ca = {0};
    group_set_defaults(&reader, vlan_settings, &vlan);
    group_copy_defaults(&reader, vlan_settings, &vlan);
    assert_int_equal(vlan.search.count, 1);
    assert_ptr_equal(vlan.search.items[0], vlan.domain);
    assert_null(vlan.search.lines);
    assert_null(vlan.ntp.items);

    const char *const none[] = {NULL};
    vlan.search = (struct ucprov_strings){.count = 0, .items = none}; /* search = [ ] */
    group_copy_defaults(&reader, vlan_settings, &vlan);
    assert_int_equal(vlan.search.count, 0);

    group_set_defaults(&reader, ca_settings, &ca);
    assert_int_equal(ca.admin.count, 1);
    assert_int_equal(ca.admin.items[0].port, 9643);
    assert_int_equal(ntohl(ca.admin.items[0].address.s_addr), INADDR_LOOPBACK);
    assert_string_equal(ca.user, "ucprov");
    assert_true(ca.log_requests);
    assert_int_equal(ca.workers, 0);
    assert_int_equal(ca.limits.max_body_size, 65536);
    ucprov_arena_free(reader.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_fit),
        cmocka_unit_test(columns_go_together),
        cmocka_unit_test(defaults_could_be_said),
        cmocka_unit_test(records_become_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
