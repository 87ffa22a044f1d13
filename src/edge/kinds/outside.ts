import { fullHost, isWildcard } from '../../manifest/host-name';
import { isJwtClaim } from '../../manifest/jwt-claim';
import type { Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { contentOf } from '../content';
import type { Known } from '../known';
import { CLAIMS_OUTSIDE } from '../outside-input';
import { portsAtPods } from '../ports-at-pods';
import type { Reach } from '../reach';
import type { Unread, UnreadKind, UnreadKinds } from '../unread';

const MESH = 'mesh';
const EXPORT = 'networking.istio.io/exportTo';

function hostsOf(object: Manifest, known: Known): readonly string[] {
  const { namespace = '' } = object.metadata;
  const full = (host: string) => fullHost(host, namespace, known.clusterDomain);
  if (isOfKind(object, 'VirtualService')) return (object.spec?.hosts ?? []).map(full);
  return isOfKind(object, 'DestinationRule') && object.spec?.host ? [full(object.spec.host)] : [];
}

/** The routes of a VirtualService at Gateways that the input lacks: no proxy is known to have them. */
const AT_GATEWAY: UnreadKind = {
  what: 'routes at a Gateway outside the input',
  changes: 'which requests from outside are served, and where they go',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'VirtualService')) return undefined;
    const { gateways = [] } = object.spec ?? {};
    const { namespace = '' } = object.metadata;
    if (gateways.every(name => name === MESH || known.hasGateway(name, namespace))) return undefined;
    const reach: Reach = { side: 'sending', proxies: 'gateway', hosts: hostsOf(object, known), answersOthers: true };
    return { part: contentOf(object), reaches: [reach] };
  },
};

/** Matches on claims at Gateways whose pods no RequestAuthentication of the input applies to: without one, no claim has a value. */
const CLAIMS: UnreadKind = {
  what: CLAIMS_OUTSIDE,
  changes: 'which requests a route takes, if a RequestAuthentication outside the input verifies tokens',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'VirtualService')) return undefined;
    const { gateways = [], http = [] } = object.spec ?? {};
    const { namespace = '' } = object.metadata;
    const readsClaims = (headers: object = {}) => Object.keys(headers).some(isJwtClaim);
    const matches = http.flatMap(({ match = [] }) => match).filter(({ headers, withoutHeaders }) => (
      readsClaims(headers) || readsClaims(withoutHeaders)));
    const bound = gateways.filter(name => name !== MESH);
    if (matches.length === 0 || bound.every(name => known.mayVerifyTokens(name, namespace))) return undefined;
    return { part: matches, reaches: [{ side: 'sending', proxies: 'gateway', hosts: hostsOf(object, known) }] };
  },
};

/** What an object states about a host that the input lacks: no proxy is known to use it. */
const OF_HOST: UnreadKind = {
  what: 'settings of a host outside the input',
  changes: 'what its callers get if a Service or ServiceEntry outside the input has the host',
  of(object, known): Unread | undefined {
    const hosts = known.options.complete ? [] : hostsOf(object, known);
    const absent = hosts.filter(host => !isWildcard(host) && !known.hasHost(host));
    const isForMesh = !isOfKind(object, 'VirtualService') || (object.spec?.gateways ?? [MESH]).includes(MESH);
    return absent.length === 0 || !isForMesh ? undefined : { part: contentOf(object), reaches: [] };
  },
};

/** Connections to the pods of a headless Service: istiod writes a listener for the address of each, which no manifest states. */
const AT_PODS: UnreadKind = {
  what: 'connections by pod address',
  changes: 'where they go, as each pod of a headless Service has a listener at its address',
  of(object, known): Unread | undefined {
    if (!isOfKind(object, 'Service')) {
      return hostsOf(object, known).some(host => known.hasHeadless(host)) ? { part: contentOf(object), reaches: [] } : undefined;
    }
    const ports = portsAtPods(object);
    if (ports.length === 0) return undefined;
    const hosts = [known.hostOf(object.metadata.name, object.metadata.namespace ?? '')];
    return { part: ports, reaches: ports.map(({ port }): Reach => ({ side: 'sending', proxies: 'sidecar', hosts, port })) };
  },
};

/** A delegate without a root in the input: nothing is known to send requests to it. */
const WITHOUT_ROOT: UnreadKind = {
  what: 'delegate of a VirtualService outside the input',
  changes: 'what becomes of the requests that the VirtualService leaves to it',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'VirtualService') || (object.spec?.hosts ?? []).length > 0) return undefined;
    const { name, namespace = '' } = object.metadata;
    return known.isDelegate(name, namespace) ? undefined : { part: contentOf(object), reaches: [] };
  },
};

