import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { ServicePort } from '../../traffic/service-port';

/** The pods behind a service. */
export interface WorkloadFacts {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly selector: { readonly [key: string]: string };
  /** Ports of the service whose target port is a name, by number. */
  readonly named: { readonly [port: number]: string };
  /** Whether the pods are those of a gateway, whose container ports are unknown. */
  readonly isGateway?: boolean;
}

/** A mode of mutual TLS, and the path of the construct that sets it. */
export interface StatedMode {
  readonly value: MutualTlsMode;
  readonly path: string;
}

/** Callers by identity. */
export interface CallerNames {
  readonly principals: readonly string[];
  readonly namespaces: readonly string[];
}

/** Terms about requests. Each field is a condition, and its values are alternatives, as AuthorizationPolicies write them. */
export interface AccessTerms {
  /** Undefined means every caller, identified or not. */
  readonly callers?: CallerNames;
  readonly ipBlocks?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly requestPrincipals?: readonly string[];
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** A condition on an attribute. */
export interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly isNegated: boolean;
}

export type ActionName = 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT';

/** The AuthorizationPolicies of some pods, in the order of their manifests: one per action, and one per action that is only tried. */
export const POLICY_PARTS = ['DENY', 'CUSTOM', 'AUDIT', 'ALLOW', 'DENY dry-run', 'ALLOW dry-run'] as const;
export type PolicyPart = typeof POLICY_PARTS[number];

/** The AuthorizationPolicy that contains a rule. */
export function partOf({ action, isDryRun }: Pick<AccessRule, 'action' | 'isDryRun'>): PolicyPart {
  return isDryRun === true ? `${action} dry-run` as PolicyPart : action;
}

/** Whether a rule decides about requests. Envoy only reports the others. */
export function isEnforced({ action, isDryRun }: AccessRule): boolean {
  return action !== 'AUDIT' && isDryRun !== true;
}

/** The annotations of an AuthorizationPolicy. */
export function annotationsOf(part: PolicyPart): { readonly [key: string]: string } | undefined {
  return part.endsWith('dry-run') ? { 'istio.io/dry-run': 'true' } : undefined;
}

/** What happens to requests that meet all terms, and none of the excepted ones. */
export interface AccessRule {
  /** The path of the construct, for messages. */
  readonly path: string;
  readonly action: ActionName;
  /** Whether Envoy only reports what the rule would do. */
  readonly isDryRun?: boolean;
  /** The external authorizer of a CUSTOM rule. */
  readonly provider?: string;
  readonly terms: AccessTerms;
  readonly except: AccessTerms;
  readonly when: readonly Condition[];
  /** Whether a caller is a gateway. */
  readonly admitsGateways?: boolean;
  /** Whether an excepted caller is a gateway. */
  readonly exceptsGateways?: boolean;
  /** Ports of the service. */
  readonly ports?: readonly number[];
  /** Ports of the pods, where no service is known. */
  readonly containerPorts?: readonly number[];
}

/** How tokens of an issuer are verified: an entry of a RequestAuthentication. */
export interface TokenRule {
  readonly path: string;
  readonly issuer: string;
  readonly rule: object;
}

/** The access rules of a service's pods. */
export interface AccessModel {
  /** The path of the construct that owns the service. */
  readonly path: string;
  readonly facts: WorkloadFacts;
  /** By port of the pods; undefined is every port. */
  readonly modes: ReadonlyMap<number | undefined, StatedMode>;
  readonly rules: readonly AccessRule[];
  readonly tokens: readonly TokenRule[];
}

/** The port of the pods behind a port of the service. The sidecar of the called pod sees only this port. */
export function podPort({ ports }: WorkloadFacts, number: number): number {
  return ports.find(port => port.number === number)?.targetPort ?? number;
}

/** The name of an AuthorizationPolicy. The dot keeps it apart from the names of other services. */
export function policyName(name: string, part: PolicyPart): string {
  return part === 'ALLOW' ? name : `${name}.${part.toLowerCase().replace(' ', '.')}`;
}

/** Whether a rule applies to all requests of its callers. */
export function isForAllRequests({ terms, except, when, containerPorts }: AccessRule): boolean {
  return [terms, except].every(({ callers: _, ...others }) => Object.values(others).every(value => value === undefined))
    && when.length === 0 && containerPorts === undefined;
}
