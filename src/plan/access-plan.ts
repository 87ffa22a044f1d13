import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Environment } from './environment';
import { sorted } from './in-order';
import type { NamedObjectProps } from './istio-object';
import { istioObject } from './istio-object';
import { scopedMode } from './scoped-access-plan';
import type { AuthorizationPolicySpec, AuthorizationPolicySpecRules, PeerAuthenticationSpec } from '../../imports/security.istio.io';
import { selects } from '../manifest/labels';
import { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';

/** The pods behind a service. */
export interface WorkloadFacts {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly selector: { readonly [key: string]: string };
  /** Ports that lead to a port of the pods by its name, by number. */
  readonly named: { readonly [port: number]: string };
}

/** Callers that may do something. */
export interface AccessRule {
  /** The construct that states it, for messages. */
  readonly path: string;
  /** Callers by identity; undefined means everybody, known or not. */
  readonly from?: { readonly principals: readonly string[]; readonly namespaces: readonly string[] };
  /** Ports of the service. */
  readonly ports?: readonly number[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** Who may call the pods of a service: one PeerAuthentication and one AuthorizationPolicy, by however many constructs. */
export class AccessPlan {
  /** By port of the pods; undefined for all. */
  private readonly modes = new Map<number | undefined, { readonly value: MutualTlsMode; readonly path: string }>();
  private readonly rules: AccessRule[] = [];
  private peersPlace?: Construct;
  private peers?: ApiObject;
  private authorization?: ApiObject;

  constructor(private readonly owner: Construct, private readonly facts: WorkloadFacts, private readonly place: () => Construct) {
    Environment.of(owner).one('access', (): AccessPlan[] => []).push(this);
  }

  public addMode(path: string, ports: readonly number[] | undefined, value: MutualTlsMode): void {
    for (const port of ports?.map(p => this.podPort(path, p)) ?? [undefined]) {
      const other = this.modes.get(port);
      if (other && other.value !== value) {
        fail(path, `mode ${value}${port === undefined ? '' : ` at port ${port} of the pods`} disagrees with ${other.value}, which ${other.path} states; state one mode, or limit one of them by ports`);
      }
      if (!other || path < other.path) this.modes.set(port, { value, path });
    }
    this.peers ??= istioObject(this.peersPlace ?? this.place(), 'PeerAuthentication', this.named('PeerAuthentication', () => this.peerAuthentication(),
      () => [...this.modes.values()].map(mode => mode.path)));
  }

  public addRule(rule: AccessRule): void {
    rule.ports?.forEach(port => this.podPort(rule.path, port));
    this.rules.push(rule);
    if (this.authorization) return;
    // The PeerAuthentication stands first, whichever is stated first.
    if (!this.peers) this.peersPlace = new Construct(this.place(), 'Peers');
    this.authorization = istioObject(this.place(), 'AuthorizationPolicy', this.named('AuthorizationPolicy', () => this.authorizationPolicy(),
      () => this.rules.map(({ path }) => path)));
  }

  private named(kind: string, spec: () => object, policies: () => string[]): NamedObjectProps {
    return {
      kind,
      name: this.facts.name,
      namespace: this.facts.namespace,
      spec: () => {
        const errors = this.judge();
        if (errors.length > 0) fail(this.owner, errors.join('\n'));
        return spec();
      },
      origin: () => ({ policies: policies() }),
    };
  }

  /** What is wrong with all statements together. */
  public judge(): readonly string[] {
    return [...new Set([...this.unknowable(), ...this.shared()])];
  }

  /** Without mutual TLS nobody knows who calls. */
  private unknowable(): string[] {
    return this.rules.filter(rule => rule.from).flatMap(({ path, ports }) => (ports ?? this.facts.ports.map(p => p.number))
      .flatMap(port => {
        const mode = this.modes.get(this.facts.named[port] === undefined ? this.podPort(path, port) : undefined) ?? this.modes.get(undefined)
          ?? scopedMode(this.owner, this.facts.namespace);
        return mode?.value === MutualTlsMode.DISABLE ? [`${path} names callers at port ${port}, but ${mode.path} states mode DISABLE there, so that no caller is known; `
          + 'use STRICT or PERMISSIVE, limit one of them by ports, or allow Caller.anyone()'] : [];
      }));
  }

  /** Of two PeerAuthentications of one pod Istio takes the older alone. */
  private shared(): string[] {
    if (!this.peers) return [];
    const { namespace, selector } = this.facts;
    return Environment.of(this.owner).one('access', (): AccessPlan[] => [])
      .filter(other => other !== this && other.peers && other.facts.namespace === namespace && other.owner.node.path < this.owner.node.path)
      .filter(other => selects(selector, other.facts.selector) || selects(other.facts.selector, selector))
      .map(other => `the pods of '${this.facts.name}' are also those of '${other.facts.name}' (${other.owner.node.path}), for which a mode is stated too, and Istio applies the older of two `
        + 'PeerAuthentications alone; state the modes for one of the services');
  }

  public describe(): readonly string[] {
    const modes = [...this.modes].map(([port, { value }]) => `  mutual TLS${port === undefined ? '' : ` at port ${port} of the pods`}: ${value}`).sort();
    const rules = this.authorizationPolicy().rules!.map(({ from, to }) => {
      const callers = from?.map(({ source }) => source!).flatMap(({ principals = [], namespaces = [] }) => [...principals, ...namespaces.map(n => `namespace ${n}`)])
        ?? ['anyone'];
      const { methods, paths, ports } = to?.[0].operation ?? {};
      const what = [...methods ? [methods.join('|')] : [], ...paths ? [paths.join('|')] : [], ...ports ? [`port ${ports.join('|')} of the pods`] : []];
      return `    ${callers.join(', ')}: ${what.join(' ') || 'everything'}`;
    });
    return [...modes, ...(rules.length > 0 ? ['  only these may call:', ...rules] : [])];
  }

  private peerAuthentication(): PeerAuthenticationSpec {
    const mode = (port: number | undefined) => ({ mode: this.modes.get(port)!.value as string }) as PeerAuthenticationSpec['mtls'];
    const ports = [...this.modes.keys()].filter(port => port !== undefined).sort((a, b) => a - b);
    return {
      selector: { matchLabels: sorted(this.facts.selector) },
      ...(this.modes.has(undefined) ? { mtls: mode(undefined) } : {}),
      ...(ports.length > 0 ? { portLevelMtls: Object.fromEntries(ports.map(port => [String(port), mode(port)])) as PeerAuthenticationSpec['portLevelMtls'] } : {}),
    };
  }

  private authorizationPolicy(): AuthorizationPolicySpec {
    const texts = new Set(this.rules.map(rule => JSON.stringify(this.rendered(rule))));
    return {
      selector: { matchLabels: sorted(this.facts.selector) },
      action: 'ALLOW' as AuthorizationPolicySpec['action'],
      rules: [...texts].sort().map(text => JSON.parse(text) as AuthorizationPolicySpecRules),
    };
  }

  private rendered({ path, from, ports, methods, paths }: AccessRule): AuthorizationPolicySpecRules {
    const list = (values: readonly string[] | undefined) => (values && values.length > 0 ? [...new Set(values)].sort() : undefined);
    const [principals, namespaces] = [list(from?.principals), list(from?.namespaces)];
    const operation = { methods: list(methods), paths: list(paths), ports: list(ports?.map(port => String(this.podPort(path, port)))) };
    return {
      from: from && [...(principals ? [{ source: { principals } }] : []), ...(namespaces ? [{ source: { namespaces } }] : [])],
      to: Object.values(operation).some(value => value !== undefined) ? [{ operation }] : undefined,
    };
  }

  /** The port of the pods: the sidecar of the called pod knows no other. */
  private podPort(path: string, number: number): number {
    const port = this.facts.ports.find(p => p.number === number)
      ?? fail(path, `port ${number} is not a port of '${this.facts.name}'; use one of ${this.facts.ports.map(p => p.number).join(', ')}`);
    if (this.facts.named[number] !== undefined) {
      fail(path, `port ${number} of '${this.facts.name}' leads to the port of the pods that is named '${this.facts.named[number]}', and Istio wants its number here; `
        + 'state the number as the targetPort of the Service, or leave ports out');
    }
    return port.targetPort ?? port.number;
  }
}
