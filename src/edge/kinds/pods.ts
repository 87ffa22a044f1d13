import { isProxyConfigRead, PROXY_CONFIG_ANNOTATION } from '../../envoy/pod-proxy-configs';
import type { Labels } from '../../manifest/labels';
import type { Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { podTemplateOf, serviceAccountOf } from '../../manifest/pod-template';
import { entriesOf } from '../content';
import type { Reach } from '../reach';
import type { UnreadKind, UnreadKinds } from '../unread';

const INJECT = 'sidecar.istio.io/inject';
const DATAPLANE = 'istio.io/dataplane-mode';
const REVISION = 'istio.io/rev';

const WITHOUT_SIDECAR = 'without a sidecar, nothing routes the calls of a pod, and none to it is encrypted';
const AMBIENT = 'ambient mode is not modelled: ztunnel and waypoints take the place of sidecars';

/** Who is answered as if it had a sidecar. */
function voids(pods: Pick<Reach, 'namespace' | 'selector' | 'except' | 'withoutAutomaticTls'>): readonly Reach[] {
  return [
    { side: 'sending', proxies: 'sidecar', ...pods, decides: true },
    { side: 'taking', proxies: 'sidecar', ...pods, lacksSidecar: true },
  ];
}

function injects({ [REVISION]: revision, 'istio-injection': injection }: Labels): boolean {
  return injection === 'enabled' || (revision !== undefined && injection !== 'disabled');
}

const AMBIENT_NAMESPACE: UnreadKind = {
  what: 'ambient mode',
  changes: AMBIENT,
  of({ metadata: { name, labels = {} } }) {
    const part = entriesOf(labels, [DATAPLANE]);
    const isAmbient = labels[DATAPLANE] === 'ambient' && !injects(labels);
    return part && { part, reaches: isAmbient ? voids({ namespace: name, except: { [INJECT]: 'true', [DATAPLANE]: 'none' } }) : [] };
  },
};

const UNINJECTED_NAMESPACE: UnreadKind = {
  what: 'missing sidecar',
  changes: WITHOUT_SIDECAR,
  of({ metadata: { name, labels = {} } }) {
    const part = entriesOf(labels, ['istio-injection', REVISION]);
    const isExcluded = labels['istio-injection'] === 'disabled' && labels[DATAPLANE] !== 'ambient';
    return part && { part, reaches: isExcluded ? voids({ namespace: name, except: { [INJECT]: 'true' }, withoutAutomaticTls: true }) : [] };
  },
};

/** The rows of namespaces. */
export const NAMESPACES: UnreadKinds = { '/Namespace': [AMBIENT_NAMESPACE, UNINJECTED_NAMESPACE] };

interface Pods {
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly hostNetwork: boolean;
  readonly serviceAccountName?: string;
}

/** The pods of objects, of which each row asks. */
const known = new WeakMap<Manifest, Pods | undefined>();

/** The pods of an object. */
function podsIn(object: Manifest): Pods | undefined {
  if (!known.has(object)) known.set(object, readPods(object));
  return known.get(object);
}

function readPods(object: Manifest): Pods | undefined {
  const template = podTemplateOf(object);
  if (template === undefined) return undefined;
  const { labels = {}, annotations = {} } = template.metadata ?? {};
  const { hostNetwork = false } = template.spec ?? {};
  const serviceAccountName = serviceAccountOf(template.spec);
  return { namespace: object.metadata.namespace ?? '', labels, annotations, hostNetwork, serviceAccountName };
}

/** A row about pods, whatever object makes them. */
function ofPods(what: string, changes: string, of: (pods: Pods) => ReturnType<UnreadKind['of']>): UnreadKind {
  return {
    what,
    changes,
    of(object) {
      const pods = podsIn(object);
      return pods && of(pods);
    },
  };
}

const EXCLUDED_PORTS = 'traffic.sidecar.istio.io/excludeOutboundPorts';

/** Annotations that say which connections a sidecar sees, by the side that they are about. */
const CAPTURE: { readonly [S in Reach['side']]: readonly string[] } = {
  sending: [
    EXCLUDED_PORTS, 'traffic.sidecar.istio.io/includeOutboundPorts',
    'traffic.sidecar.istio.io/excludeOutboundIPRanges', 'traffic.sidecar.istio.io/includeOutboundIPRanges',
    'traffic.sidecar.istio.io/excludeInterfaces', 'traffic.sidecar.istio.io/kubevirtInterfaces', 'istio.io/reroute-virtual-interfaces',
  ],
  taking: ['traffic.sidecar.istio.io/excludeInboundPorts', 'traffic.sidecar.istio.io/includeInboundPorts'],
};

/** Annotations that change the proxy itself. */
const SETTINGS: readonly string[] = [
  PROXY_CONFIG_ANNOTATION, 'proxy.istio.io/overrides', 'sidecar.istio.io/interceptionMode', 'sidecar.istio.io/bootstrapOverride',
  'sidecar.istio.io/discoveryAddress', 'sidecar.istio.io/proxyImage',
];

function selected({ namespace, labels }: Pods): Pick<Reach, 'namespace' | 'selector'> {
  return { namespace, selector: labels };
}

/** Whom the annotations of a side reach. Of calls to an excluded port the sidecar sees nothing. */
function bypassing(side: Reach['side'], { [EXCLUDED_PORTS]: excluded, ...others }: Labels): readonly Reach[] {
  const ports = excluded?.split(',').map(Number) ?? [];
  return [
    ...ports.map((port): Reach => (Number.isInteger(port) ? { side, port, decides: true } : { side })),
    ...(Object.keys(others).length > 0 ? [{ side }] : []),
  ];
}

/** The rows of objects that make pods. */
export const PODS: readonly UnreadKind[] = [
  ofPods('ambient mode', AMBIENT, pods => {
    const part = entriesOf(pods.labels, [DATAPLANE]);
    return part && { part, reaches: pods.labels[DATAPLANE] === 'ambient' ? voids(selected(pods)) : [] };
  }),
  ofPods('missing sidecar', WITHOUT_SIDECAR, pods => {
    const stated = pods.labels[INJECT] ?? pods.annotations[INJECT];
    if (stated === undefined && !pods.hostNetwork) return undefined;
    const part = { stated, hostNetwork: pods.hostNetwork, revision: pods.labels[REVISION] };
    return { part, reaches: stated === 'false' || pods.hostNetwork ? voids({ ...selected(pods), withoutAutomaticTls: true }) : [] };
  }),
  ofPods('identity', 'which calls policies allow by the service account of the caller', ({ serviceAccountName }) => (
    { part: serviceAccountName, reaches: [], changeAlone: true })),
  ofPods('bypassed connections', 'which connections the sidecar sees', pods => {
    const parts = Object.entries(CAPTURE).map(([side, keys]) => ({ side: side as Reach['side'], part: entriesOf(pods.annotations, keys) }));
    const stated = parts.filter(({ part }) => part !== undefined);
    if (stated.length === 0) return undefined;
    const reaches = stated.flatMap(({ side, part }) => bypassing(side, part!));
    return { part: stated, reaches: reaches.map(reach => ({ ...selected(pods), ...reach })) };
  }),
  ofPods('proxy settings', 'the settings with which the proxy of a pod starts', pods => {
    const part = entriesOf(pods.annotations, SETTINGS);
    if (part === undefined) return undefined;
    const { [PROXY_CONFIG_ANNOTATION]: config, ...others } = pods.annotations;
    // What decisions read of the annotation, comparisons of routes and clusters do not.
    const isRead = entriesOf(others, SETTINGS) === undefined && config !== undefined && isProxyConfigRead(config);
    return { part, reaches: isRead ? [] : [{ side: 'sending', ...selected(pods) }, { side: 'taking', ...selected(pods) }] };
  }),
];

/** Whether an object makes pods. */
export function makesPods(object: Manifest): boolean {
  return isOfKind(object, 'Pod') || podTemplateOf(object) !== undefined;
}
