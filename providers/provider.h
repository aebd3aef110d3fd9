/*
 * The provider ABI of dnsproof: what a DNS provider module exports and what it is given.
 * See dnsproof-provider(3) for the manual and dnsproof-provider(7) for the processes around it.
 *
 * A module is a shared object with one const data symbol, `dnsproof_provider`. It runs alone in a
 * process of its own, one call at a time, and may block. It makes no DNS look-ups but to the server
 * it writes to, and never waits, retries, sleeps or starts threads.
 */
#ifndef DNSPROOF_PROVIDER_H
#define DNSPROOF_PROVIDER_H

#include <jansson.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Within one number members are only added at the end of the structs that have a `size`; those that stand
 * inside others (dnsproof_call, dnsproof_txt, dnsproof_limits, dnsproof_option, dnsproof_change) stay. */
#define DNSPROOF_PROVIDER_ABI 1

#define DNSPROOF_HANDLE_MOST 512 /* octets of a handle, the final NUL included */

enum dnsproof_rc {
	DNSPROOF_OK,       /* accepted by the server; not necessarily visible yet */
	DNSPROOF_TEMP,     /* failed, the same call may succeed later */
	DNSPROOF_RATE,     /* too many requests; say the seconds with retry_after() */
	DNSPROOF_CONFLICT, /* the set changed under us, nothing was written, call again */
	DNSPROOF_AUTH,     /* the credentials do not do; a person must mend it */
	DNSPROOF_NOZONE,   /* the zone is not in this account or not on this server */
	DNSPROOF_INVALID,  /* refused for what it is; never repeat it */
};

/* What one write replaces; the host locks so much of the zone around each add, del and batch. */
enum dnsproof_unit { DNSPROOF_RECORD, DNSPROOF_RRSET, DNSPROOF_ZONE };

enum {
	DNSPROOF_REQUIRED = 1,
	DNSPROOF_SECRET = 2, /* must come from a source (file:, env:), never literally; masked */
	DNSPROOF_INT = 4,
	DNSPROOF_BOOL = 8,
	DNSPROOF_URL = 16,
	DNSPROOF_ONE_OF =
	    32, /* one of several ways to authenticate: once such an option or a secret is given,
			       * no environment names are looked at, so that no two accounts are mixed */
	DNSPROOF_ENV_SET =
	    64, /* its environment names belong to one program's set each, told by their first word (up
			       * to the '_'): of the options with this flag one set alone is taken */
};

/* Of a provider. */
enum {
	DNSPROOF_STARTS_PROGRAMS =
	    1,                     /* they inherit the lock of what is written, should the host be killed */
	DNSPROOF_VERIFIES_DEL = 2, /* del says OK only when it has seen that the value is gone */
};

struct dnsproof_option {
	const char *key;
	unsigned flags;
	const char *env; /* known environment names, separated by spaces, or NULL; file:NAME: the variable
	                       * holds the absolute path of a file with the value */
	const char *standard; /* the default as text, or NULL */
	const char *help;     /* one line */
};

/* 0 = no limit known. */
struct dnsproof_limits {
	unsigned least_ttl; /* seconds */
	unsigned requests_per_minute;
	unsigned settle_ms;     /* to wait after all servers agree (anycast) */
	unsigned most_parallel; /* host processes that may serve one account at once; 0 = 1 */
	unsigned most_values;   /* values at one name */
};

struct dnsproof_call;

/* HTTP, for modules that set uses_http. The host does TLS, checks certificates, caps sizes and time, never
 * follows redirects, masks secrets, and knows the operator's own CA bundle and proxy. */
struct dnsproof_http_header {
	const char *name;
	const char *value;
};

struct dnsproof_http_request {
	size_t size; /* of the struct as the module knows it; 0 stands for the first version's */
	const char *method;
	const char *url; /* absolute; https unless the operator named another (see dnsproof-provider(3)) */
	const struct dnsproof_http_header *header;
	size_t headers;
	const char *user; /* basic authentication, NULL = none */
	const char *password;
	const json_t *json;       /* body as application/json; NULL = the next three */
	const char *content_type; /* NULL = none */
	const void *body;         /* NULL = no body */
	size_t body_len;
	/* 0: a status outside 200..299 ends in the result code it stands for (401 and 403 AUTH, 404 NOZONE,
	 * 409 and 412 CONFLICT, 429 RATE with its Retry-After, 408, 423, 425 and 5xx TEMP, all others
	 * INVALID, redirects too) and the provider's words are recorded. 1: the module judges every status
	 * itself, and says http_fail() for what it does not expect. */
	int any_status;
	/* 1: it changes something though its method says otherwise (a GET): not sent again by itself when a
	 * connection turns out to be dead. POST and PATCH never are. */
	int once;
};

