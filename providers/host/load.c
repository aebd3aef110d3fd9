#include "config.h"

#include "load.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "symbol.h"
#include "common/trusted.h"

#define SYMBOL       "dnsproof_provider"
#define SERVICES     "host-http"
#define OPTIONS_MOST 64

/* What the host takes itself. A module that opens sockets of its own may have two of them. */
static bool is_reserved(const char *key, bool uses_http)
{
	static const char *const reserved[] = {"provider", "via", "zones",     "targets",
	                                       "servers",  "ttl", "ca_bundle", "proxy"};
	static const char *const of_http[] = {"source_address", "address_family"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(key, reserved[i]))
			return true;
	for (size_t i = 0; uses_http && i < sizeof(of_http) / sizeof(of_http[0]); i++)
		if (!strcmp(key, of_http[i]))
			return true;
	return false;
}

static bool option_check(const struct dnsproof_option *o, const char *module, bool uses_http, struct err *e)
{
	size_t n = strlen(o->key);
	unsigned type = o->flags & (DNSPROOF_INT | DNSPROOF_BOOL | DNSPROOF_URL);

	if (n == 0 || n > TRUSTED_NAME_MOST || strspn(o->key, TRUSTED_NAME_SET "_") != n)
		return err_set(e, "module %s: bad option key in its table", module);
	if (is_reserved(o->key, uses_http))
		return err_set(e, "module %s: option key %s is reserved", module, o->key);
	if ((o->flags &
	     ~(unsigned)(DNSPROOF_REQUIRED | DNSPROOF_SECRET | DNSPROOF_ONE_OF | DNSPROOF_ENV_SET) & ~type) !=
	        0 ||
	    (type & (type - 1)) != 0)
		return err_set(e, "module %s: option %s has flags 0x%x, which make no sense", module, o->key,
		               o->flags);
	return true;
}

static bool options_check(const struct dnsproof_provider *p, struct err *e)
{
	size_t n = 0;

	for (const struct dnsproof_option *o = p->options; o && o->key; o++) {
		if (!option_check(o, p->name, p->uses_http, e))
			return false;
		if (++n > OPTIONS_MOST)
			return err_set(e, "module %s: its option table has no end", p->name);
	}
	return true;
}

static bool abi_check(unsigned abi, const char *name, struct err *e)
{
	if (abi == DNSPROOF_PROVIDER_ABI)
		return true;
	if (abi > DNSPROOF_PROVIDER_ABI)
		return err_set(e,
		               "module %s was built for provider ABI %u, this is %u: install the module "
		               "that belongs to dnsproof %s",
		               name, abi, DNSPROOF_PROVIDER_ABI, PACKAGE_VERSION);
	return err_set(e, "module %s was built for provider ABI %u, this is %u: build it anew", name, abi,
	               DNSPROOF_PROVIDER_ABI);
}

bool module_check(const void *table, size_t symbol_size, const char *name, struct dnsproof_provider *out,
                  struct err *e)
{
	const size_t least = offsetof(struct dnsproof_provider, open);
	struct {
		unsigned abi;
		size_t size;
	} head;

	_Static_assert(offsetof(struct dnsproof_provider, size) == sizeof(size_t), "head of the table");
	if (symbol_size < sizeof(head))
		return err_set(e, "module %s: its table is too small", name);
	memcpy(&head, table, sizeof(head));
	if (!abi_check(head.abi, name, e))
		return false;
	if (head.size < least || head.size > symbol_size)
		return err_set(e, "module %s: its table says %zu octets, between %zu and %zu are possible",
		               name, head.size, least, symbol_size);
	memset(out, 0, sizeof(*out));
	memcpy(out, table, head.size < sizeof(*out) ? head.size : sizeof(*out));
	if (!out->name || strcmp(out->name, name) != 0)
		return err_set(e, "module %s: its table says the name %s; rename the file to that", name,
		               out->name ? out->name : "(none)");
	if (out->replaces > DNSPROOF_ZONE)
		return err_set(e, "module %s: what one write replaces is out of range", name);
	if (!out->add || !out->del)
		return err_set(e, "module %s: lacks the call %s", name, out->add ? "del" : "add");
	return options_check(out, e);
}

