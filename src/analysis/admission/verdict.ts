import type { Objection } from '../../traffic/objection';

export type { Objection };

export interface Judgement {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  readonly cause: string;
  readonly repair: string;
}

/** Collects what the admission webhook has against an object. */
export class Verdict {
  public readonly judgements: Judgement[] = [];

  public error(path: string, ...objections: Objection[]): void {
    this.add('error', path, objections);
  }

  public warn(path: string, ...objections: Objection[]): void {
    this.add('warning', path, objections);
  }

  /** Whether there are errors from a position on. */
  public hasErrors(from = 0): boolean {
    return this.judgements.slice(from).some(({ severity }) => severity === 'error');
  }

  /** Drops the warnings from a position on. */
  public dropWarnings(from: number): void {
    this.judgements.push(...this.judgements.splice(from).filter(({ severity }) => severity === 'error'));
  }

  private add(severity: Judgement['severity'], path: string, objections: readonly Objection[]): void {
    for (const objection of objections) {
      if (objection) this.judgements.push({ severity, path, cause: objection[0], repair: objection[1] });
    }
  }
}
