import { CallerWords } from '../../diff/caller-words';
import type { Holes } from '../../holes/find-holes';
import { findHoles } from '../../holes/find-holes';
import type { Arguments } from '../arguments';
import { holeRecord } from '../holes/hole-record';
import { textHoles } from '../holes/text-holes';
import { readEnvironments } from '../input/environment';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { separated, styled } from '../line';
import type { Terminal } from '../terminal';

export async function holesCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const environments = await readEnvironments(given.operands, given);
  requireObjects(environments, terminal);
  const found = environments.map(environment => {
    requireReadable(environment, terminal);
    return { environment, ...findHoles(translationOf(environment, given)) };
  });
  if (given.get('format') === 'json') {
    const records = found.map(({ environment: { name }, holes, open }) => (
      { ...(name !== undefined && { environment: name }), holes: holes.map(holeRecord), notDecided: open }));
    terminal.printJson(given.is('each') ? { environments: records } : records[0]);
  } else {
    for (const { environment: { name }, holes } of found) {
      if (name !== undefined) terminal.print([[styled(`== ${name}`, 'bold')]]);
      const words = new CallerWords(holes.flatMap(({ callers }) => callers));
      terminal.print(separated(textHoles(holes, words, given.operands)));
    }
  }
  const count = found.reduce((sum, each) => sum + wrongIn(each), 0);
  const open = found.reduce((sum, each) => sum + each.open, 0);
  terminal.say(`${count} certain ${count === 1 ? 'hole' : 'holes'}${open > 0 ? `, ${open} not decided` : ''}`);
  return count > 0 ? 1 : 0;
}

/** The number of certain holes: without those that may be intended, and those that something not read may fill. */
function wrongIn({ holes }: Holes): number {
  return holes.filter(({ kind, notJudged }) => kind !== 'default' && notJudged.length === 0).length;
}
