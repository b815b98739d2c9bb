# ucprov-probe: behaves as a phone and says what it sees.
MANPAGES += $(patsubst phone-probe/%.scd,$(BUILD)/man/%,$(wildcard phone-probe/*.scd))
MANPAGE_DIRS += phone-probe

ifneq ($(wildcard phone-probe/*.c),)
$(eval $(call program,ucprov-probe,$(wildcard phone-probe/*.c),))
endif
