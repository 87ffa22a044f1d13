import { DEFAULT_FLAGS, GatewayClasses } from './gateway-classes';
import { MANAGED } from './managed-services';
import { Referents, matchesSelector } from './referents';
import type { AllowedRoutes } from '../manifest/gateway-api-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';
import { hasPartialLabels } from '../manifest/partial-labels';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../manifest/waypoint-labels';

const USE_WAYPOINT_CANARY = 'istio.io/use-waypoint-canary';
const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';
const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const WAYPOINT_FOR = 'istio.io/waypoint-for';

/** The Services of these never use a waypoint. */
const OWN_SERVICES = new Set(['istio.io-mesh-controller', 'istio.io-eastwest-controller']);
const TUNNEL_PORT = 15008;

/** A waypoint of the input. */
export interface Waypoint {
  readonly name: string;
  readonly namespace: string;
  readonly gateway: ManifestOf<'KubernetesGateway'>;
  /** What it serves: `service`, `workload`, `all` or `none`. */
  readonly serves: string;
}

/** Whether connections pass a waypoint, and which. */
export type WaypointBinding =
  | { readonly is: 'bound'; readonly waypoint: Waypoint; readonly weighted?: boolean }
  /** They pass none, as nothing names one, or as the one that is named refuses them. */
  | { readonly is: 'none'; readonly why: string }
  /** The input does not tell. */
  | { readonly is: 'unknown'; readonly why: string };

/** What asks for a waypoint: a Service, a ServiceEntry, or a workload. */
export interface Served {
  readonly namespace: string;
  readonly labels?: Labels;
}

/** How pods of a namespace take part in the mesh. */
export type CaptureMode = 'ambient' | 'not ambient' | 'unknown';

/** The waypoints of a mesh, and what they serve. */
export class Waypoints {
  private readonly referents: Referents;
  private readonly classes: GatewayClasses;
  private readonly classLabels: ReadonlyMap<string, Labels | undefined>;
  private readonly byName = new Map<string, Waypoint>();

  constructor(manifests: readonly Manifest[]) {
    this.referents = new Referents(manifests);
    const classes = manifestsOf(manifests, 'GatewayClass');
    this.classes = new GatewayClasses(classes, DEFAULT_FLAGS);
    this.classLabels = new Map(classes.map(({ metadata }) => [metadata.name, metadata.labels]));
    for (const gateway of manifestsOf(manifests, 'KubernetesGateway')) {
      const waypoint = this.waypointOf(gateway);
      if (waypoint) this.byName.set(`${waypoint.namespace}/${waypoint.name}`, waypoint);
    }
  }

  public get all(): readonly Waypoint[] {
    return [...this.byName.values()];
  }

  public get(namespace: string, name: string): Waypoint | undefined {
    return this.byName.get(`${namespace}/${name}`);
  }

  /** The waypoint of the connections to a service. */
  public ofService(object: KubernetesObject): WaypointBinding {
    const { metadata: { namespace = '', labels } } = object;
    if (OWN_SERVICES.has(labels?.[MANAGED] ?? '')) return { is: 'none', why: 'it is the Service of a waypoint itself' };
    return this.bindingOf({ namespace, labels }, 'service');
  }

  /** The waypoint of the connections to the address of a pod or a WorkloadEntry. */
  public ofWorkload(workload: Served): WaypointBinding {
    return this.bindingOf(workload, 'workload');
  }

  /** Whether ingress gateways send the requests for a service to its waypoint; undefined if the input does not tell. */
  public takesIngress({ metadata: { namespace = '', labels } }: KubernetesObject): boolean | undefined {
    const own = labels?.[INGRESS_USE_WAYPOINT];
    if (own !== undefined) return TRUE.has(own);
    const ofNamespace = this.labelsOf(namespace, INGRESS_USE_WAYPOINT);
    return ofNamespace && TRUE.has(ofNamespace[INGRESS_USE_WAYPOINT] ?? '');
  }

