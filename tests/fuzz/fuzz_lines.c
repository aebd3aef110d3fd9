/* What a provider host writes: JSON lines, and what the engine takes from each. */
#include "config.h"

#include <sys/mman.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/wire.h"
#include "engine/pool/protocol.h"
#include "fuzz/fuzz.h"

static void printable(const char *text)
{
	for (; text && *text; text++)
		fuzz_must((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void reply_end(struct pool_reply *r)
{
	printable(r->message);
	pool_reply_clear(r);
}

static void take(const json_t *line)
{
	struct pool_reply one = {0}, batch[3] = {{0}};
	struct pool_hello hello;
	struct err e = {0};

	if (pool_hello_parse(line, &hello, &e) != POOL_HELLO_GOOD)
		printable(e.text);
	if (pool_reply_parse(line, &one, &e))
		reply_end(&one);
	if (pool_batch_parse(line, batch, 3, &e))
		for (size_t i = 0; i < 3; i++)
			reply_end(&batch[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);
	struct buf rest = {0};
	const char *why = NULL;
	json_t *line = NULL;

	fuzz_must(fd >= 0 && write(fd, octets, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	while (wire_read(fd, &rest, &line, &why) == 1) {
		fuzz_must(json_is_object(line));
		take(line);
		json_decref(line);
	}
	buf_free(&rest);
	close(fd);
	return 0;
}
