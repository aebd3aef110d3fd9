/* The certificate, order and key type that a request is about, checked against what this run may do. */
#pragma once

#include <jansson.h>

#include "common/str.h"
#include "keeper/csr.h"
#include "keeper/folder.h"
#include "keeper/setup.h"

struct subject {
	const char *cert, *order, *type; /* borrowed from the request */
	const char *other;               /* key type that the certificate is to have besides, or NULL */
	bool other_first;                /* its place is the top */
	struct strs names;
	struct csr_names csr; /* they, as a request for a certificate has them */
	struct folder folder; /* certs/ID, locked, once opened */
};

/* Fills s from the request; it asks nothing of the disk. subject_close in any case. */
bool subject_read(struct subject *s, const struct setup *setup, const json_t *request, struct err *e);

/* Makes or opens the certificate's folder and waits for its lock. */
bool subject_open(struct subject *s, const struct setup *setup, struct err *e);
void subject_close(struct subject *s);

/* Text member of a request; NULL with e when it is none. */
const char *request_text(const json_t *request, const char *name, struct err *e);
