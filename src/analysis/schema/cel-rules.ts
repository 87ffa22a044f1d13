import { parseDuration } from '../../manifest/duration';
import { parseStrictGoUrl } from '../../traffic/go-url';
import { wasmUrlProblem } from '../admission/wasm-module';

/** A rule that a CRD states in CEL: when it holds, and what to say when it does not. */
export interface CelRule {
  readonly repair: string;
  holds(self: unknown): boolean;
  cause(self: unknown): string;
}

interface RuleOf<T> {
  readonly repair: string;
  holds(self: T): boolean;
  cause(self: T): string;
}

type Fields = { readonly [name: string]: unknown };

/** A rule about values of one type. Values of another type are refused for their type. */
function ruleOf<T>(isOfType: (self: unknown) => self is T, { repair, holds, cause }: RuleOf<T>): CelRule {
  return { repair, holds: self => !isOfType(self) || holds(self), cause: self => (isOfType(self) ? cause(self) : '') };
}

function isString(self: unknown): self is string {
  return typeof self === 'string';
}

function isNumber(self: unknown): self is number {
  return typeof self === 'number';
}

function isObject(self: unknown): self is Fields {
  return typeof self === 'object' && self !== null && !Array.isArray(self);
}

function isList(self: unknown): self is readonly unknown[] {
  return Array.isArray(self);
}

const ofString = (rule: RuleOf<string>) => ruleOf(isString, rule);
const ofFields = (rule: RuleOf<Fields>) => ruleOf(isObject, rule);

const quoted = (self: string) => `is '${self}'`;
const keys = (self: unknown) => (isObject(self) ? Object.keys(self) : []);
const items = (value: unknown) => (isList(value) ? value : []);
const isPort = (value: number) => Number.isInteger(value) && value > 0 && value <= 65535;
const PORT_NAME = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const isPortName = (name: string) => name.length < 63 && PORT_NAME.test(name);

/** Of some fields at most one. */
function atMostOne(...names: string[]): CelRule {
  return ofFields({
    holds: self => names.filter(name => name in self).length <= 1,
    cause: self => `has ${names.filter(name => name in self).join(' and ')}, but only one of them is allowed`,
    repair: 'keep one of them',
  });
}

const CROSS_NAMESPACE = ofString({
  holds: self => self === '',
  cause: self => `names the namespace '${self}'`,
  repair: 'remove it; the target must be in the namespace of the object',
});

const WASM_URL = ofString({
  holds: self => wasmUrlProblem(self) === undefined,
  cause: quoted,
  repair: 'write a URL of oci, https, http or file',
});

/** One of two fields, and not both. */
function eitherOf(one: string, other: string): CelRule {
  return ofFields({
    holds: self => (one in self) !== (other in self),
    cause: self => `has ${one in self ? `${one} and ${other}` : `neither ${one} nor ${other}`}`,
    repair: `set one of ${one} and ${other}`,
  });
}

