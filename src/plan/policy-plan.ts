import { fail } from '../traffic/problem';

/** The part of a service that a policy is about. */
export interface PolicyLevel {
  readonly subset?: string;
  readonly port?: number;
}

type Fields = Map<string, { readonly value: unknown; readonly path: string }>;

/** Merged as wholes; a port's entry in Istio holds these four and discards everything above it. */
const OBJECTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

/** The policies of one host by level and field, and the DestinationRule in which each cluster gets what its author stated. */
export class PolicyPlan {
  private readonly levels = new Map<string, Fields>();

  /** Puts fields, each named by its place in a `trafficPolicy`; a field that another construct put there throws. */
  public add(path: string, level: PolicyLevel, fields: { readonly [field: string]: unknown }): void {
    const key = keyOf(level);
    const taken: Fields = this.levels.get(key) ?? new Map();
    for (const field of Object.keys(fields)) {
      const other = taken.get(field);
      if (other) {
        fail(path, `${field}${describe(level)} is already stated by ${other.path}; state it once, or for a subset or port of its own`);
      }
    }
    for (const [field, value] of Object.entries(fields)) taken.set(field, { value, path });
    if (taken.size > 0) this.levels.set(key, taken);
  }

  /** The constructs that stated something, sorted. */
  public get paths(): string[] {
    return [...new Set([...this.levels.values()].flatMap(fields => [...fields.values()].map(f => f.path)))].sort();
  }

  /** The construct that stated an object, or a field of it, which holds at a level. */
  public pathOf(level: PolicyLevel, object: string): string {
    const holding = chainOf(level).reverse().flatMap(each => [...this.levels.get(keyOf(each)) ?? []]);
    return holding.find(([field]) => field.split('.')[0] === object)![1].path;
  }

  public get isEmpty(): boolean {
    return this.levels.size === 0;
  }

  /** Whether anything is stated about an object that is merged as a whole. */
  public states(object: string): boolean {
    return [...this.levels.values()].some(fields => fields.has(object));
  }

  /** The subsets that something is stated for, each with the constructs that did. */
  public get subsets(): { readonly subset: string; readonly paths: readonly string[] }[] {
    return [...this.levels].flatMap(([key, fields]) => {
      const { subset } = parse(key);
      return subset === undefined ? [] : [{ subset, paths: [...new Set([...fields.values()].map(f => f.path))] }];
    });
  }

  /** The ports at which a subset, or the whole service, has something of its own or of the service's. */
  public portsOf(subset: string | undefined): number[] {
    return [...new Set([...this.ports(undefined), ...(subset === undefined ? [] : this.ports(subset))])].sort((a, b) => a - b);
  }

  /** The ports that something is stated for, with this subset or without one. */
  private ports(subset: string | undefined): number[] {
    const ports = [...this.levels.keys()].map(parse).filter(level => level.port !== undefined && level.subset === subset);
    return ports.map(level => level.port!).sort((a, b) => a - b);
  }

  /** Whether anything is stated for this subset alone. */
  private mentions(subset: string): boolean {
    return [...this.levels.keys()].some(key => key.startsWith(`${subset}|`));
  }

  /** What holds for a cluster: the wider level's fields, overridden one by one by the narrower; a subset is narrower than a port, as in Istio. */
  public effective(level: PolicyLevel): { readonly [object: string]: unknown } {
    const values = new Map<string, unknown>();
    for (const each of chainOf(level)) for (const [field, { value }] of this.levels.get(keyOf(each)) ?? []) values.set(field, value);
    return nest(values);
  }

  /** The `trafficPolicy` of the whole host. */
  public trafficPolicy(): object | undefined {
    const portLevelSettings = this.ports(undefined).map(port => ({ port: { number: port }, ...only(this.effective({ port })) }));
    return nonEmpty({ ...this.effective({}), ...(portLevelSettings.length > 0 ? { portLevelSettings } : {}) });
  }

  /**
   * The `trafficPolicy` of a subset. Istio replaces a whole object by the subset's, and everything by a port's entry, so that both
   * write out what they inherit. A tunnel is not inherited at all.
   */
  public subsetPolicy(subset: string): object | undefined {
    const inherited = this.effective({ subset });
    if (!this.mentions(subset)) return inherited.tunnel ? { tunnel: inherited.tunnel } : undefined;
    const own = this.levels.get(keyOf({ subset }));
    const touched = new Set(['tunnel', ...own?.keys() ?? []].map(field => field.split('.')[0]));
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

/** The levels that hold at a level, from the widest. */
function chainOf(level: PolicyLevel): PolicyLevel[] {
  const { subset, port } = level;
  return [
    {},
    ...(port === undefined ? [] : [{ port }]),
    ...(subset === undefined ? [] : [{ subset }]),
    ...(subset === undefined || port === undefined ? [] : [level]),
  ];
}

function keyOf(level: PolicyLevel): string {
  return `${level.subset ?? ''}|${level.port ?? ''}`;
}

function parse(key: string): PolicyLevel {
  const [subset, port] = key.split('|');
  return { subset: subset || undefined, port: port ? Number(port) : undefined };
}

function describe(level: PolicyLevel): string {
  return (level.subset === undefined ? '' : ` of subset '${level.subset}'`) + (level.port === undefined ? '' : ` at port ${level.port}`);
}

function only(policy: { readonly [object: string]: unknown }): object {
  return Object.fromEntries(OBJECTS.filter(object => policy[object] !== undefined).map(object => [object, policy[object]]));
}

function nonEmpty(policy: object): object | undefined {
  return Object.keys(policy).length > 0 ? policy : undefined;
}

/** Fields named by dotted places, as nested objects in the order that people write them. */
function nest(values: ReadonlyMap<string, unknown>): { [object: string]: unknown } {
  const result: { [object: string]: unknown } = {};
  for (const field of [...values.keys()].sort()) {
    const steps = field.split('.');
    let at = result;
    for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as { [object: string]: unknown };
    at[steps[steps.length - 1]] = values.get(field);
  }
  return result;
}