static void *object_open(int fd, const char *path)
{
#if defined(__linux__)
	char self[64];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return dlopen(self, RTLD_NOW | RTLD_LOCAL);
#elif defined(__FreeBSD__)
	return fdlopen(fd, RTLD_NOW | RTLD_LOCAL);
#else
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
#endif
}

static char *module_path(const char *name, const char *folder)
{
	return xasprintf("%s/%s.so", folder ? folder : PROVIDERDIR, name);
}

bool module_exists(const char *name, const char *folder)
{
	char *path = trusted_name(name) ? module_path(name, folder) : NULL;
	bool there = path && access(path, F_OK) == 0;

	free(path);
	return there;
}

static int module_open(const char *name, const char *path, const char *folder, struct err *e)
{
	if (!trusted_name(name)) {
		err_set(e, "'%.80s' is not the name of a provider: lower-case letters, digits and '-' only",
		        name);
		return -1;
	}
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		err_set(e, "no provider '%s' in %s; dnsproof-provider --list shows those that are there",
		        name, folder ? folder : PROVIDERDIR);
		return -1;
	}
	return trusted_open(path, e);
}

/* The data of that name in the judged file. fd is closed on failure alone: the loader knows an object
 * by its path, which holds the number. */
static void *table_load(int fd, const char *path, const char *symbol, size_t *size, struct err *e)
{
	void *object, *table;

	if (!symbol_find_data(fd, symbol, size, e)) {
		err_prefix(e, "%s", path);
		close(fd);
		return NULL;
	}
	object = object_open(fd, path);
	table = object ? dlsym(object, symbol) : NULL;
	if (!table) {
		err_set(e, "%s: cannot be loaded: %s", path, dlerror());
		close(fd);
	}
	return table;
}

bool module_load(const char *name, const char *folder, struct dnsproof_provider *out, struct err *e)
{
	char *path = module_path(name, folder);
	int fd = module_open(name, path, folder, e);
	size_t size;
	void *table = fd < 0 ? NULL : table_load(fd, path, SYMBOL, &size, e);

	free(path);
	return table && module_check(table, size, name, out, e);
}

/* Where the modules are, for a folder that was named; else where it is installed. */
static char *services_path(const char *folder)
{
	char *path = folder ? module_path(SERVICES, folder) : NULL;
#ifdef TEST_HOOKS
	const char *other = getenv("DNSPROOF_PROGDIR");

	if (!path || access(path, F_OK) != 0) {
		free(path);
		path = other && *other ? module_path(".libs/" SERVICES, other) : NULL;
	}
#endif
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return module_path(SERVICES, PROGDIR);
}

const struct services *services_load(const char *folder, struct err *e)
{
	char *path = services_path(folder);
	int fd = trusted_open(path, e);
	size_t size = 0;
	const struct services *s = fd < 0 ? NULL : table_load(fd, path, SERVICES_SYMBOL_NAME, &size, e);

	if (s && (size < sizeof(*s) || s->version != SERVICES_VERSION)) {
		err_set(e, "%s belongs to another dnsproof than %s; install both anew", path,
		        PACKAGE_VERSION);
		s = NULL;
	}
	free(path);
	return s;
}

bool module_names(const char *folder, struct strs *names, struct err *e)
{
	const char *path = folder ? folder : PROVIDERDIR;
	DIR *d = opendir(path);
	struct dirent *entry;

	if (!d)
		return err_set(e, "%s: %s", path, strerror(errno));
	while ((entry = readdir(d))) {
		char *name = str_ends(entry->d_name, ".so")
		                 ? xstrndup(entry->d_name, strlen(entry->d_name) - 3)
		                 : NULL;

		if (name && trusted_name(name) && strcmp(name, SERVICES) != 0)
			strs_add(names, name);
		free(name);
	}
	closedir(d);
	strs_sort(names);
	return true;
}
