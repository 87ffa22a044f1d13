interface Values { readonly [name: string]: string }

/** Changes to the headers of a request, as far as they can set its authority. */
interface RequestChanges {
  readonly request?: { readonly set?: Values; readonly add?: Values };
}

/** Whether a header holds the authority. */
export function isAuthority(name: string): boolean {
  return /^(host|:authority)$/i.test(name);
}

/** Whether the changes set the authority of the request. */
export function setsAuthority({ request }: RequestChanges = {}): boolean {
  return Object.keys({ ...request?.set, ...request?.add }).some(isAuthority);
}
