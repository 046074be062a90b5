import { Client, Events } from 'discord.js';
import { startApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

/**
 * A bot whose memory can be asked for: the real one or, with `bare`, discord.js alone, which answers everything with a word.
 * Each message of its parent is answered with the bytes of its heap after a collection.
 */
const collect = globalThis.gc;
if (!collect) throw new Error('Start it with --expose-gc.');

const config = parseConfig(process.env);
if (process.argv[2] === 'bare') {
  const client = new Client({ intents: [], rest: { api: config.discord.apiUrl } });
  client.rest.options.globalRequestsPerSecond = 1000;
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isRepliable()) void interaction.reply({ content: 'Hello', flags: 64 });
  });
  await client.login(config.discord.token);
} else {
  const app = await startApp(config, createLog('silent'));
  await app.ready;
}

process.on('message', () => {
  collect();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed });
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
