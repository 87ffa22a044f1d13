import { PARENTS } from '../gateway-api/converted';
import type { PortTrafficPolicy, TrafficPolicy } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** Whether istiod makes a DestinationRule of a BackendTLSPolicy. */
export function isBackendPolicy({ metadata }: ManifestOf<'DestinationRule'>): boolean {
  return metadata.annotations?.[PARENTS] !== undefined;
}

/** The fields of a backend policy under those that a DestinationRule sets. */
export function underStated(stated: TrafficPolicy | undefined, backend: TrafficPolicy | undefined): TrafficPolicy | undefined {
  if (stated === undefined || backend === undefined) return stated ?? backend;
  const { portLevelSettings: ownPorts, ...own } = stated;
  const { portLevelSettings: backendPorts, ...others } = backend;
  const ports = portsUnderStated(ownPorts ?? [], backendPorts ?? []);
  return { ...others, ...own, ...ports.length > 0 && { portLevelSettings: ports } };
}

/** The fields of a port that a backend policy fills. */
const OF_PORTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

function portsUnderStated(stated: readonly PortTrafficPolicy[], backend: readonly PortTrafficPolicy[]): PortTrafficPolicy[] {
  const numberOf = ({ port }: PortTrafficPolicy) => port?.number;
  const filled = stated.map(each => {
    const other = backend.find(policy => numberOf(policy) === numberOf(each));
    const fields = OF_PORTS.filter(field => other?.[field] !== undefined).map(field => [field, other![field]] as const);
    return { ...Object.fromEntries(fields), ...each };
  });
  const numbers = new Set(stated.map(numberOf));
  return [...filled, ...backend.filter(policy => !numbers.has(numberOf(policy)))];
}
