/* SPDX-License-Identifier: MPL-2.0 */
/* A constant document with one gap, the service's address as this client reached it. Toolkits want
 * it; phones never ask. */
#include "daemon/wsdl.h"

#include <assert.h>
#include <string.h>

#include "daemon/soap_answer.h"

#define WSDL_MESSAGES(operation)                                                                   \
    "  <wsdl:message name=\"" operation "Request\">\n"                                             \
    "    <wsdl:part name=\"parameters\" element=\"tns:" operation "\"/>\n"                         \
    "  </wsdl:message>\n"                                                                          \
    "  <wsdl:message name=\"" operation "Response\">\n"                                            \
    "    <wsdl:part name=\"parameters\" element=\"tns:" operation "Response\"/>\n"                 \
    "  </wsdl:message>\n"

#define WSDL_ABSTRACT(operation)                                                                   \
    "    <wsdl:operation name=\"" operation "\">\n"                                                \
    "      <wsdl:input message=\"tns:" operation "Request\"/>\n"                                   \
    "      <wsdl:output message=\"tns:" operation "Response\"/>\n"                                 \
    "    </wsdl:operation>\n"

#define WSDL_CONCRETE(operation)                                                                   \
    "    <wsdl:operation name=\"" operation "\">\n"                                                \
    "      <soap:operation soapAction=\"" CERT_PROV_NAMESPACE operation                            \
    "\" style=\"document\"/>\n"                                                                    \
    "      <wsdl:input><soap:body use=\"literal\"/></wsdl:input>\n"                                \
    "      <wsdl:output><soap:body use=\"literal\"/></wsdl:output>\n"                              \
    "    </wsdl:operation>\n"

/* WSDL 1.1, document/literal, "wrapped". The response's child element is that of our template
 * (response_template.c): what a real Front End calls it is not public. Of GetAndPublishCert only
 * its name is; its contents are WS-Trust's and others', hence "any". */
