/* SPDX-License-Identifier: MPL-2.0 */
/* A small state machine on expat's events. It stops at the first thing that SOAP 1.1 forbids, and
 * reads nothing of an operation but its name. */
#include "daemon/soap_request.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/expat.h"

#include "daemon/soap_answer.h"

/* Between a namespace and a local name. expat refuses namespaces that contain it. */
#define SEPARATOR '\n'

#define SOAP_NAME(local)    SOAP_NAMESPACE "\n" local
#define NAMESPACE_UNSLASHED (sizeof(CERT_PROV_NAMESPACE) - 2)
#define SOAP_ACTOR_NEXT     "http://schemas.xmlsoap.org/soap/actor/next"
#define DEPTH_OF_ENTRIES    3 /* Envelope, Header or Body, and what is in there */

/* How far the reading has come. */
enum place {
    BEFORE_ENVELOPE,
    BEFORE_HEADER, /* or Body */
    IN_HEADER,
    BEFORE_BODY,
    IN_BODY,
    BEHIND_OPERATION, /* still in the Body, or after it, where anything may follow (4.1.1) */
    NO_ENVELOPE,      /* of SOAP 1.1: only read to the end */
};

struct soap_parser {
    XML_Parser expat;
    uint8_t salt[16]; /* of expat's hash tables; it would draw one a request */
    struct soap_request *request;
    enum place place;
    unsigned depth;
    bool must_understand;
};

/* Notes the first thing that is wrong, and stops. expat may call handlers once more after that. */
static void
refuse_request(struct soap_parser *parser, const char *reason)
{
    if (parser->request->reason == NULL) {
        parser->request->reason = reason;
        XML_StopParser(parser->expat, XML_FALSE);
    }
}

static const char *
local_name(const char *name)
{
    const char *separator = strrchr(name, SEPARATOR);
    return separator == NULL ? name : separator + 1;
}

/* The service's namespace ends in a slash; people who write requests by hand leave it out. */
static bool
is_ours(const char *name)
{
    if (strncmp(name, CERT_PROV_NAMESPACE, NAMESPACE_UNSLASHED) != 0) {
        return false;
    }
    const char *end = name + NAMESPACE_UNSLASHED;
    end += *end == '/';
    return *end == SEPARATOR;
}

/* XML names are free of markup, but not of letters beyond ASCII. */
static void
copy_name(char copy[SOAP_OPERATION_MAX + 1], const char *name)
{
    size_t length = 0;
    for (; length < SOAP_OPERATION_MAX && name[length] != '\0'; length++) {
        copy[length] = name[length] > ' ' && name[length] < 0x7f ? name[length] : '?';
    }
    copy[length] = '\0';
}

static void
start_envelope(struct soap_parser *parser, const char *name)
{
    if (strcmp(local_name(name), "Envelope") != 0) {
        refuse_request(parser, "the outermost element is no Envelope");
    } else if (strcmp(name, SOAP_NAME("Envelope")) == 0) {
        parser->place = BEFORE_HEADER;
    } else {
        parser->request->operation = SOAP_VERSION_MISMATCH;
        parser->place = NO_ENVELOPE;
    }
}

static void
start_part(struct soap_parser *parser, const char *name)
{
    if (parser->place == BEFORE_HEADER && strcmp(name, SOAP_NAME("Header")) == 0) {
        parser->place = IN_HEADER;
    } else if (strcmp(name, SOAP_NAME("Body")) == 0) {
        parser->place = IN_BODY;
    } else {
        refuse_request(parser, "in the Envelope is something else than a Header and a Body");
    }
}

/* No header entry is understood here. One for another actor is none of our business (4.2.2). */
static void
start_header_entry(struct soap_parser *parser, const char **attributes)
{
    bool required = false, for_us = true;
    for (; attributes[0] != NULL; attributes += 2) {
        if (strcmp(attributes[0], SOAP_NAME("mustUnderstand")) == 0) {
            required = strcmp(attributes[1], "1") == 0;
        } else if (strcmp(attributes[0], SOAP_NAME("actor")) == 0) {
            for_us = *attributes[1] == '\0' || strcmp(attributes[1], SOAP_ACTOR_NEXT) == 0;
        }
    }
    parser->must_understand = parser->must_understand || (required && for_us);
}

static void
start_operation(struct soap_parser *parser, const char *name)
{
    struct soap_request *request = parser->request;
    const char *local = local_name(name);
    copy_name(request->name, local);
    if (is_ours(name) && strcmp(local, "GetRootCertChains") == 0) {
        request->operation = SOAP_GET_ROOT_CERT_CHAINS;
    } else if (is_ours(name) && strcmp(local, "GetAndPublishCert") == 0) {
        request->operation = SOAP_GET_AND_PUBLISH_CERT;
    } else {
        request->operation = SOAP_UNKNOWN_OPERATION;
    }
    parser->place = BEHIND_OPERATION;
}

