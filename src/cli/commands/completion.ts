import type { Arguments } from '../arguments';
import { bashCompletion } from '../completion/bash';
import { fishCompletion } from '../completion/fish';
import { zshCompletion } from '../completion/zsh';
import type { Terminal } from '../terminal';

const SHELLS: { readonly [shell: string]: () => string } = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export async function completionCommand({ operands: [shell] }: Arguments, terminal: Terminal): Promise<number> {
  terminal.print(SHELLS[shell]().split('\n'));
  return 0;
}
