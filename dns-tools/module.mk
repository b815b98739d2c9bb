# ucprov-zone: the DNS records that phones look for; printed, checked, or sent to a server.
BUILD_PACKAGES += libldns-dev
TEST_PACKAGES += bind9 bind9-utils bind9-dnsutils nsd unbound

$(eval $(call program,ucprov-zone,$(wildcard dns-tools/*.c),-lldns))

MANPAGES += $(patsubst dns-tools/%.scd,$(BUILD)/man/%,$(wildcard dns-tools/*.scd))
MANPAGE_DIRS += dns-tools
