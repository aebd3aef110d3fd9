#include "config.h"

#include "launcher/configuration/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "launcher/user.h"

static bool wrong(const struct scope *s, const char *text)
{
	troubles_add(s->t, TROUBLE_LINE, s->file, 0, "%s", text);
	return false;
}

static bool open_failed(const struct scope *s)
{
	int trouble = errno;
	char *user = user_name(geteuid()), *text;
	if (trouble == ELOOP || trouble == EMLINK) /* BSDs */
		text = xstrdup("a symbolic link, expected the file itself");
	else if (trouble == EACCES)
		text = xasprintf("user %s may not read it, expected a file that dnsproof can read", user);
	else
		text = xasprintf("%s, expected a file", strerror(trouble));
	wrong(s, text);
	free(text);
	free(user);
	return false;
}

static bool whole_file(const struct scope *s, const char *path, struct buf *b)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return open_failed(s);
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (!ok)
		wrong(s, "not a regular file, expected one");
	else if (!(ok = io_read(fd, b)))
		wrong(s, errno == EFBIG ? "larger than 256 MiB, expected less" : strerror(errno));
	close(fd);
	return ok;
}

static const char *trouble_of_line(const char *text, size_t n)
{
	unsigned odd = 0;
	if (n > TEXT_LINE_MOST)
		return "longer than 16 KiB, expected a shorter line";
	for (size_t i = 0; i < n; i++)
		odd |= (unsigned char)(text[i] - ' ') > '~' - ' ';
	if (!odd)
		return NULL;
	if (memchr(text, '\0', n))
		return "a NUL character, expected text";
	char *shown = str_printable(text, n + 1);
	bool same = true;
	for (size_t i = 0; same && text[i]; i++)
		same = text[i] == shown[i] || text[i] == '\t';
	free(shown);
	return same ? NULL : "control characters or no UTF-8, expected text in UTF-8";
}

/* Cuts the line into words; false when there are too many. */
static bool cut(struct text_line *line, char *text)
{
	line->n = 0;
	while (*(text += strspn(text, " \t"))) {
		if (*text == '#')
			return true;
		if (line->n == TEXT_WORDS_MOST)
			return false;
		line->word[line->n++] = text;
		text += strcspn(text, " \t");
		if (*text)
			*text++ = '\0';
	}
	return true;
}

static void take_line(struct scope *s, struct text_line *line, char *text, size_t n, text_line_fn *take,
                      void *who)
{
	if (n && text[n - 1] == '\r')
		text[--n] = '\0';
	const char *trouble = trouble_of_line(text, n);
	if (!trouble && !cut(line, text))
		trouble = "more than 512 words, expected fewer";
	if (trouble)
		troubles_add(s->t, TROUBLE_LINE, s->file, line->number, "%s", trouble);
	else if (line->n)
		take(who, line);
}

bool text_file_read(struct scope *s, const char *path, text_line_fn *take, void *who)
{
	struct text_line *line = xcalloc(1, sizeof *line);
	struct buf b;
	buf_init(&b, TEXT_FILE_MOST);
	strs_add(&s->c->files, path);
	s->file = (unsigned)s->c->files.n - 1;
	bool ok = whole_file(s, path, &b);
	if (ok && !b.len)
		ok = wrong(s, "empty, expected lines");
	char *at = b.data, *end = ok ? at + b.len : at;
	if (ok && b.len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (ok && at < end) {
		char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end; /* buf has a NUL there */
		*stop = '\0';
		line->number++;
		take_line(s, line, at, (size_t)(stop - at), take, who);
		at = stop + 1;
	}
	buf_free(&b);
	free(line);
	return ok;
}
