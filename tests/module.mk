# SPDX-License-Identifier: MPL-2.0
# What tests and benchmarks need, and the goals that run them.
include $(wildcard tests/*/module.mk tests/lib/*/module.mk)

# Unit tests (cmocka): one program for each NAME_test.c, at the same path as the source that it is about,
# or beside the data, and linked with the library or program that this belongs to.
#
#   make test-unit       builds and runs all of them
#   make test-unit-asan  the same in build/asan, with AddressSanitizer and UBSan
UNIT_TESTS :=

TEST_PACKAGES += libcmocka-dev

$(BUILD)/obj/tests/%.o: CPPFLAGS += -Itests
$(BUILD)/obj/tests/ca-publisher/%.o: CPPFLAGS += -Ica-publisher
$(BUILD)/obj/tests/dns-tools/%.o: CPPFLAGS += -Idns-tools
$(BUILD)/obj/tests/kea-hooks/%.o: CPPFLAGS += -Ikea-hooks -isystem $(KEA_INCLUDE)
$(BUILD)/obj/tests/phone-probe/%.o: CPPFLAGS += -Iphone-probe

# $(call unit_tests,FOLDERS,ARCHIVES,LIBRARIES)
define unit_tests
UNIT_TESTS += $(patsubst %.c,$(BUILD)/%,$(wildcard $(1:%=%/*_test.c)))
$(patsubst %.c,$(BUILD)/%,$(wildcard $(1:%=%/*_test.c))): $(BUILD)/%: $(BUILD)/obj/%.o \
    $(patsubst %,$(BUILD)/%.a,$(2))
	@mkdir -p $$(@D)
	$$(call say,LINK)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ -lcmocka $(3)
endef

$(eval $(call unit_tests,tests/vectors $(addprefix tests/lib/,base option site certificate),\
    $(LIBUCPROV),$(LIBUCPROV_LIBS)))
$(eval $(call unit_tests,tests/lib/client,$(LIBUCPROV_CLIENT),$(LIBUCPROV_CLIENT_LIBS)))
$(eval $(call unit_tests,tests/dns-tools,$(DNS_TOOLS),$(LIBUCPROV_CLIENT_LIBS)))
$(eval $(call unit_tests,tests/ca-publisher tests/ca-publisher/daemon,$(CA_DAEMON),$(CA_DAEMON_LIBS)))
$(eval $(call unit_tests,tests/phone-probe $(addprefix tests/phone-probe/,dhcp steps audit),$(PHONE_PROBE),\
    $(PHONE_PROBE_LIBS)))

# Those of the hook: linked with all that it is made of, those in C++ with Kea's libraries, too.
HOOK_TESTS := $(addprefix $(BUILD)/,$(basename $(wildcard tests/kea-hooks/*_test.c*)))
UNIT_TESTS += $(HOOK_TESTS)
$(HOOK_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(HOOK_OBJECTS) $(LIBUCPROV:%=$(BUILD)/%.a)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CXX) $(ALL_CXXFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(KEA_LIBS) $(LIBUCPROV_LIBS)

.SECONDARY: $(UNIT_TESTS:$(BUILD)/%=$(BUILD)/obj/%.o)

.PHONY: unit-programs test-unit test-unit-asan
unit-programs: $(UNIT_TESTS)
test-unit: $(UNIT_TESTS)
	tests/run_unit $^

test-unit-asan:
	+$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined test-unit

# Programs that system tests drive: --check and --update with records from a list, what the publisher
# answers to clients that others made, and the daemon with sanitizers.
TEST_PROGRAMS += $(BUILD)/tests/server_driver $(BUILD)/tests/answer_driver $(BUILD)/asan/ucprov-capubd

$(BUILD)/tests/server_driver: $(BUILD)/obj/tests/dns-tools/server_driver.o $(DNS_TOOLS:%=$(BUILD)/%.a)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBUCPROV_CLIENT_LIBS)

$(BUILD)/tests/answer_driver: $(BUILD)/obj/tests/ca-publisher/daemon/answer_driver.o \
    $(CA_DAEMON:%=$(BUILD)/%.a)
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(CA_DAEMON_LIBS)

.PHONY: FORCE
$(BUILD)/asan/ucprov-capubd: FORCE
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined $@

# kea-dhcp4-server: the server under test; dnsmasq-base, isc-dhcp-*: other servers and clients on the
# wire; clang and its runtime: the fuzz targets and sanitizers; tshark and scapy: independent
# decoders; clang-format, clang-tidy and cppcheck: make lint; gcovr: make
# coverage; xdist: system tests in several processes.
TEST_PACKAGES += kea-dhcp4-server dnsmasq-base isc-dhcp-server isc-dhcp-client libcmocka-dev clang \
    libclang-rt-dev clang-format clang-tidy cppcheck gcovr python3 python3-pytest \
    python3-pytest-xdist python3-scapy tshark valgrind iproute2 util-linux
# Other DNS servers and tools.
TEST_PACKAGES += bind9 bind9-utils bind9-dnsutils nsd unbound
# Clients that others made of our WSDL; readers of pages and metrics; what starts daemons, and looks
# over their shoulder.
TEST_PACKAGES += python3-zeep gsoap libgsoap-dev mono-devel
TEST_PACKAGES += chromium chromium-driver python3-selenium python3-lxml python3-prometheus-client
TEST_PACKAGES += gnutls-bin nginx-light openssl curl systemd strace libc6-dbg
BENCH_PACKAGES += python3-scapy valgrind nginx-light wrk

TEST_PROGRAMS += $(BUILD)/tests/load

$(BUILD)/tests/load: $(BUILD)/obj/tests/system/load.o
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# Python's and everybody's temporary files go to build/, too.
TEST_ENVIRONMENT = UCPROV_BUILD=$(abspath $(BUILD)) TMPDIR=$(abspath $(BUILD))/tmp \
    PYTHONDONTWRITEBYTECODE=1

# A time server that is not ours. It is unpacked, not installed: Debian's package would take the place
# of the time service that this machine has.
CHRONYD := $(BUILD)/tests/chronyd
TEST_PROGRAMS += $(CHRONYD)
$(CHRONYD):
	@mkdir -p $(@D)/chrony
	cd $(@D)/chrony && rm -f *.deb && apt-get -q download chrony && dpkg-deb -x chrony_*.deb .
	mv $(@D)/chrony/usr/sbin/chronyd $@
	rm -r $(@D)/chrony

.PHONY: test test-system check-slow bench
test: deps
	+$(Q)$(MAKE) --no-print-directory all $(TEST_PROGRAMS)
	+@$(TEST_ENVIRONMENT) tests/run '$(MAKE)'

# One suite alone; PYTEST_ARGUMENTS="-k reload" chooses among its tests.
test-system: all $(TEST_PROGRAMS)
	@$(TEST_ENVIRONMENT) tests/run --system $(PYTEST_ARGUMENTS)

# Those that take long, one after the other: not for every change.
check-slow: deps
	+$(Q)$(MAKE) --no-print-directory all $(TEST_PROGRAMS)
	@$(TEST_ENVIRONMENT) tests/run --slow $(PYTEST_ARGUMENTS)

bench: deps-bench
	+$(Q)$(MAKE) --no-print-directory all $(TEST_PROGRAMS)
	@mkdir -p $(BUILD)/tmp
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/bench.py
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/zone_bench.py
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/publisher_bench.py
