#ifndef ENDPOINT_RPC_H
#define ENDPOINT_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Replies and what they answer: JSON objects whose member "id" is the same string or number, as
 * JSON-RPC 2.0 has it, told apart from requests by having no "method". Of calls with one id the last
 * counts; those that are never answered make room for others.
 */
#define RPC_CALLS  64
#define RPC_ID_MAX 64 /* bytes; longer ones are not kept */

struct rpc {
	struct rpc_call {
		char id[RPC_ID_MAX];
		size_t n; /* bytes of id; 0: none */
		uint64_t at; /* when it was sent, in nanoseconds */
	} calls[RPC_CALLS];
	size_t n; /* calls ever noted, of which the last are there */
	size_t open; /* that are not answered */
};

/* A message of n bytes is sent. */
void rpc_sent(struct rpc *rpc, const uint8_t *p, size_t n, uint64_t now);

/* A message of n bytes came: true if it is a reply, the first, and how long after in *ns. */
bool rpc_received(struct rpc *rpc, const uint8_t *p, size_t n, uint64_t now, uint64_t *ns);

#endif
