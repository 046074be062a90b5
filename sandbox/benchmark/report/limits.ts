import { withUnit } from '../figures.ts';
import type { Result } from '../results.ts';
import { findRow } from './find.ts';

/** Where the bot cannot become faster by itself. Rows of a table. */
export function limitRows(results: readonly Result[]): string[][] {
  const figure = (path: string, column: string) => {
    const row = findRow(results, path);
    const value = row?.values[column];
    return row && value !== undefined ? withUnit(value, row.unit) : 'not measured';
  };
  const more = (path: string, column: string, than: string) =>
    `${figure(path, column)} instead of ${figure(path, than)}`;
  return [
    ['Limit', 'Whose', 'How much', 'What would change it'],
    [
      'Starting',
      'discord.js',
      more('start start ready', 'discord', 'raw'),
      'another library: it loads the classes of every feature of Discord before the first line of a bot runs',
    ],
    [
      'Memory at rest',
      'discord.js, undici and `soap`',
      more('start idle memory-5', 'soap', 'raw'),
      'likewise; what the bot adds stands in the same table',
    ],
    ['Memory on a Node older than 22.13', '`libsql`', 'about 8 MB', 'a newer Node: it has an SQLite of its own'],
    [
      'CPU of a ticket',
      'discord.js and `soap`',
      more('ticket ticket cpu', 'soap', 'raw'),
      'likewise: discord.js makes objects of every interaction, and queues every request for rate limits',
    ],
    [
      'CPU of durable commits: four of a ticket, and eight reads',
      'SQLite and the disk',
      more('ticket ticket cpu', 'kept', 'soap'),
      'fewer of them: then a death at the wrong moment loses a text, opens a ticket twice, or tells somebody nothing',
    ],
    [
      'CPU of a call',
      '`soap`',
      more('soap soap cpu-1', 'soap', 'raw'),
      'writing the envelope by hand. `soap` reads the WSDL of the helpdesk, which may change, so it is kept',
    ],
    [
      'A connection for each call',
      "the helpdesk's web server",
      'a TCP handshake and one of TLS: two round trips or three',
      'a server that keeps connections open',
    ],
    [
      'Tickets a second',
      'the helpdesk',
      '`HELPDESK_CONCURRENCY` divided by the seconds that one call takes there: 8 calls of 2 s are 4 a second',
      'a helpdesk that takes more at once; then raise the setting',
    ],
    [
      'One durable commit before the acknowledgement',
      'the disk',
      figure('store backends change', 'raw'),
      'a faster disk: a form must be safe before Discord hears of it',
    ],
    ['The first answer', 'Discord', 'within three seconds', 'nothing: what is later is lost'],
    ['Servers', 'Discord', '2,500 a shard', '`SHARDS=auto`, the default, begins another shard'],
    [
      'Identifies',
      'Discord',
      '1,000 a day, one for each shard that starts anew',
      'Discord gives more to bots in very many servers. The bot resumes where it can, and waits when they are used up',
    ],
  ];
}

/** At which size an operator does what. */
export const SIZES: readonly string[] = [
  'Up to a few hundred servers and some tickets a minute, do nothing: one process and the SQLite file. What decides then is the helpdesk:',
  'when people are told a number in line every day, raise `HELPDESK_CONCURRENCY` as far as the helpdesk allows. From some dozens of tickets a',
  'second on, the disk decides: look at its sync in the table above, and take a disk with a cache that survives a power cut. At 2,500 servers',
  'Discord asks for a second shard: `SHARDS=auto` begins it in the same process. When that process keeps one core busy for most of the day, give',
  'each of several its share (`SHARDS=0,1/4`): from then on the store is Redis or PostgreSQL, because a file belongs to one process',
  '([operations.md](operations.md)). Start them one after the other: each start that does not resume costs one of 1,000 identifies a day for each',
  'of its shards, so with 100 shards (250,000 servers) ten full restarts use up a day.',
];
