import { isIstios } from './istio-objects';
import { servicePortProtocol } from './registry';
import type { ServicePort } from '../../manifest/kubernetes-kinds';
import type { ManifestOf } from '../../manifest/manifest';

export type Service = ManifestOf<'Service'>;

/** A port whose protocol Istio has to guess for each connection. */
export interface GuessedPort {
  readonly port: ServicePort;
  readonly path: string;
}

/** Whether a Service is a name for a host elsewhere. */
export function isExternalName({ spec }: Service): boolean {
  return spec?.type === 'ExternalName';
}

/** The ports of a Service whose protocol Istio has to guess; none of Istio's own Services. Of an ExternalName plain TCP counts too. */
export function guessedPorts(object: Service): GuessedPort[] {
  if (isIstios(object)) return [];
  return (object.spec?.ports ?? []).map((port, p) => ({ port, path: `spec.ports[${p}]` })).filter(({ port }) => port.port !== undefined && (
    servicePortProtocol(port) === 'Unsupported' || (isExternalName(object) && port.name === 'tcp')));
}
