# SPDX-License-Identifier: MPL-2.0
# ucprov-zone: makes, checks and pushes the records that phones look for.
DNS_TOOLS := dns-tools $(LIBUCPROV_CLIENT)

$(eval $(call archive,dns-tools,dns-tools))
$(eval $(call program,ucprov-zone,dns-tools/ucprov_zone.c,$(DNS_TOOLS),$(LIBUCPROV_CLIENT_LIBS)))
$(eval $(call manpages,dns-tools))
