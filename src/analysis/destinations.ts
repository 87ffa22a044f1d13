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

const BLOCKS = ['tcp', 'tls', 'http'] as const;

/** Collects the destinations of one VirtualService: many rules read them, and each is of one shape. */
class Reader {
  public readonly found: Destination[] = [];
  private readonly namespace: string;

  public constructor(private readonly index: TrafficIndex, object: KubernetesObject) {
    this.namespace = index.namespaceOf(object);
  }

  public read(destination: Fields, block: Destination['block'], rule: number, mirror: boolean, path: string, weight?: Fields): void {
    if (typeof destination?.host !== 'string' || destination.host === '') return;
    const { host, subset, port } = destination;
    this.found.push({
      block,
      rule,
      mirror,
      path,
      written: host,
      host: this.index.fullHost(host, this.namespace),
      subset: typeof subset === 'string' && subset !== '' ? subset : undefined,
      port: port?.number === undefined ? undefined : Number(port.number),
      weight: weight === undefined ? undefined : Number(weight),
    });
  }
}

/** Every destination of a VirtualService: of routes in all three blocks, then of mirrors. */
export function destinationsOf(index: TrafficIndex, object: KubernetesObject): readonly Destination[] {
  const reader = new Reader(index, object);
  for (const block of BLOCKS) {
    items(object.spec?.[block]).forEach((rule, r) => items(rule.route).forEach((route, d) => (
      reader.read(route.destination, block, r, false, `spec.${block}[${r}].route[${d}].destination`, route.weight))));
  }
  items(object.spec?.http).forEach((rule, r) => {
    if (rule.mirror) reader.read(rule.mirror, 'http', r, true, `spec.http[${r}].mirror`);
    items(rule.mirrors).forEach((mirror, m) => reader.read(mirror.destination, 'http', r, true, `spec.http[${r}].mirrors[${m}].destination`));
  });
  return reader.found;
}
