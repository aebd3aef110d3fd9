#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base64.h"

static FILE *text_open(char **text, size_t *length)
{
	FILE *f = open_memstream(text, length);

	if (!f)
		abort();
	return f;
}

static void text_close(FILE *f)
{
	if (fclose(f) != 0)
		abort();
}

char *message_text(const struct message_field *field, size_t n)
{
	size_t length;
	char *text;
	FILE *f = text_open(&text, &length);

	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%s: %s", i ? "\n" : "", field[i].name, field[i].value);
	text_close(f);
	return text;
}

char *message_authorization(const struct key *key, const char *key_id, const struct message_field *field,
                            size_t n)
{
	char *text = message_text(field, n), *encoded, *value;
	size_t length;
	unsigned char *signature = key_sign(key, KEY_RS256, text, strlen(text), &length);
	FILE *f;

	free(text);
	if (!signature)
		return NULL;
	encoded = base64_text(signature, length);
	free(signature);
	f = text_open(&value, &length);
	fprintf(f, "Signature version=\"1\",headers=\"");
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%s", i ? " " : "", field[i].name);
	fprintf(f, "\",keyId=\"%s\",algorithm=\"rsa-sha256\",signature=\"%s\"", key_id, encoded);
	text_close(f);
	free(encoded);
	return value;
}

void message_date(char to[32], long long seconds)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		abort();
	snprintf(to, 32, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
	         months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
