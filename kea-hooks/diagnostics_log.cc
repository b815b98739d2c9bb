/* SPDX-License-Identifier: MPL-2.0 */
/* A C++ owner for the C list of diagnostics; gives each one Kea's severity and message id. */
#include "diagnostics_log.h"

#include <cstdlib>
#include <memory>

#include "messages.h"

namespace ucprov {

Diagnostics::Diagnostics(const std::string &file)
{
    ucprov_diagnostics_init(&items_, file.c_str());
}

Diagnostics::~Diagnostics()
{
    ucprov_diagnostics_clear(&items_);
}

void
Diagnostics::set_file(const std::string &file)
{
    ucprov_diagnostics_clear(&items_);
    ucprov_diagnostics_init(&items_, file.c_str());
}

std::string
Diagnostics::text(size_t index) const
{
    std::unique_ptr<char, decltype(&free)> text(ucprov_diagnostic_format(&items_, index), free);
    return text ? text.get() : "out of memory";
}

std::string
Diagnostics::error_lines() const
{
    std::string lines;
    for (size_t i = 0; i < items_.count; i++) {
        if (ucprov_diagnostic_is_error(items_.items[i])) {
            lines += (lines.empty() ? "" : "\n") + text(i);
        }
    }
    return lines;
}

void
Diagnostics::log() const
{
    for (size_t i = 0; i < items_.count; i++) {
        if (ucprov_diagnostic_is_error(items_.items[i])) {
            LOG_ERROR(logger, UCPROV_SITE_ERROR).arg(text(i));
        } else {
            LOG_WARN(logger, UCPROV_SITE_WARNING).arg(text(i));
        }
    }
}

} // namespace ucprov
