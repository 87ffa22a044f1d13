import { metBy } from './met-requests';
import type { RequestClass } from './request-class';
import type { Problem } from '../../traffic/problem';
import type { AccessRule, CallerNames } from '../model/access';
import { isForAllRequests } from '../model/access';
import type { PublicHostAudience } from '../model/audience';
import type { Exposure } from '../model/exposure';

/** The service whose exposures are checked. */
export interface ExposedService {
  readonly name: string;
  /** The exposures of requests and of connections, with what the gateway sends for each. */
  readonly exposures: readonly Arrivals[];
  /** The namespaces of the services of the App, where no gateway is expected. */
  readonly namespaces: ReadonlySet<string>;
  /** The port of the pods behind a port of the service, if it is known. */
  podPort(port: number): number | undefined;
}

/** An exposure, and the requests or connections that arrive through it. */
export interface Arrivals {
  readonly exposure: Exposure;
  /** The port of the service where they arrive. */
  readonly port: number;
  /** The exposed service whose routes lead to this one; undefined for the exposed service itself. */
  readonly by?: { readonly name: string; readonly port: number };
  readonly classes: readonly RequestClass[];
}

/** The rules about the pods of a service. */
export interface PodRules {
  readonly all: readonly AccessRule[];
  /** The construct that denies all callers of the namespace or the mesh. */
  readonly denied: string | undefined;
  /** Whether a policy that is not among the rules may allow the gateway. */
  mayAllow(): boolean;
}

/**
 * The errors of public hosts whose gateway no access rule allows, or whose requests certainly all are denied. A gateway without a known
 * identity may be any caller in a namespace without services of the App.
 */
export function exposedAccessErrors(service: ExposedService, rules: PodRules): string[] {
  return service.exposures.flatMap(arrivals => {
    if (arrivals.classes.length === 0) return []; // the gateway answers all requests itself, or other services do
    const { exposure: { host }, port, by } = arrivals;
    const exposed = by ? `${host.host} exposes port ${by.port} of '${by.name}', which routes requests to '${service.name}', and `
      : `${host.host} exposes port ${port} of '${service.name}', and `;
    const error = denialOf(service, arrivals, port, rules) ?? lockOf(service, arrivals, port, rules);
    return error === undefined ? [] : [exposed + error];
  });
}

/** The error of rules that deny everything that the gateway sends. */
function denialOf(service: ExposedService, { exposure: { host }, classes }: Arrivals, port: number, { all }: PodRules): Problem {
  const denying = all.filter(rule => rule.action === 'DENY' && coversPort(rule, port, service) && denies(rule, host, service.namespaces));
  if (denying.length === 0) return undefined;
  const by = classes.map(requests => denying.find(rule => metBy(rule, requests).part === 'all'));
  if (by.includes(undefined)) return undefined;
  const rules = [...new Set(by.flatMap(rule => rule ?? []))];
  const paths = pathsOf(rules);
  const isUnknown = rules.some(({ except }) => except.callers !== undefined) && host.identity === undefined;
  const what = rules.every(rule => isForAllRequests({ ...rule, containerPorts: undefined })) ? 'its gateway' : `all requests of ${host.host}`;
  return `${paths.join(', ')} ${paths.length === 1 ? 'denies' : 'deny'} ${what}, so Envoy denies everything that the gateway sends`
    + `${isUnknown ? ', unless the gateway is one of the excepted callers' : ''}; except the gateway from what is denied`
    + `${isUnknown ? ', or set `identity` of the IngressGateway' : ''}`;
}

/** The error of rules that allow nothing that the gateway sends. */
function lockOf(service: ExposedService, { exposure: { host }, classes }: Arrivals, port: number, pods: PodRules): Problem {
  const { all, denied, mayAllow } = pods;
  const rules = all.filter(({ action }) => action === 'ALLOW');
  if (rules.length === 0 && denied === undefined) return undefined;
  const here = rules.filter(rule => mayApply(rule, port, service));
  const admitting = here.filter(rule => admits(rule, host, service.namespaces));
  const missed = admitting.map(rule => ({ rule, fields: classes.map(requests => metBy(rule, requests)) }));
  if (missed.some(({ fields }) => fields.some(({ part }) => part !== 'none')) || mayAllow()) return undefined;
  if (missed.length > 0) return neverMetBy(missed.map(({ rule, fields }) => ({ path: rule.path, field: fields[0].field! })), host);
  const paths = pathsOf(here.length > 0 ? here : rules);
  return `${paths.length > 0 ? allowing(paths, host)
    : `${denied} denies all callers, so Envoy denies everything that the gateway sends`}; ${repair(host, paths.length > 0)}`;
}

/** The error of rules that allow the gateway, but none of its requests. */
function neverMetBy(missed: readonly { readonly path: string; readonly field: string }[], { host }: PublicHostAudience): string {
  const rules = [...new Set(missed.map(({ path, field }) => `\`${field}\` of ${path}`))].sort();
  return `nothing that its gateway sends for ${host} meets ${rules.join(' or ')}, so Envoy denies everything that the gateway sends; `
    + 'change the condition, or allow the gateway in another WorkloadAccess';
}

function pathsOf(rules: readonly AccessRule[]): readonly string[] {
  return [...new Set(rules.map(({ path }) => path))].sort();
}

/** Whether a rule may apply to a port of the service. */
function mayApply({ ports, containerPorts }: AccessRule, port: number, { podPort }: ExposedService): boolean {
  const number = podPort(port);
  return (ports === undefined || ports.includes(port))
    && (containerPorts === undefined || number === undefined || containerPorts.includes(number));
}

/** Whether a rule certainly applies to a port of the service. */
function coversPort(rule: AccessRule, port: number, service: ExposedService): boolean {
  return mayApply(rule, port, service) && (rule.containerPorts === undefined || service.podPort(port) !== undefined);
}

function admits(
  { terms: { callers }, except, admitsGateways }: AccessRule, host: PublicHostAudience, namespaces: ReadonlySet<string>,
): boolean {
  if (except.callers && (except.callers.principals.includes('*') || (host.identity !== undefined && names(except.callers, host.identity)))) {
    return false;
  }
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
