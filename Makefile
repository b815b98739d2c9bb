# SPDX-License-Identifier: MPL-2.0
# ucprov: provisions Microsoft UC desk phones through Kea, BIND and a certificate publisher.
#
#   make help     lists what there is to make
#   make          builds everything into build/
#   make demo     installs what is missing, and shows a phone being served
#   make test     installs what is missing, builds, and runs every test
#   make bench    instruction counts (valgrind)
#   make install  honors DESTDIR and PREFIX
#
# One non-recursive makefile; each folder says in its module.mk what it makes.

VERSION := 0.1.0

CC       ?= gcc
CXX      ?= g++
CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
# SANITIZE=address,undefined builds into a folder of its own, to find what C forgives.
SANITIZE ?=
BUILD    ?= build$(if $(SANITIZE),/sanitize-$(subst $(COMMA),-,$(SANITIZE)))
COMMA    := ,
PREFIX   ?= /usr/local
DESTDIR  ?=

MULTIARCH  := $(shell $(CC) -print-multiarch 2>/dev/null)
BINDIR     := $(PREFIX)/bin
SBINDIR    := $(PREFIX)/sbin
UNITDIR    := $(PREFIX)/lib/systemd/system
SYSUSERSDIR := $(PREFIX)/lib/sysusers.d
TMPFILESDIR := $(PREFIX)/lib/tmpfiles.d
MANDIR     := $(PREFIX)/share/man
SHAREDIR   := $(PREFIX)/share/ucprov
# Kea looks nowhere else for hooks since 2.4.2, whatever the prefix.
HOOKDIR  ?= /usr/lib/$(MULTIARCH)/kea/hooks

# A warning ends the project's own builds, not those of a user, whose compiler or libraries may be newer
# and warn of more. "make test WERROR=" lets warnings pass.
WERROR ?= $(if $(filter test% fuzz%,$(MAKECMDGOALS)),-Werror)
export WERROR

WARNINGS := -Wall -Wextra -Wshadow -Wconversion $(WERROR)
HARDENING := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIC -fvisibility=hidden
CPPFLAGS += -Ilib -D_GNU_SOURCE -DUCPROV_VERSION='"$(VERSION)"'
SANITIZERS := $(if $(SANITIZE),-O1 -g -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
    -fno-omit-frame-pointer)
ALL_CFLAGS   = -std=c11 $(WARNINGS) -Wstrict-prototypes $(HARDENING) $(CFLAGS) $(SANITIZERS)
ALL_CXXFLAGS = -std=c++17 $(WARNINGS) $(HARDENING) $(CXXFLAGS) $(SANITIZERS)
ALL_LDFLAGS  = -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS)

# All cores, unless told otherwise (make -j1); a short line a step, unless told otherwise (make V=1).
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
Q   := $(if $(V),,@)
say  = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),@:,@printf '  %-6s %s\n' $(1) $@)

# Debian packages: to build, to run the demo, to run the tests and the benchmarks.
BUILD_PACKAGES :=
DEMO_PACKAGES  :=
TEST_PACKAGES  :=
BENCH_PACKAGES :=

# What the folders add to. Daemons are programs, too, and go to sbin.
PROGRAMS :=
DAEMONS  :=
HOOKS    :=
MANPAGES :=
UNITS    :=

