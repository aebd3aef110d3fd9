#include "keyfile.h"

#include <stdbool.h>
#include <string.h>

#define SEVERAL "it holds several keys; make a file with the one that is meant"
#define FORMS   "key \"name\" { algorithm hmac-sha256; secret \"base64\"; }; or algorithm:name:base64"

enum { TEXT_MOST = 65536 };

enum token { END, WORD, QUOTED, OPEN, CLOSE, SEMICOLON, BROKEN };

struct lexer {
	const char *at, *end;
	const char *word; /* of WORD and QUOTED */
	size_t length;
};

struct piece {
	const char *at;
	size_t length;
};

struct fields {
	struct piece name, algorithm, secret;
};

#define KEYS_MOST 64

/* The key statements of a configuration, and the name that its options say is used. */
struct configuration {
	struct fields keys[KEYS_MOST];
	size_t n;
	struct piece wanted;
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
	struct piece *to;

	if (word_is(l, "algorithm"))
		to = &f->algorithm;
	else if (word_is(l, "secret"))
		to = &f->secret;
	else
		return "a key statement has something other than algorithm and secret in it";
	if (to->at)
		return "a key statement says algorithm or secret twice";
	enum token t = next(l);
	if (t != WORD && t != QUOTED)
		return "algorithm or secret has no value in the key statement";
	*to = (struct piece){l->word, l->length};
	return next(l) == SEMICOLON ? NULL : "a ; is missing in the key statement";
}

static const char *key_statement(struct lexer *l, struct fields *f)
{
	enum token t = next(l);

	if (t != WORD && t != QUOTED)
		return "the key statement has no name; write " FORMS;
	f->name = (struct piece){l->word, l->length};
	if (next(l) != OPEN)
		return "a { is missing after the key's name; write " FORMS;
	while ((t = next(l)) != CLOSE) {
		if (t != WORD)
			return "the key statement does not end with }; write " FORMS;
		const char *wrong = statement(l, f);
		if (wrong)
			return wrong;
	}
	return f->secret.at ? NULL : "the key statement has no secret";
}

/* Another statement of named.conf or rndc.conf, up to its end. */
static const char *other_statement(struct lexer *l, struct configuration *c)
{
	unsigned depth = 0;
	enum token t;

	while ((t = next(l)) != SEMICOLON || depth > 0) {
		if (t == END || t == BROKEN || (t == CLOSE && depth == 0))
			return "there is something after the key statement that does not end; write " FORMS;
		depth += t == OPEN;
		depth -= t == CLOSE;
		if (t != WORD || !word_is(l, "default-key"))
			continue;
		t = next(l);
		if (t == WORD || t == QUOTED)
			c->wanted = (struct piece){l->word, l->length};
	}
	return NULL;
}

static const char *configuration_read(struct lexer *l, struct configuration *c)
{
	const char *wrong = NULL;
	enum token t;

	while (!wrong && (t = next(l)) != END) {
		if (t == SEMICOLON)
			continue;
		if (t != WORD)
			return "there is something after the key statement; write " FORMS;
		if (!word_is(l, "key"))
			wrong = other_statement(l, c);
		else if (c->n == KEYS_MOST)
			wrong = SEVERAL;
		else
			wrong = key_statement(l, &c->keys[c->n++]);
	}
	return wrong;
}

static bool same(struct piece a, struct piece b)
{
	return a.length == b.length && a.at && b.at && memcmp(a.at, b.at, a.length) == 0;
}

static const char *statements(const char *text, const char *end, struct fields *f)
{
	struct configuration c = {.n = 0};
	struct lexer l = {.at = text, .end = end};
	const char *wrong = configuration_read(&l, &c);

	if (wrong)
		return wrong;
	if (c.n == 0)
		return "it holds no key statement; write " FORMS;
	*f = c.keys[0];
	for (size_t i = 0; i < c.n && c.n > 1; i++) {
		*f = c.keys[i];
		if (same(f->name, c.wanted))
			return NULL;
	}
	return c.n > 1 ? SEVERAL : NULL;
}

