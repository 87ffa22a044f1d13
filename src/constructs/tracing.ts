import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { TelemetryPlan } from '../plan/collect/telemetry-plan';
import { headerNameProblem } from '../traffic/name';
import { percentProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/**
 * The value of a tag on every span.
 *
 * @see https://istio.io/latest/docs/reference/config/telemetry/#Tracing-CustomTag
 */
export class TracingTag {
  /** The same text everywhere. */
  public static literal(value: string): TracingTag {
    return new TracingTag('literal', value);
  }

  /** An environment variable of the proxy. */
  public static environment(name: string, defaultValue?: string): TracingTag {
    return new TracingTag('environment', name, defaultValue);
  }

  /** A header of the request. */
  public static header(name: string, defaultValue?: string): TracingTag {
    return new TracingTag('header', name, defaultValue);
  }

  private constructor(private readonly kind: 'literal' | 'environment' | 'header', private readonly text: string, private readonly defaultValue?: string) {}

  /** @internal */
  public _toIstio(): object {
    return { [this.kind]: this.kind === 'literal' ? { value: this.text } : { name: this.text, defaultValue: this.defaultValue } };
  }

  /** @internal */
  public _problem(what: string): string | undefined {
    if (this.text === '') return `${what} is empty; state a text`;
    return this.kind === 'header' ? headerNameProblem(what, this.text) : undefined;
  }
}

/**
 * Which requests are traced, and where the spans go.
 */
export interface TracingProps {
  /** Whose requests. */
  readonly scope: PolicyScope;
  /**
   * The tracing provider, by its name in the mesh config's `extensionProviders`. Required, since without a provider istiod drops tracing
   * altogether.
   */
  readonly provider: string;
  /**
   * The share of requests that starts a trace, in percent from 0 to 100.
   * @default - what the wider scope says, else the mesh config, else 1
   */
  readonly samplingPercent?: number;
  /**
   * Report no spans, where a wider scope does.
   * @default - what the wider scope says, else false
   */
  readonly disableSpanReporting?: boolean;
  /**
   * Tags on every span, by name. They replace all those of the wider scope.
   * @default - what the wider scope says, else none
   */
  readonly customTags?: { readonly [name: string]: TracingTag };
  /**
   * The root namespace of the mesh.
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
  /**
   * The name of the Telemetry.
   * @default - `default`; for workloads the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Tracing of the mesh, a namespace or a workload. With AccessLogging of the same scope it becomes one Telemetry.
 *
 * @see https://istio.io/latest/docs/tasks/observability/distributed-tracing/telemetry-api/
 */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? 'istio-system');
    const tags = Object.entries(props.customTags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    refuse(this,
      props.samplingPercent === undefined ? undefined : percentProblem('samplingPercent', props.samplingPercent),
      ...tags.map(([name, tag]) => (name === '' ? 'customTags has a tag without a name; name it' : tag._problem(`customTags['${name}']`))));
    if (!props.provider) fail(this, 'provider is missing; name a provider of the mesh config, without which istiod drops tracing');
    const plan = TelemetryPlan.of(this, resolved);
    plan.add(this.node.path, 'tracing', {
      providers: [{ name: props.provider }],
      randomSamplingPercentage: props.samplingPercent,
      disableSpanReporting: props.disableSpanReporting,
      customTags: tags.length > 0 ? Object.fromEntries(tags.map(([name, tag]) => [name, tag._toIstio()])) : undefined,
    });
    plan.object.contribute(this, id, props.name);
  }
}
