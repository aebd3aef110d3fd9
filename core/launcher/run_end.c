#include "config.h"

#include "launcher/run_end.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "launcher/status_file.h"

int run_end(const struct processes_result *r, const char *state, const struct options *o)
{
	bool killed = r->broken && r->signum;
	if (r->worked && !killed)
		status_file_write(state, spec_text(o->run, KEY_CONFIG));
	if (r->signum) {
		fflush(NULL);
		signal(r->signum, SIG_DFL);
		raise(r->signum);
	}
	return r->code;
}
