import type { Any, CidrRange, TypedExtensionConfig } from './core';
import type { FilterStateMatcher, HeaderMatcher, MetadataMatcher, PathMatcher, StringMatcher } from './matcher';

/** `envoy.config.rbac.v3.RBAC`. */
export interface Rbac {
  /** Absent: `ALLOW`. */
  readonly action?: 'ALLOW' | 'DENY' | 'LOG';
  /** The policies by name; Envoy asks them in the order of their names. */
  readonly policies?: { readonly [name: string]: RbacPolicy };
}

/** `envoy.config.rbac.v3.Policy`: it matches if one of its permissions and one of its principals do. */
export interface RbacPolicy {
  readonly permissions: readonly Permission[];
  readonly principals: readonly Principal[];
}

/** `envoy.config.rbac.v3.Permission`: one of its rules is set. */
export interface Permission {
  readonly any?: boolean;
  readonly andRules?: PermissionSet;
  readonly orRules?: PermissionSet;
  readonly notRule?: Permission;
  readonly header?: HeaderMatcher;
  readonly urlPath?: PathMatcher;
  readonly uriTemplate?: TypedExtensionConfig<UriTemplateMatchConfig>;
  readonly destinationIp?: CidrRange;
  readonly destinationPort?: number;
  readonly metadata?: MetadataMatcher;
  readonly requestedServerName?: StringMatcher;
}

/** `envoy.config.rbac.v3.Permission.Set`. */
export interface PermissionSet { readonly rules: readonly Permission[] }

/** `envoy.config.rbac.v3.Principal`: one of its identifiers is set. */
export interface Principal {
  readonly any?: boolean;
  readonly andIds?: PrincipalSet;
  readonly orIds?: PrincipalSet;
  readonly notId?: Principal;
  readonly authenticated?: Authenticated;
  readonly filterState?: FilterStateMatcher;
  /** The address of the connection, whatever headers say. */
  readonly directRemoteIp?: CidrRange;
  /** The address that trusted proxies state, else that of the connection. */
  readonly remoteIp?: CidrRange;
  readonly header?: HeaderMatcher;
  readonly metadata?: MetadataMatcher;
}

/** `envoy.config.rbac.v3.Principal.Set`. */
export interface PrincipalSet { readonly ids: readonly Principal[] }

/** `envoy.config.rbac.v3.Principal.Authenticated`: a URI or DNS name of the peer's certificate. */
export interface Authenticated { readonly principalName?: StringMatcher }

/** `envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig`. */
export interface UriTemplateMatchConfig extends Any<'envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig'> {
  readonly pathTemplate: string;
}

/** The rules of both RBAC filters: those that are enforced, and those of which only the result is recorded. */
export interface RbacRules {
  readonly rules?: Rbac;
  readonly shadowRules?: Rbac;
  readonly shadowRulesStatPrefix?: string;
}

/** `envoy.extensions.filters.http.rbac.v3.RBAC`. */
export type HttpRbac = RbacRules & Any<'envoy.extensions.filters.http.rbac.v3.RBAC'>;

/** `envoy.extensions.filters.network.rbac.v3.RBAC`. */
export type NetworkRbac = RbacRules & Any<'envoy.extensions.filters.network.rbac.v3.RBAC'> & { readonly statPrefix: string };
