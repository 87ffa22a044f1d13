import type { Fields } from './fields';
import { items } from './fields';
import type { TrafficIndex } from './traffic-index';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A place in a VirtualService that names a host, with what it names. */
export interface Destination {
  readonly block: 'http' | 'tls' | 'tcp';
  /** The place of the rule in its block. */
  readonly rule: number;
  readonly mirror: boolean;
  readonly path: string;
  /** As written. */
  readonly written: string;
  /** In full. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight?: number;
}

function read(index: TrafficIndex, namespace: string, destination: Fields, place: Pick<Destination, 'block' | 'rule' | 'mirror' | 'path' | 'weight'>): Destination[] {
  if (typeof destination?.host !== 'string' || destination.host === '') return [];
  const { host, subset, port } = destination;
  return [{
    ...place,
    written: host,
    host: index.fullHost(host, namespace),
    ...(typeof subset === 'string' && subset !== '' && { subset }),
    ...(port?.number !== undefined && { port: Number(port.number) }),
  }];
}

/** Every destination of a VirtualService: of routes in all three blocks, then of mirrors. */
export function destinationsOf(index: TrafficIndex, object: KubernetesObject): readonly Destination[] {
  const namespace = index.namespaceOf(object);
  const blocks = ['tcp', 'tls', 'http'] as const;
  const routed = blocks.flatMap(block => items(object.spec?.[block]).flatMap((rule, r) => items(rule.route).flatMap((route, d) => (
    read(index, namespace, route.destination, {
      block, rule: r, mirror: false, path: `spec.${block}[${r}].route[${d}].destination`, ...(route.weight !== undefined && { weight: Number(route.weight) }),
    })))));
  const mirrored = items(object.spec?.http).flatMap((rule, r) => [
    ...read(index, namespace, rule.mirror, { block: 'http', rule: r, mirror: true, path: `spec.http[${r}].mirror` }),
    ...items(rule.mirrors).flatMap((mirror, m) => read(index, namespace, mirror.destination, { block: 'http', rule: r, mirror: true, path: `spec.http[${r}].mirrors[${m}].destination` })),
  ]);
  return [...routed, ...mirrored];
}
