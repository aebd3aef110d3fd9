#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "launcher/secret_kinds.h"

char *secret_text(struct buf *b, const char *what, struct err *e)
{
	char *text = NULL;
	while (b->len > 0 && strchr("\r\n", b->data[b->len - 1]) && b->data[b->len - 1])
		b->data[--b->len] = '\0';
	if (b->len == 0)
		err_set(e, "%s gives nothing", what);
	else if (memchr(b->data, '\0', b->len))
		err_set(e, "%s gives what is not text", what);
	else
		text = xstrdup(b->data);
	buf_wipe(b);
	return text;
}
