#include "config.h"

#include "unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "peer.h"

#define V   "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
#define W   "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
#define TXT "'zone':'e.test','name':'_acme-challenge.e.test'"
#define ADD "{'id':1,'op':'add','ms':5000," TXT ",'value':'" V "','ttl':60}"
#define DEL "{'id':2,'op':'del','ms':5000," TXT ",'value':'" V "','ttl':60,'handle':''}"

static char folder[64];

static char *setup_of(const char *provider, const char *options)
{
	return xasprintf("{'account':'A','provider':'%s','modules':'" MODULES "','options':{%s},'zones':[],"
	                 "'targets':['**.val.test'],'verbose':1}",
	                 provider, options);
}

static void start(struct peer *p, const char *provider, const char *options, const char *secret)
{
	char *setup = setup_of(provider, options);

	peer_start(p, setup, secret);
	free(setup);
}

static void ends_well(struct peer *p)
{
	char *errors;
	int status = peer_end(p, &errors);

	if (status)
		fail_msg("status 0x%x: %s", status, errors);
	free(errors);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%.2000s' does not hold '%s'", text, part);
}

/* Starts, takes the hello, and is ready for requests. */
static void start_ready(struct peer *p, const char *provider, const char *options, const char *secret)
{
	char *hello;

	start(p, provider, options, secret);
	hello = peer_line(p);
	has(hello, "\"abi\":1");
	free(hello);
}

static void refuses_to_start(const char *provider, const char *options, const char *secret, const char *words)
{
	char *line, *rest;
	struct peer p;

	start(&p, provider, options, secret);
	line = peer_line(&p);
	has(line, "{\"error\":");
	has(line, "\"protocol\":1");
	has(line, words);
	rest = peer_line(&p);
	assert_string_equal(rest, "");
	free(rest);
	free(line);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
}

static char *memory_options(const char *more)
{
	return xasprintf("'file':{'value':'%s/records'}%s", folder, more);
}

static void start_memory(struct peer *p, const char *more)
{
	char *options = memory_options(more);

	start_ready(p, "memory", options, NULL);
	free(options);
}

TEST(test_hello)
{
	char *options = memory_options(""), *hello;
	struct peer p;

	start(&p, "memory", options, NULL);
	hello = peer_line(&p);
	assert_string_equal(hello, "{\"abi\":1,\"account\":\"A\",\"cas\":false,\"limits\":{\"least_ttl\":0,"
	                           "\"most_parallel\":1,\"most_values\":0,\"requests_per_minute\":0,"
	                           "\"settle_ms\":0},\"ops\":[\"add\",\"del\",\"check\",\"list\",\"batch\"],"
	                           "\"program\":\"dnsproof-provider " PACKAGE_VERSION "\",\"protocol\":1,"
	                           "\"provider\":\"memory\",\"replaces\":\"record\"}");
	free(hello);
	free(options);
	ends_well(&p);
}

TEST(test_all_calls)
{
	struct peer p;

	start_memory(&p, "");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok','handle':'line--abcdefg'}");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok','handle':'line--abcdefg'}");
	peer_expect(&p, "{'id':3,'op':'check'," TXT "}", "{'id':3,'rc':'ok'}");
	peer_expect(&p, "{'id':3,'op':'check','zone':'e.test'}", "{'id':3,'rc':'ok'}");
	peer_expect(&p, "{'id':4,'op':'list'," TXT "}", "{'id':4,'rc':'ok','values':['" V "']}");
	peer_expect(&p,
	            "{'id':5,'op':'batch','zone':'e.test','changes':["
	            "{'op':'add','name':'_acme-challenge.e.test','value':'" W "','ttl':60},"
	            "{'op':'del','name':'_acme-challenge.e.test','value':'" V "','handle':'line--abcdefg'}]}",
	            "{'id':5,'rc':'ok','results':[{'rc':'ok','handle':'line-_abcdefg'},{'rc':'ok'}]}");
	peer_expect(&p, "{'id':4,'op':'list'," TXT "}", "{'id':4,'rc':'ok','values':['" W "']}");
	peer_expect(&p, "{'id':6,'op':'del'," TXT ",'value':'" W "'}", "{'id':6,'rc':'ok'}");
	peer_expect(&p, "{'id':6,'op':'del'," TXT ",'value':'" W "'}", "{'id':6,'rc':'ok'}");
	peer_expect(&p, "{'id':4,'op':'list'," TXT "}", "{'id':4,'rc':'ok','values':[]}");
	peer_expect(&p, "{'id':7,'op':'live'," TXT ",'value':'" W "'}",
	            "{'id':7,'rc':'invalid','msg':'this provider cannot check that'}");
	ends_well(&p);
}

