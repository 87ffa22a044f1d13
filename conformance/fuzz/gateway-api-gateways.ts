import type { Dice } from './dice';
import { NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { CERTIFICATE, KEY } from '../envoy/certificate';

type Fields = { [field: string]: unknown };

const API = 'gateway.networking.k8s.io/v1';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
/** The labels of the pods of the Gateways that Istio runs, and of those that it does not. */
export const podsOf = (name: string) => ({ [GATEWAY_NAME]: name });
export const MANUAL = { app: 'manual' };

const HOSTNAMES = [undefined, 'shop.example.com', '*.example.com', '*.shop.example.com', '*.com', 'example.org'];

function allowedRoutes(dice: Dice): Fields {
  return dice.fields(0.9, {
    namespaces: () => dice.pick<Fields>([
      { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'All' }, { from: 'Same' }, {},
      { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
      { from: 'Selector', selector: { matchExpressions: [{ key: 'team', operator: dice.pick(['Exists', 'DoesNotExist']) }] } },
      { from: 'Selector', selector: { matchExpressions: [{ key: 'team', operator: dice.pick(['In', 'NotIn']), values: ['a', 'b'] }] } },
    ]),
    ...dice.chance(0.1) ? { kinds: () => dice.some([{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }, { kind: 'TCPRoute' }], 0.6) } : {},
  });
}

function listener(dice: Dice, name: string): Fields {
  const hostname = dice.pick(HOSTNAMES);
  const common = { name, ...hostname === undefined ? {} : { hostname }, ...dice.fields(0.9, { allowedRoutes: () => allowedRoutes(dice) }) };
  const certificateRefs = [{
    name: dice.pick(['cert', 'cert', 'cert', 'broken']), ...dice.fields(0.1, { namespace: () => dice.pick(NAMESPACES) }),
  }];
  const options = dice.fields(0.15, {
    'gateway.istio.io/tls-terminate-mode': () => dice.pick(['MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL', 'ISTIO_SIMPLE']),
    'gateway.istio.io/tls-cipher-suites': () => 'ECDHE-ECDSA-AES128-GCM-SHA256, ODD',
  });
  const tls = { ...dice.fields(0.5, { mode: () => 'Terminate' }), certificateRefs, ...Object.keys(options).length > 0 ? { options } : {} };
  switch (dice.int(1, 10)) {
    case 1: return { ...common, port: dice.pick([31400, 80]), protocol: 'TCP', hostname: undefined };
    case 2: return { ...common, port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
    case 3: return { ...common, port: 443, protocol: 'TLS', tls };
    case 4: case 5: return { ...common, port: 443, protocol: 'HTTPS', tls };
    default: return { ...common, port: dice.pick([80, 80, 80, 8080]), protocol: dice.chance(0.02) ? 'http' : 'HTTP' };
  }
}

const listeners = (dice: Dice, names: readonly string[]) => dice.some(names, 0.6).map(name => listener(dice, name));

/** The Service that Istio makes for a Gateway, as its template has it. */
function managedService(dice: Dice, name: string, namespace: string, all: readonly Fields[]): KubernetesObject {
  const byPort = new Map(all.map(each => [each.port, each]).reverse() as [number, Fields][]);
  const ports = [...byPort].reverse().map(([port, { name: portName, protocol }]) => (
    { name: portName, port, targetPort: port, protocol: 'TCP', appProtocol: (protocol as string).toLowerCase() }));
  const spec = {
    type: 'LoadBalancer', selector: podsOf(name), ports: [{ name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP', appProtocol: 'tcp' }, ...ports],
  };
  return object(dice, 'v1', 'Service', `${name}-istio`, namespace, spec);
}

function gateway(dice: Dice, name: string, namespace: string, spec: Fields): KubernetesObject {
  return object(dice, API, 'Gateway', name, namespace, { gatewayClassName: 'istio', ...spec });
}

function managed(dice: Dice, name: string, namespace: string): KubernetesObject[] {
  const all = listeners(dice, ['http', 'wide', 'https', 'tls', 'tcp']);
  const stated = all.length === 0 ? [listener(dice, 'http')] : all;
  const allowedListeners = dice.fields(0.4, { allowedListeners: () => ({ namespaces: { from: dice.pick(['All', 'Same', 'None']) } }) });
  return [gateway(dice, name, namespace, { listeners: stated, ...allowedListeners }), managedService(dice, name, namespace, stated)];
}

/** A Gateway for pods that others run. */
function manual(dice: Dice): KubernetesObject[] {
  const ports = [{ name: 'http2', port: 80, targetPort: 8080 }, { name: 'https', port: 443, targetPort: 8443 }, { name: 'tcp', port: 31400 }];
  return [
    object(dice, 'v1', 'Service', 'manual', 'istio-system', { selector: MANUAL, ports: dice.some(ports, 0.9) }),
    gateway(dice, 'manual', 'istio-system', {
      addresses: [{ type: 'Hostname', value: dice.pick(['manual', 'manual.istio-system.svc.cluster.local']) }],
      listeners: [listener(dice, 'http'), ...dice.chance(0.4) ? [listener(dice, 'https')] : []],
    }),
  ].filter(({ kind, spec }) => kind !== 'Service' || (spec as { ports: readonly object[] }).ports.length > 0);
}

/** Gateways, what extends them, and the objects that they refer to. */
export function gateways(dice: Dice): KubernetesObject[] {
  const pair = { 'tls.crt': base64(CERTIFICATE), 'tls.key': base64(KEY) };
  return [
    ...NAMESPACES.map((name): KubernetesObject => (
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: dice.fields(0.5, { team: () => dice.pick(['a', 'b', 'c']) }) as Labels } })),
    ...NAMESPACES.flatMap(namespace => [secret('cert', namespace, pair), secret('broken', namespace, { 'tls.crt': base64('x'), 'tls.key': base64('y') })]),
    ...NAMESPACES.map((namespace): KubernetesObject => (
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'roots', namespace }, data: { 'ca.crt': CERTIFICATE } })),
    ...managed(dice, 'main', 'istio-system'),
    ...dice.chance(0.4) ? managed(dice, 'own', 'shop') : [],
    ...dice.chance(0.4) ? manual(dice) : [],
    ...dice.chance(0.3) ? [listenerSet(dice)] : [],
  ];
}

type Labels = { readonly [name: string]: string };

function listenerSet(dice: Dice): KubernetesObject {
  return object(dice, API, 'ListenerSet', 'more', dice.pick(['istio-system', 'shop']), {
    parentRef: { name: dice.pick(['main', 'own']), namespace: dice.pick(['istio-system', 'shop']) },
    listeners: [listener(dice, 'http'), ...dice.chance(0.5) ? [listener(dice, 'other')] : []],
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function secret(name: string, namespace: string, data: Labels): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
}