const RULES: { readonly [text: string]: CelRule } = {
  'duration(self) >= duration(\'1ms\')': ofString({
    holds: self => (parseDuration(self) ?? -1) >= 1e6,
    cause: self => (parseDuration(self) === undefined
      ? `is '${self}', which is not a valid duration`
      : `is '${self}', which is less than a millisecond`),
    repair: 'write a duration of at least 1ms, such as 500ms, 5s or 1m30s',
  }),
  '0 < self && self <= 65535': ruleOf(isNumber, {
    holds: isPort,
    cause: self => `is ${self}, which is not a valid port`,
    repair: 'use a port from 1 to 65535',
  }),
  '!self.contains("*")': ofString({
    holds: self => !self.includes('*'),
    cause: quoted,
    repair: 'write the whole value; selectors have no wildcards',
  }),
  'self.size() == 0': CROSS_NAMESPACE,
  'self.all(key, key.size() != 0)': ofFields({
    holds: self => keys(self).every(key => key !== ''),
    cause: () => 'has an empty key',
    repair: 'name the label',
  }),
  'self.all(key, !key.contains("*"))': ofFields({
    holds: self => keys(self).every(key => !key.includes('*')),
    cause: self => `has the key '${keys(self).find(key => key.includes('*'))}'`,
    repair: 'write the whole label; selectors have no wildcards',
  }),
  'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))': ofFields({
    holds: self => keys(self).every(isPortName),
    cause: self => `has a port named '${keys(self).find(key => !isPortName(key))}'`,
    repair: 'use letters, digits and \'-\', fewer than 63',
  }),
  'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true': ofString({
    holds: self => !self.startsWith('unix://') || /^unix:\/\/[/@]/.test(self),
    cause: quoted,
    repair: 'write an absolute path, such as unix:///var/run/app.sock',
  }),
  'self.startsWith("unix://") ? !self.endsWith("/") : true': ofString({
    holds: self => !self.startsWith('unix://') || !self.endsWith('/'), cause: quoted, repair: 'name the socket; a folder is none',
  }),
  '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true': ofFields({
    holds: self => !String(self.address ?? '').startsWith('unix://') || !('ports' in self),
    cause: () => 'has ports beside a socket',
    repair: 'remove the ports; a socket has none',
  }),
  'has(self.address) || has(self.network)': ofFields({
    holds: self => 'address' in self || 'network' in self,
    cause: () => 'has no address',
    repair: 'set the address',
  }),
  'url(self).getScheme() in ["http", "https"]': ofString({
    holds: self => ['http', 'https'].includes(parseStrictGoUrl(self)?.scheme ?? ''),
    cause: quoted,
    repair: 'write a URL with http or https',
  }),
  'self in ["", "HTTP", "HTTPS"]': ofString({
    holds: self => ['', 'HTTP', 'HTTPS'].includes(self),
    cause: quoted,
    repair: 'use HTTP or HTTPS',
  }),
  'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "oci", "file"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "oci", "file"])':
    WASM_URL,
  'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "file", "oci"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "file", "oci"])':
    WASM_URL,
  'has(self.wasm) != has(self.lua)': eitherOf('wasm', 'lua'),
  '(has(self.valueFrom) ? self.valueFrom : "") != "HOST" || !has(self.value)': ofFields({
    holds: self => self.valueFrom !== 'HOST' || !('value' in self),
    cause: () => 'takes its value from the host and has a value',
    repair: 'remove the value',
  }),
  'self != "*"': ofString({ holds: self => self !== '*', cause: () => 'is every host', repair: 'name the host' }),
  'self.all(l1, self.exists_one(l2, l1.number == l2.number))': ruleOf(isList, {
    holds: self => new Set(self.map(port => (isObject(port) ? port.number : undefined))).size === self.length,
    cause: () => 'has a port twice',
    repair: 'write each number once',
  }),
  'self.all(key, 0 < int(key) && int(key) <= 65535)': ofFields({
    holds: self => keys(self).every(key => isPort(Number(key))),
    cause: () => 'has a key that is not a valid port',
    repair: 'use ports from 1 to 65535',
  }),
  '(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1': atMostOne('selector', 'targetRef',
    'targetRefs'),
  '(has(self.selector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1': atMostOne('selector', 'targetRefs'),
  '(has(self.workloadSelector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1': atMostOne('workloadSelector', 'targetRefs'),
  '(has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints) ? 1 : 0) <= 1': atMostOne('workloadSelector', 'endpoints'),
  '(has(self.tlsCertificates) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1': atMostOne('tlsCertificates', 'credentialNames'),
  '(has(self.credentialNames) ? 1 : 0) + (has(self.tlsCertificates) ? 1 : 0) <= 1': atMostOne('credentialNames', 'tlsCertificates'),
  '(has(self.credentialName) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1': atMostOne('credentialName', 'credentialNames'),
  '(has(self.jwksUri) ? 1 : 0) + (has(self.jwks_uri) ? 1 : 0) + (has(self.jwks) ? 1 : 0) <= 1': atMostOne('jwksUri', 'jwks_uri', 'jwks'),
  'has(self.context) ? ((self.context == "WAYPOINT") ? has(self.waypoint) : !has(self.waypoint)) : !has(self.waypoint)': ofFields({
    holds: self => (self.context === 'WAYPOINT') === ('waypoint' in self),
    cause: () => 'has a waypoint match in another context',
    repair: 'set waypoint only with the context WAYPOINT',
  }),
  '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true': ofFields({
    holds: self => (self.resolution ?? 'NONE') !== 'NONE' || !('endpoints' in self),
    cause: () => 'has endpoints with resolution NONE, which sends requests where the client addressed them',
    repair: 'set resolution STATIC or DNS, or remove the endpoints',
  }),
  '((has(self.operation) ? self.operation : "") == "UPSERT") ? (self.value != "") : true': ofFields({
    // Without a value CEL itself fails, which rejects the object too.
    holds: self => self.operation !== 'UPSERT' || (self.value ?? '') !== '',
    cause: () => 'sets a tag without a value',
    repair: 'set the value',
  }),
  '((has(self.operation) ? self.operation : "") == "REMOVE") ? !has(self.value) : true': ofFields({
    holds: self => self.operation !== 'REMOVE' || !('value' in self),
    cause: () => 'removes a tag and has a value',
    repair: 'remove the value',
  }),
  '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))': ofFields({
    holds: self => !items(self.addresses).some(address => String(address).includes('/'))
      || ['STATIC', 'NONE'].includes(String(self.resolution ?? 'NONE')),
    cause: self => `has a range of addresses with resolution ${String(self.resolution)}`,
    repair: 'use resolution NONE or STATIC, or single addresses',
  }),
  '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true': ofFields({
    holds: self => self.resolution !== 'DNS_ROUND_ROBIN' || items(self.endpoints).length <= 1,
    cause: () => 'has several endpoints with resolution DNS_ROUND_ROBIN',
    repair: 'keep one endpoint, or set resolution DNS',
  }),
  'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true': ofFields({
    holds: self => !('portLevelMtls' in self) || (isObject(self.selector) && keys(self.selector.matchLabels).length > 0),
    cause: () => 'has ports without a selector',
    repair: 'select the workloads that have the ports',
  }),
  '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && !has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true': ofFields({
    holds: self => !('serviceAccounts' in self || 'notServiceAccounts' in self)
      || !['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].some(name => name in self),
    cause: () => 'has service accounts beside principals or namespaces',
    repair: 'keep one kind of them',
  }),
};

/** The rule that a CEL expression states; undefined for an unknown one. */
export function celRule(text: string): CelRule | undefined {
  return Object.hasOwn(RULES, text) ? RULES[text] : undefined;
}
