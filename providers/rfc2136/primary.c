#include "primary.h"

#include <time.h>

enum { SIGNATURE_MOST = TSIG_NAME_MOST + 10 + 26 + 16 + TSIG_MAC_MOST };

struct exchange {
	const struct primary *primary;
	struct ask *asks;
	size_t n;
};

static bool sign(struct ask *a, const struct primary *p, bool with_key)
{
	struct message *m = &a->message;

	a->with_key = with_key && p->keyed;
	if (!a->with_key)
		return true;
	m->length = tsig_sign(&p->key, m->octets, m->length, m->room, (uint64_t)time(NULL), &a->mac);
	if (m->length > 0)
		return true;
	ask_clear(a);
	return false;
}

bool ask_update(struct ask *a, struct primary *p, const struct update *u, bool with_key)
{
	*a = (struct ask){0};
	return update_message(u, p->next_id++, SIGNATURE_MOST, &a->message) && sign(a, p, with_key);
}

bool ask_question(struct ask *a, struct primary *p, const char *name, unsigned type, bool with_key)
{
	*a = (struct ask){0};
	return question_message(name, type, p->next_id++, SIGNATURE_MOST, &a->message) &&
	       sign(a, p, with_key);
}

void ask_clear(struct ask *a)
{
	message_clear(&a->message);
	reply_free(a->reply);
	*a = (struct ask){0};
}

static bool reply_take(void *arg, const uint8_t *octets, size_t length)
{
	struct exchange *x = arg;
	struct reply *reply = reply_parse(octets, length);
	struct ask *a = NULL;

	for (size_t i = 0; reply && i < x->n && !a; i++)
		if (!x->asks[i].reply && reply_answers(reply, &x->asks[i].message))
			a = &x->asks[i];
	if (!a) {
		reply_free(reply);
		return false;
	}
	a->reply = reply;
	a->verdict = TSIG_GOOD;
	if (a->with_key)
		a->verdict =
		    tsig_verify(&x->primary->key, octets, length, &a->mac, (uint64_t)time(NULL), &a->told);
	return a->verdict != TSIG_MALFORMED;
}

bool primary_exchange(struct primary *p, struct ask *asks, size_t n, int64_t deadline, char *why, size_t room)
{
	struct exchange x = {.primary = p, .asks = asks, .n = n};
	struct transport_message messages[PRIMARY_ASKS_MOST];

	for (size_t i = 0; i < n; i++) {
		messages[i].octets = asks[i].message.octets;
		messages[i].length = asks[i].message.length;
	}
	return transport_exchange(p->transport, messages, n, reply_take, &x, deadline, why, room);
}