/** What a Sidecar imports of services that the input lacks. */
const IMPORTS: UnreadKind = {
  what: 'egress hosts',
  changes: 'which services outside the input the sidecars know',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'Sidecar')) return undefined;
    const { namespace = '' } = object.metadata;
    const entries = (object.spec?.egress ?? []).flatMap(({ port, hosts = [] }) => (
      hosts.map(host => `${port?.number ?? ''} ${host.replace(/^(~?)\.\//, `$1${namespace}/`)}`)));
    return { part: [...new Set(entries)].sort(), changeAlone: true, reaches: [] };
  },
};

/** A Sidecar for callers of which the input has none: of the whole mesh, where the input has no other namespace. */
const FOR_MESH: UnreadKind = {
  what: 'Sidecar of every namespace',
  changes: 'what callers in namespaces outside the input reach',
  of(object, known): Unread | undefined {
    if (known.options.complete || object.metadata.namespace !== known.rootNamespace) return undefined;
    return known.hasOtherNamespace(known.rootNamespace) ? undefined : { part: contentOf(object), reaches: [] };
  },
};

/** The servers of a Gateway to which no VirtualService of the input is bound. */
const WITHOUT_ROUTES: UnreadKind = {
  what: 'servers without routes in the input',
  changes: 'which hosts of VirtualServices outside the input the gateway serves',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'Gateway')) return undefined;
    const { name, namespace = '' } = object.metadata;
    if (known.isBound(name, namespace)) return undefined;
    const servers = [...object.spec?.servers ?? []].sort((a, b) => (a.port?.number ?? 0) - (b.port?.number ?? 0));
    return { part: servers.map(({ hosts = [], tls }) => [[...hosts].sort(), tls?.httpsRedirect ?? false]), reaches: [] };
  },
};

/** The namespaces to which an object is exported; undefined for all. */
function exportedTo(object: Manifest): readonly string[] | undefined {
  const { exportTo } = isOfKind(object, 'VirtualService') || isOfKind(object, 'DestinationRule') || isOfKind(object, 'ServiceEntry')
    ? object.spec ?? {} : { exportTo: object.metadata.annotations?.[EXPORT]?.split(',').map(scope => scope.trim()) };
  return exportTo === undefined || exportTo.length === 0 || exportTo.includes('*') ? undefined : [...exportTo].sort();
}

/** Whether callers of namespaces of which the input has no object see an object. */
const VISIBILITY: UnreadKind = {
  what: 'exportTo',
  changes: 'whether callers in namespaces outside the input see it',
  of(object, known): Unread | undefined {
    return known.options.complete ? undefined : { part: exportedTo(object) ?? '*', changeAlone: true, reaches: [] };
  },
};

/** What an object states for a namespace of which the input has no object. */
const FOR_NAMESPACE: UnreadKind = {
  what: 'settings for a namespace outside the input',
  changes: 'what its callers get',
  of(object, known): Unread | undefined {
    const sources = isOfKind(object, 'VirtualService')
      ? (object.spec?.http ?? []).flatMap(({ match = [] }) => match.flatMap(({ sourceNamespace }) => sourceNamespace ?? [])) : [];
    const named = [...sources, ...exportedTo(object) ?? []].filter(name => name !== '.' && name !== '~');
    return known.options.complete || named.every(name => known.hasNamespace(name)) ? undefined : { part: contentOf(object), reaches: [] };
  },
};

/** The rules that istiod drops unless their delegate exists. */
const DELEGATE: UnreadKind = {
  what: 'delegate outside the input',
  changes: 'where the requests of its rule go',
  of(object, known): Unread | undefined {
    if (known.options.complete || !isOfKind(object, 'VirtualService')) return undefined;
    const { namespace: own = '' } = object.metadata;
    const entries = (object.spec?.http ?? []).filter(({ delegate }) => (
      delegate !== undefined && !known.hasVirtualService(delegate.name ?? '', delegate.namespace || own)));
    if (entries.length === 0) return undefined;
    return { part: entries, reaches: [{ side: 'sending', hosts: hostsOf(object, known) }] };
  },
};

/** What objects say about Gateways, hosts, namespaces and addresses outside the input. */
export const OUTSIDE: UnreadKinds = {
  'networking.istio.io/VirtualService': [AT_GATEWAY, CLAIMS, WITHOUT_ROOT, DELEGATE, OF_HOST, AT_PODS, VISIBILITY, FOR_NAMESPACE],
  'networking.istio.io/DestinationRule': [OF_HOST, AT_PODS, VISIBILITY, FOR_NAMESPACE],
  'networking.istio.io/Sidecar': [IMPORTS, FOR_MESH],
  'networking.istio.io/Gateway': [WITHOUT_ROUTES],
  'networking.istio.io/ServiceEntry': [VISIBILITY, FOR_NAMESPACE],
  '/Service': [AT_PODS, VISIBILITY, FOR_NAMESPACE],
};
