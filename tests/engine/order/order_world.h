/* A scripted world for the order machine, in virtual time: a CA behind http.h, a provider behind pool.h, DNS
 * behind zone.h and spread.h, a keeper behind keeper.h. The journal and the session with the CA are the real
 * ones. */
#pragma once

#include "engine/order/world.h"
#include "engine/order/order.h"
#include "engine/pool/pool.h"

#define WORLD_SCRIPT 16

/* How the CA's authorizations go with the names of an order. */
enum world_authzs {
	WORLD_ONE_EACH,
	WORLD_SHARED,   /* a name and its wildcard have one */
	WORLD_ANCESTOR, /* example.test's stands for all (RFC 9444) */
	WORLD_NONE,     /* nothing is to be proved */
};

/* The CA answers at a second host, too, which tests take for another CA: its requests are "backup newOrder". */
enum world_host { WORLD_ALL_HOSTS, WORLD_FIRST, WORLD_BACKUP };

/* An answer of the CA that is no answer to what was asked. */
struct world_fault {
	enum { WORLD_NO_FAULT, WORLD_PROBLEM, WORLD_HTML, WORLD_LOST } kind;
	const char *at; /* endpoint: "directory", "newNonce", ... NULL = each */
	int status;
	const char *type, *retry_after; /* of the problem; NULL: rateLimited, none */
	const char *detail;             /* of the problem; NULL: "scripted" */
	unsigned times;                 /* at each endpoint; 0 = once */
	bool after_acting;              /* the CA did what was asked nevertheless */
	enum world_host host;           /* of which CA */
};

struct order_world {
	/* what happens */
	unsigned validation_ms, issuance_ms; /* after the challenge, after finalize */
	unsigned spread_ms;                  /* after it began; 0 = at once */
	bool spread_never;
	unsigned set_ttl;        /* of the TXT records at the name, as the servers show it */
	bool refuse_validation;  /* the CA finds the wrong value */
	const char *refuse_name; /* ... for this name alone */
	const char *refuse_with; /* problem type of that, NULL = unauthorized */
	bool reuse;              /* authorizations are valid from the start */
	bool reuse_later;        /* a valid authorization serves the next order */
	enum world_authzs authzs;
	bool shuffle;          /* authorizations stand in another order than names */
	bool odd_json;         /* members that nobody needs are odd or missing */
	unsigned order_lag_ms; /* so long the order does not know that its authorizations are final */
	bool order_stays_pending, lags_as_processing;
	unsigned not_ready; /* so many finalize are answered orderNotReady though it says ready */
	struct world_fault fault;
	unsigned resolver_cache_ms; /* of the CA's resolver */
	bool blind_resolver;        /* it finds the value wherever it is */
	bool account_deactivated, account_elsewhere, eab;
	unsigned alternates,
	    alternate_status; /* chains beside the usual one; how they are answered, 0 = good */
	bool profiles;        /* the CA lists classic and shortlived */
	int amnesia_status;   /* how a CA that lost its accounts answers, 0 = accountDoesNotExist */
	bool has_certificate; /* there is one, not due */
	bool keeps;           /* what is published is there, and not due */
	unsigned life_s;      /* lifetime of what is published; 0: all of it lives for ever */
	bool advises;         /* the CA says when to renew (RFC 9773): as Boulder does, or ... */
	const char *advice;   /* ... this, as it stands ... */
	int advice_status;    /* ... with that status, 0 = 200 */
	const char *advice_retry_after;
	const char *replaces_problem; /* type of what is said to an order that replaces, or NULL */
	bool out;                     /* the CA is down: nothing of it answers */
	unsigned keeper_key;          /* which key the keeper has; another number = the old one was lost */
	bool lose_finalize;           /* no answer comes, but the CA acts */
	bool vanish;                  /* the first value is gone once, while spreading */
	bool list;                    /* the provider can list ... */
	bool lists_not;               /* ... but says that it cannot when it is asked */
	bool verifies;                /* its "deleted" is a look at the zone */
	bool programs;                /* it starts programs */
	unsigned most_values;         /* values that the provider holds at one name, 0 = any */
	bool dead_passes;             /* a host that does not start may do so another time */
	bool no_server;               /* no name server of the zone answers */
	unsigned live_after;       /* so many questions whether it is live are denied; the provider can say */
	const char *publish_error; /* of the keeper, or NULL */
	bool publish_wrong;        /* and no later try can publish it */
	const char *second;        /* key type that each certificate has besides p256 */
	const char *wrong_type;    /* so many publications find the pair of this key type wrong */
	unsigned wrongs;
	const char *badcsr;              /* the CA refuses requests with this key type; NULL: none */
	unsigned download_status;        /* of every download, 0 = good */
	unsigned chain_certs, chain_kib; /* what is downloaded instead of one certificate */
	bool order_forgotten;            /* a look at the order is answered 404 */
	unsigned check_ms;               /* a check takes so long */
	size_t checks, most_checks;      /* under way, and most at one time */
	unsigned del_lies;               /* so many deletions are "ok" and change nothing */
	const char *neworder_problem;    /* its type, or NULL */
	const char *neworder_retry_after;
	const char *processing_retry_after;                             /* of an order that the CA is at */
	enum pool_rc add_each;                                          /* once `add` is through */
	enum pool_written written;                                      /* of each add that fails */
	enum pool_rc add[WORLD_SCRIPT], del[WORLD_SCRIPT], check, warm; /* results in turn, then OK */
	enum pool_rc check_script[WORLD_SCRIPT]; /* of the checks, in turn; then `check` */
	bool cut_short, unregistered;            /* of the zone found */
	const char *target; /* to which all challenge names are delegated; NULL: none is */