/* clang-format off */
static const char before[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<wsdl:definitions name=\"CertProvisioningService\"\n"
    "    targetNamespace=\"" CERT_PROV_NAMESPACE "\"\n"
    "    xmlns:tns=\"" CERT_PROV_NAMESPACE "\"\n"
    "    xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\"\n"
    "    xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\"\n"
    "    xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n"
    "  <wsdl:types>\n"
    "    <xsd:schema targetNamespace=\"" CERT_PROV_NAMESPACE "\"\n"
    "        elementFormDefault=\"qualified\">\n"
    "      <xsd:simpleType name=\"ResponseClassType\">\n"
    "        <xsd:restriction base=\"xsd:string\">\n"
    "          <xsd:enumeration value=\"Success\"/>\n"
    "          <xsd:enumeration value=\"Error\"/>\n"
    "        </xsd:restriction>\n"
    "      </xsd:simpleType>\n"
    "      <xsd:element name=\"GetRootCertChains\">\n"
    "        <xsd:complexType><xsd:sequence/></xsd:complexType>\n"
    "      </xsd:element>\n"
    "      <xsd:element name=\"GetRootCertChainsResponse\">\n"
    "        <xsd:complexType>\n"
    "          <xsd:sequence>\n"
    "            <xsd:element name=\"CertChain\" type=\"xsd:base64Binary\"\n"
    "                minOccurs=\"0\" maxOccurs=\"unbounded\">\n"
    "              <xsd:annotation>\n"
    "                <xsd:documentation>One chain, as PKCS#7 SignedData.</xsd:documentation>\n"
    "              </xsd:annotation>\n"
    "            </xsd:element>\n"
    "            <xsd:element name=\"ErrorInfo\" type=\"xsd:string\" minOccurs=\"0\"/>\n"
    "          </xsd:sequence>\n"
    "          <xsd:attribute name=\"ResponseClass\" type=\"tns:ResponseClassType\"\n"
    "              use=\"required\"/>\n"
    "        </xsd:complexType>\n"
    "      </xsd:element>\n"
    "      <xsd:element name=\"GetAndPublishCert\">\n"
    "        <xsd:complexType>\n"
    "          <xsd:sequence>\n"
    "            <xsd:any namespace=\"##other\" processContents=\"lax\" minOccurs=\"0\"\n"
    "                maxOccurs=\"unbounded\"/>\n"
    "          </xsd:sequence>\n"
    "          <xsd:anyAttribute processContents=\"lax\"/>\n"
    "        </xsd:complexType>\n"
    "      </xsd:element>\n"
    "      <xsd:element name=\"GetAndPublishCertResponse\">\n"
    "        <xsd:complexType>\n"
    "          <xsd:sequence>\n"
    "            <xsd:any namespace=\"##other\" processContents=\"lax\" minOccurs=\"0\"\n"
    "                maxOccurs=\"unbounded\"/>\n"
    "            <xsd:element name=\"ErrorInfo\" type=\"xsd:string\" minOccurs=\"0\"/>\n"
    "          </xsd:sequence>\n"
    "          <xsd:attribute name=\"ResponseClass\" type=\"tns:ResponseClassType\"/>\n"
    "          <xsd:anyAttribute processContents=\"lax\"/>\n"
    "        </xsd:complexType>\n"
    "      </xsd:element>\n"
    "    </xsd:schema>\n"
    "  </wsdl:types>\n"
    WSDL_MESSAGES("GetRootCertChains")
    WSDL_MESSAGES("GetAndPublishCert")
    "  <wsdl:portType name=\"CertProvisioningService\">\n"
    WSDL_ABSTRACT("GetRootCertChains")
    WSDL_ABSTRACT("GetAndPublishCert")
    "  </wsdl:portType>\n"
    "  <wsdl:binding name=\"CertProvisioningServiceBinding\"\n"
    "      type=\"tns:CertProvisioningService\">\n"
    "    <soap:binding style=\"document\"\n"
    "        transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n"
    WSDL_CONCRETE("GetRootCertChains")
    WSDL_CONCRETE("GetAndPublishCert")
    "  </wsdl:binding>\n"
    "  <wsdl:service name=\"CertProvisioningService\">\n"
    "    <wsdl:port name=\"CertProvisioningServicePort\"\n"
    "        binding=\"tns:CertProvisioningServiceBinding\">\n"
    "      <soap:address location=\"";

static const char after[] =
    "\"/>\n"
    "    </wsdl:port>\n"
    "  </wsdl:service>\n"
    "</wsdl:definitions>\n";
/* clang-format on */

/* The longest that a character becomes: "&quot;". */
#define ESCAPED_MAX 6
static_assert(sizeof(before) + ESCAPED_MAX * WSDL_LOCATION_MAX + sizeof(after) <= WSDL_SIZE,
              "every location fits");

/* What stands for a character in an attribute value (XML 1.0 section 2.3); "" for itself. */
static const char *
escape_of(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "";
    }
}

/* Adds the location; NULL when it has characters that no URL has. */
static char *
append_escaped(char *text, const char *location)
{
    for (; *location != '\0'; location++) {
        const char *escape = escape_of(*location);
        size_t length = *escape == '\0' ? 1 : strlen(escape);
        if (*location <= ' ' || *location >= 0x7f) {
            return NULL;
        }
        memcpy(text, *escape == '\0' ? location : escape, length);
        text += length;
    }
    return text;
}

size_t
wsdl_write(char wsdl[WSDL_SIZE], const char *location)
{
    if (strlen(location) > WSDL_LOCATION_MAX) {
        return 0;
    }
    memcpy(wsdl, before, sizeof(before) - 1);
    char *text = append_escaped(wsdl + sizeof(before) - 1, location);
    if (text == NULL) {
        return 0;
    }
    memcpy(text, after, sizeof(after));
    return (size_t)(text - wsdl) + sizeof(after) - 1;
}
