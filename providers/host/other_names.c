#include "config.h"

#include "other_names.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Facts: lego's providers, acme.sh's dnsapi/, certbot's dns plugins, and what people type. */
static const struct {
	const char *provider, *names;
} table[] = {
    {"acmedns", "dns_acmedns acme-dns dns-acmedns"},
    {"active24", "dns_active24"},
    {"alidns", "dns_ali aliyun ali"},
    {"alwaysdata", "dns_ad"},
    {"anexia", "dns_anx"},
    {"arvancloud", "dns_arvan"},
    {"auroradns", "dns_aurora"},
    {"autodns", "dns_autodns"},
    {"azion", "dns_azion"},
    {"azuredns", "dns_azure azure"},
    {"baiducloud", "dns_baidu"},
    {"beget", "dns_beget"},
    {"bookmyname", "dns_bookmyname"},
    {"bunny", "dns_bunny"},
    {"clouddns", "dns_clouddns"},
    {"cloudflare", "dns_cf dns-cloudflare cf"},
    {"cloudns", "dns_cloudns"},
    {"conoha", "dns_conoha"},
    {"constellix", "dns_constellix"},
    {"corenetworks", "dns_cn"},
    {"cpanel", "dns_cpanel dns_cpanel_uapi"},
    {"curanet", "dns_curanet"},
    {"czechia", "dns_czechia"},
    {"ddnss", "dns_ddnss"},
    {"desec", "dns_desec dns-desec"},
    {"designate", "dns_openstack"},
    {"digitalocean", "dns_dgon dns-digitalocean dgon do"},
    {"directadmin", "dns_da"},
    {"dnsexit", "dns_dnsexit"},
    {"dnshomede", "dns_dnshome"},
    {"dnsimple", "dns_dnsimple dns-dnsimple"},
    {"dnsla", "dns_la"},
    {"dnsmadeeasy", "dns_me dns-dnsmadeeasy"},
    {"dnsservices", "dns_dnsservices"},
    {"dode", "dns_doapi"},
    {"domeneshop", "dns_domeneshop"},
    {"dp", "dns_dp"},
    {"dpi", "dns_dpi"},
    {"dreamhost", "dns_dreamhost"},
    {"duckdns", "dns_duckdns"},
    {"dyn", "dns_dyn"},
    {"dyndnsfree", "dns_df"},
    {"dynu", "dns_dynu"},
    {"dynv6", "dns_dynv6"},
    {"easydns", "dns_easydns"},
    {"edgecenter", "dns_edgecenter"},
    {"edgedns", "dns_edgedns akamai fastdns"},
    {"efficientip", "dns_efficientip"},
    {"eurodns", "dns_eurodns"},
    {"euserv", "dns_euserv"},
    {"exoscale", "dns_exoscale"},
    {"firestorm", "dns_firestorm"},
    {"fornex", "dns_fornex"},
    {"freemyip", "dns_freemyip"},
    {"gandiv5", "dns_gandi_livedns gandi"},
    {"gcloud", "dns_gcloud dns-google google googlecloud"},
    {"gcore", "dns_gcore"},
    {"gehirn", "dns-gehirn"},
    {"gname", "dns_gname"},
    {"godaddy", "dns_gd gd"},
    {"hetzner", "dns_hetznercloud dns-hetzner"},
    {"hexonet", "dns_hexonet"},
    {"hostingde", "dns_hostingde"},
    {"hostup", "dns_hostup"},
    {"httpreq", "dns_acmeproxy"},
    {"huaweicloud", "dns_huaweicloud"},
    {"hurricane", "dns_he_ddns"},
    {"infoblox", "dns_infoblox"},
    {"infoblox-uddi", "dns_infoblox_uddi"},
    {"infomaniak", "dns_infomaniak"},
    {"internetbs", "dns_internetbs"},
    {"inwx", "dns_inwx"},
    {"ionos", "dns_ionos dns-ionos"},
    {"ionoscloud", "dns_ionos_cloud"},
    {"ipv64", "dns_ipv64"},
    {"ispconfig", "dns_ispconfig"},
    {"jdcloud", "dns_jd"},
    {"joker", "dns_joker"},
    {"leaseweb", "dns_leaseweb"},
    {"limacity", "dns_limacity"},
    {"linode", "dns_linode_v4 dns-linode"},
    {"luadns", "dns_lua dns-luadns"},
    {"mailinabox", "dns_miab"},
    {"mgwm", "dns_mgwm"},
    {"mijnhost", "dns_mijnhost"},
    {"misaka", "dns_misaka"},
    {"mydnsjp", "dns_mydnsjp"},
    {"mythicbeasts", "dns_mythic_beasts"},
    {"namecheap", "dns_namecheap nc"},
    {"namedotcom", "dns_namecom"},
    {"namesilo", "dns_namesilo"},
    {"nanelo", "dns_nanelo"},
    {"nederhost", "dns_nederhost"},
    {"neodigit", "dns_neodigit"},
    {"netcup", "dns_netcup"},
    {"netlify", "dns_netlify"},
    {"nicru", "dns_nic"},
    {"njalla", "dns_njalla"},
    {"nm", "dns_nm"},
    {"ns1", "dns_nsone dns-nsone"},
    {"nw", "dns_nw"},
    {"omglol", "dns_omglol"},
    {"one", "dns_one"},
    {"onlinenet", "dns_online"},
    {"openprovider", "dns_openprovider_rest"},
    {"opnsense", "dns_opnsense"},
    {"opusdns", "dns_opusdns"},
    {"oraclecloud", "dns_oci oci oracle"},
    {"ovh", "dns_ovh dns-ovh"},
    {"pdns", "dns_pdns"},
    {"plesk", "dns_pleskxml"},
    {"pointdns", "dns_pointhq"},
    {"porkbun", "dns_porkbun dns-porkbun"},
    {"poweradmin", "dns_poweradmin"},
    {"rackcorp", "dns_rackcorp"},
    {"rackspace", "dns_rackspace"},
    {"rage4", "dns_rage4"},
    {"rcodezero", "dns_rcode0"},
    {"regru", "dns_regru"},
    {"rfc2136", "dnsupdate dns_nsupdate dns_knot dns-rfc2136 nsupdate bind ddns"},
    {"route53", "dns_aws dns-route53 aws amazon"},
    {"sakuracloud", "dns-sakuracloud"},
    {"scaleway", "dns_scaleway"},
    {"schlundtech", "dns_schlundtech"},
    {"selectel", "dns_selectel"},
    {"selfhostde", "dns_selfhost"},
    {"servercow", "dns_servercow"},
    {"simply", "dns_simply"},
    {"sitehost", "dns_sitehost"},
    {"sotoon", "dns_sotoon"},
    {"spaceship", "dns_spaceship"},
    {"technitium", "dns_technitium"},
    {"tele3", "dns_tele3"},
    {"tencentcloud", "dns_tencent dnspod-cn"},
    {"timewebcloud", "dns_timeweb"},
    {"transip", "dns_transip dns-transip"},
    {"udr", "dns_udr"},
    {"ultradns", "dns_ultra"},
    {"unoeuro", "dns_unoeuro"},
    {"variomedia", "dns_variomedia"},
    {"veesp", "dns_veesp"},
    {"vercel", "dns_vercel"},
    {"virakcloud", "dns_virakcloud"},
    {"vscale", "dns_vscale"},
    {"vultr", "dns_vultr"},
    {"websupport", "dns_websupport"},
    {"westcn", "dns_west_cn"},
    {"yandex360", "dns_yandex360"},
    {"zilore", "dns_zilore"},
    {"zoneedit", "dns_zoneedit"},
    {"zoneee", "dns_zone"},
    {"zonomi", "dns_zonomi"},
};

/* The n characters are the name, whatever the letter case, and '_' or '-'. */
static bool same(const char *name, size_t n, const char *typed)
{
	if (strlen(typed) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int a = name[i] == '_' ? '-' : name[i],
		    b = typed[i] == '_' ? '-' : tolower((unsigned char)typed[i]);
		if (a != b)
			return false;
	}
	return true;
}

static bool has_name(const char *names, const char *typed)
{
	while (*names) {
		size_t n = strcspn(names, " ");
		if (same(names, n, typed))
			return true;
		names += n + (names[n] == ' ');
	}
	return false;
}

const char *other_names_find(const char *typed)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (same(table[i].provider, strlen(table[i].provider), typed) ||
		    has_name(table[i].names, typed))
			return table[i].provider;
	return NULL;
}

const char *other_names_of(const char *provider)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].provider, provider) == 0)
			return table[i].names;
	return NULL;
}
