/* CAs that are known by a name. */
#pragma once

#include <stdbool.h>

struct ca_preset {
	const char *name;      /* as --ca takes it; that of the CA account */
	const char *label;     /* in words */
	const char *directory; /* NULL: it issues no more */
	const char *staging;   /* the preset of its staging environment; NULL: none is known */
	const char *terms;     /* where its terms of service are */
	const char
	    *binding;     /* where the key of an external account binding is had, or NULL: none is needed */
	unsigned cache_s; /* how long its resolver may keep an answer, at most; 0: unknown */
	struct {
		const char *new_orders, *exact_sets, *failed_validations,
		    *registrations; /* 300/3h; NULL: unknown */
	} limits;
	bool
	    renewals_exempt; /* no new order counts that renews within 120 days, none of any limit that was suggested */
	bool test;           /* nobody trusts its certificates */
};

/* By name or directory; NULL. */
const struct ca_preset *ca_preset_find(const char *ca);

/* The one whose directory is at that host (HOST or HOST:PORT); NULL. */
const struct ca_preset *ca_preset_at(const char *host);

/* The preset whose name is near, or that other programs call so; NULL. */
const struct ca_preset *ca_preset_nearest(const char *word);

/* "letsencrypt, letsencrypt-staging, zerossl ..."; new string. */
char *ca_preset_names(void);
