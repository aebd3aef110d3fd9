#include "config.h"

#include "symbol.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define FILE_MOST ((off_t)256 << 20)

struct image {
	const unsigned char *at;
	size_t n;
};

/* Copies n bytes from an offset; false when they are not all in the file. */
static bool image_read(const struct image *i, uint64_t offset, void *to, size_t n)
{
	if (offset > i->n || n > i->n - offset)
		return false;
	memcpy(to, i->at + offset, n);
	return true;
}

static bool header_read(const struct image *i, ElfW(Ehdr) * h, struct err *e)
{
	const unsigned char class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

	if (!image_read(i, 0, h, sizeof(*h)) || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
		return err_set(e, "it is not an ELF file");
	if (h->e_ident[EI_CLASS] != class || h->e_type != ET_DYN)
		return err_set(e, "it is not a shared object of this machine");
	return true;
}

static bool section_read(const struct image *i, const ElfW(Ehdr) * h, size_t n, ElfW(Shdr) * s)
{
	return n < h->e_shnum && h->e_shentsize == sizeof(*s) &&
	       image_read(i, h->e_shoff + (uint64_t)n * sizeof(*s), s, sizeof(*s));
}

static bool name_is(const struct image *i, const ElfW(Shdr) * strings, uint64_t offset, const char *name)
{
	size_t n = strlen(name) + 1;
	uint64_t at = strings->sh_offset + offset;

	if (offset > strings->sh_size || n > strings->sh_size - offset)
		return false;
	return at <= i->n && n <= i->n - at && !memcmp(i->at + at, name, n);
}

static bool symbols_search(const struct image *i, const ElfW(Shdr) * table, const ElfW(Shdr) * strings,
                           const char *name, ElfW(Sym) * found)
{
	for (uint64_t n = 0; n < table->sh_size / sizeof(*found); n++) {
		if (!image_read(i, table->sh_offset + n * sizeof(*found), found, sizeof(*found)))
			return false;
		if (found->st_shndx != SHN_UNDEF && name_is(i, strings, found->st_name, name))
			return true;
	}
	return false;
}

static bool image_search(const struct image *i, const char *name, size_t *size, struct err *e)
{
	ElfW(Ehdr) h;
	ElfW(Shdr) table, strings;
	ElfW(Sym) symbol;

	if (!header_read(i, &h, e))
		return false;
	for (size_t n = 0; section_read(i, &h, n, &table); n++) {
		if (table.sh_type != SHT_DYNSYM || !section_read(i, &h, table.sh_link, &strings))
			continue;
		if (!symbols_search(i, &table, &strings, name, &symbol))
			continue;
		if (ELF32_ST_TYPE(symbol.st_info) != STT_OBJECT)
			return err_set(e, "its symbol %s is not data", name);
		*size = symbol.st_size;
		return true;
	}
	return err_set(e, "it does not define %s, so it is not a provider module", name);
}

bool symbol_find_data(int fd, const char *name, size_t *size, struct err *e)
{
	struct image i;
	struct stat st;
	void *map;
	bool ok;

	if (fstat(fd, &st) != 0)
		return err_set(e, "%s", strerror(errno));
	if (st.st_size <= 0 || st.st_size > FILE_MOST)
		return err_set(e, "it is not an ELF file");
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return err_set(e, "%s", strerror(errno));
	i = (struct image){map, (size_t)st.st_size};
	ok = image_search(&i, name, size, e);
	munmap(map, i.n);
	return ok;
}
