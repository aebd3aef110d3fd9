/*
 * What one run is to do, as the launcher says it in its first line.
 *
 * {"job":{
 *   "command":"issue"|"clean",
 *   "state":"/var/lib/dnsproof", "run":"20261121T204500Z-4711-ab12", "protocol":1,
 *   "ca":[{"account":"...", "directory":"https://...", "bundle":null|"/path", "email":null|"...", "agree_tos":true,
 *          "proxy":null|"http://HOST:PORT", "eab":false, "cache_s":300}],
 *   "dns":[{"account":"rfc2136-0011223344556677", "provider":"rfc2136", "zones":[], "targets":[]}],
 *   "certs":[{"id":"example.test", "names":["example.test","*.example.test"], "ca":"ACCOUNT", "dns":["ACCOUNT"],
 *             "key":"p256|p384|rsa2048|rsa3072|rsa4096", "ttl":60, "policy":"reachable|all", "timeout_ms":600000, "force":false}],
 *   "servers":["ZONE=ADDR,ADDR"], "resolvers":["ADDR:PORT"], "wait_ms":0, "verbose":0 }}
 *
 * "ca" and "dns" list every account that is remembered, so that leftovers of dead runs can be removed;
 * "certs" only what is to be worked on.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"
#include "engine/spread/spread.h"

struct job_ca {
	char *account, *directory, *bundle, *email;
	char *proxy; /* http://HOST:PORT, or NULL */
	bool agree_tos;
	bool eab;         /* the keeper holds a key for external account binding */
	unsigned cache_s; /* how long the CA's resolver may keep an answer, at most */
};

struct job_dns {
	char *account, *provider;
	struct strs zones, targets;
};

struct job_cert {
	char *id, *ca, *key;
	struct strs names, dns;
	unsigned ttl;
	enum wait_for wait_for;
	unsigned settle_ms, timeout_ms;
	bool force;
};

struct job {
	bool clean;
	char *state, *run;
	struct job_ca *ca;
	size_t cas;
	struct job_dns *dns;
	size_t dnss;
	struct job_cert *cert;
	size_t certs;
	struct strs servers, resolvers;
	unsigned wait_ms, verbose;
};

struct job *job_parse(const json_t *json, struct err *e);                /* new, NULL when malformed */
void job_free(struct job *j);                                            /* NULL allowed */
const struct job_ca *job_ca(const struct job *j, const char *account);   /* NULL if absent */
const struct job_dns *job_dns(const struct job *j, const char *account); /* NULL if absent */
