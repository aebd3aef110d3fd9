/*
 * What one run is to do, as the launcher says it: one line a thing, so that the number of certificates is
 * not bound to the length of a line.
 *
 * {"job":{"command":"issue"|"clean"|"ca"|"renew"|"revoke"|"remove"|"rename"|"report", "named":false, "retry":false, "dry_run":false, "machine":"...", "state":"/var/lib/dnsproof", "run":"20261121T204500Z-4711-ab12",
 *         "protocol":1, "wait":0, "verbose":0}}   and for clean, where given, how DNS is asked:
 *         "name_servers":["ZONE=ADDR,ADDR"], "resolver":["ADDR:PORT"]
 *         for report, where no more is wanted than what run/brief.h leaves, "brief":DIGEST of all certificates
 *         and where rows of one kind alone are wanted, "only":KIND (run/report.h)
 *         or else as many lines as it takes say whose places are wanted alone:
 * {"places":{"cert":["ID", ...]}}
 *         for renew of everything "index":DIGEST, and the lines below come when the engine has asked (launcher.h):
 * {"index":["ID\tkey type\tnames\tCA account\tDNS accounts\tdigest\tconfigured\trenews", ...]}   rows of the index, as
 *                                                                         text for speed; the last line is empty
 * {"ca":{"account":"...", "directory":"https://...", "label":"...", ...}}  one a CA account
 *         among them "limits":{"new_orders":[300, 10800], ...}, in seconds, "renewals_exempt":true
 * {"dns":{"account":"rfc2136-0011223344556677", "provider":"rfc2136"}}    one a DNS account, and for long
 * {"dns":{"account":"...", "zone":[...], "cname_target":[...]}}           lists as many as it takes
 * {"window":{"name":"...", "open":[[1795910400, 1795924800], ...]}}     times in which certificates may be renewed that
 *                                                                         name it ("window"), in their order
 * {"cert":{"id":"example.test", "names":["example.test","*.example.test"], "ca":"ACCOUNT",
 *          "dns":["ACCOUNT"], "staging":"ACCOUNT", ..., "depends":"0011223344556677", "force":false, "check":false}}
 * {"revoke":{"ca":"ACCOUNT", "label":"ID or file", "reason":1, "own_key":false}}   for "revoke", one a certificate
 * {"rename":{"kind":"ca"|"dns", "from":"ACCOUNT", "to":"ACCOUNT", "keep":false}}   for "rename", one an account
 * For "remove" the first line has "remove":"ID".
 * For "ca" the first line has a "task": show, register, update, rollover or deactivate, and there is one CA account.
 * {"go":1}                                                                the last
 *
 * "key_type" is one, or a list of two. The other members are the settings of the table of keys (common/spec/spec.h). "ca" and "dns" are all
 * accounts that are remembered, so that leftovers of dead runs can be removed; "cert" only what is to be
 * worked on.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/bucket.h"
#include "common/err.h"
#include "common/openings.h"
#include "common/spec/spec.h"
#include "common/str.h"

/* Limits of a CA account. */
enum job_limit_kind {
	JOB_LIMIT_ORDERS,
	JOB_LIMIT_SETS,     /* certificates for exactly the same names */
	JOB_LIMIT_FAILURES, /* validations of a name */
	JOB_LIMIT_REGISTRATIONS,
	JOB_LIMITS,
};

struct job_ca {
	char *account, *directory, *bundle, *email;
	char *label;       /* the CA in words: "Let's Encrypt staging", or its host */
	char *proxy;       /* http://HOST:PORT, or NULL */
	char *account_uri; /* the only account that may be used, or NULL */
	char *source,
	    *family; /* address that connections come from, family of those that are connected to; NULL */
	bool agree_tos;
	bool eab; /* the keeper holds a key for external account binding */
	struct bucket_limit limit[JOB_LIMITS];
	bool renewals_exempt; /* ... but for renewals, as Let's Encrypt has it (limits/ledger.h) */
	unsigned cache_s;     /* how long the CA's resolver may keep an answer, at most */
};

