import { message } from '../message';
import type { Json } from '../proxy-config';

/** Istio's header operations as Envoy's fields of a route or a weighted cluster. The Host header is no header there: it comes out apart. */
export interface HeaderOperations {
  readonly requestHeadersToAdd: Json[];
  readonly requestHeadersToRemove: string[];
  readonly responseHeadersToAdd: Json[];
  readonly responseHeadersToRemove: string[];
  readonly authority?: string;
}

export function headerOperations(headers: Json | undefined): HeaderOperations {
  const { request, response } = headers ?? {};
  return {
    requestHeadersToAdd: [...added(request?.set, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...added(request?.add)],
    requestHeadersToRemove: removed(request?.remove),
    responseHeadersToAdd: [...added(response?.set, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...added(response?.add)],
    responseHeadersToRemove: removed(response?.remove),
    authority: authority(request?.set) || authority(request?.add),
  };
}

/** The operations as fields. */
export function headerFields({ authority: _, ...operations }: HeaderOperations): Json {
  return message({ ...operations });
}

function added(values: { [name: string]: string } | undefined, appendAction?: string): Json[] {
  return Object.keys(values ?? {}).filter(name => !isInternal(name)).sort()
    .map(name => message({ header: message({ key: name, value: String(values![name]) || undefined }), appendAction }));
}

function removed(names: readonly string[] | undefined): string[] {
  return (names ?? []).filter(name => !isInternal(name));
}

function authority(values: { [name: string]: string } | undefined): string | undefined {
  const name = Object.keys(values ?? {}).find(key => /^(:authority|host)$/i.test(key));
  return name === undefined ? undefined : String(values![name]);
}

function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}
