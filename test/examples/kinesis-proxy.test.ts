/** Source: the guide's integrating-api-with-aws-services-kinesis. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsServer, startKinesis } from "../clients/aws-servers.ts";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";
import { call, load } from "./loading.ts";

let kinesis: AwsServer;
let gateway: Gateway;
let streams: string;

beforeAll(async () => {
  kinesis = await startKinesis();
  gateway = await startGateway({
    env: {
      ...credentialVariables,
      AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    },
  });
  streams = `${await load("kinesis-proxy", gateway.origin)}/streams`;
});

afterAll(async () => {
  await gateway?.stop();
  await kinesis?.stop();
});

/** CreateStream and DeleteStream answer with no data. */
async function empty(method: string, name: string, body?: string) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${streams}/${name}`, { method, headers, body });
  return [response.status, await response.text()];
}

/** A stream is there a moment after it was made. */
const shards = async (name: string) => {
  const description = async () => (await call(`${streams}/${name}`))[1] as Description;
  await expect
    .poll(async () => (await description()).StreamDescription, { timeout: 10_000 })
    .toMatchObject({ StreamName: name, StreamStatus: "ACTIVE" });
  return (await description()).StreamDescription.Shards.map(({ ShardId }) => ShardId);
};

interface Description {
  StreamDescription: { Shards: { ShardId: string }[] };
}

test("streams are made, with five shards or as many as the body says, listed, described and deleted", async () => {
  expect(await empty("POST", "yourStream", '{"ShardCount": 2}')).toEqual([200, ""]);
  expect(await empty("POST", "myStream")).toEqual([200, ""]);
  expect(await call(streams)).toEqual([
    200,
    { HasMoreStreams: false, StreamNames: ["myStream", "yourStream"] },
  ]);
  expect(await shards("yourStream")).toHaveLength(2);
  expect(await shards("myStream")).toHaveLength(5);
  expect(await empty("DELETE", "yourStream")).toEqual([200, ""]);
  expect(await empty("DELETE", "myStream")).toEqual([200, ""]);
});

test("records are written one by one or together, and read", async () => {
  await empty("POST", "records", '{"ShardCount": 1}');
  expect(await shards("records")).toEqual(["shardId-000000000000"]);
  const place = { ShardId: "shardId-000000000000", SequenceNumber: expect.stringMatching(/^\d+$/) };

  expect(
    await call(`${streams}/records/record`, {
      method: "PUT",
      body: { Data: "some data", PartitionKey: "some key" },
    }),
  ).toEqual([200, place]);
  expect(
    await call(`${streams}/records/records`, {
      method: "PUT",
      body: {
        records: [
          { data: "some data", "partition-key": "some key" },
          { data: "some other data", "partition-key": "some key" },
        ],
      },
    }),
  ).toEqual([200, { FailedRecordCount: 0, Records: [place, place] }]);

  const [, { ShardIterator }] = (await call(
    `${streams}/records/sharditerator?shard-id=shardId-000000000000`,
  )) as [number, { ShardIterator: string }];
  const [status, { Records }] = (await call(`${streams}/records/records`, {
    headers: { "Shard-Iterator": ShardIterator },
  })) as [number, { Records: { Data: string; PartitionKey: string }[] }];
  expect(status).toBe(200);
  expect(Records.map(({ Data, PartitionKey }) => [atob(Data), PartitionKey])).toEqual([
    // $input.json is the JSON text of the member.
    ['"some data"', "some key"],
    ["some data", "some key"],
    ["some other data", "some key"],
  ]);
});

test("what Kinesis refuses is 400, with its words", async () => {
  expect(await call(`${streams}/none`)).toEqual([
    400,
    {
      __type: "ResourceNotFoundException",
      message: "Stream none under account 000000000000 not found.",
    },
  ]);
});
