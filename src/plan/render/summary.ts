import { destinationRule } from './destination-rule';
import { connectionWords, matchWords } from '../../manifest/match-words';
import type { CompiledService, ConnectionEntry, Entry, Product } from '../model/compiled-service';
import type { CompiledDefault } from '../model/defaults';
import { sorted } from '../model/sorted';
import type { Decoration } from '../model/statements';
import { isMirror } from '../model/statements';
import type { Share } from '../model/target';
import { receiving, targetName } from '../model/target';

/** The result of all statements about a service, in words. */
export function summary(service: CompiledService): string {
  const { host, ports, mesh, exposed, exposedConnections, policies } = service;
  const lines = [`${host} (ports ${ports.map(p => `${p.number} ${p.protocol}`).join(', ')})`];
  if (mesh.isStated && service.httpPorts.length > 0) lines.push('  from the mesh:', ...productLines(mesh.requests));
  else if (!mesh.connections?.isStated) lines.push('  from the mesh: all endpoints (no routes, Istio\'s default)');
  if (mesh.connections?.isStated) lines.push(...connectionLines('from the mesh', mesh.connections.entries));
  for (const [exposure, entries] of exposedConnections) lines.push(...connectionLines(`from ${exposure.host.host}`, entries));
  for (const [exposure, product] of exposed) {
    lines.push(`  from ${exposure.host.host}${exposure.pathPrefix ?? ''}:`, ...productLines(product));
  }
  for (const { name, labels, isRetired } of policies.subsets) {
    lines.push(
      `  subset ${name}: ${Object.entries(sorted(labels)).map(([k, v]) => `${k}=${v}`).join(', ')}${isRetired ? ' (retired)' : ''}`,
    );
  }
  const { trafficPolicy, subsets = [] } = destinationRule(service);
  const stated = [...policyLines('', trafficPolicy), ...subsets.flatMap(s => policyLines(` of ${s.name}`, s.trafficPolicy))];
  if (stated.length > 0) lines.push('  policies, per calling proxy and per cluster (one per subset):', ...stated);
  if (service.defaults.length > 0) lines.push('  defaults:', ...service.defaults.map(defaultLine));
  return lines.join('\n');
}

/** A default, and what replaces it. */
export function defaultLine({ field, value, path, replacedBy }: CompiledDefault): string {
  const set = `    ${field} ${typeof value === 'object' && value !== null ? leafWords(value) : value} by ${path}`;
  return replacedBy.length === 0 ? set : `${set}; replaced by ${replacedBy.map(by => by.path + by.part).join(', ')}`;
}

function connectionLines(from: string, entries: readonly ConnectionEntry[]): string[] {
  return entries.length === 0 ? [] : [`  connections ${from}:`, ...entries.map((entry, i) => `    ${i + 1}. ${connectionLine(entry)}`)];
}

function connectionLine({ protocol, at, port, terms, shares }: ConnectionEntry): string {
  const alternatives = terms.map(term => connectionWords(term).join(' and ') || 'every connection');
  return `${protocol.toUpperCase()} port ${at}: ${alternatives.join(', or ')} -> ${shareWords(shares)}${at === port ? '' : ` (port ${port})`}`;
}

function productLines(product: Product): string[] {
  return [
    ...product.entries.map((entry, i) => `    ${i + 1}. ${entryLine(entry)}`),
    ...product.omitted.map(text => `    omitted: ${text}`),
  ];
}

function entryLine(entry: Entry): string {
  const parts = [`${entry.name}: ${alternativesWords(entry)} -> ${entry.answer ? answerWords(entry.answer) : shareWords(entry.shares)}`];
  const { uri, authority, uriRegexRewrite } = entry.rewrite;
  if (uri !== undefined) parts.push(`path rewritten to ${uri}`);
  if (uriRegexRewrite) parts.push(`path rewritten by regex ${uriRegexRewrite.match} to ${uriRegexRewrite.rewrite}`);
  if (authority !== undefined) parts.push(`host rewritten to ${authority}`);
  parts.push(...entry.decorations.map(decorationWords));
  return parts.join('; ');
}

function alternativesWords({ terms }: Entry): string {
  const alternatives = terms.map(term => matchWords(term).join(' and '));
  return alternatives.includes('') ? 'every request' : alternatives.join(', or ');
}

function answerWords({ redirect, directResponse }: NonNullable<Entry['answer']>): string {
  if (directResponse) return `direct response ${directResponse.status}`;
  const { redirectCode = 301, ...where } = redirect!;
  return `redirected (${redirectCode}) to ${leaves(where).map(([field, value]) => `${field} ${value}`).join(', ')}`;
}

function shareWords(shares: readonly Share[]): string {
  const targets = receiving(shares);
  const total = targets.reduce((sum, share) => sum + share.weight, 0);
  return targets.map(({ target, weight }) =>
    (targets.length > 1 ? `${Number((weight * 100 / total).toFixed(4))} % ` : '') + targetName(target)).join(', ');
}

function decorationWords({ slot, value }: Decoration): string {
  if (isMirror(value)) return `mirrored to ${targetName(value.mirror)}${value.percent < 100 ? ` (${value.percent} %)` : ''}`;
  const stated = slot.split('.').reduce((at: unknown, field) => (at as { [field: string]: unknown })[field], value);
  if (typeof stated !== 'object' || stated === null) return `${slot} ${stated}`;
  return `${slot} ${leafWords(stated)}`;
}

function policyLines(of: string, policy: object | undefined): string[] {
  if (!policy) return [];
  const { portLevelSettings = [], ...rest } = policy as { portLevelSettings?: { port: { number: number } }[] };
  return [
    ...Object.entries(rest).map(([object, value]) => `    ${object}${of}: ${leafWords(value as object)}`),
    ...portLevelSettings.flatMap(({ port, ...settings }) => policyLines(`${of} at port ${port.number}`, settings)),
  ];
}

function leafWords(value: object): string {
  return leaves(value).map(([field, leaf]) => `${field} ${leaf}`).join(', ');
}

function leaves(value: object): [string, unknown][] {
  return Object.entries(value).flatMap(([key, v]): [string, unknown][] => {
    if (v === undefined) return [];
    if (Array.isArray(v)) return [[key, `[${v.map(item => (typeof item === 'object' ? leafWords(item as object) : item)).join('; ')}]`]];
    return typeof v === 'object' && v !== null ? leaves(v) : [[key, v]];
  });
}
