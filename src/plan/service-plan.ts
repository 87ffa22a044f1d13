import type { Construct, IConstruct } from 'constructs';
import { noteCallSite } from './call-sites';
import type { ConnectionEntry } from './connection-plan';
import { ConnectionPlan } from './connection-plan';
import { DefaultRoute } from './default-route';
import { Environment } from './environment';
import type { Exposure } from './host-plan';
import type { Judgement } from './judgement';
import { judgementOf } from './judgement';
import type { PolicyLevel } from './policy-plan';
import { PolicyPlan } from './policy-plan';
import type { Product } from './product';
import { unknownSubset } from './service-checks';
import type { ServiceFacts } from './service-facts';
import { ServiceSlots } from './service-slots';
import type { Audience, CohortStatement, ConnectionRoute, Decoration, RouteStatement, SplitStatement, Statement, Target } from './statements';
import { concerns, share } from './statements';
import { fail, refuse } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';

/** A named part of the endpoints. */
export interface Subset {
  readonly path: string;
  readonly labels: { readonly [key: string]: string };
  readonly replicas?: number;
  retired: boolean;
}

/** What a construct carries that takes statements, or the reason why it takes none; a property, since weak maps cost time. */
interface Planned {
  readonly _plan?: ServicePlan | string;
}

/**
 * All that is stated about one host, by however many constructs, and what it comes to. Statements on one slot throw at once; what depends on
 * statements still to come is judged once, when the tree is validated or something is rendered.
 */
export class ServicePlan {
  /** The plan of a construct that owns one. */
  public static of(service: object, statement: IConstruct): ServicePlan {
    // Programs in JavaScript, and props that are made of data, may lack it.
    const plan = (service as Planned | undefined ?? fail(statement, 'service is missing; state the MeshService or ExternalDependency that it is about'))._plan;
    if (plan instanceof ServicePlan) {
      if (plan.environment.recordsCallSites) noteCallSite(statement);
      return plan;
    }
    return fail(statement, plan ?? 'the service comes from MeshService.fromName(), which serves as a target only; '
      + 'state policies where the service is described by `new MeshService()` or MeshService.fromService()');
  }

  public readonly policies = new PolicyPlan();
  private readonly environment: Environment;
  /** The places of its objects. */
  public readonly slots: ServiceSlots;
  public readonly exposures: Exposure[] = [];
  public readonly httpPorts: readonly number[];
  /** What is stated about its TCP and TLS ports, where it has some. */
  public readonly connections?: ConnectionPlan;
  /** The route `/` that every audience ends in. */
  public readonly defaultRoute: RouteStatement;

  /** What was stated, in the order of the statements, which nothing may depend on. */
  public readonly routes: RouteStatement[] = [];
  public readonly cohorts: CohortStatement[] = [];
  public readonly splits: SplitStatement[] = [];
  public readonly decorations: Decoration[] = [];

  private readonly _subsets = new Map<string, Subset>();
  private ownPath?: string;
  private named = false;
  private version = 0;
  private judged?: { readonly version: number; readonly judgement: Judgement };

  constructor(public readonly owner: Construct, public readonly facts: ServiceFacts) {
    this.environment = Environment.of(owner);
    this.slots = new ServiceSlots(owner, this);
    this.httpPorts = facts.ports.filter(port => port.isHttp).map(port => port.number);
    if (this.httpPorts.length < facts.ports.length) this.connections = ConnectionPlan.of(this);
    this.defaultRoute = new DefaultRoute(this);
  }

  /** Whether a statement about requests names its audiences. */
  public get namesAudiences(): boolean {
    return this.named;
  }

  /** All statements about requests. */
  public get all(): readonly Statement[] {
    return [...this.routes, ...this.cohorts, ...this.splits, ...this.decorations];
  }

  public get subsets(): ReadonlyMap<string, Subset> {
    return this._subsets;
  }

  /** Grows with every statement, so that whoever renders knows whether what was judged still holds. */
  public get revision(): number {
    return this.version;
  }

  /** The path of the owner. */
  public get path(): string {
    return this.ownPath ??= this.owner.node.path;
  }

  /** The path of a statement. Most stand below the owner, so that the way up the tree, which costs time, need not be gone again. */
  public pathOf({ node }: IConstruct): string {
    return node.scope === this.owner ? `${this.path}/${node.id}` : node.path;
  }

  public target(subset?: string): Target {
    return { host: this.facts.host, subset, ports: this.httpPorts };
  }

  public addSubset(path: string, name: string, subset: Omit<Subset, 'path' | 'retired'>): void {
    const other = this._subsets.get(name);
    if (other) fail(path, `the subset '${name}' is already there, with labels ${JSON.stringify(other.labels)}; give this one another name`);
    this._subsets.set(name, { path, labels: subset.labels, replicas: subset.replicas, retired: false });
    this.changed();
    this.slots.destinationRule();
  }

  public retireSubset(path: string, name: string): void {
    const subset = this._subsets.get(name) ?? fail(path, unknownSubset(this, name));
    subset.retired = true;
    this.changed();
  }

  public addRoute(route: RouteStatement): void {
    const other = this.routes.find(r => r.id === route.id);
    if (other) fail(route.path, `the route name '${route.id}' is already taken by ${other.path}; state another \`name\``);
    this.routes.push(route);
    this.stated(route);
  }

  public addCohort(cohort: CohortStatement): void {
    const other = this.cohorts.find(c => c.id === cohort.id);
    if (other) fail(cohort.path, `the cohort name '${cohort.id}' is already taken by ${other.path}; state another \`name\``);
    this.cohorts.push(cohort);
    this.stated(cohort);
  }

