import { checkDestinationRule } from './destination-rule';
import { checkGateway } from './gateway';
import { checkServiceEntry, checkWorkload } from './service-entry';
import { checkSidecar } from './sidecar';
import { checkTelemetry } from './telemetry';
import type { Judgement } from './verdict';
import { Verdict } from './verdict';
import { checkVirtualService } from './virtual-service';
import type { KubernetesObject } from '../../manifest/kubernetes-object';

/** Annotations that Istio gives to objects of its own making. */
const INTERNAL = ['internal.istio.io/webhook-always-reject', 'internal.istio.io/parent-namespace', 'internal.istio.io/parents'];
const DRY_RUN = 'istio.io/dry-run';

type Check = (verdict: Verdict, object: KubernetesObject, namespace: string) => void;

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['VirtualService', (verdict, { spec = {} }, namespace) => checkVirtualService(verdict, spec, namespace)],
  ['DestinationRule', (verdict, { spec = {} }, namespace) => checkDestinationRule(verdict, spec, namespace)],
  ['Gateway', (verdict, { spec = {}, metadata }) => checkGateway(verdict, spec, metadata.name)],
  ['ServiceEntry', (verdict, object, namespace) => checkServiceEntry(verdict, { ...object, spec: object.spec ?? {} }, namespace)],
  ['Sidecar', (verdict, { spec = {} }, namespace) => checkSidecar(verdict, spec, namespace)],
  ['Telemetry', (verdict, { spec = {} }) => checkTelemetry(verdict, spec)],
  ['WorkloadEntry', (verdict, { spec = {} }) => checkWorkload(verdict, spec, 'spec')],
]);

/**
 * What istiod's admission webhook has against an object of Istio of which every field has its type. The annotations of an object are judged before anything
 * else, and alone.
 */
export function admissionJudgements(object: KubernetesObject, namespace: string): readonly Judgement[] {
  const verdict = new Verdict();
  const { annotations = {} } = object.metadata;
  if (DRY_RUN in annotations && object.kind !== 'AuthorizationPolicy') {
    verdict.error(`metadata.annotations["${DRY_RUN}"]`, [`does nothing in a ${object.kind}, which istiod refuses`, 'leave it out; only an AuthorizationPolicy can be tried dry']);
  }
  const internal = INTERNAL.find(name => name in annotations);
  if (internal !== undefined) verdict.error(`metadata.annotations["${internal}"]`, ['is for objects of Istio\'s own making', 'leave it out']);
  if (verdict.judgements.length === 0) CHECKS.get(object.kind)?.(verdict, object, namespace);
  return verdict.judgements;
}
