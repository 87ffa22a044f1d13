import type { ServiceEntry } from './entry-ports';
import { judgementsOf } from './judgements';
import { schemaVerdictOf } from './schema-verdict';
import { unverifiedLookups } from './unverified-lookups';
import type { VirtualService } from './virtual-services';
import type { DestinationRule } from './visibility';
import type { Breach } from '../../envoy/refusals/breach';
import { tagBreaches } from '../../envoy/refusals/listener-breaches';
import { fieldOf, POLICY_ORIGINS, ROUTE_ORIGINS } from '../../envoy/refusals/manifest-field';
import type { Lost } from '../../envoy/refusals/policy-breaches';
import { policyBreaches } from '../../envoy/refusals/policy-breaches';
import { routeBreaches } from '../../envoy/refusals/route-breaches';
import { statedRoutes } from '../../envoy/refusals/stated-routes';
import { TakenParts } from '../../envoy/refusals/taken-parts';
import { customTag } from '../../envoy/telemetry/custom-tag';
import { refusedByProvider } from '../../envoy/telemetry/log-format';
import type { ManifestOf } from '../../manifest/manifest';
import type { FieldPath } from '../../manifest/provenance';
import { pathText } from '../../manifest/provenance';
import { celRuntimeObjection } from '../../traffic/cel-runtime';
import { LOOKUP_REQUIREMENT } from '../../traffic/per-request-lookup';
import type { TrafficIndex } from '../traffic-index';

type Telemetry = ManifestOf<'Telemetry'>;
type Judged = VirtualService | DestinationRule | Telemetry | ServiceEntry;

/** A value of a manifest that Istio accepts and Envoy refuses. */
export interface EnvoyRefusal {
  readonly path: string;
  readonly breach: Breach;
  readonly lost: Lost;
  /** The object with the value; default: the one that was asked for. */
  readonly at?: DestinationRule;
}

/** The values of an object that Istio accepts and Envoy refuses, one for each field. */
export function envoyRefusalsOf(object: Judged, index: TrafficIndex): readonly EnvoyRefusal[] {
  return index.memoOf(object, findRefusals);
}

const NONE: readonly EnvoyRefusal[] = [];
const takenParts = () => new TakenParts();

function isTaken(object: Judged, index: TrafficIndex): boolean {
  if (object.kind === 'VirtualService') return index.memo(takenParts).takesRoutes(object);
  return object.kind === 'DestinationRule' && index.memo(takenParts).takesPolicy(object);
}

function findRefusals(object: Judged, index: TrafficIndex): readonly EnvoyRefusal[] {
  if (isRefusedBefore(object, index) || isTaken(object, index)) return NONE;
  if (object.kind === 'ServiceEntry') return lookupRefusals(object, index);
  const byPath = new Map<string, EnvoyRefusal>();
  const add = (place: FieldPath, breach: Breach, lost: Lost) => {
    // A breach that comes from no field is not this object's.
    if (place.length === 0) return;
    const path = pathText(['spec', ...place]);
    if (!byPath.has(path)) byPath.set(path, { path, breach, lost });
  };
  if (object.kind === 'VirtualService') ofRoutes(object, add);
  else if (object.kind === 'DestinationRule') ofPolicy(object, add);
  else ofTelemetry(object, index, add);
  return [...byPath.values()];
}

/** Whether the API server or istiod refuses an object, so that Envoy never gets it. */
function isRefusedBefore(object: Judged, index: TrafficIndex): boolean {
  const { problems } = schemaVerdictOf(index.sourceOf(object), index);
  return problems.length > 0 || judgementsOf(object, index).some(({ severity }) => severity === 'error');
}

/** The values for which Envoy refuses clusters of a ServiceEntry with resolution DYNAMIC_DNS. */
function lookupRefusals(entry: ServiceEntry, index: TrafficIndex): EnvoyRefusal[] {
  return unverifiedLookups(entry, index).map(({ path, object, isOfMesh, callers }): EnvoyRefusal => ({
    path,
    lost: 'cluster',
    ...object && { at: object },
    breach: {
      path: [],
      value: undefined,
      limit: `${isOfMesh ? 'is DYNAMIC_DNS, and the MeshConfig ' : ''}${LOOKUP_REQUIREMENT}${callers === undefined ? '' : ` (${callers})`}`,
      repair: 'originate TLS in the DestinationRule of the host, or remove what gives the cluster HTTP options',
    },
  }));
}

type Add = (place: FieldPath, breach: Breach, lost: Lost) => void;

function ofRoutes(object: VirtualService, add: Add): void {
  for (const { route, rule, match } of statedRoutes(object)) {
    for (const breach of routeBreaches(route)) {
      const { match: matches, ...spec } = object.spec!.http![rule];
      const found = fieldOf(breach, match === undefined ? spec : { ...spec, match: matches![match] }, ROUTE_ORIGINS);
      if (found.length === 0) continue;
      const place = found[0] === 'match' && match !== undefined ? ['match', match, ...found.slice(1)] : found;
      add(['http', rule, ...place], breach, 'route configuration');
    }
  }
}

function ofPolicy(object: DestinationRule, add: Add): void {
  for (const { breach, lost } of policyBreaches(object)) add(fieldOf(breach, object.spec!, POLICY_ORIGINS), breach, lost);
}

/** The fields of a stated tag that the fields of Envoy's tag with other names are made from. */
const TAG_FIELDS: { readonly [field: string]: FieldPath } = { requestHeader: ['header'], value: ['formatter', 'value'], tag: [] };

function ofTelemetry(object: Telemetry, index: TrafficIndex, add: Add): void {
  object.spec?.accessLogging?.forEach(({ filter, disabled, providers = [] }, i) => {
    // istiod sends the filters of enabled entries that name their providers.
    if (disabled === true || providers.length === 0) return;
    providers.forEach(({ name }, p) => {
      const provider = index.meshConfig.extensionProviders.find(each => each.name === name);
      const refused = provider && refusedByProvider(provider);
      if (!refused) return;
      const { place, objection: [limit, repair] } = refused;
      const breach = { path: [], value: name, limit: `is a provider whose ${place} ${limit}`, repair };
      add(['accessLogging', i, 'providers', p, 'name'], breach, 'listener');
    });
    const objection = celRuntimeObjection(filter?.expression ?? 'true');
    if (!objection) return;
    const [limit, repair] = objection;
    add(['accessLogging', i, 'filter', 'expression'], { path: [], value: filter?.expression, limit, repair }, 'listener');
  });
  object.spec?.tracing?.forEach(({ customTags = {}, disableSpanReporting }, i) => {
    if (disableSpanReporting === true) return;
    for (const [tag, stated] of Object.entries(customTags)) {
      for (const breach of tagBreaches(customTag(tag, stated))) {
        const [source, ...field] = breach.path;
        add(['tracing', i, 'customTags', tag, ...source === undefined ? [] : TAG_FIELDS[source] ?? [source], ...field], breach, 'listener');
      }
    }
  });
}
