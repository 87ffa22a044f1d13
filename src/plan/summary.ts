import type { ConnectionEntry, ConnectionPlan } from './connection-plan';
import { sorted } from './in-order';
import type { Entry, Product } from './product';
import { destinationRule } from './render';
import type { ServicePlan } from './service-plan';
import type { Decoration, Share } from './statements';
import { describeTarget, isMirror, receiving } from './statements';
import { istioMatch } from '../manifest/match-algebra';
import type { StringCondition } from '../manifest/string-condition';

/** What a service's statements come to, in words. */
export function summarize(plan: ServicePlan): string {
  const lines = [`${plan.facts.host} (ports ${plan.facts.ports.map(p => `${p.number} ${p.protocol}`).join(', ')})`];
  if (plan.addresses('mesh')) lines.push('  from the mesh:', ...describeProduct(plan.meshProduct()));
  else if (!plan.connections?.addressesMesh) lines.push('  from the mesh: all endpoints (no routes, Istio\'s default)');
  if (plan.connections) lines.push(...describeConnections(plan, plan.connections));
  for (const exposure of plan.exposures) {
    lines.push(`  from ${exposure.host.host}${exposure.pathPrefix ?? ''}:`, ...describeProduct(plan.exposureProduct(exposure)));
  }
  const rule = destinationRule(plan) as {
    trafficPolicy?: object; subsets?: { name: string; labels: { [key: string]: string }; trafficPolicy?: object }[];
  };
  for (const { name, labels } of rule.subsets ?? []) {
    lines.push(`  subset ${name}: ${Object.entries(sorted(labels)).map(([k, v]) => `${k}=${v}`).join(', ')}${plan.subsets.get(name)!.retired ? ' (retired)' : ''}`);
  }
  const policies = [...policyLines('', rule.trafficPolicy), ...(rule.subsets ?? []).flatMap(s => policyLines(` of ${s.name}`, s.trafficPolicy))];
  if (policies.length > 0) lines.push('  policies, for each calling proxy and each cluster (subset) by itself:', ...policies);
  return lines.join('\n');
}

function describeConnections(plan: ServicePlan, connections: ConnectionPlan): string[] {
  plan.refuseUnsound();
  const block = (from: string, entries: readonly ConnectionEntry[]) => (entries.length === 0 ? []
    : [`  connections ${from}:`, ...entries.map((entry, i) => `    ${i + 1}. ${describeConnection(entry)}`)]);
  return [
    ...block('from the mesh', connections.meshEntries()),
    ...connections.exposures.flatMap(exposure => block(`from ${exposure.host.host}`, plan.exposedConnections(exposure))),
  ];
}

function describeConnection({ protocol, at, port, terms, shares }: ConnectionEntry): string {
  const alternatives = terms.map(({ sniHosts, destinationSubnets, ...caller }) => [
    ...(sniHosts ? [`server name ${sniHosts.join(', ')}`] : []),
    ...(destinationSubnets ? [`address ${destinationSubnets.join(', ')}`] : []),
    ...Object.entries(caller).filter(([, value]) => value !== undefined).map(([field, value]) => describeField(field, value)),
  ].join(' and ') || 'every connection');
  return `${protocol.toUpperCase()} port ${at}: ${alternatives.join(', or ')} -> ${describeShares(shares)}${at === port ? '' : ` (port ${port})`}`;
}

function describeProduct(product: Product): string[] {
  return [
    ...product.entries.map((entry, i) => `    ${i + 1}. ${describeEntry(entry)}`),
    ...product.omitted.map(text => `    left out: ${text}`),
  ];
}

function describeEntry(entry: Entry): string {
  const parts = [`${entry.name}: ${describeMatch(entry)} -> ${entry.answer ? describeAnswer(entry.answer) : describeShares(entry.shares)}`];
  const { uri, authority, uriRegexRewrite } = entry.rewrite;
  if (uri !== undefined) parts.push(`path rewritten to ${uri}`);
  if (uriRegexRewrite) parts.push(`path rewritten by regex ${uriRegexRewrite.match} to ${uriRegexRewrite.rewrite}`);
  if (authority !== undefined) parts.push(`host rewritten to ${authority}`);
  parts.push(...entry.decorations.map(describeDecoration));
  return parts.join('; ');
}

