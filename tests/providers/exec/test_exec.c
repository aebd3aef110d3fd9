#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/mem.h"
#include "peer.h"

#define V   "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
#define TXT "'zone':'e.test','name':'_acme-challenge.e.test'"
#define ADD "{'id':1,'op':'add','ms':20000," TXT ",'value':'" V "','ttl':60}"
#define DEL "{'id':2,'op':'del','ms':20000," TXT ",'value':'" V "','ttl':60,'handle':''}"

static char folder[64];

static char *path_of(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

/* Writes the script; %s in it stands for the test's folder. */
static void script(const char *body)
{
	char *path = path_of("program");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	assert_true(fd >= 0);
	dprintf(fd, "#!/bin/sh\ncd %s\n%s\n", folder, body);
	close(fd);
	free(path);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%.2000s' does not hold '%s'", text, part);
}

static char *content(const char *name)
{
	char *path = path_of(name), *text = xcalloc(1, 65536);
	FILE *f = fopen(path, "r");

	free(path);
	if (!f)
		return text;
	text[fread(text, 1, 65535, f)] = '\0';
	fclose(f);
	return text;
}

static void start_program(struct peer *p, const char *program)
{
	char *setup = xasprintf("{'account':'A','provider':'exec','modules':'" REAL_MODULES
	                        "','options':{'program':{'value':'%s'}},'verbose':0,'go':5}",
	                        program);
	char *lock = path_of("write.lock");

	peer_lock(lock, NULL);
	peer_start(p, setup, NULL);
	free(lock);
	free(setup);
}

static void start(struct peer *p, const char *body)
{
	char *path = path_of("program"), *hello;

	script(body);
	start_program(p, path);
	hello = peer_line(p);
	has(hello, "\"replaces\":\"rrset\"");
	free(hello);
	free(path);
}

static void ends_well(struct peer *p)
{
	char *errors;
	int status = peer_end(p, &errors);

	if (status || *errors)
		fail_msg("status 0x%x: %s", status, errors);
	free(errors);
}

/* Sends the line and wants rc and words in the answer; FOLDER/program is left out of the words. */
static void answers(struct peer *p, const char *line, const char *rc, const char *words)
{
	char *answer, *want = xasprintf("\"rc\":\"%s\"", rc);

	peer_send(p, line);
	answer = peer_line(p);
	has(answer, want);
	has(answer, words);
	free(want);
	free(answer);
}

TEST(test_five_lines)
{
	struct peer p;
	char *text;

	start(&p, "case $1 in\n"
	          "add) echo \"$2 $3\" >>records ;;\n"
	          "del) grep -vxF -- \"$2 $3\" records >new; mv new records ;;\n"
	          "*) exit 2 ;;\n"
	          "esac");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok'}");
	text = content("records");
	assert_string_equal(text, "_acme-challenge.e.test " V "\n");
	free(text);
	peer_expect(&p, "{'id':3,'op':'check'," TXT "}", "{'id':3,'rc':'ok'}");
	answers(&p, "{'id':4,'op':'list'," TXT "}", "invalid", "cannot list (exit code 2)");
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	text = content("records");
	assert_string_equal(text, "");
	free(text);
	ends_well(&p);
}

TEST(test_what_it_gets)
{
	struct peer p;
	char *text;

	setenv("SHOULD_NOT_BE_SEEN", "1", 1);
	start(&p, "cat >input; env | sort | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD=' >environment; "
	          "echo $#:$1:$2:$3 >arguments; ls -l /proc/self/fd | grep -c socket >sockets; true");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok'}");
	text = content("arguments");
	assert_string_equal(text, "3:add:_acme-challenge.e.test:" V "\n");
	free(text);
	text = content("input");
	assert_string_equal(text, "{\"op\":\"add\",\"zone\":\"e.test\",\"name\":\"_acme-challenge.e.test\","
	                          "\"relative\":\"_acme-challenge\",\"value\":\"" V "\",\"ttl\":60}\n");
	free(text);
	text = content("environment");
	assert_string_equal(text, "DNSPROOF_NAME=_acme-challenge.e.test\nDNSPROOF_OP=add\n"
	                          "DNSPROOF_RELATIVE=_acme-challenge\nDNSPROOF_TTL=60\n"
	                          "DNSPROOF_VALUE=" V "\nDNSPROOF_ZONE=e.test\nHOME=/\nLANG=C\n"
	                          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
	free(text);
	text = content("sockets");
	assert_string_equal(text, "0\n");
	free(text);
	ends_well(&p);
}

TEST(test_exit_codes)
{
	struct peer p;

	start(&p, "echo some words >&2; echo 'the last ones' >&2; echo >&2; exit $(cat code)");
	for (const char *const *c = (const char *const[]){"0", "ok", "1", "temp", "2", "invalid", "75",
	                                                  "temp", "77", "auth", "200", "temp", NULL};
	     *c; c += 2) {
		char *path = path_of("code");
		FILE *f = fopen(path, "w");

		fputs(c[0], f);
		fclose(f);
		free(path);
		answers(&p, ADD, c[1], strcmp(c[0], "0") ? "the last ones" : "");
	}
	ends_well(&p);
}

TEST(test_output_goes_nowhere)
{
	struct peer p;

	start(&p, "echo '{\"id\":1,\"rc\":\"ok\"}'; head -c 300000 /dev/zero | tr '\\0' x; exit 1");
	answers(&p, ADD, "temp", "exit code 1");
	answers(&p, DEL, "temp", "exit code 1");
	ends_well(&p);
}

TEST(test_list)
{
	struct peer p;

	start(&p, "[ $1 = list ] || exit 0; printf 'one\\r\\n\\ntwo words\\nlast'");
	peer_expect(&p, "{'id':4,'op':'list'," TXT "}",
	            "{'id':4,'rc':'ok','values':['one','two words','last']}");
	ends_well(&p);
	start(&p, "head -c 300000 /dev/zero | tr '\\0' x");
	answers(&p, "{'id':4,'op':'list'," TXT "}", "temp", "more output than 64 KiB");
	ends_well(&p);
}

TEST(test_signal)
{
	struct peer p;

	start(&p, "kill -SEGV $$");
	answers(&p, ADD, "temp", "ended by signal 11");
	ends_well(&p);
}

static bool is_gone(const char *name)
{
	char *text = content(name);
	pid_t pid = (pid_t)atol(text);

	free(text);
	assert_true(pid > 0);
	waitpid(pid, NULL, WNOHANG); /* orphans come to us, see main() */
	return kill(pid, 0) != 0 && errno == ESRCH;
}

static void wait_gone(const char *name)
{
	const struct timespec t = {0, 10000000};

	for (int i = 0; i < 500 && !is_gone(name); i++)
		nanosleep(&t, NULL);
	assert_true(is_gone(name));
}

TEST(test_hang_ends_at_the_deadline)
{
	struct timespec a, b;
	struct peer p;

	start(&p, "trap '' TERM INT; echo waiting for godot >&2; sleep 1000 & echo $! >child; wait");
	clock_gettime(CLOCK_MONOTONIC, &a);
	answers(&p, "{'id':1,'op':'add','ms':400," TXT ",'value':'" V "'}", "temp",
	        "not done within 0.4 s, killed; its last words: waiting for godot");
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_true((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000 >= 399);
	wait_gone("child");
	ends_well(&p);
}

TEST(test_leftovers_do_not_hold_it_up)
{
	struct peer p;

	start(&p, "sleep 1000 & echo $! >child");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok'}");
	wait_gone("child");
	ends_well(&p);
}

TEST(test_program_dies_with_the_host)
{
	struct peer p;
	char *text;

	start(&p, "echo $$ >child.new; mv child.new child; exec sleep 1000");
	text = path_of("child");
	unlink(text);
	peer_send(&p, ADD);
	while (access(text, F_OK) != 0)
		nanosleep(&(struct timespec){0, 5000000}, NULL);
	free(text);
	kill(p.pid, SIGKILL);
	peer_end(&p, NULL);
	wait_gone("child");
}

static void refuses_program(const char *program, const char *words)
{
	struct peer p;
	char *line;

	start_program(&p, program);
	line = peer_line(&p);
	has(line, "\"error\":");
	has(line, words);
	free(line);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
}

TEST(test_untrusted_programs)
{
	char *path = path_of("program");

	script("exit 0");
	refuses_program("program", "program: must be an absolute path");
	refuses_program("/nowhere/at/all", "/nowhere/at/all: No such file");
	refuses_program(folder, "not a regular file");
	assert_int_equal(chmod(path, 0757), 0);
	refuses_program(path, "can be written by others; chmod go-w");
	assert_int_equal(chmod(path, 0600), 0);
	refuses_program(path, "not executable; chmod u+x");
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	refuses_program(path, "can be written by others; chmod go-w");
	assert_int_equal(chmod(folder, 0700), 0);
	free(path);
}

TEST(test_no_interpreter)
{
	char *path = path_of("program"), *hello;
	struct peer p;
	FILE *f = fopen(path, "w");

	fputs("#!/nowhere/sh\n", f);
	fclose(f);
	chmod(path, 0700);
	start_program(&p, path);
	hello = peer_line(&p);
	free(hello);
	answers(&p, ADD, "temp", "cannot be started: No such file");
	ends_well(&p);
	free(path);
}

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/test_exec.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	static const char *const names[] = {"program",   "records", "new",   "input",  "environment",
	                                    "arguments", "code",    "child", "sockets"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_of(names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(folder);
}

int main(void)
{
#ifdef __linux__
	prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
	umask(022);
	alarm(120);
	return unit_run(make_folder, drop_folder);
}
