import type { Construct } from 'constructs';
import type { IOwnedService } from './traffic-target';
import type { AccessPlan } from '../plan/collect/access-plan';
import { fail } from '../traffic/problem';

/** A service whose pods have a proxy that enforces access. */
interface ProtectedService {
  _access?(by: Construct): AccessPlan;
}

/** The access of a service's pods. */
export function accessOf(by: Construct, service: IOwnedService): AccessPlan {
  return (service as ProtectedService)._access?.(by) ?? fail(by, `'${service.host}' has no proxy that could enforce access; `
    + 'use a MeshService or an EgressGateway');
}
