import type { PodSpec, PodTemplate } from './kubernetes-kinds';
import { POD_TEMPLATED } from './kubernetes-kinds';
import type { Kind, Manifest } from './manifest';
import { isOfKind } from './manifest';
import { readValue } from './shape';

/** Kubernetes' own kinds with `spec.template`. */
const TEMPLATED = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
] as const satisfies readonly Kind[];

const DEFAULT_ACCOUNT = 'default';

/** Stands for an unknown service account, such as that of pods in cluster facts. No account has this name. */
export const UNKNOWN_ACCOUNT = '?';

/** The service account that pods run as; undefined if it is not known. Kubernetes still reads the old name of the field. */
export function serviceAccountOf({ serviceAccountName, serviceAccount }: PodSpec = {}): string | undefined {
  const account = serviceAccountName || serviceAccount || DEFAULT_ACCOUNT;
  return account === UNKNOWN_ACCOUNT ? undefined : account;
}

/** The pod template of an object. Undefined if it creates no pods. Objects of unknown kinds, such as Argo's Rollout, are read too. */
export function podTemplateOf(manifest: Manifest): PodTemplate | undefined {
  if (isOfKind(manifest, 'Pod')) return manifest;
  if (isOfKind(manifest, 'CronJob')) return manifest.spec?.jobTemplate?.spec?.template;
  for (const kind of TEMPLATED) if (isOfKind(manifest, kind)) return manifest.spec?.template;
  return statesTemplate(manifest) ? readValue(POD_TEMPLATED, manifest)?.spec?.template : undefined;
}

/** A cheap check of one field, because most objects create no pods. */
function statesTemplate(manifest: Manifest): boolean {
  const { spec } = manifest as { readonly spec?: unknown };
  return typeof spec === 'object' && spec !== null && 'template' in spec;
}
