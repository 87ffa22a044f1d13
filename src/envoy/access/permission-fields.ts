import type { PermissionField } from './rule-field';
import { anyOf, cidrRange, headerMatcher, stringMatcher } from './value-matchers';
import { typed } from '../message';
import type { MetadataMatcher, ValueMatcher } from '../xds/matcher';
import type { Permission, UriTemplateMatchConfig } from '../xds/rbac';

const MOST_PORT = 65535;

export const DESTINATION_IP: PermissionField = {
  one: value => {
    const destinationIp = cidrRange(value);
    return destinationIp && { destinationIp };
  },
};

export const DESTINATION_PORT: PermissionField = {
  one: value => (/^\d+$/.test(value) && Number(value) <= MOST_PORT ? { destinationPort: Number(value) } : undefined),
};

export const SERVER_NAME: PermissionField = { one: value => ({ requestedServerName: stringMatcher(value) }) };

export const HOST: PermissionField = {
  one: (value, { isTcp }) => (isTcp ? undefined : { header: headerMatcher(':authority', value, true) }),
};

export const METHOD: PermissionField = { one: (value, { isTcp }) => (isTcp ? undefined : { header: headerMatcher(':method', value) }) };

export const PATH: PermissionField = { one: (value, { isTcp }) => (isTcp ? undefined : pathPermission(value)) };

/** A value that any filter of Envoy wrote: `experimental.envoy.filters.NAME[key]`. */
export const FILTER_METADATA: PermissionField = {
  all: (values, _, key) => {
    const bare = key.replace(/^experimental\./, '').replace(/\]$/, '');
    const bracket = bare.indexOf('[');
    if (bracket < 0) return undefined;
    const value = anyOf(values.map(listOrString));
    return { metadata: { filter: bare.slice(0, bracket), path: [{ key: bare.slice(bracket + 1) }], value } satisfies MetadataMatcher };
  },
};

function listOrString(value: string): ValueMatcher {
  const isList = value.startsWith('[') && value.endsWith(']');
  const stringMatch = stringMatcher(isList ? value.replace(/^[[\]]+|[[\]]+$/g, '') : value);
  return isList ? { listMatch: { oneOf: { stringMatch } } } : { stringMatch };
}

function pathPermission(path: string): Permission {
  if (!/\{\*{1,2}\}/.test(path)) return { urlPath: { path: stringMatcher(path) } };
  const pathTemplate = path.replace(/\{(\*{1,2})\}/g, '$1');
  const typedConfig = typed<UriTemplateMatchConfig>('envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig', { pathTemplate });
  return { uriTemplate: { name: 'uri-template', typedConfig } };
}
