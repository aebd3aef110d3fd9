#include "config.h"

#include "launcher/ca_preset.h"

#include <string.h>

#include "common/buf.h"
#include "common/nearest.h"

#define LETS_ENCRYPT_TERMS "https://letsencrypt.org/repository/"
#define GOOGLE_KEY         "type: gcloud publicca external-account-keys create (it can be used once, within 7 days)"

/* SSL.com has a directory a key type. */
static const struct ca_preset presets[] = {
    {.name = "letsencrypt",
     .label = "Let's Encrypt",
     .directory = "https://acme-v02.api.letsencrypt.org/directory",
     .staging = "letsencrypt-staging",
     .terms = LETS_ENCRYPT_TERMS,
     .limits = {"300/3h", "5/7d", "5/1h", "10/3h"},
     .renewals_exempt = true,
     .cache_s = 60},
    {.name = "letsencrypt-staging",
     .label = "Let's Encrypt staging",
     .directory = "https://acme-staging-v02.api.letsencrypt.org/directory",
     .terms = LETS_ENCRYPT_TERMS,
     .limits = {"1500/3h", "30000/7d", "200/1h", "50/3h"},
     .renewals_exempt = true,
     .cache_s = 60,
     .test = true},
    {.name = "zerossl",
     .label = "ZeroSSL",
     .directory = "https://acme.zerossl.com/v2/DV90",
     .terms = "https://zerossl.com/terms/",
     .binding = "type: curl -d email=YOU@EXAMPLE.COM https://api.zerossl.com/acme/eab-credentials-email"},
    {.name = "google",
     .label = "Google Trust Services",
     .directory = "https://dv.acme-v02.api.pki.goog/directory",
     .staging = "google-staging",
     .terms = "https://pki.goog/",
     .binding = GOOGLE_KEY},
    {.name = "google-staging",
     .label = "Google Trust Services staging",
     .directory = "https://dv.acme-v02.test-api.pki.goog/directory",
     .terms = "https://pki.goog/",
     .binding = GOOGLE_KEY,
     .test = true},
    {.name = "sslcom",
     .label = "SSL.com",
     .directory = "https://acme.ssl.com/sslcom-dv-ecc",
     .terms = "https://www.ssl.com/repository/",
     .binding = "your account at https://secure.ssl.com shows them (API credentials)"},
    {.name = "sslcom-rsa",
     .label = "SSL.com (RSA)",
     .directory = "https://acme.ssl.com/sslcom-dv-rsa",
     .terms = "https://www.ssl.com/repository/",
     .binding = "your account at https://secure.ssl.com shows them (API credentials)"},
    {.name = "sectigo",
     .label = "Sectigo",
     .directory = "https://acme.sectigo.com/v2/DV",
     .terms = "https://www.sectigo.com/legal",
     .binding = "the account at Sectigo Certificate Manager shows them"},
    {.name = "sectigo-ov",
     .label = "Sectigo OV",
     .directory = "https://acme.sectigo.com/v2/OV",
     .terms = "https://www.sectigo.com/legal",
     .binding = "the account at Sectigo Certificate Manager shows them"},
    {.name = "sectigo-ev",
     .label = "Sectigo EV",
     .directory = "https://acme.sectigo.com/v2/EV",
     .terms = "https://www.sectigo.com/legal",
     .binding = "the account at Sectigo Certificate Manager shows them"},
    {.name = "digicert",
     .label = "DigiCert",
     .directory = "https://acme.digicert.com/v2/acme/directory/",
     .terms = "https://www.digicert.com/legal-repository",
     .binding = "make an ACME directory URL in CertCentral, which shows them once"},
    {.name = "actalis",
     .label = "Actalis",
     .directory = "https://acme-api.actalis.com/acme/directory",
     .terms = "https://www.actalis.com",
     .binding = "your account at https://www.actalis.com shows them"},
    {.name = "buypass", .label = "Buypass"},
};

enum { PRESETS = sizeof presets / sizeof presets[0] };

/* What lego, acme.sh and certbot call them, and what is likely to be typed. */
static const struct {
	const char *word, *name;
} others[] = {
    {"le", "letsencrypt"},
    {"lets-encrypt", "letsencrypt"},
    {"let's encrypt", "letsencrypt"},
    {"production", "letsencrypt"},
    {"staging", "letsencrypt-staging"},
    {"le-staging", "letsencrypt-staging"},
    {"letsencrypt_test", "letsencrypt-staging"},
    {"letsencrypttest", "letsencrypt-staging"},
    {"gts", "google"},
    {"googletrustservices", "google"},
    {"googletest", "google-staging"},
    {"google_test", "google-staging"},
    {"ssl.com", "sslcom"},
};

const struct ca_preset *ca_preset_find(const char *ca)
{
	for (int i = 0; i < PRESETS; i++)
		if (strcmp(ca, presets[i].name) == 0 ||
		    (presets[i].directory && strcmp(ca, presets[i].directory) == 0))
			return &presets[i];
	return NULL;
}

const struct ca_preset *ca_preset_at(const char *host)
{
	size_t n = strlen(host);
	for (int i = 0; i < PRESETS; i++) {
		const char *at = presets[i].directory ? presets[i].directory + strlen("https://") : "";
		if (n && strcspn(at, "/") == n && strncmp(at, host, n) == 0)
			return &presets[i];
	}
	return NULL;
}

const struct ca_preset *ca_preset_nearest(const char *word)
{
	const char *names[PRESETS], *near = NULL;
	for (size_t i = 0; !near && i < sizeof others / sizeof others[0]; i++)
		if (strcmp(word, others[i].word) == 0)
			near = others[i].name;
	for (int i = 0; i < PRESETS; i++)
		names[i] = presets[i].name;
	if (!near)
		near = nearest_word(word, names, PRESETS);
	return near ? ca_preset_find(near) : NULL;
}

char *ca_preset_names(void)
{
	struct buf b;
	buf_init(&b, 0);
	for (int i = 0; i < PRESETS; i++)
		if (presets[i].directory)
			buf_printf(&b, "%s%s", i ? ", " : "", presets[i].name);
	return buf_take(&b);
}
