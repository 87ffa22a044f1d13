import type { AccessRule, CallerNames } from '../model/access';
import { isForAllRequests } from '../model/access';
import type { PublicHostAudience } from '../model/audience';
import type { Exposure } from '../model/exposure';

/** The service whose exposures are checked. */
export interface ExposedService {
  readonly name: string;
  readonly httpPorts: readonly number[];
  /** The exposures of requests and of connections. */
  readonly exposures: readonly Exposure[];
  /** The namespaces of the services of the App, where no gateway is expected. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * The errors of public hosts whose gateway no access rule allows. `denied` is the construct that denies all callers of the namespace or the
 * mesh. A gateway without a known identity may be any caller in a namespace without services of the App. `mayAllow` tells whether a policy
 * that is not a statement may allow it.
 */
export function exposedAccessErrors(
  service: ExposedService, all: readonly AccessRule[], denied: string | undefined, mayAllow: () => boolean,
): string[] {
  const rules = all.filter(({ action }) => action === 'ALLOW');
  return service.exposures.flatMap(exposure => {
    const port = exposure.port ?? service.httpPorts[0];
    const isHere = ({ ports }: AccessRule) => ports === undefined || ports.includes(port);
    const exposed = `${exposure.host.host} exposes port ${port} of '${service.name}', and `;
    const denying = all.find(rule => rule.action === 'DENY' && isHere(rule) && isForAllRequests(rule)
      && denies(rule, exposure.host, service.namespaces));
    if (denying) {
      const isUnknown = denying.except.callers !== undefined && exposure.host.identity === undefined;
      return [`${exposed}${denying.path} denies its gateway, so Envoy denies everything that the gateway sends`
        + `${isUnknown ? ', unless the gateway is one of the excepted callers' : ''}; except the gateway from what is denied`
        + `${isUnknown ? ', or set `identity` of the IngressGateway' : ''}`];
    }
    if (rules.length === 0 && denied === undefined) return [];
    const here = rules.filter(isHere);
    if (here.some(rule => admits(rule, exposure.host, service.namespaces)) || mayAllow()) return [];
    const by = here.length > 0 ? here : rules;
    const paths = [...new Set(by.map(({ path }) => path))].sort();
    return [`${exposed}${paths.length > 0 ? allowing(paths, exposure.host)
      : `${denied} denies all callers, so Envoy denies everything that the gateway sends`}; ${repair(exposure.host, paths.length > 0)}`];
  });
}

function admits({ terms: { callers }, admitsGateways }: AccessRule, host: PublicHostAudience, namespaces: ReadonlySet<string>): boolean {
  return !callers || mayInclude(callers, admitsGateways, host, namespaces);
}

/** Whether a rule denies the gateway, as far as the App knows who it is. */
function denies(
  { terms: { callers }, except, exceptsGateways }: AccessRule, host: PublicHostAudience, namespaces: ReadonlySet<string>,
): boolean {
  if (except.callers && mayInclude(except.callers, exceptsGateways, host, namespaces)) return false;
  if (!callers || callers.principals.includes('*')) return true;
  return host.identity === undefined ? false : names(callers, host.identity);
}

/** Whether callers include the gateway, or may, because its identity is unknown. */
function mayInclude(
  callers: CallerNames, namesGateways: boolean | undefined, host: PublicHostAudience, namespaces: ReadonlySet<string>,
): boolean {
  if (callers.principals.includes('*')) return true;
  if (host.identity !== undefined) return names(callers, host.identity);
  return namesGateways === true || [...callers.namespaces, ...callers.principals.map(namespaceOf)].some(each => !namespaces.has(each));
}

function names({ principals, namespaces }: CallerNames, identity: string): boolean {
  return principals.includes(identity) || namespaces.includes(namespaceOf(identity));
}

/** The namespace of an identity, such as `cluster.local/ns/shop/sa/web`. */
function namespaceOf(identity: string): string {
  return identity.split('/')[2];
}

/** Rules that allow callers, and what follows. */
function allowing(paths: readonly string[], { identity }: PublicHostAudience): string {
  const subject = `${paths.join(', ')} ${paths.length === 1 ? 'allows' : 'allow'}`;
  return identity === undefined
    ? `${subject} no Caller.gateway(), so Envoy denies everything that the gateway sends, unless the gateway is one of the other callers`
    : `${subject} only other callers, so Envoy denies everything that the gateway sends`;
}

/** The repair. The identity of the gateway only helps if some callers are allowed. */
function repair({ identity }: PublicHostAudience, allowsSome: boolean): string {
  return identity === undefined
    ? `add Caller.gateway() to the callers of a WorkloadAccess${allowsSome ? ', or set `identity` of the IngressGateway' : ''}`
    : `add the gateway's identity, ${identity}, to the callers of a WorkloadAccess`;
}
