import type { Labels } from './labels';
import { readValue } from './shape';

/**
 * The prefixes of labels that Kubernetes, istiod and injection add to pods and endpoints, such as `topology.kubernetes.io/zone`. Kubernetes
 * reserves its own, but users write those of `app.kubernetes.io`.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 * @see https://istio.io/latest/docs/reference/config/labels/
 */
const OF_THE_PLATFORM = /^(?!app\.kubernetes\.io\/)([^/]+\.)?(kubernetes\.io|k8s\.io|istio\.io)\//;

/** The prefixes of labels that other controllers add to their pods. */
const OF_CONTROLLERS = /^([^/]+\.)?(knative\.dev|kruise\.io|kubevirt\.io|ray\.io|argoproj\.io|strimzi\.io|kubeflow\.org)\//;

/** Labels without a prefix that controllers add to their pods. */
const WITHOUT_PREFIX: ReadonlySet<string> = new Set([
  'controller-revision-hash', 'controller-uid', 'job-name', 'pod-template-generation', 'pod-template-hash', 'rollouts-pod-template-hash',
  'istio-locality',
]);

/** Whether pods or endpoints may get a label when they run, so that no pod template states it. */
export function isAddedLabel(name: string): boolean {
  return WITHOUT_PREFIX.has(name) || OF_THE_PLATFORM.test(name) || OF_CONTROLLERS.test(name);
}

/** The names of those labels of a selector that no pod template states. */
export function addedLabels(selector: Labels): readonly string[] {
  return Object.keys(selector).filter(isAddedLabel);
}

/** The labels of a selector that pod templates state. */
export function templateLabels(selector: Labels): Labels {
  const names = Object.keys(selector);
  return names.some(isAddedLabel) ? Object.fromEntries(Object.entries(selector).filter(([name]) => !isAddedLabel(name))) : selector;
}

const LABELS = { labels: { '*': 'string' } } as const;
const STRATEGY = {
  spec: {
    strategy: {
      canary: { canaryMetadata: LABELS, stableMetadata: LABELS },
      blueGreen: { activeMetadata: LABELS, previewMetadata: LABELS },
    },
  },
} as const;

/** The labels that a Rollout of Argo adds to some of its pods, by their role. */
export function labelsOfRoles(manifest: object): readonly Labels[] {
  const { canary, blueGreen } = readValue(STRATEGY, manifest)?.spec?.strategy ?? {};
  const roles = [canary?.canaryMetadata, canary?.stableMetadata, blueGreen?.activeMetadata, blueGreen?.previewMetadata];
  return roles.flatMap(role => (role?.labels ? [role.labels] : []));
}
