# Unit tests of ucprov-probe's parts (cmocka), run by `make test-unit`: each linked with what the
# program is made of, but its main().
PROBE_TESTS := $(patsubst tests/probe/%.c,$(BUILD)/tests/probe/%,$(wildcard tests/probe/*_test.c))
PROBE_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,\
    $(filter-out %/ucprov_probe.c,$(wildcard phone-probe/*.c)))

$(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(wildcard tests/probe/*_test.c)): \
    CPPFLAGS += -Iphone-probe

$(BUILD)/tests/probe/%_test: $(BUILD)/obj/tests/probe/%_test.o $(PROBE_OBJECTS) $(LIBUCPROV_CLIENT) \
    $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBUCPROV_CLIENT_LIBS) -lldns -lm \
	    $(LIBUCPROV_LIBS)

.SECONDARY: $(patsubst $(BUILD)/tests/%,$(BUILD)/obj/tests/%.o,$(PROBE_TESTS))

test-unit: $(PROBE_TESTS)

# A time server that is not ours. It is unpacked, not installed: Debian's package would take the place
# of the time service that this machine has.
CHRONYD := $(BUILD)/tests/chronyd
TEST_PROGRAMS += $(CHRONYD)
$(CHRONYD):
	@mkdir -p $(@D)/chrony
	cd $(@D)/chrony && rm -f *.deb && apt-get -q download chrony && dpkg-deb -x chrony_*.deb .
	mv $(@D)/chrony/usr/sbin/chronyd $@
	rm -r $(@D)/chrony
