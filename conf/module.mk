# SPDX-License-Identifier: MPL-2.0
# What an operator copies: a sample site file, and fragments for Kea and AppArmor; and systemd's units,
# which are installed where it looks for them.
SAMPLES := conf/ucprov.conf conf/kea-dhcp4-hook.json conf/apparmor-kea-dhcp4

UNITS += $(BUILD)/conf/ucprov-capubd.service $(BUILD)/conf/ucprov-capubd.socket

# At an installation once more: its PREFIX need not be that of the build.
UNIT_FOR_PREFIX = sed 's|@SBINDIR@|$(SBINDIR)|'

$(BUILD)/conf/%: conf/%.in
	@mkdir -p $(@D)
	$(Q)$(UNIT_FOR_PREFIX) $< > $@

$(BUILD)/conf/%: conf/%
	@mkdir -p $(@D)
	$(Q)cp $< $@
