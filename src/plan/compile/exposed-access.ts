import type { AccessModel, AccessRule } from '../model/access';
import type { PublicHostAudience } from '../model/audience';
import type { Exposure } from '../model/exposure';

/** The service whose exposures are checked. */
export interface ExposedService {
  readonly name: string;
  readonly httpPorts: readonly number[];
  /** The exposures of requests and of connections. */
  readonly exposures: readonly Exposure[];
}

/**
 * The errors of public hosts whose gateway no access rule allows. `denied` is the construct that denies all callers of the namespace or the
 * mesh. A gateway without a known identity is allowed only by rules for gateways, for every workload or for everyone.
 */
export function exposedAccessErrors(service: ExposedService, access: AccessModel | undefined, denied: string | undefined): string[] {
  const rules = access?.rules ?? [];
  if (rules.length === 0 && denied === undefined) return [];
  return service.exposures.flatMap(exposure => {
    const port = exposure.port ?? service.httpPorts[0];
    const here = rules.filter(({ ports }) => ports === undefined || ports.includes(port));
    if (here.some(rule => admits(rule, exposure.host))) return [];
    const by = here.length > 0 ? here : rules;
    const paths = by.length > 0 ? [...new Set(by.map(({ path }) => path))].sort() : [denied];
    return [`${exposure.host.host} exposes port ${port} of '${service.name}', and ${paths.join(', ')} `
      + `${by.length > 0 ? 'allow other callers only' : 'denies all callers'}, so Envoy denies everything that the gateway sends; `
      + repair(exposure.host)];
  });
}

function admits({ from, admitsGateways }: AccessRule, { identity }: PublicHostAudience): boolean {
  if (!from || from.principals.includes('*')) return true;
  if (identity === undefined) return admitsGateways === true;
  return from.principals.includes(identity) || from.namespaces.some(namespace => identity.split('/')[2] === namespace);
}

function repair({ identity }: PublicHostAudience): string {
  return identity === undefined
    ? 'add Caller.gateway() to the callers of a WorkloadAccess, or set `identity` of the IngressGateway if it is one of the callers'
    : `add the gateway's identity, ${identity}, to the callers of a WorkloadAccess`;
}
