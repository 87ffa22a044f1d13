import { fullHost, isWildcard } from '../../manifest/host-name';
import type { Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { contentOf } from '../content';
import type { Known } from '../known';
import type { Reach } from '../reach';
import type { Unread, UnreadKind, UnreadKinds } from '../unread';

const MESH = 'mesh';

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

/** What objects say about Gateways and hosts outside the input. */
export const OUTSIDE: UnreadKinds = {
  'networking.istio.io/VirtualService': [AT_GATEWAY, OF_HOST],
  'networking.istio.io/DestinationRule': [OF_HOST],
};