/* Filled by the host; valid until the next request or the end of the call. After a failure without an
 * answer, status is 0 and there is nothing else; after any other failure all is filled. */
struct dnsproof_http_answer {
	size_t size; /* set by the module, as in the request */
	int status;
	const char *body; /* NUL-terminated besides */
	size_t body_len;
	const json_t *json;                        /* the body parsed, NULL if it is no JSON */
	const struct dnsproof_http_header *header; /* names in lower case */
	size_t headers;
};

/* Services of the host. Check `size` before using a member that was added later. */
struct dnsproof_host {
	size_t size;
	/* Records why a call fails (printf-like, one line, no trailing newline; secrets are masked)
	 * and returns rc, so that a call ends with `return host->fail(call, RC, "...")`. */
	enum dnsproof_rc (*fail)(const struct dnsproof_call *call, enum dnsproof_rc rc, const char *format,
	                         ...) __attribute__((format(printf, 3, 4)));
	/* Says after how many seconds a RATE (or TEMP) may be tried again. */
	void (*retry_after)(const struct dnsproof_call *call, unsigned seconds);
	/* A line for the debug log; secrets are masked. */
	void (*log)(const struct dnsproof_call *call, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));

	/* One request and its answer. Anything but OK is recorded as with fail() and can be returned as it
	 * is. A transport failure is TEMP. NULL for modules that do not set uses_http. */
	enum dnsproof_rc (*http)(const struct dnsproof_call *call,
	                         const struct dnsproof_http_request *request,
	                         struct dnsproof_http_answer *answer);
	/* The result code a status stands for, with the answer's words recorded, for any_status. */
	enum dnsproof_rc (*http_fail)(const struct dnsproof_call *call,
	                              const struct dnsproof_http_answer *answer);
	/* A header of the answer by its name in lower case, or NULL. */
	const char *(*http_header)(const struct dnsproof_http_answer *answer, const char *name);

	/* From here to time(): also only for modules that set uses_http. Texts belong to the host and live
	 * until the call ends. NULL only for an unknown kind. */
	char *(*text)(const struct dnsproof_call *call, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));
	/* kind: "hex", "base64", "base64url" (no padding), "path" (RFC 3986, all but unreserved), "form"
	 * (the same with '+' for space), "xml". */
	char *(*encode)(const struct dnsproof_call *call, const char *kind, const void *bytes, size_t n);
	/* md5, sha1, sha256, sha384, sha512: octets into out, their number returned, 0 if unknown. */
	size_t (*digest)(const char *algorithm, const void *bytes, size_t n, unsigned char out[64]);
	size_t (*hmac)(const char *algorithm, const void *key, size_t key_len, const void *bytes, size_t n,
	               unsigned char out[64]);
	/* Seconds since 1970; tests can set it (DNSPROOF_TEST_TIME under test hooks). */
	long long (*time)(const struct dnsproof_call *call);

	/* From now on no message and no log shows this value (a session token, say, that a login gave).
	 * Copies it. Options that are SECRET need not be told. For every module. */
	void (*secret)(const struct dnsproof_call *call, const char *value);

	/* Something that the operator has to do or to know now, whatever the result of this add, del or
	 * batch: one line, shown as it is (secrets are masked). The last one of a call stays. For every
	 * module. */
	void (*show)(const struct dnsproof_call *call, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));

	/* Goes with TEMP: the service itself said that it failed, so nothing was written. For every module. */
	void (*unchanged)(const struct dnsproof_call *call);

	/* Where the value of an option came from, "file:/path" or "env:NAME" say, for messages; NULL when it was
	 * given itself or is the default. For every module. */
	const char *(*source)(const struct dnsproof_call *call, const char *key);
};

/* Opens every struct that a call gets. All pointers a module is given are borrowed and valid until
 * the call returns, but `options`, valid until close. */
struct dnsproof_call {
	size_t size; /* of the whole struct as the host knows it */
	const struct dnsproof_host *host;
	const json_t *options; /* object: every option that has a value, as string, integer or boolean */
	void *self;            /* what `open` set; NULL at first */
	unsigned ms_left;      /* the host is killed soon after this */
};

