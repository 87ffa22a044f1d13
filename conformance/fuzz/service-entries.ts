import type { Dice } from './dice';
import { exportTo, host, LOCALITIES, NAMESPACES, object, OUTSIDE, VERSIONS } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

interface Port { readonly number: number; readonly name: string; readonly protocol: string; readonly targetPort?: number }

const PORTS: readonly Port[] = [
  { number: 80, name: 'http', protocol: 'HTTP' },
  { number: 80, name: 'http-out', protocol: 'HTTP', targetPort: 443 },
  { number: 443, name: 'tls', protocol: 'TLS' },
  { number: 443, name: 'https', protocol: 'HTTPS', targetPort: 8443 },
  { number: 9000, name: 'grpc', protocol: 'GRPC' },
  { number: 9002, name: 'http2', protocol: 'HTTP2' },
  { number: 5432, name: 'tcp', protocol: 'TCP' },
  { number: 8888, name: 'web', protocol: 'http' },
];

const RESOLUTIONS = ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS', undefined] as const;
const NAMED = new Set(['HTTP', 'HTTP2', 'GRPC', 'TLS']);

/** A valid ServiceEntry, and the WorkloadEntries that it selects. Names end in a digit, different names in different digits. */
export function serviceEntry(dice: Dice, name: string): KubernetesObject[] {
  const namespace = dice.pick(NAMESPACES);
  const resolution = dice.pick(RESOLUTIONS);
  const isDynamic = resolution === 'DYNAMIC_DNS';
  const needsName = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  const wildcards = OUTSIDE.filter(each => each.startsWith('*'));
  const names = isDynamic
    ? wildcards
    : needsName
      ? OUTSIDE.filter(each => !each.startsWith('*'))
      : [...OUTSIDE, host('catalog', 'shop'), host('remote', 'shop')];
  const lower = dice.chance(0.2) && !isDynamic ? [...new Set([dice.pick(names), dice.pick(names)])] : [dice.pick(names)];
  const hosts = dice.chance(0.05) ? lower.map(each => each.replace('example', 'Example')) : lower;
  const hasNone = dice.chance(0.03);
  const ports = hasNone ? [] : portsOf(dice, isDynamic || (hosts.length > 1 && !passes(resolution)));
  const addresses = !isDynamic && hosts.length === 1 && dice.chance(0.35) ? addressesOf(dice, resolution) : undefined;
  const selects = resolution === 'STATIC' && dice.chance(0.3);
  const endpoints = selects ? undefined : endpointsOf(dice, resolution, ports);
  const spec = {
    hosts,
    ports,
    ...(resolution ? { resolution } : {}),
    ...(addresses ? { addresses } : {}),
    ...(endpoints ? { endpoints } : {}),
    ...(selects ? { workloadSelector: { labels: { app: 'vm' } } } : {}),
    ...dice.fields(0.3, {
      location: () => dice.pick(['MESH_INTERNAL', 'MESH_EXTERNAL']),
      exportTo: () => exportTo(dice, namespace),
      subjectAltNames: () => ['san.example.com', 'spiffe://cluster.local/ns/shop/sa/api'].slice(0, dice.int(1, 2)),
    }),
  };
  const annotations = dice.chance(0.05) ? { 'istio.io/connect-strategy': 'RACE_FIRST_TCP_CONNECT' } : {};
  const entries = selects ? dice.times(0, 2, number => workloadEntry(dice, `${name}-vm-${number}`, namespace)) : [];
  const creationTimestamp = `2025-0${dice.int(1, 9)}-01T00:00:0${name.slice(-1)}Z`; // Of two with the same age, istiod uses either.
  return [object(dice, 'networking.istio.io/v1', 'ServiceEntry', name, namespace, spec, { annotations, creationTimestamp }), ...entries];
}

function passes(resolution: string | undefined): boolean {
  return resolution === 'NONE' || resolution === undefined;
}

function portsOf(dice: Dice, haveToName: boolean): Port[] {
  const usable = haveToName ? PORTS.filter(({ protocol }) => NAMED.has(protocol)) : PORTS;
  const chosen = dice.some(usable, 0.3);
  return (chosen.length === 0 ? [usable[0]] : chosen).filter(
    ({ number }, place, all) => all.findIndex(other => other.number === number) === place,
  );
}

function addressesOf(dice: Dice, resolution: string | undefined): string[] {
  const ranges = resolution === 'STATIC' || passes(resolution) ? ['240.2.0.0/16', '240.3.0.1/32'] : [];
  return dice
    .times(1, 2, () => dice.pick([`240.1.0.${dice.int(1, 9)}`, ...ranges]))
    .filter((address, place, all) => all.indexOf(address) === place);
}

function endpointsOf(dice: Dice, resolution: string | undefined, ports: readonly Port[]): object[] | undefined {
  if (resolution === 'STATIC') {
    if (dice.chance(0.12)) return [{ address: 'unix:///var/run/api.sock' }];
    return dice.times(1, 4, place => endpoint(dice, `10.1.0.${place + 1}`, ports));
  }
  if (resolution === 'DNS') return dice.maybe(0.6, () => dice.times(1, 4, place => endpoint(dice, `e${place}.example.com`, ports)));
  return resolution === 'DNS_ROUND_ROBIN' ? dice.maybe(0.5, () => [endpoint(dice, 'one.example.com', ports)]) : undefined;
}

function endpoint(dice: Dice, address: string, ports: readonly Port[]): object {
  return {
    address,
    ...dice.fields(0.4, {
      ports: () => (ports.length === 0 ? undefined : { [dice.pick(ports).name]: 8000 }),
      labels: () => ({ version: dice.pick(VERSIONS), ...(dice.chance(0.3) ? { 'security.istio.io/tlsMode': 'istio' } : {}) }),
      locality: () => dice.pick(LOCALITIES),
      weight: () => dice.int(0, 5),
    }),
    ...dice.fields(0.1, { serviceAccount: () => 'api', network: () => 'eu' }),
  };
}

function workloadEntry(dice: Dice, name: string, namespace: string): KubernetesObject {
  const labels = { app: 'vm', version: dice.pick(VERSIONS) };
  const spec = {
    address: `10.2.0.${dice.int(1, 250)}`,
    labels,
    ...dice.fields(0.3, { locality: () => dice.pick(LOCALITIES), weight: () => dice.int(1, 5) }),
  };
  return object(dice, 'networking.istio.io/v1', 'WorkloadEntry', name, namespace, spec);
}
