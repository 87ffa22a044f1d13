import type { Permission, Principal } from '../xds/rbac';

/** What the conditions of a rule depend on beside their values. */
export interface RuleContext {
  /** The namespace of the policy. */
  readonly namespace: string;
  /** Whether the rule is for connections, whose bytes Envoy does not read as HTTP. */
  readonly isTcp: boolean;
  /** Whether callers come through a tunnel, of which a waypoint keeps the identity. */
  readonly isTunneled?: boolean;
}

/** A field of a rule as conditions of Envoy: one per value, or one for all values. Undefined for values that cannot be one. */
export type RuleField<Condition> =
  | { readonly one: (value: string, context: RuleContext, key: string) => Condition | undefined }
  | { readonly all: (values: readonly string[], context: RuleContext, key: string) => Condition | undefined };

/** A field about what is asked for. */
export type PermissionField = RuleField<Permission>;
/** A field about who asks. */
export type PrincipalField = RuleField<Principal>;

/** The conditions of one field: one of its values must match, and all of its `notValues` must not. */
export interface RuleTerm<Condition> {
  readonly field: RuleField<Condition>;
  /** The field of the manifest, such as `methods`, or the key of a condition. */
  readonly key: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}
