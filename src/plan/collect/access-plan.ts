import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { AccessRules } from './access-rules';
import { AppState } from './app-state';
import type { NamedObjectProps } from './istio-object';
import { istioObject } from './istio-object';
import { scopedMode } from './scoped-access-plan';
import { placeAmongSiblings } from './sibling-order';
import { tokenAdded } from './token-rules';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import { accessErrors } from '../compile/access-checks';
import { clientTlsErrors } from '../compile/client-tls-checks';
import type { AccessModel, AccessRule, StatedMode, TokenRule, WorkloadFacts } from '../model/access';
import { annotationsOf, partOf, podPort, POLICY_PARTS, policyName } from '../model/access';
import type { ServiceModel } from '../model/service-model';
import { sorted } from '../model/sorted';
import { accessSummary, peerAuthentication } from '../render/access';
import { authorizationPolicy } from '../render/authorization-policy';
import { requestAuthentication } from '../render/request-authentication';

/** The objects in the order of their manifests. What denies comes before what allows. */
const ORDER = ['PeerAuthentication', 'RequestAuthentication', ...POLICY_PARTS] as const;

/** Collects the access statements about a service's pods, and owns their objects: one per kind, and per action of AuthorizationPolicies. */
export class AccessPlan {
  private readonly modes = new Map<number | undefined, StatedMode>();
  private readonly rules: AccessRule[] = [];
  private readonly tokens: TokenRule[] = [];
  public readonly model: AccessModel;
  private readonly all: AccessModel[];
  private readonly state: AppState;
  private readonly objects = new Map<typeof ORDER[number], ApiObject>();

  constructor(private readonly owner: Construct, public readonly facts: WorkloadFacts, private readonly place: () => Construct) {
    this.model = { path: owner.node.path, facts, modes: this.modes, rules: this.rules, tokens: this.tokens };
    this.state = AppState.of(owner);
    this.all = this.state.one('access', (): AccessModel[] => []);
    this.all.push(this.model);
  }

  public addMode(path: string, ports: readonly number[] | undefined, value: MutualTlsMode): void {
    for (const port of ports?.map(p => this.checkedPodPort(path, p)) ?? [undefined]) {
      const other = this.modes.get(port);
      if (other && other.value !== value) {
        this.state.fail(path, `mode ${value}${port === undefined ? '' : ` at port ${port} of the pods`} differs from ${other.value}, `
          + `which ${other.path} sets; use one mode, or limit them to different ports`);
      }
      if (!other || path < other.path) this.modes.set(port, { value, path });
    }
    this.object('PeerAuthentication', 'PeerAuthentication', this.facts.name,
      () => peerAuthentication(this.model), () => [...this.modes.values()].map(mode => mode.path));
  }

  public addRule(rule: AccessRule): void {
    rule.ports?.forEach(port => this.checkedPodPort(rule.path, port));
    const { name, namespace, selector, ports, named, isGateway } = this.facts;
    const stated = rule.ports ?? (isGateway || Object.keys(named).length > 0 ? undefined : ports.map(port => port.number));
    AccessRules.of(this.owner).add({ kind: 'workload', namespace, labels: selector }, rule,
      rule.containerPorts ?? stated?.map(port => podPort(this.facts, port)));
    this.rules.push(rule);
    const part = partOf(rule);
    const own = () => this.rules.filter(each => partOf(each) === part);
    this.object(part, 'AuthorizationPolicy', policyName(name, part),
      () => ({ selector: this.selector, ...authorizationPolicy(own(), this.facts) }),
      () => own().map(({ path }) => path), annotationsOf(part));
  }

  public addToken(token: TokenRule): void {
    tokenAdded(this.state, this.tokens, token, `the pods of '${this.facts.name}'`);
    this.object('RequestAuthentication', 'RequestAuthentication', this.facts.name,
      () => ({ selector: this.selector, ...requestAuthentication(this.tokens) }), () => this.tokens.map(({ path }) => path));
  }

  /** All errors of the statements as a whole, for the validation of cdk8s. */
  public validate(): string[] {
    return [...accessErrors(this.model, scopedMode(this.owner, this.facts.namespace), this.all)];
  }

  /** The errors of callers whose TLS the mode of the pods refuses. `service` has the policies of the callers. */
  public callerErrors(service: ServiceModel): readonly string[] {
    return this.modes.size === 0 ? [] : clientTlsErrors(service, this.model);
  }

  /** The access rules in words. */
  public summary(): readonly string[] {
    return accessSummary(this.model);
  }

  private get selector(): object {
    return { matchLabels: sorted(this.facts.selector) };
  }

  /** Creates an object at its first statement. Its place does not depend on the order of statements. */
  private object(
    key: typeof ORDER[number], kind: string, name: string, spec: () => object, policies: () => string[],
    annotations?: NamedObjectProps['annotations'],
  ): void {
    if (this.objects.has(key)) return;
    const id = key === 'ALLOW' ? kind : key.replace(' ', '-');
    const object = istioObject(this.place(), id, { ...this.named(kind, name, spec, policies), annotations });
    placeAmongSiblings(object, [`${ORDER.indexOf(key)}`, '']);
    this.objects.set(key, object);
  }

  private named(kind: string, name: string, spec: () => object, policies: () => string[]): NamedObjectProps {
    return {
      kind,
      name,
      namespace: this.facts.namespace,
      spec: () => {
        const errors = this.validate();
        if (errors.length > 0) this.state.failAll(errors);
        return spec();
      },
      origin: () => ({ policies: policies() }),
    };
  }

  private checkedPodPort(path: string, number: number): number {
    const { name, ports, named } = this.facts;
    if (!ports.some(port => port.number === number)) {
      this.state.fail(path, `port ${number} is not a port of '${name}'; use one of ${ports.map(port => port.number).join(', ')}`);
    }
    if (named[number] !== undefined) {
      this.state.fail(path, `port ${number} of '${name}' has the target port '${named[number]}', and Istio requires its number here; `
        + 'set targetPort of the Service to a number, or omit ports');
    }
    return podPort(this.facts, number);
  }
}

