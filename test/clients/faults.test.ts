/** Backends that fail: the table is scripts/soak/outcomes.ts, which `npm run soak` checks ten thousand calls against. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployFaultyApi, kinds, settingsFor } from "../../scripts/soak/faulty-api.ts";
import { type FaultyBackend, faultNames, startFaultyBackend } from "../../scripts/soak/faulty-backend.ts";
import { createFaultyFunctions } from "../../scripts/soak/faulty-functions.ts";
import {
  backendTimeouts,
  expected,
  expectedOf,
  functionOutcomes,
  functionTimeouts,
  type Outcome,
  outcomeOf,
  unreachable,
} from "../../scripts/soak/outcomes.ts";
import { credentials, type Gateway, startGateway } from "../gateway.ts";

/** Milliseconds within which any call has ended: more than any that is to time out takes, less than 29 seconds. */
const patience = 15_000;
const matching = (outcome: Outcome) => (outcome instanceof RegExp ? expect.stringMatching(outcome) : outcome);
const call = (url: string, fault: string) => outcomeOf(url, fault, AbortSignal.timeout(patience));

describe("a backend that misbehaves", () => {
  let backend: FaultyBackend;
  let gateway: Gateway;
  let urlOf: Awaited<ReturnType<typeof deployFaultyApi>>;
  beforeAll(async () => {
    backend = await startFaultyBackend();
    const { origin } = backend;
    gateway = await startGateway({ env: settingsFor(origin) });
    const options = { gateway: gateway.origin, credentials, origin, kinds, timeouts: backendTimeouts };
    urlOf = await deployFaultyApi(options);
  });
  afterAll(async () => {
    await gateway.stop();
    backend.stop();
  });

  describe.each(kinds)("%s", (kind) => {
    test.each(faultNames)("%s, and the next call is served", async (fault) => {
      expect(await call(urlOf(kind, fault), fault)).toEqual(matching(expectedOf(kind, fault)));
      expect(await call(urlOf(kind, "healthy"), "healthy")).toEqual(expectedOf(kind, "healthy"));
    });
  });

  test("the gateway has no error that it did not foresee", () => {
    expect(gateway.output()).not.toMatch(/Uncaught|Error:/);
  });
});

test.each(Object.entries(unreachable))("a backend that %s", async (_, { origin, row }) => {
  const gateway = await startGateway({ env: settingsFor(origin) });
  try {
    const options = { gateway: gateway.origin, credentials, origin, kinds, timeouts: { any: 29_000 } };
    const urlOf = await deployFaultyApi(options);
    for (const kind of kinds) {
      expect([kind, await call(urlOf(kind, "any"), "any")]).toEqual([kind, expected(kind, row)]);
    }
    expect(gateway.output()).not.toMatch(/Uncaught|Error:/);
  } finally {
    await gateway.stop();
  }
});

describe("a stored function that misbehaves", () => {
  let gateway: Gateway;
  let urlOf: Awaited<ReturnType<typeof deployFaultyApi>>;
  beforeAll(async () => {
    gateway = await startGateway();
    await createFaultyFunctions(gateway.origin, credentials);
    urlOf = await deployFaultyApi({
      gateway: gateway.origin,
      credentials,
      origin: "http://127.0.0.1:9",
      kinds: ["Lambda, AWS_PROXY", "Lambda, AWS"],
      timeouts: functionTimeouts,
    });
  });
  afterAll(() => gateway.stop());

  test.each(Object.entries(functionOutcomes))(
    "%s, and the next call is served",
    async (fault, [proxy, custom]) => {
      expect(await call(urlOf("Lambda, AWS_PROXY", fault), fault)).toBe(proxy);
      expect(await call(urlOf("Lambda, AWS", fault), fault)).toEqual(matching(custom));
      const other = "healthy function";
      expect(await call(urlOf("Lambda, AWS_PROXY", other), other)).toBe("200 healthy");
    },
  );

  test("the gateway and the function host have no error that they did not foresee", () => {
    expect(gateway.output()).not.toMatch(/Uncaught|is started again/);
  });
});
