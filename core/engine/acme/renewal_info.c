#include "engine/acme/renewal_info.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/url.h"
#include "engine/acme/rfc3339.h"

#define MINUTE_S 60
#define HOUR_S   (60 * MINUTE_S)
#define DAY_S    (24 * HOUR_S)

enum { ID_PART_MOST = 128 };

bool renewal_window_parse(const json_t *json, int64_t until, struct renewal_window *w, struct err *e)
{
	const json_t *window = json_object_get(json, "suggestedWindow");
	const char *url = json_string_value(json_object_get(json, "explanationURL"));

	*w = (struct renewal_window){
	    .start = rfc3339_parse(json_string_value(json_object_get(window, "start"))),
	    .end = rfc3339_parse(json_string_value(json_object_get(window, "end"))),
	};
	if (!w->start || !w->end)
		return err_set(e, "the answer has no suggestedWindow with two dates");
	if (w->end <= w->start)
		return err_set(e, "the suggested window ends before it begins");
	if (w->start >= until)
		return err_set(e, "the suggested window begins when the certificate has expired");
	w->explanation = url && url_valid(url) ? xstrdup(url) : NULL;
	return true;
}

void renewal_window_clear(struct renewal_window *w)
{
	free(w->explanation);
	*w = (struct renewal_window){0};
}

int64_t renewal_ask_after_s(uint64_t retry_after_ms)
{
	int64_t s = (int64_t)(retry_after_ms / 1000);

	if (!retry_after_ms)
		return 6 * HOUR_S;
	if (s < MINUTE_S)
		return MINUTE_S;
	return s > DAY_S ? DAY_S : s;
}

bool renewal_id_valid(const char *cert_id)
{
	const char *dot = strchr(cert_id, '.');
	char *key = dot ? xstrndup(cert_id, (size_t)(dot - cert_id)) : NULL;
	bool ok = key && str_is_b64url(key, 1, ID_PART_MOST) && str_is_b64url(dot + 1, 1, ID_PART_MOST);

	free(key);
	return ok;
}
