# Unit tests of the hook's parts (cmocka), run by `make test-unit`: each linked with what the hook is
# made of, those in C++ with Kea's libraries too.
HOOK_TESTS := $(patsubst tests/hook/%,$(BUILD)/tests/hook/%,$(basename $(wildcard tests/hook/*_test.*)))

$(patsubst tests/%,$(BUILD)/obj/tests/%.o,$(basename $(wildcard tests/hook/*_test.*))): \
    CPPFLAGS += -Ikea-hooks -isystem $(KEA_INCLUDE)

$(BUILD)/tests/hook/%_test: $(BUILD)/obj/tests/hook/%_test.o $(HOOK_OBJECTS) $(LIBUCPROV)
	@mkdir -p $(@D)
	$(CXX) $(ALL_CXXFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(KEA_LIBS) $(LIBUCPROV_LIBS)

.SECONDARY: $(patsubst $(BUILD)/tests/%,$(BUILD)/obj/tests/%.o,$(HOOK_TESTS))

test-unit: $(HOOK_TESTS)
