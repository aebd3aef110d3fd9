#include "common/stamp.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"

uint64_t stamp_file(uint64_t h, int at, const char *name, int flags)
{
	struct stat st;
	char text[128] = "missing";

	if (fstatat(at, name, &st, flags) == 0)
		snprintf(text, sizeof(text), "%ju %jd.%09ld %jd", (uintmax_t)st.st_ino,
		         (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (intmax_t)st.st_size);
	return fnv_text(h, text);
}

char *stamp_pair(int folder)
{
	static const char *const files[] = {"privkey.pem",  "cert.pem",  "chain.pem", "fullchain.pem",
	                                    "combined.pem", "meta.json", "revoked"};
	static const char *const seconds[] = {"rsa", "ecdsa"}; /* of a second key type */
	char target[256];
	ssize_t n = readlinkat(folder, "live", target, sizeof(target) - 1);
	int live = openat(folder, "live", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t h = FNV_START;

	if (n < 0 || live < 0) {
		if (live >= 0)
			close(live);
		return NULL;
	}
	target[n] = '\0';
	h = fnv_text(h, target);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		h = stamp_file(h, live, files[i], AT_SYMLINK_NOFOLLOW);
	for (size_t s = 0; s < sizeof(seconds) / sizeof(seconds[0]); s++) {
		int second = openat(live, seconds[s], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		for (size_t i = 0; second >= 0 && i < sizeof(files) / sizeof(files[0]); i++)
			h = stamp_file(h, second, files[i], AT_SYMLINK_NOFOLLOW);
		if (second >= 0)
			close(second);
	}
	close(live);
	return xasprintf("%016" PRIx64, h);
}
