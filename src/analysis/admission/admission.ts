import { checkAuthorizationPolicy } from './authorization-policy';
import { checkDestinationRule } from './destination-rule';
import { checkEnvoyFilter } from './envoy-filter';
import { checkGateway } from './gateway';
import { checkPeerAuthentication } from './peer-authentication';
import { checkProxyConfig } from './proxy-config';
import { checkRequestAuthentication } from './request-authentication';
import { checkServiceEntry } from './service-entry';
import { checkSidecar } from './sidecar';
import { checkTelemetry } from './telemetry';
import { checkTrafficExtension } from './traffic-extension';
import type { Judgement, Objection } from './verdict';
import { Verdict } from './verdict';
import { checkVirtualService } from './virtual-service';
import { checkWasmPlugin } from './wasm-plugin';
import { checkWorkload } from './workload';
import { checkWorkloadGroup } from './workload-group';
import type { IstioSpecs } from '../../manifest/istio-specs.generated';
import type { Manifest } from '../../manifest/manifest';

/** Annotations that Istio gives to objects that it makes. */
const INTERNAL = ['internal.istio.io/webhook-always-reject', 'internal.istio.io/parent-namespace', 'internal.istio.io/parents'];
const DRY_RUN = 'istio.io/dry-run';
/** A boolean as Go reads one. */
const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

type Check<K extends keyof IstioSpecs> = (verdict: Verdict, spec: IstioSpecs[K], object: Manifest, namespace: string) => void;

const CHECKS: { readonly [K in keyof IstioSpecs]?: Check<K> } = {
  VirtualService: (verdict, spec, _, namespace) => checkVirtualService(verdict, spec, namespace),
  DestinationRule: (verdict, spec, _, namespace) => checkDestinationRule(verdict, spec, namespace),
  // The API server completes `generateName`.
  Gateway: (verdict, spec, { metadata: { name, generateName } }) => checkGateway(verdict, spec,
    name === `${generateName}*` ? undefined : name),
  ServiceEntry: (verdict, spec, { metadata: { labels = {} } }, namespace) => checkServiceEntry(verdict, spec, labels, namespace),
  Sidecar: (verdict, spec, _, namespace) => checkSidecar(verdict, spec, namespace),
  Telemetry: (verdict, spec) => checkTelemetry(verdict, spec),
  AuthorizationPolicy: (verdict, spec) => checkAuthorizationPolicy(verdict, spec),
  EnvoyFilter: (verdict, spec) => checkEnvoyFilter(verdict, spec),
  PeerAuthentication: (verdict, spec) => checkPeerAuthentication(verdict, spec),
  RequestAuthentication: (verdict, spec) => checkRequestAuthentication(verdict, spec),
  ProxyConfig: (verdict, spec) => checkProxyConfig(verdict, spec),
  TrafficExtension: (verdict, spec) => checkTrafficExtension(verdict, spec),
  WasmPlugin: (verdict, spec) => checkWasmPlugin(verdict, spec),
  WorkloadGroup: (verdict, spec) => checkWorkloadGroup(verdict, spec),
  WorkloadEntry: (verdict, spec) => checkWorkload(verdict, spec, 'spec'),
};

function dryRunProblem(kind: string, action: string, value: string): Objection {
  if (kind !== 'AuthorizationPolicy') {
    return [`has no effect in a ${kind}, and istiod rejects it`, 'remove it; only an AuthorizationPolicy has a dry run'];
  }
  if (action !== 'ALLOW' && action !== 'DENY') return [`is set with the action ${action}`, 'remove it; only ALLOW and DENY have a dry run'];
  return BOOLEAN.test(value) ? undefined : [`is '${value}'`, 'write "true" or "false"'];
}

/**
 * What istiod's admission webhook has against an object and its `spec` as written, in which every field has its type. The webhook judges
 * the annotations of an object first; if it has something against them, it judges nothing else.
 */
export function admissionJudgements(object: Manifest, spec: unknown, namespace: string): readonly Judgement[] {
  const verdict = new Verdict();
  const { kind, metadata: { annotations = {} } } = object;
  if (DRY_RUN in annotations) {
    const { action = 'ALLOW' } = (spec ?? {}) as { readonly action?: string };
    verdict.error(`metadata.annotations["${DRY_RUN}"]`, dryRunProblem(kind, action, annotations[DRY_RUN]));
  }
  const internal = INTERNAL.find(name => name in annotations);
  if (internal !== undefined) verdict.error(`metadata.annotations["${internal}"]`, ['is for objects that Istio makes', 'remove it']);
  if (verdict.judgements.length > 0) return verdict.judgements;
  const check = CHECKS[kind as keyof IstioSpecs] as Check<keyof IstioSpecs> | undefined;
  check?.(verdict, (spec ?? {}) as IstioSpecs[keyof IstioSpecs], object, namespace);
  return verdict.judgements;
}
