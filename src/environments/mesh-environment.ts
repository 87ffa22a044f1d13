import { join, resolve } from 'node:path';
import type { Duration } from 'cdk8s';
import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { writeFluxFolders } from './flux-folders';
import type { RolloutOrder } from './rollout-order';
import { Settings } from './settings';
import type { ClusterFacts } from '../cluster/facts-value';
import type { IngressGatewayProps } from '../constructs/ingress-gateway';
import { makeFolder } from '../manifest/make-folder';
import { AppState } from '../plan/collect/app-state';
import { acceptedArgument } from '../traffic/accepted';
import { dnsLabelProblem, fqdnProblem } from '../traffic/name';
import type { OutboundTrafficMode } from '../traffic/outbound-traffic-mode';
import { givenOut } from '../traffic/plain-copy';
import { fail, named, namingEnvironment, refuse } from '../traffic/problem';

/** Properties of one environment. */
export interface MeshEnvironmentOptions {
  /** The name of the environment and of its folder, such as `dev` or `prod`. */
  readonly name: string;
  /** The namespace of its services. */
  readonly namespace: string;
  /**
   * Further namespaces, by names that you choose, such as `{ payments: 'payments-dev' }`. In MeshEnvironments every environment has the
   * same names.
   * @default - none
   */
  readonly namespaces?: { readonly [key: string]: string };
  /**
   * What its cluster has beside the manifests. Constructs, TrafficChecks and tests of its charts read it.
   * @default - unknown
   */
  readonly clusterFacts?: ClusterFacts;
  /**
   * The DNS domain of the cluster. Services in the environment use it automatically.
   * @default - the domain in the facts, else cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * The suffix of its public hosts, such as `dev.example.com`.
   * @default - none, reading a public host throws
   */
  readonly publicHostSuffix?: string;
  /**
   * The properties of its ingress gateway: listeners and selector.
   * @default - HTTP on port 80 of `istio: ingressgateway`
   */
  readonly gateway?: IngressGatewayProps;
  /**
   * What happens to calls to hosts outside the registry.
   * @default - none, reading it throws
   */
  readonly egressMode?: OutboundTrafficMode;
  /**
   * The Istio version, such as `1.29` or `1.29.2`.
   * @default - the version in the facts, else none, and reading it throws
   */
  readonly istioVersion?: string;
  /**
   * Values that differ between environments, by keys that you choose: percentages, limits, timeouts, versions, features.
   * @default - none
   */
  readonly settings?: { readonly [key: string]: unknown };
  /**
   * How the manifests tell a rollout tool the order in which to apply them.
   * @default - they do not
   */
  readonly rolloutOrder?: RolloutOrder;
}

/** Properties of a single environment. */
export interface MeshEnvironmentProps extends MeshEnvironmentOptions {
  /**
   * The parent of the environment's folder.
   * @default - the environment variable CDK8S_OUTDIR, else `dist`
   */
  readonly outdir?: string;
}

const VERSION = /^1\.(\d+)(\.\d+)?$/;

/** The oldest Istio version that accepts the manifests. */
const OLDEST_MINOR = 22;

/**
 * An environment of a mesh, such as staging: an App with properties that its charts read with `MeshEnvironment.around()`. Its manifests are
 * written into a folder with its name.
 */
export class MeshEnvironment extends App {
  /** The environment that contains a construct. */
  public static around(scope: IConstruct): MeshEnvironment {
    scope = acceptedArgument('MeshEnvironment.around', scope);
    const { root } = scope.node;
    return root instanceof MeshEnvironment ? root : fail(scope, 'it is not in a MeshEnvironment; '
      + 'create its chart in one instead of in an App');
  }

  /** The name of the environment and of its folder. */
  public readonly environmentName: string;
  /** The namespace of its services. */
  public readonly namespace: string;
  /** The DNS domain of the cluster. */
  public readonly clusterDomain: string;
  /** What its cluster has beside the manifests. Undefined if it is unknown. */
  public readonly clusterFacts?: ClusterFacts;
  private readonly options: MeshEnvironmentProps;
  private readonly settings: Settings;

  constructor(props: MeshEnvironmentProps) {
    props = acceptedArgument('MeshEnvironment', props, placeOfOptions(props) ?? 'MeshEnvironment');
    const { name, namespace, namespaces = {}, clusterFacts: facts, publicHostSuffix, rolloutOrder } = props;
    const clusterDomain = props.clusterDomain ?? facts?.clusterDomain ?? 'cluster.local';
    const istioVersion = props.istioVersion ?? facts?.istioVersion;
    refuse(named(name), dnsLabelProblem('name', name), dnsLabelProblem('namespace', namespace),
      ...Object.entries(namespaces).map(([key, value]) => dnsLabelProblem(`namespaces['${key}']`, value)),
      props.outdir === '' ? 'outdir is empty; name a folder, or omit it' : undefined,
      fqdnProblem('clusterDomain', clusterDomain, { wildcard: false }),
      publicHostSuffix === undefined ? undefined : fqdnProblem('publicHostSuffix', publicHostSuffix, { wildcard: false }),
      istioVersion === undefined ? undefined : versionProblem('istioVersion', istioVersion, OLDEST_MINOR), rolloutOrder?._problem(),
      contradiction(
        'clusterDomain',
        props.clusterDomain,
        facts?.clusterDomain,
      ), contradiction('istioVersion', props.istioVersion, facts?.istioVersion));
    super({ outdir: join(props.outdir ?? process.env.CDK8S_OUTDIR ?? 'dist', name) });
    this.options = props;
    this.environmentName = name;
    this.namespace = namespace;
    this.clusterDomain = clusterDomain;
    this.clusterFacts = facts;
    this.settings = new Settings(name, props.settings ?? {});
    const environment = AppState.of(this);
    environment.clusterDomain = clusterDomain;
    environment.rootNamespace = facts?.rootNamespace ?? environment.rootNamespace;
    environment.one('clusterFacts', () => facts);
    environment.annotations = rolloutOrder?._annotations() ?? {};
  }

