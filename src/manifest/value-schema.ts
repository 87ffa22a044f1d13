/** The part of JSON Schema in which the files of users are described. */
export interface ValueSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: { readonly [field: string]: ValueSchema };
  readonly required?: readonly string[];
  /** Whether there may be other fields than `properties`, and what they are. */
  readonly additionalProperties?: boolean | ValueSchema;
  readonly items?: ValueSchema;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly anyOf?: readonly ValueSchema[];
}
