import type { Request } from './request';
import { headerOf } from './request';
import type { HeaderMutations } from '../envoy/xds/core';

/** Changed headers by lower-case name. A removed header has the value undefined. */
export type HeaderChanges = ReadonlyMap<string, string | undefined>;

/** The result of header operations at several levels, the most specific first. `had` returns the original values. */
export function headerChanges(
  levels: readonly (HeaderMutations | undefined)[], side: 'request' | 'response', had: (name: string) => string | undefined,
  request: Request,
): HeaderChanges {
  const changes = new Map<string, string | undefined>();
  const now = (name: string) => (changes.has(name) ? changes.get(name) : had(name));
  for (const level of levels) {
    for (const name of level?.[`${side}HeadersToRemove`] ?? []) changes.set(name.toLowerCase(), undefined);
    for (const { header, appendAction, keepEmptyValue } of level?.[`${side}HeadersToAdd`] ?? []) {
      const name = header.key.toLowerCase();
      const value = formatted(header.value ?? '', request);
      if (value === '' && keepEmptyValue !== true) continue;
      const before = now(name);
      switch (appendAction) {
        case 'OVERWRITE_IF_EXISTS_OR_ADD': changes.set(name, value); break;
        case 'OVERWRITE_IF_EXISTS': if (before !== undefined) changes.set(name, value); break;
        case 'ADD_IF_ABSENT': if (before === undefined) changes.set(name, value); break;
        // Envoy sends an additional line. Recipients join several lines with a comma.
        default: changes.set(name, before === undefined ? value : `${before}, ${value}`);
      }
    }
  }
  return changes;
}

/** A request with changed headers, without the Host header, which the authority replaces. */
export function withChanges(request: Request, changes: HeaderChanges): Request {
  const [headers, generated] = [new Map(request.headers), new Map(request.generated ?? [])];
  for (const [name, value] of changes) {
    generated.delete(name);
    if (value === undefined) headers.delete(name);
    else if (name !== 'host' && name !== ':authority') headers.set(name, [value]);
  }
  return { ...request, headers, generated };
}

/** A value with Envoy's command operators replaced, if the request determines them. Others stay unchanged. */
function formatted(value: string, request: Request): string {
  if (!value.includes('%')) return value;
  return value.replace(/%%|%REQ\(([^?)]+)(?:\?([^)]+))?\)%|%PROTOCOL%/g, (operator, name?: string, other?: string) => {
    if (operator === '%%') return '%';
    if (name === undefined) return request.version ?? 'HTTP/1.1';
    if ([name, other ?? name].some(each => request.generated?.has(each.toLowerCase()))) return operator;
    return headerOf(request, name.toLowerCase()) ?? (other === undefined ? undefined : headerOf(request, other.toLowerCase())) ?? '';
  });
}