# $(call archive,NAME,FOLDERS): build/NAME.a, of all C sources in these folders.
define archive
$(BUILD)/$(1).a: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(addsuffix /*.c,$(2))))
	$$(call say,AR)
	$$(Q)rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^
endef

# $(call program,NAME,SOURCE,ARCHIVES,LIBRARIES): a program in C: the source that has its main(), and
# what that takes from archives, the more special ones first.
define program
PROGRAMS += $(BUILD)/$(1)
$(BUILD)/$(1): $(patsubst %.c,$(BUILD)/obj/%.o,$(2)) $(patsubst %,$(BUILD)/%.a,$(3))
	$$(call say,LINK)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $(4)
endef

# $(call manpages,FOLDER): those that lie beside its sources.
define manpages
MANPAGES += $(patsubst $(1)/%.scd,$(BUILD)/man/%,$(wildcard $(1)/*.scd))
MANPAGE_DIRS += $(1)
endef

.PHONY: all
all:

include lib/module.mk
include kea-hooks/module.mk
include site-tools/module.mk
include dns-tools/module.mk
include ca-publisher/module.mk
include phone-probe/module.mk
include tests/module.mk
include demo/module.mk
include conf/module.mk

all: $(PROGRAMS) $(HOOKS) $(MANPAGES) $(UNITS)

# Objects: build/obj/FOLDER/FILE.o, remade when a header or this file changes; and with -Werror, when
# one of them was made without and may have warned: NO_WARNINGS is newer than those, or not there.
NO_WARNINGS := $(BUILD)/obj/no-warnings

$(BUILD)/obj/%.o: %.c Makefile $(if $(WERROR),$(NO_WARNINGS))
	@mkdir -p $(@D)
	$(if $(WERROR),,@rm -f $(NO_WARNINGS))
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.cc Makefile $(if $(WERROR),$(NO_WARNINGS))
	@mkdir -p $(@D)
	$(if $(WERROR),,@rm -f $(NO_WARNINGS))
	$(call say,CXX)
	$(Q)$(CXX) $(CPPFLAGS) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

$(NO_WARNINGS):
	@mkdir -p $(@D)
	@touch $@

# Manual pages: scdoc turns NAME.SECTION.scd into build/man/NAME.SECTION.
vpath %.scd $(MANPAGE_DIRS)
$(BUILD)/man/%: %.scd
	@mkdir -p $(@D)
	$(call say,MAN)
	$(Q)scdoc < $< > $@

# Installs the Debian packages a goal needs, after it has said which; or says how to: as root, through
# sudo, or not at all.
.PHONY: deps deps-build deps-demo deps-bench
deps-build: ; @demo/packages $(BUILD_PACKAGES)
deps-demo:  ; @demo/packages $(BUILD_PACKAGES) $(DEMO_PACKAGES)
deps:       ; @demo/packages $(BUILD_PACKAGES) $(DEMO_PACKAGES) $(TEST_PACKAGES)
deps-bench: ; @demo/packages $(BUILD_PACKAGES) $(DEMO_PACKAGES) $(TEST_PACKAGES) $(BENCH_PACKAGES)

.PHONY: help
help:
	@echo 'make               builds everything into build/; with V=1 it shows the commands'
	@echo 'make demo          shows a phone boot, from power-on to sign-in; BREAK=san: with a broken piece'
	@echo 'make install       installs; honors DESTDIR, PREFIX and HOOKDIR'
	@echo 'make uninstall     takes that away again'
	@echo 'make deps          installs the Debian packages that building, demo and tests need'
	@echo
	@echo 'make test          every test; test-unit, test-fuzz, test-system are one suite each'
	@echo '                   PYTEST_ARGUMENTS="-k reload" chooses among the system tests'
	@echo 'make check-slow    those that take long'
	@echo 'make bench         counts instructions (valgrind), and sets the publisher beside nginx'
	@echo 'make lint          clang-format, cppcheck, clang-tidy'
	@echo 'make format        formats the sources'
	@echo 'make coverage      which lines the unit tests reach'
	@echo 'make compile_commands.json   for editors and clang-tidy'
	@echo 'make clean         removes build/'
	@echo
	@echo 'SANITIZE=address,undefined builds with sanitizers, in a folder of its own below build/.'

.PHONY: install uninstall
install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(HOOKDIR) \
	    $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(TMPFILESDIR)
	install -m 755 $(filter-out $(DAEMONS),$(PROGRAMS)) $(DESTDIR)$(BINDIR)
	install -m 755 $(DAEMONS) $(DESTDIR)$(SBINDIR)
	install -m 644 $(HOOKS) $(DESTDIR)$(HOOKDIR)
	$(UNIT_FOR_PREFIX) conf/ucprov-capubd.service.in | \
	    install -m 644 /dev/stdin $(DESTDIR)$(UNITDIR)/ucprov-capubd.service
	install -m 644 conf/ucprov-capubd.socket $(DESTDIR)$(UNITDIR)
	install -m 644 conf/ucprov.sysusers $(DESTDIR)$(SYSUSERSDIR)/ucprov.conf
	install -m 644 conf/ucprov.tmpfiles $(DESTDIR)$(TMPFILESDIR)/ucprov.conf
	cp -R $(SAMPLES) $(DESTDIR)$(SHAREDIR)
	for page in $(MANPAGES); do \
	    install -D -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit 1; \
	done
	@echo 'User and folder of ucprov-capubd: systemd-sysusers && systemd-tmpfiles --create; systemctl daemon-reload'

uninstall:
	$(Q)conf/in-use "$(DESTDIR)" libdhcp_ucprov.so
	rm -f $(patsubst $(BUILD)/%,$(DESTDIR)$(BINDIR)/%,$(PROGRAMS))
	rm -f $(patsubst $(BUILD)/%,$(DESTDIR)$(SBINDIR)/%,$(DAEMONS))
	rm -f $(patsubst $(BUILD)/%,$(DESTDIR)$(HOOKDIR)/%,$(HOOKS))
	rm -f $(patsubst $(BUILD)/conf/%,$(DESTDIR)$(UNITDIR)/%,$(UNITS))
	rm -f $(DESTDIR)$(SYSUSERSDIR)/ucprov.conf $(DESTDIR)$(TMPFILESDIR)/ucprov.conf
	rm -rf $(DESTDIR)$(SHAREDIR)
	for page in $(MANPAGES); do rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done

.PHONY: clean format lint
clean:
	rm -rf $(BUILD)

SOURCES_C := $(shell git ls-files '*.c' '*.h' '*.cc' 2>/dev/null)
format:
	clang-format -i $(SOURCES_C)

lint: deps compile_commands.json
	$(Q)clang-format --dry-run --Werror $(SOURCES_C)
	$(Q)cppcheck --quiet --enable=warning,portability,performance --error-exitcode=1 \
	    --inline-suppr --suppress=missingIncludeSystem -Ilib $(filter %.c,$(SOURCES_C))
	$(Q)printf '%s\n' $(filter-out tests/%,$(filter %.c,$(SOURCES_C))) | \
	    xargs -P $$(nproc) -n 4 clang-tidy --quiet -p . 2>/dev/null

# Of everything that a plain build and the unit tests compile.
compile_commands.json: Makefile $(wildcard *-*/module.mk lib/module.mk tests/module.mk)
	$(Q)$(MAKE) --no-print-directory -nB V=1 all unit-programs | tests/compile_commands >$@

# The unit tests alone: what only system tests reach counts as not reached.
.PHONY: coverage
coverage: deps
	$(Q)find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' \
	    CXXFLAGS='-O0 -g --coverage -fprofile-update=atomic' LDFLAGS=--coverage test-unit
	$(Q)gcovr --root . --filter lib/ --filter '[a-z]+-[a-z]+/' --gcov-ignore-parse-errors \
	    --html-details $(BUILD)/coverage/index.html --print-summary $(BUILD)/coverage/obj | tail -n 3
	@echo 'Line by line: $(BUILD)/coverage/index.html'

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
