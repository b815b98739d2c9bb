# SPDX-License-Identifier: MPL-2.0
"""SOAP clients that others' toolkits make of our WSDL: each asks a service for the root chains.

    zeep_chains(wsdl_url, endpoint)              Python's zeep
    gsoap_chains(directory, wsdl_url, endpoint)  a C program made by gSOAP, built in `directory`
    mono_chains(directory, wsdl_url, endpoint)   a C# program made by Mono's wsdl; None without Mono

Each returns a list of PKCS#7 (DER), taken out of typed fields; `endpoint` None: the WSDL's own."""

import pathlib
import subprocess
import sys

GSOAP_CLIENT = r"""
#include "soapH.h"
#include "CertProvisioningServiceBinding.nsmap"

int main(int argc, char **argv)
{
    struct soap *soap = soap_new();
    struct _ns1__GetRootCertChains request = {0};
    struct _ns1__GetRootCertChainsResponse response = {0};
    if (soap_call___ns1__GetRootCertChains(soap, argc > 1 ? argv[1] : NULL, NULL, &request,
                                           &response) != SOAP_OK) {
        soap_print_fault(soap, stderr);
        return 1;
    }
    if (response.ResponseClass != ns1__ResponseClassType__Success) {
        return 2;
    }
    for (int i = 0; i < response.__sizeCertChain; i++) {
        for (int j = 0; j < response.CertChain[i].__size; j++) {
            printf("%02x", response.CertChain[i].__ptr[j]);
        }
        printf("\n");
    }
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return 0;
}
"""

MONO_CLIENT = r"""
using System;

class Client
{
    static int Main(string[] arguments)
    {
        var service = new CertProvisioningService();
        if (arguments.Length > 0) {
            service.Url = arguments[0];
        }
        string error;
        ResponseClassType outcome;
        byte[][] chains = service.GetRootCertChains(out error, out outcome);
        if (outcome != ResponseClassType.Success || error != null) {
            return 2;
        }
        foreach (byte[] chain in chains) {
            Console.WriteLine(BitConverter.ToString(chain).Replace("-", ""));
        }
        return 0;
    }
}
"""

# Run in a process of its own: the system's Python has zeep.
ZEEP_CLIENT = """
import sys, zeep
client = zeep.Client(sys.argv[1])
service = client.service
if len(sys.argv) > 2:
    [binding] = client.wsdl.bindings
    service = client.create_service(binding, sys.argv[2])
response = service.GetRootCertChains()
assert response.ResponseClass == "Success", response
assert response.ErrorInfo is None
for chain in response.CertChain:
    print(bytes(chain).hex())
"""


def run(*command, cwd=None):
    done = subprocess.run([*map(str, command)], cwd=cwd, text=True, capture_output=True,
                          timeout=120, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout


def chains(text):
    return [bytes.fromhex(line) for line in text.splitlines()]


def optional(endpoint):
    return [] if endpoint is None else [endpoint]


def zeep_chains(wsdl_url, endpoint=None):
    python = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable
    return chains(run(python, "-c", ZEEP_CLIENT, wsdl_url, *optional(endpoint)))


def gsoap_chains(directory, wsdl_url, endpoint=None):
    program = directory / "gsoap_client"
    if not program.exists():
        run("wsdl2h", "-c", "-o", "service.h", wsdl_url, cwd=directory)
        run("soapcpp2", "-c", "-C", "-L", "-x", "-w", "service.h", cwd=directory)
        (directory / "client.c").write_text(GSOAP_CLIENT)
        run("cc", "-o", program, "client.c", "soapC.c", "soapClient.c", "-lgsoap", cwd=directory)
    return chains(run(program, *optional(endpoint)))


def mono_chains(directory, wsdl_url, endpoint=None):
    program = directory / "mono_client.exe"
    if not program.exists():
        run("wsdl", "-out:service.cs", wsdl_url, cwd=directory)
        (directory / "client.cs").write_text(MONO_CLIENT)
        run("mcs", "-out:mono_client.exe", "-r:System.Web.Services", "client.cs", "service.cs",
            cwd=directory)
    return chains(run("mono", program, *optional(endpoint)))
