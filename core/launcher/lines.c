#include "config.h"

#include "launcher/lines.h"

#include <stdlib.h>

#include "common/mem.h"

void lines_add(struct buf *b, json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	buf_add_str(b, text);
	buf_add_str(b, "\n");
	mem_wipe_free(text);
}

json_t *lines_part(const json_t *list, size_t at)
{
	json_t *part = json_array();
	for (size_t i = at; i < json_array_size(list) && i < at + LINES_LIST; i++)
		json_array_append(part, json_array_get(list, i));
	return part;
}
