/** A gateway that is killed in the middle of metered traffic, and started again on the same state. */

import { setTimeout as sleep } from "node:timers/promises";
import { GetUsageCommand } from "@aws-sdk/client-api-gateway";
import { expect, test } from "vitest";
import { type Gateway, startGateway } from "../gateway.ts";
import { apiGatewayClient } from "./clients.ts";
import { mock, TestApi } from "./rest-api.ts";
import { createMeteredKey } from "./usage-plan.ts";

const clients = 8;
const throttle = { rateLimit: 100, burstLimit: 150 };
const quota = { limit: 900, period: "MONTH", offset: 0 } as const;

/** When requests were sent and answered with 200: Unix time, milliseconds. */
interface Admission {
  sent: number;
  answered: number;
}

test("neither the throttle nor the quota lets more pass over kill -9, and what passed is counted", async () => {
  const first = await startGateway();
  const before = apiGatewayClient(first.origin);
  const api = await TestApi.create(before);
  await api.method("GET", "/", { method: { apiKeyRequired: true }, integration: mock(), responses: [{}] });
  await api.deploy();
  const { usagePlanId, id: keyId, value } = await createMeteredKey(before, api.id, { throttle, quota });
  before.destroy();

  const admissions: Admission[] = [];
  /** Requests that may have been admitted although nobody saw it. */
  let unanswered = 0;
  let attempts = 0;
  const load = async (gateway: Gateway, isOver: () => boolean) => {
    const worker = async () => {
      while (!isOver()) {
        const sent = Date.now();
        attempts++;
        try {
          const response = await fetch(api.url(gateway.origin, "/"), {
            headers: { "x-api-key": value },
          });
          await response.arrayBuffer();
          if (response.status === 200) admissions.push({ sent, answered: Date.now() });
          else if (response.status === 429) await sleep(5);
          else throw new Error(`status ${response.status}`);
        } catch (error) {
          if (!isOver()) throw error;
          unanswered++;
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, worker));
  };
  const usage = async (gateway: Gateway) => {
    const client = apiGatewayClient(gateway.origin);
    const day = new Date().toISOString().slice(0, 10);
    const first = `${day.slice(0, 8)}01`;
    const { items } = await client.send(
      new GetUsageCommand({ usagePlanId, keyId, startDate: first, endDate: day }),
    );
    client.destroy();
    return (items?.[keyId as string] ?? []).reduce((sum, [used = 0]) => sum + used, 0);
  };

  let isKilled = false;
  const loading = load(first, () => isKilled);
  while (admissions.length < 300) await sleep(10);
  isKilled = true;
  const attemptedBefore = attempts;
  await first.stop({ signal: "SIGKILL", keepState: true });
  await loading;
  const seen = admissions.length;

  const second = await startGateway({ stateDir: first.stateDir });
  const counted = await usage(second);
  expect(counted).toBeGreaterThanOrEqual(seen);
  // A lease is a second of the demand, which refused requests belong to, and a sixteenth of what is left.
  const lease = Math.min(attemptedBefore, Math.ceil(quota.limit / 16)) + clients;
  expect(counted).toBeLessThanOrEqual(seen + unanswered + lease);

  // Until all that is left has passed, and a little longer: nothing more does.
  const left = quota.limit - counted;
  const isUsedUp = () => admissions.length - seen >= left;
  await load(second, isUsedUp);
  const end = Date.now() + 500;
  await load(second, () => Date.now() > end);
  expect(admissions.length - seen).toBe(left);
  await sleep(2000);
  const total = await usage(second);
  expect(total).toBe(quota.limit);
  expect(worstExcess(admissions)).toBeLessThanOrEqual(0);
  expect(await second.stop()).toBe(0);
}, 60_000);

/**
 * The most that passed beyond burst and rate in any span of time; an admission happened somewhere between the sending
 * and the answer, so a span is as long as that allows.
 */
function worstExcess(admissions: Admission[]): number {
  const byAnswer = admissions.toSorted((a, b) => a.answered - b.answered);
  let worst = Number.NEGATIVE_INFINITY;
  for (let first = 0; first < byAnswer.length; first++) {
    let from = Number.POSITIVE_INFINITY;
    for (let last = first; last < byAnswer.length; last++) {
      const { sent, answered } = byAnswer[last] as Admission;
      from = Math.min(from, sent);
      const allowed = throttle.burstLimit + (throttle.rateLimit * (answered - from)) / 1000;
      worst = Math.max(worst, last - first + 1 - allowed);
    }
  }
  return worst;
}
