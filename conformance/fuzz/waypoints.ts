import type { Dice } from './dice';
import { NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { authorizationPolicy, requestAuthentication } from '../access/access-policies';
import { CERTIFICATE } from '../envoy/certificate';

type Labels = { readonly [name: string]: string };
type Fields = { readonly [field: string]: unknown };

const API = 'gateway.networking.k8s.io/v1';
const TRAFFIC = ['service', 'service', 'service', 'all', 'all', 'all', 'workload', 'none'];

/** Waypoints by name and namespace, as labels name them. Without a namespace, it is that of the object. */
const CHOSEN: readonly (readonly [string, string?])[] = [
  ['wp', 'shop'], ['wp', 'shop'], ['wp', 'shop'], ['wp'], ['far', 'istio-system'], ['far', 'istio-system'], ['far', 'shop'], ['none'], ['missing'],
];

/** The labels by which a namespace or an object chooses a waypoint. */
function choice(dice: Dice): Labels {
  const [name, namespace] = dice.pick(CHOSEN);
  return { 'istio.io/use-waypoint': name, ...namespace !== undefined && { 'istio.io/use-waypoint-namespace': namespace } };
}

function waypoint(dice: Dice, name: string, namespace: string): KubernetesObject {
  const allowedRoutes = dice.maybe(0.9, () => ({
    namespaces: dice.pick<Fields>([
      { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'Same' }, {},
      { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
      { from: 'Selector', selector: { matchExpressions: [{ key: 'team', operator: dice.pick(['Exists', 'DoesNotExist']) }] } },
    ]),
  }));
  const labels = dice.chance(0.5) ? { labels: { 'istio.io/waypoint-for': dice.pick(TRAFFIC) } } : {};
  const listener = { name: 'mesh', port: dice.chance(0.95) ? 15008 : 15009, protocol: 'HBONE', ...allowedRoutes && { allowedRoutes } };
  return object(dice, API, 'Gateway', name, namespace, { gatewayClassName: 'istio-waypoint', listeners: [listener] }, labels);
}

/** Waypoints, and the namespaces whose labels choose them. */
export function waypoints(dice: Dice): KubernetesObject[] {
  return [
    ...NAMESPACES.map((name): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: { ...dice.chance(0.9) ? choice(dice) : {}, ...dice.chance(0.5) ? { team: dice.pick(['a', 'b']) } : {} },
      },
    })),
    ...NAMESPACES.map((namespace): KubernetesObject => (
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'roots', namespace }, data: { 'ca.crt': CERTIFICATE } })),
    ...dice.chance(0.15) ? [gatewayClass(dice)] : [],
    waypoint(dice, 'wp', 'shop'),
    waypoint(dice, 'far', 'istio-system'),
  ];
}

function gatewayClass(dice: Dice): KubernetesObject {
  return {
    apiVersion: API,
    kind: 'GatewayClass',
    metadata: { name: 'istio-waypoint', labels: { 'istio.io/waypoint-for': dice.pick(TRAFFIC) } },
    spec: { controllerName: 'istio.io/mesh-controller' },
  };
}

/** Gives some of the services and workloads labels of their own. */
export function withChoices(dice: Dice, objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.map(each => {
    if (!dice.chance(0.25)) return each;
    if (['Service', 'ServiceEntry', 'WorkloadEntry'].includes(each.kind)) {
      return { ...each, metadata: { ...each.metadata, labels: { ...each.metadata.labels, ...choice(dice) } } };
    }
    if (each.kind !== 'Deployment') return each;
    const spec = each.spec as { template: { metadata: { labels: Labels } } };
    const labels = { ...spec.template.metadata.labels, ...choice(dice) };
    return { ...each, spec: { ...spec, template: { ...spec.template, metadata: { ...spec.template.metadata, labels } } } };
  });
}

/** Access policies, most of them attached to what a waypoint reads. */
export function waypointPolicies(dice: Dice): KubernetesObject[] {
  return [
    ...dice.times(0, 3, place => authorizationPolicy(dice, `policy-${place}`)),
    ...dice.times(0, 2, place => requestAuthentication(dice, `tokens-${place}`)),
  ].map(policy => (dice.chance(0.8) ? attached(dice, policy) : policy));
}

/** A Telemetry that is attached to a service or a waypoint. */
export function attachedTelemetries(dice: Dice): KubernetesObject[] {
  return dice.times(0, 1, place => attached(dice, object(dice, 'telemetry.istio.io/v1', 'Telemetry', `attached-${place}`, dice.pick(NAMESPACES), {
    ...dice.fields(0.8, {
      accessLogging: () => [{ providers: [{ name: dice.pick(['envoy', 'errors']) }] }],
      tracing: () => [{ randomSamplingPercentage: dice.pick([1, 50]) }],
    }),
  })));
}

function attached(dice: Dice, policy: KubernetesObject): KubernetesObject {
  const { selector: _, targetRefs: __, ...spec } = policy.spec as Fields;
  const reference = dice.pick<Fields>([
    { kind: 'Service', group: '', name: 'catalog' },
    { kind: 'Service', group: '', name: 'orders' },
    { kind: 'ServiceEntry', group: 'networking.istio.io', name: 'entry-0' },
    { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: dice.pick(['wp', 'far']) },
    { kind: 'GatewayClass', group: 'gateway.networking.k8s.io', name: dice.pick(['istio-waypoint', 'istio']) },
  ]);
  return { ...policy, spec: { ...spec, targetRefs: [reference] } };
}
