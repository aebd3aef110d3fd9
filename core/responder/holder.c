#include "config.h"

#include "responder/holder.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"

enum { LINE_MOST = 512, TCP_LISTENS = 0x0a };

struct entry {
	char address[INET6_ADDRSTRLEN];
	unsigned long inode;
};

/* The addresses in /proc/net are words of the machine's byte order, in hexadecimal. */
static void address_read(const char *hex, struct entry *to)
{
	size_t n = strlen(hex) / 8;
	uint32_t word[4] = {0};
	char part[9] = {0};

	for (size_t i = 0; i < n && i < 4; i++) {
		memcpy(part, hex + i * 8, 8);
		word[i] = (uint32_t)strtoul(part, NULL, 16);
	}
	inet_ntop(n == 1 ? AF_INET : AF_INET6, word, to->address, sizeof(to->address));
}

static bool line_read(const char *line, unsigned port, bool tcp, struct entry *to)
{
	char hex[40];
	unsigned at, state;

	if (sscanf(line, " %*[^:]: %39[0-9A-Fa-f]:%x %*s %x %*s %*s %*s %*s %*s %lu", hex, &at, &state,
	           &to->inode) != 4 ||
	    at != port || (tcp && state != TCP_LISTENS))
		return false;
	address_read(hex, to);
	return true;
}

static bool entry_find(unsigned port, struct entry *to)
{
	static const char *const files[] = {"/proc/net/udp", "/proc/net/tcp", "/proc/net/udp6",
	                                    "/proc/net/tcp6"};
	char line[LINE_MOST];
	bool found = false;

	for (size_t i = 0; i < 4 && !found; i++) {
		FILE *f = fopen(files[i], "re");
		while (f && !found && fgets(line, sizeof(line), f))
			found = line_read(line, port, i % 2 == 1, to);
		if (f)
			fclose(f);
	}
	return found;
}

static bool process_has(const char *pid, unsigned long inode)
{
	char path[300], want[40], have[40];
	bool found = false;
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	snprintf(want, sizeof(want), "socket:[%lu]", inode);
	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), d->d_name, have, sizeof(have) - 1);
		have[n > 0 ? n : 0] = '\0';
		found = strcmp(have, want) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

static void program_name(const char *pid, char name[32])
{
	char path[300];
	FILE *f;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	f = fopen(path, "re");
	if (f && fgets(name, 32, f))
		name[strcspn(name, "\n")] = '\0';
	if (f)
		fclose(f);
	for (char *c = name; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
}

static void program_find(unsigned long inode, char name[32])
{
	DIR *proc = opendir("/proc");
	struct dirent *d;

	name[0] = '\0';
	while (proc && !*name && (d = readdir(proc)))
		if (isdigit((unsigned char)d->d_name[0]) && process_has(d->d_name, inode))
			program_name(d->d_name, name);
	if (proc)
		closedir(proc);
}

char *holder_of(unsigned port)
{
	struct entry entry;
	char name[32];

	if (!entry_find(port, &entry))
		return NULL;
	program_find(entry.inode, name);
	if (!*name && strcmp(entry.address, "127.0.0.53") == 0)
		strcpy(name, "systemd-resolved");
	return *name ? xasprintf("%s (%s)", name, entry.address)
	             : xasprintf("a program at %s", entry.address);
}
