# SPDX-License-Identifier: MPL-2.0
# libdhcp_ucprov.so, the hook library for Kea.
KEA_INCLUDE ?= /usr/include/kea
KEA_LIBDIR  ?= /usr/lib/$(MULTIARCH)
KEA_DHCP    := $(if $(wildcard $(KEA_LIBDIR)/libkea-dhcp++.so),kea-dhcp++,kea-dhcp)
KEA_LIBS    := -L$(KEA_LIBDIR) -l$(KEA_DHCP) -lkea-process -lkea-stats -lkea-hooks -lkea-cc \
               -lkea-asiolink -lkea-log -lkea-exceptions

BUILD_PACKAGES += kea-dev libboost-dev

HOOK         := $(BUILD)/libdhcp_ucprov.so
HOOK_OBJECTS := $(patsubst %,$(BUILD)/obj/%.o,$(basename $(wildcard kea-hooks/*.cc kea-hooks/*.c)))
HOOKS += $(HOOK)

$(BUILD)/obj/kea-hooks/%.o: CPPFLAGS += -isystem $(KEA_INCLUDE)

# -z nodelete: see hook.cc.
$(HOOK): $(HOOK_OBJECTS) $(LIBUCPROV:%=$(BUILD)/%.a)
	$(call say,LINK)
	$(Q)$(CXX) $(ALL_CXXFLAGS) $(ALL_LDFLAGS) -shared -Wl,-z,nodelete,-z,defs -Wl,--exclude-libs,ALL \
	    -o $@ $^ $(KEA_LIBS) $(LIBUCPROV_LIBS)

$(eval $(call manpages,kea-hooks))
