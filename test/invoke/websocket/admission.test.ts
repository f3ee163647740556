import { expect, test } from "vitest";
import {
  admitCallback,
  compileMessageAdmission,
  refusedOf,
} from "../../../src/invoke/websocket/admission.ts";
import type { RouteStage } from "../../../src/invoke/websocket/route-event.ts";
import { apiOf, definitionsWith, refusalOr } from "./connecting.ts";
import { routeOf } from "./published.ts";

const throttled = "429 TooManyRequestsException Too Many Requests";

type Settings = Pick<RouteStage["stage"], "defaultRouteSettings" | "routeSettings">;

/** How many of ten messages on the route pass. */
async function passing(settings: Partial<Settings>, routeKey = "say", env: object = {}): Promise<number> {
  const { scope } = apiOf({ stage: settings, env });
  const admit = compileMessageAdmission(routeOf({ routeKey }));
  const answers = [];
  for (let count = 0; count < 10; count++) answers.push(await refusalOr(() => admit(scope)));
  expect(answers.filter((answer) => answer !== undefined && answer !== throttled)).toEqual([]);
  return answers.filter((answer) => answer === undefined).length;
}

const limit = (burst: number, rate = 0.01) => ({ throttlingBurstLimit: burst, throttlingRateLimit: rate });

test.each<[string, Partial<Settings>, number]>([
  ["no settings", {}, 10],
  ["those of all routes", { defaultRouteSettings: limit(3) }, 3],
  ["the route's own", { defaultRouteSettings: limit(3), routeSettings: { say: limit(5) } }, 5],
  ["another route's", { routeSettings: { shout: limit(3) } }, 10],
  [
    "a route's that leave something to those of all routes",
    { defaultRouteSettings: limit(3), routeSettings: { say: { throttlingRateLimit: 0.02 } } },
    3,
  ],
  ["a rate of nothing", { defaultRouteSettings: limit(5, 0) }, 0],
  ["-1", { defaultRouteSettings: limit(-1) }, 10],
  ["a burst alone", { defaultRouteSettings: { throttlingBurstLimit: 0 } }, 0],
])("a stage with %s", async (_, settings, expected) => {
  expect(await passing(settings)).toBe(expected);
});

test("connects count for $connect's own settings", async () => {
  const { connect } = apiOf({ stage: { routeSettings: { $connect: limit(2) } } });
  const answers = [await connect(), await connect(), await connect()];
  expect(answers).toEqual([{ identity: {} }, { identity: {} }, throttled]);
});

test("the account has a limit of new connections, which messages do not count for", async () => {
  const { connect, scope } = apiOf({ env: { ACCOUNT_CONNECT_LIMIT: "2" } });
  const admit = compileMessageAdmission(routeOf({ routeKey: "say" }));
  for (let count = 0; count < 5; count++) expect(await refusalOr(() => admit(scope))).toBeUndefined();
  const answers = [await connect(), await connect(), await connect()];
  expect(answers).toEqual([{ identity: {} }, { identity: {} }, throttled]);
});

test("a plan's throttle and quota count connects, each key by itself", async () => {
  const value = "q".repeat(20);
  const { apiId, connect, scope } = apiOf({ route: { apiKeyRequired: true } });
  const plan = {
    throttle: { rateLimit: 0.01, burstLimit: 3 },
    quota: { limit: 2, offset: 0, period: "DAY" as const },
  };
  scope.env.DEFINITIONS = definitionsWith(value, `${apiId}:prod`, plan) as never;
  const headers = { "x-api-key": value };
  const answers = [];
  for (let count = 0; count < 3; count++) answers.push(await connect("wss://chat.test/prod", headers));
  expect(answers.slice(0, 2)).toEqual([
    { identity: {}, apiKey: { keyId: "k1", value } },
    { identity: {}, apiKey: { keyId: "k1", value } },
  ]);
  expect(answers[2]).toBe("429 LimitExceededException Limit Exceeded");
});

test("messages on a route that requires a key count for the plan of the one that the connection was opened with", async () => {
  const value = "m".repeat(20);
  const { apiId, scope } = apiOf({});
  const plan = { throttle: { rateLimit: 0.01, burstLimit: 1 } };
  scope.env.DEFINITIONS = definitionsWith(value, `${apiId}:prod`, plan) as never;
  const admit = compileMessageAdmission(routeOf({ routeKey: "say", apiKeyRequired: true }));
  const message = { ...scope, apiKey: { keyId: "k1", value } };
  expect(await refusalOr(() => admit(message))).toBeUndefined();
  expect(await refusalOr(() => admit(message))).toBe(throttled);
  expect(await refusalOr(() => admit(scope))).toBe("403 ForbiddenException Forbidden");
});

test("the account's limit counts messages and requests to @connections together", async () => {
  const { scope } = apiOf({ env: { ACCOUNT_RATE_LIMIT: "0.01", ACCOUNT_BURST_LIMIT: "3" } });
  const admit = compileMessageAdmission(routeOf({ routeKey: "say" }));
  const callback = () => refusalOr(() => admitCallback(refusedOf(scope), scope.settings));
  expect(await refusalOr(() => admit(scope))).toBeUndefined();
  expect(await callback()).toBeUndefined();
  expect(await refusalOr(() => admit(scope))).toBeUndefined();
  expect(await callback()).toBe("429 LimitExceededException Too Many Requests");
  expect(await refusalOr(() => admit(scope))).toBe(throttled);
});
