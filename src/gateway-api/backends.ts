import type { Problem } from './problem';
import { problem } from './problem';
import type { ReferenceGrants } from './reference-grants';
import { notPermitted } from './reference-grants';
import type { KindKey } from './references';
import { GROUP, HOSTNAME, SERVICE, SERVICE_IMPORT, kindOf } from './references';
import type { Referents } from './referents';
import type { BackendObjectReference } from '../manifest/gateway-api-specs.generated';
import { serviceHost } from '../manifest/host-name';
import type { Destination } from '../manifest/istio-specs.generated';

/** The route whose backends are looked up. */
export interface BackendContext {
  readonly kind: string;
  readonly namespace: string;
  /** Whether backends in other namespaces need a ReferenceGrant. Routes of services need none. */
  readonly needsGrants: boolean;
  readonly referents: Referents;
  readonly grants: ReferenceGrants;
  readonly clusterDomain: string;
}

/** Where requests for a backend go. Without a destination, the whole route is invalid. */
export interface Backend {
  readonly destination?: Destination;
  readonly problem?: Problem;
}

/** A destination without a host: its requests fail. */
const NOWHERE: Destination = {};

export function backendOf(reference: BackendObjectReference, context: BackendContext): Backend {
  const { name = '', namespace: stated, port } = reference;
  const { namespace: own, referents, grants, clusterDomain } = context;
  const kind = kindOf(reference, SERVICE);
  const namespace = stated ?? own;
  const from = { kind: `${GROUP}/${context.kind}`, namespace: own } as const;
  if (context.needsGrants && namespace !== own && !grants.allow(from, { kind, namespace, name })) {
    return { destination: NOWHERE, problem: notPermitted(`the backend ${namespace}/${name}`, namespace) };
  }
  const isHostname = kind === HOSTNAME;
  if (!isHostname && kind !== SERVICE && kind !== SERVICE_IMPORT) {
    return { destination: NOWHERE, problem: unsupportedKind(kind) };
  }
  if (kind === SERVICE && name.includes('.')) return { problem: problem('InvalidDestination', `the backend '${name}' must be the name of a Service`) };
  if (isHostname && stated !== undefined) return { problem: problem('InvalidDestination', `the backend '${name}' is a host and has no namespace`) };
  if (port === undefined) return { problem: problem('InvalidDestination', `the backend '${name}' has no port`) };
  const destination = { host: isHostname ? name : serviceHost(name, namespace, clusterDomain), port: { number: port } };
  // Only the hosts of the route's own namespace count as known.
  if (isHostname ? referents.hasHost(name, own, clusterDomain) : referents.get('Service', namespace, name)) return { destination };
  const message = isHostname ? `namespace ${own} has no host ${name}` : `Service ${namespace}/${name} does not exist`;
  const missing = { kind: isHostname ? 'host' : 'Service', namespace, name } as const;
  return { destination, problem: problem('BackendNotFound', message, missing) };
}

const INFERENCE_POOLS: ReadonlySet<KindKey> = new Set(['inference.networking.k8s.io/InferencePool', 'inference.networking.x-k8s.io/InferencePool']);

function unsupportedKind(kind: KindKey): Problem {
  const found = problem('InvalidKind', `Istio takes no backend of kind ${kind.replace(/^\//, '')}`);
  return INFERENCE_POOLS.has(kind) ? { ...found, flag: 'ENABLE_GATEWAY_API_INFERENCE_EXTENSION' } : found;
}
