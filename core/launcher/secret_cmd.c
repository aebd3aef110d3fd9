#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "launcher/child_output.h"
#include "launcher/secret.h"
#include "launcher/secret_kinds.h"

#define WAIT_MS    20000
#define WORDS_MOST 64

/* One word off the text: quotes of either kind keep white space together, nothing else has a meaning.
 * New string; NULL at the end of the text or with *bad set at an open quote. */
static char *word_take(const char **text, bool *bad)
{
	const char *at = *text + strspn(*text, " \t\n");
	char *word = xcalloc(1, strlen(at) + 1), quote = '\0';
	size_t n = 0;
	bool any = *at != '\0';
	for (; *at && (quote || !isspace((unsigned char)*at)); at++)
		if (quote ? *at == quote : (*at == '\'' || *at == '"'))
			quote = quote ? '\0' : *at;
		else
			word[n++] = *at;
	*bad = quote != '\0';
	*text = at;
	if (any && !*bad)
		return word;
	free(word);
	return NULL;
}

/* False with e; words is empty then. */
static bool words_split(const char *text, struct strs *words, struct err *e)
{
	bool bad;
	char *word;
	while ((word = word_take(&text, &bad))) {
		strs_add(words, word);
		free(word);
	}
	if (bad)
		err_set(e, "cmd: has an open quote");
	else if (words->n == 0 || words->at[0][0] != '/')
		err_set(e, "cmd: needs the full path of a program; type cmd:'/PATH ARGUMENT...'");
	else if (words->n > WORDS_MOST)
		err_set(e, "cmd: has more than %d words", WORDS_MOST);
	else
		return true;
	strs_free(words);
	return false;
}

bool secret_cmd_check(const char *text, struct err *e)
{
	struct strs words = {0};
	bool ok = words_split(text, &words, e);
	strs_free(&words);
	return ok;
}

static unsigned wait_ms(void)
{
#ifdef TEST_HOOKS
	const char *other = getenv("DNSPROOF_TEST_CMD_MS");
	if (other && *other)
		return (unsigned)atoi(other);
#endif
	return WAIT_MS;
}

static char *run(const struct strs *words, struct err *e)
{
	char *argv[WORDS_MOST + 1] = {NULL};
	int fds[] = {-1, -1, 2};
	for (size_t i = 0; i < words->n; i++)
		argv[i] = words->at[i];
	struct child_plan p = {.path = argv[0], .argv = argv, .n = 3};
	struct buf b;
	buf_init(&b, SECRET_MOST);
	if (child_output_read(&p, fds, wait_ms(), &b, e))
		return secret_text(&b, argv[0], e);
	err_prefix(e, "%s", argv[0]);
	buf_wipe(&b);
	return NULL;
}

char *secret_cmd_read(const char *text, struct err *e)
{
	struct strs words = {0};
	char *value = words_split(text, &words, e) ? run(&words, e) : NULL;
	strs_free(&words);
	return value;
}
