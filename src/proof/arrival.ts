import type { Reception } from './reception';

/** Where requests arrive: what is fixed for all that are compared. */
export interface Arrival {
  /** The names that the requests are for, as Envoy's domains. */
  readonly domains: readonly string[];
  /** Whether a port behind the name counts for nothing. */
  readonly ignorePort: boolean;
  /** Names that fall under a wildcard of the domains, but belong to another virtual host. */
  readonly others: readonly string[];
  /** The authority that examples have. */
  readonly authority: string;
  readonly schemes: readonly ('http' | 'https')[];
  /** What the proxy makes of headers. @default - routes see them as they are sent */
  readonly reception?: Reception;
}
