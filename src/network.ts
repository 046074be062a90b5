import net from 'node:net';

/**
 * Milliseconds for an attempt to reach one of several addresses of a host, before the next one gets its turn. Node takes 250:
 * a server that is a little slow to answer is given up for an IPv6 address that leads nowhere, and is "unreachable" although
 * it is there. A first packet that got lost is sent again after one second. The shortest own limit for a connection is that
 * of the stores, 1.5 seconds.
 */
const CONNECT_ATTEMPT_TIMEOUT_MS = 1200;

/**
 * Gives every connection of the process that has no limit of its own for this (Discord, stores, mail) enough time for each
 * address. To be called before the first connection. What the operator has set with `NODE_OPTIONS` stays when it is longer.
 */
export function allowSlowConnections(): void {
  net.setDefaultAutoSelectFamilyAttemptTimeout(
    Math.max(net.getDefaultAutoSelectFamilyAttemptTimeout(), CONNECT_ATTEMPT_TIMEOUT_MS),
  );
}
