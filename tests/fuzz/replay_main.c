/* Runs a fuzz target over files and folders of inputs, where no fuzzer's own main() is linked. */
#include <dirent.h>
#include <stdio.h>

#include "fuzz/fuzz.h"

#define INPUT_MOST (1024 * 1024)

static unsigned inputs;

static bool replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *octets = malloc(INPUT_MOST), *exact;
	size_t n;

	if (!f || !octets) {
		perror(path);
		free(octets);
		if (f)
			fclose(f);
		return false;
	}
	n = fread(octets, 1, INPUT_MOST, f);
	fclose(f);
	exact = malloc(n ? n : 1);
	fuzz_must(exact != NULL);
	memcpy(exact, octets, n);
	free(octets);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	inputs++;
	return true;
}

static bool replay_folder(const char *path, DIR *d)
{
	struct dirent *entry;
	bool ok = true;

	while ((entry = readdir(d))) {
		char file[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		/* Told before, so that the last line names the input that ends the process. */
		printf("%s\n", file);
		fflush(stdout);
		ok = replay_file(file) && ok;
	}
	closedir(d);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = true;

	for (int i = 1; i < argc; i++) {
		DIR *d;

		if (argv[i][0] == '-')
			continue; /* an option of libFuzzer */
		d = opendir(argv[i]);
		ok = (d ? replay_folder(argv[i], d) : replay_file(argv[i])) && ok;
	}
	printf("%u inputs\n", inputs);
	return ok && inputs ? 0 : 1;
}
