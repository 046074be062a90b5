/** Where the bot cannot become faster by itself. Lines of the page. */
export const LIMITS: readonly string[] = [
  '## Limits that are not ours',
  '',
  '| Limit | Whose | How much | What would change it |',
  '| --- | --- | --- | --- |',
  '| Starting | discord.js | the difference between its bare bot and the raw one, above: it loads every class of every feature | nothing but another library; the bot loads its own parts after it |',
  '| Memory at rest | discord.js, undici, `soap` | the bare bot with `soap`, above | likewise |',
  '| CPU of a call | `soap` | bare `soap` beside the raw client, above: it builds and reads XML by the WSDL, field by field | writing the envelope by hand; `soap` is kept because the WSDL may change |',
  '| Connections to the helpdesk | its web server | a TCP connection (and TLS, one to two round trips) for each call, where the server closes it | a server that keeps them open |',
  '| Tickets a second | the helpdesk | `HELPDESK_CONCURRENCY` divided by the time that one call takes there: 8 calls of 2 s are 4 tickets a second | a helpdesk that takes more at once; then raise the setting |',
  '| One sync of the disk for an acknowledgement | the disk | above, in the table of the machine | a faster disk; the form must be safe before Discord hears of it |',
  '| Three seconds for the first answer | Discord | an interaction that is answered later is lost | nothing |',
  '| 2,500 servers a shard | Discord | a bot in more servers must be divided | `SHARDS=auto`, the default: another shard in the same process |',
  '| 1,000 identifies a day | Discord | every start that cannot resume uses one for each shard | nothing; the bot resumes where it can, and waits when they are used up |',
];

/** At which size an operator does what. */
export const SIZES: readonly string[] = [
  '## At which size to do what',
  '',
  'Up to a few hundred servers and some tickets a minute, do nothing: one process, the SQLite file, the smallest machine that one can rent. What',
  'decides then is the helpdesk: when people are told a number in line every day, raise `HELPDESK_CONCURRENCY` as far as it allows. From some',
  'dozens of tickets a second on, the disk decides: look at the sync in the table above and at the metrics of the store, and take a disk with a',
  'cache that survives a power cut. At 2,500 servers Discord asks for a second shard: `SHARDS=auto` begins it in the same process. When one',
  'core is busy most of the time, give each of several processes its share (`SHARDS=0,1/4`): from then on the store is Redis or PostgreSQL,',
  'because a file belongs to one process ([operations.md](operations.md)). Start them one after the other: each start that does not resume',
  'costs one of 1,000 identifies a day for each shard, so with 100 shards (250,000 servers) ten full restarts use up a day.',
];
