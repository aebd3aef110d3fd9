/* XML answers as JSON: elements by name, repeated ones a list, attributes "@name", text "#text". */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* New reference: {"root": ...}; NULL if it is no XML, has a document type, or is too deep or large. */
json_t *xml_read(const char *text, size_t n);
