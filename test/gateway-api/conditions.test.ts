import { keptConditions } from '../../conformance/foreign/gateway-api-conditions';
import type { StatedConditions } from '../../conformance/foreign/gateway-api-conditions';
import type { Conversion } from '../../src/gateway-api/conversion';
import { convertGatewayApi } from '../../src/gateway-api/conversion';
import { isManaged } from '../../src/gateway-api/listener';
import { conditionOf } from '../../src/gateway-api/problem';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { manifestsOf, readManifests } from '../../src/manifest/manifest';
import { pathText } from '../../src/manifest/provenance';

const { added, inputs } = keptConditions();

/** Conditions of istiod that ours do not repeat, and why. */
const LEFT_OUT: readonly { readonly of: RegExp; readonly reason: string }[] = [
  { of: / Programmed (?!AddressNotUsable)/, reason: 'it follows from the other conditions of the object' },
  { of: / ListenersNotValid$/, reason: 'it sums up the listeners' },
  { of: /spec\.listeners.* Accepted NoValidCACertificate$/, reason: 'it repeats ResolvedRefs' },
  { of: / Conflicted \w+$/, reason: 'it repeats Accepted' },
  { of: /^BackendTLSPolicy .* ResolvedRefs /, reason: 'it repeats Accepted, with a reason by the kind of the reference' },
  { of: / IgnoredByIstio$/, reason: 'an annotation of the object asks for it' },
  { of: /^XBackendTrafficPolicy /, reason: 'istiod reads the kind only with PILOT_ENABLE_ALPHA_GATEWAY_API, which is off by default' },
  { of: /^ListenerSet .* Programmed AddressNotUsable$/, reason: 'it repeats what the Gateway says' },
  { of: /^Gateway istio-system\/invalid-service Programmed/, reason: 'a ServiceEntry may have the host of the address: not decided' },
  { of: /infpool|inferencepool|backend-allowed-ip/, reason: 'istiod reads InferencePool only with a flag, which is off by default' },
  { of: /tls-upstream-echo-extra .* Conflicted$/, reason: 'istiod tells policies apart by their UID, which its test leaves out' },
];

interface Attached extends KubernetesObject {
  readonly spec?: { readonly parentRefs?: readonly { readonly kind?: string }[]; readonly targetRefs?: readonly object[] };
}

function withoutLeftOut(problems: readonly string[]): string[] {
  return problems.filter(problem => !LEFT_OUT.some(({ of }) => of.test(problem)));
}

function nameOf({ kind, metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}

/** Our problems as the conditions that istiod writes. A rule of a route has one for each parent, and the last one counts. */
function conditionsOf({ problems }: Conversion, { parents }: StatedConditions): string[] {
  const found = new Map<string, string>();
  for (const { object, path, reason, isOfMesh } of problems) {
    const condition = conditionOf(reason);
    if (condition === undefined) continue;
    const { parentRefs = [], targetRefs = [] } = (object as Attached).spec ?? {};
    const ofRule = parentRefs.flatMap(({ kind = 'Gateway' }, i) => (kind.startsWith('Service') === isOfMesh ? [`spec.parentRefs[${i}]`] : []))
      .filter(place => parents.includes(`${nameOf(object)} ${place}`));
    const places = path[1] === 'rules' ? ofRule
      : path[1] === 'validation' ? targetRefs.map((_, i) => `spec.targetRefs[${i}]`)
        : ['listeners', 'parentRefs', 'targetRefs'].includes(path[1] as string) ? [pathText(path)] : [''];
    for (const place of places) found.set([nameOf(object), place, condition].filter(part => part !== '').join(' '), reason);
  }
  return [...found].map(([key, reason]) => `${key} ${reason}`);
}

const judged = inputs.map(stated => {
  const { manifests } = readManifests([...stated.objects, ...added]);
  // Istio makes the Service of these Gateways, which its test leaves out.
  const managed = new Set(manifestsOf(manifests, 'KubernetesGateway').filter(({ spec = {} }) => isManaged(spec)).map(nameOf));
  const isOfIstiosService = (problem: string) => managed.has(problem.replace(/ Programmed AddressNotUsable$/, ''));
  const conversion = convertGatewayApi(manifests, {
    clusterDomain: 'domain.suffix', flags: { ambient: true, multiNetwork: true }, assumesCertificates: false,
  });
  return {
    input: stated.input,
    ours: conditionsOf(conversion, stated),
    istiods: stated.problems.filter(problem => !isOfIstiosService(problem)),
  };
});

describe('The problems of Gateway API objects are those that istiod reports in their status', () => {
  test.each(judged)('$input', ({ ours, istiods }) => {
    expect(withoutLeftOut(ours).sort()).toEqual(withoutLeftOut(istiods).sort());
  });

  test.each(LEFT_OUT)('$of is left out, because $reason', ({ of }) => {
    expect(judged.flatMap(({ ours, istiods }) => [...ours, ...istiods]).filter(problem => of.test(problem))).not.toEqual([]);
  });
});
