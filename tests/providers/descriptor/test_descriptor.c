/* Finding descriptors, what they extend, what they become for the host. */
#include "config.h"

#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "descriptor/descriptor.h"
#include "host/provision.h"

static char folder[] = "/tmp/dnsproof-descriptor-XXXXXX";

static void put(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, 0644);
	free(path);
}

static int start(void **state)
{
	assert_non_null(mkdtemp(folder));
	put("base.yaml",
	    "name: Base\nwebsite: https://base.test\ncredentials:\n  token: {help: a token, secret: true,"
	    " environment: [A_TOKEN, B_TOKEN]}\n  old: {help: of yesterday, optional: true}\nbase: "
	    "https://base.test\n"
	    "authentication: {bearer: '{token}'}\nlimits: {least_ttl: 60, requests_per_minute: 9}\n"
	    "add: {request: POST /a, json: {v: '{value}', w: 1}}\ndelete: {request: 'DELETE /a/{value}'}\n");
	put("child.yaml", "extends: base\nname: Child\nbase: https://child.test\ncredentials: {old: null}\n"
	                  "limits: {least_ttl: 300}\nadd: {json: {w: null}}\n");
	put("a.yaml", "extends: b\n");
	put("b.yaml", "extends: c\n");
	put("c.yaml", "extends: d\n");
	put("d.yaml", "extends: base\n");
	put("circle.yaml", "extends: circle\n");
	put("lost.yaml", "name: Lost\nextends: nowhere\n");
	put("bad.yaml", "extends: base\nadd:\n  json: {x: '{vaule}'}\n");
	put("Upper.yaml", "name: Never\n");
	return 0;
}

static int stop(void **state)
{
	char *command = xasprintf("rm -rf %s", folder);
	int code = system(command);

	free(command);
	return code;
}

TEST(what_is_extended)
{
	struct err e;
	struct descriptor *d = descriptor_read("child", folder, &e);
	char *text;

	assert_non_null(d);
	text = json_dumps(d->root, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(
	    text, "{\"add\":{\"json\":{\"v\":\"{value}\"},\"request\":\"POST /a\"},\"authentication\":"
	          "{\"bearer\":\"{token}\"},\"base\":\"https://child.test\",\"credentials\":{\"token\":"
	          "{\"environment\":[\"A_TOKEN\",\"B_TOKEN\"],\"help\":\"a token\",\"secret\":true}},"
	          "\"delete\":{\"request\":\"DELETE /a/{value}\"},\"limits\":{\"least_ttl\":300,"
	          "\"requests_per_minute\":9},\"name\":\"Child\",\"website\":\"https://base.test\"}");
	free(text);
	assert_false(d->own);
	descriptor_wrong(d, "/limits/least_ttl", &e, "x");
	assert_non_null(strstr(e.text, "/child.yaml:5: x"));
	descriptor_wrong(d, "/website", &e, "x");
	assert_non_null(strstr(e.text, "/base.yaml:2: x"));
	descriptor_free(d);
}

TEST(what_is_not)
{
	static const char *const wrong[][2] = {{"a", "d.yaml:1: extends: more than 3 deep"},
	                                       {"circle", "more than 3 deep"},
	                                       {"lost", "lost.yaml:2: extends: there is no"},
	                                       {"absent", "no descriptor 'absent.yaml'"}};
	struct descriptor *three_deep;
	struct err e;

	three_deep = descriptor_read("b", folder, &e);
	assert_non_null(three_deep);
	descriptor_free(three_deep);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(descriptor_read(wrong[i][0], folder, &e));
		if (!strstr(e.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], e.text);
	}
	assert_false(descriptor_exists("../base", folder));
	assert_false(descriptor_exists("Upper", folder));
	assert_true(descriptor_exists("base", folder));
}

TEST(who_may_write_it)
{
	struct err e;
	char *path = xasprintf("%s/base.yaml", folder);

	chmod(path, 0666);
	assert_null(descriptor_read("base", folder, &e));
	assert_non_null(strstr(e.text, "written by others"));
	assert_null(descriptor_read("child", folder, &e));
	chmod(path, 0644);
	free(path);
}

TEST(what_it_becomes)
{
	const struct folders where = {MODULES, folder};
	struct provision p;
	struct err e;

	if (!provision_find("child", &where, &p, &e))
		fail_msg("%s", e.text);
	assert_string_equal(p.table.name, "child");
	assert_string_equal(p.table.summary, "Child");
	assert_string_equal(p.table.url, "https://base.test");
	assert_int_equal(p.table.limits.least_ttl, 300);
	assert_int_equal(p.table.limits.requests_per_minute, 9);
	assert_int_equal(p.table.replaces, DNSPROOF_RECORD);
	assert_null(p.table.list);
	assert_null(p.table.batch);
	assert_null(p.table.live);
	assert_int_equal(p.table.uses_http, 1);
	assert_string_equal(p.table.options[0].key, "token");
	assert_string_equal(p.table.options[0].env, "A_TOKEN B_TOKEN");
	assert_int_equal(p.table.options[0].flags, DNSPROOF_REQUIRED | DNSPROOF_SECRET);
	assert_null(p.table.options[1].key);
	provision_free(&p);
	assert_false(provision_find("bad", &where, &p, &e));
	assert_non_null(strstr(e.text, "/bad.yaml:3: {vaule}: no such variable; did you mean value"));
	assert_false(provision_find("rest", &where, &p, &e));
	assert_false(provision_find("absent", &where, &p, &e));
}

int main(void)
{
	return unit_run(start, stop);
}
