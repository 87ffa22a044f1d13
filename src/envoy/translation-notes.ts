import type { Note } from './note';

/** The note about a sidecar's configuration for the calls of its pod. */
export const INBOUND: Note = {
  message:
    'the connections to the pod itself (virtualInbound) are translated separately, without access logs, traces and the clusters of its ports',
};

/** The note about a sidecar's configuration for the connections to its pod. */
export const INBOUND_PARTS: Note = { message: 'access logs, traces and the clusters of the pod\'s ports are not translated' };
