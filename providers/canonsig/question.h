/*
 * What is asked of an API, as a description. In its texts stand, for what the place has:
 * $zone $zone_id $name $relative $value $ttl $id $page $seen $marker, and $nonce, new each time.
 */
#pragma once

#include "place.h"

struct question {
	const char *method;
	const char *action; /* the operation, or the path: what is filled in is encoded */
	const char *query;  /* "KEY=TEXT&KEY=TEXT", is encoded; a pair is left out when there is nothing to
	                     * fill in. NULL: none */
	/* JSON with ' for ". A text "#ttl" becomes a number, "@values" the array. NULL: none */
	const char *body;
	const char *fine;   /* an error whose code fits is OK too, without an answer */
	int absent_is_fine; /* so is status 404 */
};

/* The parts filled in; the texts live until the call ends. NULL where the question has none. */
const char *question_action(const struct place *p, const struct question *q);
const char *question_query(const struct place *p, const struct question *q);
const char *question_body(const struct place *p, const struct question *q);
