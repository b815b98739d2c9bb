/* Answers a request: what is asked for, and what it gets. */
#ifndef SERVE_H
#define SERVE_H

#include <event2/http.h>

/* For evhttp_set_gencb(); `endpoint` is a struct endpoint. */
void serve_request(struct evhttp_request *request, void *endpoint);

#endif
