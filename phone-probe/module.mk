# SPDX-License-Identifier: MPL-2.0
# ucprov-probe: behaves as a phone, and says what it sees.
PHONE_PROBE := phone-probe $(LIBUCPROV_CLIENT)
PHONE_PROBE_LIBS := $(LIBUCPROV_CLIENT_LIBS) -lm

$(BUILD)/obj/phone-probe/%.o: CPPFLAGS += -Iphone-probe

$(eval $(call archive,phone-probe,phone-probe $(addprefix phone-probe/,dhcp steps audit)))
$(eval $(call program,ucprov-probe,phone-probe/ucprov_probe.c,$(PHONE_PROBE),$(PHONE_PROBE_LIBS)))
$(eval $(call manpages,phone-probe))
