/* The MACs were made by independent code (Python's hmac over hand-made octets) and, for hmac-sha256,
 * agree with dnspython. */
#include "message.h"
#include "tsig.h"

#include "unit.h"

#define NOW   1800000000
#define ZONE  "example.com"
#define NAME  "_acme-challenge.www.example.com"
#define VALUE "VIhlObU14SszuGiJjYEkSCWza9-X-UFUuzGh1QsiYcU"

static const struct {
	const char *name, *wire;
	size_t length;
	const char *mac;
} algorithms[] = {
    {"hmac-sha256", "hmac-sha256", 32, "a63dc7ef66c2cebd98db098ea94eb21454655478bb7935508cbefe079f441a63"},
    {"hmac-md5", "hmac-md5.sig-alg.reg.int", 16, "ad9f65457227bf5ad2e14f3b2b56ed37"},
    {"hmac-sha1", "hmac-sha1", 20, "993fb52637f9860ff6e431a90b845fffa90e4d26"},
    {"hmac-sha224", "hmac-sha224", 28, "c2de7e6c799dd6c441e2be3eb169406f209f01eb0869c60f05f9ab28"},
    {"hmac-sha384", "hmac-sha384", 48,
     "f3947c7d503d51319fec947c96b1ca7c4c40dee38abcd15855991f5fee33c0b2"
     "c553f60a200885470437d746b84071f3"},
    {"hmac-sha512", "hmac-sha512", 64,
     "600b2491fa1a21dab0cf13cad3d2dd303d5e72819464346e92e1e939a4f93fb5"
     "c18e83731a4e31787f457af3be0ad144235616747df3463d1608421aaf1a2c9f"},
};

static const char packet[] = "123428000001000000010001076578616d706c6503636f6d0000060001"
                             "0f5f61636d652d6368616c6c656e676503777777c00c00100001"
                             "0000003c002c2b5649686c4f6255313453737a7547694a6a59456b5343577a"
                             "61392d582d554655757a476831517369596355"
                             "0861636d652d6b65790000fa00ff00000000003d0b686d61632d736861323536"
                             "0000006b49d200012c0020"
                             "a63dc7ef66c2cebd98db098ea94eb21454655478bb7935508cbefe079f441a63"
                             "123400000000";

static const char uncompressed_mac[] = "119db69ece50d1cef27ed6da457f24e6fe734b868d9791fc6ba7989fa516e1e6";

/* The answers to `packet`: NOERROR signed 2 s later, BADTIME of a server 1000 s ahead. */
static const char noerror[] = "1234a8000001000000000001076578616d706c6503636f6d0000060001086163"
                              "6d652d6b65790000fa00ff00000000003d0b686d61632d736861323536000000"
                              "6b49d202012c0020a8174cdd84b3915b2aa7d55e78af51f590572bce1f2fa1c2"
                              "c3bef47efbbf5aad123400000000";
static const char badtime[] = "1234a8090001000000000001076578616d706c6503636f6d0000060001086163"
                              "6d652d6b65790000fa00ff0000000000430b686d61632d736861323536000000"
                              "6b49d200012c0020d8c1202797bfefb2554ce31f189aad2c844b8434b91512eb"
                              "7820d53811c0f01b12340012000600006b49d5e8";

static size_t unhex(uint8_t *to, const char *hex)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		sscanf(hex + 2 * i, "%2hhx", &to[i]);
	return n;
}

static void key_make(struct tsig_key *key, const char *algorithm)
{
	*key = (struct tsig_key){.name = "acme-key", .secret_length = 32};
	key->algorithm = tsig_algorithm_find(algorithm, strlen(algorithm));
	assert_non_null(key->algorithm);
	for (uint8_t i = 0; i < 32; i++)
		key->secret[i] = i;
}

static void update_make(struct message *m)
{
	struct update *u = update_new(ZONE);

	assert_true(update_add(u, NAME, VALUE, 60));
	assert_true(update_message(u, 0x1234, 512, m));
	update_free(u);
}

