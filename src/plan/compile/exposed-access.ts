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
    const paths = [...new Set(by.map(({ path }) => path))].sort();
    return [`${exposure.host.host} exposes port ${port} of '${service.name}', and `
      + `${paths.length > 0 ? allowing(paths, exposure.host) : `${denied} denies all callers, so Envoy denies everything that the gateway sends`}; `
      + repair(exposure.host)];
  });
}

function admits({ from, admitsGateways }: AccessRule, { identity }: PublicHostAudience): boolean {
  if (!from || from.principals.includes('*')) return true;
  if (identity === undefined) return admitsGateways === true;
  return from.principals.includes(identity) || from.namespaces.some(namespace => identity.split('/')[2] === namespace);
}

/** Rules that allow callers, and what follows. A service account or a namespace may be that of a gateway without a known identity. */
function allowing(paths: readonly string[], { identity }: PublicHostAudience): string {
  const subject = `${paths.join(', ')} ${paths.length === 1 ? 'allows' : 'allow'}`;
  return identity === undefined
    ? `${subject} no Caller.gateway(), so Envoy denies everything that the gateway sends, unless the gateway is one of the other callers`
    : `${subject} only other callers, so Envoy denies everything that the gateway sends`;
}

function repair({ identity }: PublicHostAudience): string {
  return identity === undefined
    ? 'add Caller.gateway() to the callers of a WorkloadAccess, or set `identity` of the IngressGateway'
    : `add the gateway's identity, ${identity}, to the callers of a WorkloadAccess`;
}
