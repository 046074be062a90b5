import { expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';
import { realClock } from '../../sandbox/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { startExamined } from '../support/examined.ts';

test('an interactions endpoint fails: nobody would get an answer', async () => {
  const { world, examine } = await startExamined();
  world.discord.world.application.interactionsEndpointUrl = 'https://old.example.com/interactions?key=1';
  const { code, said } = await examine();
  expect(said).toMatch(
    /✗ Interactions +Discord sends every interaction to old\.example\.com and none.*\n +> Empty the Interactions Endpoint URL/,
  );
  expect(code).toBe(1);
});

test('Public Bot is warned of with what moderators of any server could do', async () => {
  const { world, guild, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Public Bot/);
  world.discord.world.application.isPublic = true;
  const { code, said } = await examine();
  expect(said).toMatch(/! Public Bot +Public Bot is on.*moderators of any server.*\n +> Switch it off/);
  expect(code).toBe(0);
  expect((await examine({ DISCORD_GUILD_ID: guild.id })).said).toMatch(/✓ Public Bot +.*DISCORD_GUILD_ID alone/);
  const role = guild.createRole({ name: 'moderators' });
  expect((await examine({ MODERATOR_ROLE_IDS: role.id })).said).toMatch(/! Public Bot +.*people of any server/);
});

test('few sessions that are left are told with until when', async () => {
  const { world, examine } = await startExamined();
  world.discord.sharding.sessionsLeft = 100;
  expect((await examine()).said).toMatch(/✓ Sessions +The bot may connect 100 more times/);
  world.discord.sharding.sessionsLeft = 99;
  const { code, said } = await examine();
  expect(said).toMatch(/! Sessions +The bot may connect only 99 more times until \S+Z\.\n +> Find out what restarts/);
  expect(code).toBe(0);
});

test.each([
  ['behind', 600_000],
  ['ahead of', -600_000],
])('a clock that is %s that of Discord is told by how much', async (word, aheadMs) => {
  const clock = { ...realClock, now: () => Date.now() + aheadMs };
  const { code, said } = await (await startExamined({ clock })).examine();
  expect(said).toMatch(new RegExp(`! Clock +The clock of this machine is (599|600|601) seconds ${word} Discord's`));
  expect(code).toBe(0);
});

test('commands that differ from those of the code are a plain question of the next start', async () => {
  const { world, examine } = await startExamined();
  const config = parseConfig({ ...world.settings });
  const [first, ...others] = commands.map((command) => command.data(config));
  expect((await examine()).said).toMatch(/✓ Commands +No commands are published yet: the bot publishes them/);

  const publish = async (body: unknown) => {
    const url = `${world.discord.url}/v10/applications/${world.discord.applicationId}/commands`;
    const headers = { authorization: `Bot ${world.discord.botToken}`, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) })).status).toBe(200);
  };
  await publish([first, ...others]);
  expect((await examine()).said).toMatch(/✓ Commands +Discord shows the commands of this version/);
  await publish(others);
  const { code, said } = await examine();
  expect(said).toMatch(/! Commands +Discord shows other commands.*\n +> .*the bot publishes them at its start/);
  expect(code).toBe(0);
});

test('roles of MODERATOR_ROLE_IDS that no server has are named', async () => {
  const { guild, examine } = await startExamined();
  const role = guild.createRole({ name: 'moderators' });
  const gone = '100000000000000001';
  expect((await examine({ MODERATOR_ROLE_IDS: role.id })).said).toMatch(/✓ Moderators/);
  const some = await examine({ MODERATOR_ROLE_IDS: `${role.id},${gone}` });
  expect(some.said).toMatch(
    new RegExp(`! Moderators +Example Hosting has no role ${gone}\\.\\n +> Right-click the role`),
  );
  expect(some.code).toBe(0);
  const none = await examine({ MODERATOR_ROLE_IDS: gone });
  expect(none.said).toMatch(/✗ Moderators +Example Hosting has no role .*Nobody is a moderator/);
  expect(none.code).toBe(1);
});

test('a token that is not accepted brings no other remedy about Discord', async () => {
  const { examine, examineAsJson } = await startExamined();
  const { code, said } = await examine({ DISCORD_TOKEN: 'another.bot.token' });
  expect(code).toBe(1);
  expect(said.match(/^✗.*/gm)).toHaveLength(1);
  expect(said).toMatch(/– Audit channel +Not looked at: "Discord" comes first/);
  expect(said).not.toMatch(/AUDIT_CHANNEL_ID|Invite|Public Bot is/);
  const { report } = await examineAsJson({ DISCORD_TOKEN: 'another.bot.token' });
  const ofDiscord = ['Interactions', 'Public Bot', 'Sessions', 'Clock', 'Discord servers', 'Commands', 'Audit channel'];
  const kinds = report.checks.filter(({ name }) => ofDiscord.includes(name)).map(({ kind }) => kind);
  expect(kinds).toEqual(ofDiscord.map(() => 'skipped'));
});

test('the invitation is printed also where the bot is in a server', async () => {
  const { world, examine } = await startExamined();
  expect((await examine()).said).toMatch(
    new RegExp(`Invite the bot: https://discord\\.com/oauth2/authorize\\?client_id=${world.discord.applicationId}&`),
  );
});
