/* Questions that are nearly right, 200,000 of them (or as many as the argument says), each answered in every way.
 * The long form is tests/fuzz/run. */
#include "unit.h"

#include "mutate.h"
#include "world.h"

static size_t question_any(uint8_t packet[1500])
{
	static const char *const names[] = {"sa.test",
	                                    "_acme-challenge.sa.test",
	                                    "_acme-challenge.many.sa.test",
	                                    "b.sa.test",
	                                    "ns.sa.test",
	                                    "no.where",
	                                    "",
	                                    "_ACME-challenge.SA.test"};
	static const unsigned types[] = {1, 2, 6, 16, 28, 41, 250, 251, 252, 255, 65535};

	return world_question(packet, names[dice(8)], types[dice(11)], dice(8) ? 1 : dice(256),
	                      (int)dice(3) - 1, dice(5000));
}

int main(int argc, char **argv)
{
	unsigned long times = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
	struct authority a[2];

	world_make(&a[0], true);
	a[1] = (struct authority){.table = table_new(), .nss = 1, .ns = {a[0].ns[0]}};
	world_put(&a[1], "_acme-challenge.sa.test", 7);
	for (unsigned long i = 0; i < times; i++) {
		uint8_t packet[1500];
		size_t n = question_any(packet);
		for (unsigned k = dice(4); k > 0 && n > 0; k--)
			n = mutate(packet, n);
		uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees what is read beyond it */
		assert_non_null(exact);
		memcpy(exact, packet, n);
		world_check(&a[i % 2], exact, n);
		free(exact);
	}
	world_free(&a[0]);
	world_free(&a[1]);
	printf("%lu questions\n", times);
	return 0;
}
