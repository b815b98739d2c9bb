# What tests and benchmarks need, and the goals that run them.
include $(wildcard tests/*/module.mk)

# kea-dhcp4-server: the server under test; dnsmasq-base, isc-dhcp-*: other servers and clients on the
# wire; clang and its runtime: the fuzz targets and sanitizers; tshark and scapy: independent
# decoders; clang-format and cppcheck: make lint.
TEST_PACKAGES += kea-dhcp4-server dnsmasq-base isc-dhcp-server isc-dhcp-client libcmocka-dev clang \
    libclang-rt-dev clang-format cppcheck python3 python3-pytest python3-scapy tshark valgrind \
    iproute2 util-linux
BENCH_PACKAGES += python3-scapy valgrind nginx-light wrk

TEST_PROGRAMS += $(BUILD)/tests/load

$(BUILD)/tests/load: $(BUILD)/obj/tests/system/load.o
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# Python's and everybody's temporary files go to build/, too.
TEST_ENVIRONMENT = UCPROV_BUILD=$(abspath $(BUILD)) TMPDIR=$(abspath $(BUILD))/tmp \
    PYTHONDONTWRITEBYTECODE=1

.PHONY: test test-system bench
test: packages-test all $(TEST_PROGRAMS)
	+@$(TEST_ENVIRONMENT) tests/run '$(MAKE)'

# One suite alone; PYTEST_ARGUMENTS="-k reload" chooses among its tests.
test-system: all $(TEST_PROGRAMS)
	@$(TEST_ENVIRONMENT) tests/run --system $(PYTEST_ARGUMENTS)

bench: packages-bench all $(TEST_PROGRAMS)
	@mkdir -p $(BUILD)/tmp
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/bench.py
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/zone_bench.py
	@$(TEST_ENVIRONMENT) /usr/bin/python3 tests/bench/publisher_bench.py
