import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { noteCallSite } from './call-sites';
import type { GrowingService } from './growing-service';
import { growingService } from './growing-service';
import { istioObject } from './istio-object';
import { ServicePlaces } from './service-places';
import { fail, refuse } from '../../traffic/problem';
import type { ServicePort } from '../../traffic/service-port';
import { compileService } from '../compile/compile-service';
import { presentTerms } from '../compile/connection-terms';
import { haveCommonAudience, isFor } from '../model/audience';
import type { CompiledService } from '../model/compiled-service';
import type { ServiceDefaults } from '../model/defaults';
import type { EgressHop } from '../model/egress-hop';
import type { Exposure } from '../model/exposure';
import type { PolicyFields, PolicyLevel } from '../model/policy';
import { levelKey, levelSuffix } from '../model/policy';
import type { ServiceFacts } from '../model/service-facts';
import type { ServiceModel, SubsetModel } from '../model/service-model';
import { unknownSubset } from '../model/service-model';
import type { CohortStatement, ConnectionRoute, Decoration, RouteStatement, SplitStatement, Statement } from '../model/statements';
import { destinationRule } from '../render/destination-rule';
import { egressVirtualService } from '../render/egress-virtual-service';
import { meshOrigin, ruleOrigin } from '../render/route-origins';
import { summary } from '../render/summary';
import { meshVirtualService } from '../render/virtual-service';

/** What a construct carries: its plan, or the reason why it has none. A property, because weak maps cost time. */
interface Planned {
  readonly _plan?: ServicePlan | string;
}

/** A statement of a construct. The plan adds the path of the construct. */
type Stated<S extends Statement> = Omit<S, 'path'>;

/**
 * Collects all statements about one host, from any number of constructs, and owns the DestinationRule and VirtualService of the host. Two
 * statements on one slot throw immediately. Checks that depend on later statements run once, when the tree is validated or rendered.
 */
export class ServicePlan {
  /** The plan of a construct that owns one; `at` is the construct that needs it. */
  public static of(service: object, at: IConstruct): ServicePlan {
    const plan = (service as Planned)._plan;
    return plan instanceof ServicePlan ? plan : fail(at, plan ?? 'the service comes from MeshService.fromName(), '
      + 'which can only be a target; '
      + 'use a service from `new MeshService()` or MeshService.fromService()');
  }

  public readonly places: ServicePlaces;
  private readonly state: AppState;
  private readonly growing: GrowingService;
  private version = 0;
  private compiledService?: CompiledService;
  private rule?: ApiObject;
  private routes?: ApiObject;

  constructor(private readonly owner: Construct, public readonly facts: ServiceFacts) {
    this.state = AppState.of(owner);
    this.places = new ServicePlaces(owner);
    this.growing = growingService(owner.node.path, facts);
  }

  /** All statements so far. */
  public get model(): ServiceModel {
    return this.growing;
  }

  /** Increases with every statement, so a renderer knows whether the compiled service is current. */
  public get revision(): number {
    return this.version;
  }

  /** The compiled service, with or without errors. Cached until the next statement. */
  public get compiled(): CompiledService {
    return this.compiledService ??= compileService(this.growing);
  }

  /** The compiled service. Throws its errors. */
  public refuseUnsound(): CompiledService {
    const { compiled } = this;
    if (compiled.errors.length > 0) this.state.failAll(compiled.errors);
    return compiled;
  }

  /** All errors of the service as a whole, for the validation of cdk8s. */
  public validate(): string[] {
    return [...this.compiled.errors];
  }

  /** The result in words. */
  public summary(): string {
    return summary(this.refuseUnsound());
  }

  /** The ports of a level. */
  public portsOf(level: PolicyLevel): readonly ServicePort[] {
    return this.facts.ports.filter(port => level.port === undefined || port.number === level.port);
  }

  /** Whether a route or cohort belongs to this service. */
  public knows(statement: RouteStatement | CohortStatement): boolean {
    const { defaultRoute, routes, cohorts } = this.growing;
    return statement === defaultRoute || routes.some(route => route === statement) || cohorts.some(cohort => cohort === statement);
  }

