/* Text with {variables} in it. */
#pragma once

#include "run.h"

/* The place where what is put in lands; the text around is the descriptor's own and stays as it is. */
enum landing {
	LAND_PLAIN, /* a JSON string, a parameter (escaped when it is joined) */
	LAND_PATH,  /* a path segment */
	LAND_XML,
	LAND_HEADER, /* refuses line breaks */
};

/* New text of the call. NULL with the failure recorded: an unknown variable, not UTF-8, unfit. */
char *template_text(struct run *r, const char *template, enum landing land);

/* The same as JSON: a template that is one variable without filters has the variable's own type. New
 * reference or NULL. */
json_t *template_json(struct run *r, const char *template);

/* Do all its variables have a value that is not empty? */
bool template_ready(struct run *r, const char *template);

/* A JSON scalar as text; other JSON compact. Of the call. */
struct bytes template_scalar(struct run *r, const json_t *value);
