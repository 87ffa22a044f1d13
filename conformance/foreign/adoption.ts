import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFolder } from './corpus';
import { asTaken, proxiesOf } from './translation';
import type { Adoption } from '../../src/adopt/adopt';
import { adopt } from '../../src/adopt/adopt';
import { synthesize } from '../../src/adopt/synthesize';
import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { describeObject } from '../../src/manifest/kubernetes-object';
import { lastApplied } from '../../src/manifest/last-applied';
import { loadManifests } from '../../src/manifest/loader';
import { judge } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';

const NO_RESOLVER = 'a destination is cert-manager-resolver.istio-system.svc.cluster.local, which is not a Service of the input';
const NO_ENTRY = 'no construct is written for a ServiceEntry';

/** The objects of Istio's samples that stay plain objects, and why. */
const PLAIN: { readonly [object: string]: string } = {
  'Gateway istio-system/cert-manager-gateway': NO_RESOLVER,
  'VirtualService istio-system/cert-manager': NO_RESOLVER,
  'ServiceEntry default/googleapis': NO_ENTRY,
  'VirtualService default/rewrite-port-for-googleapis': NO_ENTRY,
  'DestinationRule default/originate-tls-for-googleapis': NO_ENTRY,
};

/** A set of manifests, before and after. */
interface Adopted {
  readonly name: string;
  readonly before: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
  readonly adoption: Adoption;
}

function meshOf(objects: readonly KubernetesObject[]) {
  return { objects, translator: new Translator(objects), edge: new Edge(objects, {}) };
}

/** Adopts each file of the sample bookinfo, with its Services and subsets. */
function adoptedSamples(): Adopted[] {
  const bookinfo = join(moduleFolder(), 'samples/bookinfo');
  const networking = join(bookinfo, 'networking');
  return readdirSync(networking).filter(file => file.endsWith('.yaml')).sort().map(name => {
    const subsets = name.startsWith('destination-rule') ? [] : [join(networking, 'destination-rule-all.yaml')];
    const paths = [...subsets, join(bookinfo, 'platform/kube/bookinfo.yaml'), join(networking, name)];
    const { objects: applied } = lastApplied(loadManifests(paths, { namespace: 'default' }));
    const before = applied.filter(({ kind }) => kind !== 'ServiceAccount').map(asTaken);
    const adoption = adopt({ objects: before, clusterDomain: 'cluster.local', meshOf, only: [] });
    const written = [...synthesize(adoption.units.map(({ lifted: { file } }) => file)).values()].flat();
    return { name, before, after: [...adoption.rest, ...written], adoption };
  });
}

/**
 * Adopts Istio's samples. Each must be proven the same, only the listed objects may stay plain, and istiod must translate what is written
 * as we do: then what the proof says of our translation holds for istiod's.
 */
export async function judgeAdoption(): Promise<{ figure: string; wrong: string[] }> {
  const samples = adoptedSamples();
  const kept = samples.flatMap(({ adoption }) => adoption.units.flatMap(({ lifted }) => lifted.kept));
  const unexpected = kept.filter(({ object, reason }) => PLAIN[describeObject(object)] !== reason)
    .map(({ object, reason }) => `${describeObject(object)} stays plain: ${reason}`);
  const unused = Object.keys(PLAIN).filter(name => !kept.some(({ object }) => describeObject(object) === name))
    .map(name => `${name} is lifted; remove it from the list`);
  const differing = samples.flatMap(({ name, adoption }) => adoption.differences.map(({ text }) => `${name}: ${text}`));
  const cases = samples.flatMap(({ name, before, after }) => Object.entries({ before, after }).map(([when, objects]): FuzzCase => (
    { id: `${name}, ${when}`, objects, proxies: proxiesOf(before), meshConfig: {} })));
  const judged = (await judge(cases)).flatMap(({ each, refusal, mismatches }) => (
    refusal !== undefined ? [`${each.id}: istiod rejects it: ${refusal}`] : mismatches.map(mismatch => `${each.id}: ${mismatch}`)));
  const all = samples.flatMap(({ adoption }) => adoption.units.flatMap(({ unit }) => unit.objects)).length;
  return {
    figure: `${samples.length} files, ${all - kept.length} of ${all} objects as constructs`,
    wrong: [...differing, ...unexpected, ...unused, ...judged],
  };
}
