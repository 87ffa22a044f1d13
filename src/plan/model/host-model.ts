import type { PublicHostAudience } from './audience';
import type { CompiledService, ConnectionEntry, Entry } from './compiled-service';
import type { Exposure, Handover } from './exposure';

/** An exposure and its compiled service. */
export interface ExposedService {
  readonly exposure: Exposure;
  readonly service: CompiledService;
}

/** A host on a gateway, and the services behind its paths and listeners. */
export interface HostModel {
  readonly audience: PublicHostAudience;
  readonly exposures: readonly ExposedService[];
  readonly handovers: readonly Handover[];
  /** The services behind TCP and TLS listeners. */
  readonly connections: readonly ExposedService[];
}

/** A part of a host: the entries of a service with their port, or a delegation. */
export type Block = { readonly entries: readonly Entry[]; readonly port: number } | { readonly handover: Handover };

/** A compiled host. It is complete only if `errors` is empty and its services have no errors. */
export interface CompiledHost {
  readonly host: string;
  /** In order, the narrower path first. */
  readonly blocks: readonly Block[];
  /** By gateway port. */
  readonly connections: readonly ConnectionEntry[];
  readonly errors: readonly string[];
}
