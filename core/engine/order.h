/* One order's way from newOrder to the published certificate (RFC 8555 section 7.4). */
#pragma once