static void expect_mac(const struct tsig_mac *mac, const char *hex)
{
	uint8_t octets[64];

	assert_int_equal(mac->length, unhex(octets, hex));
	assert_memory_equal(mac->octets, octets, mac->length);
}

TEST(test_whole_packet)
{
	struct tsig_key key;
	struct tsig_mac mac;
	struct message m;
	uint8_t octets[512];

	key_make(&key, "hmac-sha256");
	update_make(&m);
	m.length = tsig_sign(&key, m.octets, m.length, m.room, NOW, &mac);
	assert_int_equal(m.length, 186);
	assert_int_equal(unhex(octets, packet), 186);
	assert_memory_equal(m.octets, octets, 186);
	message_clear(&m);
}

TEST(test_uncompressed)
{
	static const char head[] = "123428000001000000010000076578616d706c6503636f6d0000060001"
	                           "0f5f61636d652d6368616c6c656e676503777777076578616d706c65"
	                           "03636f6d0000100001";
	struct tsig_key key;
	struct tsig_mac mac;
	uint8_t octets[512], whole[512];
	size_t n = unhex(octets, head);

	unhex(whole, packet);
	memcpy(octets + n, whole + 29 + 26, 50);
	key_make(&key, "hmac-sha256");
	assert_true(tsig_sign(&key, octets, n + 50, sizeof(octets), NOW, &mac) > 0);
	expect_mac(&mac, uncompressed_mac);
}

TEST(test_each_algorithm)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		struct tsig_key key;
		struct tsig_mac mac;
		struct message m;
		key_make(&key, algorithms[i].name);
		assert_ptr_equal(key.algorithm,
		                 tsig_algorithm_find(algorithms[i].wire, strlen(algorithms[i].wire)));
		update_make(&m);
		assert_true(tsig_sign(&key, m.octets, m.length, m.room, NOW, &mac) > 0);
		assert_int_equal(mac.length, algorithms[i].length);
		expect_mac(&mac, algorithms[i].mac);
		message_clear(&m);
	}
	assert_null(tsig_algorithm_find("hmac-sha3", 9));
	assert_non_null(tsig_algorithm_find("HMAC-SHA256.", 12));
}

TEST(test_no_room)
{
	struct tsig_key key;
	struct tsig_mac mac;
	struct message m;

	key_make(&key, "hmac-sha256");
	update_make(&m);
	for (size_t room = m.length; room < 186; room++)
		assert_int_equal(tsig_sign(&key, m.octets, m.length, room, NOW, &mac), 0);
	assert_int_equal(tsig_sign(&key, m.octets, m.length, 186, NOW, &mac), 186);
	message_clear(&m);
}

struct verified {
	struct tsig_key key;
	struct tsig_mac request;
	uint8_t reply[512];
	size_t length;
	struct tsig_told told;
};

static void reply_load(struct verified *v, const char *hex)
{
	key_make(&v->key, "hmac-sha256");
	v->request.length = unhex(v->request.octets, algorithms[0].mac);
	v->length = unhex(v->reply, hex);
}

static enum tsig_verdict judge(struct verified *v, uint64_t now)
{
	/* an exact copy, so that a checker sees any octet read beside it */
	uint8_t *copy = malloc(v->length ? v->length : 1);

	memcpy(copy, v->reply, v->length);
	enum tsig_verdict verdict = tsig_verify(&v->key, copy, v->length, &v->request, now, &v->told);
	free(copy);
	return verdict;
}

TEST(test_reply_good)
{
	struct verified v;

	reply_load(&v, noerror);
	assert_int_equal(judge(&v, NOW), TSIG_GOOD);
	assert_true(v.told.authentic);
	assert_int_equal(judge(&v, NOW + 302), TSIG_GOOD);
	assert_int_equal(judge(&v, NOW + 303), TSIG_SKEWED);
	assert_int_equal(judge(&v, NOW - 299), TSIG_SKEWED);
	assert_int_equal(v.told.signed_time, NOW + 2);
}

