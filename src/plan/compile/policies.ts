import type { CompiledPolicies } from '../model/compiled-service';
import type { LevelPolicy, Policies, PolicyFields, PolicyLevel } from '../model/policy';
import { levelKey } from '../model/policy';
import type { SubsetModel } from '../model/service-model';

/** The objects of a port's settings in Istio, which discard everything of the wider level. They are merged as a whole. */
const OBJECTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

const TUNNEL = ['tunnel'] as const;

/** The policies of one host by level and field, and the DestinationRule in which each cluster gets what its author set. */
export class EffectivePolicies {
  private readonly stated: readonly LevelPolicy[];
  private readonly objects: { [object: string]: true } = {};

  constructor(private readonly levels: Policies) {
    this.stated = [...levels.values()];
    this.stated.forEach(({ statements }) => statements.forEach(({ fields }) =>
      Object.keys(fields).forEach(field => this.objects[objectOf(field)] = true)));
  }

  /** The paths of the constructs with a policy, sorted. */
  public get paths(): string[] {
    return [...new Set(this.stated.flatMap(pathsOf))].sort();
  }

  /** Whether there is more than one statement, so one may depend on another. */
  public get isComposed(): boolean {
    return this.levels.size > 1 || this.stated.some(({ statements }) => statements.length > 1);
  }

  public get isEmpty(): boolean {
    return this.levels.size === 0;
  }

  /** Whether any level has one of these objects. */
  public mentionsAny(objects: readonly string[]): boolean {
    return objects.some(object => object in this.objects);
  }

  /** The subsets with a policy, each with the paths of the constructs. */
  public get subsets(): { readonly subset: string; readonly paths: readonly string[] }[] {
    return this.stated.flatMap(stated =>
      (stated.level.subset === undefined ? [] : [{ subset: stated.level.subset, paths: pathsOf(stated) }]));
  }

  /** The construct that set an object, a field of it, or the named field, which applies at a level. */
  public pathOf(level: PolicyLevel, object: string): string {
    const holding = chainOf(level).reverse().flatMap(each => this.levels.get(levelKey(each))?.statements ?? []);
    return holding.find(({ fields }) => Object.keys(fields).some(field => field === object || objectOf(field) === object))!.path;
  }

  /** The constructs with a policy for the port of a level. */
  public pathsOfPort(level: PolicyLevel): string[] {
    const ofPort = chainOf(level).filter(({ port }) => port !== undefined).flatMap(each => this.levels.get(levelKey(each)) ?? []);
    return [...new Set(ofPort.flatMap(pathsOf))].sort();
  }

  /** Every level at which the policy of a cluster may differ, for a host with these subsets and ports. */
  public clusters(subsets: readonly string[], ports: readonly number[]): PolicyLevel[] {
    const own = this.ports(undefined);
    return [undefined, ...subsets].flatMap((subset): PolicyLevel[] => {
      const stated = [...new Set([...own, ...this.ports(subset)])];
      const levels = stated.map(port => ({ ...(subset === undefined ? {} : { subset }), port }));
      return ports.every(port => stated.includes(port)) ? levels : [subset === undefined ? {} : { subset }, ...levels];
    });
  }

  /** The ports with a policy, with this subset or without one. */
  private ports(subset: string | undefined): number[] {
    const ports = this.stated.flatMap(({ level }) => (level.port !== undefined && level.subset === subset ? [level.port] : []));
    return ports.sort((a, b) => a - b);
  }

  /** Whether this subset has its own policy. */
  private mentions(subset: string): boolean {
    return this.stated.some(({ level }) => level.subset === subset);
  }

  /**
   * The policy of a cluster: the fields of the wider level, each overridden by the narrower one. A subset is narrower than a port, as in
   * Istio.
   */
  public effective(level: PolicyLevel): { readonly [object: string]: unknown } {
    const values: { [field: string]: unknown } = {};
    for (const each of chainOf(level)) {
      for (const { fields } of this.levels.get(levelKey(each))?.statements ?? []) Object.assign(values, fields);
    }
    return nest(values);
  }

