/* SPDX-License-Identifier: MPL-2.0 */
/* A table of HTTP statuses, the particular ones before their class. The service is an application
 * of IIS, /RequestHandler, that phones POST to anonymously. */
#include "certificate/phone_http.h"

#include <stddef.h>

#include "option/name.h"

static const struct ucprov_phone_http_text statuses[] = {
    {100, 199, UCPROV_HTTP_OPEN, "An interim response, and none after it.",
     "Look at what stands between the phones and the update service."},
    {200, 299, UCPROV_HTTP_SERVES, "The update service answers.", NULL},
    {300, 399, UCPROV_HTTP_REFUSES,
     "A redirect; phones are not known to follow one when they POST.",
     "A proxy or a rule of IIS (HTTP Redirect, URL Rewrite) sends them elsewhere: leave "
     "/RequestHandler out of it."},
    {400, 400, UCPROV_HTTP_OPEN, "The server does not like the request.",
     "Does the binding or the application demand a client certificate (IIS: SSL Settings, \"Client "
     "certificates: Require\")? Phones have none: set it to \"Ignore\"."},
    {401, 401, UCPROV_HTTP_REFUSES, "The server wants a user name and a password.",
     "Phones ask anonymously: enable Anonymous Authentication for /RequestHandler in IIS, and "
     "disable Windows Authentication, which was left on."},
    {403, 403, UCPROV_HTTP_REFUSES, "The server forbids it.",
     "Look at IIS's SSL Settings (a client certificate is required: 403.7), IP Address and Domain "
     "Restrictions (403.6), and at the permissions of /RequestHandler. The substatus in IIS's log "
     "tells which."},
    {404, 404, UCPROV_HTTP_REFUSES, "There is no update service under this path.",
     "Is this the Front End's internal web site, and is the virtual directory /RequestHandler "
     "there? "
     "The name " UCPROV_UPDATE_NAME " has to lead to the server that has it."},
    {405, 405, UCPROV_HTTP_REFUSES, "The server does not take a POST there.",
     "The path is a file's or another application's: the handler of *.upx (ASP.NET) is missing, or "
     "the name leads to another web server."},
    {407, 407, UCPROV_HTTP_REFUSES, "A proxy wants a user name and a password.",
     "Let the phones reach the update service without a proxy."},
    {408, 408, UCPROV_HTTP_REFUSES, "The server waited too long for the request.",
     "Look for a firewall or a proxy that holds requests back."},
    {411, 411, UCPROV_HTTP_OPEN, "The server wants the length of the request.",
     "Look at what stands between the phones and the update service."},
    {500, 500, UCPROV_HTTP_OPEN, "The application failed at the request.",
     "Windows' event log on the update server says why: the application pool's identity, its "
     "settings, the file store."},
    {502, 502, UCPROV_HTTP_REFUSES, "A proxy gets no good answer from the server behind it.",
     "Look at the update service behind the proxy, and at where the proxy looks for it."},
    {503, 503, UCPROV_HTTP_REFUSES, "The application is stopped, or overloaded.",
     "Start the application pool of /RequestHandler in IIS, and look why "
     "it stopped."},
    {504, 504, UCPROV_HTTP_REFUSES, "A proxy gets no answer in time from the server behind it.",
     "Look at the update service behind the proxy."},
    {400, 499, UCPROV_HTTP_REFUSES, "The server refuses the request.",
     "IIS's log on the update server has the request, with a substatus that says why."},
    {500, 599, UCPROV_HTTP_REFUSES, "The server failed at the request.",
     "Look at IIS's log and at Windows' event log on the update server."},
};

const struct ucprov_phone_http_text *
ucprov_phone_http_find(unsigned status)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        if (status >= statuses[i].first && status <= statuses[i].last) {
            return &statuses[i];
        }
    }
    return NULL;
}
