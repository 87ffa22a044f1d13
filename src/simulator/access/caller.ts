import type { Peer } from './facts';
import { dnsLabelProblem, objectNameProblem } from '../../traffic/name';
import type { Claims } from '../token';

/** A service account of Kubernetes. */
export interface ServiceAccount {
  /** Its name. */
  readonly serviceAccount: string;
  /** Its namespace. @default - the namespace of the caller */
  readonly namespace?: string;
}

/** Who calls, as far as the manifests do not tell. */
export interface CallerFacts {
  /** The service account of the calling pods. @default - that of the pods in the manifests; what depends on another one is undecided */
  readonly as?: ServiceAccount;
  /** Whether the connection to the service is in plaintext, so that the caller has no identity. @default false */
  readonly plaintext?: boolean;
  /** The claims of a token that its issuer signed. @default - none */
  readonly token?: Claims;
  /** What an external authorizer answers. @default - undecided */
  readonly authorizer?: 'allows' | 'denies';
}

/** The identity that a sidecar or a gateway shows to services. */
export function peerOf({ as, plaintext }: CallerFacts, namespace: string, identities: readonly string[], trustDomain: string): Peer {
  if (plaintext) return 'none';
  if (as) return { id: `spiffe://${trustDomain}/ns/${as.namespace ?? namespace}/sa/${as.serviceAccount}` };
  if (identities.length === 1) return { id: identities[0] };
  return { id: `spiffe://${trustDomain}/ns/${namespace}/sa/`, isOpen: true };
}

/** The service account of `NAMESPACE/NAME`; undefined for other strings. */
export function parseServiceAccount(text: string): Required<ServiceAccount> | undefined {
  const [namespace, serviceAccount = '', ...more] = text.split('/');
  const isWrong = more.length > 0 || dnsLabelProblem('', namespace) || objectNameProblem('', serviceAccount);
  return isWrong ? undefined : { namespace, serviceAccount };
}

/** The service account of a SPIFFE ID; undefined for another ID. */
export function parsePrincipal(id: string): Required<ServiceAccount> | undefined {
  const [, namespace, serviceAccount] = /^spiffe:\/\/[^/]*\/ns\/([^/]*)\/sa\/([^/]*)$/.exec(id) ?? [];
  return namespace === undefined ? undefined : { namespace, serviceAccount };
}