TEST(test_reply_of_other_request)
{
	struct verified v;

	reply_load(&v, noerror);
	v.request.octets[31] ^= 1;
	assert_int_equal(judge(&v, NOW), TSIG_WRONG);
	reply_load(&v, noerror);
	v.key.secret[0] ^= 1;
	assert_int_equal(judge(&v, NOW), TSIG_WRONG);
	reply_load(&v, noerror);
	strcpy(v.key.name, "acme-kez");
	assert_int_equal(judge(&v, NOW), TSIG_OTHER_KEY);
	reply_load(&v, noerror);
	v.key.algorithm = tsig_algorithm_find("hmac-sha512", 11);
	assert_int_equal(judge(&v, NOW), TSIG_OTHER_KEY);
}

TEST(test_reply_badtime)
{
	struct verified v;

	reply_load(&v, badtime);
	assert_int_equal(judge(&v, NOW), TSIG_ERROR);
	assert_int_equal(v.told.error, TSIG_BADTIME);
	assert_true(v.told.authentic);
	assert_int_equal(v.told.server_time, NOW + 1000);
}

TEST(test_reply_unsigned)
{
	struct verified v;

	reply_load(&v, noerror);
	v.length = 29;
	v.reply[11] = 0;
	assert_int_equal(judge(&v, NOW), TSIG_ABSENT);
}

/* Whatever octet is changed or cut, the reply is never good. */
TEST(test_reply_mangled)
{
	struct verified v;

	reply_load(&v, noerror);
	size_t whole = v.length;
	for (v.length = 0; v.length < whole; v.length++)
		assert_int_not_equal(judge(&v, NOW), TSIG_GOOD);
	for (size_t i = 0; i < whole; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			reply_load(&v, noerror);
			v.reply[i] ^= (uint8_t)(1u << bit);
			bool id = i < 2; /* replaced by the original ID; the caller compares it */
			uint8_t c = v.reply[i];
			bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && bit == 5 && i >= 29;
			if (!id && !letter)
				assert_int_not_equal(judge(&v, NOW), TSIG_GOOD);
		}
	}
}

/* Random octets in a message that claims a signature. */
TEST(test_reply_noise)
{
	struct verified v;

	srandom(2136);
	reply_load(&v, noerror);
	for (int round = 0; round < 20000; round++) {
		v.length = (size_t)random() % 200;
		for (size_t i = 0; i < v.length; i++)
			v.reply[i] = (uint8_t)(random() & random());
		assert_int_not_equal(judge(&v, NOW), TSIG_GOOD);
	}
}

TEST(test_names)
{
	uint8_t wire[TSIG_NAME_MOST];
	char longest[300];

	assert_int_equal(tsig_name_wire(wire, "Acme.Key.", 9), 10);
	assert_memory_equal(wire, "\4acme\3key", 10);
	assert_int_equal(tsig_name_wire(wire, "", 0), 0);
	assert_int_equal(tsig_name_wire(wire, ".", 1), 0);
	assert_int_equal(tsig_name_wire(wire, "a..b", 4), 0);
	assert_int_equal(tsig_name_wire(wire, ".a", 2), 0);
	assert_int_equal(tsig_name_wire(wire, "a\\.b", 4), 0);
	assert_int_equal(tsig_name_wire(wire, "a b", 3), 0);
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(tsig_name_wire(wire, longest, 63), 65);
	assert_int_equal(tsig_name_wire(wire, longest, 64), 0);
	for (size_t i = 63; i < sizeof(longest); i += 64)
		longest[i] = '.';
	assert_int_equal(tsig_name_wire(wire, longest, 253), 255);
	assert_int_equal(tsig_name_wire(wire, longest, 254), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
