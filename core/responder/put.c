#include "config.h"

#include "responder/put.h"

#include <string.h>

enum { CLASS = 1, POINTER = 0xc000 };

void put_octets(struct put *p, const void *octets, size_t n)
{
	if (p->full || p->at > p->room || n > p->room - p->at) {
		p->full = true;
		return;
	}
	memcpy(p->out + p->at, octets, n);
	p->at += n;
}

void put_8(struct put *p, unsigned value)
{
	uint8_t octet = (uint8_t)value;

	put_octets(p, &octet, 1);
}

void put_16(struct put *p, unsigned value)
{
	uint8_t octets[] = {(uint8_t)(value >> 8), (uint8_t)value};

	put_octets(p, octets, sizeof(octets));
}

void put_32(struct put *p, uint32_t value)
{
	put_16(p, value >> 16);
	put_16(p, value & 0xffff);
}

void put_pointer(struct put *p, unsigned to)
{
	put_16(p, POINTER | to);
}

static size_t record_head(struct put *p, unsigned type, uint32_t ttl)
{
	put_16(p, type);
	put_16(p, CLASS);
	put_32(p, ttl);
	put_16(p, 0);
	return p->at;
}

size_t put_record(struct put *p, unsigned owner, unsigned type, uint32_t ttl)
{
	put_pointer(p, owner);
	return record_head(p, type, ttl);
}

size_t put_record_of(struct put *p, const struct name *owner, unsigned type, uint32_t ttl)
{
	put_octets(p, owner->octet, owner->length);
	return record_head(p, type, ttl);
}

void put_record_end(struct put *p, size_t mark)
{
	size_t length = p->at - mark;

	if (p->full)
		return;
	p->out[mark - 2] = (uint8_t)(length >> 8);
	p->out[mark - 1] = (uint8_t)length;
}
