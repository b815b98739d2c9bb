# SPDX-License-Identifier: MPL-2.0
# ucprov-checkconf: says what is wrong with a site file. ucprov-options: options for any DHCP server.
$(eval $(call archive,site-tools,site-tools))
$(eval $(call program,ucprov-checkconf,site-tools/ucprov_checkconf.c,$(LIBUCPROV),$(LIBUCPROV_LIBS)))
$(eval $(call program,ucprov-options,site-tools/ucprov_options.c,site-tools $(LIBUCPROV),\
    $(LIBUCPROV_LIBS)))
$(eval $(call manpages,site-tools))
