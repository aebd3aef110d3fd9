#include "config.h"

#include "launcher/import/clients.h"

#include "common/mem.h"
#include "launcher/import/tree.h"

static const struct {
	const char *client, *end;
	bool (*is)(int tree);
	void (*read)(struct foreigns *f);
} clients[] = {
    {"certbot", "systemctl disable --now certbot.timer; and rm /etc/cron.d/certbot, if that is there",
     certbot_is, certbot_read},
    {"lego", "crontab -e: take the line with `lego ... renew` out; or disable its timer", lego_is, lego_read},
    {"dehydrated", "crontab -e: take the line with `dehydrated -c` out; or disable its timer", dehydrated_is,
     dehydrated_read},
    {"acme.sh", "acme.sh --uninstall-cronjob", acmesh_is, acmesh_read},
};

bool clients_read(struct foreigns *f, const char *path, const char *ca, struct err *e)
{
	*f = (struct foreigns){.path = xstrdup(path), .ca = ca, .tree = tree_open(path, e)};
	if (f->tree < 0)
		return false;
	for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++)
		if (clients[i].is(f->tree)) {
			f->client = clients[i].client;
			f->end = clients[i].end;
			clients[i].read(f);
			return true;
		}
	return err_set(
	    e,
	    "%s is no folder of certbot (with renewal and live), lego (certificates), dehydrated (certs "
	    "and accounts) or acme.sh (account.conf); name that folder, or a key and its chain (PEM)",
	    path);
}
