#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/net/ca_bundle.h"

bool ca_bundle_folder_hashed(const char *path)
{
	DIR *folder = path ? opendir(path) : NULL;
	struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder)) != NULL)
		found = strlen(entry->d_name) == 10 && strspn(entry->d_name, "0123456789abcdef") == 8 &&
		        strcmp(entry->d_name + 8, ".0") == 0;
	if (folder)
		closedir(folder);
	return found;
}

bool ca_bundle_bundle_ok(const char *path, struct err *e)
{
	FILE *file = fopen(path, "re");
	char line[256];
	bool found = false;

	if (!file)
		return err_set(e, "--ca-bundle %s: %s", path, strerror(errno));
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, "-----BEGIN CERTIFICATE-----") ||
		        strstr(line, "-----BEGIN TRUSTED CERTIFICATE-----");
	fclose(file);
	return found || err_set(e, "--ca-bundle %s: no PEM certificate in it", path);
}