struct job_dns {
	char *account, *provider;
	struct strs zones, targets;
	bool both; /* its zones are written at each account that says so */
};

struct job_window {
	char *name;
	struct openings open;
};

struct job_cert {
	char *id, *ca, *key;
	char *backup;          /* CA account for when that fails (run/backup.h); NULL: none */
	char *profile;         /* that the CA is asked for; NULL: its own choice */
	char *preferred_chain; /* which the keeper looks for (keeper/alternates.h); NULL */
	char *second;          /* the other key type of two, or NULL */
	char *staging;         /* CA account at which it is tried; NULL: none */
	char *depends;         /* digest of all that it depends on but the world outside; NULL = not said */
	struct strs names, dns;
	struct strs servers, resolvers; /* how DNS is asked for it */
	unsigned ttl;
	enum wait_for wait_for;
	unsigned settle_ms, timeout_ms;
	unsigned park_after_s; /* run/parking.h; 0: never */
	bool force;
	bool revoke;      /* its key is compromised: another certificate takes its place whatever its age */
	bool staging_try; /* there first, after a failure */
	size_t window;    /* of the job's, from 1 on; 0: it may be renewed at any time */
	bool check;       /* what is remembered of it changes: tried though it is not due */
};

/* The keeper knows the certificate by the same number. */
struct job_revocation {
	char *ca, *label;
	int reason;   /* RFC 5280 section 5.3.1 */
	bool own_key; /* the certificate's key signs, not the account's */
};

/* An account gets another name; keep: what is there by the old one stays besides. */
struct job_rename {
	char *from, *to;
	bool dns, keep; /* dns: a DNS account, else a CA account */
};

/* What `ca` is to do with the only CA account of the job. */
enum job_task { JOB_NO_TASK, JOB_SHOW, JOB_REGISTER, JOB_IMPORT, JOB_UPDATE, JOB_ROLLOVER, JOB_DEACTIVATE };

struct job {
	enum job_task task;
	bool clean, renew, revokes;
	bool renames; /* nothing else is done */
	bool reports; /* only state.db is read (run/report.h) */
	bool dry_run; /* renew: all at the staging CAs, whether it is due or not; nothing is published */
	bool retry;   /* renew: what rests after failures is tried, too */
	bool named;   /* renew: these certificates were asked for, not whatever is due */
	char *remove; /* the certificate that `remove` ends; NULL */
	char *state, *run;
	char *machine;      /* what tells this machine from others; NULL = not said */
	char *index;        /* renew of everything: digest of all certificates; NULL */
	char *brief;        /* report: the same digest; NULL */
	char *only;         /* report: the only kind of rows that is wanted; NULL: all */
	struct strs placed; /* report: certificates whose places alone are wanted; none: all else */
	bool index_failed;
	size_t listed;       /* certificates that the index holds */
	struct strs checked; /* certificates that the launcher has compared with the index */
	struct strs early;   /* certificates that are renewed before they are due (run/levelling.h) */
	struct job_ca *ca;
	size_t cas;
	struct job_dns *dns;
	size_t dnss;
	struct job_window *window;
	size_t windows;
	struct job_cert *cert;
	size_t certs;
	struct job_revocation *revocation;
	size_t revocations;
	struct job_rename *rename;
	size_t n_rename;
	struct strs servers, resolvers; /* of `clean`, instead of what the values' certificates used */
	unsigned wait_ms, verbose;
};

/* Takes one line into *j (NULL before the first). JOB_BAD with e: the job is of no use any more. */
enum job_state { JOB_BAD, JOB_GOES_ON, JOB_WHOLE };
enum job_state job_take(struct job **j, const json_t *line, struct err *e);

void job_free(struct job *j);                                                       /* NULL allowed */
const struct job_ca *job_ca(const struct job *j, const char *account);              /* NULL if absent */
const struct job_dns *job_dns(const struct job *j, const char *account);            /* NULL if absent */
const struct openings *job_openings(const struct job *j, const struct job_cert *c); /* NULL: at any time */
