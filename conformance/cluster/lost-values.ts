import type { Json } from '../istiod/client';

/** The places where what was read lacks a value of what was applied, or holds another one. Values that the API server adds are left out. */
export function lostValues(applied: Json, read: Json, path = ''): string[] {
  if (Array.isArray(applied)) {
    if (!Array.isArray(read) || read.length !== applied.length) return [lost(path, applied, read)];
    return applied.flatMap((item, i) => lostValues(item, read[i], `${path}[${i}]`));
  }
  if (typeof applied !== 'object' || applied === null) return applied === read ? [] : [lost(path, applied, read)];
  if (typeof read !== 'object' || read === null) return [lost(path, applied, read)];
  return Object.keys(applied).flatMap(key => lostValues(applied[key], read[key], `${path}.${key}`));
}

function lost(path: string, applied: Json, read: Json): string {
  return `${path.slice(1)} is ${JSON.stringify(read)}, not ${JSON.stringify(applied)}`;
}
