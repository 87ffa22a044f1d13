import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { ServicePort } from '../../traffic/service-port';

/** The pods behind a service. */
export interface WorkloadFacts {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly selector: { readonly [key: string]: string };
  /** Ports that lead to a port of the pods by its name, by number. */
  readonly named: { readonly [port: number]: string };
}

/** A mode of mutual TLS, and the construct that states it. */
export interface StatedMode {
  readonly value: MutualTlsMode;
  readonly path: string;
}

/** Callers that may do something. */
export interface AccessRule {
  /** The construct that states it, for messages. */
  readonly path: string;
  /** Callers by identity; undefined means everybody, known or not. */
  readonly from?: { readonly principals: readonly string[]; readonly namespaces: readonly string[] };
  /** Ports of the service. */
  readonly ports?: readonly number[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** Who may call the pods of a service, and how. */
export interface AccessModel {
  /** The construct that owns the service. */
  readonly path: string;
  readonly facts: WorkloadFacts;
  /** By port of the pods; undefined for all. */
  readonly modes: ReadonlyMap<number | undefined, StatedMode>;
  readonly rules: readonly AccessRule[];
}

/** The port of the pods that a port of the service leads to: the sidecar of the called pod knows no other. */
export function podPort({ ports }: WorkloadFacts, number: number): number {
  return ports.find(port => port.number === number)?.targetPort ?? number;
}
