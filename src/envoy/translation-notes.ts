import type { Note } from './note';

/** The note about what a sidecar's pod itself takes. */
export const INBOUND: Note = {
  message:
    'the connections to the pod itself (virtualInbound) are translated by themselves, without access logs, traces and the clusters of its ports',
};
