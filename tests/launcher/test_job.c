#include "config.h"

#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/wire.h"
#include "engine_side.h"
#include "host_side.h"
#include "large_job.h"
#include "launcher/host_setup.h"

#define DNS_ACCOUNT "rfc2136-0011223344556677"

/* As one line of 1 MiB, the job ended at 4,080 certificates. */
TEST(test_many_certificates)
{
	enum { CERTS = 9000, ZONES = 60001 };
	struct large_job j;
	struct job_lines at = {0};
	struct engine_side *engine = engine_side_new();
	size_t octets = 0;
	bool goes_on = true;
	json_t *line;

	large_job_make(&j, CERTS, ZONES);
	while ((line = job_line(&j.job, &at))) {
		size_t n = json_dumpb(line, NULL, 0, JSON_COMPACT);

		assert_true(goes_on);
		assert_in_range(n, 1, WIRE_MOST / 8);
		octets += n;
		goes_on = engine_side_take(engine, line);
		json_decref(line);
	}
	assert_false(goes_on);
	assert_true(octets > 2 * (size_t)WIRE_MOST);
	assert_int_equal(engine_side_certs(engine), CERTS);
	for (size_t i = 0; i < CERTS; i++) {
		assert_string_equal(engine_side_id(engine, i), j.of[i].id);
		assert_int_equal(engine_side_names(engine, i), 2);
	}
	assert_int_equal(engine_side_zones(engine, DNS_ACCOUNT), ZONES);
	assert_string_equal(engine_side_zone(engine, DNS_ACCOUNT, ZONES - 1),
	                    "zone-060000.customers.example.test");
	engine_side_free(engine);
	large_job_free(&j);
}

/* The setup of a provider host: as many objects as the zones take, read as one policy. */
TEST(test_many_zones)
{
	enum { ZONES = 60001 };
	struct large_job j;
	struct host_setup made;
	struct host_side *host;
	struct stat document;
	struct err e;

	large_job_make(&j, 0, ZONES);
	assert_true(host_setup_make(&made, &j.dns, 0, &e));
	assert_int_equal(fstat(made.fds[3], &document), 0);
	assert_true(document.st_size > 2 * WIRE_MOST);
	host = host_side_read(dup(made.fds[3]));
	assert_string_equal(host_side_provider(host), "rfc2136");
	assert_int_equal(host_side_zones(host), ZONES);
	assert_true(host_side_allows(host, "zone-060000.customers.example.test",
	                             "_acme-challenge.zone-060000.customers.example.test"));
	assert_false(host_side_allows(host, "zone-060001.customers.example.test",
	                              "_acme-challenge.zone-060001.customers.example.test"));
	host_side_free(host);
	host_setup_free(&made);
	large_job_free(&j);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
