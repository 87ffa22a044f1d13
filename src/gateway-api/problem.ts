/** Why istiod leaves something out, by the reason that it writes into a condition. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
}

export type ProblemReason =
  | 'BackendNotFound' | 'InvalidDestination' | 'InvalidFilter' | 'InvalidKind' | 'RefNotPermitted'
  | 'InvalidCACertificateKind' | 'InvalidCACertificateRef' | 'InvalidCertificateRef' | 'UnsupportedProtocol' | 'UnsupportedAddress'
  | 'HostnameConflict' | 'ProtocolConflict'
  | 'NoMatchingListenerHostname' | 'NoMatchingParent' | 'NotAllowed' | 'NotAllowedByListeners'
  | 'Conflicted' | 'NoValidCACertificate' | 'TargetNotFound';

export function problem(reason: ProblemReason, message: string): Problem {
  return { reason, message };
}
