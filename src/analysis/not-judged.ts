import type { LoadedFacts } from '../cluster/cluster-facts';
import { withFacts } from '../cluster/cluster-facts';
import { Edge } from '../edge/edge';
import type { NotJudged } from '../edge/not-judged';
import { notJudgedLine } from '../edge/not-judged';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What is known beside the objects. */
interface Known {
  readonly meshConfig?: MeshConfigFields;
  readonly facts?: LoadedFacts;
}

/** What the analysis tells elsewhere: as a finding, and as a note on the input. */
const TOLD: ReadonlySet<string> = new Set(['unknown kind', 'missing namespace']);

/** What the analysis does not judge of some objects, an entry for each kind. */
export function notJudgedOf(objects: readonly KubernetesObject[], { meshConfig, facts }: Known): readonly NotJudged[] {
  return new Edge(withFacts(objects, facts), { meshConfig }).all.filter(({ what }) => !TOLD.has(what));
}

/** The same in lines of text. */
export function notJudgedLines(objects: readonly KubernetesObject[], known: Known): readonly string[] {
  return notJudgedOf(objects, known).map(notJudgedLine);
}
