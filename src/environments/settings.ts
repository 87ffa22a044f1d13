import type { Duration } from 'cdk8s';
import { fail, named } from '../traffic/problem';
import { shown } from '../traffic/shown-value';

/** The settings of one environment, by key. */
export interface SettingValues {
  readonly [key: string]: unknown;
}

/** Reads settings by type. A missing setting or one of another type throws an error that names the environment and the key. */
export class Settings {
  constructor(private readonly environment: string, private readonly values: SettingValues) {}

  public number(key: string): number {
    return this.read(key, 'a number', value => typeof value === 'number' && Number.isFinite(value)) as number;
  }

  public string(key: string): string {
    return this.read(key, 'a string', isString) as string;
  }

  public strings(key: string): string[] {
    return [...this.read(key, 'a list of strings', value => Array.isArray(value) && value.every(isString)) as string[]];
  }

  public flag(key: string): boolean {
    return this.read(key, 'true or false', value => typeof value === 'boolean') as boolean;
  }

  public duration(key: string): Duration {
    const isDuration = (value: unknown) => typeof (value as Partial<Duration> | null)?.toMilliseconds === 'function';
    return this.read(key, 'a Duration, such as Duration.seconds(5)', isDuration) as Duration;
  }

  public value(key: string): unknown {
    return this.read(key, 'a value', () => true);
  }

  private read(key: string, what: string, is: (value: unknown) => boolean): unknown {
    const value = Object.hasOwn(this.values, key) ? this.values[key] : undefined;
    if (value === undefined || value === null) {
      const known = Object.keys(this.values).sort();
      fail(named(this.environment), `it has no setting '${key}'; add it to its \`settings\`, or to the shared ones `
        + `(existing settings: ${known.join(', ') || 'none'})`);
    }
    if (!is(value)) fail(named(this.environment), `the setting '${key}' is ${shown(value)}; use ${what}`);
    return value;
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
