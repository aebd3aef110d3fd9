/* SANITIZED: built with ASan. gcc and clang say it each in their own way. */
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
