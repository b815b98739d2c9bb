# ucprov-probe: behaves as a phone and says what it sees.
MANPAGES += $(patsubst phone-probe/%.scd,$(BUILD)/man/%,$(wildcard phone-probe/*.scd))
MANPAGE_DIRS += phone-probe

$(eval $(call program,ucprov-probe,$(wildcard phone-probe/*.c),))
