import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import type { GatewayPods } from './gateway-tokens';
import { isHostWithin } from '../../manifest/host-name';
import type { Listener } from '../../traffic/listener';
import { fail } from '../../traffic/problem';
import type { Scope } from '../model/scope';
import { sorted } from '../model/sorted';

/** What is known of the pods of a gateway. */
export interface GatewayWorkloadFacts {
  /** The name and namespace of the Gateway object. */
  readonly name: string;
  readonly namespace: string;
  /** The labels of the pods; undefined for a Gateway of another program that states none. */
  readonly selector?: { readonly [key: string]: string };
  readonly listeners: readonly Listener[];
  /** The identity of the pods, if it is known. */
  readonly identity?: string;
  /** The hosts that the Gateway states, if it does. */
  readonly served?: readonly string[];
  /** The pods, in any namespace. Undefined if no label of them is known. */
  readonly pods?: () => Scope;
}

/** The pods of a gateway, whose hosts and ports all Gateways that select them share. */
export class GatewayWorkload {
  /** The public hosts of the Gateway. */
  public readonly hosts = new Set<string>();
  private readonly key: string;

  constructor(private readonly by: Construct, public readonly facts: GatewayWorkloadFacts) {
    const { selector, name, namespace } = facts;
    this.key = selector ? JSON.stringify(sorted(selector)) : `${namespace}/${name}`;
  }

  /** The pods, and their namespace if it is known. Undefined if no label of the pods is known. */
  public get pods(): GatewayPods | undefined {
    const { pods, identity } = this.facts;
    return pods && { scope: pods(), namespace: identity?.split('/')[2] };
  }

  /** The public hosts of all Gateways of the pods. */
  public get workloadHosts(): ReadonlySet<string> {
    return this.claimed;
  }

  public addHost(host: string, owner: Construct): void {
    const { served } = this.facts;
    if (served && !served.some(each => isHostWithin(host, each))) {
      fail(owner, `the host '${host}' is not within the hosts of the gateway (${served.join(', ')}); `
        + `add it to \`hosts\` of ${this.by.node.path}`);
    }
    AppState.of(this.by).claim(`gateway/${this.key}/${host}`, owner, () => `the host '${host}' on the gateway ${this.key}`,
      'create each public host once, and pass it on');
    this.hosts.add(host);
    this.claimed.add(host);
  }

  /** Claims a TCP listener for one host, because connections of two hosts could not be distinguished. */
  public claimListener(listener: Listener, host: string, by: IConstruct): void {
    const key = `gateway/${this.key}/port/${listener.port}/taken`;
    const first = AppState.of(this.by).one(key, () => ({ host, path: by.node.path }));
    if (first.host !== host) {
      fail(by, `the TCP listener '${listener.name}' (port ${listener.port}) already routes ${first.host} to ${first.path}, `
        + 'and nothing in a TCP connection distinguishes hosts; '
        + 'use a listener on another port, or TLS');
    }
  }

  private get claimed(): Set<string> {
    return AppState.of(this.by).one(`gateway/${this.key}/hosts`, () => new Set<string>());
  }
}
