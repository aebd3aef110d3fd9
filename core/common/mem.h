/* Allocation that ends the process (exit 70) when memory is out: crash safety is the recovery. */
#pragma once

#include <stddef.h>

/* Each returns owned memory, never NULL; release with free(). */
void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull));
void *xrealloc(void *old, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text); /* NULL gives NULL */
char *xstrndup(const char *text, size_t n);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

/* Makes room for one more element: grows *array (owned, element size `size`) by doubling when
 * `count` elements fill it; `count` must be the number used now. Returns the array. */
void *xgrow(void *array, size_t count, size_t size) __attribute__((returns_nonnull));

/* Overwrites n bytes so that the compiler cannot drop it; NULL is allowed. */
void mem_wipe(void *secret, size_t n);

/* Wipes a NUL-terminated secret and frees it; NULL is allowed. */
void mem_wipe_free(char *secret);

/* free() of each, for the end of an object; NULL is allowed. */
#define free_all(...)                                                                                        \
	mem_free_all((void *const[]){__VA_ARGS__}, sizeof((void *const[]){__VA_ARGS__}) / sizeof(void *))
void mem_free_all(void *const *memory, size_t n);
