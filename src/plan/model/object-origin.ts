/** The constructs that an object comes from: by route name, and those of its policies. */
export interface ObjectOrigin {
  readonly routes?: { readonly [name: string]: readonly string[] };
  readonly policies?: readonly string[];
}
