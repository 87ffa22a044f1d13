/** A part of a CRD's schema, with the features of OpenAPI that the pinned CRDs use. Numbers refer to other parts. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly intOrString?: boolean;
  readonly nullable?: boolean;
  readonly properties?: { readonly [name: string]: number };
  /** The schema of all other fields. */
  readonly values?: number;
  readonly items?: number;
  /** The fields that identify the items of a list. */
  readonly keys?: readonly string[];
  /** Whether unknown fields are kept. */
  readonly open?: boolean;
  /** The value that Kubernetes writes into an absent field. */
  readonly default?: unknown;
  readonly required?: readonly string[];
  /** At most one field of each of these lists may be set. */
  readonly atMostOne?: readonly (readonly string[])[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  /** CEL rules. */
  readonly rules?: readonly string[];
}
