import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { AppState } from './app-state';
import type { NamedObjectProps } from './istio-object';
import { istioObject } from './istio-object';
import { scopedDenial, scopedMode } from './scoped-access-plan';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import { accessErrors } from '../compile/access-checks';
import type { ExposedService } from '../compile/exposed-access';
import { exposedAccessErrors } from '../compile/exposed-access';
import type { AccessModel, AccessRule, StatedMode, WorkloadFacts } from '../model/access';
import { podPort } from '../model/access';
import { accessSummary, authorizationPolicy, peerAuthentication } from '../render/access';

/** Collects the access rules of a service's pods, and owns their PeerAuthentication and AuthorizationPolicy. */
export class AccessPlan {
  private readonly modes = new Map<number | undefined, StatedMode>();
  private readonly rules: AccessRule[] = [];
  public readonly model: AccessModel;
  private readonly all: AccessModel[];
  private readonly state: AppState;
  private peersPlace?: Construct;
  private peers?: ApiObject;
  private authorization?: ApiObject;

  constructor(private readonly owner: Construct, public readonly facts: WorkloadFacts, private readonly place: () => Construct) {
    this.model = { path: owner.node.path, facts, modes: this.modes, rules: this.rules };
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
    this.peers ??= istioObject(this.peersPlace ?? this.place(), 'PeerAuthentication', this.named('PeerAuthentication',
      () => peerAuthentication(this.model), () => [...this.modes.values()].map(mode => mode.path)));
  }

  public addRule(rule: AccessRule): void {
    rule.ports?.forEach(port => this.checkedPodPort(rule.path, port));
    this.rules.push(rule);
    if (this.authorization) return;
    // The PeerAuthentication comes first, whichever statement comes first.
    if (!this.peers) this.peersPlace = new Construct(this.place(), 'Peers');
    this.authorization = istioObject(this.place(), 'AuthorizationPolicy', this.named('AuthorizationPolicy',
      () => authorizationPolicy(this.model), () => this.rules.map(({ path }) => path)));
  }

  /** All errors of the statements as a whole, for the validation of cdk8s. */
  public validate(): string[] {
    return [...accessErrors(this.model, scopedMode(this.owner, this.facts.namespace), this.all)];
  }

  /** The access rules in words. */
  public summary(): readonly string[] {
    return accessSummary(this.model);
  }

  private named(kind: string, spec: () => object, policies: () => string[]): NamedObjectProps {
    return {
      kind,
      name: this.facts.name,
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

/** The errors of public hosts whose gateway may not call a service, for the validation of cdk8s. */
export function exposedErrors(
  owner: Construct,
  service: ExposedService,
  namespace: string,
  access: AccessPlan | undefined,
): readonly string[] {
  return exposedAccessErrors(service, access?.model, scopedDenial(owner, namespace));
}