  /** Whether ztunnel captures the connections of pods with some labels. A sidecar takes precedence. */
  public captureOf({ namespace, labels }: Served): CaptureMode {
    const own = labels?.[DATAPLANE_MODE];
    if (own !== undefined) return own === 'ambient' ? 'ambient' : 'not ambient';
    const ofNamespace = this.labelsOf(namespace, DATAPLANE_MODE);
    if (ofNamespace === undefined) return 'unknown';
    return ofNamespace[DATAPLANE_MODE] === 'ambient' ? 'ambient' : 'not ambient';
  }

  /** The labels of a namespace; undefined if the input does not tell whether it has a label. */
  private labelsOf(namespace: string, asked: string): Labels | undefined {
    const object = this.referents.get('Namespace', '', namespace);
    const labels = this.referents.namespaceLabels(namespace);
    return object && hasPartialLabels(object) && labels?.[asked] === undefined ? undefined : labels;
  }

  private waypointOf(gateway: ManifestOf<'KubernetesGateway'>): Waypoint | undefined {
    const { metadata: { name, namespace = '', labels }, spec: { gatewayClassName = '' } = {} } = gateway;
    if (!this.classes.controllerOf(gatewayClassName)?.isWaypoint) return undefined;
    const serves = labels?.[WAYPOINT_FOR] ?? this.classLabels.get(gatewayClassName)?.[WAYPOINT_FOR] ?? 'service';
    return { name, namespace, gateway, serves };
  }

  private bindingOf(served: Served, what: 'service' | 'workload'): WaypointBinding {
    const { namespace, labels } = served;
    const ofNamespace = this.labelsOf(namespace, USE_WAYPOINT);
    const own = labels?.[USE_WAYPOINT];
    if (own === 'none') return { is: 'none', why: `its label ${USE_WAYPOINT} is none` };
    if (own === undefined && ofNamespace === undefined) {
      return { is: 'unknown', why: `the labels of the namespace ${namespace} are not in the input` };
    }
    const from = own === undefined ? ofNamespace! : labels!;
    const name = from[USE_WAYPOINT];
    if (name === undefined || name === 'none') {
      return { is: 'none', why: `neither it nor the namespace ${namespace} has a label ${USE_WAYPOINT} with a waypoint` };
    }
    const place = from[USE_WAYPOINT_NAMESPACE] ?? namespace;
    const waypoint = this.get(place, name);
    if (!waypoint) return { is: 'unknown', why: `the input lacks the waypoint ${place}/${name}` };
    const allowed = this.allows(waypoint, namespace);
    if (allowed === undefined) return { is: 'unknown', why: `the labels of the namespace ${namespace} are not in the input` };
    if (!allowed) return { is: 'none', why: `the listener of the waypoint ${place}/${name} does not allow the namespace ${namespace}` };
    if (waypoint.serves !== what && waypoint.serves !== 'all') {
      return { is: 'none', why: `the waypoint ${place}/${name} serves ${waypoint.serves === 'none' ? 'nothing' : `${waypoint.serves}s`}, not ${what}s` };
    }
    const canary = labels?.[USE_WAYPOINT_CANARY] ?? (own === undefined ? ofNamespace?.[USE_WAYPOINT_CANARY] : undefined);
    return { is: 'bound', waypoint, ...what === 'service' && canary && canary !== 'none' && { weighted: true } };
  }

  /** Whether the HBONE listener of a waypoint takes what is in a namespace. */
  private allows({ gateway, namespace: own }: Waypoint, namespace: string): boolean | undefined {
    const { namespaces }: AllowedRoutes = (gateway.spec?.listeners ?? [])
      .find(({ protocol, port }) => protocol === 'HBONE' && port === TUNNEL_PORT)?.allowedRoutes ?? {};
    switch (namespaces?.from ?? 'Same') {
      case 'All': return true;
      case 'Selector': {
        const labels = this.referents.namespaceLabels(namespace);
        return labels && matchesSelector(namespaces?.selector ?? {}, labels);
      }
      default: return own === namespace;
    }
  }
}

/** What istiod reads as true. */
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
