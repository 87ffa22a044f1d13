import type { Headers } from '../../manifest/istio-specs.generated';
import { message } from '../message';
import type { HeaderMutations, HeaderValueOption } from '../xds/core';

/** Istio's header operations as Envoy's fields. `authority` is separate, because Envoy rewrites the Host header by another field. */
export interface HeaderOperations extends Required<HeaderMutations> {
  readonly authority?: string;
}

export function headerOperations(headers: Headers | undefined): HeaderOperations {
  const { request, response } = headers ?? {};
  return {
    requestHeadersToAdd: [...added(request?.set, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...added(request?.add)],
    requestHeadersToRemove: removed(request?.remove),
    responseHeadersToAdd: [...added(response?.set, 'OVERWRITE_IF_EXISTS_OR_ADD'), ...added(response?.add)],
    responseHeadersToRemove: removed(response?.remove),
    authority: authority(request?.set) || authority(request?.add),
  };
}

/** The operations as fields of a route or a weighted cluster. */
export function headerFields({ authority: _, ...operations }: HeaderOperations): HeaderMutations {
  return message({ ...operations });
}

function added(values: { readonly [name: string]: string } = {}, appendAction?: HeaderValueOption['appendAction']): HeaderValueOption[] {
  return Object.keys(values).filter(name => !isInternal(name)).sort()
    .map(name => message({ header: message({ key: name, value: values[name] || undefined }), appendAction }));
}

function removed(names: readonly string[] = []): string[] {
  return names.filter(name => !isInternal(name));
}

function authority(values: { readonly [name: string]: string } = {}): string | undefined {
  const name = Object.keys(values).find(key => /^(:authority|host)$/i.test(key));
  return name === undefined ? undefined : values[name];
}

function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}