TEST(test_results)
{
	static const char *const words[] = {"temp", "rate", "conflict", "auth", "nozone", "invalid"};

	for (int i = 0; i < 6; i++) {
		char *more = xasprintf(",'answer':{'value':'%d'}", i + 1);
		char *want = xasprintf("{'id':1,'rc':'%s','msg':'told to answer %d'}", words[i], i + 1);
		struct peer p;

		start_memory(&p, more);
		peer_expect(&p, ADD, want);
		ends_well(&p);
		free(want);
		free(more);
	}
}

TEST(test_policy)
{
	struct peer p;

	start_memory(&p, "");
	peer_expect(&p, "{'id':1,'op':'add','zone':'e.test','name':'x.e.test','value':'" V "'}",
	            "{'id':1,'rc':'refused','msg':'x.e.test: not allowed for account A: only "
	            "_acme-challenge names and its targets are; add --cname-target \\u0027x.e.test\\u0027'}");
	peer_expect(&p, "{'id':2,'op':'add','zone':'val.test','name':'x.val.test','value':'" V "'}",
	            "{'id':2,'rc':'ok','handle':'line--abcdefg'}");
	peer_expect(&p, "{'id':2,'op':'del','zone':'val.test','name':'x.val.test','value':'" V "'}",
	            "{'id':2,'rc':'ok'}");
	peer_expect(&p, "{'id':3,'op':'add'," TXT ",'value':'v=spf1 -all'}",
	            "{'id':3,'rc':'refused','msg':'a value that is not 43 characters of base64url: not "
	            "allowed for account A'}");
	peer_expect(&p, "{'id':4,'op':'list','zone':'e.test','name':'e.test'}",
	            "{'id':4,'rc':'refused','msg':'e.test: not allowed for account A: only "
	            "_acme-challenge names and its targets are; add --cname-target \\u0027e.test\\u0027'}");
	peer_expect(
	    &p,
	    "{'id':5,'op':'batch','zone':'e.test','changes':["
	    "{'op':'add','name':'e.test','value':'" V "'},{'op':'move'},"
	    "{'op':'del','name':'_acme-challenge.e.test','value':'" V "'}]}",
	    "{'id':5,'rc':'ok','results':[{'rc':'refused','msg':'e.test: not allowed for account "
	    "A: only _acme-challenge names and its targets are; add --cname-target \\u0027e.test\\u0027'},"
	    "{'rc':'invalid','msg':'op of a change must be add or del'},{'rc':'ok'}]}");
	ends_well(&p);
}

TEST(test_bad_requests)
{
	struct peer p;

	start_memory(&p, "");
	peer_expect(&p, "{'id':1}",
	            "{'id':1,'rc':'invalid','msg':'op is none of add, del, check, list, batch, live'}");
	peer_expect(&p, "{'op':'add'}", "{'id':0,'rc':'invalid','msg':'a request needs an integer id'}");
	peer_expect(&p, "{'id':'1','op':'add'}",
	            "{'id':0,'rc':'invalid','msg':'a request needs an integer id'}");
	peer_expect(&p, "{'id':2,'op':'add'}",
	            "{'id':2,'rc':'refused','msg':'\\u0027\\u0027: not the name of a zone'}");
	peer_expect(&p, "{'id':2,'op':'add','zone':7,'name':[],'value':{}}",
	            "{'id':2,'rc':'refused','msg':'\\u0027\\u0027: not the name of a zone'}");
	peer_expect(&p, "{'id':3,'op':'batch','zone':'e.test'}",
	            "{'id':3,'rc':'invalid','msg':'batch without an array of 1 to 1000 changes'}");
	peer_expect(&p, "{'id':3,'op':'batch','zone':'e.test','changes':[]}",
	            "{'id':3,'rc':'invalid','msg':'batch without an array of 1 to 1000 changes'}");
	peer_expect(&p, "{'id':3,'op':'batch','zone':'e.test','changes':[3]}",
	            "{'id':3,'rc':'ok','results':[{'rc':'invalid','msg':'op of a change must be add or "
	            "del'}]}");
	peer_expect(&p, ADD, "{'id':1,'rc':'ok','handle':'line--abcdefg'}");
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	ends_well(&p);
}

