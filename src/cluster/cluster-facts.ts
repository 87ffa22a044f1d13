import type { ClusterFactsFields } from './facts-fields';
import { objectsOf } from './facts-objects';
import { FACTS_SCHEMA } from './facts-schema';
import { statementProblem } from './statement-problem';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { identityOf } from '../manifest/last-applied';
import { pathText } from '../manifest/provenance';
import type { ValueProblem } from '../manifest/value-problem';
import { valueProblem } from '../manifest/value-problem';

/** What a cluster has beside the manifests that are judged. It is read like them, and no finding is about it. */
export interface LoadedFacts {
  readonly objects: readonly KubernetesObject[];
  /** Whether nothing exists beside the manifests and these facts. */
  readonly complete?: boolean;
  readonly meshConfig?: MeshConfigFields;
  readonly istioVersion?: string;
  readonly clusterDomain?: string;
}

/** Facts that cannot be read. */
export class RefusedFacts extends Error {}

/** A problem of some facts as text. */
export function describeFactsProblem({ path, message }: ValueProblem): string {
  return `${path.length === 0 ? 'the document' : pathText(path)} ${message}`;
}

/** What keeps a value from being cluster facts. */
export function problemOf(value: unknown): ValueProblem | undefined {
  return valueProblem(FACTS_SCHEMA, value) ?? statementProblem(value as ClusterFactsFields);
}

/** The facts that some fields state; `place` names them in errors. */
export function clusterFacts(fields: ClusterFactsFields, place = 'cluster facts'): LoadedFacts {
  const problem = problemOf(fields);
  if (problem) throw new RefusedFacts(`${place}: ${describeFactsProblem(problem)}`);
  const { complete, meshConfig, rootNamespace = meshConfig?.rootNamespace as string | undefined, istioVersion, clusterDomain } = fields;
  return {
    objects: objectsOf({ ...fields, rootNamespace }),
    ...(complete !== undefined && { complete }),
    ...((meshConfig ?? rootNamespace) !== undefined && {
      meshConfig: { ...meshConfig, ...(rootNamespace !== undefined && { rootNamespace }) },
    }),
    ...(istioVersion !== undefined && { istioVersion }),
    ...(clusterDomain !== undefined && { clusterDomain }),
  };
}

/** Several facts together. Of what each may state once, the last one counts. */
export function allFacts(facts: readonly LoadedFacts[]): LoadedFacts {
  return facts.reduce<LoadedFacts>((all, one) => ({ ...all, ...one, objects: [...all.objects, ...one.objects] }), { objects: [] });
}

/** Manifests with what the cluster has beside them. What the manifests state themselves is theirs. */
export function withFacts(objects: readonly KubernetesObject[], facts: LoadedFacts | undefined): readonly KubernetesObject[] {
  return [...objects, ...factsBeside(objects, facts)];
}

/** Whether manifests have every pod: they are complete, and no facts name Services without their pods. */
export function haveAllPods({ complete = false, objects }: LoadedFacts): boolean {
  return complete && objects.length === 0;
}

/** The objects of the facts that the manifests do not state themselves. */
export function factsBeside(objects: readonly KubernetesObject[], facts: LoadedFacts | undefined): readonly KubernetesObject[] {
  if (!facts || facts.objects.length === 0) return [];
  const stated = new Set(objects.map(identityOf));
  return facts.objects.filter(object => !stated.has(identityOf(object)));
}
