/** The wildcards that hold a name, the most specific first: `*.shop.com`, `*.com` and `*` for `a.shop.com`. */
export function wildcardsOver(host: string): string[] {
  const name = host.startsWith('*') ? host.slice(1) : host;
  const wildcards: string[] = [];
  for (let dot = name.indexOf('.', host.startsWith('*') ? 1 : 0); dot >= 0; dot = name.indexOf('.',
    dot + 1)) wildcards.push(`*${name.slice(dot)}`);
  if (host !== '*') wildcards.push('*');
  return wildcards;
}

/** Each host is looked up by many rules. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 50_000;

/** A host and the wildcards that hold it, the most specific first. */
export function hostAndWildcards(host: string): readonly string[] {
  let names = known.get(host);
  if (names === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(host, names = [host, ...wildcardsOver(host)]);
  }
  return names;
}

/** The domain behind `name.namespace.svc.`, where a host is written in that way. */
export function serviceParts(host: string): { readonly name: string; readonly namespace: string; readonly domain: string } | undefined {
  const parts = /^([^.*]+)\.([^.]+)\.svc\.(.+)$/.exec(host);
  return parts ? { name: parts[1], namespace: parts[2], domain: parts[3] } : undefined;
}
