/** Why istiod leaves something out, by the reason that it writes into a condition. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
  /** What the input lacks, for a problem that is none if the cluster has it. */
  readonly missing?: Missing;
  /** The flag of istiod that removes the problem. The input does not tell whether it is set. */
  readonly flag?: string;
}

/** An object that a problem is about. A grant has no name. */
export interface Missing {
  /** A host is that of a Service or a ServiceEntry. */
  readonly kind: 'host' | 'ConfigMap' | 'Namespace' | 'ReferenceGrant' | 'Secret' | 'Service' | 'ServiceEntry';
  /** Empty for a Namespace. */
  readonly namespace: string;
  readonly name: string;
}

export type ProblemReason =
  | 'BackendNotFound' | 'InvalidDestination' | 'InvalidFilter' | 'InvalidKind' | 'RefNotPermitted'
  | 'InvalidCACertificateKind' | 'InvalidCACertificateRef' | 'InvalidCertificateRef' | 'InvalidClientCertificateRef' | 'InvalidRouteKinds'
  | 'UnsupportedProtocol' | 'UnsupportedAddress' | 'AddressNotUsable' | 'InvalidParameters'
  | 'HostnameConflict' | 'ProtocolConflict'
  | 'NoMatchingListenerHostname' | 'NoMatchingParent' | 'NotAllowed' | 'NotAllowedByListeners'
  | 'Conflicted' | 'NoValidCACertificate' | 'TargetNotFound'
  /** istiod writes no condition. */
  | 'Unreported';

export function problem(reason: ProblemReason, message: string, missing?: Missing): Problem {
  return { reason, message, ...missing && { missing } };
}

const RESOLVED_REFS: ReadonlySet<ProblemReason> = new Set<ProblemReason>([
  'BackendNotFound', 'InvalidDestination', 'InvalidFilter', 'InvalidKind', 'RefNotPermitted',
  'InvalidCACertificateKind', 'InvalidCACertificateRef', 'InvalidCertificateRef', 'InvalidClientCertificateRef', 'InvalidRouteKinds',
]);

/** The condition of the status that istiod sets to False for a reason; undefined if it writes none. */
export function conditionOf(reason: ProblemReason): 'Accepted' | 'Programmed' | 'ResolvedRefs' | undefined {
  if (reason === 'Unreported') return undefined;
  if (reason === 'AddressNotUsable') return 'Programmed';
  return RESOLVED_REFS.has(reason) ? 'ResolvedRefs' : 'Accepted';
}
