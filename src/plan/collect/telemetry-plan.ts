import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { ScopedObject } from './scoped-object';
import { ScopedObjects } from './scoped-objects';
import type { CompiledDefault } from '../model/defaults';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';
import { defaultOrigins } from '../render/route-origins';
import type { TelemetrySection } from '../render/telemetry';
import { telemetry } from '../render/telemetry';

interface Section {
  readonly value: object;
  readonly path: string;
}

/** A default of the access logs. The nearest one applies; without a value, it removes those of wider scopes. */
export interface LogsDefault {
  readonly path: string;
  readonly nearness: number;
  readonly value?: object;
}

/** The Telemetry of a scope. If there were several, istiod would use the oldest and ignore the others. */
export class TelemetryPlan {
  public static of(by: IConstruct, scope: Scope): TelemetryPlan {
    const state = AppState.of(by);
    return state.one(`telemetry/${scopeKey(scope)}`, () => new TelemetryPlan(state, scope));
  }

  public readonly object: ScopedObject;
  private readonly sections = new Map<TelemetrySection, Section>();
  private readonly logs: LogsDefault[] = [];

  private constructor(private readonly state: AppState, public readonly scope: Scope) {
    this.object = new ScopedObject('Telemetry', scope, ScopedObjects.in(state, 'Telemetry'), {
      spec: () => telemetry(scope, this.effective()),
      defaults: () => defaultOrigins(this.defaults),
    });
  }

  /** What became of each default of the access logs. */
  public get defaults(): readonly CompiledDefault[] {
    const nearest = [...this.logs].sort((a, b) => b.nearness - a.nearness);
    const stated = this.sections.get('accessLogging');
    return nearest.flatMap(({ path, value }, i) => (value === undefined ? [] : [{
      field: 'accessLogging',
      isOfRoutes: false,
      value,
      path,
      replacedBy: i > 0 ? [{ path: nearest[i - 1].path, part: '' }] : stated ? [{ path: stated.path, part: '' }] : [],
    }]));
  }

  /** The path of the construct whose access logs apply, and whether they are a default. */
  public get logging(): { readonly path: string; readonly isDefault: boolean } | undefined {
    const stated = this.sections.get('accessLogging');
    if (stated) return { path: stated.path, isDefault: false };
    const logs = this.nearestDefault;
    return logs && { path: logs.path, isDefault: true };
  }

  public add(path: string, section: TelemetrySection, value: object): void {
    const other = this.sections.get(section);
    if (other) {
      this.state.fail(
        path,
        `${section} for ${scopeName(this.scope)} is already set by ${other.path}; remove one of them, or use a narrower scope`,
      );
    }
    this.sections.set(section, { value, path });
  }

  /** Adds a default, which yields to a statement. `by` holds the object, if nothing holds it. */
  public addLogs(by: Construct, id: string, logs: LogsDefault): void {
    const other = this.logs.find(({ nearness, path }) => nearness === logs.nearness && path !== logs.path);
    if (other) {
      this.state.fail(logs.path, `the default of accessLogging for ${scopeName(this.scope)} is already set by ${other.path}; `
        + 'set it once, or for a nearer scope');
    }
    if (!this.logs.some(({ path }) => path === logs.path)) this.logs.push(logs);
    this.object.hold(by, id, 'accessLogging');
  }

  private get nearestDefault(): CompiledDefault | undefined {
    return this.defaults.find(({ replacedBy }) => replacedBy.length === 0);
  }

  private effective(): ReadonlyMap<TelemetrySection, Section> {
    if (this.sections.has('accessLogging')) return this.sections;
    const { value, path } = this.nearestDefault ?? {};
    return value === undefined || path === undefined ? this.sections
      : new Map([...this.sections, ['accessLogging', { value: value as object, path }]]);
  }
}
