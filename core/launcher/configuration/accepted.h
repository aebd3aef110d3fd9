/*
 * STATE/accepted, the launcher's: a copy of every file of the configuration as it last loaded well, and index.json, which
 * names them with their stamps and digests. By it an error in YAML costs nothing that worked, a list is known to have
 * changed too much, and stat(2) alone tells that nothing has changed at all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "common/buf.h"
#include "common/err.h"
#include "launcher/configuration/file_stamp.h"

enum accepted_kind { ACCEPTED_YAML, ACCEPTED_TEXT, ACCEPTED_FOLDER /* conf.d; has no copy */ };

struct accepted_file {
	enum accepted_kind kind;
	char *path;
	bool absent;             /* dnsproof.yaml or conf.d is not there */
	bool stamped;            /* the stamp can be trusted */
	struct file_stamp stamp; /* of the file itself, whatever the copy holds */
	char *copy;              /* name of the copy; NULL: none, or not yet written */
	uint64_t digest;         /* of what holds: FNV-1a 64, against accidents; 0 without any */
	struct buf text;         /* what is to be written as the copy; empty where that is there */
};

struct accepted_files {
	struct accepted_file *at;
	size_t n;
};

struct accepted {
	char *folder;              /* STATE/accepted */
	char *path;                /* of the configuration */
	struct accepted_files old; /* as the index has it; none for another configuration */
	struct accepted_files now; /* as it is read this time */
	bool only;                 /* the copies are read, not the files */
	int64_t since, began,
	    last; /* seconds: when what it holds was taken; ns: when reading began; serial number */
	bool same_version;
	int lock; /* held: nobody else writes there; -1 */
};

/* The index for the configuration PATH, and the lock where one was written already. That there is none is fine: then nothing
 * is old. accepted_close() in any case. */
void accepted_open(struct accepted *a, const char *state, const char *path);
void accepted_close(struct accepted *a);

/* By path; NULL. */
struct accepted_file *accepted_find(const struct accepted_files *f, const char *path);

/* The copy's content. False with e. */
bool accepted_copy(const struct accepted *a, const struct accepted_file *f, struct buf *text, struct err *e);

/* While reading: the file is among those of now; st NULL: it is not there. */
void accepted_see(struct accepted *a, enum accepted_kind kind, const char *path, const struct stat *st);

/* The file of now holds that; or what it held before, and will be looked at anew next time. */
void accepted_text(struct accepted *a, const char *path, const char *text, size_t n);
void accepted_stay(struct accepted *a, const char *path);

/* The file's stamp is no reason not to read it next time. */
void accepted_distrust(struct accepted *a, const char *path);

/* Writes what has been read, if that is another: new copies, then the index, then old copies go. False with e. */
bool accepted_keep(struct accepted *a, struct err *e);

/* Takes text as what the file of the index holds from now on. False with e. */
bool accepted_replace(struct accepted *a, const char *path, const struct buf *text, struct err *e);

/* 16 hexadecimal digits, new: of all that holds (of what has been read, else of the copies); of a text. */
char *accepted_digest(const struct accepted *a);
uint64_t accepted_digest_of(const char *text, size_t n);

/* Is the configuration the accepted one, as far as stat(2) tells? Its digest, new; NULL: it must be read. `path` as
 * configuration_path() gives it. Reads nothing but the index. */
char *configuration_unchanged(const char *state, const char *path);
