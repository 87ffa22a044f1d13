import { PassThrough } from 'node:stream';
import { Terminal } from '../../src/cli/terminal';

function streams(isTTY: boolean) {
  const [out, err] = [new PassThrough(), new PassThrough()].map(stream => Object.assign(stream, { isTTY }));
  const read = (stream: PassThrough) => String(stream.read() ?? '');
  return { out, err, stdout: () => read(out), stderr: () => read(err) };
}

describe('where a command writes', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('results go to stdout, messages and errors to stderr', () => {
    const { out, err, stdout, stderr } = streams(false);
    const terminal = new Terminal(out, err, {});
    terminal.print('result');
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

  test('progress shows on a terminal after two seconds, in one line that goes again', () => {
    const { out, err, stderr } = streams(true);
    const terminal = new Terminal(out, err, {});
    terminal.progress('callers compared', 1, 9);
    expect(stderr()).toBe('');
    jest.advanceTimersByTime(2500);
    terminal.progress('callers compared', 5, 9);
    terminal.print('result');
    expect(stderr()).toBe('\r\u001b[Kcallers compared 5/9\r\u001b[K');
  });

  test('a pipe gets no progress', () => {
    const { out, err, stderr } = streams(false);
    const terminal = new Terminal(out, err, {});
    jest.advanceTimersByTime(2500);
    terminal.progress('callers compared', 5, 9);
    expect(stderr()).toBe('');
  });

  test.each([[true, {}, true], [true, { NO_COLOR: '1' }, false], [true, { NO_COLOR: '' }, true], [true, { TERM: 'dumb' }, false], [false, {}, false]])(
    'terminal %s with %j has colours: %s', (isTTY, environment, coloured) => {
      const { out, err } = streams(isTTY);
      expect(new Terminal(out, err, environment).style('text', 'red') !== 'text').toBe(coloured);
    });

  test('an error cannot drive the terminal', () => {
    const { out, err, stderr } = streams(false);
    new Terminal(out, err, {}).fail('no file \'\u001b[2J\'');
    expect(stderr()).toBe('error: no file \'\\u001b[2J\'\n');
  });
});
