# SPDX-License-Identifier: MPL-2.0
# ucprov-checkconf: says what is wrong with a site file. ucprov-options: options for any DHCP server.
$(eval $(call archive,site-tools,site-tools))
$(eval $(call program,ucprov-checkconf,site-tools/ucprov_checkconf.c,site-tools $(LIBUCPROV),\
    $(LIBUCPROV_LIBS)))
$(eval $(call program,ucprov-options,site-tools/ucprov_options.c,site-tools $(LIBUCPROV),\
    $(LIBUCPROV_LIBS)))
$(eval $(call manpages,site-tools))

# ucprov.conf(5): its lists of settings are made of the table of settings.
$(BUILD)/settings-manual: $(BUILD)/obj/site-tools/settings_manual.o $(LIBUCPROV:%=$(BUILD)/%.a)
	$(call say,LINK)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBUCPROV_LIBS)

$(BUILD)/man/ucprov.conf.5: ucprov.conf.5.scd $(BUILD)/settings-manual
	@mkdir -p $(@D)
	$(call say,MAN)
	$(Q)$(BUILD)/settings-manual <$< >$(BUILD)/obj/ucprov.conf.5.scd
	$(Q)scdoc <$(BUILD)/obj/ucprov.conf.5.scd >$@
