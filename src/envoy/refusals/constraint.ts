/** What a value must be. */
export interface Limits {
  /** Bounds of a number, or of a duration in seconds. */
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
  /** Bounds of a string, in characters and in bytes. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxBytes?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  /** Whether a string must have no line break and no NUL. */
  readonly oneLine?: boolean;
}

export interface FieldConstraint {
  /** The type of the message that the field holds, or of each of its items. */
  readonly message?: string;
  /** Whether the field maps names to messages. */
  readonly map?: boolean;
  /** Those of a list apply to its items, except for `maxItems`. */
  readonly limits?: Limits;
}

/** What Envoy's API definitions demand of the fields of a message. */
export interface MessageConstraints { readonly [field: string]: FieldConstraint }

/** The constraints of messages, by the type's full name. */
export interface Constraints { readonly [message: string]: MessageConstraints }