  /** The policies in the DestinationRule, with subsets by name. */
  public compiled(subsets: ReadonlyMap<string, SubsetModel>): CompiledPolicies {
    return {
      trafficPolicy: this.trafficPolicy(),
      subsets: [...subsets.keys()].sort().map(name => {
        const { labels, retired } = subsets.get(name)!;
        return { name, labels, isRetired: retired, trafficPolicy: this.subsetPolicy(name) };
      }),
      paths: this.paths,
    };
  }

  /** The `trafficPolicy` of the whole host. */
  private trafficPolicy(): object | undefined {
    if (this.isEmpty) return undefined;
    const whole = this.effective({});
    const ports = this.ports(undefined);
    if (ports.length === 0) return nonEmpty(whole);
    return { ...whole, portLevelSettings: ports.map(port => ({ port: { number: port }, ...only(this.effective({ port })) })) };
  }

  /**
   * The `trafficPolicy` of a subset. In Istio, a subset replaces whole objects, and the settings of a port replace everything, so both
   * repeat what they inherit. A tunnel is not inherited.
   */
  private subsetPolicy(subset: string): object | undefined {
    if (!this.mentions(subset)) return this.mentionsAny(TUNNEL) ? tunnelOf(this.effective({ subset })) : undefined;
    const inherited = this.effective({ subset });
    const own = this.levels.get(levelKey({ subset }))?.statements;
    const touched = new Set(['tunnel', ...own?.flatMap(({ fields }) => Object.keys(fields)) ?? []].map(objectOf));
    const ports = new Set(this.ports(subset));
    if (own) this.ports(undefined).forEach(port => ports.add(port));
    const portLevelSettings = [...ports].sort((a, b) => a - b)
      .map(port => ({ port: { number: port }, ...only(this.effective({ subset, port })) }));
    return nonEmpty({
      ...Object.fromEntries(Object.entries(inherited).filter(([object]) => touched.has(object))),
      ...(portLevelSettings.length > 0 ? { portLevelSettings } : {}),
    });
  }
}

/** The levels that apply at a level, the widest first. */
function chainOf(level: PolicyLevel): PolicyLevel[] {
  const { subset, port } = level;
  const chain: PolicyLevel[] = [{}];
  if (port !== undefined) chain.push({ port });
  if (subset !== undefined) chain.push({ subset });
  if (subset !== undefined && port !== undefined) chain.push(level);
  return chain;
}

function pathsOf({ statements }: LevelPolicy): string[] {
  return [...new Set(statements.map(({ path }) => path))];
}

/** The places that were used, split into steps. They are few, and the same for every service. */
const STEPS = new Map<string, readonly string[]>();

function stepsOf(field: string): readonly string[] {
  let steps = STEPS.get(field);
  if (!steps) STEPS.set(field, steps = field.split('.'));
  return steps;
}

function objectOf(field: string): string {
  return stepsOf(field)[0];
}

function only(policy: { readonly [object: string]: unknown }): object {
  return Object.fromEntries(OBJECTS.filter(object => policy[object] !== undefined).map(object => [object, policy[object]]));
}

function nonEmpty(policy: object): object | undefined {
  return Object.keys(policy).length > 0 ? policy : undefined;
}

function tunnelOf({ tunnel }: { readonly [object: string]: unknown }): object | undefined {
  return tunnel ? { tunnel } : undefined;
}

/** Fields by dotted place as nested objects, in the usual order. */
function nest(values: PolicyFields): { [object: string]: unknown } {
  const result: { [object: string]: unknown } = {};
  for (const field of Object.keys(values).sort()) {
    const steps = stepsOf(field);
    let at = result;
    for (let i = 0; i < steps.length - 1; i++) at = (at[steps[i]] ??= {}) as { [object: string]: unknown };
    at[steps[steps.length - 1]] = values[field];
  }
  return result;
}