  public addSplit(split: SplitStatement): void {
    const what = split.kind === 'default' ? 'default subset' : 'canary';
    const other = this.splits.find(s => s.kind === split.kind && s.route === split.route && share(s, split));
    if (other) {
      const of = split.route ? `route ${split.route.path}` : `service '${this.facts.host}'`;
      fail(split.path, `the ${what} of ${of} is already stated by ${other.path}; keep one, or give them different audiences`);
    }
    if (split.kind === 'default') this.allExposures.forEach(exposure => this.refuseTwoDefaults(split.path, exposure, split, 'exposeVia()', exposure.subset));
    if (split.route?.answer) {
      fail(split.path, `the route ${split.route.path} is answered by Envoy itself, so that no version serves it; leave out the canary`);
    }
    if (split.route?.targets) {
      fail(split.path, `the route ${split.route.path} states its target already, which is its split; leave out the target, or the canary`);
    }
    this.splits.push(split);
    this.stated(split);
  }

  public addConnectionRoute(route: ConnectionRoute): void {
    refuse(route.path, this.facts.unroutable);
    this.connections!.routes.push(route);
    this.changed();
    if (this.connections!.presentTerms(route, 'mesh').length > 0) this.slots.virtualService();
  }

  public addDecoration(decoration: Decoration): void {
    if (decoration.route?.answer) {
      fail(decoration.path, `the route ${decoration.route.path} is answered by Envoy itself, where ${decoration.slot} has no effect; `
        + 'leave it out, or name another route');
    }
    // Which of two with conditions wins depends on the conditions, and is judged with the whole.
    const other = decoration.condition ? undefined : this.decorations.find(d =>
      !d.condition && d.slot === decoration.slot && d.route === decoration.route && d.cohort === decoration.cohort && share(d, decoration));
    if (other) {
      fail(decoration.path, `${decoration.slot} of these requests is already stated by ${other.path}; `
        + 'keep one of them, or limit them to different routes, cohorts or audiences');
    }
    this.decorations.push(decoration);
    this.stated(decoration);
  }

  /** The ports that a level is about. */
  public portsOf(level: PolicyLevel): readonly ServicePort[] {
    return this.facts.ports.filter(port => level.port === undefined || port.number === level.port);
  }

  public addPolicy(path: string, level: PolicyLevel, fields: { readonly [field: string]: unknown }): void {
    if (level.port !== undefined && !this.facts.ports.some(port => port.number === level.port)) {
      const known = this.facts.ports.map(port => port.number).join(', ');
      fail(path, `port ${level.port} is not a port of '${this.facts.host}'; use one of ${known}`);
    }
    this.policies.add(path, level, fields);
    this.changed();
    this.slots.destinationRule();
  }

  public addExposure(exposure: Exposure): void {
    for (const split of this.splits) this.refuseTwoDefaults(exposure.path, exposure, split, 'routeDefaultTo()', split.shares[0].target.subset);
    if (exposure.listener === undefined) this.exposures.push(exposure);
    else this.connections!.exposures.push(exposure);
    this.changed();
  }

  /** The exposures of its requests and of its connections. */
  public get allExposures(): readonly Exposure[] {
    return this.connections ? [...this.exposures, ...this.connections.exposures] : this.exposures;
  }

  /** An exposure's subset is the default of its host, so that nobody else may state one for that host by name. */
  private refuseTwoDefaults(path: string, exposure: Exposure, split: SplitStatement, by: string, subset: string | undefined): void {
    if (split.kind !== 'default' || exposure.subset === undefined || !split.audiences?.includes(exposure.host)) return;
    fail(path, `the default subset of service '${this.facts.host}' for ${exposure.host.host} is already stated by ${by}, as '${subset}'; leave one of them out`);
  }

  /** Whether a route or cohort is one of this service. */
  public knows(statement: RouteStatement | CohortStatement): boolean {
    return statement === this.defaultRoute || this.routes.some(route => route === statement) || this.cohorts.some(cohort => cohort === statement);
  }

  private stated(statement: Statement): void {
    refuse(statement.path, this.facts.unroutable);
    if (statement.audiences) this.named = true;
    this.changed();
    if (concerns(statement, 'mesh')) this.slots.virtualService();
  }

  private changed(): void {
    this.version++;
  }

  /** Whether anybody stated something about the requests of an audience. */
  public addresses(audience: Audience): boolean {
    const some = (statements: readonly Statement[]) => statements.some(s => concerns(s, audience));
    return some(this.routes) || some(this.cohorts) || some(this.splits) || some(this.decorations);
  }

  /** Everything that is wrong with the service as a whole, as cdk8s asks for it. */
  public validate(): string[] {
    return [...this.judgement.errors];
  }

  /** What the service comes to; throws what is wrong with it. */
  public refuseUnsound(): Judgement {
    const { judgement } = this;
    if (judgement.errors.length > 0) fail(this.owner, judgement.errors.join('\n'));
    return judgement;
  }

  /** The entries for the mesh. */
  public meshProduct(): Product {
    return this.refuseUnsound().mesh;
  }

  /** The product for an exposure; its errors are the service's. */
  public exposureProduct(exposure: Exposure): Product {
    return this.refuseUnsound().exposed.get(exposure)!;
  }

  /** The `tcp` and `tls` routes of an exposure; their errors are the service's. */
  public exposedConnections(exposure: Exposure): readonly ConnectionEntry[] {
    this.refuseUnsound();
    return this.connections!.exposedEntries(exposure);
  }

  /** How many entries an exposure comes to, sound or not. */
  public countOf(exposure: Exposure): number {
    return this.judgement.exposed.get(exposure)!.entries.length;
  }

  /** Kept until the next statement. */
  private get judgement(): Judgement {
    if (this.judged?.version !== this.version) this.judged = { version: this.version, judgement: judgementOf(this) };
    return this.judged.judgement;
  }
}
