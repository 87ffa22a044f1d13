import type { KubernetesObject } from './kubernetes-object';

/** The cluster-scoped kinds of Kubernetes, Istio and the Gateway API. */
const CLUSTER_SCOPED = new Set([
  'APIService', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding', 'ComponentStatus', 'CSIDriver', 'CSINode',
  'CustomResourceDefinition',
  'FlowSchema', 'GatewayClass', 'IngressClass', 'MutatingWebhookConfiguration', 'Namespace', 'Node', 'PersistentVolume', 'PriorityClass',
  'PriorityLevelConfiguration', 'RuntimeClass', 'StorageClass', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration', 'VolumeAttachment', 'ClusterTrustBundle', 'ClusterIssuer',
]);

/** Whether objects of this kind have a namespace, as nearly all do. */
export function isNamespaced({ kind }: Pick<KubernetesObject, 'kind'>): boolean {
  return !CLUSTER_SCOPED.has(kind);
}
