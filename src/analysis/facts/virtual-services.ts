import type {
  HTTPMatchRequest, HTTPRoute, L4MatchAttributes, TCPRoute, TLSMatchAttributes,
  TLSRoute,
} from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type VirtualService = ManifestOf<'VirtualService'>;

/** What `gateways` names for the sidecars of the mesh. */
export const MESH = 'mesh';

export const BLOCKS = ['http', 'tls', 'tcp'] as const;
export type Block = typeof BLOCKS[number];

/** The entries of one block. */
export function routesIn({ spec }: VirtualService, block: Block): readonly (HTTPRoute | TLSRoute | TCPRoute)[] {
  return spec?.[block] ?? [];
}

/** One item of a match list, with its place. */
export interface PlacedMatch {
  readonly match: HTTPMatchRequest | TLSMatchAttributes | L4MatchAttributes;
  readonly path: string;
}

/** The matches of all entries. */
export function matchesIn(object: VirtualService): PlacedMatch[] {
  return BLOCKS.flatMap(block => routesIn(object, block).flatMap(({ match = [] }, r) => (
    (match as readonly PlacedMatch['match'][]).map((one, m) => ({ match: one, path: `spec.${block}[${r}].match[${m}]` })))));
}

/** An entry as messages name it: by its name, else by its place from 1. */
export function entryName(route: HTTPRoute | TLSRoute | TCPRoute, place: number): string {
  return 'name' in route && route.name ? `'${route.name}'` : `${place + 1}`;
}

/** Whether sidecars obey a VirtualService. */
export function isForMesh({ spec }: VirtualService): boolean {
  const { gateways = [] } = spec ?? {};
  return gateways.length === 0 || gateways.includes(MESH);
}

/** Whether other VirtualServices may delegate to it: it has no hosts. */
export function isDelegate({ spec }: VirtualService): boolean {
  return (spec?.hosts ?? []).length === 0;
}

/** The hosts of a VirtualService in full. */
export function fullHostsOf(object: VirtualService, index: TrafficIndex): string[] {
  return (object.spec?.hosts ?? []).map(host => index.fullHost(host, index.namespaceOf(object)));
}
