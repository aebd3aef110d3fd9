#include "config.h"

#include "unit.h"

#include "host/mask.h"

static void masks(const char *text, const char *want)
{
	char *masked = mask_text(text);

	assert_string_equal(masked, want);
	free(masked);
}

static int wipe(void **state)
{
	mask_wipe();
	return 0;
}

TEST_WITH(test_everywhere, NULL, wipe)
{
	mask_add("s3cr3t");
	masks("s3cr3t", "***");
	masks("a s3cr3t b s3cr3t", "a *** b ***");
	masks("s3cr3ts3cr3t", "******");
	masks("s3cr3", "s3cr3");
	masks("", "");
}

TEST_WITH(test_longest_first, NULL, wipe)
{
	mask_add("abcd");
	mask_add("abcdefgh");
	mask_add("abcdef");
	masks("abcdefgh abcdefg abcd", "*** ***g ***");
}

TEST_WITH(test_short_values_stay, NULL, wipe)
{
	mask_add("abc");
	mask_add("");
	masks("abc", "abc");
}

TEST_WITH(test_parts_of_a_key_file, NULL, wipe)
{
	mask_add("key \"acme-update-key.example\" {\n\talgorithm hmac-sha256;\n\tsecret "
	         "\"c2VjcmV0IG9mIHRoaXMga2V5IGZpbGU=\";\n};");
	masks("bad c2VjcmV0IG9mIHRoaXMga2V5IGZpbGU= of acme-update-key.example", "bad *** of "
	                                                                         "acme-update-key.example");
	masks("line: \talgorithm hmac-sha256;", "line: ***");
}

TEST_WITH(test_members_of_a_json_file, NULL, wipe)
{
	mask_add("{\"project_id\": \"project-77-of-somebody\", \"fulldomain\": "
	         "\"8e5700ea-a4bf-41c7-8a77-e990661dcc6a.d.test\",\n"
	         "\"password\": \"htB9mR9DYgcu9bX_afHF62erXaH2TS7b\", \"more\": {\"deep\": "
	         "[\"c36f50e8-4632-44f0-83fe-e070fef2\"]},\n"
	         "\"private_key\": \"-----BEGIN PRIVATE "
	         "KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END\"}");
	masks("project-77-of-somebody 8e5700ea-a4bf-41c7-8a77-e990661dcc6a.d.test",
	      "project-77-of-somebody 8e5700ea-a4bf-41c7-8a77-e990661dcc6a.d.test");
	masks("htB9mR9DYgcu9bX_afHF62erXaH2TS7b c36f50e8-4632-44f0-83fe-e070fef2", "*** ***");
	masks("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "***");
	mask_wipe();
	mask_add("{\"broken\": \"htB9mR9DYgcu9bX_afHF62erXaH2TS7b\"");
	masks("htB9mR9DYgcu9bX_afHF62erXaH2TS7b", "***");
}

TEST_WITH(test_parts_of_a_triple, NULL, wipe)
{
	mask_add("hmac-sha256:acme-key:MTIzNDU2Nzg5MGFiY2RlZg==");
	masks("key acme-key MTIzNDU2Nzg5MGFiY2RlZg==", "key acme-key ***");
	masks("hmac-sha256:acme-key:MTIzNDU2Nzg5MGFiY2RlZg==", "***");
}

TEST_WITH(test_forms, NULL, wipe)
{
	mask_add("a/b c\"d");
	masks("k=a%2Fb%20c%22d&", "k=***&");
	masks("k=a%2Fb+c%22d&", "k=***&");
	masks("k=a%2fb%20c%22d&", "k=***&");
	masks("{\"k\": \"a/b c\\\"d\"}", "{\"k\": \"***\"}");
	masks("Basic YS9iIGMiZA==", "Basic ***");
	masks("a/b c", "a/b c");
}

TEST_WITH(test_line, NULL, wipe)
{
	char *line;

	mask_add("two\nlines of it");
	line = mask_line("x two\nlines of it y\n\033[1m", 80);
	assert_string_equal(line, "x *** y??[1m");
	free(line);
	line = mask_line("0123456789 0123456789", 10);
	assert_true(strlen(line) <= 10);
	assert_memory_equal(line, "0123", 4);
	free(line);
}

TEST_WITH(test_many, NULL, wipe)
{
	char value[24];

	for (int i = 0; i < 100; i++) {
		snprintf(value, sizeof(value), "value-%d.", i);
		mask_add(value);
	}
	masks("value-0. value-99. value-100.", "*** *** value-100.");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
