/* SPDX-License-Identifier: MPL-2.0 */
/* Answers a request: what is asked for, and what it gets. */
#ifndef HTTP_HANDLERS_H
#define HTTP_HANDLERS_H

#include <event2/http.h>

/* For evhttp_set_gencb(); `endpoint` is a struct endpoint. */
void http_handle_request(struct evhttp_request *request, void *endpoint);

#endif
