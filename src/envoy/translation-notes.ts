import type { Note } from './note';

/** The note about a sidecar's configuration for the calls of its pod. */
export const INBOUND: Note = {
  message:
    'the connections to the pod itself (virtualInbound) are translated separately, without traces',
};

/** The note about a sidecar's configuration for the connections to its pod. */
export const INBOUND_PARTS: Note = { message: 'traces of the connections to the pod are not translated' };
