import type { KubernetesObject } from './kubernetes-object';

/** The annotation of an object of which only some labels are known. */
export const PARTIAL_LABELS = 'cdk8s-istio/partial-labels';

/** Whether an object may have labels beside those that it states. */
export function hasPartialLabels({ metadata: { annotations = {} } }: KubernetesObject): boolean {
  return annotations[PARTIAL_LABELS] !== undefined;
}
