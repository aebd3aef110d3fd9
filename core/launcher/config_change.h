/* `dnsproof config diff [FILE]` and `config accept FILE --digest D`: what the guard of lists holds back. */
#pragma once

#include "launcher/exit_code.h"
#include "launcher/options.h"

/* What would leave (-), arrive (+) and change names (~), on stdout, by list. */
enum exit_code config_diff(const struct options *o);

/* The list or zone file goes as it is from now on, if it has the digest that config_diff() showed. */
enum exit_code config_accept(const struct options *o);
