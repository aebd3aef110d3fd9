#include "config.h"

/* What the manual pages show is what the programs do: dialogues, commands and programs are taken out of
 * the pages and run. */
#include "unit.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "peer.h"
#include "web_server.h"

static char folder[64];

static char *replace(const char *text, const char *from, const char *to)
{
	char *out = xstrdup("");

	for (const char *at; (at = strstr(text, from)); text = at + strlen(from)) {
		char *longer = xasprintf("%s%.*s%s", out, (int)(at - text), text, to);

		free(out);
		out = longer;
	}
	to = out;
	out = xasprintf("%s%s", to, text);
	free((char *)(uintptr_t)to);
	return out;
}

static char *replaced(char *text, const char *from, const char *to)
{
	char *out = replace(text, from, to);

	free(text);
	return out;
}

static char *file_text(const char *path)
{
	char *text = xcalloc(1, 1 << 17);
	FILE *f = fopen(path, "r");

	if (f) {
		text[fread(text, 1, (1 << 17) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

static void file_write(const char *name, const char *text, mode_t mode)
{
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	free(path);
}

/* The literal block of a page after `.\" test: MARK`, as it is shown, with the test's folder for the
 * paths in it. */
static char *block(const char *page, const char *mark)
{
	char *path = xasprintf(MAN_FOLDER "/%s", page), *text = file_text(path);
	char *comment = xasprintf(".\\\" test: %s\n", mark), *at = strstr(text, comment), *end;

	assert_non_null(at);
	at = strchr(at + strlen(comment), '\n') + 1;
	end = strstr(at, "\n.Ed\n");
	assert_non_null(end);
	end[1] = '\0';
	at = replaced(replaced(xstrdup(at), "\\(aq", "'"), "\\e", "\\");
	at = replaced(replaced(at, "/etc/dnsproof", folder), "/srv/dns", folder);
	free(text);
	free(path);
	free(comment);
	return at;
}

/* Runs of white space become one space: pages break lines. */
static char *squeezed(const char *text)
{
	char *out = xcalloc(1, strlen(text) + 2), *to = out;

	for (; *text; text++)
		if (!isspace((unsigned char)*text))
			*to++ = *text;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	while (to > out && to[-1] == ' ')
		*--to = '\0';
	return out;
}

/* Cuts the next part off a block: up to the next line that begins with a letter and ": " or with "$ ". */
static char *next_part(char **rest)
{
	char *start = *rest, *end = start;

	if (!*start)
		return NULL;
	while ((end = strchr(end, '\n')) && end[1]) {
		end++;
		if (!strncmp(end, "$ ", 2) || (isupper((unsigned char)end[0]) && !strncmp(end + 1, ": ", 2)))
			break;
	}
	if (!end || !end[0] || !end[1])
		end = start + strlen(start);
	*rest = end;
	return xstrndup(start, (size_t)(end - start));
}

static json_t *without_program(const char *text)
{
	json_t *line = json_loads(text, 0, NULL);

	if (!line)
		fail_msg("no JSON: '%s'", text);
	json_object_del(line, "program"); /* holds the version */
	return line;
}

static void same(const char *got, const char *want)
{
	json_t *g = without_program(got), *w = without_program(want);

	if (!json_equal(g, w))
		fail_msg("the page says %s, the program %s", want, got);
	json_decref(g);
	json_decref(w);
}

static void play(struct peer *p, const char *dialogue)
{
	char *all = xstrdup(dialogue), *rest = all, *part;
	bool first = true;

	while ((part = next_part(&rest))) {
		char *line = squeezed(part + 3), *got;

		if (part[0] == 'H') {
			got = peer_line(p);
			same(got, line);
			free(got);
		} else if (!first) {
			peer_send(p, line);
		}
		first = false; /* the engine's first line was sent when it was started */
		free(line);
		free(part);
	}
	free(all);
}

static char *setup_of_page(void)
{
	char *part = block("dnsproof-provider.7", "setup"), *setup = squeezed(part + 3);

	free(part);
	return replaced(setup, "null", "\"" REAL_MODULES "\"");
}

TEST(test_dialogue)
{
	char *setup = setup_of_page(), *dialogue = block("dnsproof-provider.7", "dialogue"), *text, *path;
	struct peer p;

	peer_start_greeting(&p, setup, NULL, "{'protocol':1,'program':'dnsproof 0.1'}");
	play(&p, dialogue);
	assert_int_equal(peer_end(&p, NULL), 0);
	path = xasprintf("%s/acme.txt", folder);
	text = file_text(path);
	assert_string_equal(text,
	                    "_acme-challenge.example.test _0123456789abcdefghijklmnopqrstuvwxyzABCDEF\n");
	unlink(path);
	free(path);
	free(text);
	free(dialogue);
	free(setup);
}

TEST(test_refusal)
{
	char *setup = replaced(setup_of_page(), "\"program\"", "\"progam\"");
	char *words = block("dnsproof-provider.7", "refusal");
	struct peer p;

	peer_start(&p, setup, NULL);
	play(&p, words);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
	free(words);
	free(setup);
}

static char *output_of(const char *command)
{
	char *line = xasprintf("exec 2>&1; %s", command), *text = xcalloc(1, 65536);
	FILE *f = popen(line, "r");

	assert_non_null(f);
	text[fread(text, 1, 65535, f)] = '\0';
	pclose(f);
	free(line);
	return text;
}

static void run_example(const char *part)
{
	const char *end = part;
	char *command, *got, *want;

	do
		end = strchr(end + 1, '\n');
	while (end[-1] == '\\');
	command = xstrndup(part + 2, (size_t)(end - part - 2));
	command = replaced(command, "dnsproof-provider --", HOST_PROGRAM " --modules " REAL_MODULES " --");
	got = output_of(command);
	want = squeezed(end);
	got = replaced(got, "\n", " ");
	got[strlen(got) - 1] = '\0';
	assert_string_equal(got, want);
	free(want);
	free(got);
	free(command);
}

TEST(test_examples)
{
	char *all = block("dnsproof-provider.7", "try"), *rest = all, *part, *path;

	while ((part = next_part(&rest))) {
		run_example(part);
		free(part);
	}
	free(all);
	path = xasprintf("%s/acme.txt", folder);
	assert_int_equal(unlink(path), 0);
	free(path);
}

static void compile_module(const char *mark, const char *name)
{
	char *source = block("dnsproof-provider.3", mark), *command, *output;
	char *file = xasprintf("%s.c", name);

	file_write(file, source, 0600);
	command = xasprintf("cd %s && mkdir -p dnsproof && cp -f " PROVIDER_H " dnsproof && " CC
	                    " -Wall -Wextra -Werror " JANSSON_FLAGS
	                    " -I. -shared -fPIC -o %s.so %s.c " JANSSON_LINK,
	                    folder, name, name);
	free(file);
	output = output_of(command);
	assert_string_equal(output, "");
	free(output);
	free(command);
	free(source);
}

#define TXT "'zone':'e.test','name':'_acme-challenge.e.test','value':"
#define V   "'-123456789abcdefghijklmnopqrstuvwxyzABCDEFG'"
#define W   "'_123456789abcdefghijklmnopqrstuvwxyzABCDEFG'"
#define OK  ",'rc':'ok'}"

TEST(test_module)
{
	char *setup = xasprintf("{'provider':'textfile','modules':'%s','options':{'file':{'value':"
	                        "'%s/txt'}}}",
	                        folder, folder);
	char *path = xasprintf("%s/txt", folder), *text, *hello;
	struct peer p;

	compile_module("module", "textfile");
	file_write("txt", "_acme-challenge.e.test foreign\n", 0600);
	peer_start(&p, setup, NULL);
	hello = peer_line(&p);
	assert_non_null(strstr(hello, "\"replaces\":\"zone\""));
	peer_expect(&p, "{'id':1,'op':'add'," TXT V "}", "{'id':1" OK);
	peer_expect(&p, "{'id':2,'op':'add'," TXT V "}", "{'id':2" OK);
	peer_expect(&p, "{'id':3,'op':'add'," TXT W "}", "{'id':3" OK);
	peer_expect(&p, "{'id':4,'op':'del'," TXT V "}", "{'id':4" OK);
	peer_expect(&p, "{'id':5,'op':'del'," TXT V "}", "{'id':5" OK);
	text = file_text(path);
	assert_string_equal(text, "_acme-challenge.e.test foreign\n_acme-challenge.e.test "
	                          "_123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n");
	assert_int_equal(peer_end(&p, NULL), 0);
	free(text);
	free(path);
	free(hello);
	free(setup);
}

static void link_services(void)
{
	char *path = xasprintf("%s/host-http.so", folder);

	assert_int_equal(symlink(REAL_MODULES "/host-http.so", path), 0);
	free(path);
}

static void start_boxdns(struct peer *p, int port, const char *token)
{
	char *setup = xasprintf("{'provider':'boxdns','modules':'%s','options':{'url':{'value':"
	                        "'http://127.0.0.1:%d'},'token':{'secret':'%s','source':'env:T'}}}",
	                        folder, port, token);
	char *hello;

	peer_start(p, setup, NULL);
	hello = peer_line(p);
	assert_non_null(strstr(hello, "\"replaces\":\"record\""));
	free(hello);
	free(setup);
}

TEST(test_http_module)
{
	struct web_server server;
	struct peer p;

	compile_module("http", "boxdns");
	link_services();
	assert_true(web_server_start(&server, folder));
	start_boxdns(&p, server.port, "right-token");
	peer_expect(&p, "{'id':1,'op':'add'," TXT V "}", "{'id':1,'requests':2" OK);
	peer_expect(&p, "{'id':2,'op':'add'," TXT V "}", "{'id':2,'handle':'id/0','requests':1" OK);
	peer_expect(&p, "{'id':3,'op':'add'," TXT W "}", "{'id':3,'requests':2" OK);
	peer_expect(&p, "{'id':4,'op':'del'," TXT V "}", "{'id':4,'requests':2" OK);
	peer_expect(&p, "{'id':5,'op':'del'," TXT V "}", "{'id':5,'requests':1" OK);
	peer_expect(&p, "{'id':6,'op':'add'," TXT W "}", "{'id':6,'handle':'id/1','requests':1" OK);
	assert_int_equal(peer_end(&p, NULL), 0);
	start_boxdns(&p, server.port, "wrong-token");
	peer_expect(
	    &p, "{'id':1,'op':'add'," TXT V "}",
	    "{'id':1,'rc':'auth','msg':'boxdns refused the token from environment variable T for e.test "
	    "(127.0.0.1: HTTP 403: no right for Bearer ***); needed: a token that may edit DNS "
	    "records, and nothing else','requests':1}");
	assert_int_equal(peer_end(&p, NULL), 0);
	web_server_stop(&server);
}

static int make_folder(void **state)
{
	char *script;

	snprintf(folder, sizeof(folder), "/tmp/test_manual.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	script = block("dnsproof-provider.7", "script");
	file_write("txt", "", 0700);
	file_write("txt", script, 0700);
	free(script);
	return 0;
}

static int drop_folder(void **state)
{
	char *command = xasprintf("rm -r %s", folder), *output = output_of(command);
	int bad = *output != '\0';

	free(output);
	free(command);
	return bad;
}

int main(void)
{
	umask(022);
	alarm(120);
	return unit_run(make_folder, drop_folder);
}
