import type { Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { readValue } from '../../manifest/shape';
import { stableJson } from '../../manifest/stable-json';
import { contentOf } from '../content';
import type { Known } from '../known';
import type { Reach } from '../reach';
import { EVERYTHING } from '../reach';
import { reaching, targetsOf } from '../targets';
import type { Unread, UnreadKind, UnreadKinds } from '../unread';

const ENVOY_FILTER = { spec: { configPatches: [{ applyTo: 'string', match: { context: 'string' } }] } } as const;

/** Whom the contexts of an EnvoyFilter's patches reach. */
const CONTEXTS: { readonly [context: string]: readonly Reach[] } = {
  SIDECAR_OUTBOUND: [{ side: 'sending', proxies: 'sidecar' }],
  SIDECAR_INBOUND: [{ side: 'taking', proxies: 'sidecar' }],
  GATEWAY: [{ side: 'sending', proxies: 'gateway' }, { side: 'taking' }],
  WAYPOINT: [{ side: 'taking' }],
};

function patched(object: Manifest, known: Known): Unread {
  const patches = readValue(ENVOY_FILTER, object)?.spec?.configPatches ?? [];
  const contextOf = ({ applyTo, match }: (typeof patches)[number]) => (applyTo === 'BOOTSTRAP' ? 'ANY' : match?.context ?? 'ANY');
  const contexts = new Set(patches.length === 0 ? ['ANY'] : patches.map(contextOf));
  const reached = [...contexts].flatMap(context => CONTEXTS[context] ?? EVERYTHING);
  return { part: contentOf(object), reaches: targetsOf(object, known).flatMap(target => reached.map(reach => ({ ...reach, ...target }))) };
}

const EXTENSION = { spec: { match: [{ mode: 'string' }] } } as const;

function extended(object: Manifest, known: Known): Unread {
  const modes = (readValue(EXTENSION, object)?.spec?.match ?? []).map(({ mode = '' }) => mode);
  const isFor = (mode: string) => modes.length === 0 || modes.some(stated => stated !== mode);
  const targets = targetsOf(object, known);
  return {
    part: contentOf(object),
    reaches: [...(isFor('SERVER') ? reaching('sending', targets) : []), ...(isFor('CLIENT') ? reaching('taking', targets) : [])],
  };
}

function extension(what: string): readonly UnreadKind[] {
  return [{ what, changes: 'anything that its code does with requests', of: extended }];
}

function both(object: Manifest, known: Known): Unread {
  const targets = targetsOf(object, known);
  return { part: contentOf(object), reaches: [...reaching('sending', targets), ...reaching('taking', targets)] };
}

const INGRESS: UnreadKind = {
  what: 'ingress',
  changes: 'on which ports pods take calls, and where these go',
  of(object, known) {
    if (!isOfKind(object, 'Sidecar')) return undefined;
    const { ingress, inboundConnectionPool } = object.spec ?? {};
    if (!ingress?.length && !inboundConnectionPool) return undefined;
    return { part: { ingress, inboundConnectionPool }, reaches: reaching('taking', targetsOf(object, known)) };
  },
};

/** Egress listeners at addresses of their own: what the application connects to decides whether it meets them. */
const CAPTURE: UnreadKind = {
  what: 'bind and captureMode',
  changes: 'at which addresses an application reaches the egress listeners of its sidecar',
  of(object, known) {
    if (!isOfKind(object, 'Sidecar')) return undefined;
    const listeners = (object.spec?.egress ?? []).filter(({ bind, captureMode }) => Boolean(bind) || captureMode === 'NONE');
    if (listeners.length === 0) return undefined;
    const reaches = targetsOf(object, known).flatMap(target => listeners.map(({ port }): Reach => (
      { side: 'sending', proxies: 'sidecar', ...target, ...(port?.number ? { port: port.number } : {}) })));
    return { part: listeners, reaches };
  },
};

const PASSTHROUGH: UnreadKind = {
  what: 'servers with AUTO_PASSTHROUGH',
  changes: 'calls between networks',
  of(object) {
    if (!isOfKind(object, 'Gateway')) return undefined;
    const servers = (object.spec?.servers ?? []).filter(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH');
    if (servers.length === 0) return undefined;
    return { part: servers, reaches: [{ side: 'sending', proxies: 'gateway', selector: object.spec?.selector ?? {} }] };
  },
};

const SERVER_TLS: UnreadKind = {
  what: 'server TLS',
  changes: 'which certificates and versions of TLS the servers of a gateway show and accept, and on which ports',
  of(object) {
    if (!isOfKind(object, 'Gateway')) return undefined;
    const servers = (object.spec?.servers ?? []).map(({ port, bind, tls: { httpsRedirect: _, ...tls } = {} }) => (
      stableJson({ port: port?.number, protocol: port?.protocol, bind, tls })));
    return { part: [...new Set(servers)].sort(), changeAlone: true, reaches: [] };
  },
};

const WORKLOAD_GROUP: UnreadKind = {
  what: 'WorkloadGroup',
  changes: 'which endpoints register themselves',
  of: object => ({
    part: contentOf(object),
    reaches: isOfKind(object, 'WorkloadGroup')
      ? [{ side: 'taking', namespace: object.metadata.namespace, selector: object.spec?.metadata?.labels ?? {} }] : [],
  }),
};

/** Of a new host, the rest of the comparison tells. */
const CERTIFICATE_NAMES: UnreadKind = {
  what: 'subjectAltNames',
  changes: 'which certificates of the endpoints callers accept',
  of(object) {
    if (!isOfKind(object, 'ServiceEntry') || !object.spec) return undefined;
    return { part: object.spec.subjectAltNames ?? [], changeAlone: true, reaches: [] };
  },
};

/** The kinds of Istio's groups beside security. Telemetry is not among them: it changes what is reported of requests, and no request. */
export const ISTIO: UnreadKinds = {
  'networking.istio.io/EnvoyFilter': [{
    what: 'EnvoyFilter', changes: 'anything in the configuration of the proxies that it patches', of: patched,
  }],
  'networking.istio.io/ProxyConfig': [{ what: 'ProxyConfig', changes: 'the settings with which proxies start', of: both }],
  'networking.istio.io/WorkloadGroup': [WORKLOAD_GROUP],
  'networking.istio.io/Sidecar': [INGRESS, CAPTURE],
  'networking.istio.io/Gateway': [PASSTHROUGH, SERVER_TLS],
  'networking.istio.io/ServiceEntry': [CERTIFICATE_NAMES],
  'extensions.istio.io/WasmPlugin': extension('WasmPlugin'),
  'extensions.istio.io/TrafficExtension': extension('TrafficExtension'),
};
