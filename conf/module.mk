# SPDX-License-Identifier: MPL-2.0
# What an operator copies: a sample site file, and fragments for Kea and AppArmor; and systemd's units,
# which are installed where it looks for them.
SAMPLES := conf/ucprov.conf conf/kea-dhcp4-hook.json conf/apparmor-kea-dhcp4

UNITS += $(BUILD)/conf/ucprov-capubd.service $(BUILD)/conf/ucprov-capubd.socket

$(BUILD)/conf/%: conf/%.in
	@mkdir -p $(@D)
	$(Q)sed 's|@SBINDIR@|$(SBINDIR)|' $< > $@

$(BUILD)/conf/%: conf/%
	@mkdir -p $(@D)
	$(Q)cp $< $@
