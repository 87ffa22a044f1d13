import { modeOf } from './access-checks';
import { EffectivePolicies } from './policies';
import { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessModel } from '../model/access';
import type { PolicyLevel } from '../model/policy';
import { levelSuffix } from '../model/policy';
import type { ServiceModel } from '../model/service-model';

const TLS = ['tls'] as const;
/** The modes without a client certificate. */
const REFUSED: ReadonlySet<string | undefined> = new Set(['DISABLE', 'SIMPLE']);

interface Policy {
  readonly tls?: { readonly mode?: string };
}

/** The errors of callers that send no client certificate to pods that require mutual TLS. */
export function clientTlsErrors({ facts, policies: levels, subsets }: ServiceModel, access: AccessModel): readonly string[] {
  if (![...access.modes.values()].some(({ value }) => value === MutualTlsMode.STRICT)) return [];
  const policies = new EffectivePolicies(levels);
  if (!policies.mentionsAny(TLS)) return [];
  return facts.ports.flatMap(({ number: port }) => {
    const strict = modeOf(access, port);
    if (strict?.value !== MutualTlsMode.STRICT) return [];
    const modeAt = (level: PolicyLevel) => (policies.effective(level) as Policy).tls?.mode;
    const refused = [undefined, ...subsets.keys()].map((subset): PolicyLevel => ({ ...subset !== undefined && { subset }, port }))
      .find(level => REFUSED.has(modeAt(level)));
    if (!refused) return [];
    return [`${policies.pathOf(refused, 'tls')}: callers use TLS mode ${modeAt(refused)}${levelSuffix(refused)}, without a client certificate of `
      + `the mesh, and ${strict.path} sets mode STRICT there, so the pods refuse their connections; omit the ClientTls, or use PERMISSIVE`];
  });
}
