#define _GNU_SOURCE
#include "hosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api.h"
#include "shared/given.h"

/* https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/ */
static const char *const types[] = {"A",   "AAAA", "ALIAS", "CAA", "CNAME",  "MX",
                                    "MXE", "NS",   "TXT",   "URL", "URL301", "FRAME"};
static const char *const kept[] = {"Name", "Type", "Address", "MXPref", "TTL"};
/* What the API makes itself, or what is for people. */
static const char *const made[] = {"HostId", "AssociatedAppTitle", "FriendlyName", "IsActive",
                                   "IsDDNSEnabled"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

void hosts_free(struct hosts *hosts)
{
	json_decref(hosts->list);
}

const char *hosts_text(const json_t *record, const char *member)
{
	const char *text = json_string_value(json_object_get(record, member));

	return text ? text : "";
}

static int is_among(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(word, words[i]))
			return 1;
	return 0;
}

/* Why a record cannot be written back as it is, or NULL. */
static const char *trouble(const json_t *host)
{
	const char *type = api_text(host, "@Type"), *active = api_text(host, "@IsActive");
	const char *dynamic = api_text(host, "@IsDDNSEnabled"), *key;
	json_t *value;

	for (size_t i = 0; i < 3; i++)
		if (!api_member(host, i == 0 ? "@Name" : i == 1 ? "@Type" : "@Address"))
			return "lacks its name, type or address";
	if (!type || !is_among(type, types, COUNT(types)))
		return "is of a type that the API cannot write";
	if (active && !strcasecmp(active, "false"))
		return "is switched off, which the API cannot write";
	if (dynamic && !strcasecmp(dynamic, "true"))
		return "is for dynamic DNS, which the API cannot write";
	json_object_foreach(
	    (json_t *)host, key,
	    value) if (!json_is_string(value) || *key != '@' ||
	               !(is_among(key + 1, kept, COUNT(kept)) ||
	                 is_among(key + 1, made,
	                          COUNT(made)))) return "has a member that is not known here and "
	                                                "would be lost";
	return NULL;
}

static json_t *record_make(const json_t *host)
{
	json_t *record = json_object();
	char key[32];

	for (size_t i = 0; i < COUNT(kept); i++) {
		const char *text;

		snprintf(key, sizeof(key), "@%s", kept[i]);
		text = api_text(host, key);
		if (text)
			json_object_set_new(record, kept[i], json_string(text));
	}
	return record;
}

static enum dnsproof_rc host_take(const struct dnsproof_call *call, const json_t *host, struct hosts *hosts)
{
	const char *why = trouble(host), *name = api_text(host, "@Name"), *type = api_text(host, "@Type");

	if (why)
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "the record %s %s %s; nothing is changed in this zone",
		                        name ? name : "?", type ? type : "?", why);
	json_array_append_new(hosts->list, record_make(host));
	return DNSPROOF_OK;
}

static enum dnsproof_rc result_take(const struct dnsproof_call *call, const json_t *result,
                                    struct hosts *hosts)
{
	const char *ours = api_text(result, "@IsUsingOurDNS"), *mail = api_text(result, "@EmailType"), *key;
	enum dnsproof_rc rc = DNSPROOF_OK;
	json_t *value, *host;
	size_t i;

	if (!ours)
		return call->host->fail(call, DNSPROOF_TEMP,
		                        "Namecheap's list of records is not of the known form");
	if (strcasecmp(ours, "true") != 0)
		return call->host->fail(call, DNSPROOF_NOZONE,
		                        "the domain does not use Namecheap's name servers");
	hosts->mail = mail && *mail ? call->host->text(call, "%s", mail) : NULL;
	json_object_foreach((json_t *)result, key, value)
	{
		if (*key == '@' || *key == '#')
			continue;
		if (strcasecmp(key, "host") != 0)
			return call->host->fail(
			    call, DNSPROOF_INVALID,
			    "Namecheap's list holds %s, which is not known here and would be lost", key);
		if (!json_is_array(value))
			rc = host_take(call, value, hosts);
		json_array_foreach(value, i, host) if (rc == DNSPROOF_OK) rc = host_take(call, host, hosts);
	}
	return rc;
}

enum dnsproof_rc hosts_read(const struct dnsproof_call *call, const char *zone, struct hosts *hosts)
{
	json_t *result;
	enum dnsproof_rc rc;

	*hosts = (struct hosts){.list = json_array()};
	rc = api_run(call, zone, "namecheap.domains.dns.getHosts", "", "DomainDNSGetHostsResult", &result);
	if (rc == DNSPROOF_OK)
		rc = result_take(call, result, hosts);
	json_decref(result);
	return rc;
}

static const char *form_make(const struct dnsproof_call *call, const struct hosts *hosts)
{
	static const char *const fields[] = {"HostName", "RecordType", "Address", "MXPref", "TTL"};
	const json_t *record;
	const char *copy;
	size_t i, n;
	char *form;
	FILE *f = open_memstream(&form, &n);

	if (!f)
		abort();
	if (hosts->mail)
		fprintf(f, "&EmailType=%s", given_form(call, hosts->mail));
	json_array_foreach(hosts->list, i, record) for (size_t k = 0; k < COUNT(kept);
	                                                k++) if (json_object_get(record, kept[k]))
	    fprintf(f, "&%s%zu=%s", fields[k], i + 1, given_form(call, hosts_text(record, kept[k])));
	if (fclose(f) != 0)
		abort();
	copy = call->host->text(call, "%s", form);
	free(form);
	return copy;
}

enum dnsproof_rc hosts_write(const struct dnsproof_call *call, const char *zone, const struct hosts *hosts)
{
	json_t *result;
	enum dnsproof_rc rc = api_run(call, zone, "namecheap.domains.dns.setHosts", form_make(call, hosts),
	                              "DomainDNSSetHostsResult", &result);
	const char *success = api_text(result, "@IsSuccess");

	if (rc == DNSPROOF_OK && (!success || strcasecmp(success, "true") != 0))
		rc = call->host->fail(call, DNSPROOF_TEMP, "Namecheap did not say that it took the records");
	json_decref(result);
	return rc;
}

static int is_same(const json_t *a, const json_t *b)
{
	return !strcasecmp(hosts_text(a, "Name"), hosts_text(b, "Name")) &&
	       !strcasecmp(hosts_text(a, "Type"), hosts_text(b, "Type")) &&
	       !strcmp(hosts_text(a, "Address"), hosts_text(b, "Address"));
}

int hosts_are_same(const struct hosts *a, const struct hosts *b)
{
	json_t *rest = json_copy(b->list);
	size_t i, j = 0, n = json_array_size(a->list);
	const json_t *record;

	json_array_foreach(a->list, i, record)
	{
		for (j = 0; j < json_array_size(rest); j++)
			if (is_same(record, json_array_get(rest, j)))
				break;
		if (j == json_array_size(rest))
			break;
		json_array_remove(rest, j);
	}
	j = json_array_size(rest);
	json_decref(rest);
	return i == n && j == 0;
}
