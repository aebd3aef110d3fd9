/* The module rrset for its fake with compare-and-swap. */
#define SWAP
#include "rrset.c"
