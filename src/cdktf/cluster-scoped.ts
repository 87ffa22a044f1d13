/** The cluster-scoped kinds of Kubernetes and of the APIs that a mesh uses. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding', 'ClusterTrustBundle',
  'CustomResourceDefinition', 'DeviceClass',
  'FlowSchema', 'GatewayClass', 'IPAddress', 'IngressClass', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration', 'Namespace', 'Node',
  'PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'ServiceCIDR', 'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration', 'VolumeAttachment', 'VolumeAttributesClass',
]);

/** Whether a kind is cluster-scoped. `others` are cluster-scoped custom resources. */
export function isClusterScoped(kind: string, others: readonly string[]): boolean {
  return CLUSTER_SCOPED.has(kind) || others.includes(kind);
}