static bool piece_is(struct piece p, const char *word)
{
	return p.length == strlen(word) && memcmp(p.at, word, p.length) == 0;
}

/* The next word of the line, without quotes, and false at its end. */
static bool word_take(const char **at, const char *eol, struct piece *p)
{
	while (*at < eol && (is_space(**at) || **at == '"' || **at == '\''))
		++*at;
	p->at = *at;
	while (*at < eol && !is_space(**at) && **at != '"' && **at != '\'')
		++*at;
	p->length = (size_t)(*at - p->at);
	return p->length > 0 && *p->at != '#' && *p->at != ';';
}

/* One line of what `keymgr -t` prints, which stands so in knot.conf. */
static const char *yaml_line(const char *at, const char *eol, struct fields *f)
{
	struct piece key, value;

	if (!word_take(&at, eol, &key))
		return NULL;
	if (piece_is(key, "-") && !word_take(&at, eol, &key))
		return NULL;
	if (piece_is(key, "id:") && f->name.at)
		return SEVERAL;
	struct piece *to = piece_is(key, "id:")          ? &f->name
	                   : piece_is(key, "algorithm:") ? &f->algorithm
	                   : piece_is(key, "secret:")    ? &f->secret
	                                                 : NULL;
	if (to && word_take(&at, eol, &value))
		*to = value;
	return NULL;
}

static const char *yaml(const char *text, const char *end, struct fields *f)
{
	const char *wrong = NULL;

	while (!wrong && text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		eol = eol ? eol : end;
		wrong = yaml_line(text, eol, f);
		text = eol < end ? eol + 1 : end;
	}
	if (!wrong && (!f->name.at || !f->secret.at))
		wrong = "it lacks id or secret below key:";
	return wrong;
}

/* DNSSEC algorithm numbers that dnssec-keygen gave to TSIG keys. */
static struct piece algorithm_of(struct piece number)
{
	static const struct {
		const char *number, *name;
	} known[] = {{"157", "hmac-md5"},    {"161", "hmac-sha1"},   {"162", "hmac-sha224"},
	             {"163", "hmac-sha256"}, {"164", "hmac-sha384"}, {"165", "hmac-sha512"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (piece_is(number, known[i].number))
			return (struct piece){known[i].name, strlen(known[i].name)};
	return number;
}

/* K*.key: NAME [TTL] IN KEY flags protocol algorithm secret, the secret perhaps in several words. */
static bool record(const char *at, const char *end, struct fields *f, const char **wrong)
{
	struct piece word, number;
	bool key = false;

	if (!word_take(&at, end, &f->name))
		return false;
	for (int i = 0; i < 3 && !key && word_take(&at, end, &word); i++)
		key = piece_is(word, "KEY");
	if (!key)
		return false;
	*wrong = "the KEY record lacks its secret";
	if (!word_take(&at, end, &word) || !word_take(&at, end, &word) || !word_take(&at, end, &number) ||
	    !word_take(&at, end, &f->secret))
		return true;
	f->algorithm = algorithm_of(number);
	f->secret.length = (size_t)(end - f->secret.at);
	*wrong = NULL;
	return true;
}

/* K<name>.+<algorithm>+<number>.private holds no name, but its own says it. */
static bool name_of_private(const char *source, struct piece *name)
{
	const char *file = source ? strrchr(source, '/') : NULL, *end = file ? strstr(file, ".+") : NULL;

	if (!end || file[1] != 'K' || end == file + 2)
		return false;
	*name = (struct piece){file + 2, (size_t)(end - file - 2)};
	return true;
}

static const char *private_half(const char *text, const char *end, const char *source, struct fields *f)
{
	struct piece key, value;

	if (!name_of_private(source, &f->name))
		return "it is the private half of a pair of files, in which no name stands; keep the name "
		       "that "
		       "dnssec-keygen gave it (K*.private), or give the one that ends in .key";
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text)), *at = text;
		eol = eol ? eol : end;
		if (word_take(&at, eol, &key) && word_take(&at, eol, &value)) {
			if (piece_is(key, "Algorithm:"))
				f->algorithm = algorithm_of(value);
			else if (piece_is(key, "Key:"))
				f->secret = value;
		}
		text = eol < end ? eol + 1 : end;
	}
	return f->secret.at ? NULL : "it is a private key, but not one of TSIG: there is no line Key:";
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
	if (second)
		f->algorithm = (struct piece){text, (size_t)(first - text)};
	text = second ? first + 1 : text;
	first = second ? second : first;
	f->name = (struct piece){text, (size_t)(first - text)};
	f->secret = (struct piece){first + 1, (size_t)(end - first - 1)};
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
	size_t n = tsig_name_wire(wire, f->name.at, f->name.length);

	if (n == 0)
		return "the key's name is not a domain name";
	for (size_t i = 0; i < n - 2; i++)
		key->name[i] = f->name.at[i] == '.' ? '.' : (char)wire[i + 1];
	key->name[n - 2] = '\0';
	key->algorithm = f->algorithm.at ? tsig_algorithm_find(f->algorithm.at, f->algorithm.length)
	                                 : tsig_algorithm_find("hmac-sha256", 11);
	if (!key->algorithm)
		return "its algorithm is unknown; known are hmac-sha256, -sha512, -sha384, -sha224, "
		       "-sha1 and -md5";
	key->secret_length = base64_decode(key->secret, sizeof(key->secret), f->secret.at, f->secret.length);
	if (key->secret_length == 0)
		return "its secret is not base64 of 1 to 1024 octets";
	return NULL;
}

