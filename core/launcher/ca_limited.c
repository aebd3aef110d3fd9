#include "config.h"

#include "launcher/ca_limited.h"

#include <stdlib.h>
#include <string.h>

#include "common/bucket.h"
#include "launcher/strings.h"

enum { ACCOUNT, BUCKET, UNTIL };

static int64_t until(const json_t *limited, const char *account, char *bucket)
{
	const json_t *row;
	int64_t at = 0;
	size_t i;
	json_array_foreach(limited, i, row)
	{
		if (strcmp(strings_at(row, BUCKET), bucket) == 0 &&
		    strcmp(strings_at(row, ACCOUNT), account) == 0)
			at = json_integer_value(json_array_get(row, UNTIL));
	}
	free(bucket);
	return at;
}

int64_t ca_limited_until(const json_t *limited, const char *account, const char *names, bool sets)
{
	struct strs words = {0};
	if (!json_array_size(limited))
		return 0;
	strs_words(&words, names);
	int64_t last = sets ? until(limited, account, bucket_of_set(&words)) : 0;
	for (size_t i = 0; i < words.n; i++) {
		int64_t at = until(limited, account, bucket_of_failures(words.at[i]));
		last = at > last ? at : last;
	}
	strs_free(&words);
	return last;
}
