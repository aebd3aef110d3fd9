/*
 * The engine's side of the keeper: keys, signatures, certificates.
 *
 * Requests are JSON lines {"id":n,"op":...}; several may be outstanding. Answers carry the id and
 * either results or {"error":"text"}. Operations:
 *
 *  account   {account}                         -> {jwk, thumbprint, next} makes the key if absent (durable first); next:
 *                                                                      there is another that is to take over
 *  sign      {account, url, nonce, payload, kid?} -> {jws}             payload: text, "" = POST-as-GET; no kid = jwk
 *                                                                      "next":true: by that other key, which may only ask
 *                                                                      for its account
 *  rollover  {account, kid, url}               -> {jws}                in that task of `ca`: makes the next key; inner JWS
 *                                                                      for keyChange at url
 *  rolled    {account, took_over}              -> {}                   the next key has the account now, or has not
 *  challenge {account, token}                  -> {value}              dns-01 TXT value, 43 characters
 *  key       {cert, order, type}               -> {csr}                key made and durable; csr base64url DER;
 *                                                                      the same (cert, order, type) gives the same key
 *  publish   {account, cert, order, type, chain} -> {generation, not_before, not_after, serial, ari}; an error with
 *                                                 "wrong":true when no later try can publish this certificate
 *  current   {cert}                            -> {} or {names, not_before, not_after, serial, type, ari, issuer,
 *                                                 generation} or {broken: why} when the live pair is not right
 *  tryout    {account, cert}                   -> {}                   the place of publication can be written, has room,
 *                                                                      and what is there may be replaced; an error with
 *                                                                      "usage":true when a person must allow that
 *  eab       {account, url}                    -> {jws}                external account binding for newAccount at url
 *  revocation {n}                              -> {certificates}       in a run of `revoke`: [{certificate, generation}] of
 *                                                                      the n-th revocation; they may be signed from then on
 *  revoked   {certificate}                     -> {}                   the CA has revoked it: noted at its generation
 *  remove    {cert}                            -> {}                   in a run of `remove`: archived, or deleted
 *  discard   {cert, order}                     -> {}                   drops a key that will not be used
 *
 * Times are seconds since 1970. What the keeper is allowed to do (accounts with their CA hosts, the
 * certificates with their names) it gets from the launcher, not from here.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "common/loop.h"

struct keeper;
struct keeper_call;

/* Takes over the socket to the keeper. gone is called once if the keeper dies. */
struct keeper *keeper_new(struct loop *l, int fd, void (*gone)(void *arg, const char *why), void *arg);
void keeper_free(struct keeper *s); /* NULL allowed */

/* answer: borrowed object, NULL when the keeper is gone; error: NULL or what it refused. fn is called once, never from
 * inside the call. */
typedef void keeper_fn(void *arg, const json_t *answer, const char *error);

/* request: object with "op" and its members, without id (reference stolen). */
struct keeper_call *keeper_send(struct keeper *s, json_t *request, keeper_fn *fn, void *arg);
void keeper_cancel(struct keeper_call *c);
