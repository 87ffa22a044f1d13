import type { TelemetrySpec } from '../../../imports/telemetry.istio.io';
import type { Scope } from '../model/scope';
import { selectorOf } from '../model/scope';

/** A part of a Telemetry from one construct. */
export type TelemetrySection = 'accessLogging' | 'tracing';

/** The Telemetry of a scope, with the sections that are set. */
export function telemetry(scope: Scope, sections: ReadonlyMap<TelemetrySection, { readonly value: object }>): TelemetrySpec {
  const labels = selectorOf(scope);
  const list = (section: TelemetrySection) => {
    const stated = sections.get(section);
    return stated ? [stated.value] : undefined;
  };
  return { selector: labels && { matchLabels: labels }, accessLogging: list('accessLogging'), tracing: list('tracing') };
}