  /** The DestinationRule, created on first use. */
  public destinationRule(): ApiObject {
    return this.rule ??= istioObject(this.places.ofDestinationRule(), 'DestinationRule', {
      kind: 'DestinationRule',
      name: this.facts.destinationRuleName ?? this.facts.name,
      namespace: this.facts.namespace,
      spec: () => destinationRule(this.refuseUnsound()),
      origin: () => ruleOrigin(this.compiled),
    });
  }

  /** The VirtualService of callers in the mesh, created on first use. */
  public virtualService(): ApiObject {
    return this.routes ??= istioObject(this.places.ofVirtualService(), 'VirtualService', {
      kind: 'VirtualService',
      name: this.facts.virtualServiceName ?? this.facts.name,
      namespace: this.facts.namespace,
      spec: () => {
        const service = this.refuseUnsound();
        return service.egress ? egressVirtualService(service, service.egress) : meshVirtualService(service);
      },
      origin: () => meshOrigin(this.refuseUnsound()),
    });
  }

  public addSubset(at: IConstruct, name: string, subset: Pick<SubsetModel, 'labels' | 'replicas'>): void {
    const path = this.noteSource(at);
    const other = this.growing.subsets.get(name);
    if (other) {
      this.state.fail(path, `the subset '${name}' already exists, with labels ${JSON.stringify(other.labels)}; use a different name`);
    }
    this.growing.subsets.set(name, { path, labels: subset.labels, replicas: subset.replicas, retired: false });
    this.changed();
    this.destinationRule();
  }

  public retireSubset(at: IConstruct, name: string): void {
    const subset = this.growing.subsets.get(name) ?? fail(at, unknownSubset(this.growing, name));
    this.growing.subsets.set(name, { ...subset, retired: true });
    this.changed();
  }

  public addRoute(at: IConstruct, stated: Stated<RouteStatement>): RouteStatement {
    const route = { ...stated, path: this.noteSource(at) };
    const other = this.growing.routes.find(r => r.id === route.id);
    if (other) this.state.fail(route.path, `the route name '${route.id}' is already taken by ${other.path}; use a different \`name\``);
    this.growing.routes.push(route);
    this.stated(route);
    return route;
  }

  public addCohort(at: IConstruct, stated: Stated<CohortStatement>): CohortStatement {
    const cohort = { ...stated, path: this.noteSource(at) };
    const other = this.growing.cohorts.find(c => c.id === cohort.id);
    if (other) this.state.fail(cohort.path, `the cohort name '${cohort.id}' is already taken by ${other.path}; use a different \`name\``);
    this.growing.cohorts.push(cohort);
    this.stated(cohort);
    return cohort;
  }

  public addSplit(at: IConstruct, stated: Stated<SplitStatement>): void {
    const split = { ...stated, path: this.noteSource(at) };
    const { splits, exposures, connectionExposures } = this.growing;
    const what = split.kind === 'default' ? 'default subset' : 'canary';
    const other = splits.find(s => s.kind === split.kind && s.route === split.route && haveCommonAudience(s, split));
    if (other) {
      const of = split.route ? `route ${split.route.path}` : `service '${this.facts.host}'`;
      this.state.fail(split.path, `the ${what} of ${of} is already set by ${other.path}; remove one of them, or use different audiences`);
    }
    if (split.kind === 'default') {
      for (const exposure of [...exposures, ...connectionExposures]) {
        this.refuseTwoDefaults(split.path, exposure, split, 'exposeVia()', exposure.subset);
      }
    }
    if (split.route?.answer) {
      this.state.fail(
        split.path,
        `the route ${split.route.path} is a redirect or direct response, so no version serves it; omit the canary`,
      );
    }
    if (split.route?.targets) {
      this.state.fail(
        split.path,
        `the route ${split.route.path} already sets its target, which is its split; omit the target or the canary`,
      );
    }
    splits.push(split);
    this.stated(split);
  }

