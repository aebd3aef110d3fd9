#include "config.h"

#include "launcher/config_schema.h"

#include "common/spec/spec.h"

#define NAME_PATTERN "^[a-z0-9_-][a-z0-9._-]{0,199}$"

/* An editor may see a number or a truth value in what is text to us. */
static json_t *text_schema(void)
{
	return json_pack("{s:[s, s, s]}", "type", "string", "number", "boolean");
}

static json_t *words_schema(const struct spec_row *row)
{
	json_t *words = json_array();
	for (size_t i = 0; row->words[i]; i++)
		json_array_append_new(words, json_string(row->words[i]));
	json_array_append_new(words, json_string("none"));
	if (row->type == SPEC_WORD && row->words[0] && row->words[1] && !row->words[2]) {
		json_array_append_new(words, json_true()); /* yes and no, as an editor may read them */
		json_array_append_new(words, json_false());
	}
	return json_pack("{s:o}", "enum", words);
}

static json_t *one_schema(const struct spec_row *row)
{
	switch (row->type) {
	case SPEC_YES:
		return json_pack("{s:[b, b, s, s, s]}", "enum", 1, 0, "yes", "no", "none");
	case SPEC_SECONDS:
		return json_pack("{s:[s, s], s:s}", "type", "integer", "string", "pattern",
		                 "^([0-9]+[smhd]?|none|auto)$");
	case SPEC_WORD:
		return words_schema(row);
	case SPEC_SOURCE:
		return json_pack("{s:s, s:s}", "type", "string", "pattern",
		                 "^(file:/|cred:|env:|cmd:|none$)");
	case SPEC_FILE:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", "^(/|none$|system$)");
	case SPEC_MAP:
	case SPEC_PAIR:
		return json_pack("{s:[s, s]}", "type", "object", "string");
	default:
		return text_schema();
	}
}

/* A list, or words. */
static json_t *key_schema(const struct spec_row *row, bool many)
{
	json_t *one = many ? json_pack("{s:[o, {s:s, s:o}]}", "anyOf", text_schema(), "type", "array",
	                               "items", text_schema())
	                   : one_schema(row);
	if (row->type == SPEC_WORD && row->most_here) {
		json_decref(one);
		one =
		    json_pack("{s:[o, {s:s, s:i, s:o}, {s:s}]}", "anyOf", words_schema(row), "type", "array",
		              "maxItems", (int)row->most_here, "items", words_schema(row), "type", "string");
	}
	json_object_set_new(one, "description", json_string(row->help));
	return one;
}

static json_t *thing_schema(unsigned place, bool own)
{
	json_t *keys = json_object();
	for (int i = 0; i < KEYS; i++) {
		const struct spec_row *row = &spec_table[i];
		bool many = row->type != SPEC_PAIR && (row->many || i == KEY_DNS);
		if (row->places & place && (own || !row->own))
			json_object_set_new(keys, row->name, key_schema(row, many));
	}
	return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", keys, "additionalProperties", 0);
}

/* A section of named things; they may be empty. */
static json_t *named_schema(json_t *thing)
{
	return json_pack("{s:[s, s], s:{s:s}, s:o}", "type", "object", "null", "propertyNames", "pattern",
	                 NAME_PATTERN, "additionalProperties", thing);
}

static json_t *certificate_schema(void)
{
	return json_pack("{s:[{s:[s, s]}, {s:s, s:{s:s}}, o]}", "anyOf", "type", "string", "null", "type",
	                 "array", "items", "type", "string", thing_schema(SPEC_IN_CERTIFICATE, true));
}

static json_t *deploy_schema(void)
{
	return json_pack("{s:s, s:{s:s, s:i, s:i}}", "type", "array", "items", "type", "object",
	                 "minProperties", 1, "maxProperties", 1);
}

json_t *config_schema(void)
{
	json_t *sections = json_object();
	json_object_set_new(sections, "defaults", thing_schema(SPEC_IN_CERTIFICATE, false));
	json_object_set_new(sections, "ca", named_schema(thing_schema(SPEC_IN_CA, false)));
	json_object_set_new(sections, "dns", named_schema(thing_schema(SPEC_IN_DNS, false)));
	json_object_set_new(sections, "deploy", named_schema(deploy_schema()));
	json_object_set_new(sections, "certificates", named_schema(certificate_schema()));
	json_object_set_new(sections, "lists",
	                    json_pack("{s:[s, s], s:o}", "type", "array", "null", "items",
	                              thing_schema(SPEC_IN_CERTIFICATE | SPEC_IN_LIST, false)));
	return json_pack("{s:s, s:s, s:s, s:o, s:b}", "$schema",
	                 "https://json-schema.org/draft/2020-12/schema", "title", "dnsproof.yaml", "type",
	                 "object", "properties", sections, "additionalProperties", 0);
}
