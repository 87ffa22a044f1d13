import type { Operation, Source } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';

/** A value that an AuthorizationPolicy compares with a part of a request or of its caller. */
export interface AccessValue {
  readonly field: keyof Source | keyof Operation;
  readonly value: string;
  readonly path: string;
}

/** The values of the sources and operations of an AuthorizationPolicy. */
export function accessValues({ spec }: ManifestOf<'AuthorizationPolicy'>): readonly AccessValue[] {
  const found: AccessValue[] = [];
  const add = (stated: Source | Operation | undefined, path: string) => {
    for (const [field, values] of Object.entries(stated ?? {}) as [AccessValue['field'], readonly string[]][]) {
      values.forEach((value, i) => found.push({ field, value, path: `${path}.${field}[${i}]` }));
    }
  };
  spec?.rules?.forEach(({ from = [], to = [] }, r) => {
    from.forEach(({ source }, i) => add(source, `spec.rules[${r}].from[${i}].source`));
    to.forEach(({ operation }, i) => add(operation, `spec.rules[${r}].to[${i}].operation`));
  });
  return found;
}
