import { execFile, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { helpdeskForTest } from '../helpdesk/helpdesk-harness.ts';

/** A library that the helpdesk's own page shows, with its sample beside this file. */
interface Client {
  readonly name: string;
  readonly program: string;
  /** Arguments of the program with which it ends with 0 when the library is there. */
  readonly probe: readonly string[];
  readonly sample: string;
  readonly debianPackages: string;
  /** What it says at a display ID in a field that the WSDL declares an int, or undefined when it takes it. */
  readonly failsAtDisplayId: RegExp | undefined;
  /** What it says when the server breaks down without an answer. */
  readonly failsAtEmptyAnswer: RegExp;
}

const CLIENTS: readonly Client[] = [
  {
    name: "PHP's SoapClient",
    program: 'php',
    probe: ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
    sample: 'open-ticket.php',
    debianPackages: 'php-cli php-soap',
    failsAtDisplayId: /Encoding: Violation of encoding rules/,
    failsAtEmptyAnswer: /HTTP: /,
  },
  {
    name: "Perl's SOAP::Lite",
    program: 'perl',
    probe: ['-MSOAP::Lite', '-MJSON::PP', '-e', '1'],
    sample: 'open-ticket.pl',
    debianPackages: 'libsoap-lite-perl',
    failsAtDisplayId: undefined,
    failsAtEmptyAnswer: /^500 /,
  },
  {
    name: "Python's suds",
    // Debian's own Python: another one that stands earlier on the PATH does not see Debian's packages.
    program: '/usr/bin/python3',
    probe: ['-c', 'import suds'],
    sample: 'open-ticket.py',
    debianPackages: 'python3-suds',
    failsAtDisplayId: /invalid literal for int\(\)|KVO-530-34143/,
    failsAtEmptyAnswer: /500/,
  },
];

const LOGIN = ['bot@example.com', 'sandbox-password'];
const TICKET = ['ada@example.com', '192.0.2.7', 'Disk "sda" <is> full & slow', 'VPS 42', 'First line\nSecond line', ''];

describe.each(CLIENTS)('the published sample for $name', (client) => {
  if (spawnSync(client.program, client.probe).status !== 0) {
    test.skip(`apt-get install ${client.debianPackages} to run these tests`, () => {});
    return;
  }

  const open = (address: string, ...args: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const sample = new URL(client.sample, import.meta.url).pathname;
      execFile(client.program, [sample, address, ...args], (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: (stdout + stderr).trim() });
      });
    });

  test('opens a ticket where the helpdesk answers a number', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.referenceForm = 'number';
    const { code, output } = await open(`${helpdesk.url}?wsdl`, ...LOGIN, ...TICKET);

    expect({ code, answer: JSON.parse(output) }).toEqual({
      code: 0,
      answer: {
        status: 'success',
        status_text: 'created ticket successfully.',
        ticket_reference_id: expect.toSatisfy((reference) => Number(reference) === 34143),
      },
    });
    expect(helpdesk.tickets).toMatchObject([
      {
        requesterEmail: 'ada@example.com',
        userIp: '192.0.2.7',
        subject: 'VPS 42 : Disk "sda" <is> full & slow',
        product: 'VPS 42',
        body: 'VPS 42\n\nFirst line\nSecond line',
      },
    ]);
    expect(helpdesk.calls.map(({ operation }) => operation)).toEqual(['api_login', 'api_openTicket']);
  });

  test(
    client.failsAtDisplayId
      ? 'fails at a display ID although the ticket is open, which invites people to send it twice'
      : 'takes a display ID',
    async () => {
      const helpdesk = await helpdeskForTest();
      const { code, output } = await open(`${helpdesk.url}?wsdl`, ...LOGIN, ...TICKET);

      expect(helpdesk.tickets.map(({ reference }) => reference)).toEqual(['KVO-530-34143']);
      expect(output).toMatch(client.failsAtDisplayId ?? /"ticket_reference_id": ?"KVO-530-34143"/);
      expect(code).toBe(client.failsAtDisplayId ? 1 : 0);
    },
  );

  test('reads why a ticket is refused', async () => {
    const helpdesk = await helpdeskForTest();
    const { code, output } = await open(`${helpdesk.url}?wsdl`, ...LOGIN, 'ada', ...TICKET.slice(1));

    expect({ code, answer: JSON.parse(output) }).toMatchObject({
      code: 0,
      answer: { status: 'Failed', status_text: 'User email is not valid. Please try again!' },
    });
    expect(helpdesk.tickets).toEqual([]);
  });

  test('gets a blank session for a wrong password', async () => {
    const helpdesk = await helpdeskForTest();
    const { code, output } = await open(`${helpdesk.url}?wsdl`, 'bot@example.com', 'wrong', ...TICKET);

    expect({ code, output }).toEqual({ code: 1, output: 'The session is blank.' });
  });

  test('fails where the server breaks down without an answer', async () => {
    const helpdesk = await helpdeskForTest();
    helpdesk.fault('empty-500');
    const { code, output } = await open(`${helpdesk.url}?wsdl`, ...LOGIN, ...TICKET);

    expect(code).toBe(1);
    expect(output).toMatch(client.failsAtEmptyAnswer);
    expect(helpdesk.tickets).toEqual([]);
  });
});
