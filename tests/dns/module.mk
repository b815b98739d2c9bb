# Unit tests of ucprov-zone's parts (cmocka), run by `make test-unit`, and the driver of its acting
# half: each linked with what the program is made of, but its main().
DNS_TESTS := $(patsubst tests/dns/%.c,$(BUILD)/tests/dns/%,$(wildcard tests/dns/*_test.c))
DNS_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out %/ucprov_zone.c,$(wildcard dns-tools/*.c)))

$(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(wildcard tests/dns/*_test.c)): \
    CPPFLAGS += -Idns-tools

$(BUILD)/tests/dns/%_test: $(BUILD)/obj/tests/dns/%_test.o $(DNS_OBJECTS) $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka -lldns $(LIBUCPROV_LIBS)

.SECONDARY: $(patsubst $(BUILD)/tests/%,$(BUILD)/obj/tests/%.o,$(DNS_TESTS))

test-unit: $(DNS_TESTS)

# Calls act_run() with records from a list: the tests of --check and --update.
TEST_PROGRAMS += $(BUILD)/tests/act_driver
$(BUILD)/tests/act_driver: $(BUILD)/obj/tests/dns/act_driver.o $(DNS_OBJECTS) $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lldns $(LIBUCPROV_LIBS)
