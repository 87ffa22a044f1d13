/** A part of a CRD's schema, as far as CRDs of Istio use OpenAPI. Numbers name other parts. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly intOrString?: boolean;
  readonly nullable?: boolean;
  readonly properties?: { readonly [name: string]: number };
  /** What the values of any other field have to be. */
  readonly values?: number;
  readonly items?: number;
  /** The fields by which the items of a list differ. */
  readonly keys?: readonly string[];
  /** Whether fields that are not named are kept. */
  readonly open?: boolean;
  readonly required?: readonly string[];
  /** Of each of these lists of fields at most one may stand. */
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
  /** Rules in CEL. */
  readonly rules?: readonly string[];
}
