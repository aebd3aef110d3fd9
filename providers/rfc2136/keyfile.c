#include "keyfile.h"

#include <stdbool.h>
#include <string.h>

#define FORMS "key \"name\" { algorithm hmac-sha256; secret \"base64\"; }; or algorithm:name:base64"

enum { TEXT_MOST = 65536 };

enum token { END, WORD, QUOTED, OPEN, CLOSE, SEMICOLON, BROKEN };

struct lexer {
	const char *at, *end;
	const char *word; /* of WORD and QUOTED */
	size_t length;
};

struct fields {
	const char *name, *algorithm, *secret;
	size_t name_length, algorithm_length, secret_length;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool begins(const struct lexer *l, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(l->end - l->at) >= n && memcmp(l->at, with, n) == 0;
}

/* Skips blanks and comments. False if a comment does not end. */
static bool skip_blank(struct lexer *l)
{
	while (l->at < l->end) {
		if (is_space(*l->at)) {
			l->at++;
		} else if (*l->at == '#' || begins(l, "//")) {
			const char *eol = memchr(l->at, '\n', (size_t)(l->end - l->at));
			l->at = eol ? eol : l->end;
		} else if (begins(l, "/*")) {
			l->at += 2;
			while (l->at < l->end && !begins(l, "*/"))
				l->at++;
			if (l->at == l->end)
				return false;
			l->at += 2;
		} else {
			break;
		}
	}
	return true;
}

static enum token quoted(struct lexer *l)
{
	const char *close = memchr(l->at + 1, '"', (size_t)(l->end - l->at - 1));

	if (!close)
		return BROKEN;
	l->word = l->at + 1;
	l->length = (size_t)(close - l->word);
	l->at = close + 1;
	return QUOTED;
}

static enum token next(struct lexer *l)
{
	static const char signs[] = "{};";
	static const enum token of[] = {OPEN, CLOSE, SEMICOLON};

	if (!skip_blank(l))
		return BROKEN;
	if (l->at == l->end)
		return END;
	if (*l->at == '"')
		return quoted(l);
	const char *sign = memchr(signs, *l->at, 3);
	if (sign) {
		l->at++;
		return of[sign - signs];
	}
	l->word = l->at;
	while (l->at < l->end && !is_space(*l->at) && !strchr("{};\"", *l->at))
		l->at++;
	l->length = (size_t)(l->at - l->word);
	return *l->word == '\0' ? BROKEN : WORD;
}

static bool word_is(const struct lexer *l, const char *word)
{
	return l->length == strlen(word) && memcmp(l->word, word, l->length) == 0;
}

static const char *statement(struct lexer *l, struct fields *f)
{
	const char **to;
	size_t *length;

	if (word_is(l, "algorithm")) {
		to = &f->algorithm;
		length = &f->algorithm_length;
	} else if (word_is(l, "secret")) {
		to = &f->secret;
		length = &f->secret_length;
	} else {
		return "a key statement has something other than algorithm and secret in it";
	}
	if (*to)
		return "a key statement says algorithm or secret twice";
	enum token t = next(l);
	if (t != WORD && t != QUOTED)
		return "algorithm or secret has no value in the key statement";
	*to = l->word;
	*length = l->length;
	return next(l) == SEMICOLON ? NULL : "a ; is missing in the key statement";
}

static const char *key_statement(struct lexer *l, struct fields *f)
{
	enum token t = next(l);

	if (t != WORD && t != QUOTED)
		return "the key statement has no name; write " FORMS;
	f->name = l->word;
	f->name_length = l->length;
	if (next(l) != OPEN)
		return "a { is missing after the key's name; write " FORMS;
	while ((t = next(l)) != CLOSE) {
		if (t != WORD)
			return "the key statement does not end with }; write " FORMS;
		const char *wrong = statement(l, f);
		if (wrong)
			return wrong;
	}
	t = next(l);
	if (t == SEMICOLON)
		t = next(l);
	if (t == WORD && word_is(l, "key"))
		return "it holds several keys; make a file with the one that is meant";
	if (t != END)
		return "there is something after the key statement; write " FORMS;
	if (!f->secret)
		return "the key statement has no secret";
	return NULL;
}

static const char *colons(const char *text, size_t length, struct fields *f)
{
	const char *end = text + length;
	const char *first = memchr(text, ':', length);
	const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;

	if (text[0] == '/' || text[0] == '.' || text[0] == '~')
		return "it is the name of a file, not its content; write key=file:PATH";
	if (!first)
		return "it is not a TSIG key; write " FORMS;
	if (second) {
		f->algorithm = text;
		f->algorithm_length = (size_t)(first - text);
		f->name = first + 1;
		f->name_length = (size_t)(second - f->name);
		f->secret = second + 1;
	} else {
		f->name = text;
		f->name_length = (size_t)(first - text);
		f->secret = first + 1;
	}
	f->secret_length = (size_t)(end - f->secret);
	return NULL;
}

static int base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = memchr(digits, c, 64);

