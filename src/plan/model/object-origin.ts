/** The constructs that an object comes from: by route name, and those of its policies. */
export interface ObjectOrigin {
  readonly routes?: { readonly [name: string]: readonly string[] };
  readonly policies?: readonly string[];
  /** The defaults of its fields, with the constructs that replace them. */
  readonly defaults?: readonly DefaultOrigin[];
}

/** A default of one field: the construct that sets it, and those that replace it, each with the part of the service. */
export interface DefaultOrigin {
  readonly field: string;
  readonly by: string;
  readonly replacedBy: readonly string[];
}
