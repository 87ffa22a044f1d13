import type { Block, VirtualService } from './virtual-services';
import { routesIn } from './virtual-services';
import type { Destination as WrittenDestination } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** A place in a VirtualService that names a host, with what it names. */
export interface Destination {
  readonly block: Block;
  /** The place of the route in its block. */
  readonly route: number;
  readonly mirror: boolean;
  readonly path: string;
  /** The host as written. */
  readonly written: string;
  /** The host in full. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight?: number;
}

/** Rules report the destinations of TCP first, as Istio's analyzers do. */
const BLOCKS = ['tcp', 'tls', 'http'] as const satisfies readonly Block[];

/** Every destination of a VirtualService: of the routes in all three blocks, then of mirrors. */
export function destinationsOf(object: VirtualService, index: TrafficIndex): readonly Destination[] {
  return index.memoOf(object, findDestinations);
}

/** Whether Envoy's configuration leaves a destination out: one of several whose weight is 0 or missing. */
export function isUnused({ block, route, mirror, weight = 0 }: Destination, object: VirtualService): boolean {
  return !mirror && weight === 0 && (routesIn(object, block)[route].route ?? []).length > 1;
}

function findDestinations(object: VirtualService, index: TrafficIndex): readonly Destination[] {
  const namespace = index.namespaceOf(object);
  const found: Destination[] = [];
  const add = (written: WrittenDestination | undefined, place: Pick<Destination, 'block' | 'route' | 'mirror' | 'path' | 'weight'>) => {
    if (!written?.host) return;
    const { host, subset, port } = written;
    found.push({
      ...place,
      written: host,
      host: index.fullHost(host, namespace),
      subset: subset === '' ? undefined : subset,
      port: port?.number,
    });
  };
  for (const block of BLOCKS) {
    routesIn(object, block).forEach(({ route = [] }, r) => route.forEach(({ destination, weight }, d) => (
      add(destination, { block, route: r, mirror: false, path: `spec.${block}[${r}].route[${d}].destination`, weight }))));
  }
  (object.spec?.http ?? []).forEach(({ mirror, mirrors = [] }, r) => {
    add(mirror, { block: 'http', route: r, mirror: true, path: `spec.http[${r}].mirror` });
    mirrors.forEach(({ destination }, m) => add(destination,
      { block: 'http', route: r, mirror: true, path: `spec.http[${r}].mirrors[${m}].destination` }));
  });
  return found;
}
