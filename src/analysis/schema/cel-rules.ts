import { parseDuration } from '../../manifest/duration';
import type { Fields } from '../fields';
import { items } from '../fields';

/** A rule that a CRD states in CEL: when it holds, and what to say when it does not. */
export interface CelRule {
  readonly repair: string;
  holds(self: Fields): boolean;
  cause(self: Fields): string;
}

const quoted = (self: Fields) => `is '${String(self)}'`;
const keys = (self: Fields) => Object.keys(self);
const isPort = (value: number) => Number.isInteger(value) && value > 0 && value <= 65535;

/** Of some fields at most one. */
function atMostOne(...names: string[]): CelRule {
  return {
    holds: self => names.filter(name => name in self).length <= 1,
    cause: self => `states ${names.filter(name => name in self).join(' and ')}, of which one is allowed`,
    repair: 'state just one of them',
  };
}

const CROSS_NAMESPACE: CelRule = { holds: self => self === '', cause: self => `names the namespace '${self}'`, repair: 'leave it out; the target has to be in the namespace of the object' };

const RULES: { readonly [text: string]: CelRule } = {
  'duration(self) >= duration(\'1ms\')': {
    holds: self => (parseDuration(self) ?? -1) >= 1e6,
    cause: self => (parseDuration(self) === undefined ? `is '${self}', which is no duration` : `is '${self}', less than a millisecond`),
    repair: 'write a duration of at least 1ms, such as 500ms, 5s or 1m30s',
  },
  '0 < self && self <= 65535': { holds: isPort, cause: self => `is ${self}, which is no port`, repair: 'use a port from 1 to 65535' },
  '!self.contains("*")': { holds: self => !self.includes('*'), cause: quoted, repair: 'name the whole value; selectors know no wildcards' },
  'self.size() == 0': CROSS_NAMESPACE,
  'self.all(key, key.size() != 0)': { holds: self => keys(self).every(key => key !== ''), cause: () => 'has an empty key', repair: 'name the label' },
  'self.all(key, !key.contains("*"))': {
    holds: self => keys(self).every(key => !key.includes('*')),
    cause: self => `has the key '${keys(self).find(key => key.includes('*'))}'`,
    repair: 'name the whole label; selectors know no wildcards',
  },
  'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))': {
    holds: self => keys(self).every(key => key.length < 63 && /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(key)),
    cause: self => `has a port named '${keys(self).find(key => key.length >= 63 || !/^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(key))}'`,
    repair: 'use letters, digits and \'-\', fewer than 63',
  },
  'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true': {
    holds: self => !self.startsWith('unix://') || /^unix:\/\/[/@]/.test(self), cause: quoted, repair: 'write an absolute path, such as unix:///var/run/app.sock',
  },
  'self.startsWith("unix://") ? !self.endsWith("/") : true': {
    holds: self => !self.startsWith('unix://') || !self.endsWith('/'), cause: quoted, repair: 'name the socket; a folder is none',
  },
  '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true': {
    holds: self => !String(self.address ?? '').startsWith('unix://') || !('ports' in self),
    cause: () => 'states ports beside a socket',
    repair: 'leave the ports out; a socket has none',
  },
  'has(self.address) || has(self.network)': { holds: self => 'address' in self || 'network' in self, cause: () => 'has no address', repair: 'state the address' },
  'url(self).getScheme() in ["http", "https"]': { holds: self => /^https?:\/\/./.test(self), cause: quoted, repair: 'write a URL with http or https' },
  'self in ["", "HTTP", "HTTPS"]': { holds: self => ['', 'HTTP', 'HTTPS'].includes(self), cause: quoted, repair: 'use HTTP or HTTPS' },
  'self != "*"': { holds: self => self !== '*', cause: () => 'stands for every host', repair: 'name the host' },
  'self.all(l1, self.exists_one(l2, l1.number == l2.number))': {
    holds: self => new Set(items(self).map(port => port.number)).size === items(self).length,
    cause: () => 'states a port twice',
    repair: 'state each number once',
  },
  'self.all(key, 0 < int(key) && int(key) <= 65535)': {
    holds: self => keys(self).every(key => isPort(Number(key))), cause: () => 'has a key that is no port', repair: 'use ports from 1 to 65535',
  },
  '(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1': atMostOne('selector', 'targetRef', 'targetRefs'),
  '(has(self.workloadSelector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1': atMostOne('workloadSelector', 'targetRefs'),
  '(has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints) ? 1 : 0) <= 1': atMostOne('workloadSelector', 'endpoints'),
  '(has(self.tlsCertificates) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1': atMostOne('tlsCertificates', 'credentialNames'),
  '(has(self.credentialNames) ? 1 : 0) + (has(self.tlsCertificates) ? 1 : 0) <= 1': atMostOne('credentialNames', 'tlsCertificates'),
  '(has(self.credentialName) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1': atMostOne('credentialName', 'credentialNames'),
  '(has(self.jwksUri) ? 1 : 0) + (has(self.jwks_uri) ? 1 : 0) + (has(self.jwks) ? 1 : 0) <= 1': atMostOne('jwksUri', 'jwks_uri', 'jwks'),
  'has(self.context) ? ((self.context == "WAYPOINT") ? has(self.waypoint) : !has(self.waypoint)) : !has(self.waypoint)': {
    holds: self => (self.context === 'WAYPOINT') === ('waypoint' in self), cause: () => 'states a waypoint match for another context', repair: 'state waypoint just with the context WAYPOINT',
  },
  '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true': {
    holds: self => (self.resolution ?? 'NONE') !== 'NONE' || !('endpoints' in self),
    cause: () => 'states endpoints with resolution NONE, which sends requests where the client addressed them',
    repair: 'state resolution STATIC or DNS, or leave the endpoints out',
  },
  '((has(self.operation) ? self.operation : "") == "UPSERT") ? (self.value != "") : true': {
    // Without a value CEL itself fails, which rejects the object too.
    holds: self => self.operation !== 'UPSERT' || (self.value ?? '') !== '', cause: () => 'sets a tag without a value', repair: 'state the value',
  },
  '((has(self.operation) ? self.operation : "") == "REMOVE") ? !has(self.value) : true': {
    holds: self => self.operation !== 'REMOVE' || !('value' in self), cause: () => 'removes a tag and states a value', repair: 'leave the value out',
  },
  '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))': {
    holds: self => !items(self.addresses).some(address => String(address).includes('/')) || ['STATIC', 'NONE'].includes(self.resolution ?? 'NONE'),
    cause: self => `states a range of addresses with resolution ${self.resolution}`,
    repair: 'use resolution NONE or STATIC, or single addresses',
  },
  '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true': {
    holds: self => self.resolution !== 'DNS_ROUND_ROBIN' || items(self.endpoints).length <= 1,
    cause: () => 'states several endpoints with resolution DNS_ROUND_ROBIN',
    repair: 'state one endpoint, or resolution DNS',
  },
  'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true': {
    holds: self => !('portLevelMtls' in self) || keys(self.selector?.matchLabels ?? {}).length > 0,
    cause: () => 'states ports without a selector',
    repair: 'select the workloads that have the ports',
  },
  '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && !has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true': {
    holds: self => !('serviceAccounts' in self || 'notServiceAccounts' in self) || !['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].some(name => name in self),
    cause: () => 'states service accounts beside principals or namespaces',
    repair: 'state just one kind of them',
  },
};

/** The rule of a text in CEL; undefined for one that is not known here. */
export function celRule(text: string): CelRule | undefined {
  return Object.hasOwn(RULES, text) ? RULES[text] : undefined;
}
