import type { Code } from './code';
import { corsCode, durationCode, faultProps, headersCode, retriesCode } from './lift-values';
import { cannot, readOnly } from './not-said';
import { isUnconditional } from './open-rules';
import type { Destination, Headers, HTTPMatchRequest, HTTPRoute } from '../manifest/istio-specs.generated';
import { stableJson } from '../manifest/stable-json';

/** A share of the requests of a rule. */
export interface Share {
  /** The full name of the host. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight: number;
  readonly headers?: Headers;
}

/** What is done to the requests of a rule, each with the props of the construct that says it. */
export interface Treatment {
  readonly slot: 'timeout' | 'retries' | 'headers' | 'cors' | 'fault' | 'mirror';
  readonly creates: 'RequestPolicy' | 'FaultInjection' | 'MirroredService';
  readonly props: { readonly [field: string]: Code | undefined };
}

/** A rule of a VirtualService for HTTP, as constructs can say it. */
export interface Rule {
  readonly name?: string;
  /** Undefined if every request matches. */
  readonly matches?: readonly HTTPMatchRequest[];
  readonly shares: readonly Share[];
  readonly route: HTTPRoute;
  readonly treatments: readonly Treatment[];
}

const KNOWN = [
  'name', 'match', 'route', 'redirect', 'directResponse', 'rewrite', 'timeout', 'retries', 'fault', 'mirror', 'mirrorPercentage', 'mirrors', 'headers',
  'corsPolicy',
];

/** How to read the names in a rule. */
export interface RuleNames {
  readonly fullHost: (host: string) => string;
  readonly target: (destination: Pick<Share, 'host' | 'subset' | 'port'>) => Code;
}

export function ruleOf(route: HTTPRoute, names: RuleNames): Rule {
  readOnly('http', route, KNOWN);
  const { match } = route;
  const matches = match === undefined || match.length === 0 || match.some(isUnconditional) ? undefined : match;
  if (matches === undefined) match?.forEach(each => (each.name ?? each.statPrefix) !== undefined && cannot('match.name and match.statPrefix name statistics'));
  const weighted = route.route ?? [];
  const shares = weighted.map(({ destination, weight, headers }): Share => ({
    ...destinationOf(destination, names), weight: weight ?? (weighted.length === 1 ? 1 : 0), ...(headers ? { headers } : {}),
  }));
  return { name: route.name, matches, shares, route, treatments: treatmentsOf(route, names) };
}

function destinationOf(destination: Destination | undefined, names: RuleNames): Pick<Share, 'host' | 'subset' | 'port'> {
  if (destination?.host === undefined) return cannot('a destination has no host');
  const { host, subset, port } = destination;
  return {
    host: names.fullHost(host),
    ...(subset === undefined ? {} : { subset }),
    ...(port?.number === undefined ? {} : { port: port.number }),
  };
}

function treatmentsOf(route: HTTPRoute, names: RuleNames): Treatment[] {
  const { timeout, retries, headers, corsPolicy, fault } = route;
  const policy = (slot: Treatment['slot'], props: Treatment['props']): Treatment => ({ slot, creates: 'RequestPolicy', props });
  const mirrors = [
    ...(route.mirror ? [{ destination: route.mirror, percentage: route.mirrorPercentage }] : []), ...route.mirrors ?? [],
  ];
  return [
    ...(timeout === undefined ? [] : [policy('timeout', { timeout: durationCode('timeout', timeout) })]),
    ...(retries ? [policy('retries', { retries: retriesCode(retries) })] : []),
    ...(headers ? [policy('headers', { headers: headersCode(headers) })] : []),
    ...(corsPolicy ? [policy('cors', { cors: corsCode(corsPolicy) })] : []),
    ...(fault ? [{ slot: 'fault', creates: 'FaultInjection', props: { ...faultProps(fault) } } as const] : []),
    ...mirrors.map(({ destination, percentage }): Treatment => ({
      slot: 'mirror',
      creates: 'MirroredService',
      props: {
        mirror: names.target(destinationOf(destination, names)), percent: percentage?.value === 100 ? undefined : percentage?.value,
      },
    })),
  ];
}

/** Whether two rules send requests to the same versions in the same shares. */
export function haveSameShares(a: Rule, b: Rule): boolean {
  return stableJson(shareList(a)) === stableJson(shareList(b));
}

function shareList({ shares, route: { redirect, directResponse } }: Rule): unknown {
  const sum = shares.reduce((total, { weight }) => total + weight, 0);
  const served = shares.filter(({ weight }) => weight > 0);
  return [served.map(({ port: _, ...share }) => ({ ...share, weight: share.weight / sum })), redirect, directResponse];
}

/** Whether two rules have the same treatment in a slot. */
export function treatmentText(rule: Rule, slot: Treatment['slot']): string {
  return stableJson(rule.treatments.filter(each => each.slot === slot));
}

export const SLOTS: readonly Treatment['slot'][] = ['timeout', 'retries', 'headers', 'cors', 'fault', 'mirror'];
