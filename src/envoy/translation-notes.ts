import type { Note } from './note';

/** The note about inbound traffic. */
export const INBOUND: Note = { message: 'inbound traffic of a sidecar (virtualInbound and its clusters) is not translated' };
