import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { TelemetryPlan } from '../plan/collect/telemetry-plan';
import { accepted, acceptedArgument } from '../traffic/accepted';
import { headerNameProblem } from '../traffic/name';
import { percentProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/**
 * The value of a tag on every span.
 *
 * @see https://istio.io/latest/docs/reference/config/telemetry/#Tracing-CustomTag
 */
export class TracingTag {
  /** A fixed value. */
  public static literal(value: string): TracingTag {
    value = acceptedArgument('TracingTag.literal', value);
    return new TracingTag('literal', value);
  }

  /** The value of an environment variable of the proxy. */
  public static environment(name: string, defaultValue?: string): TracingTag {
    [name, defaultValue] = accepted('TracingTag.environment', [name, defaultValue]);
    return new TracingTag('environment', name, defaultValue);
  }

  /** The value of a request header. */
  public static header(name: string, defaultValue?: string): TracingTag {
    [name, defaultValue] = accepted('TracingTag.header', [name, defaultValue]);
    return new TracingTag('header', name, defaultValue);
  }

  private constructor(
    private readonly kind: 'literal' | 'environment' | 'header', private readonly text: string, private readonly defaultValue?: string,
  ) {}

  /** @internal */
  public _toIstio(): object {
    return { [this.kind]: this.kind === 'literal' ? { value: this.text } : { name: this.text, defaultValue: this.defaultValue } };
  }

  /** @internal */
  public _problem(what: string): string | undefined {
    if (this.text === '') return `${what} is empty; use a string`;
    return this.kind === 'header' ? headerNameProblem(what, this.text) : undefined;
  }
}

/**
 * Properties of Tracing.
 */
export interface TracingProps {
  /** The proxies that the policy applies to. */
  readonly scope: PolicyScope;
  /**
   * The tracing provider, by name in `extensionProviders` of MeshConfig. Required, because istiod drops tracing without a provider.
   */
  readonly provider: string;
  /**
   * The share of requests that start a trace, in percent from 0 to 100.
   * @default - the value of the wider scope, else that in MeshConfig, else 1
   */
  readonly samplingPercent?: number;
  /**
   * Disables the traces that a wider scope enables.
   * @default - the value of the wider scope, else false
   */
  readonly disableSpanReporting?: boolean;
  /**
   * Tags on every span, by name. They replace all tags of the wider scope.
   * @default - the tags of the wider scope, else none
   */
  readonly customTags?: { readonly [name: string]: TracingTag };
  /**
   * The root namespace of the mesh.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
  /**
   * The name of the Telemetry.
   * @default - `default`; for workloads the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * Traces of the mesh, a namespace or a workload. All AccessLogging and Tracing constructs of one scope become one Telemetry.
 *
 * @see https://istio.io/latest/docs/tasks/observability/distributed-tracing/telemetry-api/
 */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    props = acceptedArgument('Tracing', props, this);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? AppState.of(this).rootNamespace);
    const tags = Object.entries(props.customTags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    refuse(this,
      props.samplingPercent === undefined ? undefined : percentProblem('samplingPercent', props.samplingPercent),
      ...tags.map(([name, tag]) => (name === '' ? 'customTags has a tag without a name; set a name'
        : tag._problem(`customTags['${name}']`))));
    if (!props.provider) fail(this, 'provider is missing, and istiod drops tracing without it; set the name of a provider in MeshConfig');
    const plan = TelemetryPlan.of(this, resolved);
    plan.add(this.node.path, 'tracing', {
      providers: [{ name: props.provider }],
      randomSamplingPercentage: props.samplingPercent,
      disableSpanReporting: props.disableSpanReporting,
      customTags: tags.length > 0 ? Object.fromEntries(tags.map(([name, tag]) => [name, tag._toIstio()])) : undefined,
    });
    plan.object.contribute(this, props.name, 'tracing');
  }
}
