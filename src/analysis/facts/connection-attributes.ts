import type { AttributeValues } from './access-values';
import type { AuthorizationRule } from '../../manifest/istio-specs.generated';

/** What ztunnel reads of a connection. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'principals', 'namespaces', 'serviceAccounts', 'ipBlocks', 'ports', 'source.ip', 'source.namespace', 'source.principal',
  'destination.ip', 'destination.port',
]);

/** The attributes of the caller's identity. */
const OF_IDENTITY: ReadonlySet<string> = new Set([
  'principals', 'namespaces', 'serviceAccounts', 'source.namespace', 'source.principal',
]);

/** Whether ztunnel reads an attribute. It knows connections, and no requests. */
export function isOfConnection({ key }: AttributeValues): boolean {
  return OF_CONNECTIONS.has(key);
}

/** Whether an attribute is part of the caller's identity. */
export function isOfIdentity({ key }: AttributeValues): boolean {
  return OF_IDENTITY.has(key);
}

/** The place of an attribute's values, or of those that it must not have. */
export function placeOf({ values, path, notPath }: AttributeValues): string {
  return values.length > 0 ? path : notPath;
}

/** The fields of a source or an operation that istiod sends to ztunnel. */
const SENT = ['ports', 'ipBlocks', 'namespaces', 'serviceAccounts', 'principals'];
const SENT_FIELDS: readonly string[] = SENT.flatMap(field => [field, `not${field[0].toUpperCase()}${field.slice(1)}`]);

function isEmpty(stated: object | undefined): boolean {
  return !SENT_FIELDS.some(field => stated && Object.hasOwn(stated, field));
}

/** What never matches at ztunnel because of an attribute that it does not read: the rule, or one entry of it; undefined for neither. */
export function lostWith({ part }: AttributeValues, rule: AuthorizationRule): 'rule' | 'entry' | undefined {
  if (neverMatches(rule)) return 'rule';
  return part && isEmpty(part) ? 'entry' : undefined;
}

/** Whether ztunnel compares nothing in one of the parts `from`, `to` and `when` of a rule. It then never matches. */
function neverMatches({ from = [], to = [], when = [] }: AuthorizationRule): boolean {
  return (from.length > 0 && from.every(({ source }) => isEmpty(source)))
    || (to.length > 0 && to.every(({ operation }) => isEmpty(operation)))
    || when.some(({ key = '' }) => !OF_CONNECTIONS.has(key));
}
