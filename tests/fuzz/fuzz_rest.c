/* What rest.so makes of a descriptor's small languages and of an answer. Lines: the kind of the answer, a
 * template, a path, a condition; the rest is the answer. */
#include "config.h"

#include "unit.h"

#include "answer.h"
#include "cond.h"
#include "fuzz/fuzz.h"
#include "path.h"
#include "template.h"
#include "world.h"
#include "shared/xml.h"

static struct world w;

static void opened(void)
{
	if (w.descriptor)
		return;
	world_open(
	    &w,
	    "name: X\ncredentials: {key: {help: a key of it}, none: {help: not given, optional: true}}\n"
	    "base: https://api.test\nadd: {request: POST /r, text: '{value}'}\n"
	    "delete: {request: 'DELETE /r/{value}'}\n",
	    "{\"key\":\"key\"}");
}

static void template_of(struct run *r, const char *text)
{
	const char *made;

	for (enum landing land = LAND_PLAIN; land <= LAND_HEADER; land++) {
		made = template_text(r, text, land);
		if (made && land == LAND_HEADER && !strpbrk(text, "\r\n"))
			fuzz_must(!strpbrk(made, "\r\n"));
	}
	json_decref(template_json(r, text));
}

static void path_of(struct run *r, const struct answer *a, const char *path)
{
	struct nodes nodes;

	path_all(r, a, answer_root(a), path, &nodes);
	path_list(r, a, answer_root(a), path, &nodes);
	path_one(r, a, answer_root(a), path);
	path_text(r, a, answer_root(a), path);
}

static void cond_of(struct run *r, const struct answer *a, const char *text)
{
	json_t *cond = json_string(text);

	if (cond)
		cond_holds(r, a, cond, true);
	json_decref(cond);
}

static void run_all(char *line[4], const uint8_t *body, size_t n)
{
	static const char *const kinds[] = {"json", "text", "lines", "xml", "form", "pairs"};
	struct dnsproof_http_header header = {"content-type", "text/plain"};
	char *text = fuzz_text(body, n);
	json_t *json = json_loads(text, 0, NULL);
	struct dnsproof_http_answer raw = {.size = sizeof(raw), .status = 200, .body = text, .body_len = n};
	struct answer a;
	struct run r;

	raw.json = json;
	raw.header = &header;
	raw.headers = 1;
	run_begin(&r, &w.open.call, w.open.call.self);
	run_set_txt(&r, "example.test", "_acme-challenge.www.example.test", "-v\"&</x>", 60);
	if (answer_read(&r, &raw, kinds[(unsigned char)line[0][0] % 6], &a)) {
		run_set(&r, "record", json ? json_incref(json) : json_string("x"));
		template_of(&r, line[1]);
		path_of(&r, &a, line[2]);
		cond_of(&r, &a, line[3]);
	}
	run_end(&r);
	json_decref(xml_read(text, n));
	json_decref(json);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	char *line[4] = {NULL};
	size_t lines = 0;

	opened();
	while (lines < 4) {
		const uint8_t *end = n ? memchr(octets, '\n', n) : NULL;
		size_t length = end ? (size_t)(end - octets) : n;

		line[lines++] = fuzz_text(octets, length);
		length += end ? 1 : 0;
		octets += length;
		n -= length;
	}
	run_all(line, octets, n);
	for (size_t i = 0; i < lines; i++)
		free(line[i]);
	return 0;
}
