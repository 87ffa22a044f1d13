import type { IConstruct } from 'constructs';
import type { HostPlan } from '../plan/collect/host-plan';
import { fail } from '../traffic/problem';

/**
 * A public host, or a delegated path of one: a `PublicHost`, a `Delegation` or a `DelegatedHost`.
 */
export interface IPublicHost {
  /** The host name. */
  readonly hostName: string;
}

/** The plan of a public host. */
export function hostPlanOf(at: IConstruct | string, host: IPublicHost): HostPlan {
  return (host as { readonly _plan?: HostPlan })._plan
    ?? fail(at, `the public host '${host.hostName}' is not a public host of this library; `
      + 'use a PublicHost, a Delegation or a DelegatedHost');
}
