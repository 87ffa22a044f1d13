/** Kinds of Kubernetes, and of the APIs that a mesh uses, which live in no namespace. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding', 'ClusterTrustBundle', 'CustomResourceDefinition', 'DeviceClass',
  'FlowSchema', 'GatewayClass', 'IPAddress', 'IngressClass', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'MutatingWebhookConfiguration', 'Namespace', 'Node',
  'PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'ServiceCIDR', 'StorageClass', 'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration', 'VolumeAttachment', 'VolumeAttributesClass',
]);

/** Whether objects of a kind live in no namespace; `others` are kinds of custom resources. */
export function isClusterScoped(kind: string, others: readonly string[]): boolean {
  return CLUSTER_SCOPED.has(kind) || others.includes(kind);
}
