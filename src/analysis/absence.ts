import { serviceParts } from './facts/host-lookup';
import { isIstiosOwn } from './facts/workloads';
import type { TrafficIndex } from './traffic-index';

/** What a rule misses in the input, and what the cluster may nevertheless have. */
export type Absent =
  /** A Service or ServiceEntry with this host, in full. */
  | { readonly kind: 'host'; readonly host: string }
  /** Pods of a namespace, or of the mesh, with labels that a selector asks for. */
  | { readonly kind: 'pods'; readonly namespace?: string }
  /** Pods that serve a Gateway, which Istio looks for in all namespaces. */
  | { readonly kind: 'gateway pods' }
  /** Pods of a namespace with a service account. */
  | { readonly kind: 'service account'; readonly namespace: string; readonly name: string }
  /** A Sidecar for pods that are in the input. */
  | { readonly kind: 'Sidecar' }
  /** The waypoint of a service, or the labels that choose it. */
  | { readonly kind: 'waypoint' }
  | { readonly kind: 'Namespace' }
  /** An object of `namespace/name`. */
  | {
    readonly kind: 'ConfigMap' | 'Gateway' | 'GatewayClass' | 'ListenerSet' | 'Secret' | 'ServiceEntry' | 'VirtualService';
    readonly key: string;
  }
  /** Another object of this kind in one of some namespaces. */
  | {
    readonly kind: 'AuthorizationPolicy' | 'DestinationRule' | 'PeerAuthentication' | 'ReferenceGrant' | 'RequestAuthentication' | 'Service';
    readonly namespaces: readonly string[];
  };

/**
 * How sure a finding is that rests on something absent: `certain` if the input states that it is complete, `likely` if the input shows the
 * place where it would be, `open` if it shows nothing of that place.
 */
export type Certainty = 'certain' | 'likely' | 'open';

/** Whether what a rule misses could lie outside the input. Every rule that rests on something absent is judged here. */
export function certaintyOf(absent: Absent, index: TrafficIndex): Certainty {
  if (index.isComplete) return 'certain';
  return isPlaceShown(absent, index) ? 'likely' : 'open';
}

function isPlaceShown(absent: Absent, index: TrafficIndex): boolean {
  const { namespaces, names, secretNamespaces, configMapNamespaces } = index.memo(placesShown);
  switch (absent.kind) {
    case 'host': {
      const parts = serviceParts(absent.host);
      return parts === undefined || namespaces.has(parts.namespace) || names.has(`Service ${parts.name}`);
    }
    case 'pods': return absent.namespace !== undefined && index.workloads.in(absent.namespace).length > 0;
    // Pods that are named like the account are likely those that it is for.
    case 'service account': return index.memo(podNames).has(`${absent.namespace}/${absent.name}`);
    case 'gateway pods': return index.memo(showsGatewayPods);
    case 'Sidecar':
    case 'waypoint': return true;
    case 'Namespace': return index.of('Namespace').length > 1;
    case 'GatewayClass': return index.of('GatewayClass').length > 0;
    case 'ConfigMap':
    case 'Gateway':
    case 'ListenerSet':
    case 'Secret':
    case 'ServiceEntry':
    case 'VirtualService': {
      const [namespace, name] = absent.key.split('/');
      const shown = absent.kind === 'Secret' ? secretNamespaces : absent.kind === 'ConfigMap' ? configMapNamespaces : namespaces;
      return shown.has(namespace) || names.has(`${absent.kind} ${name}`);
    }
    default: return absent.namespaces.some(namespace => namespaces.has(namespace));
  }
}

/** What the input shows of places. */
interface PlacesShown {
  /** The namespaces of which it has an object. */
  readonly namespaces: ReadonlySet<string>;
  /** The namespaces of which it has a Secret: manifests of a namespace mostly come without. */
  readonly secretNamespaces: ReadonlySet<string>;
  /** The same of ConfigMaps. */
  readonly configMapNamespaces: ReadonlySet<string>;
  /** `kind name` of all objects, in whatever namespace. */
  readonly names: ReadonlySet<string>;
}

function placesShown(index: TrafficIndex): PlacesShown {
  return {
    // Facts may name some objects of a namespace, and not all that it has.
    namespaces: new Set(index.manifests.filter(object => !index.isFact(object))
      .flatMap(({ kind, metadata: { name, namespace } }) => (kind === 'Namespace' ? name : namespace ?? []))),
    secretNamespaces: new Set(index.of('Secret').map(secret => index.namespaceOf(secret))),
    configMapNamespaces: new Set(index.of('ConfigMap').map(map => index.namespaceOf(map))),
    names: new Set(index.manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`)),
  };
}

/** The names of pods, as `namespace/name`: those of their objects, and those in labels. */
function podNames(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.workloads.all.flatMap(({ namespace, object, labels }) => (
    [object.metadata.name, labels.app, labels['app.kubernetes.io/name']].flatMap(name => (name ? [`${namespace}/${name}`] : [])))));
}

/** Whether some pods of the input are Istio's own, or serve a Gateway that says which. */
function showsGatewayPods(index: TrafficIndex): boolean {
  return index.workloads.all.some(isIstiosOwn) || index.of('Gateway').some(({ spec: { selector = {} } = {} }) => (
    Object.keys(selector).length > 0 && index.workloads.hasAny(selector)));
}