  /** The properties of its ingress gateway. */
  public get gateway(): IngressGatewayProps {
    return givenOut(this.options.gateway ?? {});
  }

  /** One of its further namespaces. */
  public namespaceOf(key: string): string {
    key = acceptedArgument('MeshEnvironment.namespaceOf', key, this);
    const { namespaces = {} } = this.options;
    if (Object.hasOwn(namespaces, key)) return namespaces[key];
    return fail(
      this,
      `it has no namespace '${key}'; add it to its \`namespaces\` (existing names: ${Object.keys(namespaces).join(', ') || 'none'})`,
    );
  }

  /** What happens to calls to hosts outside the registry. */
  public get egressMode(): OutboundTrafficMode {
    return this.options.egressMode ?? this.missing('egressMode');
  }

  /** The Istio version. */
  public get istioVersion(): string {
    return this.options.istioVersion ?? this.clusterFacts?.istioVersion ?? this.missing('istioVersion');
  }

  /** Whether the Istio version is at least `version`, such as `1.27`. */
  public isIstioAtLeast(version: string): boolean {
    version = acceptedArgument('MeshEnvironment.isIstioAtLeast', version, this);
    refuse(this, versionProblem('version', version, 0));
    const [ours, wanted] = [this.istioVersion, version].map(v => v.split('.').map(Number));
    return ours[1] !== wanted[1] ? ours[1] > wanted[1] : (ours[2] ?? 0) >= (wanted[2] ?? 0);
  }

  /** The public host for a name: `shop` becomes `shop.dev.example.com`. */
  public publicHost(name: string): string {
    name = acceptedArgument('MeshEnvironment.publicHost', name, this);
    const host = `${name}.${this.options.publicHostSuffix ?? this.missing('publicHostSuffix')}`;
    refuse(this, fqdnProblem('the public host', host, { wildcard: false }));
    return host;
  }

  /** A setting that is a number. */
  public number(key: string): number {
    key = acceptedArgument('MeshEnvironment.number', key, this);
    return this.settings.number(key);
  }

  /** A setting that is a string. */
  public text(key: string): string {
    key = acceptedArgument('MeshEnvironment.text', key, this);
    return this.settings.string(key);
  }

  /** A setting that is a list of strings. */
  public texts(key: string): string[] {
    key = acceptedArgument('MeshEnvironment.texts', key, this);
    return this.settings.strings(key);
  }

  /** A setting that is a boolean. */
  public flag(key: string): boolean {
    key = acceptedArgument('MeshEnvironment.flag', key, this);
    return this.settings.flag(key);
  }

  /** A setting that is a Duration. */
  public duration(key: string): Duration {
    key = acceptedArgument('MeshEnvironment.duration', key, this);
    return this.settings.duration(key);
  }

  /** A setting of any type, such as the limits of a connection pool. */
  public value(key: string): any {
    key = acceptedArgument('MeshEnvironment.value', key, this);
    return givenOut(this.settings.value(key));
  }

  /** Writes the manifests into the folder of the environment. */
  public synth(): void {
    const folders = this.options.rolloutOrder?._folders();
    namingEnvironment(this, () => {
      // cdk8s creates the folder with the `recursive` option of mkdirSync().
      makeFolder(resolve(this.outdir));
      if (folders) writeFluxFolders(this, this.environmentName, folders);
      else super.synth();
    });
  }

  private missing(key: string): never {
    return fail(this, `it has no ${key}; set \`${key}\` of the environment`);
  }
}

/** The environment of options that are not checked yet, as errors name it. */
export function placeOfOptions(options: unknown): string | undefined {
  const { name } = (options ?? {}) as Partial<MeshEnvironmentOptions>;
  return typeof name === 'string' ? named(name) : undefined;
}

/** The problem of something that an environment and its facts set to different values. */
function contradiction(what: string, own: string | undefined, fact: string | undefined): string | undefined {
  return own === undefined || fact === undefined || own === fact
    ? undefined
    : `${what} is '${own}', and its clusterFacts say '${fact}'; set it in one place`;
}

function versionProblem(what: string, version: string, oldest: number): string | undefined {
  const [, minor] = VERSION.exec(version) ?? [];
  if (minor === undefined) return `${what} '${version}' is not an Istio version; use the form 1.29 or 1.29.2`;
  return Number(minor) >= oldest ? undefined : `${what} '${version}' is older than 1.${oldest}, `
    + `the first version with networking.istio.io/v1; use 1.${oldest} or newer`;
}
