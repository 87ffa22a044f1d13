import { groupBy } from '../manifest/group-by';

/** The parts of a finding by which it is recognized on both sides, even if it moved or its object was renamed. */
export interface ComparableFinding {
  readonly rule: string;
  readonly severity: string;
  readonly resource?: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly path?: string;
  readonly message: string;
}

const NOTHING = { kind: '', namespace: '', name: '' };

/** Findings that only one side has. */
export interface FindingChanges<F> {
  readonly new: readonly F[];
  readonly gone: readonly F[];
}

/** Compares findings first with the names of their objects. The rest are compared without names, because objects may have been renamed. */
export function compareFindings<F extends ComparableFinding>(old: readonly F[], now: readonly F[]): FindingChanges<F> {
  const named = ({ rule, resource = NOTHING, path, message }: F) => [rule, resource.kind, resource.namespace, resource.name, path, message];
  const exact = unpaired(old, now, named);
  return unpaired(exact.gone, exact.new, ({ rule, resource = NOTHING, message }) => [
    rule,
    resource.kind,
    withoutName(message, resource.name),
  ]);
}

function withoutName(message: string, name: string): string {
  return name === '' ? message : message.split(name).join('');
}

function unpaired<F>(old: readonly F[], now: readonly F[], fieldsOf: (finding: F) => readonly unknown[]): FindingChanges<F> {
  const keyOf = (finding: F) => JSON.stringify(fieldsOf(finding));
  const left = groupBy(old, keyOf);
  const added = now.filter(finding => left.get(keyOf(finding))?.shift() === undefined);
  return { new: added, gone: [...left.values()].flat() };
}
