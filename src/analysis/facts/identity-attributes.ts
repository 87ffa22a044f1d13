/** The attributes of callers that their certificate shows, by fields of sources and keys of conditions. */
export const OF_IDENTITY: ReadonlySet<string> = new Set([
  'principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'source.principal', 'source.namespace', 'source.serviceAccount',
  'source.trustDomain',
]);