/* One TXT value at one name: the argument of add and del, the element of batch. Names are absolute,
 * lower case, without trailing dot. */
struct dnsproof_txt {
	const char *zone;     /* apex */
	const char *name;     /* full owner name */
	const char *relative; /* owner relative to the zone, "@" at the apex */
	const char *value;    /* 43 characters of base64url; may begin with '-' */
	unsigned ttl;         /* seconds */
	/* In del: what add returned, or "" (del must work without). In add: to be filled with
	 * something that makes del cheaper, e.g. a record id; the core keeps it. */
	char handle[DNSPROOF_HANDLE_MOST];
};

struct dnsproof_open_call {
	struct dnsproof_call call; /* set call.self to keep state between calls */
	const char *descriptor;    /* parsed descriptor for rest.so, else NULL */
};

struct dnsproof_txt_call {
	struct dnsproof_call call;
	struct dnsproof_txt *txt;
};

struct dnsproof_check_call {
	struct dnsproof_call call;
	const char *zone;
	const char *name; /* where a TXT is going to be put; may be NULL */
};

struct dnsproof_list_call {
	struct dnsproof_call call;
	const char *zone;
	const char *name;
	const char *relative;
	/* Report each TXT value present at the name (character-strings joined). */
	void (*value)(struct dnsproof_list_call *list, const char *value, size_t length);
};

struct dnsproof_change {
	int del; /* 0 = add, 1 = del */
	struct dnsproof_txt txt;
	enum dnsproof_rc rc; /* result of this change, to be set by the module */
};

struct dnsproof_batch_call {
	struct dnsproof_call call;
	const char *zone; /* the zone of all of them */
	struct dnsproof_change *change;
	size_t n;
};

struct dnsproof_live_call {
	struct dnsproof_call call;
	struct dnsproof_txt *txt;
	int live; /* to be set: 1 = the provider says it is on all its servers */
};

/* The rules (each is a test of the conformance kit): add of a present value is OK and adds nothing;
 * del of an absent value is OK; no other value is ever touched, whoever put it, nor its TTL; any
 * call may be repeated by another process; del works without the handle; OK means accepted, not visible. */
struct dnsproof_provider {
	unsigned abi; /* DNSPROOF_PROVIDER_ABI */
	size_t size;  /* sizeof(struct dnsproof_provider) */
	const char *name;
	const char *summary;                   /* one line */
	const char *url;                       /* of the service or of its documentation */
	const struct dnsproof_option *options; /* ends with a NULL key; may be NULL */
	struct dnsproof_limits limits;
	enum dnsproof_unit replaces;
	int compare_and_swap; /* a write fails when the set changed since it was read */
	int batch_is_atomic;

	/* required */
	enum dnsproof_rc (*add)(struct dnsproof_txt_call *c);
	enum dnsproof_rc (*del)(struct dnsproof_txt_call *c);
	/* optional, NULL if absent */
	enum dnsproof_rc (*open)(struct dnsproof_open_call *c);
	enum dnsproof_rc (*check)(struct dnsproof_check_call *c); /* can I write there? changes nothing */
	enum dnsproof_rc (*list)(struct dnsproof_list_call *c);
	enum dnsproof_rc (*batch)(struct dnsproof_batch_call *c);
	enum dnsproof_rc (*live)(struct dnsproof_live_call *c);
	void (*close)(struct dnsproof_call *c);

	int uses_http; /* the host loads its HTTP services */

	/* What to prepare at the service, several lines ending with a newline, shown by `dnsproof providers NAME`;
	 * NULL = nothing. {key|instead} stands for that option as the user gave it, else for "instead";
	 * {name|instead} for the name asked about. */
	const char *help;

	unsigned flags; /* DNSPROOF_STARTS_PROGRAMS, DNSPROOF_VERIFIES_DEL */
};

/* The members every module fills alike: `... = {DNSPROOF_PROVIDER_HEAD, .name = "x", ...}`. */
#define DNSPROOF_PROVIDER_HEAD .abi = DNSPROOF_PROVIDER_ABI, .size = sizeof(struct dnsproof_provider)

#define DNSPROOF_EXPORT __attribute__((visibility("default")))

extern const struct dnsproof_provider dnsproof_provider;

#ifdef __cplusplus
}
#endif

#endif
