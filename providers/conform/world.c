#define _GNU_SOURCE
#include "config.h"

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "endpoint.h"

#define LINE_MOST 8192

json_t *world_about(const struct conform_case *c, struct err *e)
{
	return c->control ? endpoint_get(c->control, "/__about", e) : json_object();
}

bool world_can_see(const struct conform_case *c)
{
	return c->control || c->look;
}

bool world_can_plant(const struct conform_case *c)
{
	return c->control || c->plant;
}

static bool control(const struct conform_case *c, char *path, struct err *e)
{
	json_t *answer = endpoint_get(c->control, path, e);

	free(path);
	json_decref(answer);
	return answer != NULL;
}

/* The command's output, or NULL when it could not be started. */
static FILE *command(const char *line, const char *zone, const char *name, const char *type,
                     const char *value)
{
	setenv("ZONE", zone, 1);
	setenv("NAME", name, 1);
	setenv("TYPE", type, 1);
	setenv("VALUE", value, 1);
	fflush(stdout);
	return popen(line, "r");
}

static bool command_run(const char *line, const char *zone, const char *name, const char *type,
                        const char *value, struct err *e)
{
	FILE *f = command(line, zone, name, type, value);
	char rest[LINE_MOST];
	int status;

	while (f && fgets(rest, sizeof(rest), f))
		;
	status = f ? pclose(f) : -1;
	return status == 0 || err_set(e, "%.200s: failed (status %d)", line, WEXITSTATUS(status));
}

bool world_plant(const struct conform_case *c, const char *zone, const char *name, const char *value,
                 struct err *e)
{
	char *escaped;
	bool ok;

	if (!c->control)
		return c->plant && command_run(c->plant, zone, name, "TXT", value, e);
	escaped = endpoint_escape(value);
	ok = control(c, xasprintf("/__put?zone=%s&name=%s&value=%s", zone, name, escaped), e);
	free(escaped);
	return ok;
}

static bool dump_control(const struct conform_case *c, const char *path, struct strs *lines, struct err *e)
{
	json_t *answer = endpoint_get(c->control, path, e), *line;
	size_t i;

	json_array_foreach(json_object_get(answer, "records"), i, line) if (json_is_string(line))
	    strs_add(lines, json_string_value(line));
	json_decref(answer);
	strs_sort(lines);
	return answer != NULL;
}

static bool begin_control(const struct conform_case *c, bool soft, const struct strs *plant,
                          struct strs *lines, struct err *e)
{
	struct buf path;
	bool ok;

	buf_init(&path, 0);
	buf_printf(&path, "/__reset?%s", soft ? "soft=1" : "");
	for (size_t i = 0; i < plant->n; i++) {
		char *escaped = endpoint_escape(plant->at[i]);

		buf_printf(&path, "&put=%s", escaped);
		free(escaped);
	}
	ok = dump_control(c, path.data, lines, e);
	buf_free(&path);
	return ok;
}

static bool plant_line(const struct conform_case *c, const char *line, struct err *e)
{
	char *copy = xstrdup(line), *rest = copy;
	const char *zone = strsep(&rest, " "), *name = strsep(&rest, " "), *type = strsep(&rest, " ");
	bool ok = !rest || command_run(c->plant, zone, name, type, rest, e);

	free(copy);
	return ok;
}

bool world_begin(const struct conform_case *c, bool soft, const struct strs *plant, struct strs *lines,
                 struct err *e)
{
	if (c->control)
		return begin_control(c, soft, plant, lines, e);
	if (c->reset && !command_run(c->reset, c->zone, c->name, "TXT", "", e))
		return false;
	for (size_t i = 0; c->plant && i < plant->n; i++)
		if (!plant_line(c, plant->at[i], e))
			return false;
	return !c->look || world_dump(c, lines, e);
}

static bool dump_look(const struct conform_case *c, const char *zone, const char *name, struct strs *lines,
                      struct err *e)
{
	FILE *f = command(c->look, zone, name, "TXT", "");
	char value[LINE_MOST];
	int status;

	while (f && fgets(value, sizeof(value), f)) {
		char *line;

		value[strcspn(value, "\n")] = '\0';
		line = xasprintf("%s %s TXT %s", zone, name, value);
		strs_add(lines, line);
		free(line);
	}
	status = f ? pclose(f) : -1;
	return status == 0 || err_set(e, "%.200s: failed (status %d)", c->look, WEXITSTATUS(status));
}

bool world_dump(const struct conform_case *c, struct strs *lines, struct err *e)
{
	bool ok;

	if (c->control)
		ok = dump_control(c, "/__dump", lines, e);
	else
		ok = dump_look(c, c->zone, c->name, lines, e) &&
		     (!c->apex || dump_look(c, c->apex, c->apex, lines, e));
	strs_sort(lines);
	return ok;
}

bool world_ttls(const struct conform_case *c, struct strs *lines, struct err *e)
{
	return dump_control(c, "/__ttls", lines, e);
}

bool world_fault_set(const struct conform_case *c, const char *kind, unsigned at, const char *words,
                     struct err *e)
{
	char *escaped = endpoint_escape(words);
	bool ok = control(c, xasprintf("/__fault?kind=%s&at=%u&words=%s", kind, at, escaped), e);

	free(escaped);
	return ok;
}

bool world_fault_get(const struct conform_case *c, struct world_fault *f, struct err *e)
{
	json_t *answer = endpoint_get(c->control, "/__fault", e);
	const char *request = json_string_value(json_object_get(answer, "request"));

	f->hit = json_integer_value(json_object_get(answer, "hit")) > 0;
	f->left = (int)json_integer_value(json_object_get(answer, "left"));
	f->status = (int)json_integer_value(json_object_get(answer, "status"));
	snprintf(f->request, sizeof(f->request), "%s", request ? request : "");
	json_decref(answer);
	return answer != NULL;
}

bool world_requests(const struct conform_case *c, int *n, struct err *e)
{
	json_t *answer = endpoint_get(c->control, "/__dump", e);

	*n = (int)json_integer_value(json_object_get(answer, "requests"));
	json_decref(answer);
	return answer != NULL;
}

bool world_mode(const struct conform_case *c, const char *mode, struct err *e)
{
	return control(c, xasprintf("/__mode?%s", mode), e);
}

json_t *world_log(const struct conform_case *c)
{
	json_t *answer = c->control ? endpoint_get(c->control, "/__log?n=25", NULL) : NULL;
	json_t *log = json_incref(json_object_get(answer, "log"));

	json_decref(answer);
	return log;
}
