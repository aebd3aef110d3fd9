#include "config.h"

#include "launcher/status_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"
#include "launcher/strings.h"
#include "launcher/when.h"

#define SCHEMA 1

static json_t *words(const char *text)
{
	struct strs all = {0};
	strs_words(&all, text);
	json_t *list = strings_json(&all);
	strs_free(&all);
	return list;
}

static json_t *failure_json(const struct failure *f)
{
	if (!f)
		return json_null();
	return json_pack("{s:s, s:I, s:o, s:o, s:b, s:s?}", "ca", f->ca, "failures", (json_int_t)f->failures,
	                 "since", when_json(f->since), "next", when_json(f->next), "person", f->person,
	                 "text", f->text);
}

json_t *status_json_certificate(const struct standing_certificate *c, int64_t now)
{
	enum reason r = standing_reason(c, now);
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:s?, s:s, s:o, s:o}", "id",
	                 c->id, "state", standing_word(standing_of(c, now)), "names", words(c->names),
	                 "key_type", c->key_type, "not_before", when_json(c->since), "not_after",
	                 when_json(c->until), "renew_from", when_json(c->from), "advised", c->advised,
	                 "renews", c->renews, "urgent", standing_urgent(c, now), "due",
	                 r == REASON_NONE ? NULL : reason_text(r, c), "ca", c->ca, "dns", words(c->dns),
	                 "failure", failure_json(c->failure));
}

static void print(json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	fputs(text ? text : "null", stdout);
	free(text);
	json_decref(value);
}

void status_json_member(const char *name, json_t *value)
{
	printf("\"%s\":", name);
	print(value);
}

void status_json_begin(struct status_json *j, const struct status *s)
{
	*j = (struct status_json){.status = s};
	fputs("{", stdout);
	status_json_member("schema", json_integer(SCHEMA));
	fputs(",", stdout);
	status_json_member("time", when_json(s->now));
	fputs(",\"certificates\":[", stdout);
}

void status_json_row(struct status_json *j, const struct standing_certificate *c)
{
	fputs(j->begun ? ",\n" : "\n", stdout);
	j->begun = true;
	print(status_json_certificate(c, j->status->now));
}

static const char *const owed_members[] = {"owner", "zone", "value", "dns", NULL};
static const char *const order_members[] = {"id", "ca", "state", "created", NULL};
static const char *const rest_members[] = {"account", "since", NULL};
static const char *const later_members[] = {"ca", "names", "until", NULL};

/* Rows of the report: the numbers in them are times. */
static json_t *objects(const json_t *rows, const char *const *members)
{
	json_t *all = json_array(), *row;
	size_t i;
	json_array_foreach(rows, i, row)
	{
		json_t *o = json_object();
		for (size_t m = 0; members[m]; m++) {
			json_t *v = json_array_get(row, m);
			json_object_set_new(o, members[m],
			                    json_is_integer(v) ? when_json(json_integer_value(v))
			                                       : json_incref(v));
		}
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *revocations_json(const struct revocations *all)
{
	json_t *list = json_array();
	for (size_t i = 0; i < all->n; i++)
		json_array_append_new(list, json_pack("{s:s?, s:s?, s:s?, s:b}", "certificate",
		                                      all->at[i].label, "ca", all->at[i].ca, "reason",
		                                      all->at[i].reason, "waits", all->at[i].replace));
	return list;
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
	    {"owed", objects(s->owed, owed_members)},
	    {"revocations", revocations_json(&s->revocations)},
	    {"resting", objects(s->rests, rest_members)},
	    {"later", objects(s->later, later_members)},
	    {"orders", objects(s->orders, order_members)},
	    {"counts", counts_json(counts)},
	    {"configuration", json_string(s->i.loaded.broken  ? "broken"
	                                  : s->i.loaded.there ? "ok"
	                                                      : "none")},
	    {"last_renew", when_json(s->whole)},
	    {"last_start", when_json(s->started)},
	};
	fputs("\n]", stdout);
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		fputs(",\n", stdout);
		status_json_member(members[i].name, members[i].value);
	}
	puts("}");
}