static const char *one_line(const char *start, const char *end, struct fields *f)
{
	struct lexer l = {.end = end};
	size_t n = 0;

	while (start + n < end && !is_space(start[n]))
		n++;
	l.at = start + n;
	return skip_blank(&l) && l.at == end ? colons(start, n, f) : "it is not a TSIG key; write " FORMS;
}

/* By what it begins with. */
static const char *text_read(const char *start, const char *end, const char *source, struct fields *f)
{
	struct lexer l = {.at = start, .end = end};
	enum token t = next(&l);
	const char *wrong = NULL;
	struct fields record_fields = {0};

	if (t == WORD && word_is(&l, "Private-key-format:"))
		return private_half(start, end, source, f);
	if (t == WORD && word_is(&l, "key:"))
		return yaml(start, end, f);
	if (record(start, end, &record_fields, &wrong)) {
		*f = record_fields;
		return wrong;
	}
	if (t == WORD && !memchr(l.word, ':', l.length) && l.at < end) {
		struct lexer more = l;
		enum token second = next(&more);
		if (word_is(&l, "key") || second == OPEN || second == QUOTED)
			return statements(start, end, f);
	}
	return word_is(&l, "key") ? statements(start, end, f) : one_line(start, end, f);
}

const char *keyfile_parse(struct tsig_key *key, const char *text, size_t length, const char *source)
{
	struct lexer l = {.at = text, .end = text + length};
	struct fields f = {0};
	const char *wrong;

	memset(key, 0, sizeof(*key));
	if (length > TEXT_MOST)
		return "it is too long for a TSIG key";
	if (begins(&l, "\xef\xbb\xbf"))
		l.at += 3;
	if (!skip_blank(&l) || l.at == l.end)
		return "it holds no TSIG key; write " FORMS;
	wrong = text_read(l.at, l.end, source, &f);
	if (!wrong)
		wrong = fields_take(key, &f);
	if (wrong)
		tsig_key_wipe(key);
	return wrong;
}

const char *keyfile_parts(struct tsig_key *key, const char *name, const char *algorithm, const char *secret)
{
	struct fields f = {.name = {name, strlen(name)}, .secret = {secret, strlen(secret)}};
	const char *wrong;

	if (algorithm)
		f.algorithm = (struct piece){algorithm, strlen(algorithm)};
	memset(key, 0, sizeof(*key));
	wrong = fields_take(key, &f);
	if (wrong)
		tsig_key_wipe(key);
	return wrong;
}
