import type { Construct } from 'constructs';
import { AppState } from './app-state';
import { ScopedObject } from './scoped-object';
import { ScopedObjects } from './scoped-objects';
import { fail } from '../../traffic/problem';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';
import type { TelemetrySection } from '../render/telemetry';
import { telemetry } from '../render/telemetry';

/** The Telemetry of a scope. If there were several, istiod would use the oldest and ignore the others. */
export class TelemetryPlan {
  public static of(by: Construct, scope: Scope): TelemetryPlan {
    return AppState.of(by).one(`telemetry/${scopeKey(scope)}`, () => new TelemetryPlan(scope, ScopedObjects.of(by, 'Telemetry')));
  }

  public readonly object: ScopedObject;
  private readonly sections = new Map<TelemetrySection, { readonly value: object; readonly path: string }>();

  private constructor(private readonly scope: Scope, siblings: ScopedObjects) {
    this.object = new ScopedObject('Telemetry', scope, siblings, () => telemetry(scope, this.sections));
  }

  public add(path: string, section: TelemetrySection, value: object): void {
    const other = this.sections.get(section);
    if (other) {
      fail(path, `${section} for ${scopeName(this.scope)} is already set by ${other.path}; remove one of them, or use a narrower scope`);
    }
    this.sections.set(section, { value, path });
  }
}