TEST(test_garbage_ends_it)
{
	char *errors, *line;
	struct peer p;

	start_memory(&p, "");
	peer_send(&p, "garbage");
	line = peer_line(&p);
	assert_string_equal(line, "");
	assert_int_equal(WEXITSTATUS(peer_end(&p, &errors)), 1);
	has(errors, "the engine's line: ");
	free(errors);
	free(line);
}

TEST(test_signals_are_ignored)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct peer p;

	start_memory(&p, "");
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(kill(p.pid, signals[i]), 0);
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	ends_well(&p);
}

TEST(test_crash)
{
	char *line;
	struct peer p;

	start_ready(&p, "crash", "", NULL);
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	peer_send(&p, ADD);
	line = peer_line(&p);
	assert_string_equal(line, "");
	free(line);
	assert_int_not_equal(peer_end(&p, NULL), 0);
}

TEST(test_exit)
{
	char *line, *errors;
	struct peer p;

	start_ready(&p, "exiting", "", NULL);
	peer_send(&p, ADD);
	line = peer_line(&p);
	assert_string_equal(line, "");
	assert_int_equal(WEXITSTATUS(peer_end(&p, &errors)), 3);
	has(errors, "provider exiting ended the process by exit() within a call");
	free(errors);
	free(line);
}

