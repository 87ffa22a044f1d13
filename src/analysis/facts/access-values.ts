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

/** What a rule compares with one attribute: one of the values must match, and no value of `notValues` may. */
export interface AttributeValues {
  /** The field or the key of the condition, such as `principals` or `source.principal`. */
  readonly key: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
  /** The place of the values. */
  readonly path: string;
  readonly notPath: string;
  /** The place of the rule among those of the policy. */
  readonly rule: number;
  /** The source or the operation that states it; undefined for a condition of `when`. */
  readonly part?: Source | Operation;
}

const NOT: { readonly [field: string]: string } = Object.fromEntries([
  'principals', 'requestPrincipals', 'serviceAccounts', 'trustDomains', 'namespaces', 'remoteIpBlocks', 'ipBlocks', 'hosts', 'methods',
  'paths', 'ports',
].map(field => [field, `not${field[0].toUpperCase()}${field.slice(1)}`]));

/** What the rules of an AuthorizationPolicy compare, by attribute. */
export function attributesOf({ spec }: ManifestOf<'AuthorizationPolicy'>): readonly AttributeValues[] {
  return (spec?.rules ?? []).flatMap(({ from = [], to = [], when = [] }, rule) => {
    const ofPart = (stated: Source | Operation | undefined, place: string): AttributeValues[] => {
      const fields = (stated ?? {}) as { readonly [field: string]: readonly string[] };
      return Object.keys(NOT).filter(key => fields[key] ?? fields[NOT[key]]).map(key => ({
        key, values: fields[key] ?? [], notValues: fields[NOT[key]] ?? [], path: `${place}.${key}`, notPath: `${place}.${NOT[key]}`, rule, part: stated,
      }));
    };
    const place = `spec.rules[${rule}]`;
    return [
      ...from.flatMap(({ source }, i) => ofPart(source, `${place}.from[${i}].source`)),
      ...to.flatMap(({ operation }, i) => ofPart(operation, `${place}.to[${i}].operation`)),
      ...when.map(({ key = '', values = [], notValues = [] }, i) => (
        { key, values, notValues, path: `${place}.when[${i}].values`, notPath: `${place}.when[${i}].notValues`, rule })),
    ];
  });
}
