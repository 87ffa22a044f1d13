import type { ConstructPaths } from './construct-paths';
import { constructsBehind } from './construct-paths';
import type { Finding } from './finding';
import { movingNamespace, SEVERITIES } from './finding';
import { STEPS } from './migration';
import type { TrafficRule } from './rule';
import type { Suppressions } from './suppression';
import type { KubernetesObject, ResourceName } from '../manifest/kubernetes-object';
import { lineOf, parsePath, provenanceOf } from '../manifest/provenance';
import { readValue } from '../manifest/shape';

/** What tells findings of one kind from others. */
export type FindingKind = Pick<TrafficRule, 'id' | 'codes' | 'severity' | 'step'>;

/** What a finding says, and of which object. */
export interface Told {
  readonly cause: string;
  readonly repair: string;
  readonly object?: KubernetesObject;
  readonly path?: string;
}

const NAMED = { kind: 'string', metadata: { name: 'string', generateName: 'string', namespace: 'string' } } as const;

function resourceOf(object: KubernetesObject): ResourceName {
  const { kind = '', metadata: { name, generateName = '', namespace } = {} } = readValue(NAMED, object) ?? {};
  return { kind, name: name ?? `${generateName}*`, ...(namespace !== undefined && { namespace }) };
}

/** Compares findings about a move by namespace and step. */
function byStep(a: Finding, b: Finding): number {
  if (!a.step || !b.step) return 0;
  const [first, second] = [movingNamespace(a), movingNamespace(b)];
  return first < second ? -1 : first > second ? 1 : STEPS.indexOf(a.step) - STEPS.indexOf(b.step);
}

/** Makes findings of what rules report. Their lines are looked up at the end, and only for those that stay. */
export class Findings {
  public readonly all: Finding[] = [];

  public constructor(private readonly suppressions: Suppressions,
    private readonly constructPathsOf: (object: KubernetesObject) => ConstructPaths | undefined) {}

  public add({ id, codes, severity, step }: FindingKind, { cause, repair, object, path }: Told): void {
    const finding: Finding = {
      rule: id,
      codes,
      severity,
      ...(step && { step }),
      ...(object && { resource: resourceOf(object) }),
      ...(path !== undefined && path !== '' && { path }),
      cause,
      repair,
      ...(object && { object }),
    };
    if (!this.suppressions.covers(finding)) this.all.push(finding);
  }

  /**
   * The findings in the order of their objects, the worst first; those about the whole input stand last. Findings about a move stand by
   * namespace, in the order of the steps.
   */
  public located(objects: readonly KubernetesObject[]): Finding[] {
    const positions = new Map(this.all.some(({ object }) => object) ? objects.map((object, i) => [object, i]) : []);
    const position = ({ object }: Finding) => (object ? positions.get(object) ?? -1 : objects.length);
    const inOrder = this.all.sort((a, b) => (
      byStep(a, b) || position(a) - position(b) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)));
    return inOrder.map(finding => this.locate(finding));
  }

  private constructsBehind(object: KubernetesObject, path: string): readonly string[] | undefined {
    try {
      return constructsBehind(object, path, this.constructPathsOf(object));
    } catch {
      return undefined; // The finding matters more than its constructs.
    }
  }

  private locate(finding: Finding): Finding {
    const { object, path = '' } = finding;
    if (!object) return finding;
    const provenance = provenanceOf(object);
    const constructs = this.constructsBehind(object, path);
    return {
      ...finding,
      ...(provenance && { file: provenance.file, line: lineOf(object, parsePath(path)) }),
      ...(constructs && { constructs }),
    };
  }
}
