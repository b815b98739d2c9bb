# libdhcp_ucprov.so for Kea, and the programs about what it hands out.
KEA_INCLUDE ?= /usr/include/kea
KEA_LIBDIR  ?= /usr/lib/$(MULTIARCH)
KEA_DHCP    := $(if $(wildcard $(KEA_LIBDIR)/libkea-dhcp++.so),kea-dhcp++,kea-dhcp)
KEA_LIBS    := -L$(KEA_LIBDIR) -l$(KEA_DHCP) -lkea-process -lkea-stats -lkea-hooks -lkea-cc \
               -lkea-asiolink -lkea-log -lkea-exceptions

BUILD_PACKAGES += kea-dev libboost-dev

HOOK         := $(BUILD)/libdhcp_ucprov.so
HOOK_SOURCES := $(wildcard kea-hooks/*.cc) kea-hooks/choices.c kea-hooks/commands.c \
                kea-hooks/recent_phones.c kea-hooks/service.c
HOOK_OBJECTS := $(addprefix $(BUILD)/obj/,$(addsuffix .o,$(basename $(HOOK_SOURCES))))
HOOKS += $(HOOK)

$(filter $(BUILD)/obj/kea-hooks/%,$(HOOK_OBJECTS)): CPPFLAGS += -isystem $(KEA_INCLUDE)

# -z nodelete: see hook.cc.
$(HOOK): $(HOOK_OBJECTS) $(LIBUCPROV)
	$(CXX) $(ALL_CXXFLAGS) $(ALL_LDFLAGS) -shared -Wl,-z,nodelete,-z,defs -Wl,--exclude-libs,ALL \
	    -o $@ $^ $(KEA_LIBS) $(LIBUCPROV_LIBS)

$(eval $(call program,ucprov-checkconf,kea-hooks/ucprov_checkconf.c,))
$(eval $(call program,ucprov-options,kea-hooks/ucprov_options.c kea-hooks/options_arguments.c \
    kea-hooks/options_answer.c,))

MANPAGES += $(patsubst kea-hooks/%.scd,$(BUILD)/man/%,$(wildcard kea-hooks/*.scd))
MANPAGE_DIRS += kea-hooks