	return at ? (int)(at - digits) : -1;
}

/* Standard base64, padded or not, blanks inside ignored. Returns 0 if it is not that. */
static size_t base64_decode(uint8_t *to, size_t room, const char *from, size_t length)
{
	unsigned bits = 0, have = 0, padding = 0;
	size_t n = 0, digits = 0;

	for (size_t i = 0; i < length; i++) {
		int d = base64_digit(from[i]);
		if (is_space(from[i]))
			continue;
		if (from[i] == '=' && padding < 2) {
			padding++;
			continue;
		}
		if (d < 0 || padding > 0)
			return 0;
		digits++;
		bits = (bits << 6 | (unsigned)d) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			if (n == room)
				return 0;
			to[n++] = (uint8_t)(bits >> have);
		}
	}
	if (digits % 4 == 1 || (padding > 0 && (digits + padding) % 4 != 0))
		return 0;
	return n;
}

static const char *fields_take(struct tsig_key *key, const struct fields *f)
{
	uint8_t wire[TSIG_NAME_MOST];
	size_t n = tsig_name_wire(wire, f->name, f->name_length);

	if (n == 0)
		return "the key's name is not a domain name";
	for (size_t i = 0; i < n - 2; i++)
		key->name[i] = f->name[i] == '.' ? '.' : (char)wire[i + 1];
	key->name[n - 2] = '\0';
	key->algorithm = f->algorithm ? tsig_algorithm_find(f->algorithm, f->algorithm_length)
	                              : tsig_algorithm_find("hmac-sha256", 11);
	if (!key->algorithm)
		return "its algorithm is unknown; known are hmac-sha256, -sha512, -sha384, -sha224, "
		       "-sha1 and -md5";
	key->secret_length = base64_decode(key->secret, sizeof(key->secret), f->secret, f->secret_length);
	if (key->secret_length == 0)
		return "its secret is not base64 of 1 to 1024 octets";
	return NULL;
}

const char *keyfile_parse(struct tsig_key *key, const char *text, size_t length)
{
	struct lexer l = {.at = text, .end = text + length};
	struct fields f = {0};
	const char *wrong;

	memset(key, 0, sizeof(*key));
	if (length > TEXT_MOST)
		return "it is too long for a TSIG key";
	if (!skip_blank(&l) || l.at == l.end)
		return "it holds no TSIG key; write " FORMS;
	const char *start = l.at;
	if (next(&l) == WORD && word_is(&l, "key")) {
		wrong = key_statement(&l, &f);
	} else {
		size_t n = 0;
		while (start + n < text + length && !is_space(start[n]))
			n++;
		l.at = start + n;
		wrong = skip_blank(&l) && l.at == l.end ? colons(start, n, &f)
		                                        : "it is not a TSIG key; write " FORMS;
	}
	if (!wrong)
		wrong = fields_take(key, &f);
	if (wrong)
		tsig_key_wipe(key);
	return wrong;
}
