#include "config.h"

#include "keeper/subject.h"

#include <string.h>

#include "keeper/stage.h"
#include "keeper/store.h"

const char *request_text(const json_t *request, const char *name, struct err *e)
{
	const char *text = json_string_value(json_object_get(request, name));

	if (!text)
		err_set(e, "the request has no text \"%s\"", name);
	return text;
}

static bool find_type(struct subject *s, const struct setup *setup, struct err *e)
{
	const char *first = setup_type(setup, s->cert, 0), *second = setup_type(setup, s->cert, 1);

	s->other_first = second && strcmp(second, s->type) == 0;
	s->other = s->other_first ? first : second;
	return s->other_first || (first && strcmp(first, s->type) == 0) ||
	       err_set(e, "certificate %s is not to have a key of type '%.50s'", s->cert, s->type);
}

bool subject_read(struct subject *s, const struct setup *setup, const json_t *request, struct err *e)
{
	*s = (struct subject){.cert = request_text(request, "cert", e),
	                      .order = request_text(request, "order", e),
	                      .type = request_text(request, "type", e),
	                      .folder = FOLDER_NONE};
	if (!s->cert || !s->order || !s->type)
		return false;
	if (!setup_names(setup, s->cert, &s->names))
		return err_set(e, "certificate '%.200s' is not one of this run", s->cert);
	s->csr = (struct csr_names){&s->names, setup_common_name(setup, s->cert)};
	if (!find_type(s, setup, e))
		return false;
	if (!stage_tag_ok(s->order))
		return err_set(e, "the order's tag is not 1 to 64 of a-z 0-9 -");
	return true;
}

bool subject_open(struct subject *s, const struct setup *setup, struct err *e)
{
	return store_cert(setup_state(setup), s->cert, &s->folder, e);
}

void subject_close(struct subject *s)
{
	strs_free(&s->names);
	folder_close(&s->folder);
}
