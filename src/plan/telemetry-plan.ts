import type { Construct } from 'constructs';
import { Environment } from './environment';
import type { Scope } from './scope';
import { ScopedObject, describeScope, keyOf, selectorOf } from './scope';
import { ScopedObjects } from './scoped-objects';
import type { TelemetrySpec } from '../../imports/telemetry.istio.io';
import { fail } from '../traffic/problem';

type Section = 'accessLogging' | 'tracing';

/** The one Telemetry of a scope: of several, istiod would take the oldest and ignore the rest. */
export class TelemetryPlan {
  public static of(by: Construct, scope: Scope): TelemetryPlan {
    return Environment.of(by).one(`telemetry/${keyOf(scope)}`, () => new TelemetryPlan(scope, ScopedObjects.of(by, 'Telemetry')));
  }

  public readonly object: ScopedObject;
  private readonly sections = new Map<Section, { readonly value: object; readonly path: string }>();

  private constructor(private readonly scope: Scope, siblings: ScopedObjects) {
    this.object = new ScopedObject('Telemetry', scope, siblings, () => this.render());
  }

  public add(path: string, section: Section, value: object): void {
    const other = this.sections.get(section);
    if (other) fail(path, `${section} for ${describeScope(this.scope)} is already stated by ${other.path}; keep one of them, or narrow its scope`);
    this.sections.set(section, { value, path });
  }

  private render(): TelemetrySpec {
    const labels = selectorOf(this.scope);
    const list = (section: Section) => {
      const stated = this.sections.get(section);
      return stated ? [stated.value] : undefined;
    };
    return { selector: labels && { matchLabels: labels }, accessLogging: list('accessLogging'), tracing: list('tracing') };
  }
}