	/* what was seen */
	struct strs published;      /* IDs, where the world keeps them */
	size_t offered;             /* alternate chains, to the keeper */
	struct strs profiled;       /* the profile that each new order asks for, or "" */
	struct strs replaced;       /* the certificate that each new order replaces, or "" */
	struct strs store;          /* "owner value" at the provider now */
	struct strs events;         /* event names in order */
	struct strs calls;          /* "newOrder", "add", "del", "challenge", "finalize", "deactivate", ... */
	struct strs added, deleted; /* DNS accounts that were asked to, in that order */
	struct strs requests;       /* every request that reached the CA, by its endpoint */
	unsigned second_posts;      /* of a challenge that the CA had taken */
	unsigned issued;
	struct strs
	    looked_up;  /* "CHALLENGE at SERVERS" of each look for a zone; "any": no servers were named */
	unsigned warms; /* provider hosts that were wanted */
	struct strs checked;             /* accounts, in the order in which they were asked */
	char *error;                     /* message of the last error event */
	char *waiting;                   /* ... of the last one about a wait */
	unsigned proofs;                 /* servers were asked whether a value is gone */
	struct strs generations;         /* "TYPE TYPE", those that are new, of each publication */
	unsigned settle_ms;              /* that the provider asks for */
	unsigned settled_ms;             /* that was waited in the last spread */
	unsigned recursive;              /* zones that were looked for by resolvers alone */
	size_t zones_told, targets_told; /* ... with that many lists of the accounts */
	enum wait_for spread_whom;       /* the last spread asked */
	unsigned first_ms;               /* that the last spread waited before it asked */
	bool early;                      /* it says that it was too early */
	size_t spread_asked;             /* servers or resolvers of the last spread */
	size_t most_stored;              /* values there at one time */
	unsigned announced[2];           /* removals, additions: to the pool, and not withdrawn */
	unsigned announced_calls[2];     /* ... made while some were announced */
	unsigned most_announced[2];
	unsigned announced_at_del; /* additions, at the most */
	bool early_challenge;      /* a challenge was posted while a value was missing */
	uint64_t first_challenge;  /* loop_now() when the first was posted */
	unsigned orders, accounts;
};

extern struct order_world world;

/* A fresh world and a run's engine on an empty state folder (made in a scratch folder). */
struct world *order_world_open(const char *const *names, size_t n);
void order_world_close(struct world *e);

/* Only the world and a state folder: a run opens the engine on the job (a certificate for each name). */
struct world *order_world_prepare(size_t names);
void order_world_job(const char *const *certs, size_t n, const char *run, unsigned wait_ms);

const char *order_world_state(void); /* its state folder */

/* After a run: the engine is closed, and the same world and state folder wait for the next. */
void order_world_next(struct world *e);

/* Where what is published has a lifetime: the certificate was published then. */
void order_world_publish(const char *id, int64_t since);
int64_t order_world_published(const char *id); /* when; 0: it was not */

/* Runs the order to its end; what the run was told. */
enum order_end order_world_issue(struct world *e);
/* The same, step by step: starts it, with what a dead run left. */
struct order *order_world_start(struct world *e, const struct order_row *resumed, struct txt **left,
                                size_t lefts);
enum order_end order_world_finish(struct world *e, struct order *o);

/* Once more, as the next run would with the open order that this one left; its values must be gone. */
enum order_end order_world_resume(struct world *e);

size_t order_world_count(const struct strs *list, const char *text);
/* The journal knows the account URL https://ca.test/acct/1; the CA has it with that key (the keeper's is
 * world.keeper_key + 1), or, with 0, does not. */
void order_world_has_account(struct world *e, unsigned key);
void order_world_fill_cache(unsigned ms);   /* the CA's resolver has looked, and keeps what it saw so long */
int64_t order_world_owed(struct world *e);  /* intents not gone */
int64_t order_world_doubt(struct world *e); /* the earliest settled_after of those */
char *order_world_row_state(struct world *e); /* of the newest order; new */
