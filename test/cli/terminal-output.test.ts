import { PassThrough } from 'node:stream';
import { line, styled } from '../../src/cli/line';
import { Terminal } from '../../src/cli/terminal';

function streams(isTTY: boolean) {
  const [out, err] = [new PassThrough(), new PassThrough()].map(stream => Object.assign(stream, { isTTY }));
  const read = (stream: PassThrough) => String(stream.read() ?? '');
  return { out, err, stdout: () => read(out), stderr: () => read(err) };
}

describe('the output of a command', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('results go to stdout, messages and errors to stderr', () => {
    const { out, err, stdout, stderr } = streams(false);
    const terminal = new Terminal(out, err, {});
    terminal.print(['result']);
    terminal.say('message');
    terminal.fail('broken');
    expect([stdout(), stderr()]).toEqual(['result\n', 'message\nerror: broken\n']);
  });

  test('quiet keeps errors', () => {
    const { out, err, stderr } = streams(true);
    const terminal = new Terminal(out, err, { NO_COLOR: '1' });
    terminal.quiet = true;
    terminal.say('message');
    terminal.fail('broken');
    expect(stderr()).toBe('error: broken\n');
  });

  test('a terminal shows progress after two seconds, in one line that disappears', () => {
    const { out, err, stderr } = streams(true);
    const terminal = new Terminal(out, err, {});
    terminal.progress('callers compared', 1, 9);
    expect(stderr()).toBe('');
    jest.advanceTimersByTime(2500);
    terminal.progress('callers compared', 5, 9);
    terminal.print(['result']);
    expect(stderr()).toBe('\r\u001b[Kcallers compared 5/9\r\u001b[K');
  });

  test('a pipe gets no progress', () => {
    const { out, err, stderr } = streams(false);
    const terminal = new Terminal(out, err, {});
    jest.advanceTimersByTime(2500);
    terminal.progress('callers compared', 5, 9);
    expect(stderr()).toBe('');
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])(
    'terminal %s with %j has colors: %s', (isTTY, environment, colored) => {
      const { out, err, stdout } = streams(isTTY);
      new Terminal(out, err, environment).print([line`the ${styled('text', 'red', 'bold')}`]);
      expect(stdout()).toBe(colored ? 'the \u001b[1m\u001b[31mtext\u001b[39m\u001b[22m\n' : 'the text\n');
    });

  test('an error cannot control the terminal', () => {
    const { out, err, stderr } = streams(false);
    new Terminal(out, err, {}).fail('no file \'\u001b[2J\'');
    expect(stderr()).toBe('error: no file \'\\u001b[2J\'\n');
  });

  test('a string cannot end a line, reverse it, or hide in it, with and without colors', () => {
    for (const isTTY of [true, false]) {
      const { out, err, stdout } = streams(isTTY);
      new Terminal(out, err, {}).print(['a\nb', [styled('c\r\u202e', 'red'), '\u{e0041}\ud800']]);
      const [first, second] = stdout().trimEnd().split('\n');
      expect(first).toBe('a\\u000ab');
      expect(second.replace(/\u001b\[\d+m/g, '')).toBe('c\\u000d\\u202e\\udb40\\udc41\\ud800'); // eslint-disable-line no-control-regex
    }
  });

  test.each([
    ['::error::x', '\\u003a:error::x'], ['  ::set-output name=a::b', '  \\u003a:set-output name=a::b'], ['std::vector', 'std::vector'],
    ['a ##[error]b', 'a \\u0023#[error]b'], ['##vso[task.complete]', '\\u0023#vso[task.complete]'], ['## a', '## a'],
  ])('%s cannot inject a command into the log of a pipeline', (text, shown) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const { out, err, stdout, stderr } = streams(true);
      const terminal = new Terminal(out, err, { NO_COLOR: '1' });
      terminal.print([[text.slice(0, cut), styled(text.slice(cut), 'bold')]]);
      terminal.say([text.slice(0, cut), styled(text.slice(cut), 'bold')]);
      expect([stdout(), stderr()]).toEqual([`${shown}\n`, `${shown}\n`]);
    }
  });

  test('JSON has the same content with everything escaped', () => {
    const { out, err, stdout } = streams(false);
    const value = { 'a\n\u202e': ['##[error]x', '\u{e0041}', '\u007f::'] };
    new Terminal(out, err, {}).printJson(value);
    const text = stdout();
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text).not.toContain('##[');
  });
});
