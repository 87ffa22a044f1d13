import type { FuzzCase } from './fuzz-case';
import { fullHost } from '../../src/manifest/host-name';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { WRITTEN_FIELDS } from '../../src/manifest/written-match';
import { HTTP_MATCH_FIELDS } from '../../src/traffic/match-fields';
import { isProp } from '../fields/claim';
import { KINDS } from '../fields/table';

/** Fields of a match with names that the author chooses. */
const OF_MATCHES = WRITTEN_FIELDS.filter(field => ['string-matches', 'absences', 'labels'].includes(HTTP_MATCH_FIELDS[field].shape));
/** All fields with such names. */
const MAPS = new RegExp(`(?:^|\\.)(?:matchLabels|labels|selector|set|add|ports|to|customTags|match\\[\\]\\.(?:${OF_MATCHES.join('|')}))$`);
/** The number of cases in 5,000 that must contain each field that a construct sets. */
const LEAST = 50;
const FULL = 5000;

/** The leaves of a spec, as `conformance/fields` names them. */
function leaves(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(item => leaves(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  const isMap = MAPS.test(path) && !Object.keys(value).includes('matchLabels');
  const inside = Object.entries(value).flatMap(([name, item]) =>
    leaves(item, isMap ? `${path}{}` : path === '' ? name : `${path}.${name}`),
  );
  return inside.length === 0 ? [path] : inside;
}

/** A leaf with its kind. A leaf of a traffic policy is the same for the host, a subset and a port. */
function fieldOf(kind: string, leaf: string): string {
  return `${kind} ${leaf.replace(/^(?:subsets\[\]\.)?trafficPolicy\.(?:portLevelSettings\[\]\.)?/, 'trafficPolicy.')}`;
}

/** Statistics of a run: shares of cases, and fields that were too rare. */
export interface Coverage {
  readonly fields: ReadonlyMap<string, number>;
  readonly twoOnAHost: number;
  readonly withSidecar: number;
  readonly gatewayCasesWithTwo: number;
}

const ofKind = ({ objects }: FuzzCase, kind: string) => objects.filter(object => object.kind === kind);

function hasTwoOnAHost(each: FuzzCase): boolean {
  const specOf = (object: KubernetesObject) => object.spec as { readonly hosts?: readonly string[]; readonly host?: string } | undefined;
  const hosts = (object: KubernetesObject): string[] => [...new Set([specOf(object)?.hosts ?? specOf(object)?.host ?? []].flat())]
    .map(host => fullHost(host.toLowerCase(), object.metadata.namespace ?? '', 'cluster.local'));
  return ['VirtualService', 'DestinationRule'].some(kind => {
    const all = ofKind(each, kind).flatMap(hosts);
    return new Set(all).size < all.length;
  });
}

export function coverageOf(cases: readonly FuzzCase[]): Coverage {
  const fields = new Map<string, number>();
  for (const each of cases) {
    const known = each.objects.filter(({ kind }) => kind in KINDS);
    const found = new Set(known.flatMap(({ kind, spec }) => leaves(spec).map(leaf => fieldOf(kind, leaf))));
    for (const field of found) fields.set(field, (fields.get(field) ?? 0) + 1);
  }
  const share = (of: readonly FuzzCase[], has: (each: FuzzCase) => boolean) => (of.length === 0 ? 0 : of.filter(has).length / of.length);
  const ofGateways = cases.filter(each => each.proxies.some(({ type }) => type === 'gateway') && ofKind(each, 'Gateway').length > 0);
  return {
    fields,
    twoOnAHost: share(cases, hasTwoOnAHost),
    withSidecar: share(cases, each => ofKind(each, 'Sidecar').length > 0),
    gatewayCasesWithTwo: share(ofGateways, each => ofKind(each, 'Gateway').length > 1),
  };
}

/** What a run lacks. Only a full run can check fields. */
export function gaps({ fields, twoOnAHost, withSidecar, gatewayCasesWithTwo }: Coverage, count: number): string[] {
  const shares = [
    ['two VirtualServices or DestinationRules on a host', twoOnAHost, 0.3],
    ['a Sidecar', withSidecar, 0.2],
    ['two Gateways, of those with gateways', gatewayCasesWithTwo, 0.2],
  ] as const;
  const few = shares.filter(([, share, least]) => share < least)
    .map(([what, share, least]) => `${(share * 100).toFixed(0)} % of the cases have ${what}; at least ${least * 100} % should`);
  if (count < FULL) return few;
  const stated = new Set(Object.entries(KINDS)
    .flatMap(([kind, claims]) => Object.keys(claims).filter(leaf => isProp(claims[leaf])).map(leaf => fieldOf(kind, leaf))));
  const seldom = [...stated].map(field => ({ field, times: timesOf(fields, field) })).filter(({ times }) => times < LEAST);
  return [...few, ...seldom.map(({ field, times }) => `${field} is in ${times} of ${count} cases; it should be in at least ${LEAST}`)];
}

/** A claim may be the common prefix of several leaves. */
function timesOf(fields: ReadonlyMap<string, number>, field: string): number {
  const below = [...fields].filter(([leaf]) => leaf.startsWith(field) && /^[.[{]/.test(leaf.slice(field.length))).map(([, times]) => times);
  return fields.get(field) ?? Math.max(0, ...below);
}
