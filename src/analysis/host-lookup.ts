/** The wildcards that hold a name, the most specific first: `*.shop.com`, `*.com` and `*` for `a.shop.com`. */
export function wildcardsOver(host: string): string[] {
  const name = host.startsWith('*') ? host.slice(1) : host;
  const wildcards: string[] = [];
  for (let dot = name.indexOf('.', host.startsWith('*') ? 1 : 0); dot >= 0; dot = name.indexOf('.', dot + 1)) wildcards.push(`*${name.slice(dot)}`);
  if (host !== '*') wildcards.push('*');
  return wildcards;
}

/** A host and the wildcards that hold it, the most specific first. */
export function hostAndWildcards(host: string): string[] {
  return [host, ...wildcardsOver(host)];
}

/** The domain behind `name.namespace.svc.`, where a host is written in that way. */
export function serviceParts(host: string): { readonly name: string; readonly namespace: string; readonly domain: string } | undefined {
  const parts = /^([^.*]+)\.([^.]+)\.svc\.(.+)$/.exec(host);
  return parts ? { name: parts[1], namespace: parts[2], domain: parts[3] } : undefined;
}
