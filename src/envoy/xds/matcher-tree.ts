import type { Any, CidrRange, TypedExtensionConfig } from './core';

/** `xds.type.matcher.v3.Matcher`. */
export interface Matcher {
  readonly matcherTree: MatcherTree;
  /** What happens where no entry of the tree matches. */
  readonly onNoMatch?: OnMatch;
}

/** `xds.type.matcher.v3.Matcher.OnMatch`: the name of a filter chain, or a further matcher. */
export interface OnMatch {
  readonly action?: TypedExtensionConfig<StringValue>;
  readonly matcher?: Matcher;
}

/** `xds.type.matcher.v3.Matcher.MatcherTree`. */
export interface MatcherTree {
  readonly input: TypedExtensionConfig<DestinationIpInput | DestinationPortInput | ApplicationProtocolInput>;
  readonly exactMatchMap?: { readonly map: { readonly [value: string]: OnMatch } };
  readonly customMatch?: TypedExtensionConfig<IpMatcher>;
}

/** `xds.type.matcher.v3.IPMatcher`. */
export interface IpMatcher extends Any<'xds.type.matcher.v3.IPMatcher'> {
  readonly rangeMatchers?: readonly { readonly ranges: readonly CidrRange[]; readonly onMatch: OnMatch }[];
}

/** `google.protobuf.StringValue`. */
export interface StringValue extends Any<'google.protobuf.StringValue'> { readonly value: string }

/** `envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput`. */
export type DestinationIpInput = Any<'envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput'>;

/** `envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput`. */
export type DestinationPortInput = Any<'envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput'>;

/** `envoy.extensions.matching.common_inputs.network.v3.ApplicationProtocolInput`. */
export type ApplicationProtocolInput = Any<'envoy.extensions.matching.common_inputs.network.v3.ApplicationProtocolInput'>;
