#include "config.h"

#include "launcher/status_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/status_trouble.h"
#include "launcher/strings.h"

#define SCHEMA 1

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* UTF-8 was checked where it came in. */
static void add_octets(struct buf *b, const char *text, size_t n)
{
	buf_add_str(b, "\"");
	for (size_t from = 0, to = 0; to < n; from = to) {
		while (to < n && is_plain(text[to]))
			to++;
		buf_add(b, text + from, to - from);
		if (to < n)
			buf_printf(b, "\\u%04x", (unsigned char)text[to++]);
	}
	buf_add_str(b, "\"");
}

static void add_text(struct buf *b, const char *text)
{
	add_octets(b, text, strlen(text));
}

static void add_member(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, "\"%s\":", name);
	if (text)
		add_text(b, text);
	else
		buf_add_str(b, "null");
	buf_add_str(b, ",");
}

static void add_yes(struct buf *b, const char *name, bool yes)
{
	buf_printf(b, "\"%s\":%s,", name, yes ? "true" : "false");
}

static void add_when(struct buf *b, const char *name, int64_t when)
{
	char text[WHEN_ROOM];
	add_member(b, name, when ? when_iso(when, text) : NULL);
}

static void add_words(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, "\"%s\":[", name);
	for (size_t n; *(text += strspn(text, " ")); text += n) {
		n = strcspn(text, " ");
		buf_add_str(b, b->data[b->len - 1] == '[' ? "" : ",");
		add_octets(b, text, n);
	}
	buf_add_str(b, "],");
}

static void add_failure(struct buf *b, const struct failure *f)
{
	buf_add_str(b, "\"failure\":");
	if (!f) {
		buf_add_str(b, "null}");
		return;
	}
	buf_printf(b, "{\"failures\":%" PRId64 ",", f->failures);
	add_member(b, "ca", f->ca);
	add_when(b, "since", f->since);
	add_when(b, "next", f->next);
	add_member(b, "text", f->text);
	add_yes(b, "person", f->person);
	char *mend = xasprintf("dnsproof renew --retry %s", f->id);
	buf_add_str(b, "\"mend\":");
	add_text(b, mend);
	buf_add_str(b, "}}");
	free(mend);
}

void status_json_certificate(struct buf *b, const struct standing_certificate *c, int64_t now)
{
	enum reason r = standing_reason(c, now);
	buf_add_str(b, "{");
	add_member(b, "id", c->id);
	add_member(b, "state", standing_word(standing_of(c, now)));
	add_words(b, "names", c->names);
	if (strchr(c->key_type, ' ')) /* two, as in dnsproof.yaml */
		add_words(b, "key_type", c->key_type);
	else
		add_member(b, "key_type", c->key_type);
	add_when(b, "not_before", c->since);
	add_when(b, "not_after", c->until);
	add_when(b, "renew_from", c->from);
	add_yes(b, "advised", c->advised);
	add_yes(b, "renews", c->renews);
	add_yes(b, "urgent", standing_urgent(c, now));
	add_member(b, "due", r == REASON_NONE ? NULL : reason_text(r, c));
	add_member(b, "ca", c->ca);
	add_member(b, "issued_by", c->issued_by);
	add_member(b, "next_ca", c->next ? c->next : c->ca);
	add_words(b, "dns", c->dns);
	add_failure(b, c->failure);
}

void status_json_member(FILE *out, const char *name, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	fprintf(out, "\"%s\":%s", name, text ? text : "null");
	free(text);
	json_decref(value);
}

void status_json_members(FILE *out, json_t *object)
{
	const char *name;
	json_t *value;
	json_object_foreach(object, name, value)
	{
		fputs(",\n", out);
		status_json_member(out, name, json_incref(value));
	}
	json_decref(object);
}

void status_json_begin(struct status_json *j, const struct status *s, FILE *out)
{
	*j = (struct status_json){.status = s, .out = out};
	fputs("{", out);
	status_json_member(out, "schema", json_integer(SCHEMA));
	fputs(",", out);
	status_json_member(out, "time", when_json(s->now));
	fputs(",\"certificates\":[", out);
}

void status_json_row(struct status_json *j, const struct standing_certificate *c)
{
	fputs(j->begun ? ",\n" : "\n", j->out);
	j->begun = true;
	j->line.len = 0;
	status_json_certificate(&j->line, c, j->status->now);
	fwrite(j->line.data, 1, j->line.len, j->out);
}

static json_t *orders_json(const json_t *rows)
{
	json_t *all = json_array();
	const json_t *row;
	size_t i;
	json_array_foreach(rows, i, row)
	    json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:o}", "id", strings_at(row, 0), "ca",
	                                         strings_at(row, 1), "state", strings_at(row, 2), "created",
	                                         when_json(json_integer_value(json_array_get(row, 3)))));
	return all;
}

static json_t *counts_json(const struct status_counts *c)
{
	json_t *o =
	    json_pack("{s:I, s:I}", "certificates", (json_int_t)c->n, "urgent", (json_int_t)c->urgent);
	for (int s = 0; s < STANDINGS; s++)
		json_object_set_new(o, standing_word((enum standing)s),
		                    json_integer((json_int_t)c->standing[s]));
	return o;
}

void status_json_end(struct status_json *j, const struct status_counts *counts)
{
	const struct status *s = j->status;
	const struct {
		const char *name;
		json_t *value;
	} members[] = {
	    {"orders", orders_json(s->orders)},
	    {"counts", counts_json(counts)},
	    {"configuration", json_string(s->i.loaded.broken  ? "broken"
	                                  : s->i.loaded.there ? "ok"
	                                                      : "none")},
	    {"last_renew", when_json(s->whole)},
	    {"last_start", when_json(s->started)},
	};
	fputs("\n]", j->out);
	status_json_members(j->out, status_trouble_json(s));
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		fputs(",\n", j->out);
		status_json_member(j->out, members[i].name, members[i].value);
	}
	fputs("}\n", j->out);
	buf_free(&j->line);
}
