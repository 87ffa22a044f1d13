import { lackingObjects } from './completed';
import type { Adoption } from '../../src/adopt/adopt';
import { adopt } from '../../src/adopt/adopt';
import { printChart } from '../../src/adopt/print-chart';
import { synthesize } from '../../src/adopt/synthesize';
import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { ForeignFile } from '../foreign/corpus';

/** A set of manifests, before and after. */
export interface AdoptedSet {
  readonly name: string;
  readonly before: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
  readonly adoption: Adoption;
  /** Whether a second run writes the same program. */
  readonly isStable: boolean;
}

function meshOf(objects: readonly KubernetesObject[]) {
  return { objects, translator: new Translator(objects), edge: new Edge(objects, {}) };
}

function adoptionOf(objects: readonly KubernetesObject[], around: readonly KubernetesObject[]): Adoption {
  return adopt({ objects, clusterDomain: 'cluster.local', meshOf: all => meshOf([...all, ...around]), only: [] });
}

function textOf({ units }: Adoption): string {
  return units.map(({ lifted: { file } }) => printChart(file)).join('\n');
}

/** Adopts objects in a cluster that has others, too. */
export function adoptedSet(name: string, objects: readonly KubernetesObject[], around: readonly KubernetesObject[] = []): AdoptedSet {
  const adoption = adoptionOf(objects, around);
  const written = [...synthesize(adoption.units.map(({ lifted: { file } }) => file)).values()].flat();
  return {
    name,
    before: [...objects, ...around],
    after: [...adoption.rest, ...written, ...around],
    adoption,
    isStable: textOf(adoptionOf(objects, around)) === textOf(adoption),
  };
}

/** Adopts the manifests of a file, with the subsets that they lack, in a cluster that has the Services and Gateways that they name. */
export function adoptedFile({ path, objects }: ForeignFile): AdoptedSet {
  const lacking = lackingObjects(objects);
  const [rules, around] = [lacking.filter(({ kind }) => kind === 'DestinationRule'), lacking.filter(({ kind }) => kind !== 'DestinationRule')];
  return adoptedSet(path, [...objects, ...rules], around);
}