/* What is inside an operation's element is not public, so that anything goes. */
static void XMLCALL
start_element(void *context, const char *name, const char **attributes)
{
    struct soap_parser *parser = context;
    if (++parser->depth > SOAP_DEPTH_MAX) {
        refuse_request(parser, "the elements are nested too deeply");
    } else if (parser->place == BEFORE_ENVELOPE) {
        start_envelope(parser, name);
    } else if (parser->place == BEFORE_HEADER || parser->place == BEFORE_BODY) {
        start_part(parser, name);
    } else if (parser->place == IN_HEADER && parser->depth == DEPTH_OF_ENTRIES) {
        start_header_entry(parser, attributes);
    } else if (parser->place == IN_BODY) {
        start_operation(parser, name);
    } else if (parser->place == BEHIND_OPERATION && strcmp(name, SOAP_NAME("Body")) == 0 &&
               parser->depth == DEPTH_OF_ENTRIES - 1) {
        refuse_request(parser, "there are two Bodies");
    }
}

static void XMLCALL
end_element(void *context, const char *name)
{
    struct soap_parser *parser = context;
    (void)name;
    parser->depth--;
    if (parser->depth != DEPTH_OF_ENTRIES - 2) {
        return;
    }
    if (parser->place == IN_HEADER) {
        parser->place = BEFORE_BODY;
    } else if (parser->place == IN_BODY) {
        refuse_request(parser, "the Body is empty");
    }
}

/* A document type has no place in SOAP (1.1 section 3), and is how entities are made that fill the
 * memory or read files. */
static void XMLCALL
start_doctype(void *context, const char *name, const char *system_id, const char *public_id,
              int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    refuse_request(context, "it has a document type declaration");
}

static void XMLCALL
processing_instruction(void *context, const char *target, const char *data)
{
    (void)target;
    (void)data;
    refuse_request(context, "it has a processing instruction"); /* 1.1 section 3, too */
}

struct soap_parser *
soap_parser_new(void)
{
    struct soap_parser *parser = calloc(1, sizeof(*parser));
    if (parser == NULL) {
        return NULL;
    }
    parser->expat = XML_ParserCreateNS(NULL, SEPARATOR);
    if (parser->expat == NULL ||
        getrandom(parser->salt, sizeof(parser->salt), 0) != sizeof(parser->salt)) {
        XML_ParserFree(parser->expat);
        free(parser);
        return NULL;
    }
    return parser;
}

void
soap_parser_free(struct soap_parser *parser)
{
    if (parser != NULL) {
        XML_ParserFree(parser->expat);
        free(parser);
    }
}

/* Makes the parser new; it forgets its handlers, too. */
static void
reset(struct soap_parser *parser, struct soap_request *request)
{
    parser->request = request;
    parser->place = BEFORE_ENVELOPE;
    parser->depth = 0;
    parser->must_understand = false;
    XML_ParserReset(parser->expat, NULL);
    ucprov_expat_set_salt(parser->expat, parser->salt);
    XML_SetUserData(parser->expat, parser);
    XML_SetElementHandler(parser->expat, start_element, end_element);
    XML_SetStartDoctypeDeclHandler(parser->expat, start_doctype);
    XML_SetProcessingInstructionHandler(parser->expat, processing_instruction);
}

/* False: no XML, or refused. */
static bool
parse_pieces(struct soap_parser *parser, const struct soap_piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].length > INT_MAX) {
            return false;
        }
        if (pieces[i].length > 0 && XML_Parse(parser->expat, pieces[i].octets,
                                              (int)pieces[i].length, false) != XML_STATUS_OK) {
            return false;
        }
    }
    return XML_Parse(parser->expat, NULL, 0, true) == XML_STATUS_OK;
}

void
soap_parser_read(struct soap_parser *parser, const struct soap_piece *pieces, size_t count,
                 struct soap_request *request)
{
    *request = (struct soap_request){.operation = SOAP_MALFORMED};
    reset(parser, request);
    if (!parse_pieces(parser, pieces, count)) {
        request->operation = SOAP_MALFORMED;
        if (request->reason == NULL) {
            request->reason = XML_ErrorString(XML_GetErrorCode(parser->expat));
        }
        if (request->reason == NULL) {
            request->reason = "it is too long";
        }
    } else if (parser->place != BEHIND_OPERATION && parser->place != NO_ENVELOPE) {
        request->reason = "the Envelope has no Body";
    } else if (parser->must_understand) {
        request->operation = SOAP_MUST_UNDERSTAND;
    }
}
