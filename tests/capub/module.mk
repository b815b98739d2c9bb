# Unit tests of what the publisher says and of the URLs it is asked for (cmocka), run by
# `make test-unit`: each linked with the files that make answers, and with the HTTP client.
CAPUB_TESTS := $(patsubst tests/capub/%.c,$(BUILD)/tests/capub/%,$(wildcard tests/capub/*_test.c))
CAPUB_OBJECTS := $(patsubst %,$(BUILD)/obj/ca-publisher/%.o,\
    soap_request soap_answer response_template wsdl page) # other tests include what they look into

# Clients that others made of our WSDL; readers of pages and metrics; what starts daemons, and looks
# over their shoulder.
TEST_PACKAGES += python3-zeep gsoap libgsoap-dev mono-devel
TEST_PACKAGES += chromium chromium-driver python3-selenium python3-lxml python3-prometheus-client
TEST_PACKAGES += gnutls-bin openssl curl systemd strace valgrind libc6-dbg

$(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(wildcard tests/capub/*_test.c)): \
    CPPFLAGS += -Ica-publisher -Itests/unit

$(BUILD)/tests/capub/%_test: $(BUILD)/obj/tests/capub/%_test.o $(CAPUB_OBJECTS) \
    $(LIBUCPROV_CLIENT) $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LIBUCPROV_CLIENT_LIBS) \
	    $(LIBUCPROV_LIBS)

.SECONDARY: $(patsubst $(BUILD)/tests/%,$(BUILD)/obj/tests/%.o,$(CAPUB_TESTS))

test-unit: $(CAPUB_TESTS)

# What the publisher answers, for the tests of clients that others made.
TEST_PROGRAMS += $(BUILD)/tests/answer_driver
$(BUILD)/obj/tests/capub/answer_driver.o: CPPFLAGS += -Ica-publisher
$(BUILD)/tests/answer_driver: $(BUILD)/obj/tests/capub/answer_driver.o $(CAPUB_OBJECTS) \
    $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBUCPROV_CLIENT_LIBS) $(LIBUCPROV_LIBS)

# The daemon with sanitizers, for the tests of what strangers do to it.
TEST_PROGRAMS += $(BUILD)/asan/ucprov-capubd
.PHONY: FORCE
$(BUILD)/asan/ucprov-capubd: FORCE
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan CFLAGS='$(UNIT_SANITIZE)' $@
