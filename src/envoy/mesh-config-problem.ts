import type { MeshConfig, MeshConfigFields } from './mesh-config';

type Form = readonly [is: (value: unknown) => boolean, what: string];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';

const TEXT: Form = [isText, 'a text'];
const TEXTS: Form = [value => Array.isArray(value) && value.every(isText), 'a list of texts'];
const SWITCH: Form = [value => typeof value === 'boolean', 'true or false'];
const OBJECT: Form = [isObject, 'an object'];
const OBJECTS: Form = [value => Array.isArray(value) && value.every(isObject), 'a list of objects'];

/** What the fields of MeshConfig that are read here have to be. */
const FORMS: { readonly [field in keyof MeshConfig]-?: Form } = {
  rootNamespace: TEXT,
  outboundTrafficPolicy: OBJECT,
  defaultServiceExportTo: TEXTS,
  defaultVirtualServiceExportTo: TEXTS,
  defaultDestinationRuleExportTo: TEXTS,
  defaultHttpRetryPolicy: OBJECT,
  accessLogFile: TEXT,
  accessLogFormat: TEXT,
  accessLogEncoding: TEXT,
  enableTracing: SWITCH,
  enableAutoMtls: SWITCH,
  extensionProviders: OBJECTS,
  defaultProviders: OBJECT,
  defaultConfig: OBJECT,
  connectTimeout: TEXT,
  dnsRefreshRate: TEXT,
  tcpKeepalive: OBJECT,
  localityLbSetting: OBJECT,
  zoneAwareLbSetting: OBJECT,
  defaultTrafficPolicy: OBJECT,
  h2UpgradePolicy: TEXT,
  trustDomain: TEXT,
  trustDomainAliases: TEXTS,
  pathNormalization: OBJECT,
  meshMTLS: OBJECT,
  tlsDefaults: OBJECT,
};

/** What is wrong with MeshConfig, if anything: istiod would refuse a field of another form. */
export function meshConfigProblem(fields: MeshConfigFields): string | undefined {
  for (const [field, [is, what]] of Object.entries(FORMS)) {
    const value: unknown = fields[field];
    if (value !== undefined && !is(value)) return `${field} is ${JSON.stringify(value)}, but has to be ${what}`;
  }
  return undefined;
}
