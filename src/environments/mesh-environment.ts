import { join } from 'node:path';
import type { Duration } from 'cdk8s';
import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { writeFluxFolders } from './flux-folders';
import type { RolloutOrder } from './rollout-order';
import { named, Settings } from './settings';
import type { IngressGatewayProps } from '../constructs/ingress-gateway';
import { AppState } from '../plan/collect/app-state';
import { dnsLabelProblem, fqdnProblem } from '../traffic/name';
import type { OutboundTrafficMode } from '../traffic/outbound-traffic-mode';
import { fail, refuse } from '../traffic/problem';

/** What one environment is, and what is set in it. */
export interface MeshEnvironmentOptions {
  /** Its name, which is also the name of its folder: `dev`, `prod`. */
  readonly name: string;
  /** The namespace of its services. */
  readonly namespace: string;
  /**
   * The DNS domain of its cluster; services in the environment take it by themselves.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * What its public hosts end in, such as `dev.example.com`.
   * @default - none; asking for a public host is an error
   */
  readonly publicHostSuffix?: string;
  /**
   * How its ingress gateway listens, and by which labels it is found.
   * @default - HTTP on port 80 of `istio: ingressgateway`
   */
  readonly gateway?: IngressGatewayProps;
  /**
   * What happens to calls to hosts that the registry does not know.
   * @default - none; asking for it is an error
   */
  readonly egressMode?: OutboundTrafficMode;
  /**
   * The version of its Istio, such as `1.29` or `1.29.2`.
   * @default - none; asking for it is an error
   */
  readonly istioVersion?: string;
  /**
   * What differs from one environment to the next, by keys of your own: percentages, limits, timeouts, versions, features.
   * @default - none
   */
  readonly settings?: { readonly [key: string]: any };
  /**
   * How a rollout tool learns the order in which to apply the manifests.
   * @default - it does not
   */
  readonly rolloutOrder?: RolloutOrder;
}

/** An environment that stands by itself. */
export interface MeshEnvironmentProps extends MeshEnvironmentOptions {
  /**
   * The folder that holds the folder of the environment.
   * @default - the environment variable CDK8S_OUTDIR, else `dist`
   */
  readonly outdir?: string;
}

const VERSION = /^1\.(\d+)(\.\d+)?$/;

/** The oldest Istio that takes our manifests. */
const OLDEST_MINOR = 22;

/**
 * An environment of a mesh, such as staging: an App whose charts know where they are by `MeshEnvironment.around()`. Its manifests lie in a folder of its name.
 */
export class MeshEnvironment extends App {
  /** The environment that a construct is in. */
  public static around(scope: IConstruct): MeshEnvironment {
    const { root } = scope.node;
    return root instanceof MeshEnvironment ? root : fail(scope, 'it is in no MeshEnvironment; make its chart in one instead of in an App');
  }

  /** The name of the environment and of its folder. */
  public readonly environmentName: string;
  /** The namespace of its services. */
  public readonly namespace: string;
  /** The DNS domain of its cluster. */
  public readonly clusterDomain: string;
  /** How its ingress gateway listens. */
  public readonly gateway: IngressGatewayProps;
  private readonly options: MeshEnvironmentProps;
  private readonly settings: Settings;

  constructor(props: MeshEnvironmentProps) {
    const { name, namespace, clusterDomain = 'cluster.local', publicHostSuffix, istioVersion, rolloutOrder } = props;
    refuse(named(name), dnsLabelProblem('name', name), dnsLabelProblem('namespace', namespace), fqdnProblem('clusterDomain', clusterDomain, { wildcard: false }),
      publicHostSuffix === undefined ? undefined : fqdnProblem('publicHostSuffix', publicHostSuffix, { wildcard: false }),
      istioVersion === undefined ? undefined : versionProblem('istioVersion', istioVersion, OLDEST_MINOR), rolloutOrder?._problem());
    super({ outdir: join(props.outdir ?? process.env.CDK8S_OUTDIR ?? 'dist', name) });
    this.options = props;
    this.environmentName = name;
    this.namespace = namespace;
    this.clusterDomain = clusterDomain;
    this.gateway = props.gateway ?? {};
    this.settings = new Settings(name, props.settings ?? {});
    const environment = AppState.of(this);
    environment.clusterDomain = clusterDomain;
    environment.annotations = rolloutOrder?._annotations() ?? {};
  }

  /** What happens to calls to hosts that the registry does not know. */
  public get egressMode(): OutboundTrafficMode {
    return this.options.egressMode ?? this.missing('egressMode');
  }

  /** The version of its Istio. */
  public get istioVersion(): string {
    return this.options.istioVersion ?? this.missing('istioVersion');
  }

  /** Whether its Istio is of a version, such as `1.27`, or newer. */
  public isIstioAtLeast(version: string): boolean {
    refuse(named(this.environmentName), versionProblem('version', version, 0));
    const [ours, wanted] = [this.istioVersion, version].map(v => v.split('.').map(Number));
    return ours[1] !== wanted[1] ? ours[1] > wanted[1] : (ours[2] ?? 0) >= (wanted[2] ?? 0);
  }

  /** The public host of a name: `shop` becomes `shop.dev.example.com`. */
  public publicHost(name: string): string {
    const host = `${name}.${this.options.publicHostSuffix ?? this.missing('publicHostSuffix')}`;
    refuse(named(this.environmentName), fqdnProblem('the public host', host, { wildcard: false }));
    return host;
  }

  /** A setting that is a number. */
  public number(key: string): number {
    return this.settings.number(key);
  }

  /** A setting that is a text. */
  public text(key: string): string {
    return this.settings.text(key);
  }

  /** A setting that is a list of texts. */
  public texts(key: string): string[] {
    return this.settings.texts(key);
  }

  /** A setting that is true or false. */
  public flag(key: string): boolean {
    return this.settings.flag(key);
  }

  /** A setting that is a Duration. */
  public duration(key: string): Duration {
    return this.settings.duration(key);
  }

  /** A setting of any form, such as the limits of a connection pool. */
  public value(key: string): any {
    return this.settings.value(key);
  }

  /** Writes the manifests into the folder of the environment. */
  public synth(): void {
    const folders = this.options.rolloutOrder?._folders();
    if (folders) writeFluxFolders(this, this.environmentName, folders);
    else super.synth();
  }

  private missing(key: string): never {
    return fail(named(this.environmentName), `it has no ${key}; state \`${key}\` where the environment is made`);
  }
}

function versionProblem(what: string, version: string, oldest: number): string | undefined {
  const [, minor] = VERSION.exec(version) ?? [];
  if (minor === undefined) return `${what} '${version}' is not a version of Istio; write it as 1.29 or 1.29.2`;
  return Number(minor) >= oldest ? undefined : `${what} '${version}' is older than 1.${oldest}, which takes no networking.istio.io/v1; use 1.${oldest} or newer`;
}
