/* SPDX-License-Identifier: MPL-2.0 */
/* Diagnostics that free themselves, and how they get into Kea's log. */
#ifndef DIAGNOSTICS_LOG_H
#define DIAGNOSTICS_LOG_H

#include <string>

#include "ucprov_c.h"

namespace ucprov {

class Diagnostics {
public:
    explicit Diagnostics(const std::string &file);
    ~Diagnostics();
    Diagnostics(const Diagnostics &) = delete;
    Diagnostics &operator=(const Diagnostics &) = delete;

    /* For when the file's name is known late; nothing may have been added yet. */
    void set_file(const std::string &file);

    ucprov_diagnostics *get() { return &items_; }
    size_t errors() const { return items_.errors; }

    /* "FILE:LINE: SETTING: TEXT" of each error, a line each. */
    std::string error_lines() const;

    /* A log message each: UCPROV_SITE_ERROR, UCPROV_SITE_WARNING. */
    void log() const;

private:
    std::string text(size_t index) const;

    ucprov_diagnostics items_;
};

} // namespace ucprov

#endif
