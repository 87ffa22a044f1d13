import type { Request } from './request';
import { headerOf } from './request';
import type { HeaderMutations } from '../envoy/xds/core';

/** Headers by lower-case name; those that are removed are undefined, so that they are told apart from those nobody touched. */
export type HeaderChanges = ReadonlyMap<string, string | undefined>;

/** What the header operations of several levels, the most specific first, come to. `had` tells what was there before. */
export function headerChanges(
  levels: readonly (HeaderMutations | undefined)[], side: 'request' | 'response', had: (name: string) => string | undefined, request: Request,
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
        // Envoy sends a line of its own, and who reads several joins them so.
        default: changes.set(name, before === undefined ? value : `${before}, ${value}`);
      }
    }
  }
  return changes;
}

/** A value with Envoy's operators filled in, as far as a request alone tells them; the others stay as they are written. */
function formatted(value: string, request: Request): string {
  if (!value.includes('%')) return value;
  return value.replace(/%%|%REQ\(([^?)]+)(?:\?([^)]+))?\)%|%PROTOCOL%/g, (operator, name?: string, other?: string) => {
    if (operator === '%%') return '%';
    if (name === undefined) return 'HTTP/1.1';
    return headerOf(request, name.toLowerCase()) ?? (other === undefined ? undefined : headerOf(request, other.toLowerCase())) ?? '';
  });
}