TEST(test_hang)
{
	struct peer p;
	int status;

	start_ready(&p, "hang", "", NULL);
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	peer_send(&p, ADD);
	assert_int_equal(kill(p.pid, SIGKILL), 0);
	status = peer_end(&p, NULL);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Nobody is there to kill it: the engine and the launcher may be dead. */
TEST(test_hang_ends_alone)
{
	struct peer p;
	char *line;
	int status;

	start_ready(&p, "hang", "", NULL);
	peer_send(&p, "{'id':1,'op':'add','ms':0," TXT ",'value':'" V "'}");
	line = peer_line(&p);
	assert_string_equal(line, "");
	free(line);
	status = peer_end(&p, NULL);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
}

TEST(test_forged_answers)
{
	char *errors;
	struct peer p;

	start_ready(&p, "forge", "", NULL);
	peer_expect(&p, ADD, "{'id':1,'rc':'invalid','msg':'the true answer'}");
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	assert_int_equal(peer_end(&p, &errors), 0);
	has(errors, "\"handle\":\"forged\"");
	free(errors);
}

TEST(test_flood)
{
	char *line;
	struct peer p;

	start_ready(&p, "flood", "", NULL);
	peer_send(&p, ADD);
	line = peer_line(&p);
	has(line, "\"rc\":\"temp\"");
	assert_true(strlen(line) < 900);
	free(line);
	peer_expect(&p, DEL, "{'id':2,'rc':'ok'}");
	ends_well(&p);
}

TEST(test_lies)
{
	char *errors;
	struct peer p;

	start_ready(&p, "liar", "'lie':{'value':'rc'}", NULL);
	peer_expect(&p, ADD,
	            "{'id':1,'rc':'temp','msg':'provider liar returned 99, which is not a result: a fault of "
	            "the module'}");
	peer_expect(&p, DEL,
	            "{'id':2,'rc':'temp','msg':'provider liar returned -7, which is not a result: a fault of "
	            "the module'}");
	peer_expect(&p,
	            "{'id':3,'op':'batch','zone':'e.test','changes':[{'op':'add','name':'"
	            "_acme-challenge.e.test','value':'" V "'}]}",
	            "{'id':3,'rc':'ok','results':[{'rc':'temp','msg':'the module returned no result for "
	            "it'}]}");
	peer_expect(&p, "{'id':4,'op':'list'," TXT "}",
	            "{'id':4,'rc':'temp','msg':'more values at the name than can be listed'}");
	ends_well(&p);
	start_ready(&p, "liar", "'lie':{'value':'handle'}", NULL);
	peer_expect(&p, ADD, "{'id':1,'rc':'ok'}");
	assert_int_equal(peer_end(&p, &errors), 0);
	has(errors, "liar returned a handle that does not end within 512 octets");
	free(errors);
}

TEST(test_leaks)
{
	char *errors;
	struct peer p;

	start_ready(&p, "leaky", "'token':{'fd':4,'source':'file:/etc/t'}", "sup3r-s3cret\n");
	peer_expect(&p, ADD,
	            "{'id':1,'rc':'auth','msg':'fail: token ***?refused, *** (with the token from /etc/t)'}");
	peer_expect(&p, DEL, "{'id':2,'rc':'rate','after':17,'msg':'***'}");
	assert_int_equal(peer_end(&p, &errors), 0);
	has(errors, "log: token=***&again=***");
	assert_null(strstr(errors, "s3cret"));
	free(errors);
	start_ready(&p, "leaky", "'token':{'secret':'sup3r-s3cret','source':'env:T'}", NULL);
	peer_expect(&p, DEL, "{'id':2,'rc':'rate','after':17,'msg':'***'}");
	ends_well(&p);
}

TEST(test_refusals)
{
	refuses_to_start("absent", "", NULL,
	                 "there is no provider 'absent'; dnsproof providers lists them all");
	refuses_to_start("../memory", "", NULL, "is not the name of a provider");
	refuses_to_start("oldabi", "", NULL, "module oldabi was built for provider ABI 99");
	refuses_to_start("nothing", "", NULL, "its symbol dnsproof_provider is not data");
	refuses_to_start("memory", "", NULL, "option file: memory needs it");
	refuses_to_start("memory", "'flie':{'value':'x'}", NULL, "did you mean file?");
	refuses_to_start("memory", "'file':{'value':'/x'},'answer':{'value':'z'}", NULL,
	                 "option answer: 'z' is not a whole number");
	refuses_to_start("leaky", "'token':{'value':'sup3r-s3cret'}", NULL, "--set token=file:/path");
	refuses_to_start("leaky", "'token':{'fd':4,'source':'file:/etc/t'}", "",
	                 "option token: file:/etc/t: is empty");
	refuses_to_start("leaky", "'token':{'fd':77,'source':'file:/etc/t'}", NULL,
	                 "option token: file:/etc/t: Bad file descriptor");
	refuses_to_start("leaky", "'token':{}", NULL, "option token: needs a value");
}

static void refuses_setup(const char *setup, const char *words)
{
	struct peer p;
	char *line;

	peer_start(&p, setup, NULL);
	line = peer_line(&p);
	has(line, words);
	free(line);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
}

TEST(test_bad_setup)
{
	refuses_setup("", "setup document on descriptor 3: not a JSON object");
	refuses_setup("[]", "not a JSON object");
	refuses_setup("{'provider':", "not a JSON object");
	refuses_setup("{}", "names no provider");
}

TEST(test_other_protocol)
{
	char *options = memory_options(""), *setup = setup_of("memory", options), *line;
	struct peer p;

	peer_start_greeting(&p, setup, NULL, "{'protocol':2,'program':'dnsproof 9'}");
	line = peer_line(&p);
	has(line, "\"protocol\":1");
	free(line);
	line = peer_line(&p);
	assert_string_equal(line, "{\"error\":\"the other side does not speak protocol 1\",\"protocol\":1}");
	free(line);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
	free(setup);
	free(options);
}

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/test_host.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/records", folder);
	unlink(path);
	return rmdir(folder);
}

int main(void)
{
	alarm(120);
	return unit_run(make_folder, drop_folder);
}
