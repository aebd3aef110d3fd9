/* A keeper as a process of its own, and requests to it. */
#pragma once

#include <jansson.h>
#include <sys/types.h>

#include "ca.h"
#include "common/buf.h"

struct keeper {
	char *state;
	pid_t pid;
	int fd;
	struct buf rest;
	json_int_t id;
	struct ca *ca;
};

/* With the setup that all tests share: CA accounts ca, plain (trusted) and staging (a test CA's), certificates web.test
 * and b.test of the same names; b.test may replace a trusted CA's; named.test, of the same, has a common name, and
 * foreign.test one that is none of its names. */
void keeper_start(struct keeper *k);
int keeper_stop(struct keeper *k);
json_int_t keeper_post(struct keeper *k, json_t *request);
json_t *keeper_get(struct keeper *k);
json_t *keeper_ask(struct keeper *k, json_t *request);
const char *answer_text(const json_t *answer, const char *name);
void assert_refused(json_t *answer, const char *word);
json_t *sign_request(const char *payload, const char *kid);
/* Of p384 and rsa2048 there is a certificate each; all others are those of web.test, p256 and rsa4096. */
const char *cert_of_type(const char *type);
json_t *key_request(const char *order, const char *type);
json_t *publish_request(const char *order, const char *type, const char *chain);
json_t *current_request(const char *type);
int keeper_set_up(void **state);
int keeper_tear_down(void **state);
json_t *tryout_request(const char *account, const char *cert);
