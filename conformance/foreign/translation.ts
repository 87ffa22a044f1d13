import type { ForeignFile } from './corpus';
import type { Explanation } from './explanation';
import { unexplained } from './explanation';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { manifestsOf, readManifests } from '../../src/manifest/manifest';
import { ask } from '../analysis/admission';
import { judge } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Proxy } from '../istiod/client';

/** The kinds that istiod's light harness accepts. */
const KINDS = new Set(['DestinationRule', 'Gateway', 'PeerAuthentication', 'ServiceEntry', 'Sidecar', 'Telemetry', 'VirtualService',
  'WorkloadEntry', 'Service', 'Namespace', 'Deployment', 'Pod']);
const NAMESPACE = 'default';

/** The differences between our translation and istiod's for folders of Istio's own repository. */
const EXPLAINED: readonly Explanation[] = [];

/** A proxy per Deployment and per Gateway selector, and one that nothing selects. */
export function proxiesOf(objects: readonly KubernetesObject[]): Proxy[] {
  const { manifests } = readManifests(objects);
  const sidecars = manifestsOf(manifests, 'Deployment').map(({ metadata, spec }, i): Proxy => (
    { name: `sidecar-${i}`, type: 'sidecar', namespace: metadata.namespace ?? NAMESPACE, labels: spec?.template?.metadata?.labels ?? {} }));
  const gateways = manifestsOf(manifests, 'Gateway').flatMap(({ metadata, spec }): Omit<Proxy, 'name'>[] => (
    spec?.selector === undefined ? [] : [{ type: 'gateway', namespace: metadata.namespace ?? NAMESPACE, labels: spec.selector }]))
    .map((proxy, i): Proxy => ({ ...proxy, name: `gateway-${i}` }));
  return [{ name: 'stranger', type: 'sidecar', namespace: NAMESPACE }, ...sidecars.slice(0, 3), ...gateways.slice(0, 2)];
}

/** An object as the harness of istiod accepts it: in a namespace, and pods as Deployments. */
export function asTaken(object: KubernetesObject): KubernetesObject {
  const { kind, metadata: { namespace = NAMESPACE, labels = {}, name } } = object;
  if (kind === 'Namespace') return object;
  if (kind !== 'Pod') return { ...object, metadata: { ...object.metadata, namespace } };
  const template = { metadata: { labels }, spec: object.spec };
  const spec = { selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

function identityOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): string {
  return `${apiVersion.split('/')[0]} ${kind} ${namespace}/${name}`;
}

/** The objects in a cluster after `kubectl apply`: the last version of each, without objects that istiod's admission rejects. */
export async function applied(sets: readonly ForeignFile[]): Promise<ForeignFile[]> {
  const all = sets.map(({ path, objects }) => ({
    path, objects: objects.filter(({ kind, metadata }) => KINDS.has(kind) && metadata?.name !== undefined).map(asTaken),
  }));
  const answers = await ask(all.flatMap(({ path, objects }) => objects.map((object, i) => ({ id: `${path} #${i}`, object }))));
  let at = 0;
  return all.map(({ path, objects }) => {
    const taken = objects.filter(() => answers[at++].verdict !== 'refused');
    return { path, objects: [...new Map(taken.map(object => [identityOf(object), object])).values()] };
  }).filter(({ objects }) => objects.length > 0);
}

/** Compares our translation with istiod's, for the proxies of each set of manifests. */
export async function compareForeignTranslation(sets: readonly ForeignFile[],
  isWhole: boolean): Promise<{ figure: string; wrong: string[] }> {
  const cases = (await applied(sets)).map(({ path: id, objects }): FuzzCase => (
    { id, objects, proxies: proxiesOf(objects), meshConfig: {} }));
  const judged = await judge(cases);
  const differences = judged.flatMap(({ each, refusal, mismatches }) => (
    refusal !== undefined ? [`${each.id}: istiod rejects it: ${refusal}`] : mismatches.map(mismatch => `${each.id}: ${mismatch}`)));
  const proxies = cases.reduce((sum, each) => sum + each.proxies.length, 0);
  return { figure: `${cases.length} files and folders, ${proxies} proxies`, wrong: unexplained(differences, EXPLAINED, isWhole) };
}
