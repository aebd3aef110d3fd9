#include "config.h"

#include "launcher/judged_hosts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/child.h"

bool judged_hosts_add(struct judged_hosts *all, const struct dns_account *a, unsigned verbose, bool *passes,
                      struct err *e)
{
	struct host_process p;
	*passes = false;
	if (!host_process_start(&p, a, verbose, e))
		return false;
	if (!host_process_judge(&p, a, passes, e)) {
		host_process_end(&p);
		return false;
	}
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	all->at[all->n++] = (struct judged_host){.account = xstrdup(a->name), .process = p};
	return true;
}

static bool is_alive(struct host_process *p)
{
	int status;
	if (!child_ended(p->pid, true, &status))
		return true;
	p->pid = 0;
	host_process_end(p);
	return false;
}

bool judged_hosts_take(struct judged_hosts *all, const char *account, struct host_process *p)
{
	for (size_t i = 0; all && i < all->n; i++) {
		if (strcmp(all->at[i].account, account) != 0)
			continue;
		free(all->at[i].account);
		*p = all->at[i].process;
		all->at[i] = all->at[--all->n];
		return is_alive(p);
	}
	return false;
}

void judged_hosts_free(struct judged_hosts *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->at[i].account);
		host_process_end(&all->at[i].process);
	}
	free(all->at);
	*all = (struct judged_hosts){0};
}