function describeMatch(entry: Entry): string {
  const alternatives = entry.terms.map(term => {
    const fields = Object.entries(istioMatch(term)).filter(([field]) => field !== 'ignoreUriCase');
    return fields.length === 0 ? 'every request' : fields.map(([field, value]) => describeField(field, value)).join(' and ');
  });
  return alternatives.includes('every request') ? 'every request' : alternatives.join(', or ');
}

function describeField(field: string, value: unknown): string {
  if (field === 'headers' || field === 'queryParams' || field === 'withoutHeaders') {
    const name = { headers: 'header', queryParams: 'query parameter', withoutHeaders: 'no header' }[field];
    return Object.entries(value as { [name: string]: StringCondition }).map(([key, c]) => `${name} ${key} ${condition(c)}`).join(' and ');
  }
  if (field === 'sourceLabels') return `caller ${Object.entries(value as object).map(([k, v]) => `${k}=${v}`).join(', ')}`;
  if (field === 'sourceNamespace' || field === 'port') return `${field === 'port' ? 'port' : 'caller in namespace'} ${value}`;
  return `${field === 'uri' ? 'path' : field} ${condition(value as StringCondition)}`;
}

function condition(c: StringCondition): string {
  if (c.exact !== undefined) return `= ${c.exact}`;
  if (c.prefix !== undefined) return `${c.prefix}*`;
  return c.regex === undefined ? '(any value)' : `~ ${c.regex}`;
}

function describeAnswer({ redirect, directResponse }: NonNullable<Entry['answer']>): string {
  if (directResponse) return `answered ${directResponse.status} by Envoy itself`;
  const { redirectCode = 301, ...where } = redirect!;
  return `redirected (${redirectCode}) to ${leaves(where).map(([field, value]) => `${field} ${value}`).join(', ')}`;
}

function describeShares(shares: readonly Share[]): string {
  const targets = receiving(shares);
  const total = targets.reduce((sum, share) => sum + share.weight, 0);
  return targets.map(({ target, weight }) =>
    (targets.length > 1 ? `${Number((weight * 100 / total).toFixed(4))} % ` : '') + describeTarget(target)).join(', ');
}

function describeDecoration({ slot, value }: Decoration): string {
  if (isMirror(value)) return `mirrored to ${describeTarget(value.mirror)}${value.percent < 100 ? ` (${value.percent} %)` : ''}`;
  const stated = slot.split('.').reduce((at: unknown, field) => (at as { [field: string]: unknown })[field], value);
  if (typeof stated !== 'object' || stated === null) return `${slot} ${stated}`;
  return `${slot} ${describeLeaves(stated)}`;
}

function policyLines(of: string, policy: object | undefined): string[] {
  if (!policy) return [];
  const { portLevelSettings = [], ...rest } = policy as { portLevelSettings?: { port: { number: number } }[] };
  return [
    ...Object.entries(rest).map(([object, value]) => `    ${object}${of}: ${describeLeaves(value as object)}`),
    ...portLevelSettings.flatMap(({ port, ...settings }) => policyLines(`${of} at port ${port.number}`, settings)),
  ];
}

function describeLeaves(value: object): string {
  return leaves(value).map(([field, leaf]) => `${field} ${leaf}`).join(', ');
}

function leaves(value: object): [string, unknown][] {
  return Object.entries(value).flatMap(([key, v]): [string, unknown][] => {
    if (v === undefined) return [];
    if (Array.isArray(v)) return [[key, `[${v.map(item => (typeof item === 'object' ? describeLeaves(item as object) : item)).join('; ')}]`]];
    return typeof v === 'object' && v !== null ? leaves(v) : [[key, v]];
  });
}
