import type { Labels } from '../manifest/labels';

/** Which answers change with something that is not read. */
export interface Reach {
  /** Whose proxies it changes: those that send a request, or those that take it. A gateway does both. */
  readonly side: 'sending' | 'taking';
  /** The namespace of the pods. @default every namespace */
  readonly namespace?: string;
  /** The labels of the pods. @default every pod */
  readonly selector?: Labels;
  /** Pods with one of these labels are left out. @default none */
  readonly except?: Labels;
  /** The kind of proxy. @default both */
  readonly proxies?: 'sidecar' | 'gateway';
  /** The hosts, which may be wildcards: those that are asked for, or on the taking side those of the services. @default every host */
  readonly hosts?: readonly string[];
  /** Only requests to this port of the hosts. @default every port */
  readonly port?: number;
  /** Only requests that are not sent by automatic mutual TLS, which suits every endpoint. */
  readonly withoutAutomaticTls?: true;
  /** Whether a waypoint that is asked itself reads it. */
  readonly isReadByWaypoint?: true;
  /** Whether the pods certainly have no sidecar that would read what istiod sends. */
  readonly lacksSidecar?: true;
  /** Whether the answer is void: nothing of it is known to hold. */
  readonly decides?: true;
  /** Whether it may answer requests that nothing else answers, so that their refusal is not known to hold. */
  readonly answersOthers?: true;
}

/** Every answer. */
export const EVERYTHING: readonly Reach[] = [{ side: 'sending' }, { side: 'taking' }];