  public addDecoration(at: IConstruct, stated: Stated<Decoration>): void {
    const decoration = { ...stated, path: this.noteSource(at) };
    if (decoration.route?.answer) {
      this.state.fail(decoration.path, `the route ${decoration.route.path} is a redirect or direct response, where ${decoration.slot} has no effect; `
        + 'omit it, or use a different route');
    }
    // Two with conditions are compared later, because the conditions decide which one wins.
    const other = decoration.condition ? undefined : this.growing.decorations.find(d => !d.condition && d.slot === decoration.slot
      && d.route === decoration.route && d.cohort === decoration.cohort && haveCommonAudience(d, decoration));
    if (other) {
      this.state.fail(decoration.path, `${decoration.slot} of these requests is already set by ${other.path}; `
        + 'remove one of them, or limit them to different routes, cohorts or audiences');
    }
    this.growing.decorations.push(decoration);
    this.stated(decoration);
  }

  public addConnectionRoute(at: IConstruct, stated: Stated<ConnectionRoute>): void {
    const route = { ...stated, path: this.noteSource(at) };
    refuse(route.path, this.facts.unroutable);
    this.growing.connectionRoutes.push(route);
    this.changed();
    if (presentTerms(this.facts, route, 'mesh').length > 0) this.virtualService();
  }

  /** Adds fields by their place in a `trafficPolicy`. Throws if another construct already set a field. */
  public addPolicy(at: IConstruct, level: PolicyLevel, fields: PolicyFields): void {
    const path = this.noteSource(at);
    if (level.port !== undefined && !this.facts.ports.some(port => port.number === level.port)) {
      const known = this.facts.ports.map(port => port.number).join(', ');
      this.state.fail(path, `port ${level.port} is not a port of '${this.facts.host}'; use one of ${known}`);
    }
    const names = Object.keys(fields);
    const key = levelKey(level);
    const there = this.growing.policies.get(key);
    for (const field of there ? names : []) {
      const other = there!.statements.find(statement => Object.hasOwn(statement.fields, field));
      if (other) {
        this.state.fail(
          path,
          `${field}${levelSuffix(level)} is already set by ${other.path}; set it once, or for different subsets or ports`,
        );
      }
    }
    if (there && names.length > 0) there.statements.push({ path, fields });
    else if (names.length > 0) this.growing.policies.set(key, { level, statements: [{ path, fields }] });
    this.changed();
    this.destinationRule();
  }

  /** Adds defaults. The objects that could hold them exist even if other defaults or statements replace all of them. */
  public addDefaults(defaults: ServiceDefaults): void {
    this.growing.defaults.push(defaults);
    this.changed();
    if (Object.keys(defaults.policies).length > 0) this.destinationRule();
    if (this.growing.httpPorts.length > 0 && Object.keys(defaults.requests).length > 0) this.virtualService();
  }

  public addExposure(exposure: Exposure): void {
    for (const split of this.growing.splits) {
      this.refuseTwoDefaults(exposure.path, exposure, split, 'routeDefaultTo()', split.shares[0].target.subset);
    }
    (exposure.listener === undefined ? this.growing.exposures : this.growing.connectionExposures).push(exposure);
    this.changed();
  }

  /** Sends all calls through an egress gateway. */
  public leaveVia(hop: EgressHop): void {
    this.growing.egress = hop;
    this.changed();
    this.virtualService();
  }

  /** The subset of an exposure is the default subset of its host, so no other statement may set one for that host. */
  private refuseTwoDefaults(path: string, exposure: Exposure, split: SplitStatement, by: string, subset: string | undefined): void {
    if (split.kind !== 'default' || exposure.subset === undefined || !split.audiences?.includes(exposure.host)) return;
    this.state.fail(path, `the default subset of service '${this.facts.host}' for ${exposure.host.host} is already set to '${subset}' by ${by}; `
      + 'omit one of them');
  }

  private stated(statement: Statement): void {
    refuse(statement.path, this.facts.unroutable);
    this.changed();
    if (isFor(statement, 'mesh')) this.virtualService();
  }

  private changed(): void {
    this.version++;
    this.compiledService = undefined;
  }

  /**
   * Records the call site of a statement, if call sites are recorded, and returns the path of the construct. Most constructs are the owner
   * or below it, which saves the walk up the tree.
   */
  private noteSource(at: IConstruct): string {
    if (this.state.recordsCallSites) noteCallSite(at);
    if (at === this.owner) return this.growing.path;
    return at.node.scope === this.owner ? `${this.growing.path}/${at.node.id}` : at.node.path;
  }
}
