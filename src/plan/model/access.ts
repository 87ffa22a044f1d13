import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { ServicePort } from '../../traffic/service-port';

/** The pods behind a service. */
export interface WorkloadFacts {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly selector: { readonly [key: string]: string };
  /** Ports of the service whose target port is a name, by number. */
  readonly named: { readonly [port: number]: string };
  /** Whether the pods are those of a gateway, whose container ports are unknown. */
  readonly isGateway?: boolean;
}

/** A mode of mutual TLS, and the path of the construct that sets it. */
export interface StatedMode {
  readonly value: MutualTlsMode;
  readonly path: string;
}

/** Callers and what they may do. */
export interface AccessRule {
  /** The path of the construct, for messages. */
  readonly path: string;
  /** Callers by identity; undefined means every caller, identified or not. */
  readonly from?: { readonly principals: readonly string[]; readonly namespaces: readonly string[] };
  /** Whether a caller is a gateway. */
  readonly admitsGateways?: boolean;
  /** Ports of the service. */
  readonly ports?: readonly number[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** The access rules of a service's pods. */
export interface AccessModel {
  /** The path of the construct that owns the service. */
  readonly path: string;
  readonly facts: WorkloadFacts;
  /** By port of the pods; undefined is every port. */
  readonly modes: ReadonlyMap<number | undefined, StatedMode>;
  readonly rules: readonly AccessRule[];
}

/** The port of the pods behind a port of the service. The sidecar of the called pod sees only this port. */
export function podPort({ ports }: WorkloadFacts, number: number): number {
  return ports.find(port => port.number === number)?.targetPort ?? number;
}
