import type { PublicHostAudience } from './audience';
import type { CompiledService, ConnectionEntry, Entry } from './compiled-service';
import type { Exposure, Handover } from './exposure';

/** An exposure and what its service comes to. */
export interface ExposedService {
  readonly exposure: Exposure;
  readonly service: CompiledService;
}

/** A host on a gateway, and the services that its paths and listeners lead to. */
export interface HostModel {
  readonly audience: PublicHostAudience;
  readonly exposures: readonly ExposedService[];
  readonly handovers: readonly Handover[];
  /** The services that listeners for connections lead to. */
  readonly connections: readonly ExposedService[];
}

/** A part of a host: the entries of a service and the port that they lead to, or what is handed over. */
export type Block = { readonly entries: readonly Entry[]; readonly port: number } | { readonly handover: Handover };

/** What a host comes to. Whole only where `errors` is empty and its services are sound. */
export interface CompiledHost {
  readonly host: string;
  /** In order, the narrower path first. */
  readonly blocks: readonly Block[];
  /** By the gateway's port. */
  readonly connections: readonly ConnectionEntry[];
  readonly errors: readonly string[];
}
