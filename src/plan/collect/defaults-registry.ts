import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { noteCallSite } from './call-sites';
import type { ServicePlan } from './service-plan';
import type { LogsDefault } from './telemetry-plan';
import { TelemetryPlan } from './telemetry-plan';
import { DefaultPart } from '../../traffic/default-part';
import type { ServiceDefaults } from '../model/defaults';
import { defaultsKey, defaultsScopeName, fieldsOf, nearness, partOf } from '../model/defaults';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';
import { defaultLine } from '../render/summary';

/** A service that takes defaults. */
export interface DefaultedService {
  readonly owner: Construct;
  readonly plan: ServicePlan;
  /** The labels of its pods, if they are known. */
  readonly selector?: { readonly [key: string]: string };
}

/** Brings the defaults of an App and its services together, in whichever order a program creates them. */
export class DefaultsRegistry {
  public static of(at: IConstruct): DefaultsRegistry {
    const state = AppState.of(at);
    return state.one('defaults', () => new DefaultsRegistry(state));
  }

  /** The namespaces of the services of the App. */
  public readonly namespaces = new Set<string>();
  private readonly services: DefaultedService[] = [];
  private readonly defaults: ServiceDefaults[] = [];
  /** Those that apply to a service. */
  private readonly applied = new Set<ServiceDefaults>();
  /** The path that sets or removes each field, by scope and field. */
  private readonly taken = new Map<string, string>();

  private readonly logs = new Map<string, TelemetryPlan>();

  private constructor(private readonly state: AppState) {}

  public addService(service: DefaultedService): void {
    this.services.push(service);
    this.namespaces.add(service.plan.facts.namespace);
    for (const defaults of this.defaults) if (appliesTo(defaults, service)) this.apply(defaults, service);
  }

  /** The defaults of the access logs of pods, and what replaces them, in words. */
  public logsSummary(namespace: string, selector: DefaultedService['selector']): readonly string[] {
    const scopes: Scope[] = [{ kind: 'workload', namespace, labels: selector }, { kind: 'namespace', namespace }];
    const near = scopes.map(scopeKey);
    const plans = [...this.logs].filter(([key, { scope }]) => scope.kind === 'mesh' || near.includes(key)).sort().map(([, plan]) => plan);
    const lines = plans.flatMap(({ defaults }) => defaults.map(defaultLine));
    return lines.length === 0 ? [] : ['  default access logs:', ...lines];
  }

  /** Adds a default of access logs. `by` holds the Telemetry, if nothing holds it. */
  public addLogs(by: Construct, id: string, scope: Scope, logs: LogsDefault): void {
    const plan = TelemetryPlan.of(by, scope);
    plan.addLogs(by, id, logs);
    this.logs.set(scopeKey(scope), plan);
  }

  /** Adds defaults. Throws if other defaults of the same scope set or remove one of the fields. */
  public add(at: Construct, defaults: ServiceDefaults): void {
    if (this.state.recordsCallSites) noteCallSite(at);
    const fields = [...fieldsOf(defaults), ...defaults.logs ? [DefaultPart.ACCESS_LOGGING] : [], ...defaults.without];
    const scope = defaultsKey(defaults.scope);
    for (const field of fields) {
      const other = this.taken.get(`${scope} ${field}`) ?? this.taken.get(`${scope} ${partOf(field)}`);
      if (other !== undefined) refuseSecond(this.state, defaults, field, other);
    }
    for (const part of defaults.without) {
      const other = [...this.taken].find(([key]) => key.startsWith(`${scope} ${part}.`))?.[1];
      if (other !== undefined) refuseSecond(this.state, defaults, part, other);
    }
    for (const field of fields) this.taken.set(`${scope} ${field}`, defaults.path);
    this.defaults.push(defaults);
    if (fields.some(field => field !== DefaultPart.ACCESS_LOGGING || defaults.scope.kind === 'tree')) {
      at.node.addValidation({ validate: () => (this.applied.has(defaults) ? [] : [idle(defaults)]) });
    }
    if (defaults.scope.kind === 'tree' && defaults.without.includes(DefaultPart.ACCESS_LOGGING)) {
      at.node.addValidation({
        validate: () => this.services.flatMap(service => (appliesTo(defaults, service) ? this.inheritedLogs(defaults, service) : [])),
      });
    }
    for (const service of this.services) if (appliesTo(defaults, service)) this.apply(defaults, service);
  }

  /** The error of defaults that remove the logs of a namespace or the mesh. In Istio, pods inherit these, unless their own disable logs. */
  private inheritedLogs({ path }: ServiceDefaults, { owner, plan, selector }: DefaultedService): readonly string[] {
    const { name, namespace } = plan.facts;
    const near: Scope[] = [...selector ? [{ kind: 'workload', namespace, labels: selector } as const] : [], { kind: 'namespace', namespace }];
    const plans = [...near.map(scope => TelemetryPlan.of(owner, scope)), ...[...this.logs.values()].filter(({ scope }) => scope.kind === 'mesh')];
    const nearest = plans.find(({ logging }) => logging !== undefined);
    if (nearest === undefined || nearest.scope.kind === 'workload' || !nearest.logging!.isDefault) return [];
    return [`${path}: without contains accessLogging, but the pods of '${name}' inherit the logs that ${nearest.logging!.path} sets for `
      + `${scopeName(nearest.scope)}; use accessLogging: { disabled: true }`];
  }

  private apply(defaults: ServiceDefaults, service: DefaultedService): void {
    this.applied.add(defaults);
    service.plan.addDefaults(defaults);
    if (defaults.scope.kind === 'tree') this.applyLogs(defaults, service);
  }

  /** The logs of a tree apply to the pods of each service. Those of a namespace or the mesh are inherited in Istio. */
  private applyLogs({ path, scope, logs, without }: ServiceDefaults, { owner, plan, selector }: DefaultedService): void {
    if (!logs && (selector === undefined || !without.includes(DefaultPart.ACCESS_LOGGING))) return;
    const { name, namespace } = plan.facts;
    const labels = selector ?? this.state.fail(path, `accessLogging applies to the pods of each service, and those of '${name}' (${owner.node.path}) are `
      + 'unknown; set `selector` of the service, create it with MeshService.fromService(), or set `scope` here');
    this.addLogs(
      plan.places.ofTelemetry(),
      name,
      { kind: 'workload', namespace, labels },
      { path, nearness: nearness(scope), value: logs },
    );
  }
}

function refuseSecond(state: AppState, { path, scope }: ServiceDefaults, field: string, other: string): never {
  state.fail(path, `the default of ${field} for ${defaultsScopeName(scope)} is already set or removed by ${other}; `
    + 'set it once, or for a nearer scope');
}

/** The error of defaults that no service takes. */
function idle({ path, scope }: ServiceDefaults): string {
  const where = scope.kind === 'tree' ? `no MeshService is at or below ${scope.path === '' ? 'the App' : scope.path}`
    : scope.kind === 'mesh' ? 'the App has no MeshService' : `the App has no MeshService in namespace '${scope.namespace}'`;
  return `${path}: the defaults apply to nothing, because ${where}; omit them, or set another \`scope\``;
}

function appliesTo({ scope }: ServiceDefaults, { owner, plan }: DefaultedService): boolean {
  if (scope.kind === 'mesh') return true;
  if (scope.kind === 'namespace') return plan.facts.namespace === scope.namespace;
  const { path } = owner.node;
  return scope.path === '' || path === scope.path || path.startsWith(`${scope.path}/`);
}
